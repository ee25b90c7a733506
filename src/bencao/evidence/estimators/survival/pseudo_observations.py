"""Pseudo-observations: what each person adds to a risk or a restricted mean, despite censoring."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.kernel.errors import InputError

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.signedinteger[Any]]


def pseudo_observations(data: StudyData, measure: str, horizon: float | None) -> Floats:
    """Pseudo-observations of each arm (Andersen et al., Biometrika 2003, 90, 15), by the infinitesimal jackknife.

    Parameters
    ----------
    data : StudyData
        Of a time to event; 2 is a competing event.
    measure : {"risk_difference", "rmst_difference"}
        The cumulative incidence of event 1 (Aalen and Johansen), or the mean time without any event.
    horizon : float or None
        Days; the last at which both arms are observed where None.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    StudyDataError
        A horizon after an arm's last time.
    """
    assert data.time is not None
    if measure not in ("risk_difference", "rmst_difference"):
        raise InputError(
            f"no {measure} of a time to event", where="measure", mend="give risk_difference or rmst_difference"
        )
    arms = [data.treatment == arm for arm in (0, 1)]
    last = min(float(data.time[rows].max()) for rows in arms)
    horizon = last if horizon is None else horizon
    if not 0 < horizon <= last:
        raise StudyDataError(f"both arms are observed until {last:g} only", where="horizon", mend="give an earlier one")
    found = np.empty(data.n)
    for rows in arms:
        found[rows] = _of_arm(data.time[rows], data.outcome[rows], measure, horizon)
    return found


def _of_arm(time: Floats, event: Floats, measure: str, horizon: float) -> Floats:
    times = np.unique(time[(event > 0) & (time <= horizon)])
    n = len(time)
    at_risk = n - np.searchsorted(np.sort(time), times, side="left")
    place = np.searchsorted(times, time)
    hits = (event > 0) & (time <= horizon)
    any_events = np.bincount(place[hits], minlength=len(times))[: len(times)]
    own_events = np.bincount(place[hits & (event == 1)], minlength=len(times))[: len(times)]
    survival = np.cumprod(1 - any_events / at_risk)
    before = np.concatenate([[1.0], survival])[:-1]
    if measure == "rmst_difference":
        widths = np.diff(np.concatenate([times, [horizon]]))
        whole = (times[0] if len(times) else horizon) + float((survival * widths).sum())
        later = np.cumsum((survival * widths)[::-1])[::-1]  # area after each time
        return whole + n * _integrals(time, place, hits, any_events, at_risk, -later, np.zeros_like(later), event)
    incidence = np.cumsum(before * own_events / at_risk)
    whole = float(incidence[-1]) if len(times) else 0.0
    later = whole - incidence  # what is still to come after each time
    return whole + n * _integrals(time, place, hits, any_events, at_risk, -later, before, event, own_events)


def _integrals(
    time: Floats,
    place: npt.NDArray[np.int64],
    hits: npt.NDArray[np.bool_],
    any_events: Counts,
    at_risk: Counts,
    of_any: Floats,
    of_own: Floats,
    event: Floats,
    own_events: Counts | None = None,
) -> Floats:
    """Integral of each person's martingales over the risk set: of any event, and of the event of interest.

    A step of survival at t moves what comes later by 1 / (1 - hazard).
    """
    hazard = any_events / at_risk
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(hazard < 1, of_any / (1 - hazard), 0.0)
    drift = step * any_events / at_risk
    if own_events is not None:
        drift = drift + of_own * own_events / at_risk
    gone = np.concatenate([[0.0], np.cumsum(drift / at_risk)])
    found: Floats = -gone[np.searchsorted(np.unique(time[hits]), time, side="right")]
    rows = np.flatnonzero(hits)
    found[rows] += (step / at_risk)[place[rows]]
    if own_events is not None:
        own = rows[event[rows] == 1]
        found[own] += (of_own / at_risk)[place[own]]
    return found
