"""Who entered a study, without any outcome, and how an outcome is read once the design has passed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import OutcomeKind

# Columns of these names stand in errors too.
ARM = "strategies: arm"
OUTCOME = "outcome"
TIME = "outcome: time"


@dataclass(frozen=True)
class Cohort:
    """The persons of a study.

    Attributes
    ----------
    people : pandas.DataFrame
        One row a person: `ARM` (1, 0), the person, covariates; no outcome.
    person : str
        Column of the person.
    covariates : tuple of str
    attrition : tuple of (str, int)
        Each step, and how many persons are left after it.
    read : callable
        From events, and whether they are a negative control, to a pandas.DataFrame in the order of `people` with
        `OUTCOME` and, of a time to event, `TIME`; and the kind of it.
    followed : float or None
        Share of persons who are followed to the last day; None where the data do not tell.
    """

    people: Any
    person: str
    covariates: tuple[str, ...]
    attrition: tuple[tuple[str, int], ...]
    read: Callable[[Events, bool], tuple[Any, OutcomeKind]]
    followed: float | None = None
