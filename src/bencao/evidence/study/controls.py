"""Negative controls of a study: outcomes that the treatment cannot cause, estimated as its own outcome is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bencao.evidence.calibration.systematic_error import FEWEST, SystematicError, fit_error
from bencao.evidence.diagnostics.design import Diagnostic
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.steps import Steps
from bencao.kernel.errors import BencaoError


@dataclass(frozen=True)
class Controls:
    """What negative controls showed; the truth of each is no effect.

    Attributes
    ----------
    estimates : tuple of (str, Estimate)
        By the primary estimator.
    ratios : tuple of (str, Estimate)
        The same as log ratios, of those that have enough events.
    refused : tuple of (str, str)
        What cannot be estimated, and why.
    """

    estimates: tuple[tuple[str, Estimate], ...] = ()
    ratios: tuple[tuple[str, Estimate], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def error(self) -> SystematicError | None:
        """The error beyond chance; None where fewer than five have a ratio."""
        if len(self.ratios) < FEWEST:
            return None
        return fit_error(*([getattr(one, key) for _, one in self.ratios] for key in ("value", "standard_error")))

    def diagnostics(self, greatest: float) -> tuple[Diagnostic, ...]:
        """The expected absolute error against the greatest allowed; empty where the controls are too few."""
        error = self.error
        if error is None:
            return ()
        return (Diagnostic("systematic_error", error.expected, greatest, error.expected <= greatest),)


def estimate_controls(
    protocol: Protocol,
    effect: Callable[[Events], tuple[Estimate, Callable[[], Estimate]]],
    steps: Steps,
) -> Controls:
    """Estimate every negative control of a protocol; one that is too rare does not end the study.

    Parameters
    ----------
    protocol : Protocol
    effect : callable
        From a control to its estimate, and to what gives the same as a log ratio.
    steps : Steps
        Told of each; what it raises ends the study.

    Returns
    -------
    Controls
    """
    found, ratios, refused = [], [], []
    for one in protocol.negative_controls:
        steps.begin("controls")
        try:
            plain, ratio = effect(one)
            found.append((one.name, plain))
            ratios.append((one.name, ratio()))
        except BencaoError as error:
            refused.append((one.name, f"{error.kind}: {error.cause}"))
    return Controls(tuple(found), tuple(ratios), tuple(refused))
