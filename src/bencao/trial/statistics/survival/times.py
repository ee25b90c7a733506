"""Times to an event as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats, Integers, Sample, as_floats


@dataclass(frozen=True)
class Times:
    """Times of subjects of whom time and event are known.

    Attributes
    ----------
    times : array of float, shape (n,)
    events : array of bool, shape (n,)
        False where the time is censored; in ADTTE, ``CNSR == 0`` is an event.
    kept : array of bool
        Which of the subjects given these are.
    """

    times: Floats
    events: NDArray[np.bool_]
    kept: NDArray[np.bool_]


def read_times(times: Sample, events: Sample) -> Times:
    """Leave out subjects whose time or event is missing.

    Raises
    ------
    EstimationError
        Times and events are not as many, a time is negative, an event neither 0 nor 1, or no subject is left.
    """
    floats, flags = as_floats(times, "times"), as_floats(events, "events")
    if len(floats) != len(flags):
        raise EstimationError(f"{len(floats)} times but {len(flags)} events")
    kept = ~(np.isnan(floats) | np.isnan(flags))
    if not kept.any():
        raise EstimationError("no subject has a time and an event")
    if (floats[kept] < 0).any():
        raise EstimationError("a time is negative", where="times")
    if not np.isin(flags[kept], (0, 1)).all():
        raise EstimationError("an event is neither 0 nor 1", where="events", mend="in ADTTE it is CNSR == 0")
    return Times(floats[kept], flags[kept] == 1, kept)


def risk_table(times: Floats, events: NDArray[np.bool_]) -> tuple[Floats, Integers, Integers]:
    """Distinct times of events, with the subjects at risk at each and the events."""
    distinct, deaths = np.unique(times[events], return_counts=True)
    at_risk = len(times) - np.searchsorted(np.sort(times), distinct, side="left")
    return distinct, at_risk.astype(np.int64), deaths.astype(np.int64)
