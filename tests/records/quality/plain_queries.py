"""Each check as one plain statement, written from its published description alone; slow, and made for comparing.

The statements look every row up by itself (EXISTS), where the room groups and joins; nothing of the room's SQL is used.
Source of the descriptions: https://ohdsi.github.io/DataQualityDashboard/articles/checkIndex.html
"""

from __future__ import annotations

from datetime import date, timedelta

from bencao.records.quality.catalogue import Check

BIRTH = (
    "coalesce(p.birth_datetime::DATE, TRY_CAST(p.year_of_birth || '-' || coalesce(p.month_of_birth, 1) || '-' || "
    "coalesce(p.day_of_birth, 1) AS DATE))"
)
OBSERVATION_PERIODS = """
    SELECT count(DISTINCT person_id), (SELECT count(DISTINCT person_id) FROM cdm.observation_period)
    FROM cdm.observation_period a WHERE EXISTS (
        SELECT 1 FROM cdm.observation_period b WHERE b.person_id = a.person_id
        AND b.observation_period_id <> a.observation_period_id
        AND (a.observation_period_start_date <= b.observation_period_end_date
             AND a.observation_period_end_date >= b.observation_period_start_date
             OR a.observation_period_end_date + 1 = b.observation_period_start_date
             OR b.observation_period_end_date + 1 = a.observation_period_start_date))"""


