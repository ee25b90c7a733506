"""``bencao records model``: the tables and fields of the common data model."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Printed

from bencao.kernel.errors import InputError
from bencao.records.cdm.definition import cdm_tables
from bencao.records.commands import app


@app.command()
def model(
    table: Annotated[str | None, typer.Argument(help="A table; all of them where not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Show the tables of OMOP CDM 5.4, or the fields of one: type, whether required, what it points to.

    Example: bencao records model person
    """
    tables = cdm_tables()
    if table is not None and table.lower() not in tables:
        raise InputError(f"no table {table} in OMOP CDM 5.4", mend=f"give one of {', '.join(tables)}")
    chosen = list(tables.values()) if table is None else [tables[table.lower()]]
    fields = [field for one in chosen for field in one.fields.values()]
    if as_json:
        typer.echo(json.dumps([asdict(field) for field in fields], ensure_ascii=False))
        return
    printed = Printed("table", "field", "type", "required", "points to", "domain")
    for field in fields:
        target = f"{field.foreign_table}.{field.foreign_field}" if field.foreign_table else ""
        printed.add_row(field.table, field.name, field.datatype, "yes" if field.required else "", target, field.domain)
    Console().print(printed)
