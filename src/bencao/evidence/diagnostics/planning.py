"""The power of a study before it is run, and the least effect that it would find."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

from bencao.evidence.finite import Figures, reckoned
from bencao.evidence.protocol.protocol import OutcomeKind
from bencao.kernel.errors import InputError


@dataclass(frozen=True)
class Plan:
    """A study as it is planned.

    Attributes
    ----------
    kind : {"continuous", "binary", "time_to_event"}
    treated, untreated : float
        Persons of each arm; of weighted arms their effective sizes.
    spread : float
        Of a continuous outcome, its standard deviation within arms.
    risk : float
        Of a binary outcome, the comparator's.
    events : float
        Of a time to event, over both arms.
    level : float
        Of the two-sided test.

    Raises
    ------
    InputError
        What is out of range.
    """

    kind: OutcomeKind
    treated: float
    untreated: float
    spread: float = 1.0
    risk: float = 0.0
    events: float = 0.0
    level: float = 0.05

    def __post_init__(self) -> None:
        wanted: dict[str, tuple[float, float, float]] = {
            "treated": (self.treated, 2, 1e9),
            "untreated": (self.untreated, 2, 1e9),
            "level": (self.level, 1e-12, 0.5),
        }
        if self.kind not in get_args(OutcomeKind):
            raise InputError(f"no kind {self.kind}", where="kind", mend=f"give {', '.join(get_args(OutcomeKind))}")
        if self.kind == "continuous":
            wanted["spread"] = (self.spread, 1e-75, 1e75)
        elif self.kind == "binary":
            wanted["risk"] = (self.risk, 1e-9, 1 - 1e-9)
        else:
            wanted["events"] = (self.events, 1, self.treated + self.untreated)
        for name, (value, low, high) in wanted.items():
            if not low <= value <= high:
                raise InputError(f"{value} is out of range", where=name, mend=f"give {low:g} to {high:g}")


@dataclass(frozen=True)
class Powered(Figures):
    """What a plan can find.

    Attributes
    ----------
    measure : {"difference", "risk_difference", "hazard_ratio"}
    effect : float
    power : float
        Chance that the test finds such an effect.
    """

    measure: str
    effect: float
    power: float


@reckoned()
def power_of(plan: Plan, effect: float) -> Powered:
    """The chance to find an effect.

    Parameters
    ----------
    plan : Plan
    effect : float
        A difference of means; treated minus comparator risk; or a hazard ratio.

    Returns
    -------
    Powered

    Raises
    ------
    InputError
        No effect, or one that cannot be.

    References
    ----------
    Schoenfeld DA (1983). Biometrics 39, 499-503: of the hazard ratio. Means: the t test (Cohen 1988); risks: the normal
    approximation with variances of both arms (Statsmodels).

    Examples
    --------
    >>> round(power_of(Plan("time_to_event", 200, 200, events=133), 0.57).power, 2)
    0.9
    """
    from statsmodels.stats.power import TTestIndPower
    from statsmodels.stats.proportion import power_proportions_2indep

    ratio = plan.untreated / plan.treated
    if plan.kind == "continuous":
        if not 0 < abs(effect) < math.inf:
            raise InputError(f"{effect} is no difference", where="effect", mend="give one that is not 0")
        size = abs(effect) / plan.spread
        errors = size * math.sqrt(plan.treated * plan.untreated / (plan.treated + plan.untreated))
        power = float(TTestIndPower().power(size, plan.treated, plan.level, ratio=ratio))
        if math.isnan(power):  # SciPy's noncentral t distribution is no number far out, where the normal is near
            power = float(norm.sf(student.isf(plan.level / 2, plan.treated + plan.untreated - 2) - errors))
        return Powered("difference", effect, power)
    if plan.kind == "binary":
        if effect == 0 or not 0 < plan.risk + effect < 1:
            raise InputError(f"{effect} makes no risk", where="effect", mend="give one that leaves a risk from 0 to 1")
        found = power_proportions_2indep(effect, plan.risk, plan.treated, ratio=ratio, alpha=plan.level)
        return Powered("risk_difference", effect, float(found.power))
    if not 0 < effect < math.inf or effect == 1:
        raise InputError(f"{effect} is no hazard ratio", where="effect", mend="give one above 0 that is not 1")
    share = plan.treated / (plan.treated + plan.untreated)
    expected = abs(math.log(effect)) * math.sqrt(plan.events * share * (1 - share))
    critical = norm.isf(plan.level / 2)
    return Powered("hazard_ratio", effect, float(norm.sf(critical - expected) + norm.cdf(-critical - expected)))


@reckoned()
def least_effect(plan: Plan, power: float = 0.8) -> Powered:
    """The least harmful effect that is found with such power; of a hazard ratio the inverse is found as often.

    Parameters
    ----------
    plan : Plan
    power : float
        Above the level.

    Returns
    -------
    Powered

    Raises
    ------
    InputError
        A power that no effect reaches.
    """
    if not plan.level < power < 1:
        raise InputError(f"{power} is not between the level and 1", where="power", mend="give e.g. 0.8")
    if plan.kind == "time_to_event":
        low, high = 1 + 1e-9, 1e6
    elif plan.kind == "binary":
        low, high = 1e-9 * (1 - plan.risk), (1 - 1e-9) * (1 - plan.risk)
    else:
        low, high = 1e-9 * plan.spread, 1e3 * plan.spread
    if power_of(plan, high).power < power:
        raise InputError(f"no effect is found with power {power}", where="power", mend="plan more persons or events")
    found = float(brentq(lambda effect: power_of(plan, effect).power - power, low, high, xtol=1e-12, rtol=1e-9))
    return power_of(plan, found)
