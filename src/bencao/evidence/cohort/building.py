"""A cohort from a database in the common data model."""

from __future__ import annotations

from typing import Any

from bencao.evidence.cohort.baseline import read_baseline
from bencao.evidence.cohort.cohort import ARM, OUTCOME, TIME, Cohort
from bencao.evidence.cohort.engines import Engine
from bencao.evidence.cohort.entry import enter
from bencao.evidence.cohort.follow_up import read_outcome, share_followed
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import OutcomeKind, Protocol


def build_cohort(protocol: Protocol, engine: Engine) -> Cohort:
    """Choose persons by the protocol, and read what was known of them at time zero.

    Parameters
    ----------
    protocol : Protocol
        Over a common data model.
    engine : Engine
        See `open_engine`.

    Returns
    -------
    Cohort
        The same on every engine. Its outcomes are read from the engine only when its `read` is called.

    Raises
    ------
    EmptyArm
        Nobody enters.
    StudyDataError
        A table that is needed and not there.
    """
    entered, attrition = enter(engine, protocol)
    people, covariates = read_baseline(engine, protocol, entered)
    people = people.rename(columns={"arm": ARM}).astype({ARM: float})

    def read(events: Events, control: bool) -> tuple[Any, OutcomeKind]:
        found = read_outcome(engine, protocol, entered, events)
        if protocol.outcome.kind == "binary":
            found = found.drop(columns="time")
        return found.rename(columns={"outcome": OUTCOME, "time": TIME}), protocol.outcome.kind

    return Cohort(people, "person_id", covariates, attrition, read, share_followed(engine, protocol, entered))
