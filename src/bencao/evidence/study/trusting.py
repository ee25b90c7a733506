"""How far an answer should be trusted against a trial: calibrated by its own controls and by known emulations."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from bencao.evidence.bias.e_value import EValue, Scale, e_value
from bencao.evidence.calibration.controls import Control
from bencao.evidence.calibration.emulation import CITATION, Closeness, Ratio
from bencao.evidence.calibration.systematic_error import FEWEST
from bencao.evidence.calibration.trust import Calibrated, Degree, calibrate, degree
from bencao.evidence.study.estimating import AsRatio
from bencao.evidence.study.study import Study

_RARE = 0.15  # share with the event below which a hazard ratio is near a risk ratio (VanderWeele and Ding 2017)


@dataclass(frozen=True)
class Trusted:
    """An answer beside what a trial would say.

    Attributes
    ----------
    raw : AsRatio
    answer : Calibrated
        By the emulations that are as close as the protocol says, or by all where it does not say, and by the study's
        own negative controls where there are enough.
    close, loose : Calibrated
        By close and by loose emulations alone.
    degree : {"high", "moderate", "low", "moved"}
        Of `answer`; low where a diagnostic does not pass, no more than moderate where the interval of the primary
        estimate includes 0.
    e_value : EValue
        How strong an unmeasured confounder would have to be.
    """

    raw: AsRatio
    answer: Calibrated
    close: Calibrated
    loose: Calibrated
    degree: Degree
    e_value: EValue

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return {
            "degree": self.degree,
            "measure": self.raw.estimate.measure,
            "method": self.raw.estimate.method,
            "unit": self.raw.unit,
            **{name: getattr(self, name).as_json() for name in ("answer", "close", "loose")},
            "e_value": asdict(self.e_value),
            "source": CITATION,
        }


def trusted(study: Study) -> Trusted | None:
    """Calibrate a study's answer; None where it has no ratio, or its results are kept back.

    Negative controls enter where five or more have a ratio. They do not calibrate a measured outcome, for whose
    difference in standard deviations the error of events says nothing.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Trusted or None
    """
    if study.ratio is None:
        return None
    found = study.ratio.estimate
    raw = Ratio(*(math.exp(one) for one in (found.value, found.low, found.high)))
    own = [Control(name, one.value, one.standard_error) for name, one in study.controls.ratios]
    if len(own) < FEWEST or study.ratio.unit is not None:
        own = []
    declared: Closeness | None = study.protocol.emulates.closeness if study.protocol.emulates else None
    answer = calibrate(raw, declared, own)
    close, loose = calibrate(raw, "close"), calibrate(raw, "loose")
    scale: Scale = "hazard_ratio" if found.measure == "log_hazard_ratio" else "risk_ratio"
    told = study.detectable
    rare = bool(told and told.events is not None and told.events < _RARE * told.persons)
    strength = e_value(raw.ratio, raw.low, raw.high, scale, rare=rare)
    return Trusted(study.ratio, answer, close, loose, _degree(study, answer), strength)


def _degree(study: Study, answer: Calibrated) -> Degree:
    """No higher than diagnostics and the primary estimate, which may be another than the ratio's, bear out."""
    told, primary = degree(answer), study.estimates[0]
    if study.failed:
        return "low"
    return "moderate" if told == "high" and primary.low < 0 < primary.high else told
