"""``bencao submission assets``: the agencies' official files, brought once."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.ledger import record
from bencao.submission.commands import app
from bencao.submission.commands.options import Folder
from bencao.submission.ectd.region.assets import NAMES, Assets, default_folder, import_assets

assets_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The agencies' official files.")
app.add_typer(assets_app, name="assets")


@assets_app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="Folder with the files as the agency publishes them, at any depth.")],
    assets: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Take over the official DTDs, schemas, style sheets and vocabularies, and check them against published MD5s.

    A table checksums.tsv (file, md5) among them adds checksums that the package does not know.

    Example: bencao submission assets import nmpa-attachments/
    """
    with record(None, "submission assets import") as job:
        taken = import_assets(folder, assets)
        for one in taken:
            job.generated((assets or default_folder()) / one.name)
    if as_json:
        typer.echo(json.dumps({"files": [asdict(one) for one in taken]}))
        return
    for one in taken:
        print(f"{one.name:34} {one.md5}  {one.verdict}")


@assets_app.command("list")
def list_(
    assets: Folder = None, as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False
) -> None:
    """Tell which official files are at hand and which are not.

    Example: bencao submission assets list
    """
    there = Assets(assets)
    told = {name: there.find(name) is not None for name in NAMES}
    if as_json:
        typer.echo(json.dumps(told))
        return
    for name, is_there in told.items():
        print(f"{'at hand' if is_there else 'absent':8} {name}")
