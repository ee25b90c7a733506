"""Tables, listings and figures of a study."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import write_bytes, write_text
from bencao.kernel.ledger import record

if TYPE_CHECKING:
    import polars as pl

    from bencao.trial.display import Displays
    from bencao.trial.display import Table as Computed
from bencao.trial.commands import app
from bencao.trial.commands.options import Data, Study


@app.command()
def tables(
    study: Study,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Number of a table, once for each; else all.")
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Once for each of rtf, docx, html, json; else all.")
    ] = None,
) -> None:
    """Compute the declared tables and write each as RTF, DOCX, HTML and ARS JSON.

    A table that cannot be computed is named and the others go on; the exit code is then 1.

    Example: bencao trial tables study -o tables --data adam --data sdtm --only 14-1.01
    """
    from bencao.trial.display import compute_table, read_displays
    from bencao.trial.display.data import displays_file
    from bencao.trial.display.render import FORMS

    displays = read_displays(displays_file(study))
    numbers = only or [display.number for display in displays.displays]
    for number in numbers:
        displays.display(number)
    _write_displays("table", study, data, out, numbers, _forms(form, FORMS), displays, compute_table)


def _forms(asked: list[str] | None, known: tuple[str, ...]) -> list[str]:
    for name in asked or ():
        if name not in known:
            raise InputError(f"no form {name!r}", where="--form", mend=f"choose of {', '.join(known)}")
    return asked or list(known)


def _write_displays(
    kind: str,
    study: Path,
    data: list[Path],
    out: Path,
    numbers: list[str],
    forms: list[str],
    displays: Displays,
    compute: Callable[[str, Displays, Mapping[str, pl.DataFrame]], Computed],
) -> None:
    """Compute tables or listings and write each in every form; one that fails is named, and the exit code is 1."""
    from bencao.trial.display.data import data_files, datasets_of, displays_file, read_data
    from bencao.trial.display.render import rendered

    files = data_files(datasets_of(displays, numbers), data)
    failed = 0
    with record(None, f"trial {kind}s", parameters={"only": numbers, "form": forms}) as job:
        for path in (displays_file(study), *files.values()):
            job.used(path)
        frames = read_data(files)
        out.mkdir(parents=True, exist_ok=True)
        for number in numbers:
            try:
                computed = compute(number, displays, frames)
            except BencaoError as error:
                failed += 1
                print(f"{kind} {number}: {error}", file=sys.stderr)
                continue
            for name in forms:
                path = out / f"{number}.{name}"
                write_bytes(path, rendered(computed, displays, name))
                job.generated(path)
            print(f"written: {kind} {number} ({len(computed.rows)} rows)", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


@app.command()
def listings(
    study: Study,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    only: Annotated[list[str] | None, typer.Option("--only", help="A listing's number, each once; else all.")] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Once for each of rtf, docx, html; else all.")
    ] = None,
) -> None:
    """Write the declared listings as RTF, DOCX and HTML, page by page.

    A listing that cannot be computed is named and the others go on; the exit code is then 1.

    Example: bencao trial listings study -o listings --data adam --only 16-2.7.4
    """
    from bencao.trial.display import compute_listing, read_displays
    from bencao.trial.display.data import displays_file
    from bencao.trial.display.render import LISTING_FORMS

    displays = read_displays(displays_file(study))
    numbers = only or [listing.number for listing in displays.listings]
    if not numbers:
        raise InputError("no listings are declared", where=str(displays_file(study)), mend="declare them: listings:")
    for number in numbers:
        displays.listing(number)
    _write_displays("listing", study, data, out, numbers, _forms(form, LISTING_FORMS), displays, compute_listing)


@app.command()
def figures(
    study: Study,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    only: Annotated[list[str] | None, typer.Option("--only", help="A figure's number, each once; else all.")] = None,
) -> None:
    """Draw the declared figures as SVG.

    Example: bencao trial figures study -o figures --data adam
    """
    from bencao.trial.display import draw_figure, read_displays
    from bencao.trial.display.data import data_files, datasets_of, displays_file, read_data

    declared = displays_file(study)
    displays = read_displays(declared)
    numbers = only or [figure.number for figure in displays.figures]
    files = data_files(datasets_of(displays, [], numbers), data)
    with record(None, "trial figures", parameters={"only": only}) as job:
        for path in (declared, *files.values()):
            job.used(path)
        frames = read_data(files)
        out.mkdir(parents=True, exist_ok=True)
        for number in numbers:
            path = out / f"figure-{number}.svg"
            write_text(path, draw_figure(number, displays, frames))
            job.generated(path)
            print(f"written: {path}", file=sys.stderr)
