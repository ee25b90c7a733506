"""Where a reader drops a file, or chooses it; what is kept of it is named."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path

from nicegui import events, ui

from bencao.discovery.browse import Shelf
from bencao.discovery.funnel.task import Task
from bencao.discovery.molecules.reading import read_library
from bencao.kernel.errors import BencaoError
from bencao.web.discovery.api import LARGEST

_COUNTED = 20_000


class FileDrop:
    """One file.

    Parameters
    ----------
    shelf : Shelf
    label : str
    name : str
        What tests call it.
    on_file : callable
        Told what the shelf calls the file.
    """

    def __init__(self, shelf: Shelf[Task], label: str, name: str, on_file: Callable[[str], Awaitable[None]]) -> None:
        self._shelf, self._on_file = shelf, on_file
        self._upload = ui.upload(
            label=label, auto_upload=True, max_file_size=LARGEST, on_upload=self._given, on_rejected=self._refused
        )
        self._upload.props(f"flat bordered data-part={name}").classes("file-drop w-full")

    async def _given(self, event: events.UploadEventArguments) -> None:
        data = await event.file.read()
        try:
            kept = await asyncio.to_thread(self._shelf.keep, event.file.name, data)
        except BencaoError as error:
            ui.notify(str(error), type="negative")
            return
        self._upload.reset()
        await self._on_file(kept)

    def _refused(self) -> None:
        ui.notify(f"> {LARGEST:,} bytes", type="negative")


class MoleculesInput:
    """Molecules as a file, pasted, or drawn.

    Parameters
    ----------
    shelf : Shelf
    words : dict of str
    name : str
        What tests call it, and the words of its drop.
    """

    def __init__(self, shelf: Shelf[Task], words: dict[str, str], name: str) -> None:
        self._shelf, self._words = shelf, words
        self._file = ""
        self._drop = FileDrop(shelf, words[f"{name} file"], f"drop-{name}", self._given)
        with ui.row().classes("w-full items-center gap-2 no-wrap") as self._told:
            self._said = ui.label().classes("hint grow").props(f"data-part=rows-{name}")
            ui.button(icon="close", on_click=self._forget).props(
                f"flat round dense size=sm aria-label='{words['remove']}'"
            )
        self._text = ui.textarea(words["paste"]).classes("w-full")
        self._text.props('dense outlined rows=3 spellcheck=false input-class="smiles"').props(f"data-part=paste-{name}")
        self._fault = ui.label().classes("fault")
        self._told.set_visibility(False)

    @property
    def value(self) -> str:
        """The kept file, or the lines pasted."""
        return self._file or str(self._text.value or "").strip()

    def add(self, smiles: str) -> None:
        """Put a molecule behind those pasted."""
        lines = [*str(self._text.value or "").splitlines(), smiles.strip()]
        self._text.set_value("\n".join(line for line in lines if line))

    async def _given(self, kept: str) -> None:
        self._fault.set_text("")
        path = self._shelf.file(kept)
        try:
            count = await asyncio.to_thread(_rows, path)
        except BencaoError as error:
            self._fault.set_text(str(error))
            return
        self._file = kept
        said = self._words["rows at least" if count == _COUNTED else "rows"]
        self._said.set_text(said.format(name=path.name, count=f"{count:,}"))
        self._show()

    def _forget(self) -> None:
        self._file = ""
        self._show()

    def _show(self) -> None:
        self._told.set_visibility(bool(self._file))
        self._text.set_visibility(not self._file)


def _rows(path: Path) -> int:
    """Rows of a library, as far as they are counted; raises `LibraryError`."""
    return sum(1 for _ in itertools.islice(read_library(path), _COUNTED))
