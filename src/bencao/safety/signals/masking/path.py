"""Fits along falling penalties, and the one of them that is kept: by BIC or by cross-validation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array
from scipy.special import expit

from bencao.safety.signals.masking.lasso import Fit, deviance_of, fit_lasso
from bencao.safety.signals.masking.refit import Refit, fit_freely

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]
Choice = Literal["bic", "cv"]
_PER_DECADE = 12
_DECADES = 3.5
_PATIENCE = 8  # models without a better fit after which the path ends


@dataclass(frozen=True, slots=True)
class Chosen:
    """The fit that is kept.

    Attributes
    ----------
    fit : Fit
    columns : ndarray of int, shape (k,)
        The free columns and those kept: with cross-validation those whose coefficient is not 0, with BIC those of them
        that it does not drop.
    refitted : Refit
        The regression on these columns alone, without a penalty.
    criterion : float
        BIC of the regression without a penalty, or the deviance of reports held out.
    tried : int
        Penalties tried.
    """

    fit: Fit
    columns: npt.NDArray[np.int64]
    refitted: Refit
    criterion: float
    tried: int


def largest_penalty(x: csc_array, y: Floats, free: int) -> tuple[float, Floats]:
    """The least penalty that leaves all penalised columns out, and the coefficients there."""
    start = np.zeros(x.shape[1])
    share = y.mean()
    start[0] = np.log(share / (1 - share))
    if free > 1:
        start[:free] = fit_freely(x[:, :free], y, start[:free]).coefficients
    gradient = x.T @ (expit(x @ start) - y) / len(y)
    return float(np.abs(gradient[free:]).max()), start


def choose(
    x: csc_array, y: Floats, free: int, by: Choice = "bic", *, folds: int = 5, seed: int = 0, patience: int = _PATIENCE
) -> Chosen:
    """Fit along falling penalties and keep the best.

    Parameters
    ----------
    x, y, free
        As `fit_lasso` takes them; column 0 is the intercept.
    by : {"bic", "cv"}
        BIC of the columns in the model, fitted again without the penalty, which shrinks strong columns and so lets
        others in to make up for it; of these, columns that BIC is better without are dropped again. Or the least
        deviance of reports held out, which keeps more columns.
    folds, seed : int
        Of cross-validation; reports with the event are dealt evenly.
    patience : int
        Models without a better fit after which the path ends.

    Returns
    -------
    Chosen

    References
    ----------
    Meinshausen N (2007). Relaxed lasso. Computational Statistics and Data Analysis 52, 374-393.
    """
    largest, start = largest_penalty(x, y, free)
    penalties = largest * 10.0 ** (-np.arange(1, int(_DECADES * _PER_DECADE) + 1) / _PER_DECADE)
    held = _HeldOut(x, y, free, _folds(y, folds, seed), start) if by == "cv" else None
    best: Chosen | None = None
    columns = kept = np.arange(free)
    refitted, since, tried = fit_freely(x[:, :free], y, start[:free]), 0, 0
    for tried, penalty in enumerate(penalties, 1):
        fit = fit_lasso(x, y, float(penalty), free, start)
        start = fit.coefficients
        now = np.union1d(np.arange(free), np.flatnonzero(start))
        fresh = not np.array_equal(now, columns)
        if fresh:
            columns = now
            kept, refitted = (
                _pruned(x, y, free, now, start) if by == "bic" else (now, fit_freely(x[:, now], y, start[now]))
            )
        bic = refitted.deviance + np.log(len(y)) * len(kept)
        criterion = held.deviance(float(penalty)) if held else float(bic)
        if best is None or criterion < best.criterion:
            best, since = Chosen(fit, kept, refitted, criterion, tried), 0
        elif fresh or held:
            since += 1
        if since >= patience:
            break
    assert best is not None
    return replace(best, tried=tried)


def _pruned(x: csc_array, y: Floats, free: int, columns: Columns, start: Floats) -> tuple[Columns, Refit]:
    """Drop columns as long as BIC falls, those of the least Wald chi-squared first, many at a time while it can.

    Wald's alone would drop a drug whose reports all have the event, whose standard error has no bound.
    """
    price = float(np.log(len(y)))
    fit = fit_freely(x[:, columns], y, start[columns])
    tested = np.zeros(len(columns), bool)
    tested[:free] = True
    most = len(columns)
    while True:
        with np.errstate(divide="ignore", invalid="ignore"):
            worth = np.nan_to_num((fit.coefficients / fit.errors) ** 2, nan=0.0)
        under = np.flatnonzero((worth < price) & ~tested)
        if not len(under):
            return columns, fit
        weakest = under[np.argsort(worth[under], kind="stable")[: max(1, min(most, (len(under) + 1) // 2))]]
        fewer = np.delete(columns, weakest)
        other = fit_freely(x[:, fewer], y, np.delete(fit.coefficients, weakest))
        if other.deviance - fit.deviance < price * len(weakest):
            columns, fit, tested = fewer, other, np.delete(tested, weakest)
        elif len(weakest) == 1:
            tested[weakest] = True
        else:
            most = len(weakest) // 2


class _HeldOut:
    """Reports held out of fits along the path."""

    def __init__(self, x: csc_array, y: Floats, free: int, fold: npt.NDArray[np.int64], start: Floats) -> None:
        rows = x.tocsr()
        self._free = free
        self._parts = [
            (csc_array(rows[fold != out]), y[fold != out], rows[fold == out], y[fold == out]) for out in np.unique(fold)
        ]
        self._starts = [start] * len(self._parts)

    def deviance(self, penalty: float) -> float:
        """Of all reports, each by the fit of the others."""
        total = 0.0
        for at, (x, y, x_out, y_out) in enumerate(self._parts):
            fit = fit_lasso(x, y, penalty, self._free, self._starts[at])
            self._starts[at] = fit.coefficients
            total += deviance_of(x_out @ fit.coefficients, y_out)
        return total


def _folds(y: Floats, folds: int, seed: int) -> npt.NDArray[np.int64]:
    """A fold for each report, as many with the event in each."""
    random = np.random.default_rng(seed)
    fold = np.empty(len(y), int)
    for value in (0.0, 1.0):
        of_value = np.flatnonzero(y == value)
        fold[random.permutation(of_value)] = np.arange(len(of_value)) % folds
    return fold
