"""Every pair of a table of counts with all its measures, in one table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from bencao.safety.errors import PriorUndetermined
from bencao.safety.signals.counts.reading import Counted
from bencao.safety.signals.disproportionality import (
    Fourfold,
    chi_squared,
    information_component,
    mantel_haenszel,
    prr,
    ror,
    rrr,
)
from bencao.safety.signals.ebgm import PriorFit, ebgm, fit_prior, quantile
from bencao.safety.signals.likelihood_ratio import likelihood_ratio_of_drugs

# A pair is flagged by the thresholds that each measure's authors or main users publish.
RULES = {
    "prr_signal": "n >= 3, PRR >= 2 and chi-squared >= 4 (Evans 2001)",
    "ror_signal": "n >= 3 and the lower limit of the ROR above 1",
    "ic_signal": "IC025 above 0 (Norén 2013)",
    "ebgm_signal": "EB05 at least 2 (Szarfman 2002)",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """All measures of a table of counts.

    Attributes
    ----------
    table : DataFrame
        A row a pair, by drug and event; a value that cannot be had is empty.
    fit : PriorFit or None
        None where the counts determine no prior; `undetermined` says why.
    undetermined : PriorUndetermined or None
    """

    table: pl.DataFrame
    fit: PriorFit | None
    undetermined: PriorUndetermined | None


def screen(counted: Counted, *, squashed: bool = False, zeros: bool = False, draws: int = 0, seed: int = 0) -> Screen:
    """Compute PRR, ROR, chi-squared, IC and EBGM of every pair, and where asked its likelihood ratio test.

    Parameters
    ----------
    counted : Counted
        What `read_counts` gives.
    squashed : bool
        Fit the prior of MGPS on squashed data.
    zeros : bool
        The table holds every pair that could be reported, those never reported with a count of 0: the prior is then
        fitted to all of it, by the likelihood that is not truncated.
    draws, seed : int
        Of the likelihood ratio test; none where `draws` is 0.

    Returns
    -------
    Screen

    Notes
    -----
    Where there are strata, expected counts (RRR, IC, EBGM) are summed over them and the ROR of Mantel and Haenszel
    stands beside the crude one; PRR, crude ROR and chi-squared ignore strata.
    """
    table = counted.table
    n, expected = table["n"].cast(pl.Float64).to_numpy(), table["expected"].to_numpy()
    fourfold = Fourfold.of(table)
    proportional, odds = prr(fourfold), ror(fourfold)
    component = information_component(n, expected)
    measured = table.with_columns(
        rrr=_shown(rrr(n, expected)),
        prr=_shown(proportional.estimate),
        prr_low=_shown(proportional.low),
        prr_high=_shown(proportional.high),
        ror=_shown(odds.estimate),
        ror_low=_shown(odds.low),
        ror_high=_shown(odds.high),
        chi_squared=_shown(chi_squared(fourfold)),
        ic=_shown(component.ic),
        ic025=_shown(component.low),
        ic975=_shown(component.high),
    )
    fit, undetermined = None, None
    try:
        fitted = (expected > 0) & (zeros | (n > 0))
        fit = fit_prior(n[fitted], expected[fitted], squashed=squashed, truncated=not zeros)
    except PriorUndetermined as error:
        undetermined = error
    measured = measured.with_columns(_shrunk(fit, n, expected))
    if counted.strata is not None:
        measured = measured.join(mantel_haenszel(counted.strata), on=["drug", "event"], how="left")
    if draws:
        tested = likelihood_ratio_of_drugs(table, draws=draws, seed=seed)
        measured = measured.join(tested, on=["drug", "event"], how="left")
    return Screen(_flagged(measured).sort("drug", "event"), fit, undetermined)


def _shrunk(fit: PriorFit | None, n: np.ndarray, expected: np.ndarray) -> list[pl.Series]:
    if fit is None:
        return [pl.Series(name, [None] * len(n), dtype=pl.Float64) for name in ("ebgm", "eb05", "eb95")]
    return [
        pl.Series("ebgm", ebgm(fit.prior, n, expected)),
        pl.Series("eb05", quantile(fit.prior, n, expected, 0.05)),
        pl.Series("eb95", quantile(fit.prior, n, expected, 0.95)),
    ]


def _shown(values: np.ndarray) -> pl.Series:
    """Values of a column: what is not a number is empty, infinity stays."""
    return pl.Series(values).fill_nan(None)


def _flagged(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(
        prr_signal=((pl.col("n") >= 3) & (pl.col("prr") >= 2) & (pl.col("chi_squared") >= 4)).fill_null(False),
        ror_signal=((pl.col("n") >= 3) & (pl.col("ror_low") > 1)).fill_null(False),
        ic_signal=(pl.col("ic025") > 0).fill_null(False),
        ebgm_signal=pl.col("eb05") >= 2,
    )
