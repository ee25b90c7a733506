"""Expected counts: from the margins, or summed over strata."""

from __future__ import annotations

import polars as pl


def stratified_expected(strata: pl.DataFrame) -> pl.DataFrame:
    """Expected count of each pair, were drug and event independent within each stratum.

    Parameters
    ----------
    strata : DataFrame
        What `count_strata` gives.

    Returns
    -------
    DataFrame
        Columns ``drug``, ``event``, ``expected``, by drug and event: the sum over strata of reports with the drug times
        reports with the event over all reports.

    References
    ----------
    DuMouchel W (1999). The American Statistician 53(3), 177-190, equation 1.
    """
    within = pl.col("n_drug") * pl.col("n_event") / pl.col("total")
    return strata.group_by("drug", "event").agg(expected=within.sum()).sort("drug", "event")
