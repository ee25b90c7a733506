"""Count in fused scans what violates the checks: one pass a table for its rows, one a column for its values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from bencao.records.cdm.database import Database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.quality.catalogue import Check
from bencao.records.quality.predicates import JOINED_TABLES, JOINS, Predicate, predicate_of
from bencao.records.sql import literal
from bencao.records.values.sexes import FEMALE, MALE

Counts = tuple[int, int]  # rows that violate, rows that are counted
_VALUE_CHECKS = ("isForeignKey", "fkDomain", "fkClass", "isStandardValidConcept")
SEXES = {"Male": MALE, "Female": FEMALE}
_BATCH = 150  # aggregates a statement: more take longer to plan than a second pass


def count_table(database: Database, checks: Sequence[Check], today: date) -> dict[str, Counts]:
    """Count for all checks of one table that is there and has rows.

    Parameters
    ----------
    database : Database
    checks : sequence of Check
        Of one table, and of columns that it has.
    today : date

    Returns
    -------
    dict of (int, int)
        By the check's id: rows that violate it, rows that are counted.
    """
    by_name: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        by_name[check.name].append(check)
    counts = dict(_of_rows(database, checks, today))
    counts |= _of_values(database, [check for name in _VALUE_CHECKS for check in by_name[name]])
    counts |= _of_source_values(database, by_name["sourceValueCompleteness"])
    counts |= _of_keys(database, by_name["isPrimaryKey"])
    counts |= _of_sexes(database, by_name["plausibleGender"] + by_name["plausibleGenderUseDescendants"])
    counts |= _of_units(database, by_name["plausibleUnitConceptIds"])
    return counts


def _of_rows(database: Database, checks: Sequence[Check], today: date) -> Iterator[tuple[str, Counts]]:
    predicates = {check.id: one for check in checks if (one := predicate_of(check, today))}
    groups: dict[tuple[str, ...], dict[str, Predicate]] = defaultdict(dict)
    for identifier, predicate in predicates.items():
        groups[predicate.joins][identifier] = predicate
    for joins, group in groups.items():
        for start in range(0, len(group), _BATCH):
            part = dict(list(group.items())[start : start + _BATCH])
            yield from _counted(database, checks[0].table, joins, part)


def _counted(
    database: Database, table: str, joins: tuple[str, ...], predicates: dict[str, Predicate]
) -> Iterator[tuple[str, Counts]]:
    """Count for several predicates in one scan; what two of them share is counted once."""
    wanted = {f"count(*) FILTER (WHERE {text})": "" for one in predicates.values() for text in _conditions(one)}
    found = database.connection.execute(
        f"SELECT {', '.join(wanted)} FROM cdm.{table} t {' '.join(JOINS[join] for join in joins)}"
    ).fetchone()
    numbers = dict(zip(wanted, found, strict=True))
    for identifier, predicate in predicates.items():
        violating, counted = (numbers[f"count(*) FILTER (WHERE {text})"] for text in _conditions(predicate))
        yield identifier, (violating, counted)


def _conditions(predicate: Predicate) -> tuple[str, str]:
    return predicate.violates, predicate.counts


def _of_values(database: Database, checks: Sequence[Check]) -> dict[str, Counts]:
    """Checks of what a field points to: its values are grouped first, so that each is looked up once."""
    fields: dict[str, dict[str, Check]] = defaultdict(dict)
    for check in checks:
        fields[check.field][check.name] = check
    if not fields:
        return {}
    table = checks[0].table
    statements = [_values_of(table, field, found) for field, found in fields.items()]
    rows = database.connection.execute(" UNION ALL ".join(statements)).fetchall()
    counts: dict[str, Counts] = {}
    for field, total, filled, absent, domain, concept_class, standard in rows:
        numbers: dict[str, Counts] = {
            "isForeignKey": (absent or 0, total),
            "fkDomain": (domain or 0, total),
            "fkClass": (concept_class or 0, total),
            "isStandardValidConcept": (standard or 0, filled or 0),
        }
        counts |= {check.id: numbers[name] for name, check in fields[field].items()}
    return counts


def _values_of(table: str, field: str, checks: dict[str, Check]) -> str:
    target, key = cdm_tables()[table].fields[field].foreign_table, cdm_tables()[table].fields[field].foreign_field
    grouped = f'(SELECT t."{field}" AS value, count(*) AS n FROM cdm.{table} t GROUP BY 1) h'
    if target == "concept" and key == "concept_id":
        columns = "any_value(domain_id) AS domain_id, any_value(concept_class_id) AS class_id, "
        columns += "any_value(standard_concept) AS standard, any_value(invalid_reason) AS invalid"
    else:
        columns = "NULL AS domain_id, NULL AS class_id, NULL AS standard, NULL AS invalid"
    looked_up = f"(SELECT {key} AS key, true AS there, {columns} FROM cdm.{target} GROUP BY 1) c"
    domains = listed_texts(checks["fkDomain"].value) if "fkDomain" in checks else "''"
    classes = listed_texts(checks["fkClass"].value) if "fkClass" in checks else "''"
    return (
        f"SELECT '{field}', sum(n), sum(n) FILTER (WHERE value IS NOT NULL), "
        "sum(n) FILTER (WHERE value IS NOT NULL AND there IS NULL), "
        f"sum(n) FILTER (WHERE CAST(value AS VARCHAR) <> '0' AND domain_id NOT IN ({domains})), "
        f"sum(n) FILTER (WHERE CAST(value AS VARCHAR) <> '0' AND class_id NOT IN ({classes})), "
        "sum(n) FILTER (WHERE there AND CAST(value AS VARCHAR) <> '0' AND "
        "(standard IS DISTINCT FROM 'S' OR invalid IS NOT NULL)) "
        f"FROM {grouped} LEFT JOIN {looked_up} ON h.value = c.key"
    )


def listed_texts(values: str) -> str:
    """Texts with commas between them, as SQL lists them."""
    return ", ".join(literal(one.strip()) for one in values.split(","))


def _of_source_values(database: Database, checks: Sequence[Check]) -> dict[str, Counts]:
    statements = [
        f"SELECT '{check.id}', count(*) FILTER (WHERE unmapped), count(*) FROM (SELECT t.\"{check.field}\", "
        f'coalesce(bool_or(t."{check.value}" = 0), false) AS unmapped FROM cdm.{check.table} t GROUP BY 1)'
        for check in checks
    ]
    return _counted_apart(database, statements)


def _of_keys(database: Database, checks: Sequence[Check]) -> dict[str, Counts]:
    statements = [
        f"SELECT '{check.id}', coalesce(sum(n) FILTER (WHERE value IS NOT NULL AND n > 1), 0), sum(n) FROM "
        f'(SELECT t."{check.field}" AS value, count(*) AS n FROM cdm.{check.table} t GROUP BY 1)'
        for check in checks
    ]
    return _counted_apart(database, statements)


def _of_sexes(database: Database, checks: Sequence[Check]) -> dict[str, Counts]:
    """Concepts of one sex: records are grouped by concept and their person's sex, which answers all of these checks."""
    if not checks:
        return {}
    table, field = checks[0].table, checks[0].field
    grouped = database.connection.execute(
        f'SELECT t."{field}", p.gender_concept_id, count(*) FROM cdm.{table} t LEFT JOIN (SELECT person_id, '
        "any_value(gender_concept_id) AS gender_concept_id FROM cdm.person GROUP BY 1) p USING (person_id) "
        "GROUP BY 1, 2"
    ).fetchall()
    by_concept: dict[int, list[tuple[int | None, int]]] = defaultdict(list)
    for concept, sex, number in grouped:
        by_concept[concept].append((sex, number))
    counts = {}
    for check in checks:
        wanted = set(check.concepts)
        if check.name == "plausibleGenderUseDescendants":
            wanted = descendants_of(database, check)
        found = [one for concept in wanted & by_concept.keys() for one in by_concept[concept]]
        other = sum(number for sex, number in found if sex is not None and sex != SEXES[check.value])
        counts[check.id] = (other, sum(number for _, number in found))
    return counts


