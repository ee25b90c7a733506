"""A scene in three dimensions on the page, turned by mouse."""

from __future__ import annotations

from nicegui.element import Element


class MoleculeView(Element, component="static/molecule_view.js"):
    """Mol* with one scene after the other.

    Parameters
    ----------
    words : dict
        With view and loading.
    address : str
        Where the page asks for a scene, as MolViewSpec JSON; empty for none yet.
    """

    def __init__(self, words: dict[str, str], address: str = "") -> None:
        super().__init__()
        self._props["words"] = words
        self._props["address"] = address
        self.classes("molecule-view-frame")

    def show(self, address: str) -> None:
        """Show another scene."""
        self._props["address"] = address
        self.update()
