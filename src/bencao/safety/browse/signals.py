"""Signals: all pairs as a volcano, one drug as a forest, one pair over time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import polars as pl
from scipy.stats import chi2

from bencao.kernel.errors import InputError
from bencao.safety.browse.places import OpenSafety

_POINTS = 4_000  # of the volcano, those with the least chance
_ROWS = 100
_TREES = 25
_SMALLEST = 300.0  # -log10 of the least chance that is drawn


@dataclass(frozen=True)
class Point:
    """A pair in the volcano: log2 of the ROR, -log10 of the chance by chi-squared."""

    drug: str
    event: str
    n: int
    x: float
    y: float
    flagged: bool


@dataclass(frozen=True)
class SignalRow:
    """A pair in the list, figures as they are shown."""

    drug: str
    event: str
    figures: tuple[str, ...]
    flagged: bool


@dataclass(frozen=True)
class SignalsView:
    """All pairs.

    Attributes
    ----------
    pairs : int
    points : tuple of Point
        At most 4,000, those with the least chance.
    rows : tuple of SignalRow
        At most 100, by EB05, else by IC025.
    drugs : tuple of str
        All drugs.
    """

    pairs: int
    points: tuple[Point, ...]
    rows: tuple[SignalRow, ...]
    drugs: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """A line of the forest: an event with its information component and the 95 % interval."""

    event: str
    n: int
    ic: float
    low: float
    high: float


@dataclass(frozen=True)
class Moment:
    """A period of a pair."""

    period: str
    n: int
    ic: float
    low: float
    high: float


@dataclass(frozen=True)
class DrugView:
    """One drug: its events as a forest, and over time where that was given."""

    drug: str
    branches: tuple[Branch, ...]
    times: tuple[tuple[str, tuple[Moment, ...]], ...]


FIGURES = ("n", "prr", "ror", "ic", "ic025", "ebgm", "eb05")
_FLAGS = ("ebgm_signal", "ic_signal")


def show_signals(safety: OpenSafety) -> SignalsView:
    """All pairs of the measures given; raises InputError where none were."""
    table = _given(safety.signals)
    points = [point for row in table.iter_rows(named=True) if (point := _point(row))]
    points.sort(key=lambda point: -point.y)
    by = next((name for name in ("eb05", "ic025", "n") if name in table.columns), "n")
    rows = table.sort(by, descending=True, nulls_last=True).head(_ROWS)
    return SignalsView(
        table.height,
        tuple(points[:_POINTS]),
        tuple(_row(row) for row in rows.iter_rows(named=True)),
        tuple(sorted(table["drug"].unique().to_list())),
    )


def show_drug(safety: OpenSafety, drug: str) -> DrugView:
    """One drug of the measures given; raises InputError where it is not among them."""
    table = _given(safety.signals).filter(pl.col("drug") == drug)
    if not table.height:
        raise InputError(f"no drug {drug!r} among the signals", where="signals", mend="choose one of the list")
    branches = [
        Branch(str(row["event"]), int(row["n"]), *measured)
        for row in table.iter_rows(named=True)
        if (measured := _measured(row))
    ]
    branches.sort(key=lambda branch: -branch.low)
    shown = branches[:_TREES]
    return DrugView(drug, tuple(shown), tuple(_times(safety.trends, drug, [branch.event for branch in shown])))


def _given(table: pl.DataFrame | None) -> pl.DataFrame:
    if table is None:
        raise InputError("no signals were given", where="signals", mend="start with --signals measures.csv")
    return table


def _times(trends: pl.DataFrame | None, drug: str, events: list[str]) -> list[tuple[str, tuple[Moment, ...]]]:
    if trends is None:
        return []
    mine = trends.filter(pl.col("drug") == drug).sort("period")
    found = []
    for event in events:
        rows = mine.filter(pl.col("event") == event).iter_rows(named=True)
        moments = [Moment(str(row["period"]), int(row["n"]), *told) for row in rows if (told := _measured(row))]
        if moments:
            found.append((event, tuple(moments)))
    return found


def _measured(row: dict[str, Any]) -> tuple[float, float, float] | None:
    told = tuple(_number(row.get(name)) for name in ("ic", "ic025", "ic975"))
    return (told[0], told[1], told[2]) if all(map(math.isfinite, told)) else None


def _point(row: dict[str, Any]) -> Point | None:
    odds, squared = _number(row.get("ror")), _number(row.get("chi_squared"))
    if not odds > 0 or not math.isfinite(odds) or not squared >= 0:
        return None
    chance = -float(chi2.logsf(squared, 1)) / math.log(10)
    flagged = any(_yes(row.get(name)) for name in _FLAGS)
    return Point(str(row["drug"]), str(row["event"]), int(row["n"]), math.log2(odds), min(chance, _SMALLEST), flagged)


def _row(row: dict[str, Any]) -> SignalRow:
    figures = tuple(_shown(name, row.get(name)) for name in FIGURES)
    return SignalRow(str(row["drug"]), str(row["event"]), figures, any(_yes(row.get(name)) for name in _FLAGS))


def _shown(name: str, value: Any) -> str:
    number = _number(value)
    return "–" if math.isnan(number) else f"{number:,.0f}" if name == "n" else f"{number:,.2f}"


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _yes(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "1")
