"""The prior of MGPS fitted to a table of counts by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from bencao.safety.errors import CountsError, PriorUndetermined
from bencao.safety.signals.ebgm.likelihood import Floats, Points, evaluate, gather
from bencao.safety.signals.ebgm.prior import Prior
from bencao.safety.signals.ebgm.squashing import squash

# Where a search begins: the first is DuMouchel's (1999, section 4), the others differ in spread, mean and share.
_STARTS = (
    Prior(0.2, 0.1, 2.0, 4.0, 1.0 / 3.0),
    Prior(0.1, 0.1, 10.0, 10.0, 0.2),
    Prior(3.0, 0.5, 2.0, 2.0, 0.1),
    Prior(0.5, 0.1, 0.5, 0.5, 0.01),
    Prior(1.0, 0.1, 1.0, 1.0, 0.5),
    Prior(5.0, 0.05, 1.0, 2.0, 0.05),
)
_FEWEST = 10
_LIMIT = np.log(1e6)  # of alpha, beta and the odds of the weight, either way
_NEGLIGIBLE = 1e-3  # share of a component that does not bear on the scores


@dataclass(frozen=True, slots=True)
class PriorFit:
    """A fitted prior.

    Attributes
    ----------
    prior : Prior
        The component of the larger mean first.
    objective : float
        Minus the log likelihood at the prior of all pairs given, none squashed.
    squashed_objective : float
        The quantity that was made small; equal to `objective` where nothing was squashed.
    pairs : int
        Pairs given.
    points : int
        Different points that were fitted.
    slope : float
        Largest slope left, of minus the log likelihood in log alpha, log beta and logit weight.
    reached : int
        Of the starts, how many ended within 0.001 of the best.
    starts : int
    """

    prior: Prior
    objective: float
    squashed_objective: float
    pairs: int
    points: int
    slope: float
    reached: int
    starts: int


def fit_prior(n: npt.ArrayLike, expected: npt.ArrayLike, *, squashed: bool = False, truncated: bool = True) -> PriorFit:
    """Fit the prior of MGPS, from several starts, with the gradient.

    Parameters
    ----------
    n : array-like, shape (pairs,)
        Counts: whole numbers, 1 or more where `truncated`, else 0 or more.
    expected : array-like, shape (pairs,)
        Expected counts, above 0.
    squashed : bool
        Fit on the points of `squash`, fewer and weighted, which is faster for millions of pairs and nearly as good.
    truncated : bool
        Pairs never reported are absent from the table.

    Returns
    -------
    PriorFit

    Raises
    ------
    CountsError
        Where a count or an expected count cannot be one.
    PriorUndetermined
        Where there are fewer than ten pairs, or the likelihood only rises towards a limit at which a component that
        matters has no spread or no mean: the table does not say how ratios vary.

    References
    ----------
    DuMouchel W (1999). The American Statistician 53(3), 177-190.
    DuMouchel W, Pregibon D (2001). KDD '01, 67-76.
    """
    counts, means = np.asarray(n, float), np.asarray(expected, float)
    _check(counts, means, truncated)
    whole = gather(counts, means, None, truncated)
    points = gather(*squash(counts, means), truncated) if squashed else whole
    ends = sorted((_search(start, points) for start in _STARTS), key=lambda end: end[0])
    value, place = ends[0]
    if not np.isfinite(value):
        raise PriorUndetermined("no start of the search ends at a finite likelihood", mend="check the counts")
    _refuse_limits(place)
    prior = _prior(place).ordered()
    slope = float(np.abs(evaluate(_prior(place), points)[1]).max())
    objective = evaluate(prior, whole)[0]
    reached = sum(end[0] < value + 1e-3 for end in ends)
    return PriorFit(prior, objective, value, len(counts), len(points.n), slope, reached, len(_STARTS))


def _check(n: Floats, expected: Floats, truncated: bool) -> None:
    lowest = 1 if truncated else 0
    if n.shape != expected.shape or n.ndim != 1:
        raise CountsError(f"{n.shape} counts and {expected.shape} expected counts", mend="give one of each a pair")
    wrong = ~np.isfinite(n) | (n < lowest) | (n != np.floor(n))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise CountsError(
            f"the count {n[row]} is no whole number from {lowest}", where=f"pair {row + 1}", mend="give counts"
        )
    wrong = ~np.isfinite(expected) | (expected <= 0)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise CountsError(
            f"the expected count {expected[row]} is not above 0",
            where=f"pair {row + 1}",
            mend="its drug and its event must each stand in a report",
        )
    if len(n) < _FEWEST:
        raise PriorUndetermined(
            f"{len(n)} pairs, and a prior of five numbers needs {_FEWEST} or more",
            mend="count more drugs and events, or use PRR, ROR and IC, which need no prior",
        )


def _prior(place: Floats) -> Prior:
    alpha1, beta1, alpha2, beta2 = (float(value) for value in np.exp(place[:4]))
    return Prior(alpha1, beta1, alpha2, beta2, float(expit(place[4])))


def _search(start: Prior, points: Points) -> tuple[float, Floats]:
    """The lowest point that a search from a start finds, and its value."""
    scale = float(points.weights.sum())

    def objective(place: Floats) -> tuple[float, Floats]:
        with np.errstate(all="ignore"):
            value, gradient = evaluate(_prior(place), points)
        if not np.isfinite(value) or not np.isfinite(gradient).all():
            return 1e10, np.zeros(5)
        return value / scale, gradient / scale

    alpha1, beta1, alpha2, beta2, weight = start.values()
    place = np.array([*np.log([alpha1, beta1, alpha2, beta2]), np.log(weight / (1.0 - weight))])
    bounds = [(-_LIMIT, _LIMIT)] * 5
    options: dict[str, Any] = {"maxiter": 2000, "maxfun": 5000, "ftol": 1e-15, "gtol": 1e-9, "maxcor": 20}
    found = minimize(objective, place, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return float(found.fun) * scale, np.asarray(found.x)


def _refuse_limits(place: Floats) -> None:
    """A component whose shape or rate only rises or falls to the limit is no answer, unless it is a point mass."""
    share = float(expit(place[4]))
    for number, weight in ((0, share), (2, 1.0 - share)):
        alpha, beta = place[number], place[number + 1]
        if weight < _NEGLIGIBLE:
            continue
        point_mass = alpha > 0.5 * _LIMIT and beta > 0.5 * _LIMIT and abs(alpha - beta) < np.log(100.0)
        if not point_mass and max(abs(alpha), abs(beta)) > 0.99 * _LIMIT:
            raise PriorUndetermined(
                f"the likelihood rises without end as a component's shape becomes {np.exp(alpha):.3g} "
                f"and its rate {np.exp(beta):.3g}",
                mend="counts this alike carry no prior: count more drugs and events, or use PRR, ROR and IC",
            )
