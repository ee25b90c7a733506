"""Trials and their emulations in records: by how much the two differ, close and loose emulations apart."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from bencao.evidence.calibration.systematic_error import SystematicError, fit_error

Closeness = Literal["close", "loose"]
_TABLE = Path(__file__).parents[1] / "models" / "calibration" / "rct_duplicate.csv"
_WIDTH = 2 * 1.959963984540054  # a 95 % interval, in standard errors
CITATION = (
    "Wang SV, Schneeweiss S; RCT-DUPLICATE Initiative (2023). Emulation of randomized clinical trials with "
    "nonrandomized database analyses. JAMA 329, 1376-1385; corrected 2024"
)


@dataclass(frozen=True)
class Ratio:
    """A hazard ratio with its 95 % interval, as published."""

    ratio: float
    low: float
    high: float

    @property
    def log(self) -> float:
        """Natural logarithm of the ratio."""
        return math.log(self.ratio)

    @property
    def se(self) -> float:
        """Standard error of the logarithm, from the interval's width."""
        return (math.log(self.high) - math.log(self.low)) / _WIDTH


@dataclass(frozen=True)
class Pair:
    """A trial, and the pooled primary estimate of its emulation.

    Attributes
    ----------
    trial : str
    closeness : {"close", "loose"}
        Whether the emulation could follow the trial's design closely, as its authors judged.
    trial_ratio, records_ratio : Ratio
    """

    trial: str
    closeness: Closeness
    trial_ratio: Ratio
    records_ratio: Ratio

    @property
    def difference(self) -> float:
        """Log ratio in records minus log ratio in the trial."""
        return self.records_ratio.log - self.trial_ratio.log

    @property
    def se(self) -> float:
        """Standard error of the difference by chance alone."""
        return math.hypot(self.records_ratio.se, self.trial_ratio.se)


@cache
def published_pairs() -> tuple[Pair, ...]:
    """The trials of RCT-DUPLICATE with a pooled primary estimate, in the order of the publication."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return tuple(
        Pair(
            row["trial"],
            "close" if row["closeness"] == "close" else "loose",
            Ratio(*(float(row[f"trial_{part}"]) for part in ("ratio", "low", "high"))),
            Ratio(*(float(row[f"records_{part}"]) for part in ("ratio", "low", "high"))),
        )
        for row in rows
    )


def emulation_error(closeness: Closeness | None, pairs: Sequence[Pair] | None = None) -> SystematicError:
    """Error of emulations against their trials beyond chance.

    Parameters
    ----------
    closeness : {"close", "loose"} or None
        Which emulations to learn from; None for all.
    pairs : sequence of Pair, optional
        By default the published ones.

    Returns
    -------
    SystematicError

    Raises
    ------
    StudyDataError
        As `fit_error`.

    Examples
    --------
    >>> close, loose = emulation_error("close"), emulation_error("loose")
    >>> close.spread < loose.spread
    True
    """
    chosen = [pair for pair in pairs or published_pairs() if closeness in (None, pair.closeness)]
    return fit_error([pair.difference for pair in chosen], [pair.se for pair in chosen])
