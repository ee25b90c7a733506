"""``bencao evidence study``: a protocol over a database or a flat table, to a page and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.evidence.commands import app
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]


@app.command()
def study(
    protocol: Annotated[Path, typer.Argument(help="Protocol (.yaml).")],
    data: Annotated[
        Path,
        typer.Argument(
            help="Of data: omop a folder or .zip of files, or a DuckDB file; of data: table one row a person (.csv, "
            ".parquet)."
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Write the page here (.html); JSON goes beside it.")],
    despite: Annotated[
        str, typer.Option("--despite", help="Why results are shown though diagnostics fail; goes into the ledger.")
    ] = "",
    engine: Annotated[
        str, typer.Option("--engine", help="Where a cohort over omop is found: duckdb:, or spark:local[2].")
    ] = "duckdb:",
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Run a study: attrition, diagnostics, then estimates. Exit code 1 where diagnostics keep the results back.

    Example: bencao evidence study protocol.yaml hospital.duckdb -o study.html
    """
    from bencao.evidence.protocol.reading import read_protocol
    from bencao.evidence.protocol.registering import check_registered, registered_versions
    from bencao.evidence.study.opening import files_of, open_study_data
    from bencao.evidence.study.report.page import study_as_json, told_in_lines, write_study_page
    from bencao.evidence.study.running import run_study
    from bencao.kernel.files import write_text

    whole = read_protocol(protocol)
    versions = registered_versions(whole.study)
    check_registered(whole, protocol.name, versions)
    told = {"study": whole.study, "digest": whole.digest, "despite": despite, "lang": lang}
    with record(None, "evidence study", parameters=told, public=()) as job:
        job.used(protocol)
        for path in files_of(data):
            job.used(path)
        with open_study_data(whole.data, data, engine) as opened:
            found = run_study(whole, opened, despite=despite.strip())
        text = json.dumps(study_as_json(found, versions), ensure_ascii=False, sort_keys=True)
        beside = out.with_suffix(".json")
        write_study_page(found, out, versions, lang)
        write_text(beside, text + "\n")
        job.generated(out)
        job.generated(beside)
    if as_json:
        typer.echo(text)
    else:
        print(*told_in_lines(found, lang), sep="\n")
    if found.hidden:
        raise typer.Exit(1)
