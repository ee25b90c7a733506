"""Combine what the steps filled: tables in order, refused records and cells, lineage, findings, derived tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from bencao.records.cdm.definition import Table, cdm_tables
from bencao.records.loading.derived import derive
from bencao.records.loading.findings import find
from bencao.records.loading.lookups import Concepts
from bencao.records.loading.plan import WHY
from bencao.records.mapping.model import Mapping as HospitalMapping
from bencao.records.sources.staging import FILE, ROW
from bencao.records.sql import literal

if TYPE_CHECKING:
    from bencao.records.loading.load import Filled

# Where the records of a domain belong, and what the fields of these tables have in common, after their prefix.
DOMAINS = {
    "Condition": "condition_occurrence",
    "Drug": "drug_exposure",
    "Procedure": "procedure_occurrence",
    "Measurement": "measurement",
    "Observation": "observation",
    "Device": "device_exposure",
}
_PREFIX = {
    "condition_occurrence": ("condition", "condition_start"),
    "drug_exposure": ("drug", "drug_exposure_start"),
    "procedure_occurrence": ("procedure", "procedure"),
    "measurement": ("measurement", "measurement"),
    "observation": ("observation", "observation"),
    "device_exposure": ("device", "device_exposure_start"),
}
_SHARED = ("person_id", "provider_id", "visit_occurrence_id", "visit_detail_id")


@dataclass(frozen=True)
class Combined:
    """What stands in the folder.

    Attributes
    ----------
    rows : dict of int
    rejected, cells : int
        Records refused whole, and values refused in records that were taken.
    findings : dict of int
        By kind.
    """

    rows: Mapping[str, int]
    rejected: int
    cells: int
    findings: Mapping[str, int]


def combine(
    filled: Iterable[Filled],
    mapping: HospitalMapping,
    concepts: Concepts,
    staged: Path,
    folder: Path,
    threads: int,
) -> Combined:
    """Write the tables of the model, and beside them ``_lineage``, ``_rejected`` and ``_findings``.

    Parameters
    ----------
    filled : iterable of Filled
    mapping : Mapping
    concepts : Concepts
    staged, folder : Path
    threads : int

    Returns
    -------
    Combined
    """
    with duckdb.connect(":memory:", config={"threads": threads, "memory_limit": "4GB"}) as connection:
        connection.execute(
            'CREATE TABLE rejected ("table" VARCHAR, file VARCHAR, "row" BIGINT, field VARCHAR, reason VARCHAR, '
            "whole BOOLEAN)"
        )
        parts: dict[str, list[str]] = defaultdict(list)
        for number, one in enumerate(filled):
            _take(connection, number, one, parts, concepts)
        rows: dict[str, int] = {}
        lineage = []
        for name, views in sorted(parts.items()):
            table = cdm_tables()[name]
            rows[name] = _write(connection, table, views, folder)
            key = table.primary_key or "person_id"
            lineage += [
                f"SELECT '{name}' AS \"table\", CAST({key} AS BIGINT) AS id, {FILE} AS file, "
                f'{ROW} AS "row", _rule AS rule FROM {view}'
                for view in views
            ]
        connection.execute(
            f"CREATE TABLE lineage AS SELECT *, '{mapping.digest}' AS version FROM ({' UNION ALL '.join(lineage)})"
        )
        rows |= derive(connection, folder, set(rows))
        findings = find(connection, mapping, staged, folder, set(rows))
        _copy(connection, 'SELECT * FROM lineage ORDER BY "table", id, file, "row"', folder / "_lineage.parquet")
        _copy(connection, "SELECT * FROM rejected ORDER BY ALL", folder / "_rejected.parquet")
        whole, cells = connection.execute(
            'SELECT count(DISTINCT ("table", file, "row")) FILTER (WHERE whole), count(*) FILTER (WHERE NOT whole) '
            "FROM rejected"
        ).fetchone()
    return Combined(rows, int(whole), int(cells), findings)


def _take(connection: Any, number: int, one: Filled, parts: dict[str, list[str]], concepts: Concepts) -> None:
    """Take in what a step filled: refused cells and records apart, the rest by the domain of its concept."""
    name, table = one.step.table_map.table, cdm_tables()[one.step.table_map.table]
    rule = literal(f"{one.step.table_map.source} -> {name}")
    connection.execute(f"CREATE VIEW part_{number} AS SELECT *, {rule} AS _rule FROM read_parquet({literal(one.path)})")
    needed = [field.name for field in table.fields.values() if field.required]
    lacking = " OR ".join(f'"{field}" IS NULL' for field in needed) or "false"
    for field in one.step.lookups:
        unmapped = "reason IN ('unmapped', 'unknown_code', 'unknown_unit', 'unknown_sex')"
        told = (
            f"CASE WHEN {unmapped} THEN false ELSE ({lacking}) END" if field.endswith("_concept_id") else f"({lacking})"
        )
        connection.execute(
            f"INSERT INTO rejected SELECT '{name}', {FILE}, {ROW}, '{field}', reason, {told} FROM "
            f'(SELECT *, "{WHY}{field}" AS reason FROM part_{number}) WHERE reason IS NOT NULL'
        )
    for field in needed:
        looked = f' AND "{WHY}{field}" IS NULL' if field in one.step.lookups else ""
        connection.execute(
            f"INSERT INTO rejected SELECT '{name}', {FILE}, {ROW}, '{field}', 'missing', true FROM part_{number} "
            f'WHERE "{field}" IS NULL{looked}'
        )
    fields = ", ".join(f'"{field}"' for field in table.fields)
    connection.execute(
        f"CREATE VIEW kept_{number} AS SELECT {fields}, {FILE}, {ROW}, _rule FROM part_{number} WHERE NOT ({lacking})"
    )
    _route(connection, number, name, parts, concepts)


def _route(connection: Any, number: int, name: str, parts: dict[str, list[str]], concepts: Concepts) -> None:
    """Records whose concept is of another domain go to that domain's table."""
    if name not in _PREFIX or not concepts.domains:
        parts[name].append(f"kept_{number}")
        return
    prefix = _PREFIX[name][0]
    present = connection.execute(f"SELECT DISTINCT {prefix}_concept_id FROM kept_{number}").fetchall()
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for (concept,) in present:
        target = DOMAINS.get(concepts.domains.get(concept, ""), name)
        if target != name:
            elsewhere[target].append(concept)
    moved = sorted(concept for found in elsewhere.values() for concept in found)
    listed = ", ".join(map(str, moved)) or "NULL"
    connection.execute(
        f"CREATE VIEW stay_{number} AS SELECT * FROM kept_{number} "
        f"WHERE coalesce({prefix}_concept_id NOT IN ({listed}), true)"
    )
    parts[name].append(f"stay_{number}")
    for target, found in sorted(elsewhere.items()):
        view = f"moved_{number}_{target}"
        connection.execute(_moved(view, number, name, target, found))
        parts[target].append(view)


