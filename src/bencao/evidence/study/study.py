"""What a study gave: attrition, design, diagnostics, and the estimates unless they are kept back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bencao.evidence.diagnostics.design import Design, Diagnostic
from bencao.evidence.diagnostics.power import Detectable
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.controls import Controls
from bencao.evidence.study.estimating import AsRatio
from bencao.evidence.study.imputing import Imputed
from bencao.evidence.study.sensitivity import Biased


@dataclass(frozen=True)
class Study:
    """What a protocol gave.

    Attributes
    ----------
    protocol : Protocol
    attrition : tuple of (str, int)
        Each step, and how many persons are left after it.
    design : Design
    diagnostics : tuple of Diagnostic
        The design's, the number of events, and the error of the negative controls.
    estimates : tuple of Estimate
        The primary first; empty while diagnostics do not pass and no reason is given.
    despite : str
        Why results are shown though diagnostics do not pass.
    controls : Controls
        The negative controls by the primary estimator; empty until the design passes or a reason is given.
    curves : (tuple of float, tuple of float)
        Of strategies that last, the risk at the end of each period, treatment and comparator.
    detectable : Detectable, optional
        The least effect that would be found; None until the outcome is read.
    ratio : AsRatio, optional
        The effect as a log ratio.
    no_ratio : str
        Why there is none though there are estimates.
    imputed : Imputed, optional
        What was missing and imputed.
    sensitivity : tuple of Biased
        The bias analyses that the protocol asks for.
    """

    protocol: Protocol
    attrition: tuple[tuple[str, int], ...]
    design: Design
    diagnostics: tuple[Diagnostic, ...]
    estimates: tuple[Estimate, ...] = ()
    despite: str = ""
    controls: Controls = field(default_factory=Controls)
    curves: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    detectable: Detectable | None = None
    ratio: AsRatio | None = None
    no_ratio: str = ""
    imputed: Imputed | None = None
    sensitivity: tuple[Biased, ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether the results are kept back."""
        return not self.estimates

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the diagnostics that do not pass."""
        return tuple(one.name for one in self.diagnostics if not one.passed)

    def as_json(self) -> dict[str, Any]:
        """The study as JSON holds it."""
        design, controls = self.design, self.controls
        return {
            "study": self.protocol.study,
            "protocol_sha256": self.protocol.digest,
            "protocol": self.protocol.model_dump(mode="json"),
            "attrition": [{"step": step, "persons": persons} for step, persons in self.attrition],
            "balance": [asdict(one) for one in design.balance],
            "sizes": list(design.sizes),
            "effective_sizes": list(design.effective),
            "overlap": [asdict(one) for one in design.overlap],
            "diagnostics": [asdict(one) for one in self.diagnostics],
            "detectable": asdict(self.detectable) if self.detectable else None,
            "hidden": self.hidden,
            "despite": self.despite,
            "estimates": [asdict(one) for one in self.estimates],
            "ratio": asdict(self.ratio) if self.ratio else None,
            "imputed": asdict(self.imputed) if self.imputed else None,
            "sensitivity": [asdict(one) for one in self.sensitivity],
            "risks": {"treatment": list(self.curves[0]), "comparator": list(self.curves[1])},
            "negative_controls": [{"name": name, **asdict(one)} for name, one in controls.estimates],
            "negative_control_ratios": [{"name": name, **asdict(one)} for name, one in controls.ratios],
            "negative_controls_refused": [{"name": name, "cause": cause} for name, cause in controls.refused],
        }
