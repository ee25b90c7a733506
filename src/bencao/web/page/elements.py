"""The three parts of the page that are scripts of our own: a route to zoom, bonds to click, the structure editor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from bencao.kernel.svg import embedded


class RouteView(Element, component="static/route_view.js"):
    """A route's picture, moved and zoomed by mouse.

    Parameters
    ----------
    svg : str
        What `route_svg` gave.
    prefix : str
        Of the ids in the picture; its own on the page.
    words : dict
    on_step : callable
        Told the number of a step that is clicked.
    """

    def __init__(self, svg: str, prefix: str, words: dict[str, str], on_step: Callable[[int], Awaitable[None]]) -> None:
        super().__init__()
        self._props["svg"] = embedded(svg, prefix)
        self._props["chosen"] = 0
        self._props["words"] = words

        async def clicked(event: GenericEventArguments) -> None:
            await on_step(int(event.args))

        self.on("step", clicked)

    def choose(self, step: int) -> None:
        """Mark a step; 0 for none."""
        self._props["chosen"] = step


class BondPicker(Element, component="static/bond_picker.js"):
    """A molecule whose bonds are clicked.

    Parameters
    ----------
    words : dict
    on_bond : callable
        Told the name of a bond that is clicked.
    """

    def __init__(self, words: dict[str, str], on_bond: Callable[[str], None]) -> None:
        super().__init__()
        self._props["svg"] = ""
        self._props["locked"] = []
        self._props["broken"] = ""
        self._props["words"] = words

        def clicked(event: GenericEventArguments) -> None:
            on_bond(str(event.args))

        self.on("bond", clicked)

    def draw(self, svg: str) -> None:
        """Show a molecule, as `bonds_svg` draws it."""
        self._props["svg"] = embedded(svg, "target") if svg else ""

    def show_marks(self, locked: list[str], broken: str) -> None:
        """Mark the locked bonds and the one to break."""
        self._props["locked"] = list(locked)
        self._props["broken"] = broken


class StructureEditor(Element, component="static/structure_editor.js"):
    """Ketcher over the page.

    Parameters
    ----------
    words : dict
    on_structure : callable
        Told the SMILES of what was drawn.
    """

    def __init__(self, words: dict[str, str], on_structure: Callable[[str], None]) -> None:
        super().__init__()
        self._props["words"] = words

        def drawn(event: GenericEventArguments) -> None:
            on_structure(str(event.args))

        self.on("structure", drawn)

    def open(self, smiles: str) -> None:
        """Open it with a molecule; empty for an empty sheet."""
        self.run_method("open", smiles)
