"""Proposing what the columns of a raw form are."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.trial.formats import read_datasets
from bencao.trial.mapping import load_mapper, read_labels, review_table
from bencao.trial.mapping.columns import read_columns

if TYPE_CHECKING:
    pass
from bencao.trial.commands import app
from bencao.trial.commands.options import AsJson


@app.command()
def suggest(
    raw: Annotated[Path, typer.Argument(help="A raw form: .csv, .xpt, .json or .parquet.")],
    labels: Annotated[
        Path | None, typer.Option("--labels", help="CSV with name and label: the questions of the columns.")
    ] = None,
    form: Annotated[str, typer.Option("--form", help="What the form is called, such as 'Adverse Events'.")] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write a mapping file to review here: .csv.")] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="Of texts in .xpt and .csv files.")] = "utf-8",
    as_json: AsJson = False,
) -> None:
    """Propose SDTM domain and variable, codelist and unit for each column of a raw form.

    Nothing is applied: a person reviews the file and fills its column accepted.

    Example: bencao trial suggest ae_raw.csv -o ae_mapping.csv
    """
    (dataset, *others) = read_datasets(raw, encoding)
    if others:
        raise InputError(f"{1 + len(others)} data sets", where=str(raw), mend="give one form at a time")
    asked = read_labels(read_datasets(labels)[0].frame, str(labels)) if labels else None
    mapper = load_mapper()
    found = mapper.suggest(read_columns(dataset.frame, asked), form)
    table = review_table(found)
    if out:
        with record(None, "trial suggest", parameters={"form": form}, versions=dict(mapper.identity)) as job:
            for path in (raw, *([labels] if labels else [])):
                job.used(path)
            write_text(out, table.write_csv())
            job.generated(out)
        print(f"written: {out}; fill its column accepted", file=sys.stderr)
    elif as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        shown = Table("column", "domain", "variable", "probability", "codelist", "unit", "or", box=None)
        for row in table.iter_rows(named=True):
            tested = f"{row['variable']} ({row['test']})" if row["test"] else row["variable"]
            cells = (row["column"], row["domain"], tested, f"{row['probability']:.2f}", row["codelist_name"])
            shown.add_row(*map(escape, (*cells, row["unit"], row["alternatives"])))
        Console().print(shown)
