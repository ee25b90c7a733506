"""The mapping of a hospital's tables to the common data model, as it stands in mapping.yaml."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bencao.kernel.files import write_text
from bencao.records.cdm.definition import cdm_tables
from bencao.records.errors import MappingError

RuleName = Literal[
    "copy",
    "integer",
    "number",
    "date",
    "datetime",
    "year",
    "month",
    "day",
    "sex",
    "code",
    "concept",
    "unit",
    "quantity",
    "id",
    "join",
    "part",
    "constant",
]
# How many columns a rule takes; None for any number.
COLUMNS_OF: dict[str, tuple[int, int | None]] = {
    "constant": (0, 0),
    "join": (1, None),
    "id": (1, None),
    "datetime": (1, 2),
    "quantity": (1, 2),
}


class Rule(BaseModel):
    """How a field is made.

    Attributes
    ----------
    rule : str
        ``copy``, ``integer``, ``number``; ``date``, ``datetime`` (one column, or date and time), ``year``, ``month``,
        ``day``; ``sex``; ``code`` (by `codes`); ``concept`` (a code of `vocabulary` to its standard concept); ``unit``
        (a unit's concept, by `codes` from UCUM); ``quantity`` (number, or number and unit, brought into `unit`); ``id``
        (a number for the key in the columns, the same wherever `entity` is the same); ``join``; ``part`` (first group
        of `pattern`); ``constant``.
    columns : list of str
    order : {"dmy", "mdy", ""}
        Of dates whose year comes last.
    codes : dict
        From what is written to what is meant.
    vocabulary, entity, pattern, separator, unit, analyte, value : str
        See the rules.
    unit_from : dict
        Unit and analyte wanted by the value of another column, named in `by`: ``{"glucose": ["mg/dL", "glucose"]}``.
    low, high : float
        Beyond them a number, or the year of a date, is impossible and refused.
    probability : float
        How sure the suggestion was; 1 where a person wrote it.
    reviewed : bool
        Whether a person has looked at it.
    """

    model_config = ConfigDict(extra="forbid")

    rule: RuleName
    columns: list[str] = Field(default_factory=list)
    order: Literal["dmy", "mdy", ""] = ""
    codes: dict[str, str | int | float] = Field(default_factory=dict)
    vocabulary: str = ""
    entity: str = ""
    pattern: str = ""
    separator: str = ""
    unit: str = ""
    analyte: str = ""
    by: str = ""
    unit_from: dict[str, list[str]] = Field(default_factory=dict)
    value: str | int | float | None = None
    low: float | None = None
    high: float | None = None
    probability: float = Field(default=1.0, ge=0, le=1)
    reviewed: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        least, most = COLUMNS_OF.get(self.rule, (1, 1))
        if len(self.columns) < least or (most is not None and len(self.columns) > most):
            many = str(least) if most == least else f"{least} to {most or 'any number of'}"
            raise ValueError(f"{self.rule} takes {many} columns")
        if self.rule == "constant" and self.value is None:
            raise ValueError("constant needs a value")
        if self.rule in ("code", "unit") and not self.codes:
            raise ValueError(f"{self.rule} needs codes")
        if self.rule == "id" and not self.entity:
            raise ValueError("id needs an entity")
        if self.rule == "part" and not self.pattern:
            raise ValueError("part needs a pattern")
        return self


class TableMap(BaseModel):
    """How a table of the model is filled from one staged table.

    Attributes
    ----------
    source : str
        Name of the staged table.
    table : str
        Of the model.
    fields : dict of Rule
    where : dict
        Only records whose columns have these values; all where empty.
    known_by : dict
        For persons: which column is a name, birth_date, phone, id_card or address, to find who stands twice.
    probability : float
    reviewed : bool
    """

    model_config = ConfigDict(extra="forbid")

    source: str
    table: str
    fields: dict[str, Rule]
    where: dict[str, list[str]] = Field(default_factory=dict)
    known_by: dict[str, str] = Field(default_factory=dict)
    probability: float = Field(default=1.0, ge=0, le=1)
    reviewed: bool = False

    @model_validator(mode="after")
    def _of_the_model(self) -> TableMap:
        if self.table not in cdm_tables():
            raise ValueError(f"no table {self.table} in OMOP CDM 5.4")
        for name in self.fields:
            if name not in cdm_tables()[self.table].fields:
                raise ValueError(f"{self.table} has no field {name}")
        return self


class Mapping(BaseModel):
    """The mapping of one hospital.

    Attributes
    ----------
    version : int
        Of this form.
    hospital : str
    latest_year : int
        Last year that a year of two digits may mean.
    tables : list of TableMap
    """

    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    hospital: str
    latest_year: int = 2030
    tables: list[TableMap]

    @property
    def digest(self) -> str:
        """What a row's lineage calls the mapping: the first 12 digits of its SHA-256."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def unreviewed(self) -> list[str]:
        """What no person has looked at, as ``table.field``."""
        return [
            f"{one.table}.{name}"
            for one in self.tables
            for name, rule in one.fields.items()
            if not (rule.reviewed or one.reviewed)
        ]


def read_mapping(path: Path) -> Mapping:
    """Read a mapping.

    Raises
    ------
    MappingError
        What cannot be read, or is no mapping; `where` names the key.
    """
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"cannot be read: {error.strerror}", where=path.name, mend="check the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        line = f": line {place.line + 1}" if place else ""
        raise MappingError("is no YAML", where=f"{path.name}{line}", mend="see docs/records.md for its form") from error
    try:
        return Mapping.model_validate(held)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        told = str(first["msg"]).removeprefix("Value error, ")
        raise MappingError(told, where=f"{path.name}: {key or 'the whole'}", mend="see docs/records.md") from error


def write_mapping(mapping: Mapping, path: Path) -> None:
    """Write a mapping as YAML; what has its usual value is left out."""
    held = {"version": mapping.version, **mapping.model_dump(exclude_defaults=True)}
    write_text(path, yaml.safe_dump(held, allow_unicode=True, sort_keys=False, width=120))
