"""Who is in the extract: the cohort's steps in SQL, and how many persons each leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bencao.kernel.errors import InputError
from bencao.records.cdm.database import Database
from bencao.records.release.columns import SEARCHED, TABLES
from bencao.records.release.request import Cohort, Request, Rule


@dataclass(frozen=True)
class Step:
    """A step of the cohort.

    Attributes
    ----------
    kind : str
        ``all``, ``single``, ``entry``, ``dates``, ``age``, ``sex``, ``observed``, ``include``, ``exclude``,
        ``anonymity``.
    detail : str
        As the request has it.
    persons : int
        Left after it.
    """

    kind: str
    detail: str
    persons: int


def choose(database: Database, request: Request, where: str) -> list[Step]:
    """Choose the cohort, into the table ``chosen``: person_id, index_date, birth.

    Parameters
    ----------
    database : Database
    request : Request
    where : str
        Name of the request's file, for errors.

    Returns
    -------
    list of Step

    Raises
    ------
    InputError
        Where a table that the request needs is not there.
    """
    connection, cohort = database.connection, request.cohort
    for name in ("person", "observation_period"):
        if name not in database.tables:
            raise InputError(f"{name} is absent or malformed", where=database.source, mend="mend that table")
    _born(database)
    _find_hits(database, request, where)
    everybody = connection.execute("SELECT count(DISTINCT person_id) FROM cdm.person").fetchone()[0]
    steps = [Step("all", "", everybody)]
    single = connection.execute("SELECT count(*) FROM born").fetchone()[0]
    if single < everybody:
        steps.append(Step("single", "", single))
    steps += _enter(connection, cohort)
    for kind, detail, condition, values in _conditions(cohort):
        connection.execute(f"DELETE FROM chosen WHERE NOT coalesce({condition}, false)", values)
        steps.append(Step(kind, detail, count_of(connection)))
    return steps


def count_of(connection: Any) -> int:
    """Persons in ``chosen``."""
    return int(connection.execute("SELECT count(*) FROM chosen").fetchone()[0])


def _born(database: Database) -> None:
    """Days of birth; of a year alone its first day, as OHDSI's tools count. Persons of two records are left out."""
    there = database.tables["person"].columns
    parts = (f"{name}_of_birth" for name in ("year", "month", "day"))
    year, month, day = (name if name in there else "NULL" for name in parts)
    whole = f"TRY(make_date({year}, coalesce({month}, 1), coalesce({day}, 1)))"
    exact = "CAST(birth_datetime AS DATE)" if "birth_datetime" in there else "NULL"
    database.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE born AS SELECT person_id, min(coalesce({exact}, {whole}, "
        f"TRY(make_date({year}, 1, 1)))) AS birth, min(gender_concept_id) AS sex FROM cdm.person "
        "WHERE person_id IS NOT NULL GROUP BY person_id HAVING count(*) = 1"
    )


def _find_hits(database: Database, request: Request, where: str) -> None:
    """Every event of a concept set that the cohort names, into ``hits``: set, table, person_id, day."""
    connection, cohort = database.connection, request.cohort
    connection.execute("CREATE OR REPLACE TEMP TABLE hits (name VARCHAR, origin VARCHAR, person_id BIGINT, day DATE)")
    wanted: dict[str, set[str]] = {}
    for names, tables in [
        *([(cohort.entry.any_of, cohort.entry.tables)] if cohort.entry else []),
        *(((rule.set,), rule.tables) for rule in (*cohort.include, *cohort.exclude)),
    ]:
        for table in tables:
            if table not in database.tables:
                raise InputError(f"{table} is absent or malformed", where=f"{where}: cohort", mend="mend that table")
        for name in names:
            wanted.setdefault(name, set()).update(tables or (one for one in SEARCHED if one in database.tables))
    for name, searched in sorted(wanted.items()):
        concepts = _concepts_of(database, request, name, where)
        codes = [code.strip().upper() for code in request.concept_sets[name].codes]
        for table in sorted(searched):
            _hit(database, name, table, concepts, codes)


def _concepts_of(database: Database, request: Request, name: str, where: str) -> list[int]:
    one = request.concept_sets[name]
    if not one.concepts or not one.descendants:
        return sorted(set(one.concepts) - set(one.without))
    ancestors = database.tables.get("concept_ancestor")
    if ancestors is None or not ancestors.rows:
        raise InputError(
            "concept_ancestor is absent or empty, so there are no descendants",
            where=f"{where}: concept_sets.{name}",
            mend="load a vocabulary, or write `descendants: false`",
        )
    text = (
        "SELECT descendant_concept_id FROM cdm.concept_ancestor WHERE list_contains(?::BIGINT[], ancestor_concept_id)"
    )
    found, left_out = (
        {row[0] for row in database.connection.execute(text, [list(ids)]).fetchall()} | set(ids)
        for ids in (one.concepts, one.without)
    )
    return sorted(found - left_out)


def _hit(database: Database, name: str, table: str, concepts: list[int], codes: list[str]) -> None:
    released, there = TABLES[table], database.tables[table].columns
    if released.start not in there or "person_id" not in there:
        return
    tests: list[str] = []
    values: list[list[Any]] = []
    if concepts and released.concept in there:
        tests.append(f"{released.concept} IN (SELECT unnest(?::BIGINT[]))")
        values.append(concepts)
    if codes and released.source_value in there:
        whole, begun = [one for one in codes if "*" not in one], [one.rstrip("*") for one in codes if "*" in one]
        code = f"upper(trim({released.source_value}))"
        begins = f"len(list_filter(?::VARCHAR[], lambda one: starts_with({code}, one))) > 0"
        tests.append(f"({code} IN (SELECT unnest(?::VARCHAR[])) OR {begins})")
        values += [whole, begun]
    if tests:
        database.connection.execute(
            f"INSERT INTO hits SELECT DISTINCT '{name_of(name)}', '{table}', person_id, CAST({released.start} AS DATE) "
            f"FROM cdm.{table} WHERE person_id IS NOT NULL AND {released.start} IS NOT NULL AND ({' OR '.join(tests)})",
            values,
        )


def name_of(name: str) -> str:
    """A name as it stands between the quotes of SQL."""
    return name.replace("'", "''")


def _enter(connection: Any, cohort: Cohort) -> Iterator[Step]:
    """The index dates, into ``chosen``."""
    entry = cohort.entry
    if entry is None:
        events = "SELECT person_id, observation_period_start_date AS day FROM cdm.observation_period"
    else:
        names = ", ".join(f"'{name_of(name)}'" for name in entry.any_of)
        events = f"SELECT person_id, day FROM hits WHERE name IN ({names}){_in_tables(entry.tables)}"
    between = "day BETWEEN coalesce(?, DATE '0001-01-01') AND coalesce(?, DATE '9999-12-31')"
    dates = [cohort.from_, cohort.to]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE events AS SELECT person_id, day FROM ({events}) "
        "WHERE person_id IN (SELECT person_id FROM born) AND day IS NOT NULL"
    )
    detail = "" if entry is None else f"{entry.event}: {', '.join(entry.any_of)}{_named(entry.tables)}"
    persons = connection.execute("SELECT count(DISTINCT person_id) FROM events").fetchone()[0]
    yield Step("entry", detail, persons)
    first = "SELECT person_id, min(day) AS day FROM events {where} GROUP BY person_id"
    if entry is not None and entry.event == "first_ever":
        source = f"SELECT * FROM ({first.format(where='')}) WHERE {between}"
    else:
        source = first.format(where=f"WHERE {between}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE chosen AS SELECT person_id, day AS index_date, birth, sex, "
        "CASE WHEN day >= birth THEN date_sub('year', birth, day) END AS age "
        f"FROM ({source}) JOIN born USING (person_id)",
        dates,
    )
    if cohort.from_ or cohort.to:
        yield Step("dates", f"{cohort.from_ or '…'} – {cohort.to or '…'}", count_of(connection))


