"""Person-periods whose risks under every strategy are known, with a confounder that varies and answers to treatment.

As Havercroft and Didelez (Stat Med 2012, 31, 4190): a frailty decides when a person has the event under each course
of treatment, and moves a marker; the marker, lowered by treatment, decides the next treatment. So the marker confounds,
and the marginal odds of the event in a period are exactly those of `HAZARDS`, whatever came before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

BASE, EFFECT = -2.2, -0.9  # log odds in a period untreated, and of treatment
HAZARDS = {arm: 1 / (1 + np.exp(-(BASE + EFFECT * arm))) for arm in (0, 1)}


def risk(course: list[int]) -> float:
    """Risk at the end of a course of treatment."""
    return 1 - float(np.prod([1 - HAZARDS[arm] for arm in course]))


def draw(persons: int, periods: int, seed: int, *, lost: float = 0.0, rule: str = "observed") -> pd.DataFrame:
    """Draw such person-periods.

    Parameters
    ----------
    persons, periods, seed : int
    lost : float
        Log odds by which the marker moves loss to follow-up; 0 loses nobody.
    rule : {"observed", "grace"}
        Treatment by the marker; or by the marker in periods 0 and 1, and by strategy from 2 on: start then, go on.
    """
    draws = np.random.default_rng(seed)
    frailty = draws.random(persons)  # the event comes when survival falls below it
    survival, here = np.ones(persons), np.ones(persons, dtype=bool)
    before = np.zeros(persons)
    rows = []
    for period in range(periods):
        marker = norm.ppf(1 - frailty) * 0.4 - 0.3 * before + draws.normal(scale=0.8, size=persons)
        chance = 1 / (1 + np.exp(-(-0.8 + 1.2 * marker + 1.6 * before)))
        treated = (draws.random(persons) < chance).astype(float)
        if rule == "grace":
            treated = np.where(before == 1, 1.0, treated if period < 2 else 1.0)
        begun = survival
        survival = survival * (1 - np.where(treated == 1, HAZARDS[1], HAZARDS[0]))
        event = here & (survival < frailty)
        told = {"person": np.arange(persons), "period": period, "a": treated, "y": event.astype(int), "marker": marker}
        rows.append(pd.DataFrame(told | {"frailty": frailty, "survival": begun, "before": before})[here])
        here = here & ~event
        if lost:
            here = here & (draws.random(persons) > 1 / (1 + np.exp(2.5 - lost * marker)))
        before = treated
    return pd.concat(rows, ignore_index=True)
