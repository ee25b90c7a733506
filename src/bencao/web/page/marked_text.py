"""A text in which spans are marked and can be clicked; nothing in it is taken for markup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui


class MarkedText:
    """A document with marked spans.

    Parameters
    ----------
    text : str
    spans : sequence of (start, end, name)
        Where two overlap, the one that begins first is marked.
    on_open : callable
        Told the name of a span that is clicked.
    """

    def __init__(
        self, text: str, spans: Sequence[tuple[int, int, str]], on_open: Callable[[str], Awaitable[None]]
    ) -> None:
        self._marks: dict[str, ui.element] = {}
        with ui.element("div").classes("marked-text card").props("data-part=text"):
            place = 0
            for start, end, name in sorted(spans):
                if start < place or end > len(text) or start >= end:
                    continue
                self._plain(text[place:start])
                self._mark(text[start:end], name, on_open)
                place = end
            self._plain(text[place:])

    def show(self, name: str) -> None:
        """Bring a span into view and mark it as the chosen one."""
        for each, mark in self._marks.items():
            mark.classes(add="chosen" if each == name else "", remove="" if each == name else "chosen")
        if name in self._marks:
            self._marks[name].run_method("scrollIntoView", {"block": "center"})

    def _plain(self, text: str) -> None:
        if text:
            ui.label(text).classes("plain")

    def _mark(self, text: str, name: str, on_open: Callable[[str], Awaitable[None]]) -> None:
        async def opened() -> None:
            await on_open(name)

        mark = ui.element("mark").props(f"data-span={name} role=button tabindex=0").on("click", opened)
        with mark:
            ui.label(text).classes("plain")
        self._marks[name] = mark
