"""The trials that person-periods emulate: clones that follow strategies, or a trial begun in each period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EmptyArm
from bencao.evidence.longitudinal.person_periods import PersonPeriods

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Strategy:
    """A treatment strategy that lasts.

    Attributes
    ----------
    name : str
    treated : bool
        Start within the grace, or never.
    grace : int
        Last period in which the treatment may be started; 0 asks for it at time zero.
    sustained : bool
        Once started it goes on until the end.
    """

    name: str
    treated: bool
    grace: int = 0
    sustained: bool = True


@dataclass(frozen=True)
class Emulation:
    """Person-periods as they stand in the emulated trials, those after a deviation left out.

    Attributes
    ----------
    row : ndarray of int, shape (m,)
        The person-period.
    copy : ndarray of int, shape (m,)
        Which clone, or which trial of the person; all its rows follow each other.
    arm : ndarray of int, shape (m,)
        1 for the first strategy.
    follow : ndarray of int, shape (m,)
        Periods since the trial's time zero.
    asked : ndarray of int, shape (m,)
        1 where the strategy asked for treatment in this period, -1 where it forbade it, 0 where either was right.
    """

    row: Integers
    copy: Integers
    arm: Integers
    follow: Integers
    asked: Integers


def clones(data: PersonPeriods, first: Strategy, second: Strategy) -> Emulation:
    """Copy each person into both strategies, and leave a copy out from where it departs from its own.

    As at time zero nobody has departed, nobody is assigned by what happens later: no time is immortal (Hernán et al.,
    J Clin Epidemiol 2016, 79, 70).

    Parameters
    ----------
    data : PersonPeriods
    first, second : Strategy

    Returns
    -------
    Emulation

    Raises
    ------
    EmptyArm
        A strategy that nobody follows to the end of its grace.
    """
    parts = []
    for arm, strategy in ((1, first), (0, second)):
        kept, asked = _following(data, strategy)
        decided = kept & (data.period >= strategy.grace) if strategy.treated else kept
        if not decided.any():
            raise EmptyArm("nobody follows it", where=strategy.name, mend="give a longer grace, or another strategy")
        rows = np.flatnonzero(kept)
        parts.append((rows, data.person[rows] + arm * data.persons, np.full(len(rows), arm), asked[rows]))
    row, copy, arms, asked = (np.concatenate([part[place] for part in parts]) for place in range(4))
    return Emulation(row, copy, arms, data.period[row], asked)


def _following(data: PersonPeriods, strategy: Strategy) -> tuple[npt.NDArray[np.bool_], Integers]:
    """Whether each row still follows the strategy, and what it asked for."""
    started = _times_before(data) > 0
    if not strategy.treated:
        asked = np.full(len(data.period), -1)
    else:
        waiting = ~started & (data.period < strategy.grace)
        going_on = started & (not strategy.sustained)
        asked = np.where(waiting | going_on, 0, 1)
        # Who may still wait for the grace's last period and then has not started departs there.
    departs = ((asked == 1) & (data.treatment == 0)) | ((asked == -1) & (data.treatment == 1))
    gone = np.cumsum(departs)
    kept = gone - (gone - departs)[data.starts][data.person] == 0
    return kept, asked.astype(np.int64)


def _times_before(data: PersonPeriods) -> npt.NDArray[np.float64]:
    """In how many earlier periods each row's person was treated."""
    earlier = np.cumsum(data.treatment) - data.treatment
    found: npt.NDArray[np.float64] = earlier - earlier[data.starts][data.person]
    return found


def trials(
    data: PersonPeriods, analysed_as: Literal["per_protocol", "intention_to_treat"] = "per_protocol"
) -> Emulation:
    """Begin a trial in each period with those who were never treated before: who starts against who does not.

    (Hernán et al., Epidemiology 2008, 19, 766; Danaei et al., Stat Methods Med Res 2013, 22, 70.)

    Parameters
    ----------
    data : PersonPeriods
    analysed_as : {"per_protocol", "intention_to_treat"}
        Per protocol who departs from the arm is left out from there on.

    Returns
    -------
    Emulation

    Raises
    ------
    EmptyArm
        Nobody starts, or everybody does at once.
    """
    begins = np.flatnonzero(_times_before(data) == 0)
    ends = data.person[1:] != data.person[:-1]
    if analysed_as == "per_protocol":  # with the person's rows, or with the first change of treatment
        ends |= data.treatment[1:] != data.treatment[:-1]
    lasts = np.append(np.flatnonzero(ends), len(data.person) - 1)
    lengths = lasts[np.searchsorted(lasts, begins)] - begins + 1
    trial = np.repeat(np.arange(len(begins)), lengths)
    follow = np.arange(len(trial)) - (np.cumsum(lengths) - lengths)[trial]
    arms = data.treatment[begins].astype(np.int64)[trial]
    asked = np.where((follow == 0) | (analysed_as == "per_protocol"), 2 * arms - 1, 0)
    emulated = Emulation(begins[trial] + follow, trial, arms, follow, asked)
    for arm in (1, 0):
        if not (emulated.arm == arm).any():
            raise EmptyArm("nobody is in it", where=f"arm {arm}", mend="see the column of the treatment")
    return emulated
