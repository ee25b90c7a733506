"""Diagnostics of the design, which see no outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bencao.evidence.estimators.modelled.positivity import effective_size
from bencao.evidence.estimators.modelled.propensity import propensities
from bencao.evidence.estimators.modelled.weighting import balancing_weights, within
from bencao.evidence.finite import Figures, reckoned
from bencao.evidence.protocol.protocol import Analysis
from bencao.evidence.protocol.thresholds import Thresholds

Floats = npt.NDArray[np.float64]
_BINS = 20


@dataclass(frozen=True)
class Balance(Figures):
    """Standardised difference of a covariate between the arms, before and after weighting."""

    covariate: str
    before: float
    after: float


@dataclass(frozen=True)
class Overlap(Figures):
    """Shares of both arms whose preference score lies in a bin."""

    low: float
    high: float
    treatment: float
    comparator: float


@dataclass(frozen=True)
class Diagnostic(Figures):
    """One figure against its threshold.

    Attributes
    ----------
    name : str
        ``standardised_difference``, ``equipoise``, ``effective_share``, ``effective_at_end``, ``followed``, ``events``
        or ``systematic_error``.
    value, threshold : float
    passed : bool
    """

    name: str
    value: float
    threshold: float
    passed: bool


@dataclass(frozen=True)
class Design(Figures):
    """What is known of a design before any outcome is read.

    Attributes
    ----------
    balance : tuple of Balance
    diagnostics : tuple of Diagnostic
    effective : (float, float)
        Effective sample size (Kish) of treatment and comparator.
    sizes : (int, int)
        Persons of each.
    overlap : tuple of Overlap
        Of the preference score from 0 to 1, twenty bins; empty where nobody is in an arm at time zero.
    """

    balance: tuple[Balance, ...]
    diagnostics: tuple[Diagnostic, ...]
    effective: tuple[float, float]
    sizes: tuple[int, int]
    overlap: tuple[Overlap, ...] = ()


@reckoned()
def examine_design(
    covariates: Floats, treatment: Floats, names: tuple[str, ...], analysis: Analysis, thresholds: Thresholds
) -> Design:
    """Balance, equipoise and effective size under the weights of the estimand.

    Parameters
    ----------
    covariates : ndarray, shape (n, p)
    treatment : ndarray, shape (n,)
    names : tuple of str
    analysis : Analysis
    thresholds : Thresholds

    Returns
    -------
    Design
        Equipoise is the share of persons with a preference score from 0.3 to 0.7 (Walker et al. 2013).

    Raises
    ------
    SeparationError, EmptyArm, PositivityError
    """
    spread = covariates.std(axis=0)
    design = np.column_stack([np.ones(len(treatment)), (covariates - covariates.mean(axis=0)) / spread])
    chance = propensities(design, treatment)
    kept = within(chance, treatment, analysis.trim)
    weights = np.where(kept, balancing_weights(chance, treatment, analysis.estimand), 0.0)
    pooled = np.sqrt(sum(covariates[treatment == arm].var(axis=0, ddof=1) for arm in (1, 0)) / 2)
    before, after = (_differences(covariates, treatment, one, pooled) for one in (np.ones_like(weights), weights))
    odds = np.log(chance / (1 - chance)) - np.log(treatment.mean() / (1 - treatment.mean()))
    preference = 1 / (1 + np.exp(-odds))
    equipoise = float(((preference >= 0.3) & (preference <= 0.7)).mean())
    sizes = [int((treatment == arm).sum()) for arm in (1, 0)]
    effective = [effective_size(weights[treatment == arm]) for arm in (1, 0)]
    share = min(have / size for have, size in zip(effective, sizes, strict=True))
    worst = float(np.abs(after).max())
    found = (
        Diagnostic(
            "standardised_difference",
            worst,
            thresholds.standardised_difference,
            worst <= thresholds.standardised_difference,
        ),
        Diagnostic("equipoise", equipoise, thresholds.equipoise, equipoise >= thresholds.equipoise),
        Diagnostic("effective_share", share, thresholds.effective_share, share >= thresholds.effective_share),
    )
    balance = tuple(Balance(name, float(a), float(b)) for name, a, b in zip(names, before, after, strict=True))
    return Design(balance, found, (effective[0], effective[1]), (sizes[0], sizes[1]), _overlap(preference, treatment))


def _overlap(preference: Floats, treatment: Floats) -> tuple[Overlap, ...]:
    edges = np.linspace(0, 1, _BINS + 1)
    one, none = (np.histogram(preference[treatment == arm], edges)[0] / (treatment == arm).sum() for arm in (1, 0))
    return tuple(Overlap(*map(float, row)) for row in zip(edges, edges[1:], one, none, strict=False))


def _differences(covariates: Floats, treatment: Floats, weights: Floats, pooled: Floats) -> Floats:
    one, none = (np.average(covariates[treatment == arm], axis=0, weights=weights[treatment == arm]) for arm in (1, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(pooled > 0, (one - none) / pooled, np.where(one == none, 0.0, np.inf))
    return found
