"""What is impossible or doubtful once the tables stand together: dates before birth or after death, doubles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz.distance import OSA

from bencao.records.linkage.persons import persons_of
from bencao.records.mapping.model import Mapping as HospitalMapping
from bencao.records.mapping.model import TableMap
from bencao.records.sources.staging import FILE, ROW

DAYS_AFTER_DEATH = 60
_DATES = {
    "visit_occurrence": ("visit_start_date", "visit_end_date"),
    "condition_occurrence": ("condition_start_date", "condition_end_date"),
    "drug_exposure": ("drug_exposure_start_date", "drug_exposure_end_date"),
    "procedure_occurrence": ("procedure_date",),
    "measurement": ("measurement_date",),
    "observation": ("observation_date",),
}
_SCHEMA = {
    "table": pl.String,
    "id": pl.Int64,
    "file": pl.String,
    "row": pl.Int64,
    "field": pl.String,
    "kind": pl.String,
    "other_row": pl.Int64,
}


def find(connection: Any, mapping: HospitalMapping, staged: Path, folder: Path, there: set[str]) -> dict[str, int]:
    """Write ``_findings.parquet``: table, id, file, row, field, kind, other_row.

    Kinds are ``before_birth``, ``after_death`` (more than 60 days), ``ends_before_start``, ``unknown_person``, and
    ``stands_twice`` of a patient who is probably another record's, given in ``other_row``.

    Returns
    -------
    dict of int
        By kind.
    """
    rows: list[tuple[Any, ...]] = []
    if "person" in there:
        for table in sorted(there & _DATES.keys()):
            for text in _relations(table, there):
                rows += connection.execute(text).fetchall()
    for one in mapping.tables:
        if one.table == "person" and one.known_by:
            rows += _doubles(one, staged)
    found = pl.DataFrame(sorted(rows, key=str), schema=_SCHEMA, orient="row")
    found.write_parquet(folder / "_findings.parquet")
    return dict(sorted(Counter(found["kind"].to_list()).items()))


def _relations(table: str, there: set[str]) -> Iterator[str]:
    key = f"{table}_id"
    start = _DATES[table][0]
    told = f"SELECT '{table}', e.{key}, l.file, l.\"row\", '{{field}}', '{{kind}}', NULL FROM {table} e "
    told += f"JOIN lineage l ON l.\"table\" = '{table}' AND l.id = e.{key} "
    born = "make_date(p.year_of_birth, coalesce(p.month_of_birth, 1), coalesce(p.day_of_birth, 1))"
    person = "JOIN person p ON p.person_id = e.person_id "
    yield told.format(field=start, kind="before_birth") + f"{person}WHERE e.{start} < {born}"
    if "death" in there:
        dead = "JOIN (SELECT person_id, min(death_date) AS died FROM death GROUP BY 1) d ON d.person_id = e.person_id "
        yield told.format(field=start, kind="after_death") + f"{dead}WHERE e.{start} > d.died + {DAYS_AFTER_DEATH}"
    if len(_DATES[table]) > 1:
        end = _DATES[table][1]
        yield told.format(field=end, kind="ends_before_start") + f"WHERE e.{end} < e.{start}"
    yield (
        told.format(field="person_id", kind="unknown_person")
        + "WHERE e.person_id NOT IN (SELECT person_id FROM person)"
    )


def _doubles(table_map: TableMap, staged: Path) -> Iterator[tuple[Any, ...]]:
    """Patients that agree on most of what they are known by; the later record is told, with the row of the earlier."""
    table = pl.read_parquet(staged / f"{table_map.source}.parquet")
    numbered = table.with_columns(_number=pl.int_range(pl.len()).cast(pl.String))
    persons = persons_of(numbered, table_map.source, {"id": "_number", **table_map.known_by}).table
    known: tuple[str, ...] = ("name", "birth_date", "phone", "id_card", "address", "sex")
    fields = [name for name in known if name in persons.columns]
    records = {int(row["unique_id"]): row for row in persons.iter_rows(named=True)}
    for one, other in sorted(_candidates(records, fields)):
        if _agree(records[one], records[other], fields):
            file, row, first = table[FILE][other], table[ROW][other], table[ROW][one]
            yield "person", None, file, row, "", "stands_twice", first


def _candidates(records: dict[int, dict[str, Any]], fields: list[str]) -> set[tuple[int, int]]:
    """Pairs that share one of what tells persons apart."""
    found: set[tuple[int, int]] = set()
    for field in set(fields) - {"sex"}:
        groups: dict[str, list[int]] = defaultdict(list)
        for number, record in records.items():
            if record[field]:
                groups[record[field]].append(number)
        for group in groups.values():
            if len(group) <= 50:
                found.update(combinations(sorted(group), 2))
    return found


def _agree(one: dict[str, Any], other: dict[str, Any], fields: list[str]) -> bool:
    """Whether all but one of what both have agrees, a letter or digit apart at most, and at least three do."""
    both = [field for field in fields if one[field] and other[field]]
    near = [field for field in both if OSA.distance(one[field], other[field], score_cutoff=1) <= 1]
    exact = [field for field in near if one[field] == other[field] and field != "sex"]
    return len(near) >= 3 and len(near) >= len(both) - 1 and len(exact) >= 2
