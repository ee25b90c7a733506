"""The rows that violate a check, as they stand in the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bencao.kernel.errors import InputError
from bencao.records.cdm.database import Database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.quality.catalogue import Check, catalogue
from bencao.records.quality.predicates import JOINS, predicate_of
from bencao.records.quality.scan import SEXES, descendants_of, listed_texts

_NOT_OF_ROWS = ("cdmTable", "cdmField", "cdmDatatype")


@dataclass(frozen=True)
class Violations:
    """Rows that violate a check.

    Attributes
    ----------
    check : Check
    columns : tuple of str
    rows : tuple of tuple
        The first of them, in the order of the table's key.
    total : int
    """

    check: Check
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int


def violating_rows(database: Database, identifier: str, *, limit: int = 100, today: date | None = None) -> Violations:
    """Give the rows that violate a check.

    Parameters
    ----------
    database : Database
    identifier : str
        Of the check.
    limit : int
        Most rows to give.
    today : date, optional
        As the check had it.

    Returns
    -------
    Violations

    Raises
    ------
    InputError
        Where there is no such check, it looks at no rows, or the database lacks its table.
    """
    check = next((one for one in catalogue() if one.id == identifier), None)
    if check is None:
        raise InputError("no check of this id", where=identifier[:120], mend="see `bencao records checks`")
    if check.name in _NOT_OF_ROWS:
        raise InputError("looks at the table's form, not at its rows", where=check.id, mend="see its problems")
    if check.table not in database.tables or (check.field and check.field not in database.tables[check.table].columns):
        raise InputError("its table or field is not in the database", where=check.id, mend="choose another check")
    source = _source_of(database, check, today or date.today())
    order = _order_of(check, database)
    # A join's own columns begin with an underscore; what is shown are the table's.
    total = database.connection.execute(f"SELECT count(*) FROM ({source})").fetchone()[0]
    found = database.connection.execute(f"SELECT * FROM ({source}){order} LIMIT {int(limit)}")
    columns = tuple(one[0] for one in found.description)
    return Violations(check, columns, tuple(found.fetchall()), total)


def _order_of(check: Check, database: Database) -> str:
    key = cdm_tables()[check.table].primary_key
    if check.level == "TABLE":
        return " ORDER BY ALL"
    return f' ORDER BY "{key}"' if key in database.tables[check.table].columns else " ORDER BY ALL"


def _source_of(database: Database, check: Check, today: date) -> str:
    if predicate := predicate_of(check, today):
        joins = " ".join(JOINS[join] for join in predicate.joins)
        joined = ", ".join(_SHOWN[join] for join in predicate.joins)
        shown = f"t.*, {joined}" if joined else "t.*"
        return f"SELECT {shown} FROM cdm.{check.table} t {joins} WHERE {predicate.violates} AND {predicate.counts}"
    if check.level == "TABLE":
        return _WHOLE[check.name].format(table=check.table)
    return f"SELECT t.* FROM cdm.{check.table} t WHERE {_condition(database, check)}"


_SHOWN = {
    "birth": "_born AS born",
    "death": "_died AS died",
    "visit": "_visit_from AS visit_from, _visit_to AS visit_to",
}
_WHOLE = {
    "measurePersonCompleteness": (
        "SELECT * FROM cdm.person WHERE person_id NOT IN "
        "(SELECT person_id FROM cdm.{table} WHERE person_id IS NOT NULL)"
    ),
    "measureConditionEraCompleteness": (
        "SELECT DISTINCT person_id FROM cdm.condition_occurrence WHERE person_id NOT IN "
        "(SELECT person_id FROM cdm.{table} WHERE person_id IS NOT NULL)"
    ),
    "measureObservationPeriodOverlap": (
        "SELECT DISTINCT a.person_id FROM cdm.{table} a JOIN cdm.{table} b ON a.person_id = b.person_id AND "
        "a.observation_period_id <> b.observation_period_id AND a.observation_period_start_date <= "
        "b.observation_period_end_date + 1 AND b.observation_period_start_date <= a.observation_period_end_date + 1"
    ),
}


def _condition(database: Database, check: Check) -> str:
    field = f't."{check.field}"'
    concepts = "concept_id FROM cdm.concept WHERE concept_id <> 0 AND"
    match check.name:
        case "isForeignKey":
            target, _, key = check.value.partition(".")
            return f"{field} IS NOT NULL AND {field} NOT IN (SELECT {key} FROM cdm.{target} WHERE {key} IS NOT NULL)"
        case "fkDomain":
            return f"{field} IN (SELECT {concepts} domain_id NOT IN ({listed_texts(check.value)}))"
        case "fkClass":
            return f"{field} IN (SELECT {concepts} concept_class_id NOT IN ({listed_texts(check.value)}))"
        case "isStandardValidConcept":
            return (
                f"{field} IN (SELECT {concepts} (standard_concept IS DISTINCT FROM 'S' OR invalid_reason IS NOT NULL))"
            )
        case "isPrimaryKey":
            return f"{field} IN (SELECT {check.field} FROM cdm.{check.table} GROUP BY 1 HAVING count(*) > 1)"
        case "sourceValueCompleteness":
            return f't."{check.value}" = 0'
        case "plausibleUnitConceptIds":
            listed = ", ".join(map(str, check.concepts))
            unit = f"coalesce(t.unit_concept_id, -1) NOT IN ({check.value})"
            return f"{field} IN ({listed}) AND t.value_as_number IS NOT NULL AND {unit}"
        case _:
            return _of_other_sex(database, check, field)


def _of_other_sex(database: Database, check: Check, field: str) -> str:
    wanted = set(check.concepts)
    if check.name == "plausibleGenderUseDescendants":
        wanted = descendants_of(database, check)
    listed = ", ".join(map(str, sorted(wanted))) or "NULL"
    persons = f"SELECT person_id FROM cdm.person WHERE gender_concept_id <> {SEXES[check.value]}"
    return f"{field} IN ({listed}) AND t.person_id IN ({persons})"
