"""What a protocol's estimators say of an outcome: in its own unit, and as a ratio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bencao.evidence.errors import EstimationError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import WITH_MEANS, Estimate, Settings, estimate, whole_estimate
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.imputing import DataSets, over

_HAZARDS = frozenset({"crude", "ipw", "overlap", "entropy"})
_PER_DEVIATION = 0.91  # log risk ratio of a difference of one standard deviation
_WIDEST = 5.0  # standard error of a log ratio from which it tells nothing


@dataclass(frozen=True)
class AsRatio:
    """The effect on the scale on which the errors of studies are known.

    Attributes
    ----------
    estimate : Estimate
        A log hazard or risk ratio; of a measured outcome ``log_ratio_of_difference``.
    unit : float or None
        Of a measured outcome, its difference for each unit of the log ratio.
    """

    estimate: Estimate
    unit: float | None = None


def estimated(protocol: Protocol, sets: DataSets, method: Any) -> Estimate:
    """The effect by one estimator with the protocol's settings, over imputations if any; raises as `estimate`."""
    return over(sets, by_method(protocol, sets, method))


def by_method(protocol: Protocol, sets: DataSets, method: Any) -> Callable[[StudyData], Estimate]:
    """What estimates the effect in one data set."""
    horizon = float(protocol.follow_up.days) if sets[0].kind == "time_to_event" else None
    return lambda data: estimate(data, method, _settings(protocol), horizon=horizon)


def as_ratio(protocol: Protocol, sets: DataSets) -> AsRatio:
    """The effect as a ratio, by the primary estimator where it gives one, else by inverse probability weights.

    Parameters
    ----------
    protocol : Protocol
    sets : tuple of StudyData
        Of a time to event a hazard ratio comes of it, of a binary outcome a risk ratio, and of a measured one the risk
        ratio that a difference of as many standard deviations stands for.

    Returns
    -------
    AsRatio

    Raises
    ------
    EstimationError
        Where there are too few events for a ratio.
    BencaoError
        As `estimate`.

    References
    ----------
    VanderWeele TJ, Ding P (2017). Annals of Internal Medicine 167, 268-274, table 2: exp(0.91 d).
    """
    primary: Any = protocol.analysis.primary
    data = sets[0]
    if data.kind == "continuous":
        unit = float(data.outcome.std(ddof=1)) / _PER_DEVIATION
        found = estimated(protocol, sets, primary)
        log, error = found.value / unit, found.standard_error / unit
        return AsRatio(whole_estimate(primary, found.estimand, "log_ratio_of_difference", log, error, found.n), unit)
    possible = WITH_MEANS if data.kind == "binary" else _HAZARDS
    method: Any = primary if primary in possible else "ipw"
    measure: Any = "log_risk_ratio" if data.kind == "binary" else "log_hazard_ratio"
    found = over(sets, lambda one: estimate(one, method, _settings(protocol), measure=measure))
    return AsRatio(told_enough(found))


def told_enough(found: Estimate) -> Estimate:
    """A log ratio that tells something; raises EstimationError where its error is beyond all use."""
    if found.standard_error > _WIDEST:
        raise EstimationError("too few events for a ratio", where="outcome", mend="follow persons longer")
    return found


def _settings(protocol: Protocol) -> Settings:
    analysis = protocol.analysis
    return Settings(analysis.estimand, analysis.trim, folds=analysis.folds, seed=analysis.seed)
