"""A mapping under review: each rule with what stands in its columns, accepted or changed by a person, saved whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bencao.kernel.errors import FileChanged, InputError
from bencao.records.cdm.definition import cdm_tables
from bencao.records.errors import MappingError
from bencao.records.ledger import record_privately
from bencao.records.mapping.model import Mapping, Rule, read_mapping, write_mapping
from bencao.records.sources.profile import ColumnProfile, profile


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list.

    Attributes
    ----------
    entry : str
        ``0.gender_concept_id``: place of the table's map, and the field.
    source, table, field, rule, columns : str
    probability : float
    reviewed : bool
    """

    entry: str
    source: str
    table: str
    field: str
    rule: str
    columns: str
    probability: float
    reviewed: bool


@dataclass(frozen=True)
class MappingView:
    """All rules of a mapping.

    Attributes
    ----------
    file, hospital : str
    digest : str
        SHA-256 of the file, to be given back when a rule is saved.
    rows : tuple of RuleRow
        Those that nobody has reviewed first, the least sure of them first.
    reviewed : int
    """

    file: str
    hospital: str
    digest: str
    rows: tuple[RuleRow, ...]
    reviewed: int


@dataclass(frozen=True)
class ColumnView:
    """What stands in a column, as its profile has it."""

    name: str
    form: str
    filled: int
    missing: int
    distinct: int
    top: tuple[tuple[str, int], ...]
    identifier: str


@dataclass(frozen=True)
class RuleView:
    """A rule to be reviewed.

    Attributes
    ----------
    row : RuleRow
    datatype : str
        Of the field.
    required : bool
    text : str
        The rule as YAML, to be changed.
    columns : tuple of ColumnView
        What stands in its columns; empty where no staged tables are open.
    digest : str
    """

    row: RuleRow
    datatype: str
    required: bool
    text: str
    columns: tuple[ColumnView, ...]
    digest: str


class OpenMapping:
    """A mapping file, and the staged tables that it maps.

    Parameters
    ----------
    path : Path
    staged : Path, optional
    """

    def __init__(self, path: Path, staged: Path | None = None) -> None:
        self.path = path
        self._columns: dict[tuple[str, str], ColumnProfile] = {}
        if staged is not None:
            for table in profile(staged):
                self._columns |= {(table.name, column.name): column for column in table.columns}
        self.read()

    def read(self) -> tuple[Mapping, str]:
        """The mapping as it is now, and the SHA-256 of its file."""
        mapping = read_mapping(self.path)
        return mapping, hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def has_columns(self) -> bool:
        """Whether staged tables are open."""
        return bool(self._columns)

    def column(self, source: str, name: str) -> ColumnProfile | None:
        """What stands in a column; None where no staged tables are open."""
        return self._columns.get((source, name))


def show_mapping(opened: OpenMapping) -> MappingView:
    """List the rules of a mapping."""
    mapping, digest = opened.read()
    rows = [_row(mapping, place, field) for place, table_map in enumerate(mapping.tables) for field in table_map.fields]
    rows.sort(key=lambda row: (row.reviewed, row.probability, row.entry))
    return MappingView(opened.path.name, mapping.hospital, digest, tuple(rows), sum(row.reviewed for row in rows))


def show_rule(opened: OpenMapping, entry: str) -> RuleView:
    """Give a rule with what stands in its columns.

    Raises
    ------
    InputError
        Where there is no such rule.
    """
    mapping, digest = opened.read()
    place, field = _found(mapping, entry)
    table_map = mapping.tables[place]
    rule = table_map.fields[field]
    known = cdm_tables()[table_map.table].fields[field]
    columns = [opened.column(table_map.source, name) for name in (*rule.columns, *([rule.by] if rule.by else []))]
    shown = tuple(
        ColumnView(one.name, one.form, one.filled, one.missing, one.distinct, one.top, one.identifier)
        for one in columns
        if one is not None
    )
    return RuleView(_row(mapping, place, field), known.datatype, known.required, _text(rule), shown, digest)


def save_rule(opened: OpenMapping, entry: str, digest: str, text: str) -> str:
    """Write a rule that a person has reviewed; the run is written into the ledger.

    Parameters
    ----------
    opened : OpenMapping
    entry : str
    digest : str
        Of the file that the rule was read from.
    text : str
        The rule as YAML; empty to remove it from the mapping.

    Returns
    -------
    str
        SHA-256 of the file now.

    Raises
    ------
    FileChanged
        Another program has written the file since; nothing is written.
    MappingError
        What is no rule, or names a column that was not staged; nothing is written.
    """
    mapping, now = opened.read()
    if now != digest:
        raise FileChanged(
            "was changed by another program since it was read",
            where=opened.path.name,
            mend="load the page again, and review the rule anew",
        )
    place, field = _found(mapping, entry)
    held = mapping.model_dump(exclude_defaults=True)
    fields: dict[str, Any] = held["tables"][place]["fields"]
    if text.strip():
        fields[field] = _rule(text, entry)
        source = mapping.tables[place].source
        for name in fields[field].get("columns", ()):
            if opened.has_columns and opened.column(source, name) is None:
                raise MappingError(f"has no column {name}", where=f"source {source}", mend="see its profile")
    else:
        del fields[field]
    changed = Mapping.model_validate(held)
    with record_privately("records review-mapping", parameters={"entry": entry}) as job:
        job.used(opened.path)
        write_mapping(changed, opened.path)
        job.generated(opened.path)
    return opened.read()[1]


def _rule(text: str, entry: str) -> dict[str, Any]:
    try:
        held = yaml.safe_load(text)
        rule = Rule.model_validate({**held, "reviewed": True, "probability": 1.0})
    except (yaml.YAMLError, TypeError) as error:
        raise MappingError("is no rule in YAML", where=entry, mend="write it as it was shown") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        told = str(first["msg"]).removeprefix("Value error, ")
        raise MappingError(told, where=f"{entry}: {key}" if key else entry, mend="see docs/records.md") from error
    return rule.model_dump(exclude_defaults=True)


def _text(rule: Rule) -> str:
    held = rule.model_dump(exclude_defaults=True, exclude={"probability", "reviewed"})
    return str(yaml.safe_dump(held, allow_unicode=True, sort_keys=False, width=80))


def _found(mapping: Mapping, entry: str) -> tuple[int, str]:
    place, _, field = entry.partition(".")
    if not place.isdigit() or int(place) >= len(mapping.tables) or field not in mapping.tables[int(place)].fields:
        raise InputError("no rule of this name", where=entry[:80], mend="choose one of the list")
    return int(place), field


def _row(mapping: Mapping, place: int, field: str) -> RuleRow:
    table_map = mapping.tables[place]
    rule = table_map.fields[field]
    told = str(rule.value) if rule.rule == "constant" else " + ".join(rule.columns)
    return RuleRow(
        f"{place}.{field}",
        table_map.source,
        table_map.table,
        field,
        rule.rule,
        told,
        round(rule.probability, 2),
        rule.reviewed or table_map.reviewed,
    )
