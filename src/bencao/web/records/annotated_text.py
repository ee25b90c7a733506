"""A text with its entities marked, to open one or to select a new one; nothing in it is taken for markup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass

from nicegui.element import Element
from nicegui.events import GenericEventArguments


@dataclass(frozen=True)
class Mark:
    """One marked entity.

    Attributes
    ----------
    name : str
        What opens it.
    start, end : int
        Characters from 0, the end not included.
    kind : str
    colour : int
        From 0; the page has eight.
    title : str
        Shown where the pointer rests.
    faint : bool
        Said of what the text says is absent or not certain.
    """

    name: str
    start: int
    end: int
    kind: str
    colour: int
    title: str
    faint: bool


class AnnotatedText(Element, component="static/annotated_text.js"):
    """A document with marked entities; where two overlap, the one that begins first is marked.

    Parameters
    ----------
    text : str
    marks : sequence of Mark
    on_open : callable
        Told the name of an entity that is clicked.
    on_pick : callable
        Told start and end of what the reader selects.
    """

    def __init__(
        self,
        text: str,
        marks: Sequence[Mark],
        on_open: Callable[[str], Awaitable[None]],
        on_pick: Callable[[int, int], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._props["text"] = text
        self._props["chosen"] = ""
        self.show(marks)

        async def opened(event: GenericEventArguments) -> None:
            await on_open(str(event.args))

        async def picked(event: GenericEventArguments) -> None:
            await on_pick(int(event.args["start"]), int(event.args["end"]))

        self.on("open", opened)
        self.on("pick", picked)

    def show(self, marks: Sequence[Mark]) -> None:
        """Mark other entities."""
        self._props["spans"] = [asdict(mark) for mark in marks]
        self.update()

    def choose(self, name: str) -> None:
        """Mark one as the chosen one; empty for none."""
        self._props["chosen"] = name
        self.update()
