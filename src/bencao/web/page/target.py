"""The target on the page: pasted or drawn, its bonds locked or marked for breaking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nicegui import ui

from bencao.kernel.errors import BencaoError
from bencao.synthesis import Target, read_target
from bencao.synthesis.constraints.settings import bond_in_words
from bencao.synthesis.page import Language
from bencao.synthesis.page.bonds import bonds_svg
from bencao.synthesis.page.words import warning_in_words
from bencao.web.orders import PlanOrder
from bencao.web.page.elements import BondPicker, StructureEditor
from bencao.web.page.words import WORDS


class TargetPanel:
    """Where the target is given.

    Parameters
    ----------
    language : {"en", "zh"}
    editor : StructureEditor
        Stands outside the panel, as it lies over the page.
    on_ready : callable
        Told whether there is a target that can be planned.
    """

    def __init__(self, language: Language, editor: StructureEditor, on_ready: Callable[[bool], None]) -> None:
        self.locked: list[str] = []
        self.broken = ""
        self._language = language
        self._words = words = WORDS[language]
        self._on_ready = on_ready
        self._drawn = ""
        self._editor = editor
        ui.label(words["target"]).classes("panel-title")
        with ui.row().classes("w-full items-start no-wrap gap-2"):
            self._smiles = ui.textarea(words["smiles"], on_change=self._changed).props(
                'autogrow dense outlined rows=1 debounce=300 spellcheck=false input-class="smiles"'
            )
            self._smiles.classes("grow").props("data-part=smiles")
            ui.button(words["draw"], icon="draw", on_click=lambda: self._editor.open(self.smiles)).props(
                "outline no-caps"
            )
        self._fault = ui.label().classes("fault")
        self._picture = ui.column().classes("w-full gap-1")
        with self._picture:
            self._bonds = BondPicker({"bond": words["bond"]}, self._click)
            with ui.row().classes("w-full items-center justify-between"):
                self._mode = ui.toggle({"lock": words["lock"], "break": words["break"]}, value="lock").props(
                    "no-caps unelevated size=sm toggle-color=primary padding='3px 10px'"
                )
                self._clear = ui.button(words["clear"], on_click=self._forget_bonds).props("flat dense no-caps size=sm")
            self._hint = ui.label().classes("hint")
            self._warnings = ui.label().classes("hint amber")
        self._mode.on_value_change(lambda: self._show_marks())
        self._picture.set_visibility(False)
        self.name = ui.input(words["name"]).props("dense outlined").classes("w-full")

    @property
    def smiles(self) -> str:
        """What was given, without spaces around it."""
        return str(self._smiles.value or "").strip()

    def give(self, smiles: str) -> None:
        """Put a target in place."""
        self._smiles.set_value(smiles)

    async def restore(self, order: PlanOrder) -> None:
        """Show the target of a plan with its locked bonds."""
        self._drawn = order.smiles
        self._smiles.set_value(order.smiles)
        self.name.set_value(order.name)
        await self._draw(order.smiles)
        asked = order.constraints
        self.locked = [bond_in_words(bond) for bond in asked.frozen_bonds]
        self.broken = bond_in_words(asked.required_break) if asked.required_break else ""
        self._show_marks()

    async def _changed(self) -> None:
        if self.smiles != self._drawn:
            self._drawn = self.smiles
            await self._draw(self.smiles)

    async def _draw(self, smiles: str) -> None:
        self.locked, self.broken = [], ""
        try:
            target, svg = await asyncio.to_thread(_read_and_draw, smiles) if smiles else (None, "")
        except BencaoError as error:
            if smiles == self._drawn:
                self._show(None, "", str(error))
            return
        if smiles == self._drawn:  # else another was given meanwhile
            self._show(target, svg, "")

    def _show(self, target: Target | None, svg: str, fault: str) -> None:
        self._fault.set_text(fault)
        self._picture.set_visibility(target is not None)
        self._bonds.draw(svg)
        warnings = target.warnings if target else ()
        self._warnings.set_text("; ".join(warning_in_words(warning, self._language) for warning in warnings))
        self._show_marks()
        self._on_ready(target is not None)

    def _click(self, bond: str) -> None:
        if self._mode.value == "lock":
            self.locked = [one for one in self.locked if one != bond] if bond in self.locked else [*self.locked, bond]
            self.broken = "" if self.broken == bond else self.broken
        else:
            self.broken = "" if self.broken == bond else bond
            self.locked = [one for one in self.locked if one != bond]
        self._show_marks()

    def _forget_bonds(self) -> None:
        self.locked, self.broken = [], ""
        self._show_marks()

    def _show_marks(self) -> None:
        words = self._words
        self._bonds.show_marks(self.locked, self.broken)
        said = []
        if self.locked:
            said.append(words["locked"].format(bonds=", ".join(self.locked)))
        if self.broken:
            said.append(words["to break"].format(bond=self.broken))
        self._hint.set_text(" · ".join(said) or words["bond hint" if self._mode.value == "lock" else "break hint"])
        self._clear.set_visibility(bool(said))


def _read_and_draw(smiles: str) -> tuple[Target, str]:
    target = read_target(smiles)
    return target, bonds_svg(target)
