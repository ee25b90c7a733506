"""Log likelihood ratios of nodes and the draws of the null, for each probability model of the tree scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

Floats = npt.NDArray[np.float64]
Model = Literal["conditional-poisson", "poisson", "conditional-bernoulli", "bernoulli"]
MODELS: tuple[Model, ...] = ("conditional-poisson", "poisson", "conditional-bernoulli", "bernoulli")


@dataclass(frozen=True, slots=True)
class Statistic:
    """A probability model.

    Attributes
    ----------
    expected : ndarray, shape (events,)
        Under the null.
    ratio : callable
        Counts and base of nodes, shape (..., nodes), to their log likelihood ratios.
    base : ndarray, shape (events,)
        What `ratio` takes beside the counts, summed over a node's events: expected counts (Poisson) or trials
        (Bernoulli).
    draw : callable
        Generator and size to counts under the null, shape (size, events).
    """

    expected: Floats
    ratio: Callable[[Floats, Floats], Floats]
    base: Floats
    draw: Callable[[Generator, int], Floats]


def poisson(expected: Floats) -> Statistic:
    """Counts that are Poisson with known means."""

    def ratio(n: Floats, mean: Floats) -> Floats:
        return np.where(n > mean, _times_log(n, mean) - n + mean, 0.0)

    return Statistic(
        expected, ratio, expected, lambda random, size: random.poisson(expected, (size, len(expected))).astype(float)
    )


def conditional_poisson(n: Floats, expected: Floats) -> Statistic:
    """The same, given how many there are in all: only their shares matter."""
    total = float(n.sum())
    share = expected / expected.sum()
    scaled = share * total

    def ratio(n: Floats, mean: Floats) -> Floats:
        found = _times_log(n, mean) + _times_log(total - n, total - mean)
        return np.where(n > mean * (1 + 1e-12), found, 0.0)

    return Statistic(
        scaled, ratio, scaled, lambda random, size: random.multinomial(int(total), share, size).astype(float)
    )


def bernoulli(trials: Floats, probability: float) -> Statistic:
    """Each of an event's trials is a case with a known probability."""

    def ratio(n: Floats, tried: Floats) -> Floats:
        found = _times_log(n, tried * probability) + _times_log(tried - n, tried * (1 - probability))
        return np.where(n > tried * probability, found, 0.0)

    whole = trials.astype(np.int64)
    return Statistic(
        trials * probability,
        ratio,
        trials,
        lambda random, size: random.binomial(whole, probability, (size, len(whole))).astype(float),
    )


def conditional_bernoulli(n: Floats, trials: Floats) -> Statistic:
    """The same, given how many cases there are in all: which trials are cases is a draw without replacement."""
    total, tried_in_all = float(n.sum()), float(trials.sum())
    share = total / tried_in_all

    def ratio(n: Floats, tried: Floats) -> Floats:
        rest, rest_tried = total - n, tried_in_all - tried
        inside = _times_log(n, tried * share) + _times_log(tried - n, tried * (1 - share))
        outside = _times_log(rest, rest_tried * share) + _times_log(rest_tried - rest, rest_tried * (1 - share))
        return np.where(n > tried * share * (1 + 1e-12), inside + outside, 0.0)

    whole = trials.astype(np.int64)
    return Statistic(
        trials * share,
        ratio,
        trials,
        lambda random, size: random.multivariate_hypergeometric(whole, int(total), size, method="marginals").astype(
            float
        ),
    )


def _times_log(n: Floats, mean: Floats) -> Floats:
    """n log(n / mean), 0 where n is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 0, n * np.log(n / mean), 0.0)
