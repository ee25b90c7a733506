"""A table on the page, whose cells may be opened; its texts are never taken for markup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui.element import Element
from nicegui.events import GenericEventArguments

Cell = str | tuple[str, str]


class DataTable(Element, component="static/data_table.js"):
    """Rows under a header.

    Parameters
    ----------
    head : sequence of sequence of (text, columns that it covers)
        Lines of the header.
    rows : sequence of sequence of Cell
        Text, or text and the name that opens it.
    on_open : callable, optional
        Told the name of a cell that is clicked.
    numbers_from : int
        First column (from 0) whose texts are figures.
    """

    def __init__(
        self,
        head: Sequence[Sequence[tuple[str, int]]],
        rows: Sequence[Sequence[Cell]] | Sequence[Sequence[str]],
        on_open: Callable[[str], Awaitable[None]] | None = None,
        numbers_from: int = 10_000,
    ) -> None:
        super().__init__()
        self._props["head"] = [[list(cell) for cell in line] for line in head]
        self._props["rows"] = [[cell if isinstance(cell, str) else list(cell) for cell in row] for row in rows]
        self._props["numbersFrom"] = numbers_from
        self._props["chosen"] = ""
        if on_open:

            async def opened(event: GenericEventArguments) -> None:
                await on_open(str(event.args))

            self.on("open", opened)

    def set_row(self, place: int, row: Sequence[Cell]) -> None:
        """Put other cells into a row, by its place from 0."""
        self._props["rows"][place] = [cell if isinstance(cell, str) else list(cell) for cell in row]
        self.update()

    def choose(self, name: str) -> None:
        """Mark a cell; empty for none."""
        self._props["chosen"] = name
        self.update()
