"""The tree of an application on the page; its texts are never taken for markup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from bencao.submission.browse.tree import TreeRow


class DossierTree(Element, component="static/dossier_tree.js"):
    """Headings that open, and leaves that are chosen.

    Parameters
    ----------
    words : dict of str
    on_leaf : callable
        Told the number of a leaf that is clicked.
    """

    def __init__(self, words: dict[str, str], on_leaf: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._props["rows"] = []
        self._props["marks"] = []
        self._props["chosen"] = -1
        self._props["words"] = words

        async def clicked(event: GenericEventArguments) -> None:
            await on_leaf(str(event.args))

        self.on("leaf", clicked)

    def fill(self, rows: Sequence[TreeRow]) -> None:
        """Show a tree."""
        self._props["rows"] = [_told(row) for row in rows]
        self._props["marks"] = []
        self.update()

    def mark_rows(self, marks: Sequence[str]) -> None:
        """Mark each row by the worst severity at it, "" for none."""
        self._props["marks"] = list(marks)
        self.update()

    def choose(self, leaf: int) -> None:
        """Mark a leaf as the chosen one and bring it into view; -1 for none."""
        self._props["chosen"] = leaf
        self.update()


def _told(row: TreeRow) -> dict[str, Any]:
    return {
        "depth": row.depth,
        "number": row.number,
        "text": row.text,
        "told": row.told,
        "leaf": row.leaf,
        "operation": row.operation,
        "sequence": row.sequence,
        "status": row.status,
    }
