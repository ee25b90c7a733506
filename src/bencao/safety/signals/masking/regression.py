"""Drugs of an event, each with the others held fixed: what co-medication explains, and what it masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csc_array
from scipy.special import ndtri

from bencao.kernel import compute
from bencao.safety.errors import FitDiverged
from bencao.safety.signals.disproportionality import Fourfold, ror
from bencao.safety.signals.masking.design import Design
from bencao.safety.signals.masking.path import Choice, Chosen, choose
from bencao.safety.signals.masking.refit import Refit, fit_freely

Floats = npt.NDArray[np.float64]
_NO_BOUND = 12.0  # log odds ratio
Rows = npt.NDArray[np.int64]
# What a crude ROR and the regression say together, of pairs in enough reports. The ROR flags where its lower limit is
# above 1, or where it is infinite and has none.
VERDICTS = {
    "both": "the ROR flags the drug and the regression keeps it",
    "unmasked": "the regression keeps the drug, the ROR does not flag it",
    "explained": "the ROR flags the drug; with the drugs kept and the strata held fixed its lower limit is not above 1",
    "weak": "both lower limits are above 1, and the regression does not keep the drug",
    "neither": "neither, or too few reports",
}


@dataclass(frozen=True, slots=True)
class Regression:
    """The regression of one event.

    Attributes
    ----------
    event : str
    reports : int
        With the event.
    penalty : float
        Of the mean log likelihood.
    gap : float
        By how much the optimality conditions are missed at most, as a share of the penalty.
    table : DataFrame
        A row for each drug reported with the event: drug, event, n, n_drug, n_event, total; ror with its limits; lasso,
        the log odds ratio under the penalty; kept, see `choose`; odds_ratio with its limits, fitted again without the
        penalty on the columns kept and, for a crude signal that is not, on it too; verdict, see `VERDICTS`; beside, the
        drug that the explained or masking reports share.
    """

    event: str
    reports: int
    penalty: float
    gap: float
    table: pl.DataFrame


def regress(
    design: Design, event: str, rows: Rows, by: Choice = "bic", *, least: int = 3, folds: int = 5, seed: int = 0
) -> Regression:
    """Fit the event's logistic lasso over all drugs and set it beside the crude ROR.

    Parameters
    ----------
    design : Design
    event : str
    rows : ndarray of int
        Of the reports with the event.
    by : {"bic", "cv"}
        How the penalty is chosen, see `choose`.
    least : int
        Reports of drug and event without which neither counts.
    folds, seed : int
        Of cross-validation.

    Returns
    -------
    Regression

    Raises
    ------
    FitDiverged
        Where a fit does not settle, or every report has the event.

    Notes
    -----
    The limits of `odds_ratio` are Wald's and take the drugs kept as given: they are too narrow for what was chosen by
    the same reports. Reports in a level of a stratum without the event tell nothing of its drugs and are left out.
    """
    y = np.zeros(design.x.shape[0])
    y[rows] = 1.0
    told = np.ones(len(y), bool)
    for level in design.levels.T:
        told &= np.bincount(level, weights=y)[level] > 0
    if y[told].all():
        raise FitDiverged(f"every report has {event}", mend="give reports without it too")
    x = design.x if told.all() else design.x.tocsr()[told].tocsc()
    chosen = choose(x, y[told], design.free, by, folds=folds, seed=seed)
    table = _counted(design, y, event)
    table = table.with_columns(lasso=pl.Series(chosen.fit.coefficients[design.free + table["_column"].to_numpy()]))
    above = (pl.col("ror_low") > 1) | pl.col("ror").is_infinite()
    table = table.with_columns(crude=(above & (pl.col("n") >= least)).fill_null(False))
    table = table.with_columns(kept=pl.Series(np.isin(design.free + table["_column"].to_numpy(), chosen.columns)))
    table = table.with_columns(_odds(design.free, chosen, x, y[told], table)).with_columns(verdict=_verdict(least))
    table = table.with_columns(beside=pl.Series(_beside(design, rows, table), dtype=pl.String))
    return Regression(event, len(rows), chosen.fit.penalty, chosen.fit.gap, table.drop("_column", "crude"))


def _counted(design: Design, y: Floats, event: str) -> pl.DataFrame:
    drugs = design.x[:, design.free :]
    n = np.asarray(drugs.T @ y).astype(int)
    column = np.flatnonzero(n)
    table = pl.DataFrame(
        {
            "_column": column,
            "drug": [design.drugs[at] for at in column],
            "event": event,
            "n": n[column],
            "n_drug": np.diff(drugs.indptr)[column].astype(int),
            "n_event": int(y.sum()),
            "total": len(y),
        }
    )
    odds = ror(Fourfold.of(table))
    columns = {"ror": odds.estimate, "ror_low": odds.low, "ror_high": odds.high}
    return table.with_columns(pl.Series(name, values).fill_nan(None) for name, values in columns.items())


def _odds(free: int, chosen: Chosen, x: csc_array, y: Floats, table: pl.DataFrame) -> list[pl.Series]:
    """Odds ratios without the penalty: of drugs kept, and of crude signals that are not, each added to those kept."""
    found = np.full((3, table.height), np.nan)
    place = {int(column): at for at, column in enumerate(chosen.columns)}
    kept = _limits(chosen.refitted)
    for at, (column, crude) in enumerate(table.select("_column", "crude").iter_rows()):
        if free + column in place:
            found[:, at] = kept[:, place[free + column]]
        elif crude:
            columns = np.append(chosen.columns, free + column)
            start = np.append(chosen.refitted.coefficients, 0.0)
            found[:, at] = _limits(fit_freely(x[:, columns], y, start))[:, -1]
    names = ("odds_ratio", "odds_low", "odds_high")
    return [pl.Series(name, values).fill_nan(None) for name, values in zip(names, found, strict=True)]


def _limits(fit: Refit) -> Floats:
    """Odds ratios and their 95 % limits, shape (3, columns)."""
    width = float(ndtri(0.975)) * fit.errors
    # Where all reports of a drug have the event, or none has, a limit is without bound and Wald's say nothing.
    bounded = np.abs(fit.coefficients) < _NO_BOUND
    width = np.where(bounded, width, np.nan)
    estimate = np.where(bounded, np.exp(fit.coefficients), np.where(fit.coefficients > 0, np.inf, 0.0))
    return np.asarray([estimate, estimate * np.exp(-width), estimate * np.exp(width)], float)


def _verdict(least: int) -> pl.Expr:
    kept, crude = pl.col("kept") & (pl.col("odds_ratio") > 1) & (pl.col("n") >= least), pl.col("crude")
    return (
        pl.when(crude & kept)
        .then(pl.lit("both"))
        .when(kept)
        .then(pl.lit("unmasked"))
        .when(crude & ((pl.col("odds_low") > 1) | pl.col("odds_ratio").is_infinite()))
        .then(pl.lit("weak"))
        .when(crude)
        .then(pl.lit("explained"))
        .otherwise(pl.lit("neither"))
    )


def _beside(design: Design, rows: Rows, table: pl.DataFrame) -> list[str | None]:
    """The kept drug most often in an explained drug's reports of the event; the one that masks most an unmasked one."""
    kept = table.filter(pl.col("verdict").is_in(["both", "unmasked"]))
    if kept.is_empty():
        return [None] * table.height
    columns = design.free + kept["_column"].to_numpy()
    of_kept = design.x[:, columns].tocsr()[rows].tocsc()
    shared = (design.x[:, design.free + table["_column"].to_numpy()].tocsr()[rows].T @ of_kept).toarray()
    names, total = kept["drug"].to_list(), np.asarray(of_kept.sum(axis=0)).ravel()
    found: list[str | None] = []
    for at, (drug, verdict) in enumerate(table.select("drug", "verdict").iter_rows()):
        weight = shared[at] if verdict == "explained" else total - shared[at] if verdict == "unmasked" else total * 0
        weight = np.where([name == drug for name in names], 0, weight)
        found.append(names[int(weight.argmax())] if weight.max() > 0 else None)
    return found


def regress_all(
    design: Design,
    outcomes: Mapping[str, Rows],
    by: Choice = "bic",
    *,
    least: int = 3,
    folds: int = 5,
    seed: int = 0,
    workers: int = 1,
    progress: bool = True,
) -> list[Regression | compute.Failure]:
    """Regress each event, in processes; one that fails is a `Failure` in its place."""
    setup = partial(_Shared, design, dict(outcomes), by, least, folds, seed)
    return compute.map(
        _regressed, list(outcomes), workers=workers, setup=setup, progress=progress, label="regressing events"
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    design: Design
    outcomes: dict[str, Rows]
    by: Choice
    least: int
    folds: int
    seed: int


def _regressed(shared: _Shared, event: str) -> Regression:
    told = {"least": shared.least, "folds": shared.folds, "seed": shared.seed}
    return regress(shared.design, event, shared.outcomes[event], shared.by, **told)
