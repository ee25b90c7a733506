"""What leaves a site: log-likelihood, score and information of its rows at a coefficient, never a row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bencao.evidence.errors import DisclosureError, SeparationError
from bencao.evidence.federated.study import FederatedStudy, Table

Array = NDArray[np.float64]
Stage = Literal["treatment", "outcome", "curve"]


@dataclass(frozen=True)
class Point:
    """What a site is asked: sums of a model at coefficients, or its curve.

    Attributes
    ----------
    stage : {"treatment", "outcome", "curve"}
    beta : tuple of float
        Coefficients of the stage's model.
    treatment : tuple of float
        Fitted ones of the treatment model, for the outcome stage of IPW.
    """

    stage: Stage
    beta: tuple[float, ...]
    treatment: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sums:
    """A site's answer.

    Attributes
    ----------
    n, events : int
        Persons, and those with the outcome.
    log_likelihood : float
    score : tuple of float, length p
    information, meat : tuple of tuple of float, p by p
        Observed information, and the sum of the outer products of the persons' scores (for the robust variance).
    """

    n: int
    events: int
    log_likelihood: float
    score: tuple[float, ...]
    information: tuple[tuple[float, ...], ...]
    meat: tuple[tuple[float, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


def site_sums(
    study: FederatedStudy, table: Table, stage: Stage, beta: Any, treatment_beta: Any = (), *, site: str = "site"
) -> Sums:
    """Answer one request from a site's rows; the site's own intercept or baseline hazard stays there.

    Parameters
    ----------
    study : FederatedStudy
    table : dict of str to array
        From `read_site`.
    stage : {"treatment", "outcome"}
        Which model is being fitted; treatment only for IPW.
    beta : sequence of float
        Coefficients, shared by the sites, at which to answer.
    treatment_beta : sequence of float
        Fitted coefficients of the treatment model, for the outcome stage of IPW.
    site : str

    Returns
    -------
    Sums

    Raises
    ------
    DisclosureError
        Where an arm, the events or those without are fewer than the study's minimum count; or, of an arm, those with
        the outcome or (but for Cox, whose censored have no known outcome) without it, unless there are none.
    SeparationError
        Where a weight is not finite.

    References
    ----------
    Murphy SA, van der Vaart AW (2000). On profile likelihood. JASA 95, 449-465: the site's intercept is maximised
    at the site, so that the sums solve the pooled fit with an intercept a site. Efron B (1977), JASA 72, 557: ties.
    """
    exposure, outcome = table[study.exposure], table[study.outcome]
    require_counts(study, table, site)
    covariates = np.column_stack([table[name] for name in study.covariates]) if study.covariates else None
    persons = len(outcome), int(outcome.sum())
    if study.model == "ipw":
        assert covariates is not None
        even = np.ones(len(outcome))
        if stage == "treatment":
            return _logistic(covariates, exposure, even, np.asarray(beta, float), persons)
        weights = _weights(covariates, exposure, np.asarray(treatment_beta, float), site)
        return _logistic(exposure[:, None], outcome, weights, np.asarray(beta, float), persons)
    design = np.column_stack([exposure, *(() if covariates is None else (covariates,))])
    if study.model == "cox":
        assert study.time is not None
        return _cox(design, table[study.time], outcome, np.asarray(beta, float), persons)
    return _logistic(design, outcome, np.ones(len(outcome)), np.asarray(beta, float), persons)


def require_counts(study: FederatedStudy, table: Table, site: str) -> None:
    """Raise DisclosureError where a count of an arm, of the outcome, or of both is of a few."""
    exposure, outcome = table[study.exposure], table[study.outcome]
    for name, column in ((study.exposure, exposure), (study.outcome, outcome)):
        for value in (0, 1):
            if (column == value).sum() < study.minimum_count:
                raise DisclosureError(
                    f"fewer than {study.minimum_count} persons have {name} = {value}", where=site,
                    mend="leave this site out, or widen its eligibility",
                )  # fmt: skip
    for arm in (0, 1):
        for value in (1,) if study.model == "cox" else (0, 1):
            if 0 < ((exposure == arm) & (outcome == value)).sum() < study.minimum_count:
                raise DisclosureError(
                    f"fewer than {study.minimum_count} persons have {study.exposure} = {arm} and {study.outcome} = "
                    f"{value}", where=site, mend="leave this site out, or widen its eligibility",
                )  # fmt: skip


def _intercept(offset: Array, y: Array, weights: Array) -> float:
    """The site's own intercept at given coefficients; the score falls in it, so that Newton bisects where it strays."""
    low, high = -offset.max() - 40, -offset.min() + 40
    found = (low + high) / 2
    for _ in range(200):
        mean = expit(found + offset)
        score = weights @ (y - mean)
        low, high = (found, high) if score > 0 else (low, found)
        step = score / max(float(weights @ (mean * (1 - mean))), 1e-300)
        following = found + step if low < found + step < high else (low + high) / 2
        if abs(following - found) < 1e-14 * max(1.0, abs(found)):
            break
        found = following
    return float(found)


def _logistic(x: Array, y: Array, weights: Array, beta: Array, persons: tuple[int, int]) -> Sums:
    linear = x @ beta
    linear = linear + _intercept(linear, y, weights)
    mean = expit(linear)
    spread = weights * mean * (1 - mean)
    centred = x - spread @ x / spread.sum()
    each = (weights * (y - mean))[:, None] * centred
    log_likelihood = float(weights @ (y * linear - np.logaddexp(0, linear)))
    return _sums(persons, log_likelihood, each.sum(0), (centred * spread[:, None]).T @ centred, each.T @ each)


def _weights(covariates: Array, exposure: Array, beta: Array, site: str) -> Array:
    """Stabilised by the site's own share of exposed persons."""
    linear = covariates @ beta
    propensity = expit(linear + _intercept(linear, exposure, np.ones(len(exposure))))
    share = exposure.mean()
    with np.errstate(divide="ignore"):
        weights = np.where(exposure == 1, share / propensity, (1 - share) / (1 - propensity))
    if not np.isfinite(weights).all():
        raise SeparationError("a weight is not finite: the covariates tell the arms apart", where=site)
    return np.asarray(weights, np.float64)


def _cox(x: Array, time: Array, event: Array, beta: Array, persons: tuple[int, int]) -> Sums:
    linear = x @ beta
    shift = float(linear.max())
    risk, p = np.exp(linear - shift), x.shape[1]
    log_likelihood, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    for now in np.unique(time[event == 1]):
        there, dying = time >= now, (time == now) & (event == 1)
        parts = [_moments(risk[rows], x[rows]) for rows in (there, dying)]
        deaths = int(dying.sum())
        score += x[dying].sum(0)
        log_likelihood += float((linear[dying] - shift).sum())
        for tied in range(deaths):
            zero, first, second = (whole - tied / deaths * part for whole, part in zip(*parts, strict=True))
            log_likelihood -= float(np.log(zero))
            score -= first / zero
            information += second / zero - np.outer(first, first) / zero**2
    return _sums(persons, log_likelihood, score, information, information)


def _moments(risk: Array, x: Array) -> tuple[Any, Any, Any]:
    weighted = x * risk[:, None]
    return risk.sum(), weighted.sum(0), weighted.T @ x


def _sums(persons: tuple[int, int], log_likelihood: float, score: Array, information: Array, meat: Array) -> Sums:
    rows = (tuple(tuple(map(float, row)) for row in matrix) for matrix in (information, meat))
    return Sums(*persons, log_likelihood, tuple(map(float, score)), *rows)
