"""The OMOP common data model 5.4: its tables, their fields and what the fields point to."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FIELDS = Path(__file__).resolve().parent.parent / "models" / "cdm" / "fields.tsv"


@dataclass(frozen=True)
class Field:
    """One field of a table.

    Attributes
    ----------
    table, name : str
        In lower case.
    datatype : str
        ``integer``, ``bigint``, ``float``, ``date``, ``datetime``, or ``varchar(n)`` with n a number or ``max``.
    required : bool
        May not be null.
    primary_key : bool
    foreign_table, foreign_field : str
        What its values must be found in; empty where they need not.
    domain : str
        The domain that the concept must be of, e.g. ``Condition``; empty for any.
    concept_class : str
        Likewise the class of the concept.
    """

    table: str
    name: str
    datatype: str
    required: bool
    primary_key: bool
    foreign_table: str
    foreign_field: str
    domain: str
    concept_class: str

    @property
    def sql_type(self) -> str:
        """Its type in DuckDB, Postgres and Spark alike: text has no length there, which is checked instead."""
        if self.datatype.startswith("varchar"):
            return "VARCHAR"
        return {"integer": "BIGINT", "bigint": "BIGINT", "float": "DOUBLE", "date": "DATE", "datetime": "TIMESTAMP"}[
            self.datatype
        ]

    @property
    def length(self) -> int | None:
        """Most characters a text may have; None where any number or no text."""
        inner = self.datatype.removeprefix("varchar(").removesuffix(")")
        return int(inner) if self.datatype.startswith("varchar") and inner.isdigit() else None


@dataclass(frozen=True)
class Table:
    """One table: its name and its fields by name, in the order of the specification."""

    name: str
    fields: Mapping[str, Field]

    @property
    def primary_key(self) -> str | None:
        """Name of the field that tells rows apart; None where the table has none, as ``death``."""
        return next((field.name for field in self.fields.values() if field.primary_key), None)


def cdm_tables() -> Mapping[str, Table]:
    """The tables of OMOP CDM 5.4 by name.

    Source: OHDSI Data Quality Dashboard, OMOP_CDMv5.4_Field_Level (Apache-2.0), which follows the specification at
    https://ohdsi.github.io/CommonDataModel/cdm54.html.

    Returns
    -------
    Mapping of str to Table
        In lower case, e.g. ``cdm_tables()["person"].fields["gender_concept_id"].required``.
    """
    return _tables()


@cache
def _tables() -> Mapping[str, Table]:
    fields: dict[str, dict[str, Field]] = {}
    with _FIELDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            field = Field(
                table=row["table"],
                name=row["field"],
                datatype=row["datatype"],
                required=row["required"] == "1",
                primary_key=row["primary_key"] == "1",
                foreign_table=row["foreign_table"],
                foreign_field=row["foreign_field"],
                domain=row["domain"],
                concept_class=row["concept_class"],
            )
            fields.setdefault(field.table, {})[field.name] = field
    return MappingProxyType({name: Table(name, MappingProxyType(found)) for name, found in fields.items()})
