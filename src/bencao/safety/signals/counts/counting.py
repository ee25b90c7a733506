"""Drug-event pairs counted by distinct reports, as lazy plans that run on any table store."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from bencao.kernel.tables import Frame, Store

# What a table of counts holds, a row a pair: reports with both, with the drug, with the event, and all.
CELLS = ("drug", "event", "n", "n_drug", "n_event", "total")
STRATUM = "stratum"


def count_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    """Count reports in which a drug and an event were put together.

    Parameters
    ----------
    pairs : DataFrame
        Columns ``report``, ``drug``, ``event``: a report may have many rows, and the same row twice.

    Returns
    -------
    DataFrame
        The columns of `CELLS`, by drug and event. A report counts once a pair, once a drug and once an event, however
        many rows it has, and `total` is the number of reports.

    Examples
    --------
    >>> rows = [("1", "A", "x"), ("1", "A", "y"), ("2", "A", "x"), ("3", "B", "x"), ("3", "B", "x")]
    >>> count_pairs(pl.DataFrame(rows, schema=["report", "drug", "event"], orient="row")).rows()
    [('A', 'x', 2, 2, 3, 3), ('A', 'y', 1, 2, 1, 3), ('B', 'x', 1, 1, 3, 3)]
    """
    return _counted(pairs.lazy(), []).drop(STRATUM).sort("drug", "event")


def count_strata(pairs: pl.DataFrame, strata: Sequence[str]) -> pl.DataFrame:
    """Count as `count_pairs`, within each combination of the values of some columns.

    Parameters
    ----------
    pairs : DataFrame
        As for `count_pairs`, with the columns that are named in `strata`; a missing value is a stratum of its own.
    strata : sequence of str

    Returns
    -------
    DataFrame
        The columns of `CELLS` and ``stratum``, by drug, event and stratum. Each pair that was reported at all has a
        row for each stratum with a report, also where its count there is 0.
    """
    return _counted(pairs.lazy(), strata).sort("drug", "event", STRATUM)


def _counted(pairs: pl.LazyFrame, strata: Sequence[str]) -> pl.DataFrame:
    named = [pl.col(name).cast(pl.String).fill_null("") for name in strata]
    stratum = pl.concat_str(named, separator=" | ") if named else pl.lit("")
    rows = pairs.select("report", "drug", "event", stratum.alias(STRATUM)).unique()
    totals = rows.group_by(STRATUM).agg(total=pl.col("report").n_unique())
    with_drug = rows.group_by("drug", STRATUM).agg(n_drug=pl.col("report").n_unique())
    with_event = rows.group_by("event", STRATUM).agg(n_event=pl.col("report").n_unique())
    counts = rows.group_by("drug", "event", STRATUM).agg(n=pl.len())
    cells = rows.select("drug", "event").unique().join(totals, how="cross")
    return (
        cells.join(counts, on=["drug", "event", STRATUM], how="left")
        .join(with_drug, on=["drug", STRATUM], how="left")
        .join(with_event, on=["event", STRATUM], how="left")
        .with_columns(pl.col("n", "n_drug", "n_event", "total").cast(pl.Int64).fill_null(0))
        .select(*CELLS, STRATUM)
        .collect()
    )


def count_report_tables(store: Store, drugs: Frame, events: Frame) -> pl.DataFrame:
    """Count every pair of a drug and an event that stand in one report, in the store that holds the two tables.

    Parameters
    ----------
    store : Store
    drugs : Frame
        Columns ``report`` and ``drug``, in any number of rows.
    events : Frame
        Columns ``report`` and ``event``.

    Returns
    -------
    DataFrame
        The columns of `CELLS`, by drug and event. Reports without a drug or without an event count nowhere.

    Notes
    -----
    The same plan runs on polars, DuckDB and Spark; `counts.arrays` gives the same table faster on one machine.
    """
    with_drug = drugs.select("report", "drug").drop_nulls().unique()
    with_event = events.select("report", "event").drop_nulls().unique()
    both = with_drug.select("report").unique().join(with_event.select("report").unique(), on="report", how="inner")
    with_drug = with_drug.join(both, on="report", how="inner")
    with_event = with_event.join(both, on="report", how="inner")
    cells, by_drug, by_event, reports = store.collect(
        [
            with_drug.join(with_event, on="report", how="inner").group_by("drug", "event").agg(n=nw.len()),
            with_drug.group_by("drug").agg(n_drug=nw.len()),
            with_event.group_by("event").agg(n_event=nw.len()),
            both.select(total=nw.len()),
        ]
    )
    counted = cells.join(by_drug, on="drug").join(by_event, on="event").join(reports, how="cross")
    return counted.select("drug", "event", *(pl.col(name).cast(pl.Int64) for name in CELLS[2:])).sort("drug", "event")
