"""Compare built data sets with reference ones, cell by cell; every cell that differs is listed with its reason."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import yaml

from bencao.kernel.files import write_text

# Two doubles that came by another order of the same operations; published values have 15 digits at most.
_RELATIVE = 1e-9
_SAS_EPOCH = date(1960, 1, 1)
_ORDER = "occurrence"
REASONS = Path(__file__).with_name("reasons.yaml")


@dataclass(frozen=True)
class Score:
    """How a built data set stands to its reference.

    Attributes
    ----------
    name : str
    variables : tuple of str
        The ones compared.
    cells, equal : int
        Cells compared, those of missing and of extra rows among them, and those that agree.
    missing, extra : int
        Rows that only the reference, or only the build, has.
    differing : polars DataFrame
        Columns record, variable, built, reference, reason.
    """

    name: str
    variables: tuple[str, ...]
    cells: int
    equal: int
    missing: int
    extra: int
    differing: pl.DataFrame

    @property
    def percent(self) -> float:
        """Share of cells that agree, in percent."""
        return 100 * self.equal / self.cells


def compare(
    name: str,
    built: pl.DataFrame,
    reference: pl.DataFrame,
    *,
    match: Sequence[str],
    variables: Iterable[str],
    reasons: Mapping[str, str],
) -> Score:
    """Compare the cells of some variables.

    Parameters
    ----------
    match : sequence of str
        Variables that rows are matched by; rows that share them are matched in the order of their other values.
    variables : iterable of str
        A variable that the build lacks counts as differing in each row; one that is missing throughout in both is not
        compared.
    reasons : mapping of str to str
        Reason of what differs by ``DATASET.VARIABLE``, or ``DATASET.*``.
    """
    built, reference = _comparable(built, reference)
    compared = [
        variable
        for variable in variables
        if any(variable in frame.columns and frame[variable].null_count() < len(frame) for frame in (built, reference))
    ]
    ours, theirs = (_numbered(frame, match, compared) for frame in (built, reference))
    keys = [*match, _ORDER]
    both = theirs.join(ours, on=keys, how="full", suffix="__built", nulls_equal=True, coalesce=True)
    missing = both.filter(pl.col("__in__built").is_null())
    extra = both.filter(pl.col("__in").is_null())
    matched = both.filter(pl.col("__in").is_not_null() & pl.col("__in__built").is_not_null())
    record = pl.concat_str([pl.col(key).cast(pl.String).fill_null("") for key in match], separator=" ").alias("record")
    differing = [
        missing.select(record, variable=pl.lit("*"), built=pl.lit("no row"), reference=pl.lit("a row")),
        extra.select(record, variable=pl.lit("*"), built=pl.lit("a row"), reference=pl.lit("no row")),
    ]
    for variable in compared:
        a, b = f"{variable}__built", variable
        if a not in matched.columns and variable not in match:
            matched = matched.with_columns(pl.lit(None, pl.String).alias(a))
        if variable in match:
            continue
        differ = matched.filter(~_same(matched[a], matched[b]))
        differing.append(
            differ.select(
                record,
                variable=pl.lit(variable),
                built=pl.col(a).cast(pl.String),
                reference=pl.col(b).cast(pl.String),
            )
        )
    listed = pl.concat(differing)
    reason = [
        reasons.get(f"{name}.{variable}", reasons.get(f"{name}.*", "not explained")) for variable in listed["variable"]
    ]
    listed = listed.with_columns(pl.Series("reason", reason, dtype=pl.String))
    cells = len(both) * len(compared)
    wrong = (len(missing) + len(extra)) * len(compared) + listed.filter(pl.col("variable") != "*").height
    return Score(name, tuple(compared), cells, cells - wrong, len(missing), len(extra), listed)


def read_reasons() -> dict[str, str]:
    """Read why cells differ, by data set and variable."""
    reasons: dict[str, str] = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return reasons


def report(scores: Sequence[Score], arguments: argparse.Namespace) -> None:
    """Print the scores as a table or as JSON, and write the cells that differ."""
    if arguments.predictions:
        lines = [
            {"dataset": score.name, **row} for score in scores for row in score.differing.sort(pl.all()).to_dicts()
        ]
        write_text(arguments.predictions, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    if arguments.json:
        figures: dict[str, float | int] = {"n": sum(score.cells for score in scores)}
        for score in scores:
            key = score.name.lower()
            unexplained = score.differing.filter(pl.col("reason") == "not explained").height
            figures |= {
                f"{key}_percent": round(score.percent, 4),
                f"{key}_n": score.cells,
                f"{key}_differing": score.cells - score.equal,
                f"{key}_missing_rows": score.missing,
                f"{key}_extra_rows": score.extra,
                f"{key}_not_explained": unexplained,
            }
        print(json.dumps(figures))
        return
    print(f"{'data set':10}{'percent':>10}{'cells':>10}{'differ':>8}{'missing':>9}{'extra':>7}  variables that differ")
    for score in scores:
        by_variable = score.differing.group_by("variable").len().sort("len", descending=True)
        shown = ", ".join(f"{name} {count}" for name, count in by_variable.head(12).rows())
        print(
            f"{score.name:10}{score.percent:10.3f}{score.cells:10}{score.cells - score.equal:8}"
            f"{score.missing:9}{score.extra:7}  {shown}"
        )


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Give the arguments that the scoring benchmarks share."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--study", type=Path, default=Path(__file__).with_name("pilot"))
    parser.add_argument("--only", action="append", default=[], help="a data set, once for each; all where not given")
    parser.add_argument("--store", default="polars:", help="table store that runs the plans")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="write the cells that differ, one a line, as JSON")
    return parser


def _comparable(built: pl.DataFrame, reference: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bring both to the same types: dates to days of SAS, numbers to doubles, empty texts to missing."""
    return _plain(built), _plain(reference)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.Date:
            column = (column - pl.lit(_SAS_EPOCH)).dt.total_days().cast(pl.Float64)
        elif kind.is_numeric():
            column = column.cast(pl.Float64)
        elif kind == pl.String:
            column = pl.when(column != "").then(column)
        columns.append(column.alias(name))
    return frame.select(columns)


def _numbered(frame: pl.DataFrame, match: Sequence[str], variables: Sequence[str]) -> pl.DataFrame:
    others = [name for name in variables if name in frame.columns and name not in match]
    ordered = frame.select([*match, *others]).sort([*match, *others], nulls_last=False)
    return ordered.with_columns(pl.int_range(pl.len()).over(match).alias(_ORDER), pl.lit(True).alias("__in"))


def _same(ours: pl.Series, theirs: pl.Series) -> pl.Series:
    if ours.dtype == pl.Float64 and theirs.dtype == pl.Float64:
        near = (ours - theirs).abs() <= _RELATIVE * pl.select(pl.max_horizontal(ours.abs(), theirs.abs())).to_series()
        return near.fill_null(False) | (ours.is_null() & theirs.is_null())
    return ours.cast(pl.String).eq_missing(theirs.cast(pl.String))
