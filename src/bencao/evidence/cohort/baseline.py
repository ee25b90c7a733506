"""What was known of each person at time zero: covariates in their windows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bencao.evidence.cohort.engines import Engine
from bencao.evidence.cohort.entry import flag
from bencao.evidence.cohort.model import DOMAINS, Model
from bencao.evidence.errors import EmptyArm, StudyDataError
from bencao.evidence.protocol.concepts import Covariate
from bencao.evidence.protocol.protocol import Protocol

_SEXES = {8507: "male", 8532: "female"}  # the model's standard concepts; all others are told apart by their number


def read_baseline(engine: Engine, protocol: Protocol, cohort: Any) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read the cohort with its covariates; nothing after time zero is read.

    Parameters
    ----------
    engine : Engine
    protocol : Protocol
    cohort : ibis expression
        As `enter` gives it.

    Returns
    -------
    table : pandas.DataFrame
        ``person_id``, ``arm``, ``day``, and a column for each covariate, sorted by person.
    names : tuple of str
        The covariates' columns. A covariate by domain gives one for each concept, ``NAME=CONCEPT`` with the concept's
        own name behind it where the database has the vocabulary.

    Raises
    ------
    EmptyArm
        Nobody enters.
    StudyDataError
        A domain that is absent, or without a concept that enough persons have.
    """
    plan = cohort
    for place, one in enumerate(protocol.covariates):
        if one.events is not None and not one.varying:
            plan = flag(plan, engine.model.events(one.events), one.days, f"covariate_{place}")
    found = engine.rows(plan).sort_values("person_id", ignore_index=True)
    if found.empty:
        raise EmptyArm("nobody is left", where="eligibility", mend="widen it, or check the strategies' concepts")
    columns: dict[str, Any] = {}
    for place, one in enumerate(protocol.covariates):
        if one.varying:
            continue
        if one.given_by == "domain":
            columns |= _by_concept(engine, protocol, cohort, one, found.person_id)
        elif one.given_by == "age":
            columns[one.name] = (found.day - found.born) / 365.25
        elif one.given_by == "sex":
            columns[one.name] = [_SEXES.get(sex, str(sex)) for sex in found.sex]
        elif one.given_by == "year":
            columns[one.name] = pd.to_datetime(found.day, unit="D").dt.year.to_numpy()
        else:
            columns[one.name] = found[f"covariate_{place}"].to_numpy(dtype=float)
    table = pd.concat([found[["person_id", "arm", "day"]], pd.DataFrame(columns, index=found.index)], axis=1)
    return table, tuple(columns)


def concepts_in_window(model: Model, protocol: Protocol, cohort: Any, covariate: Covariate) -> Any:
    """``person_id``, ``concept_id``: each concept of a domain that a person has in the window.

    The strategies' own concepts are left out: they would tell the arms.
    """
    assert covariate.domain
    first, last = covariate.days
    events = model.domain(covariate.domain)
    pairs = cohort.select("person_id", "day").inner_join(events, "person_id")
    within = pairs.filter((pairs.start <= pairs.day + last) & (pairs.concept_id != 0))
    if first is not None:
        within = within.filter(within.start >= within.day + first)
    for strategy in protocol.strategies.given:
        own = model.concepts(strategy)
        within = within.filter(within.concept_id.notin(own.concept_id))
    return within.select("person_id", "concept_id").distinct()


def _by_concept(engine: Engine, protocol: Protocol, cohort: Any, one: Covariate, persons: Any) -> dict[str, Any]:
    assert one.domain
    if not engine.model.has(DOMAINS[one.domain][0]):
        raise StudyDataError("is absent or malformed", where=DOMAINS[one.domain][0], mend="see bencao records quality")
    had = concepts_in_window(engine.model, protocol, cohort, one)
    often = had.group_by("concept_id").agg(n=had.count()).filter(lambda rows: rows.n >= one.least)
    rows = engine.rows(had.semi_join(often, "concept_id"))
    names = _names(engine, often)
    found: dict[str, Any] = {}
    for concept, having in rows.groupby("concept_id"):
        has = persons.isin(having.person_id).to_numpy(dtype=float)
        if has.min() < has.max():
            found[f"{one.name}={concept}{names.get(concept, '')}"] = has
    if not found:
        raise StudyDataError(
            f"no concept of the domain {one.domain} that {one.least} persons have, and not all",
            where=one.name,
            mend="widen its days, or lower least",
        )
    return found


def _names(engine: Engine, concepts: Any) -> dict[int, str]:
    """What a vocabulary calls the concepts, each with a blank before it; empty where it is not loaded."""
    if not engine.model.has("concept"):
        return {}
    named = engine.rows(engine.model.table("concept").semi_join(concepts, "concept_id"))
    return {int(row.concept_id): f" {row.concept_name}" for row in named.dropna().itertuples()}
