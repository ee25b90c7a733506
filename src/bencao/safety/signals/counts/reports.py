"""Report tables: which drugs and events each report names, and what else is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bencao.safety.errors import CountsError
from bencao.safety.signals.counts.reading import Columns, find_column, read_table


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports that name a drug and an event.

    Attributes
    ----------
    drugs : DataFrame
        Columns ``report`` and ``drug``, each row once.
    events : DataFrame
        Columns ``report`` and ``event``, each row once.
    background : DataFrame
        A row for each report: ``report`` and the columns asked for beside it, as text.
    """

    drugs: pl.DataFrame
    events: pl.DataFrame
    background: pl.DataFrame


def read_reports(
    path: Path, columns: Columns | None = None, beside: Sequence[str] = (), events: Path | None = None
) -> Reports:
    """Read the drugs and events of reports.

    Parameters
    ----------
    path : Path
        .csv, .tsv or .parquet with columns report, drug, event, a row for each pair of each report; or report and drug,
        where `events` is given.
    columns : Columns, optional
        What the columns are called, if not by a usual name.
    beside : sequence of str
        Further columns of `path` that tell of the report, such as its date or the patient's age; a report's first
        value that is not empty counts.
    events : Path, optional
        A file with columns report and event.

    Returns
    -------
    Reports
        Those that name at least one drug and one event.

    Raises
    ------
    CountsError
        Where a file or a column cannot be had, a cell of these three is empty, or no report has a drug and an event.
    """
    columns = columns or Columns()
    frame = read_table(path)
    if missing := [name for name in beside if name not in frame.columns]:
        raise CountsError(
            f"no column {', '.join(missing)} among {', '.join(frame.columns)}", where=str(path), mend="correct its name"
        )
    report = _named(frame, columns, "report", path)
    if taken := {report, "report"} & set(beside):
        raise CountsError(
            f"{taken.pop()} numbers the reports", where=str(path), mend="name a column that tells of them"
        )
    drugs = _items(frame, columns, "drug", path)
    told = _items(read_table(events) if events else frame, columns, "event", events or path)
    both = drugs.select("report").unique().join(told.select("report").unique(), on="report", how="semi")
    if both.is_empty():
        raise CountsError("no report has a drug and an event", where=str(path), mend="give both of the same reports")
    known = (pl.col(name).str.strip_chars().replace("", None).drop_nulls().first().alias(name) for name in beside)
    background = frame.select(pl.col(report).alias("report"), *beside)
    background = background.group_by("report").agg(*known).join(both, on="report", how="semi").sort("report")
    return Reports(
        drugs.join(both, on="report", how="semi").sort("report", "drug"),
        told.join(both, on="report", how="semi").sort("report", "event"),
        background,
    )


def _items(frame: pl.DataFrame, columns: Columns, kind: str, path: Path) -> pl.DataFrame:
    report, item = _named(frame, columns, "report", path), _named(frame, columns, kind, path)
    rows = frame.select(pl.col(report).alias("report"), pl.col(item).alias(kind))
    for name in ("report", kind):
        empty = rows[name].is_null() | (rows[name].str.strip_chars() == "")
        if empty.any():
            row = int(empty.arg_max() or 0)
            raise CountsError(f"no {name}", where=f"{path}: row {row + 2}", mend="fill it, or leave the row out")
    return rows.unique()


def _named(frame: pl.DataFrame, columns: Columns, kind: str, path: Path) -> str:
    name = find_column(frame, kind, getattr(columns, kind), path)
    if name is None:
        raise CountsError(
            f"no column of the {kind}s among {', '.join(frame.columns)}",
            where=str(path),
            mend=f"name it {kind}, or say which with --{kind}",
        )
    return name