def _conditions(cohort: Cohort) -> Iterator[tuple[str, str, str, list[Any]]]:
    """Kind, detail, condition on a row of ``chosen``, and its values."""
    if cohort.age:
        values: list[Any] = [cohort.age.least, cohort.age.most]
        yield "age", f"{cohort.age.least} – {cohort.age.most}", "age BETWEEN ? AND ?", values
    if cohort.sex:
        told = ", ".join(str(one) for one in cohort.sex)
        yield "sex", told, "list_contains(?::BIGINT[], sex)", [list(cohort.sex)]
    if cohort.observed:
        before, after = cohort.observed.before or 0, cohort.observed.after or 0
        yield (
            "observed",
            f"−{before} … +{after}",
            "EXISTS (SELECT 1 FROM cdm.observation_period AS o WHERE o.person_id = chosen.person_id AND "
            "o.observation_period_start_date <= index_date AND o.observation_period_end_date >= index_date AND "
            "date_diff('day', o.observation_period_start_date, index_date) >= ? AND "
            "date_diff('day', index_date, o.observation_period_end_date) >= ?)",
            [before, after],
        )
    for kind, negation, rules in (("include", "", cohort.include), ("exclude", "NOT ", cohort.exclude)):
        for rule in rules:
            yield (kind, _told(rule), f"{negation}({_having(rule)})", [rule.set, *rule.days, rule.at_least])


def _having(rule: Rule) -> str:
    return (
        "(SELECT count(DISTINCT day) FROM hits WHERE hits.person_id = chosen.person_id AND name = ?"
        f"{_in_tables(rule.tables)} AND date_diff('day', index_date, day) BETWEEN coalesce(?, -1000000) "
        "AND coalesce(?, 1000000)) >= ?"
    )


def _in_tables(tables: tuple[str, ...]) -> str:
    return f" AND origin IN ({', '.join(repr(one) for one in tables)})" if tables else ""


def _named(tables: tuple[str, ...]) -> str:
    return f" ({', '.join(tables)})" if tables else ""


def _told(rule: Rule) -> str:
    first, last = ("…" if day is None else f"{day:+d}" for day in rule.days)
    return f"{rule.set}{_named(rule.tables)}, ≥ {rule.at_least}, {first} … {last}"
