"""Check the quality of a database: every check with numerator and denominator, or the reason why it does not apply."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import duckdb

from bencao.records.cdm.database import Database, OpenTable
from bencao.records.cdm.definition import cdm_tables
from bencao.records.errors import SchemaError, SourceError
from bencao.records.quality.catalogue import Check, catalogue
from bencao.records.quality.predicates import predicate_of
from bencao.records.quality.scan import Counts, count_table, joins_there

PASSED, FAILED, NOT_APPLICABLE, ERROR = "passed", "failed", "not_applicable", "error"
Key = TypeVar("Key", bound=Any)
STATUSES = (FAILED, PASSED, NOT_APPLICABLE, ERROR)
# Checks of a field that apply where it is empty.
_OF_EMPTY = ("cdmField", "isRequired", "measureValueCompleteness")


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Attributes
    ----------
    check : Check
    violated, rows : int or None
        Numerator and denominator; None where it does not apply or could not be run.
    reason : str
        Why not: ``table_absent``, ``table_empty``, ``field_absent``, ``field_empty``, ``concept_absent``,
        ``needs TABLE``, ``nothing_to_count``, or, where it could not be run, ``table_broken`` or the engine's error.
    threshold : float
        Per cent of rows that may violate it; the catalogue's own, or the user's.
    """

    check: Check
    violated: int | None
    rows: int | None
    reason: str
    threshold: float

    @property
    def percent(self) -> float | None:
        """Per cent of rows that violate it."""
        return 100 * self.violated / self.rows if self.violated is not None and self.rows else None

    @property
    def status(self) -> str:
        """``passed``, ``failed``, ``not_applicable`` or ``error``."""
        if self.percent is None:
            return ERROR if self.reason.startswith(("table_broken", "engine")) else NOT_APPLICABLE
        return FAILED if self.percent > self.threshold else PASSED


def counted_by(results: Iterable[CheckResult], key: Callable[[CheckResult], Key]) -> dict[Key, Counter[str]]:
    """How many results of each group have each status, by group in order."""
    found: dict[Key, Counter[str]] = {}
    for one in results:
        found.setdefault(key(one), Counter())[one.status] += 1
    return dict(sorted(found.items()))


def category_of(one: CheckResult) -> tuple[str, str]:
    """Kahn's category and context of a result's check."""
    return one.check.category, one.check.context


@dataclass(frozen=True)
class Quality:
    """The quality of a database.

    Attributes
    ----------
    source : str
        Name of the database.
    today : date
        What "the future" began after.
    results : tuple of CheckResult
        In the order of the catalogue.
    problems : tuple of SchemaError
        See `Database.problems`.
    rows : dict of int
        Rows of each table.
    """

    source: str
    today: date
    results: tuple[CheckResult, ...]
    problems: tuple[SchemaError, ...]
    rows: Mapping[str, int]

    def with_thresholds(self, thresholds: Mapping[str, float]) -> Quality:
        """The same counts judged by other thresholds; no data are read.

        Parameters
        ----------
        thresholds : dict of float
            Per cent, by a check's id, or by the name of its type for all of the type; an id goes before a name.
        """
        results = tuple(
            replace(
                one,
                threshold=thresholds.get(one.check.id, thresholds.get(one.check.name, one.threshold)),
            )
            for one in self.results
        )
        return replace(self, results=results)


def check_quality(
    database: Database,
    *,
    today: date | None = None,
    thresholds: Mapping[str, float] | None = None,
    checks: Iterable[Check] | None = None,
) -> Quality:
    """Run the checks of OHDSI's Data Quality Dashboard for OMOP CDM 5.4 on a database.

    All checks of a table's rows are counted in one pass, those of a column's values in one each.

    Parameters
    ----------
    database : Database
    today : date, optional
        What "the future" begins after; give it for a result that can be reproduced.
    thresholds : dict of float, optional
        See `Quality.with_thresholds`.
    checks : iterable of Check, optional
        All of the catalogue where not given.

    Returns
    -------
    Quality
    """
    today = today or date.today()
    chosen = tuple(catalogue() if checks is None else checks)
    by_table: dict[str, list[Check]] = defaultdict(list)
    for check in chosen:
        by_table[check.table].append(check)
    found: dict[str, CheckResult] = {}
    for table, group in by_table.items():
        found |= {one.check.id: one for one in _of_table(database, table, group, today)}
    rows = {name: table.rows for name, table in sorted(database.tables.items())}
    results = tuple(found[check.id] for check in chosen)
    quality = Quality(database.source, today, results, database.problems, rows)
    return quality.with_thresholds(thresholds) if thresholds else quality


def _of_table(database: Database, name: str, checks: Sequence[Check], today: date) -> Iterator[CheckResult]:
    table = database.tables.get(name)
    if table is None:
        yield from _of_absent(database, name, checks)
        return
    reasons = {check.id: _why_not(database, table, check, today) for check in checks}
    open_checks = [check for check in checks if not reasons[check.id]]
    counts: dict[str, Counts] = {check.id: _present(table, check) for check in checks if check.name.startswith("cdm")}
    try:
        counts |= _of_whole(database, open_checks)
        if table.rows:
            counts |= count_table(database, [check for check in open_checks if check.level != "TABLE"], today)
            reasons |= _of_empty_fields(open_checks, counts)
    except (duckdb.Error, SourceError) as error:
        # Its message may quote a value; its kind is enough.
        reasons |= {check.id: f"engine: {type(error).__name__}" for check in open_checks if check.id not in counts}
    for check in checks:
        violated, rows = (None, None) if reasons[check.id] else counts.get(check.id, (None, None))
        reason = reasons[check.id] or ("" if rows else _nothing(check))
        yield CheckResult(check, violated if rows else None, rows if rows else None, reason, check.threshold)


