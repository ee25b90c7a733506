"""Naming the records behind a cell."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass
from bencao.trial.commands import app
from bencao.trial.commands.options import Data


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="Number of a table or listing.")],
    cell: Annotated[str, typer.Argument(help="Such as R3C2: row of the body and column, from 1.")],
    study: Annotated[Path, typer.Option("--study", help="The study's folder, with displays.yaml and lineage.yaml.")],
    data: Data,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Name the analysis, SDTM and raw records behind a cell of a table.

    Records that the results are computed from stand apart from those that only decide what a percentage is of.

    Example: bencao trial trace 14-5.01 R3C2 --study study --data adam --data sdtm --data raw
    """
    from bencao.trial.display import compute_listing, compute_table, read_displays
    from bencao.trial.display.data import data_files, datasets_of, displays_file, find_data, read_data
    from bencao.trial.trace import read_lineage, trace_cell
    from bencao.trial.trace.lineage import sources_of

    displays = read_displays(displays_file(study))
    lineage = read_lineage(study if study.is_dir() else study.parent)
    needed = datasets_of(displays, [table])
    files = data_files(needed, data) | find_data(sources_of(lineage, needed), data)
    frames = read_data(dict(sorted(files.items())))
    compute = compute_listing if displays.is_listing(table) else compute_table
    found = trace_cell(compute(table, displays, frames), cell, displays, frames, lineage)
    absent = [name for name in sources_of(lineage, needed) if name not in files]
    if absent:
        print(f"not among the data, so not looked into: {', '.join(absent)}", file=sys.stderr)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    kind = "Listing" if displays.is_listing(table) else "Table"
    print(f"{kind} {found.table} {found.address}: {' / '.join(found.path)}: {found.text}")
    for result in found.results:
        print(f"  {result.statistic} = {result.value!r}, printed {result.text}")
    for kind, records in (("direct", found.direct), ("denominator", found.denominator)):
        print(f"{kind}: {len(records):,} records")
        for each in records:
            print(f"  {each.dataset} {each.row}  {'  '.join(f'{name}={value}' for name, value in each.keys)}")
