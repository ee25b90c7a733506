"""The tables of the OMOP common data model as lazy plans: persons, observation, events of a concept set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis

from bencao.evidence.errors import StudyDataError
from bencao.evidence.protocol.concepts import Events

# Of each domain its table, and in it the columns of concept, first day and last day.
DOMAINS = {
    "drug": ("drug_exposure", "drug_concept_id", "drug_exposure_start_date", "drug_exposure_end_date"),
    "condition": ("condition_occurrence", "condition_concept_id", "condition_start_date", "condition_end_date"),
    "procedure": ("procedure_occurrence", "procedure_concept_id", "procedure_date", ""),
    "measurement": ("measurement", "measurement_concept_id", "measurement_date", ""),
    "observation": ("observation", "observation_concept_id", "observation_date", ""),
}
NEEDED = {
    **{table: tuple(one for one in ("person_id", *columns) if one) for table, *columns in DOMAINS.values()},
    "person": ("person_id", "gender_concept_id", "year_of_birth"),
    "observation_period": ("person_id", "observation_period_start_date", "observation_period_end_date"),
    "concept_ancestor": ("ancestor_concept_id", "descendant_concept_id"),
    "concept": ("concept_id", "concept_name"),
}
OPTIONAL = {"person": ("month_of_birth", "day_of_birth"), "drug_exposure": ("days_supply",)}
TEXTS = frozenset({"concept_name"})
DATES = frozenset(column for columns in NEEDED.values() for column in columns if column.endswith("_date"))


@dataclass(frozen=True)
class Model:
    """Which tables and columns of the model a database has.

    Attributes
    ----------
    columns : dict of frozenset of str
        By table, in lower case; what cannot be used is left out.
    """

    columns: Mapping[str, frozenset[str]]

    def has(self, table: str) -> bool:
        """Whether the database has a table with all columns that a study needs."""
        wanted = {one for one in NEEDED[table] if not one.endswith("_end_date") or table == "observation_period"}
        return wanted <= self.columns.get(table, frozenset())

    def table(self, name: str) -> Any:
        """A table as an expression of the columns that studies use; raises StudyDataError where it is absent."""
        if not self.has(name):
            raise StudyDataError("is absent or malformed", where=name, mend="see bencao records quality")
        there = [one for one in (*NEEDED[name], *OPTIONAL.get(name, ())) if one in self.columns[name]]
        kinds = {one: "date" if one in DATES else "string" if one in TEXTS else "int64" for one in there}
        return ibis.table(kinds, name=name)

    def persons(self) -> Any:
        """``person_id``, ``born`` (day), ``sex``; persons who stand twice or have no year of birth are left out.

        A day of birth that is not known is the first of its month, an unknown month January.
        """
        table = self.table("person")
        month, day = (
            table[one].fill_null(1) if one in table.columns else ibis.literal(1)
            for one in ("month_of_birth", "day_of_birth")
        )
        usual = ibis.ifelse(month.between(1, 12), month, 1), ibis.ifelse(day.between(1, 28), day, 1)
        late = ibis.ifelse(day > 28, day.clip(upper=31) - 28, 0)  # so that no day is one that its month lacks
        born = day_number(ibis.date(table.year_of_birth.cast("int32"), *(one.cast("int32") for one in usual))) + late
        return (
            table.mutate(born=born)
            .filter(table.year_of_birth.notnull())
            .group_by("person_id")
            .having(lambda rows: rows.count() == 1)
            .agg(born=lambda rows: rows.born.min(), sex=lambda rows: rows.gender_concept_id.min())
        )

    def observed(self) -> Any:
        """``person_id``, ``first``, ``last``: the days of each period of observation."""
        table = self.table("observation_period")
        return table.select(
            "person_id",
            first=day_number(table.observation_period_start_date),
            last=day_number(table.observation_period_end_date),
        )

    def events(self, events: Events) -> Any:
        """``person_id``, ``start``, ``end`` (days) of all events of a concept set, in every domain that is there.

        Raises
        ------
        StudyDataError
            Descendants are wanted and ``concept_ancestor`` is absent, or no table of events is there.
        """
        domains = [one for one in DOMAINS if self.has(DOMAINS[one][0])]
        if not domains:
            raise StudyDataError("no table of events is there", where=events.name, mend="see bencao records quality")
        wanted = self.concepts(events)
        found = [self.domain(domain).semi_join(wanted, "concept_id") for domain in domains]
        return reduce(lambda one, other: one.union(other), [one.select("person_id", "start", "end") for one in found])

    def domain(self, domain: str) -> Any:
        """``person_id``, ``concept_id``, ``start``, ``end`` (days) of all events of a domain.

        An exposure without an end lasts its days' supply, or one day; so does one that ends before it starts.
        """
        name, concept, start, end = DOMAINS[domain]
        table = self.table(name)
        first = day_number(table[start])
        last = first
        if "days_supply" in table.columns:
            last = first + table.days_supply.fill_null(1).clip(lower=1) - 1
        if end in table.columns:
            last = ibis.coalesce(day_number(table[end]), last)
        shown = table.select("person_id", concept_id=table[concept], start=first, end=ibis.greatest(first, last))
        return shown.filter(shown.start.notnull() & shown.person_id.notnull())

    def concepts(self, events: Events) -> Any:
        """``concept_id`` of a concept set, with its descendants where they are wanted."""
        named = ibis.literal(list(events.concepts), "array<int64>").unnest().name("concept_id").as_table()
        if not events.descendants:
            return named
        if not self.has("concept_ancestor"):
            raise StudyDataError(
                "concept_ancestor is absent, so that there are no descendants",
                where=events.name,
                mend="load the vocabulary, or write descendants: false",
            )
        ancestors = self.table("concept_ancestor")
        below = ancestors.filter(ancestors.ancestor_concept_id.isin(events.concepts))
        return named.union(below.select(concept_id=below.descendant_concept_id)).distinct()


def day_number(date: Any) -> Any:
    """Days since 1970, so that all further arithmetic is the same on every engine."""
    return date.delta(ibis.date("1970-01-01"), unit="day").cast("int64")
