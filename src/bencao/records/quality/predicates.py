"""When a row violates a check of its field, as SQL over the row ``t`` and what is joined to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bencao.records.quality.catalogue import Check

# What may be joined to a row: its person's birth, death, and its visit. Where a key stands twice, a row violates a
# check if it does by any of them; so the latest birth, the earliest death and the narrowest visit are kept.
JOINS = {
    "birth": (
        "LEFT JOIN (SELECT person_id AS _birth_person, max(coalesce(CAST(birth_datetime AS DATE), TRY_CAST(concat("
        "lpad(CAST(year_of_birth AS VARCHAR), 4, '0'), '-', coalesce(month_of_birth, 1), '-', "
        "coalesce(day_of_birth, 1)) AS DATE))) AS _born, max(birth_datetime) AS _born_at FROM cdm.person "
        "GROUP BY person_id)"
        " ON t.person_id = _birth_person"
    ),
    "death": (
        "LEFT JOIN (SELECT person_id AS _death_person, min(death_date) AS _died FROM cdm.death GROUP BY person_id)"
        " ON t.person_id = _death_person"
    ),
    "visit": (
        "LEFT JOIN (SELECT visit_occurrence_id AS _visit, max(visit_start_date) AS _visit_from,"
        " min(visit_end_date) AS _visit_to FROM cdm.visit_occurrence GROUP BY visit_occurrence_id)"
        " ON t.visit_occurrence_id = _visit"
    ),
}
JOINED_TABLES = {"birth": "person", "death": "death", "visit": "visit_occurrence"}
DAYS_AFTER_DEATH = 60
DAYS_ROUND_VISIT = 7


@dataclass(frozen=True)
class Predicate:
    """A check as SQL.

    Attributes
    ----------
    violates, counts : str
        When a row violates it, and when it is counted at all.
    joins : tuple of str
        Names in `JOINS`.
    columns : tuple of str
        What it needs of the table.
    """

    violates: str
    counts: str
    joins: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def predicate_of(check: Check, today: date) -> Predicate | None:
    """The predicate of a check of rows; None for a check of a table or a concept, or of values that recur.

    Parameters
    ----------
    check : Check
    today : date
        What "the future" begins after.

    Returns
    -------
    Predicate or None
    """
    field = f't."{check.field}"'
    there = f"{field} IS NOT NULL"
    match check.name:
        case "isRequired" | "measureValueCompleteness":
            return Predicate(f"{field} IS NULL", "true", (), (check.field,))
        case "standardConceptRecordCompleteness" | "sourceConceptRecordCompleteness":
            return _completeness(check, field)
        case "plausibleValueLow":
            bound = _bound(check, today)
            return Predicate(f"{_as(field, bound)} < {bound}", there, (), (check.field,))
        case "plausibleValueHigh":
            bound = _bound(check, today)
            return Predicate(f"{_as(field, bound)} > {bound}", there, (), (check.field,))
        case "plausibleTemporalAfter":
            return _temporal_after(check, field)
        case "plausibleDuringLife":
            after = f"CAST({field} AS DATE) > _died + {DAYS_AFTER_DEATH}"
            return Predicate(after, "_death_person IS NOT NULL", ("death",), (check.field, "person_id"))
        case "plausibleBeforeDeath":
            after = f"CAST({field} AS DATE) > _died + {DAYS_AFTER_DEATH}"
            counted = f"_death_person IS NOT NULL AND {there}"
            return Predicate(after, counted, ("death",), (check.field, "person_id"))
        case "plausibleAfterBirth":
            return Predicate(f"CAST({field} AS DATE) < _born", there, ("birth",), (check.field, "person_id"))
        case "withinVisitDates":
            day = f"CAST({field} AS DATE)"
            outside = f"({day} < _visit_from - {DAYS_ROUND_VISIT} OR {day} > _visit_to + {DAYS_ROUND_VISIT})"
            return Predicate(outside, "_visit IS NOT NULL", ("visit",), (check.field, "visit_occurrence_id"))
        case "plausibleStartBeforeEnd":
            other = f't."{check.value}"'
            both = f"{there} AND {other} IS NOT NULL"
            return Predicate(f"{field} > {other}", both, (), (check.field, check.value))
        case _:
            return None


def _completeness(check: Check, field: str) -> Predicate:
    """Rows whose concept is 0; a unit's are counted only where there is a number that it is the unit of."""
    if check.field == "unit_concept_id" and check.table in ("measurement", "observation"):
        number = 't."value_as_number" IS NOT NULL'
        return Predicate(f"{field} = 0 AND {number}", number, (), (check.field, "value_as_number"))
    return Predicate(f"{field} = 0", "true", (), (check.field,))


def _temporal_after(check: Check, field: str) -> Predicate:
    table, _, other = check.value.partition(".")
    if table == check.table:
        return Predicate(f't."{other}" > {field}', "true", (), (check.field, other))
    return Predicate(f"_born_at > {field}", "true", ("birth",), (check.field, "person_id"))


def _bound(check: Check, today: date) -> str:
    if check.value == "tomorrow":
        return f"DATE '{today + timedelta(days=1)}'"
    if check.value == "next_year":
        return str(today.year + 1)
    return f"DATE '{check.value}'" if check.value.count("-") == 2 else check.value


def _as(field: str, bound: str) -> str:
    return f"CAST({field} AS DATE)" if bound.startswith("DATE") else field
