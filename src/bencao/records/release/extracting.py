"""The records of the cohort: picked by window and age, then de-identified column by column, then written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bencao.kernel.errors import InputError
from bencao.records.cdm.database import Database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.release.columns import AGE, INDEX, OLDEST, STATE, TABLES, ZIP3, Treatment, kind_of, treatment_of
from bencao.records.release.key import Key
from bencao.records.release.request import Request

_GROUP = 131_072  # rows of a row group
PERSON = "person_id"
_AFTER = 9  # years after the index date, of a person whose age is not told


@dataclass(frozen=True)
class Picked:
    """What of a table is released, before its values are changed.

    Attributes
    ----------
    rows : int
    undated, outside, aged : int
        Rows of the cohort that are left out: without a date, outside the window, and those from which an age over 89
        could be worked out.
    """

    rows: int
    undated: int
    outside: int
    aged: int


def columns_of(request: Request, table: str) -> tuple[str, ...]:
    """Columns of a table as released: who, when the person entered, then what was asked for."""
    first = (PERSON, INDEX) if table == "person" else (PERSON,)
    return (*first, *(name for name in request.tables.get(table, ()) if name not in first))


def check_columns(database: Database, request: Request, where: str) -> None:
    """Refuse a request for what the database does not have.

    Raises
    ------
    InputError
        `where` names file and key.
    """
    for table, columns in request.tables.items():
        if table not in database.tables:
            cause = f"{table} is malformed" if table in database.broken else f"the database has no table {table}"
            raise InputError(cause, where=f"{where}: tables.{table}", mend="mend that table, or drop the key")
        for place, column in enumerate(columns):
            origin, needed = _origin(table, column)
            if needed and (origin not in database.tables or needed not in database.tables[origin].columns):
                raise InputError(
                    f"the database has no {origin}.{needed}",
                    where=f"{where}: tables.{table}.{place}",
                    mend="leave the column out, or mend the table",
                )
        start = TABLES[table].start
        if start and start not in database.tables[table].columns:
            raise InputError(f"lacks {start}", where=table, mend="mend that table, or drop it from the request")


def _origin(table: str, column: str) -> tuple[str, str]:
    """Where a released column comes from; no column where it is worked out."""
    if column in (STATE, ZIP3):
        return "location", {STATE: "state", ZIP3: "zip"}[column]
    return table, "" if column in (AGE, INDEX) else column


def bound_records(database: Database, request: Request) -> None:
    """Say for each person of ``chosen`` which days may be released, into ``bounds``.

    The window of the request; and so that no age over 89 can be worked out, neither from the age at the index date nor
    from the span of the records: from birth to the day before the 90th birthday; where the person is older at the index
    date, or birth is not known, from 80 years before it to 9 years after it.
    """
    before, after = request.window.before, request.window.after
    told = f"age <= {OLDEST}"
    database.connection.execute(
        "CREATE OR REPLACE TEMP TABLE bounds AS SELECT person_id, index_date, age, "
        "coalesce(index_date - CAST(? AS INTEGER), DATE '0001-01-01') AS window_first, "
        "coalesce(index_date + CAST(? AS INTEGER), DATE '9999-12-31') AS window_last, "
        f"CASE WHEN {told} THEN birth ELSE CAST(index_date - INTERVAL {OLDEST - _AFTER} YEAR AS DATE) END AS youngest, "
        f"CASE WHEN {told} THEN CAST(birth + INTERVAL {OLDEST + 1} YEAR AS DATE) - 1 "
        f"ELSE CAST(index_date + INTERVAL {_AFTER} YEAR AS DATE) END AS oldest FROM chosen",
        [before, after],
    )


def pick(database: Database, request: Request, table: str) -> Picked:
    """Take the cohort's rows of a table into ``picked_TABLE``, values still as they are.

    Beside the released columns it has ``_day`` (DATE, unshifted) and ``_site`` (BIGINT).
    """
    connection, released = database.connection, TABLES[table]
    wanted = [name for name in columns_of(request, table) if name not in (AGE, INDEX, STATE, ZIP3)]
    if released.concept in database.tables[table].columns and released.concept not in wanted:
        wanted.append(released.concept)
    day = f"CAST(t.{released.start} AS DATE)"
    last = day
    if table == "observation_period":  # it is released where it touches the window
        last = "coalesce(t.observation_period_end_date, t.observation_period_start_date)"
    dated = f"{day} IS NOT NULL"
    inside = f"{last} >= b.window_first AND {day} <= b.window_last"
    young = f"{last} >= b.youngest AND {day} <= b.oldest"
    rows, undated, outside, aged = connection.execute(
        f"SELECT count(*) FILTER ({dated} AND {inside} AND {young}), count(*) FILTER (NOT ({dated})), "
        f"count(*) FILTER ({dated} AND NOT ({inside})), count(*) FILTER ({dated} AND {inside} AND NOT ({young})) "
        f"FROM cdm.{table} AS t JOIN bounds AS b USING (person_id)"
    ).fetchone()
    selected = ", ".join(f"{_bounded(table, name, released.start)} AS {name}" for name in wanted)
    selected += f", {day} AS _day, {_site(database, table)} AS _site"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE picked_{table} AS SELECT {selected} "
        f"FROM cdm.{table} AS t JOIN bounds AS b USING (person_id) WHERE {dated} AND {inside} AND {young}"
    )
    return Picked(int(rows), int(undated), int(outside), int(aged))


def _bounded(table: str, name: str, start: str) -> str:
    """A column with no date beyond what may be seen; an observation period is cut at both ends of the window."""
    if treatment_of(table, name) is not Treatment.SHIFTED:
        return f"t.{name}"
    kind = cdm_tables()[table].fields[name].sql_type
    if table == "observation_period":
        first, last = "greatest(b.window_first, b.youngest)", "least(b.window_last, b.oldest)"
        return f"CASE WHEN t.{name} IS NOT NULL THEN CAST(greatest(least(t.{name}, {last}), {first}) AS {kind}) END"
    if name == start:
        return f"t.{name}"
    capped = f"least(greatest(CAST(t.{name} AS DATE), b.youngest), b.oldest)"
    return (
        f"CASE WHEN CAST(t.{name} AS DATE) BETWEEN b.youngest AND b.oldest THEN t.{name} "
        f"WHEN t.{name} IS NOT NULL THEN CAST({capped} AS {kind}) END"
    )


def _site(database: Database, table: str) -> str:
    """Where a row was recorded: the care site of its visit, else of its person."""
    there, tables = database.tables[table].columns, database.tables
    ways = []
    if "care_site_id" in there:
        ways.append("t.care_site_id")
    visits = tables["visit_occurrence"].columns if "visit_occurrence" in tables else ()
    if table != "visit_occurrence" and "visit_occurrence_id" in there and "care_site_id" in visits:
        ways.append(
            "(SELECT min(v.care_site_id) FROM cdm.visit_occurrence AS v "
            "WHERE v.visit_occurrence_id = t.visit_occurrence_id)"
        )
    if "care_site_id" in tables["person"].columns:
        ways.append("(SELECT min(p.care_site_id) FROM cdm.person AS p WHERE p.person_id = t.person_id)")
    return f"coalesce({', '.join(ways)}, NULL)" if ways else "CAST(NULL AS BIGINT)"


def quasi_values(database: Database, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Values of the quasi-identifiers of each of ``chosen``, the person first, in the order of person_id."""
    ways = {
        AGE: "c.age",
        STATE: "(SELECT min(l.state) FROM cdm.location AS l WHERE l.location_id = p.location_id)",
        ZIP3: "(SELECT min(left(l.zip, 3)) FROM cdm.location AS l WHERE l.location_id = p.location_id)",
    }
    selected = ", ".join(["c.person_id", *(ways.get(name, f"p.{name}") for name in columns)])
    found: list[tuple[Any, ...]] = database.connection.execute(
        f"SELECT {selected} FROM chosen AS c JOIN cdm.person AS p USING (person_id) ORDER BY c.person_id"
    ).fetchall()
    return found


