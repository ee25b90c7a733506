"""The command ``bencao``: mounts each room's commands, and turns every error into one line."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bencao.kernel.errors import BencaoError, EngineMissing
from bencao.kernel.version import package_version

# Where a room's commands stand, and what it does. A room is imported only when it is entered.
ROOMS = {
    "synthesis": ("bencao.synthesis.commands", "Routes to make a molecule, each step checked."),
    "discovery": ("bencao.discovery.commands", "Finding the molecule: fold, dock, screen, predict, design."),
    "trial": ("bencao.trial.commands", "Trial data: raw to SDTM, ADaM and tables, each number traced."),
    "safety": ("bencao.safety.commands", "Drug safety: cases, coding, E2B(R3), duplicates, signals."),
    "submission": ("bencao.submission.commands", "The dossier: translation with its checks, documents, eCTD."),
    "records": ("bencao.records.commands", "Hospital records: ingest, quality, de-identification, extraction."),
    "evidence": ("bencao.evidence.commands", "Real-world studies: protocol, estimate, diagnostics, calibration."),
    "serve": ("bencao.web.commands", "The workbench in a browser, and the same jobs over HTTP."),
    "ledger": ("bencao.kernel.ledger_commands", "What was made from what: the workspace's tamper-evident log."),
}
# The extra that a room's packages come with; those of the other rooms come with every install.
EXTRAS = {
    "discovery": "discovery",
    "trial": "trial",
    "safety": "safety",
    "submission": "submission",
    "records": "records",
    "evidence": "evidence",
    "serve": "web",
}


class Rooms(TyperGroup):
    """The rooms by name, each loaded on entering it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the rooms."""
        return list(ROOMS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What stands for a room in the help."""
        return TyperGroup(name=cmd_name, help=ROOMS[cmd_name][1]) if cmd_name in ROOMS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The room that was named, now imported."""
        name, stand_in, left = super().resolve_command(ctx, args)
        if stand_in is None or name is None:
            return name, stand_in, left
        return name, typer.main.get_command(_entered(name)), left


def _entered(room: str) -> typer.Typer:
    """The commands of a room, whose packages may be an extra that is not installed."""
    try:
        commands: typer.Typer = import_module(ROOMS[room][0]).app
    except ModuleNotFoundError as error:
        if not error.name or error.name.partition(".")[0] == "bencao" or room not in EXTRAS:
            raise
        raise EngineMissing(f"{room} needs {error.name}", mend=f"pip install 'bencao[{EXTRAS[room]}]'") from None
    return commands


app = typer.Typer(
    cls=Rooms,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bencao {package_version()}")
        raise typer.Exit


@app.callback()
def house(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Bencao: from molecule to patient.

    bencao ROOM VERB --help shows an example of every verb.
    """


def main() -> None:
    """Run the command line: exit 2 and one line on stderr for an error, 130 for Ctrl-C, never a traceback."""
    try:
        app(prog_name="bencao")
    except BencaoError as error:
        _say(f"{error.kind}: {error}")
        for note in getattr(error, "__notes__", ()):
            _say(note)
        sys.exit(2)
    except KeyboardInterrupt:
        _say("stopped")
        sys.exit(130)
    except Exception as error:  # a fault of ours: still an answer, not a traceback
        _say(f"unexpected {type(error).__name__}: {error}; please report it with the command you ran")
        sys.exit(2)


def _say(text: str) -> None:
    print(" ".join(text.split()), file=sys.stderr)
