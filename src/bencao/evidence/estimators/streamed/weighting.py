"""Inverse probability weighting over rows that pass by: one propensity model, any number of outcomes in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from bencao.evidence.errors import PositivityError
from bencao.evidence.estimators.estimate import Estimate, whole_estimate
from bencao.evidence.estimators.modelled.positivity import LEAST_EFFECTIVE
from bencao.evidence.estimators.modelled.propensity import expit
from bencao.evidence.estimators.streamed.logistic import gram, streamed_logistic, whole
from bencao.evidence.estimators.streamed.passing import Passing, check_outcomes
from bencao.evidence.finite import Figures, reckoned

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weighted(Figures):
    """Many outcomes of one cohort.

    Attributes
    ----------
    estimates : tuple of (str, Estimate)
        Differences of means or risks between the arms, by outcome.
    balance : tuple of (str, float, float)
        Standardised difference of each covariate before and after weighting.
    effective : (float, float)
        Effective sample size (Kish) of treatment and comparator.
    passes : int
        Over all rows, to fit the propensity; one more gave the estimates.
    n : int
    """

    estimates: tuple[tuple[str, Estimate], ...]
    balance: tuple[tuple[str, float, float], ...]
    effective: tuple[float, float]
    passes: int
    n: int


class _Arm:
    """Sums of one arm: of weights, of weighted outcomes and covariates, and what their variance needs."""

    def __init__(self, size: int, outcomes: int) -> None:
        self.n = 0
        self.weights = self.squares = 0.0
        self.plain, self.plain_squares, self.covariates = np.zeros(size), np.zeros(size), np.zeros(size)
        self.outcomes, self.once, self.twice = np.zeros(outcomes), np.zeros(outcomes), np.zeros(outcomes)
        self.slope, self.slopes = np.zeros(size), np.zeros((size, outcomes))

    def add(self, design: Floats, weights: Floats, pull: Floats, outcomes: Floats) -> None:
        """`pull` is how each weight moves with the linear predictor, without its sign."""
        self.n += len(weights)
        self.weights += float(weights.sum())
        self.squares += float(weights @ weights)
        self.plain += design.sum(axis=0)
        self.plain_squares += np.einsum("ij,ij->j", design, design)
        self.covariates += weights @ design
        self.slope += pull @ design
        sparse = outcomes.size and np.count_nonzero(outcomes) < 0.1 * outcomes.size
        held: Any = csr_matrix(outcomes) if sparse else outcomes  # rare events are few numbers
        squared: Any = held.multiply(held).tocsr() if sparse else held**2
        self.outcomes += held.T @ weights
        self.once += held.T @ weights**2
        self.twice += squared.T @ weights**2
        self.slopes += (held.T @ (pull[:, None] * design)).T

    @property
    def means(self) -> Floats:
        found: Floats = self.outcomes / self.weights
        return found

    @property
    def variance(self) -> Floats:
        """Of the weighted means, were the weights known."""
        found: Floats = (self.twice - 2 * self.means * self.once + self.means**2 * self.squares) / self.weights**2
        return found

    @property
    def drift(self) -> Floats:
        """How each mean moves with the propensity's coefficients, shape (size, outcomes), without its sign."""
        found: Floats = (self.slopes - self.slope[:, None] * self.means) / self.weights
        return found


@reckoned()
def streamed_ipw(rows: Passing, outcomes: Sequence[str]) -> Weighted:
    """Effects in all persons by inverse probability weighting (Hájek), the propensity's variance included.

    The same estimates as `bencao.evidence.estimate` gives by ``ipw``, from sums alone: the sandwich over the
    equations of propensity and means, written out.

    Parameters
    ----------
    rows : Passing
    outcomes : sequence of str
        Columns of numbers.

    Returns
    -------
    Weighted

    Raises
    ------
    SeparationError, PositivityError, NoEvents, StudyDataError, EstimationError
    """
    check_outcomes(rows, outcomes)
    model, passes = streamed_logistic(rows)
    size = len(model)
    arms = {arm: _Arm(size, len(outcomes)) for arm in (1, 0)}
    information, meat = np.zeros((size, size)), np.zeros((size, size))
    for design, treatment, wanted in rows.chunks(outcomes):
        chance = expit(design @ model)
        information += gram(design * np.sqrt(chance * (1 - chance))[:, None])
        meat += gram(design * (treatment - chance)[:, None])
        for arm, sums in arms.items():
            own = treatment == arm
            received = chance[own] if arm else 1 - chance[own]
            if len(received) and received.min() < 1e-12:
                raise PositivityError(
                    "persons had no chance of the arm they are in", where="propensity", mend="restrict to the overlap"
                )
            sums.add(design[own], 1 / received, (1 - received) / received, wanted[own])
    drift = arms[1].drift + arms[0].drift
    moved = -cho_solve(cho_factor(whole(information)), drift)
    variance = arms[1].variance + arms[0].variance + np.einsum("ij,ij->j", moved, whole(meat) @ moved + 2 * drift)
    differences = arms[1].means - arms[0].means
    found = tuple(
        (name, whole_estimate("ipw", "ate", "difference", value, np.sqrt(max(spread, 0.0)), rows.n))
        for name, value, spread in zip(outcomes, differences, variance, strict=True)
    )
    effective = tuple(arms[arm].weights ** 2 / arms[arm].squares for arm in (1, 0))
    balance = _balance(rows, arms)
    if min(effective) < LEAST_EFFECTIVE:
        raise PositivityError(
            f"{min(effective):.1f} persons of an arm count in effect; the arms differ most in "
            f"{max(balance, key=lambda one: abs(one[1]))[0]}",
            where="weights",
            mend="restrict to where the arms overlap",
        )
    return Weighted(found, balance, (effective[0], effective[1]), passes, rows.n)


def _balance(rows: Passing, arms: dict[int, _Arm]) -> tuple[tuple[str, float, float], ...]:
    one, none = arms[1], arms[0]
    spread = np.sqrt(
        sum((arm.plain_squares / arm.n - (arm.plain / arm.n) ** 2) * arm.n / (arm.n - 1) for arm in arms.values()) / 2
    )
    before = (one.plain / one.n - none.plain / none.n)[1:] / spread[1:]
    after = (one.covariates / one.weights - none.covariates / none.weights)[1:] / spread[1:]
    return tuple((name, float(a), float(b)) for name, a, b in zip(rows.covariates, before, after, strict=True))
