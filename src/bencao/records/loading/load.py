"""Load a hospital into the common data model: read values, run the plans, combine what they give."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from bencao.kernel.files import make_folder, require_empty
from bencao.records.cdm.definition import cdm_tables
from bencao.records.errors import MappingError
from bencao.records.loading.combine import Combined, combine
from bencao.records.loading.engines import Engine, open_engine
from bencao.records.loading.lookups import SEPARATOR, Concepts, lookup_table, reader_of
from bencao.records.loading.plan import Step, kept_rows, plain_form, plan_of, raw_columns, raw_value, table_of
from bencao.records.loading.vocabulary import NONE, read_concepts
from bencao.records.mapping.model import Mapping as HospitalMapping
from bencao.records.mapping.model import Rule, TableMap
from bencao.records.parquet import told_if_damaged
from bencao.records.sources.staging import FILE, ROW
from bencao.records.sql import identifier, literal


@dataclass(frozen=True)
class Unmapped:
    """A code that maps to nothing known.

    Attributes
    ----------
    table, field, vocabulary, code : str
    rows : int
    """

    table: str
    field: str
    vocabulary: str
    code: str
    rows: int


@dataclass(frozen=True)
class Loaded:
    """What was loaded.

    Attributes
    ----------
    rows : dict of int
        Of each table.
    read, taken, rejected : int
        Records that the mapping reads, rows that came of them, and records refused whole; read = taken + rejected.
    cells : int
        Values that could not be read, in rows that were taken without them.
    findings : dict of int
        What is impossible or doubtful, by kind.
    unmapped : tuple of Unmapped
        The commonest first.
    """

    rows: Mapping[str, int]
    read: int
    taken: int
    rejected: int
    cells: int
    findings: Mapping[str, int]
    unmapped: tuple[Unmapped, ...]


def load(
    staged: Path,
    mapping: HospitalMapping,
    folder: Path,
    *,
    vocabulary: Path | None = None,
    engine: str = "duckdb:",
    accept_suggestions: bool = False,
    threads: int = 2,
) -> Loaded:
    """Load staged tables into OMOP CDM 5.4 by a reviewed mapping.

    Parameters
    ----------
    staged : Path
        As `stage` wrote it.
    mapping : Mapping
    folder : Path
        Must not exist, or be empty. Gets ``TABLE.parquet``, ``_lineage.parquet`` (table, id, file, row, rule, version),
        ``_rejected.parquet`` (table, file, row, field, reason, whole), ``_findings.parquet`` and ``unmapped.csv``.
    vocabulary : Path, optional
        Folder of the user's vocabularies, see `read_concepts`.
    engine : str
        ``duckdb:``, ``spark:local[2]``, ``postgresql://…``: where the plans run; rows are the same.
    accept_suggestions : bool
        Take rules that no person has reviewed.
    threads : int

    Returns
    -------
    Loaded

    Raises
    ------
    MappingError
        A mapping that is not reviewed, or names a table or column that was not staged.
    InputError
        A folder that is not empty.
    VocabularyError, EngineMissing, SourceError
    """
    if (open_ones := mapping.unreviewed()) and not accept_suggestions:
        raise MappingError(
            f"{len(open_ones)} rules are not reviewed, first {open_ones[0]}",
            where=mapping.hospital,
            mend="set reviewed: true where they are right, or say --accept-suggestions",
        )
    if not mapping.tables:
        raise MappingError("maps no table", where=mapping.hospital, mend="say which source fills which table")
    require_empty(folder)
    columns = {one.source: _columns_of(staged, one) for one in mapping.tables}
    wanted = {rule.vocabulary for one in mapping.tables for rule in one.fields.values() if rule.rule == "concept"}
    concepts = read_concepts(vocabulary, wanted) if vocabulary and wanted else NONE
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    running = open_engine(engine, threads)
    try:
        make_folder(part)
        with told_if_damaged(staged), tempfile.TemporaryDirectory(prefix="bencao-load-") as temporary:
            work = _Work(staged, mapping, columns, concepts, running, Path(temporary))
            combined = combine(work.run(), mapping, concepts, staged, part, threads)
            unmapped = tuple(sorted(work.unmapped, key=lambda one: (-one.rows, one.table, one.field, one.code)))
            _write_unmapped(unmapped, part)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    finally:
        running.close()
        shutil.rmtree(part, ignore_errors=True)
    return _told(combined, work, unmapped)


def _told(combined: Combined, work: _Work, unmapped: tuple[Unmapped, ...]) -> Loaded:
    return Loaded(
        combined.rows,
        sum(work.read),
        sum(work.read) - combined.rejected,
        combined.rejected,
        combined.cells,
        combined.findings,
        unmapped,
    )


def _columns_of(staged: Path, table_map: TableMap) -> list[str]:
    path = staged / f"{table_map.source}.parquet"
    if not path.is_file():
        raise MappingError("was not staged", where=f"source {table_map.source}", mend=f"see {staged.name}")
    with told_if_damaged(path):
        columns = [name for name in pq.read_schema(path).names if name not in (FILE, ROW)]
    asked = [column for rule in table_map.fields.values() for column in raw_columns(rule)]
    asked += [*table_map.where, *table_map.known_by.values()]
    if missing := [column for column in asked if column not in columns]:
        raise MappingError(f"has no column {missing[0]}", where=f"source {table_map.source}", mend="see its profile")
    return columns


@dataclass
class Filled:
    """A table as one step filled it.

    Attributes
    ----------
    path : Path
    step : Step
    """

    path: Path
    step: Step


class _Work:
    """The steps of one load."""

    def __init__(
        self,
        staged: Path,
        mapping: HospitalMapping,
        columns: dict[str, list[str]],
        concepts: Concepts,
        engine: Engine,
        temporary: Path,
    ) -> None:
        self._staged, self._mapping, self._columns, self._concepts = staged, mapping, columns, concepts
        self._engine, self._temporary = engine, temporary
        self._duck = duckdb.connect(":memory:")
        self._names: dict[str, str] = {}
        for place, source in enumerate(columns):
            path = staged / f"{source}.parquet"
            self._names[source] = f"staged_{place}"
            self._duck.execute(f"CREATE VIEW staged_{place} AS SELECT * FROM read_parquet({literal(path)})")
            engine.take(f"staged_{place}", path)
        self._values: dict[tuple[Any, ...], dict[str, int]] = {}
        self.unmapped: list[Unmapped] = []
        self.read: list[int] = []

    def run(self) -> Iterator[Filled]:
        """Fill the tables, one step after the other."""
        keys = self._keys()
        offsets: dict[str, int] = {}
        for place, table_map in enumerate(self._mapping.tables):
            name = self._names[table_map.source]
            direct, lookups = self._read(table_map, place, keys)
            step = Step(name, table_map, frozenset(direct), lookups, offsets.get(table_map.table, 0))
            out = self._temporary / f"{place}.parquet"
            self._engine.write(plan_of(step, self._columns[table_map.source]), out)
            rows = pq.read_metadata(out).num_rows
            self.read.append(rows)
            offsets[table_map.table] = step.offset + rows
            yield Filled(out, step)
        self._duck.close()

    def _read(
        self, table_map: TableMap, place: int, keys: Mapping[str, Mapping[str, int]]
    ) -> tuple[set[str], dict[str, str]]:
        """Which fields are cast as they are, and lookup tables for the others."""
        direct: set[str] = set()
        lookups: dict[str, str] = {}
        fields = cdm_tables()[table_map.table].fields
        for field, rule in table_map.fields.items():
            if rule.rule == "constant":
                continue
            if self._is_plain(self._names[table_map.source], rule, plain_form(rule, fields[field])):
                direct.add(field)
                continue
            values = self._distinct(table_map, rule)
            if rule.rule == "id":
                known = keys[rule.entity]
                told = list(values)
                made = pa.table(
                    {
                        "raw": pa.array(told, pa.string()),
                        "value": pa.array([known[value] for value in told], pa.int64()),
                        "reason": pa.array([None] * len(told), pa.string()),
                    }
                )
            else:
                reader = reader_of(rule, fields[field], self._concepts, self._mapping.latest_year)
                made = lookup_table(list(values), reader, fields[field])
                self._note_unmapped(table_map.table, field, rule, made, values)
            lookups[field] = f"lookup_{place}_{field}"
            self._engine.know(lookups[field], made)
        return direct, lookups

    def _is_plain(self, name: str, rule: Rule, form: str) -> bool:
        if not form or form == "any":
            return form == "any"
        column = identifier(rule.columns[0])
        kind = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "datetime": "TIMESTAMP"}.get(rule.rule)
        bad = f"NOT regexp_matches(trim({column}), '{form}') OR TRY_CAST(trim({column}) AS {kind}) IS NULL"
        if kind is None:  # a text, which only its length can keep out
            bad = f"length(trim({column})) > {form}"
        found = self._duck.execute(
            f"SELECT count(*) FROM {name} WHERE {column} IS NOT NULL AND trim({column}) <> '' AND ({bad})"
        ).fetchone()
        return bool(found[0] == 0)

    def _distinct(self, table_map: TableMap, rule: Rule) -> dict[str, int]:
        """The different values that a rule reads, and how often each stands, in their order; each set is read once."""
        where = tuple((column, *values) for column, values in sorted(table_map.where.items()))
        asked = (table_map.source, where, *raw_columns(rule), len(rule.columns))
        if asked not in self._values:
            source = table_of(self._names[table_map.source], self._columns[table_map.source])
            made = kept_rows(source, table_map)
            text = ibis.to_sql(made.select(raw=raw_value(made, rule)), dialect="duckdb")
            found = self._duck.execute(
                f"SELECT raw, count(*) FROM ({text}) WHERE raw IS NOT NULL GROUP BY 1 ORDER BY 1"
            ).fetchall()
            self._values[asked] = {str(value): int(count) for value, count in found}
        return self._values[asked]

    def _keys(self) -> dict[str, dict[str, int]]:
        """A number for each key of each entity, from 1 in the order of the keys."""
        found: dict[str, set[str]] = {}
        for table_map in self._mapping.tables:
            for rule in table_map.fields.values():
                if rule.rule == "id":
                    found.setdefault(rule.entity, set()).update(self._distinct(table_map, rule))
        return {
            entity: {key: number for number, key in enumerate(sorted(keys), start=1)} for entity, keys in found.items()
        }

    def _note_unmapped(self, table: str, field: str, rule: Rule, made: pa.Table, values: Mapping[str, int]) -> None:
        if rule.rule not in ("code", "concept", "unit"):
            return
        for raw, reason in zip(made["raw"].to_pylist(), made["reason"].to_pylist(), strict=True):
            if reason:
                code = raw.split(SEPARATOR)[0]
                self.unmapped.append(Unmapped(table, field, rule.vocabulary or rule.rule, code, values[raw]))


def _write_unmapped(unmapped: tuple[Unmapped, ...], folder: Path) -> None:
    with (folder / "unmapped.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["table", "field", "vocabulary", "code", "rows"])
        writer.writerows((one.table, one.field, one.vocabulary, one.code, one.rows) for one in unmapped)
