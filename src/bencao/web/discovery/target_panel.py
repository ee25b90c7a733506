"""The target on the page: a structure that is made ready, and the site in it, shown in three dimensions."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from nicegui import ui

from bencao.discovery.browse import OpenTargets, TargetView, show_target
from bencao.discovery.receptor.words import CHANGES
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.file_drop import FileDrop
from bencao.web.discovery.words import WORDS
from bencao.web.http.api import ROOT
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.page.molecule_view import MoleculeView

_SITES = ("pocket", "bound", "residues", "ligand", "center")
_NAMED = 8  # places of a change, residues of a pocket


class TargetPanel(DeskPanel[OpenTargets]):
    """Where target and site are given.

    Parameters
    ----------
    desk : DiscoveryDesk
    language : {"en", "zh"}
    view : MoleculeView
        Shows them.
    """

    def __init__(self, desk: DiscoveryDesk, language: Language, view: MoleculeView) -> None:
        super().__init__(desk, language, lambda **at: None)
        self.file = ""
        self._shelf, self._view = desk.shelf, view
        self._words = words = WORDS[language]
        self._ligand = ""
        self._pocket = ""
        self._asked = 0
        with ui.column().classes("card w-full gap-2"):
            ui.label(words["target"]).classes("panel-title")
            FileDrop(self._shelf, words["structure"], "drop-structure", self._given)
            with ui.expansion(words["preparation"]).classes("panel-fold"):
                with ui.row().classes("w-full gap-2 no-wrap"):
                    self._chains = ui.input(words["chains"]).props("dense outlined").classes("grow")
                    self._keep = ui.input(words["keep"]).props("dense outlined").classes("grow")
                    self._ph = ui.number(words["ph"], value=7.4, min=0, max=14, step=0.1).props("dense outlined")
                    self._ph.classes("short-number")
                ui.button(words["prepare"], on_click=self._prepare).props("flat dense no-caps")
            self._wait = ui.row().classes("items-center gap-2")
            with self._wait:
                ui.spinner(size="1.4em")
                ui.label(words["preparing"]).classes("hint")
            self._told = ui.column().classes("w-full gap-1")
        self._wait.set_visibility(False)
        self._site_card = ui.column().classes("card w-full gap-2").props("data-part=site")
        self._site_card.set_visibility(False)

    @property
    def preparation(self) -> tuple[str, str, float]:
        """Chains and residues to keep, and pH."""
        ph = 7.4 if self._ph.value is None else float(self._ph.value)
        return str(self._chains.value or ""), str(self._keep.value or ""), ph

    @property
    def site(self) -> str:
        """The site as `ScreenForm` takes it; empty where none is chosen."""
        if not self.file or not self._site_card.visible:
            return ""
        told = {
            "pocket": self._pocket,
            "bound": str(self._bound.value or ""),
            "residues": str(self._residues.value or "").replace(" ", ""),
            "ligand": self._ligand,
            "center": f"{self._center.value or ''} {self._size.value or ''}".strip() if self._center.value else "",
        }[self._kind.value]
        return f"{self._kind.value} {told}" if told else ""

    async def _given(self, kept: str) -> None:
        self.file = kept
        await self._prepare()

    async def _prepare(self) -> None:
        """Have the structure made ready, unless another is given meanwhile."""
        if not self.file:
            return
        self._asked += 1
        mine = self._asked
        self._wait.set_visibility(True)
        self._told.clear()
        self._site_card.set_visibility(False)
        chains, keep, ph = self.preparation
        found = await self._ask(show_target, self.file, chains, keep, f"{ph:g}")
        if mine != self._asked:
            return
        self._wait.set_visibility(False)
        if isinstance(found, Failure):
            with self._told:
                show_fault(found, self._language)
            return
        self._tell(found)
        self._site_card.clear()
        with self._site_card:
            self._offer(found)
        self._site_card.set_visibility(True)
        self._show()

    def _tell(self, view: TargetView) -> None:
        words = self._words
        with self._told:
            chains = ", ".join(view.chains)
            ui.label(words["prepared"].format(name=view.name, atoms=f"{view.atoms:,}", chains=chains)).props(
                "data-part=prepared"
            )
            if view.changes:
                with ui.expansion(words["changes"]).classes("panel-fold"):
                    for kind, count in Counter(kind for kind, _ in view.changes).items():
                        places = [place for one, place in view.changes if one == kind]
                        more = words["more"].format(count=count - _NAMED) if count > _NAMED else ""
                        said = ", ".join([*places[:_NAMED], *([more] if more else [])])
                        ui.label(f"{CHANGES[self._language][kind]} ({count}): {said}").classes("hint")

    def _offer(self, view: TargetView) -> None:
        words = self._words
        self._pocket = str(view.pockets[0].rank) if view.pockets else ""
        ui.label(words["site"]).classes("panel-title")
        start = "bound" if view.ligands else "pocket"
        self._kind = ui.toggle(
            {kind: words[f"by {kind}"] for kind in _SITES}, value=start, on_change=self._choose_kind
        ).props("no-caps unelevated size=sm toggle-color=primary padding='3px 10px' data-part=site-kind")
        self._kind.classes("filter-toggle")
        self._parts = {kind: ui.column().classes("w-full gap-2") for kind in _SITES}
        with self._parts["pocket"]:
            self._offer_pockets(view)
        with self._parts["bound"]:
            labels = {label: f"{label} ({atoms})" for label, atoms in view.ligands}
            self._bound = ui.select(
                labels, label=words["bound ligand"], value=next(iter(labels), None), on_change=self._show
            ).props("dense outlined options-dense data-part=bound")
            self._bound.classes("w-full")
            if not labels:
                self._bound.set_visibility(False)
                ui.label(words["no bound"]).classes("hint")
        with self._parts["residues"]:
            self._residues = ui.input(words["residues"]).props("dense outlined data-part=residues").classes("w-full")
            self._residues.on("change", self._show)
        with self._parts["ligand"]:
            FileDrop(self._shelf, words["ligand"], "drop-ligand", self._give_ligand)
            self._ligand_said = ui.label().classes("hint")
        with self._parts["center"], ui.row().classes("w-full gap-2 no-wrap"):
            self._center = ui.input(words["center"]).props("dense outlined data-part=center").classes("grow")
            self._size = ui.input(words["size"], value="22,22,22").props("dense outlined").classes("grow")
            for field in (self._center, self._size):
                field.on("change", self._show)
        self._choose_kind()

    def _offer_pockets(self, view: TargetView) -> None:
        words = self._words
        if not view.pockets:
            ui.label(words["no pockets"]).classes("hint amber")
            return
        shown = words["pockets shown"].format(shown=len(view.pockets), total=view.pockets_in_all)
        ui.label(shown).classes("hint")
        head = [[(words[name], 1) for name in ("pocket", "druggability", "volume", "lining")]]
        rows: list[list[Cell]] = [
            [
                (str(one.rank), str(one.rank)),
                f"{one.druggability:.2f}",
                f"{one.volume:.0f}",
                " ".join(one.residues[:_NAMED]) + (" …" if len(one.residues) > _NAMED else ""),
            ]
            for one in view.pockets
        ]
        self._pockets = DataTable(head, rows, self._choose_pocket).props("data-part=pockets").classes("pocket-table")
        self._pockets.choose(self._pocket)

    def _choose_kind(self) -> None:
        for kind, part in self._parts.items():
            part.set_visibility(kind == self._kind.value)
        self._show()

    async def _choose_pocket(self, rank: str) -> None:
        self._pocket = rank
        self._pockets.choose(rank)
        self._show()

    async def _give_ligand(self, kept: str) -> None:
        self._ligand = kept
        self._ligand_said.set_text(self._shelf.file(kept).name)
        self._show()

    def _show(self) -> None:
        """Show the target with its site."""
        chains, keep, ph = self.preparation
        asked = {"chains": chains, "keep": keep, "ph": f"{ph:g}", "site": self.site}
        told = urlencode({name: value for name, value in asked.items() if value})
        self._view.show(f"{ROOT}/discovery/targets/{self.file}/scene.mvsj?{told}")
