"""Watch a medicine after launch: counts against expectation without pause, or estimates at planned looks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.columns import numbers, refuse_rows, require_columns
from bencao.evidence.finite import Figures
from bencao.evidence.monitoring.spending import Spending, boundaries
from bencao.kernel.maxsprt import critical_value, poisson_log_likelihood_ratio

_WHOLE = "give every period or look"
_MOST_EXPECTED = 1000.0  # events; the critical value of more takes minutes


@dataclass(frozen=True)
class Look(Figures):
    """A look.

    Attributes
    ----------
    look : int
        From 1.
    statistic : float
        A log likelihood ratio, or a standardised estimate.
    boundary : float or None
        From where on it signals; None where nothing of the level is spent yet.
    ratio : float or None
        Observed over expected so far.
    signal : bool
        Whether it signals at this look, or did before.
    """

    look: int
    statistic: float
    boundary: float | None
    ratio: float | None
    signal: bool


def watch_counts(table: Any, *, upper_limit: float, alpha: float = 0.05, minimum: int = 1) -> tuple[Look, ...]:
    """The maximised sequential probability ratio test of counts against what is expected.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a period, in order: ``events`` and ``expected`` of the period.
    upper_limit : float
        Expected count at which watching ends, planned beforehand.
    alpha : float
    minimum : int
        Events without which nothing is signalled.

    Returns
    -------
    tuple of Look
        Periods after the upper limit do not signal anew.

    Raises
    ------
    StudyDataError
    """
    require_columns(table, ["events", "expected"])
    events, expected = (numbers(table, name, mend=_WHOLE) for name in ("events", "expected"))
    refuse_rows(table, "events", (events < 0) | (events % 1 != 0), "values are no count", "write whole numbers from 0")
    refuse_rows(table, "expected", expected <= 0, "values are not above 0", "leave out such periods")
    asked = (("upper_limit", upper_limit, _MOST_EXPECTED), ("alpha", alpha, 0.5), ("minimum", minimum, _MOST_EXPECTED))
    for name, told, most in asked:
        if not 0 < told <= most:
            raise StudyDataError(f"{told} is not above 0, up to {most:g}", where=name, mend="plan it beforehand")
    critical = critical_value(upper_limit, alpha, minimum)
    n, mean = np.cumsum(events), np.cumsum(expected)
    ratio = poisson_log_likelihood_ratio(n, mean)
    hits = (ratio >= critical) & (ratio > 0) & (n >= minimum) & (mean <= upper_limit * (1 + 1e-12))
    signal = np.logical_or.accumulate(hits)
    return tuple(
        Look(number, float(ratio[k]), critical, float(n[k] / mean[k]), bool(signal[k]))
        for number, k in enumerate(range(len(n)), 1)
    )


def watch_estimates(
    table: Any, *, alpha: float = 0.05, spending: Spending = "obrien_fleming", sides: int = 2
) -> tuple[Look, ...]:
    """A group-sequential test of estimates at planned looks.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a look, in order: ``fraction`` of the planned information, and the ``estimate`` (its null is 0) with its
        ``se``, both of all data so far.
    alpha, spending, sides
        As `boundaries`.

    Returns
    -------
    tuple of Look

    Raises
    ------
    StudyDataError, InputError
    """
    require_columns(table, ["fraction", "estimate", "se"])
    fraction, estimate, se = (numbers(table, name, mend=_WHOLE) for name in ("fraction", "estimate", "se"))
    refuse_rows(table, "se", se <= 0, "values are not above 0", "give standard errors")
    found, signal = [], False
    for number, bound in enumerate(boundaries(list(fraction), alpha=alpha, spending=spending, sides=sides), 1):
        z = float(estimate[number - 1] / se[number - 1])
        signal = signal or (abs(z) if sides == 2 else z) >= bound.z
        found.append(Look(number, z, bound.z if math.isfinite(bound.z) else None, None, signal))
    return tuple(found)
