"""The coordinator: from the sites' sums to the pooled fit, each site's own, and the fit without each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from bencao.evidence.errors import AnswerPending, EstimationError, SeparationError
from bencao.evidence.federated.curves import Curve, Survival, pooled_survival
from bencao.evidence.federated.study import FederatedStudy
from bencao.evidence.federated.sums import Stage, Sums

# From a site, a stage and the coefficients of outcome and treatment to its sums, or its curve.
Ask = Callable[[str, Stage, Sequence[float], Sequence[float]], Sums | Curve]
_ROUNDS, _SETTLED, _FARTHEST = 50, 1e-10, 30.0
_FLAT, _LONG = 1e-3, 1e-3  # gain of a log-likelihood that still takes long steps: its maximum lies nowhere


@dataclass(frozen=True)
class Fit:
    """Coefficients over some sites, log scale; the first is the exposure's.

    Attributes
    ----------
    sites : tuple of str
    n, events : int
    coefficients, se : tuple of float
        Standard errors are robust for IPW (the weights taken as known), model-based otherwise.
    rounds : int
    """

    sites: tuple[str, ...]
    n: int
    events: int
    coefficients: tuple[float, ...]
    se: tuple[float, ...]
    rounds: int


@dataclass(frozen=True)
class Federated:
    """A federated result.

    Attributes
    ----------
    pooled : Fit
        Equal to the fit of all rows together with an intercept or baseline hazard a site.
    alone, without : mapping of str to Fit or str
        Of each site alone, and of all but it; where it cannot be fitted, why.
    q, q_p, i_squared : float or None
        Cochran's Q of the exposure over the sites that can be fitted alone, its p value, and I².
    survival : Survival or None
        Where the study has horizons.
    """

    pooled: Fit
    alone: Mapping[str, Fit | str]
    without: Mapping[str, Fit | str]
    q: float | None
    q_p: float | None
    i_squared: float | None
    survival: Survival | None = None

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


def federate(study: FederatedStudy, sites: Sequence[str], ask: Ask) -> Federated:
    """Solve a study over sites that answer with sums.

    Parameters
    ----------
    study : FederatedStudy
    sites : sequence of str
    ask : callable
        Gives a site's `Sums`; its errors go on for the pooled fit.

    Returns
    -------
    Federated

    Raises
    ------
    SeparationError, EstimationError
        Where the pooled fit has no finite coefficients, or does not settle.
    AnswerPending
        Where `ask` does, after everything that can be asked by now has been.
    """

    def tried(some: tuple[str, ...]) -> Fit | str:
        try:
            return _solve(study, some, ask)
        except (SeparationError, EstimationError) as error:
            return f"{error.kind}: {error.cause}"

    several = sites if len(sites) > 1 else ()
    one_out = [tuple(other for other in sites if other != site) for site in several]
    subsets = [*((site,) for site in several), *one_out]
    asked: list[Callable[[], Any]] = [
        partial(_solve, study, tuple(sites), ask),
        *(partial(tried, some) for some in subsets),
    ]
    curves = [partial(ask, site, "curve", (), ()) for site in sites] if study.horizons else []
    told = _all([*curves, *asked])
    survival = pooled_survival(told[: len(curves)]) if curves else None
    pooled, *fits = told[len(curves) :]
    alone, without = dict(zip(several, fits, strict=False)), dict(zip(several, fits[len(several) :], strict=True))
    fitted = [fit for fit in alone.values() if isinstance(fit, Fit)]
    return Federated(pooled, alone, without, *_heterogeneity(fitted), survival)


def _all(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What all calls give; a pending answer is told once all have been made."""
    found, pending = [], None
    for call in calls:
        try:
            found.append(call())
        except AnswerPending as error:
            pending = error
    if pending:
        raise pending
    return found


def _heterogeneity(fits: Sequence[Fit]) -> tuple[float | None, float | None, float | None]:
    if len(fits) < 2:
        return None, None, None
    effects = np.array([fit.coefficients[0] for fit in fits])
    weights = 1 / np.array([fit.se[0] for fit in fits]) ** 2
    q = float(weights @ (effects - weights @ effects / weights.sum()) ** 2)
    freedom = len(fits) - 1
    return q, float(chi2.sf(q, freedom)), max(0.0, 1 - freedom / q) if q else 0.0


def _solve(study: FederatedStudy, sites: tuple[str, ...], ask: Ask) -> Fit:
    treatment: tuple[float, ...] = ()
    rounds = 0
    if study.model == "ipw":
        treatment, _, rounds = _newton(sites, ask, "treatment", len(study.covariates), ())
    width = 1 if study.model == "ipw" else 1 + len(study.covariates)
    beta, sums, more = _newton(sites, ask, "outcome", width, treatment)
    inverse = np.linalg.inv(_added(sums, "information"))
    variance = inverse @ _added(sums, "meat") @ inverse if study.model == "ipw" else inverse
    se = tuple(float(value) for value in np.sqrt(np.diag(variance)))
    return Fit(sites, sum(one.n for one in sums), sum(one.events for one in sums), beta, se, rounds + more)


def _newton(
    sites: tuple[str, ...], ask: Ask, stage: Stage, width: int, treatment: tuple[float, ...]
) -> tuple[tuple[float, ...], list[Sums], int]:
    beta: NDArray[np.float64] = np.zeros(width)
    step, best, before = beta, -math.inf, 0.0
    for number in range(1, _ROUNDS + 1):
        at = tuple(map(float, beta + step))
        sums = _all([partial(ask, site, stage, at, treatment) for site in sites])
        likelihood = sum(one.log_likelihood for one in sums)
        if not math.isfinite(likelihood):
            raise EstimationError("the likelihood is not finite", where=", ".join(sites), mend="scale the covariates")
        if likelihood < best - 1e-9 * abs(best):
            step = step / 2
            continue
        gain, moved = likelihood - best, float(np.abs(step).max())
        if gain < _FLAT and moved > _LONG and moved > before / 2 > 0:  # Newton's steps shrink ever faster otherwise
            break
        beta, best, before = beta + step, likelihood, moved
        if number > 1 and moved < _SETTLED:
            return tuple(map(float, beta)), sums, number
        try:
            step = np.asarray(np.linalg.solve(_added(sums, "information"), _added(sums, "score")), np.float64)
        except np.linalg.LinAlgError:
            raise EstimationError(
                "a covariate that does not vary, or is a sum of others", where=", ".join(sites), mend="leave it out"
            ) from None
        if np.abs(beta).max() > _FARTHEST:
            break
    raise SeparationError(
        f"the {stage} model does not settle: a covariate tells its classes apart", where=", ".join(sites),
        mend="leave the covariate out, or coarsen it",
    )  # fmt: skip


def _added(sums: Sequence[Sums], name: str) -> NDArray[np.float64]:
    return np.asarray(np.sum([getattr(one, name) for one in sums], axis=0), np.float64)
