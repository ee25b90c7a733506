"""A room's commands by verb: entering one loads only the file that has it, since together they take seconds."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


def room_commands(package: str, verbs: Mapping[str, str], about: str) -> typer.Typer:
    """Make the commands of a room.

    Parameters
    ----------
    package : str
        Where the commands stand, e.g. ``bencao.records.commands``.
    verbs : mapping of str to str
        Verb to the module in `package` that adds it to the application when it is imported; their order is that of the
        help.
    about : str
        The room's help.

    Returns
    -------
    typer.Typer
        To which the modules add.
    """

    class Verbs(TyperGroup):
        """The verbs by name, each loaded when it is asked for."""

        def list_commands(self, ctx: Any) -> list[str]:
            return list(verbs)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name in verbs and cmd_name not in self.commands:
                import_module(f"{package}.{verbs[cmd_name]}")
                self.commands.update(typer.main.get_group(app).commands)
            return super().get_command(ctx, cmd_name)

    app = typer.Typer(cls=Verbs, no_args_is_help=True, add_completion=False, rich_markup_mode=None, help=about)

    @app.callback()
    def room() -> None:
        """Keep the room's verbs behind its name, however few they are."""

    return app