def _moved(view: str, number: int, name: str, target: str, concepts: list[int]) -> str:
    (prefix, day), (other, other_day) = _PREFIX[name], _PREFIX[target]
    same = {
        f"{other}_concept_id": f"{prefix}_concept_id",
        f"{other}_type_concept_id": f"{prefix}_type_concept_id",
        f"{other}_source_value": f"{prefix}_source_value",
        f"{other}_source_concept_id": f"{prefix}_source_concept_id",
        f"{other_day}_date": f"{day}_date",
        f"{other_day}_datetime": f"{day}_datetime",
        **{field: field for field in _SHARED},
    }
    fields, own = cdm_tables()[target].fields, cdm_tables()[name].fields
    for field in fields:  # what both tables call alike, such as value_as_number and unit_concept_id
        if field in own and field not in same and not fields[field].primary_key:
            same[field] = field
    if target == "drug_exposure":  # whose end is asked for
        same["drug_exposure_end_date"] = f"{day}_date"
    chosen = ", ".join(
        f'{same[field] if same.get(field) in own else "NULL"} AS "{field}"'
        if not fields[field].primary_key
        else f'NULL AS "{field}"'
        for field in fields
    )
    listed = ", ".join(map(str, concepts))
    return (
        f"CREATE VIEW {view} AS SELECT {chosen}, {FILE}, {ROW}, _rule || ' -> {target}' AS _rule FROM kept_{number} "
        f"WHERE {prefix}_concept_id IN ({listed})"
    )


def _write(connection: Any, table: Table, views: list[str], folder: Path) -> int:
    """Write a table in the order of its key; rows that came from another domain get keys after all others."""
    key = table.primary_key
    fields = ", ".join(f'CAST("{field.name}" AS {field.sql_type}) AS "{field.name}"' for field in table.fields.values())
    both = " UNION ALL BY NAME ".join(f"SELECT * FROM {view}" for view in views)
    if key and any(view.startswith("moved_") for view in views):
        connection.execute(f"CREATE TABLE all_{table.name} AS SELECT * FROM ({both})")
        connection.execute(
            f"CREATE TABLE numbered_{table.name} AS SELECT * REPLACE (coalesce({key}, "
            f"(SELECT coalesce(max({key}), 0) FROM all_{table.name}) + row_number() OVER "
            f"(PARTITION BY {key} IS NULL ORDER BY {FILE}, {ROW}, _rule)) AS {key}) "
            f"FROM all_{table.name}"
        )
        both = f"SELECT * FROM numbered_{table.name}"
        views[:] = [f"numbered_{table.name}"]
    order = key or "ALL"
    path = folder / f"{table.name}.parquet"
    _copy(connection, f"SELECT {fields} FROM ({both}) ORDER BY {order}", path)
    connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet({literal(path)})")
    return int(connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])


def _copy(connection: Any, text: str, path: Path) -> None:
    connection.execute(f"COPY ({text}) TO {literal(path)} (FORMAT PARQUET)")