def plain(check: Check, today: date) -> str:
    """A statement that gives the violating rows and the rows counted."""
    table, field = f"cdm.{check.table}", f"x.{check.field}"
    every = f"(SELECT count(*) FROM {table})"
    given = f"(SELECT count({check.field}) FROM {table})"
    violating = f"SELECT count(*), {{rows}} FROM {table} x WHERE "
    match check.name:
        case "measurePersonCompleteness":
            return (
                f"SELECT count(*), (SELECT count(*) FROM cdm.person) FROM cdm.person p WHERE NOT EXISTS "
                f"(SELECT 1 FROM {table} x WHERE x.person_id = p.person_id)"
            )
        case "measureConditionEraCompleteness":
            return (
                "SELECT count(DISTINCT person_id), (SELECT count(DISTINCT person_id) FROM cdm.condition_occurrence) "
                "FROM cdm.condition_occurrence c WHERE NOT EXISTS "
                "(SELECT 1 FROM cdm.condition_era e WHERE e.person_id = c.person_id)"
            )
        case "measureObservationPeriodOverlap":
            return OBSERVATION_PERIODS
        case "isRequired" | "measureValueCompleteness":
            return violating.format(rows=every) + f"{field} IS NULL"
        case "isPrimaryKey":
            same = f"(SELECT count(*) FROM {table} y WHERE y.{check.field} = {field})"
            return violating.format(rows=every) + f"{same} > 1"
        case "isForeignKey":
            target, _, key = check.value.partition(".")
            found = f"EXISTS (SELECT 1 FROM cdm.{target} k WHERE k.{key} = {field})"
            return violating.format(rows=every) + f"{field} IS NOT NULL AND NOT {found}"
        case "fkDomain":
            return violating.format(rows=every) + _concept(field, f"c.domain_id <> '{check.value}'")
        case "fkClass":
            return violating.format(rows=every) + _concept(field, f"c.concept_class_id <> '{check.value}'")
        case "isStandardValidConcept":
            wrong = "(coalesce(c.standard_concept, '') <> 'S' OR c.invalid_reason IS NOT NULL)"
            return violating.format(rows=given) + _concept(field, wrong)
        case "standardConceptRecordCompleteness" | "sourceConceptRecordCompleteness":
            if check.field == "unit_concept_id" and check.table in ("measurement", "observation"):
                counted = f"(SELECT count(value_as_number) FROM {table})"
                return violating.format(rows=counted) + f"{field} = 0 AND x.value_as_number IS NOT NULL"
            return violating.format(rows=every) + f"{field} = 0"
        case "sourceValueCompleteness":
            distinct = f"(SELECT count(*) FROM (SELECT DISTINCT {check.field} FROM {table}))"
            return (
                f"SELECT count(*), {distinct} FROM (SELECT DISTINCT {field} FROM {table} x WHERE x.{check.value} = 0)"
            )
        case "plausibleValueLow":
            return violating.format(rows=given) + f"{_plain_value(check)} < {_plain_bound(check, today)}"
        case "plausibleValueHigh":
            return violating.format(rows=given) + f"{_plain_value(check)} > {_plain_bound(check, today)}"
        case "plausibleTemporalAfter":
            other, _, column = check.value.partition(".")
            if other == check.table:
                return violating.format(rows=every) + f"x.{column} > {field}"
            born = f"SELECT 1 FROM cdm.person p WHERE p.person_id = x.person_id AND p.birth_datetime > {field}"
            return violating.format(rows=every) + f"EXISTS ({born})"
        case "plausibleDuringLife" | "plausibleBeforeDeath":
            dead = "EXISTS (SELECT 1 FROM cdm.death d WHERE d.person_id = x.person_id)"
            there = "" if check.name == "plausibleDuringLife" else f" AND {field} IS NOT NULL"
            counted = f"(SELECT count(*) FROM {table} x WHERE {dead}{there})"
            late = f"d.death_date + INTERVAL 60 DAY < {field}::DATE"
            return violating.format(rows=counted) + (
                f"EXISTS (SELECT 1 FROM cdm.death d WHERE d.person_id = x.person_id AND {late})"
            )
        case "plausibleAfterBirth":
            early = f"SELECT 1 FROM cdm.person p WHERE p.person_id = x.person_id AND {BIRTH} > {field}::DATE"
            return violating.format(rows=given) + f"EXISTS ({early})"
        case "withinVisitDates":
            visit = "SELECT 1 FROM cdm.visit_occurrence v WHERE v.visit_occurrence_id = x.visit_occurrence_id"
            before = f"{field}::DATE < v.visit_start_date - INTERVAL 7 DAY"
            outside = f"({before} OR {field}::DATE > v.visit_end_date + INTERVAL 7 DAY)"
            counted = f"(SELECT count(*) FROM {table} x WHERE EXISTS ({visit}))"
            return violating.format(rows=counted) + f"EXISTS ({visit} AND {outside})"
        case "plausibleStartBeforeEnd":
            both = f"(SELECT count(*) FROM {table} x WHERE {field} IS NOT NULL AND x.{check.value} IS NOT NULL)"
            return violating.format(rows=both) + f"{field} > x.{check.value}"
        case "plausibleGender" | "plausibleGenderUseDescendants":
            sex = {"Male": 8507, "Female": 8532}[check.value]
            among = f"{field} IN ({check.concept})"
            if check.name == "plausibleGenderUseDescendants":
                below = f"a.descendant_concept_id = {field} AND a.ancestor_concept_id IN ({check.concept})"
                among = f"EXISTS (SELECT 1 FROM cdm.concept_ancestor a WHERE {below})"
            other = f"SELECT 1 FROM cdm.person p WHERE p.person_id = x.person_id AND p.gender_concept_id <> {sex}"
            counted = f"(SELECT count(*) FROM {table} x WHERE {among})"
            return violating.format(rows=counted) + f"{among} AND EXISTS ({other})"
        case "plausibleUnitConceptIds":
            among = f"{field} IN ({check.concept}) AND x.value_as_number IS NOT NULL"
            unit = f"CASE WHEN x.unit_concept_id IS NULL THEN -1 ELSE x.unit_concept_id END NOT IN ({check.value})"
            return violating.format(rows=f"(SELECT count(*) FROM {table} x WHERE {among})") + f"{among} AND {unit}"
        case _:
            raise AssertionError(check.name)


def _concept(field: str, wrong: str) -> str:
    return f"EXISTS (SELECT 1 FROM cdm.concept c WHERE c.concept_id = {field} AND c.concept_id <> 0 AND {wrong})"


def _plain_value(check: Check) -> str:
    dated = check.value == "tomorrow" or check.value.count("-") == 2
    return f"x.{check.field}::DATE" if dated else f"x.{check.field}"


def _plain_bound(check: Check, today: date) -> str:
    if check.value == "tomorrow":
        return f"DATE '{today + timedelta(days=1)}'"
    if check.value == "next_year":
        return str(today.year + 1)
    return f"DATE '{check.value}'" if check.value.count("-") == 2 else check.value
