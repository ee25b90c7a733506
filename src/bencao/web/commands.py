"""The command ``bencao serve``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.synthesis.ensemble import FAST
from bencao.synthesis.page import Language
from bencao.synthesis.planner import load_tools
from bencao.synthesis.precedents import SHIPPED_INDEX
from bencao.synthesis.stock import DEFAULT_TIERS, SHIPPED_TIERS
from bencao.web.discovery.entry import open_discovery_desk
from bencao.web.evidence.entry import open_evidence_desk
from bencao.web.jobs import Capacity
from bencao.web.records.entry import RecordsPlaces, open_records_desks
from bencao.web.safety.entry import open_safety_desk
from bencao.web.serving import PORT, serve
from bencao.web.submission.entry import open_submission_desks
from bencao.web.trial.entry import open_desk

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="serve")
def serve_workbench(
    host: Annotated[str, typer.Option("--host", help="Address to listen at; beyond loopback a token is asked for.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", help="0 for any that is free.", min=0, max=65535)] = PORT,
    token: Annotated[
        str | None, typer.Option("--token", help="What every request must carry; made where needed and not given.")
    ] = None,
    lang: Annotated[Language | None, typer.Option("--lang", help="en or zh; else as the browser is set.")] = None,
    model: Annotated[
        str,
        typer.Option(
            "--model",
            help="fast (the template network), full (all models, ranked anew) or a folder, as `train` writes it.",
        ),
    ] = FAST,
    tier: Annotated[
        list[str] | None,
        typer.Option(
            "--tier",
            help=f"Shipped tier of the stock, once for each: {', '.join(SHIPPED_TIERS)}; none for your own list alone.",
            show_default=" and ".join(DEFAULT_TIERS),
        ),
    ] = None,
    stock: Annotated[
        Path | None, typer.Option("--stock", help="A list of your own: .csv or .tsv with a column smiles or inchikey.")
    ] = None,
    index: Annotated[
        Path, typer.Option("--index", help="Index of precedents, as `index` writes it.", show_default="shipped")
    ] = SHIPPED_INDEX,
    study: Annotated[Path | None, typer.Option("--study", help="Folder with a study.yaml, for the trial room.")] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Folder of the study's data sets, once for each.")
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", help="Conformance rules of yours for the study, a file or folder, once for each."),
    ] = None,
    cases: Annotated[
        list[Path] | None,
        typer.Option("--cases", help="File or folder of cases for the safety room, once for each."),
    ] = None,
    documents: Annotated[
        list[Path] | None, typer.Option("--documents", help="Folder of the texts that the cases come from.")
    ] = None,
    duplicates: Annotated[
        Path | None, typer.Option("--duplicates", help="Pairs, as `safety duplicates` writes them.")
    ] = None,
    signals: Annotated[
        Path | None, typer.Option("--signals", help="Measures, as `safety signals` writes them.")
    ] = None,
    trends: Annotated[Path | None, typer.Option("--trends", help="Measures by period.")] = None,
    dossier: Annotated[
        Path | None, typer.Option("--dossier", help="Folder of an eCTD application, for the submission room.")
    ] = None,
    assets: Annotated[
        Path | None, typer.Option("--assets", help="Folder of the official eCTD files; the workspace's without it.")
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option("--review", help="XLIFF 2.1 file of a translation to review; it is written when saved."),
    ] = None,
    quality: Annotated[
        list[Path] | None,
        typer.Option(
            "--quality", help="Result of `records quality`, for the records room; once for each site or load."
        ),
    ] = None,
    database: Annotated[
        Path | None, typer.Option("--database", help="The database of the first of them, to show failing rows.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="A mapping.yaml to review; it is written when saved.")
    ] = None,
    staged: Annotated[Path | None, typer.Option("--staged", help="The staged tables that it maps.")] = None,
    notes: Annotated[
        Path | None, typer.Option("--notes", help="Notes to correct; corrections go to a file beside it.")
    ] = None,
    entities: Annotated[
        Path | None, typer.Option("--entities", help="What `records extract` found in the notes.")
    ] = None,
    screens: Annotated[
        Path | None,
        typer.Option("--screens", help="Folder that keeps the discovery room's screens; the workspace's without it."),
    ] = None,
    docking: Annotated[int, typer.Option("--docking", help="Processes that each screen docks with.", min=1)] = 1,
    studies: Annotated[
        Path | None,
        typer.Option("--studies", help="Folder of protocols and data, for the evidence room; protocols are written."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", help="Plans and studies made at the same time; a process each.")
    ] = 2,
) -> None:
    """Open the workbench in a browser: draw a target, plan, lock bonds, compare routes; the same over HTTP at /api/v1.

    With --study the trial room opens a study: its specification, findings, and tables whose cells open their trace.
    With --cases or --signals the safety room opens cases beside their texts, duplicates and signals. With --dossier or
    --review the submission room opens an eCTD with its check, or a translation to review. With --quality, --mapping or
    --notes the records room opens a database's quality, a mapping or notes to correct. With --studies the evidence room
    writes protocols, freezes and runs them. The discovery room screens a library against a target. Of files it reads
    those given, those in the folders given, and what a reader sends, alone.

    What is downloaded is written into the ledger of the folder that the command runs in.

    Example: bencao serve --port 8741
    """
    tiers = () if tier == ["none"] else tuple(dict.fromkeys(tier or DEFAULT_TIERS))
    load = partial(load_tools, model, tiers, stock)
    if study is None and (data or rules):
        raise InputError("data or rules without a study", where="--data, --rules", mend="give --study as well")
    desk = open_desk(study, data or (), rules or ()) if study else None
    given = cases or documents or duplicates or signals or trends
    safety = (
        open_safety_desk(tuple(cases or ()), tuple(documents or ()), duplicates, signals, trends) if given else None
    )
    if dossier is None and assets is not None:
        raise InputError("official files without a dossier", where="--assets", mend="give --dossier as well")
    submission = open_submission_desks(dossier, review, assets) if dossier or review else None
    places = RecordsPlaces(tuple(quality or ()), database, mapping, staged, notes, entities)
    for given, option, owner in (
        (database, "--database", quality or None),
        (staged, "--staged", mapping),
        (entities, "--entities", notes),
    ):
        if given is not None and owner is None:
            raise InputError("belongs to what is not given", where=option, mend="see `bencao serve --help`")
    records = None if places.is_empty else open_records_desks(places)
    evidence = open_evidence_desk(studies, workers) if studies else None
    capacity = Capacity(workers=workers)
    serve(
        load,
        host=host,
        port=port,
        token=token,
        language=lang,
        index=index,
        capacity=capacity,
        desk=desk,
        safety=safety,
        submission=submission,
        records=records,
        discovery=open_discovery_desk(screens, docking),
        evidence=evidence,
    )
