"""The least effect that a study of this size would find, told without knowing who had which treatment."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import norm

from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.finite import Figures

_LEVEL, _POWER = 0.05, 0.8


@dataclass(frozen=True)
class Detectable(Figures):
    """An effect that a two-sided test at the 5 % level finds four times in five.

    Attributes
    ----------
    measure : {"difference", "risk_difference", "hazard_ratio"}
        In the outcome's unit; of a time to event a ratio above 1, whose inverse is found as often.
    value : float
    persons : int
    events : int or None
        Over both arms; None of a measured outcome.
    """

    measure: str
    value: float
    persons: int
    events: int | None


def detectable(data: StudyData, effective: tuple[float, float]) -> Detectable:
    """The minimal detectable effect, from the outcome of both arms together and their effective sizes.

    Parameters
    ----------
    data : StudyData
    effective : (float, float)
        Effective sample size of treatment and comparator under the study's weights.

    Returns
    -------
    Detectable

    References
    ----------
    Schoenfeld DA (1983). Sample-size formula for the proportional-hazards regression model. Biometrics 39, 499-503.
    For means and risks the normal approximation with the variance of no effect.
    """
    needed = float(norm.ppf(1 - _LEVEL / 2) + norm.ppf(_POWER))
    parts = 1 / effective[0] + 1 / effective[1]
    if data.kind == "continuous":
        return Detectable("difference", needed * float(data.outcome.std(ddof=1)) * math.sqrt(parts), data.n, None)
    events = int((data.outcome == 1).sum())
    share = events / data.n
    if data.kind == "binary":
        return Detectable("risk_difference", needed * math.sqrt(share * (1 - share) * parts), data.n, events)
    return Detectable("hazard_ratio", math.exp(needed * math.sqrt(parts / share)), data.n, events)
