"""Counts of pairs by period: from dated reports, or from a file that has them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl

from bencao.safety.errors import CountsError
from bencao.safety.signals.counts.reading import read_table
from bencao.safety.signals.counts.reports import Reports

By = Literal["month", "quarter", "year"]
COUNTED = ("drug", "event", "period", "n", "expected")
_DATE = r"^(\d{4})(?:-?(\d{2}))?(?:-?(\d{2}))?(?:[T ]?\d{2}.*)?$"


def dated(background: pl.DataFrame, date: str, by: By) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The period of each report, and dates that are none.

    Parameters
    ----------
    background : DataFrame
        Columns ``report`` and `date`: 2024-03-05, 20240305 (a time may follow), 2024-03, 202403 or 2024.
    date : str
    by : {"month", "quarter", "year"}

    Returns
    -------
    DataFrame
        Columns ``report`` and ``period`` (2024-03, 2024-Q1, 2024), without the reports whose date is empty, is none or
        says the year alone where more is needed.
    DataFrame
        Columns ``report`` and ``told``: the dates that are none.

    Raises
    ------
    CountsError
        Where every date that is told is none.
    """
    parts = background.filter(pl.col(date).is_not_null()).select(
        "report", told=pl.col(date), **{part: pl.col(date).str.extract(_DATE, at) for at, part in enumerate("ymd", 1)}
    )
    month = pl.col("m").cast(pl.Int32)
    day = pl.concat_str("y", pl.col("m").fill_null("01"), pl.col("d").fill_null("01")).str.to_date(
        "%Y%m%d", strict=False
    )
    wrong = parts.filter(day.is_null()).select("report", "told")
    if wrong.height and wrong.height == parts.height:
        report, told = wrong.row(0)
        raise CountsError(
            f"{told!r} is no date",
            where=f"report {report}, column {date}",
            mend="write 2024-03-05, 20240305 or 2024-03",
        )
    labels = {
        "year": pl.col("y"),
        "quarter": pl.concat_str("y", pl.lit("-Q"), ((month + 2) // 3).cast(pl.String)),
        "month": pl.concat_str("y", pl.lit("-"), "m"),
    }
    return parts.filter(day.is_not_null()).select("report", period=labels[by]).drop_nulls(), wrong


def count_periods(reports: Reports, periods: pl.DataFrame, minimum: int = 3) -> pl.DataFrame:
    """Count each pair in each period beside the count expected there.

    Parameters
    ----------
    reports : Reports
    periods : DataFrame
        Columns ``report`` and ``period``; reports without one count nowhere.
    minimum : int
        Reports of a pair, all periods together, below which it is left out.

    Returns
    -------
    DataFrame
        The columns of `COUNTED`, by drug, event and period, a row for each period in which there is any report.
        Expected are the reports with the drug times those with the event over all reports, of that period: what all
        reporting does over time is no change of a pair.
    """
    drugs, events = (table.lazy().join(periods.lazy(), on="report") for table in (reports.drugs, reports.events))
    pairs = drugs.join(events.select("report", "event"), on="report")
    n = pairs.group_by("drug", "event", "period").agg(n=pl.len())
    kept = n.group_by("drug", "event").agg(pl.col("n").sum()).filter(pl.col("n") >= minimum).drop("n")
    total = periods.lazy().join(reports.background.lazy().select("report"), on="report").group_by("period")
    grid = kept.join(total.agg(total=pl.len()), how="cross")
    return (
        grid.join(n, on=["drug", "event", "period"], how="left")
        .join(drugs.group_by("drug", "period").agg(n_drug=pl.len()), on=["drug", "period"], how="left")
        .join(events.group_by("event", "period").agg(n_event=pl.len()), on=["event", "period"], how="left")
        .with_columns(pl.col("n", "n_drug", "n_event").cast(pl.Int64).fill_null(0))
        .with_columns(expected=pl.col("n_drug") * pl.col("n_event") / pl.col("total"))
        .select(*COUNTED)
        .sort("drug", "event", "period")
        .collect()
    )


def read_periods(path: Path) -> pl.DataFrame | None:
    """Read counts by period that a file has; None where it has reports instead.

    Parameters
    ----------
    path : Path
        .csv, .tsv or .parquet with the columns of `COUNTED`, such as counts expected from background rates.

    Returns
    -------
    DataFrame or None
        By drug, event and period.

    Raises
    ------
    CountsError
        Where a count is none, is reported where none is expected, or a period of a pair stands twice.
    """
    frame = read_table(path)
    if not {"period", "n", "expected"} <= set(frame.columns):
        return None
    if missing := [name for name in COUNTED if name not in frame.columns]:
        raise CountsError(f"no column {', '.join(missing)}", where=str(path), mend=f"give {', '.join(COUNTED)}")
    number = pl.col("n", "expected").str.strip_chars().cast(pl.Float64, strict=False)
    told = frame.select("drug", "event", "period").with_columns(frame.select(number))
    bad = pl.any_horizontal(pl.all().is_null()) | ~pl.col("n").is_finite() | ~pl.col("expected").is_finite()
    bad = bad | (pl.col("n") < 0) | (pl.col("n") != pl.col("n").floor()) | (pl.col("expected") < 0)
    bad = bad | ((pl.col("n") > 0) & (pl.col("expected") == 0)) | pl.struct("drug", "event", "period").is_duplicated()
    wrong = told.select(bad.fill_null(True).alias("wrong"))["wrong"]
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        raise CountsError(
            f"{', '.join(str(cell) for cell in frame.select(COUNTED).row(row))}: no count of a period that stands once",
            where=f"{path}: row {row + 2}",
            mend="give n as whole numbers, expected above 0 where n is, and each period of a pair one row",
        )
    return told.with_columns(pl.col("n").cast(pl.Int64)).sort("drug", "event", "period")
