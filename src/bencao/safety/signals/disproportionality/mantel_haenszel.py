"""A reporting odds ratio common to strata, by Mantel and Haenszel."""

from __future__ import annotations

import polars as pl
from scipy.special import ndtri


def mantel_haenszel(strata: pl.DataFrame, level: float = 0.95) -> pl.DataFrame:
    """Reporting odds ratio adjusted for strata.

    Parameters
    ----------
    strata : DataFrame
        What `count_strata` gives: columns drug, event, n, n_drug, n_event, total, a row for each stratum.
    level : float
        Of the interval, by the variance of Robins, Breslow and Greenland.

    Returns
    -------
    DataFrame
        Columns drug, event, mh_ror, mh_ror_low, mh_ror_high, by drug and event; empty where no stratum tells.

    References
    ----------
    Mantel N, Haenszel W (1959). Statistical aspects of the analysis of data from retrospective studies of disease.
    Journal of the National Cancer Institute 22, 719-748.
    Robins J, Breslow N, Greenland S (1986). Estimators of the Mantel-Haenszel variance consistent in both sparse data
    and large-strata limiting models. Biometrics 42, 311-323.
    """
    a, total = pl.col("n"), pl.col("total")
    b, c = pl.col("n_drug") - a, pl.col("n_event") - a
    d = total - a - b - c
    agree, against = (a + d) / total, (b + c) / total
    over, under = a * d / total, b * c / total
    summed = strata.group_by("drug", "event").agg(
        over=over.sum(),
        under=under.sum(),
        first=(agree * over).sum(),
        second=(agree * under + against * over).sum(),
        third=(against * under).sum(),
    )
    width = float(ndtri(0.5 + level / 2))
    r, s = pl.col("over"), pl.col("under")
    variance = pl.col("first") / (2 * r**2) + pl.col("second") / (2 * r * s) + pl.col("third") / (2 * s**2)
    log = (r / s).log()
    shown = summed.with_columns(
        mh_ror=r / s,
        mh_ror_low=(log - width * variance.sqrt()).exp(),
        mh_ror_high=(log + width * variance.sqrt()).exp(),
    ).sort("drug", "event")
    names = ["mh_ror", "mh_ror_low", "mh_ror_high"]
    finite = [pl.when(pl.col(name).is_finite()).then(pl.col(name)).otherwise(None) for name in names]
    return shown.select("drug", "event", *finite)
