"""A scene in three dimensions on the page, turned by mouse."""

from __future__ import annotations

from nicegui.element import Element


class MoleculeView(Element, component="static/molecule_view.js"):
    """Mol* with one scene after the other; nothing, as long as there is none.

    Parameters
    ----------
    words : dict
        With view, loading and hint.
    address : str
        Where the page asks for a scene, as MolViewSpec JSON; empty for none yet.
    """

    def __init__(self, words: dict[str, str], address: str = "") -> None:
        super().__init__()
        self._props["words"] = words
        self._props["address"] = address

    def show(self, address: str) -> None:
        """Show another scene."""
        self._props["address"] = address
        self.update()
