"""Watch a medicine after launch: counts against expectation without pause, or estimates at planned looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bencao.evidence.errors import StudyDataError
from bencao.evidence.monitoring.spending import Spending, boundaries
from bencao.kernel.maxsprt import critical_value, poisson_log_likelihood_ratio


@dataclass(frozen=True)
class Look:
    """A look.

    Attributes
    ----------
    look : int
        From 1.
    statistic, boundary : float
        A log likelihood ratio, or a standardised estimate, and from where on it signals.
    ratio : float or None
        Observed over expected so far.
    signal : bool
        Whether it signals at this look, or did before.
    """

    look: int
    statistic: float
    boundary: float
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
    events, expected = (_column(table, name) for name in ("events", "expected"))
    if (events < 0).any() or (events % 1 != 0).any():
        raise StudyDataError("holds what is no count", where="events", mend="write whole numbers from 0")
    if (expected <= 0).any():
        raise StudyDataError("holds what is not above 0", where="expected", mend="leave out such periods")
    if not (upper_limit > 0 and 0 < alpha < 1 and minimum >= 1):
        raise StudyDataError("is not above 0", where="upper_limit, alpha, minimum", mend="plan them beforehand")
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
    fraction, estimate, se = (_column(table, name) for name in ("fraction", "estimate", "se"))
    if (se <= 0).any():
        raise StudyDataError("holds what is not above 0", where="se", mend="give standard errors")
    found, signal = [], False
    for number, bound in enumerate(boundaries(list(fraction), alpha=alpha, spending=spending, sides=sides), 1):
        z = float(estimate[number - 1] / se[number - 1])
        signal = signal or (abs(z) if sides == 2 else z) >= bound.z
        found.append(Look(number, z, bound.z, None, signal))
    return tuple(found)


def _column(table: Any, name: str) -> Any:
    if name not in table.columns:
        raise StudyDataError("is absent", where=name, mend=f"the columns are {', '.join(map(str, table.columns))}")
    try:
        values = np.asarray(table[name], dtype=float)
    except (TypeError, ValueError):
        raise StudyDataError("is no column of numbers", where=name, mend="write numbers, with a point") from None
    if not np.isfinite(values).all():
        raise StudyDataError("has missing values", where=name, mend="give every period or look")
    return values