def set_pseudonyms(connection: Any, key: Key) -> None:
    """Give each of ``chosen`` a pseudonym and days, into ``pseudonyms``; define ``pseudonym(kind, id)``."""
    for name, pad in zip(("inner_pad", "outer_pad"), key.pads(), strict=True):
        connection.execute(f"SET VARIABLE {name} = ?::BLOB", [pad])
    # HMAC-SHA256, its first 63 bits: an id stays the whole number that the model wants.
    inner = "sha256(getvariable('inner_pad') || encode(kind || chr(31) || CAST(id AS VARCHAR)))"
    digest = f"substr(sha256(getvariable('outer_pad') || unhex({inner})), 1, 16)"
    connection.execute(
        f"CREATE OR REPLACE TEMP MACRO pseudonym(kind, id) AS ((CAST('0x' || {digest} AS UBIGINT) >> 1)::BIGINT)"
    )
    persons = [row[0] for row in connection.execute("SELECT person_id FROM chosen ORDER BY 1").fetchall()]
    moved = pa.table({PERSON: pa.array(persons, pa.int64()), "days": [key.days(str(one)) for one in persons]})
    connection.register("moved_days", moved)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE pseudonyms AS SELECT person_id, pseudonym('person', person_id) AS pseudonym, "
        "CAST(days AS INTEGER) AS days FROM moved_days"
    )
    connection.unregister("moved_days")


def write_table(database: Database, request: Request, table: str, path: Path) -> Mapping[str, int]:
    """Write a table's released form, in the order of its pseudonyms and values.

    Parameters
    ----------
    database : Database
    request : Request
    table : str
    path : Path
        Parquet; the same rows give the same bytes.

    Returns
    -------
    dict of str to int
        Missing values by column.
    """
    columns = columns_of(request, table)
    selected = ", ".join(f"{_released(table, name)} AS {name}" for name in columns)
    source = "released_person" if table == "person" else f"picked_{table}"
    order = ", ".join(str(place) for place in range(1, len(columns) + 1))
    reader = database.connection.sql(
        f"SELECT {selected} FROM {source} AS t JOIN pseudonyms AS s USING (person_id) ORDER BY {order}"
    ).to_arrow_reader(_GROUP)
    missing = dict.fromkeys(columns, 0)
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for group in _groups(reader):
            for name in columns:
                missing[name] += group.column(name).null_count
            writer.write_table(group, row_group_size=_GROUP)
    return missing


def _released(table: str, name: str) -> str:
    treatment = treatment_of(table, name)
    if treatment is Treatment.PERSON:
        return "s.pseudonym"
    if treatment is Treatment.SHIFTED:
        kind = "DATE" if name == INDEX else cdm_tables()[table].fields[name].sql_type
        return f"CAST(t.{name} + to_days(s.days) AS {kind})"
    if treatment is Treatment.PSEUDONYM or name == "care_site_id":
        return f"pseudonym('{kind_of(name)}', t.{name})"
    return f"t.{name}"


def _groups(reader: Any) -> Iterator[pa.Table]:
    """The rows in groups of one size, however the engine hands them over."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in reader:
        held.append(batch)
        rows += batch.num_rows
        while rows >= _GROUP:
            whole = pa.Table.from_batches(held).combine_chunks()
            yield whole.slice(0, _GROUP)
            held, rows = whole.slice(_GROUP).to_batches(), rows - _GROUP
    if rows:
        yield pa.Table.from_batches(held).combine_chunks()