def _of_absent(database: Database, name: str, checks: Sequence[Check]) -> Iterator[CheckResult]:
    broken = name in database.broken
    for check in checks:
        if check.name == "cdmTable":
            yield CheckResult(check, 1, 1, "table_broken" if broken else "table_absent", check.threshold)
        else:
            yield CheckResult(check, None, None, "table_broken" if broken else "table_absent", check.threshold)


def _why_not(database: Database, table: OpenTable, check: Check, today: date) -> str:
    """Why a check cannot be run on a table that is there; empty where it can."""
    if check.name in ("cdmTable", "cdmField"):
        return ""
    if check.level == "TABLE":
        return _lacking(database, *_TABLES_OF.get(check.name, ()))
    if not table.rows:
        return "table_empty"
    if check.field not in table.columns:
        return "field_absent"
    if predicate := predicate_of(check, today):
        if any(column not in table.columns for column in predicate.columns):
            return "field_absent"
        return f"needs {missing}" if (missing := joins_there(database, predicate)) else ""
    if check.name == "sourceValueCompleteness" and check.value not in table.columns:
        return "field_absent"
    if check.name == "plausibleUnitConceptIds":
        needed = {"unit_concept_id", "value_as_number"} - set(table.columns)
        return "field_absent" if needed else ""
    if check.name in ("isForeignKey", "fkDomain", "fkClass", "isStandardValidConcept"):
        return _lacking(database, cdm_tables()[check.table].fields[check.field].foreign_table)
    if check.name == "plausibleGender":
        return _lacking(database, "person")
    if check.name == "plausibleGenderUseDescendants":
        return _lacking(database, "person", "concept_ancestor")
    return ""


_TABLES_OF = {
    "measurePersonCompleteness": ("person",),
    "measureConditionEraCompleteness": ("condition_occurrence",),
}


def _lacking(database: Database, *tables: str) -> str:
    missing = next((name for name in tables if name not in database.tables), "")
    return f"needs {missing}" if missing else ""


def _present(table: OpenTable, check: Check) -> Counts:
    """Checks of what is there: a table, a column, and values that are no integers."""
    if check.name == "cdmTable":
        return 0, 1
    if check.name == "cdmField":
        return int(check.field not in table.columns), 1
    return table.uncast.get(check.field, 0), table.rows


def _of_whole(database: Database, checks: Sequence[Check]) -> dict[str, Counts]:
    """Checks of persons: who has no record, no era, or periods that overlap."""
    counts: dict[str, Counts] = {}
    for check in checks:
        if check.name in _WHOLE:
            text = _WHOLE[check.name].format(table=check.table)
            violated, rows = database.connection.execute(text).fetchone()
            counts[check.id] = (violated or 0, rows or 0)
    return counts


_WHOLE = {
    "measurePersonCompleteness": (
        "SELECT count(*) FILTER (WHERE p.person_id IS NOT NULL AND has IS NULL), count(*) FROM cdm.person p LEFT JOIN "
        "(SELECT DISTINCT person_id AS has FROM cdm.{table}) h ON p.person_id = has"
    ),
    "measureConditionEraCompleteness": (
        "SELECT count(*) FILTER (WHERE has IS NULL), count(*) FROM (SELECT DISTINCT person_id FROM "
        "cdm.condition_occurrence WHERE person_id IS NOT NULL) p LEFT JOIN "
        "(SELECT DISTINCT person_id AS has FROM cdm.{table}) h ON p.person_id = has"
    ),
    # A period touches one before it where it begins no later than the day after the latest end so far.
    "measureObservationPeriodOverlap": (
        "SELECT count(*) FILTER (WHERE touches), count(*) FROM (SELECT person_id, bool_or(coalesce("
        "observation_period_start_date <= latest + 1, false)) AS touches FROM (SELECT person_id, "
        "observation_period_start_date, max(observation_period_end_date) OVER (PARTITION BY person_id ORDER BY "
        "observation_period_start_date, observation_period_end_date, observation_period_id ROWS BETWEEN UNBOUNDED "
        "PRECEDING AND 1 PRECEDING) AS latest FROM cdm.{table}) GROUP BY person_id)"
    ),
}


def _of_empty_fields(checks: Sequence[Check], counts: Mapping[str, Counts]) -> dict[str, str]:
    """A check of a field without any value does not apply, but for those that ask just this."""
    empty = {
        check.field
        for check in checks
        if check.name == "measureValueCompleteness" and counts[check.id][0] == counts[check.id][1]
    }
    return {check.id: "field_empty" for check in checks if check.field in empty and check.name not in _OF_EMPTY}


def _nothing(check: Check) -> str:
    return "concept_absent" if check.level == "CONCEPT" else "nothing_to_count"
