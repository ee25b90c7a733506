"""What a study gave: attrition, design, diagnostics, and the estimates unless they are kept back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bencao.evidence.diagnostics.design import Design, Diagnostic
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.protocol import Protocol


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
        The design's, and the number of events.
    estimates : tuple of Estimate
        The primary first; empty while diagnostics do not pass and no reason is given.
    despite : str
        Why results are shown though diagnostics do not pass.
    controls : tuple of (str, Estimate)
        The negative controls by the primary estimator; their true effect is 0.
    refused : tuple of (str, str)
        Negative controls that cannot be estimated, and why.
    curves : (tuple of float, tuple of float)
        Of strategies that last, the risk at the end of each period, treatment and comparator.
    """

    protocol: Protocol
    attrition: tuple[tuple[str, int], ...]
    design: Design
    diagnostics: tuple[Diagnostic, ...]
    estimates: tuple[Estimate, ...]
    despite: str
    controls: tuple[tuple[str, Estimate], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    curves: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())

    @property
    def hidden(self) -> bool:
        """Whether the results are kept back."""
        return not self.estimates

    def as_json(self) -> dict[str, Any]:
        """The study as JSON holds it."""
        return {
            "study": self.protocol.study,
            "protocol_sha256": self.protocol.digest,
            "protocol": self.protocol.model_dump(mode="json"),
            "attrition": [{"step": step, "persons": persons} for step, persons in self.attrition],
            "balance": [asdict(one) for one in self.design.balance],
            "effective_sizes": list(self.design.effective),
            "diagnostics": [asdict(one) for one in self.diagnostics],
            "hidden": self.hidden,
            "despite": self.despite,
            "estimates": [asdict(one) for one in self.estimates],
            "negative_controls": [{"name": name, **asdict(one)} for name, one in self.controls],
            "risks": {"treatment": list(self.curves[0]), "comparator": list(self.curves[1])},
            "negative_controls_refused": [{"name": name, "cause": cause} for name, cause in self.refused],
        }
