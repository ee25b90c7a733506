"""What stands at a room's address while nothing is open there, or its packages are not installed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from nicegui import ui

from bencao.synthesis.page import Language
from bencao.web.page.header import show_header


@dataclass(frozen=True)
class Entrance:
    """A room whose packages may be missing.

    Attributes
    ----------
    room : str
        Its name in the header, and its address.
    module : str
        What cannot be imported without its packages.
    install, serve : str
        Commands that install it, and that start the workbench with something open in it.
    words : dict
        Fixed words by language: ``none open``, ``how to open``, ``not installed``, ``how to install``.
    packages : tuple of str
        What the module needs that it does not import at once.
    """

    room: str
    module: str
    install: str
    serve: str
    words: dict[Language, dict[str, str]]
    packages: tuple[str, ...] = ()

    def missing(self) -> str:
        """Name of a package that the room needs and that is not installed; empty where all are."""
        try:
            import_module(self.module)
        except ModuleNotFoundError as error:
            if not error.name or error.name.partition(".")[0] == "bencao":
                raise
            return error.name
        return next((name for name in self.packages if find_spec(name) is None), "")

    def show_closed(self, language: Language) -> None:
        """Say on the page how to open something, or how to install the room."""
        words = self.words[language]
        missing = self.missing()
        other = "en" if language == "zh" else "zh"
        show_header(self.room, language, lambda: ui.navigate.to(f"/{self.room}?lang={other}"))
        with ui.column().classes("main-column"), ui.column().classes("welcome").props("data-part=closed"):
            ui.label(words["not installed" if missing else "none open"]).classes("welcome-title")
            said = words["how to install"].format(name=missing) if missing else words["how to open"]
            ui.label(said).classes("welcome-text")
            ui.label(self.install if missing else self.serve).classes("smiles-text card")