def descendants_of(database: Database, check: Check) -> set[int]:
    """The concepts of a check and all below them."""
    listed = ", ".join(map(str, check.concepts))
    return {
        concept
        for (concept,) in database.connection.execute(
            f"SELECT DISTINCT descendant_concept_id FROM cdm.concept_ancestor WHERE ancestor_concept_id IN ({listed})"
        ).fetchall()
    }


def _of_units(database: Database, checks: Sequence[Check]) -> dict[str, Counts]:
    if not checks:
        return {}
    table, field = checks[0].table, checks[0].field
    grouped = database.connection.execute(
        f'SELECT t."{field}", coalesce(t.unit_concept_id, -1), count(*) FROM cdm.{table} t '
        "WHERE t.value_as_number IS NOT NULL GROUP BY 1, 2"
    ).fetchall()
    by_concept: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for concept, unit, number in grouped:
        by_concept[concept].append((unit, number))
    counts = {}
    for check in checks:
        plausible = {int(one) for one in check.value.split(",")}
        found = [one for concept in check.concepts for one in by_concept.get(concept, [])]
        counts[check.id] = (
            sum(number for unit, number in found if unit not in plausible),
            sum(number for _, number in found),
        )
    return counts


def _counted_apart(database: Database, statements: Sequence[str]) -> dict[str, Counts]:
    """Counts of statements that each give an id, rows that violate, rows that are counted; run as one."""
    if not statements:
        return {}
    rows = database.connection.execute(" UNION ALL ".join(statements)).fetchall()
    return {identifier: (int(violating), int(counted)) for identifier, violating, counted in rows}


def joins_there(database: Database, predicate: Predicate) -> str:
    """Name of a table that a predicate joins and the database lacks; empty where it has all."""
    missing = (JOINED_TABLES[join] for join in predicate.joins if JOINED_TABLES[join] not in database.tables)
    return next(missing, "")
