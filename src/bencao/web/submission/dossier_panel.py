"""The dossier on the page: its tree, the leaf that is chosen, and the findings of the check."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bencao.kernel.workers import Failure
from bencao.submission.browse import (
    CheckView,
    DossierView,
    LeafView,
    OpenDossier,
    show_check,
    show_dossier,
    show_leaf,
    worst_marks,
)
from bencao.submission.browse.tree import ALL, CURRENT
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.page.step import show_facts
from bencao.web.submission.desk import DossierDesk
from bencao.web.submission.dossier_tree import DossierTree
from bencao.web.submission.findings_list import show_groups
from bencao.web.submission.words import WORDS


class DossierPanel(DeskPanel[OpenDossier]):
    """What one reader sees of the application.

    Parameters
    ----------
    desk : DossierDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address which leaves and which leaf are shown.
    """

    def __init__(self, desk: DossierDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words = WORDS[language]
        self._view, self._leaf, self._severity = ALL, "", ""
        self._shown: DossierView | None = None
        self._check: CheckView | None = None

    async def open(self, view: DossierView, leaf: str) -> None:
        """Show the application on the stage that is open, and then its check."""
        words = self._words
        self._view = view.view
        views = {ALL: words["view all"], CURRENT: words["view current"]}
        views |= {one.name: _told(words, one.name, one.kind, one.description) for one in view.sequences}
        with ui.row().classes("items-center gap-4 w-full"):
            ui.label(words["application"].format(name=view.application)).classes("panel-title").props(
                "data-part=application"
            )
            ui.select(
                views,
                label=words["leaves shown"],
                value=view.view if view.view in views else ALL,
                on_change=lambda event: self._choose_view(str(event.value)),
            ).props("outlined dense options-dense data-part=choice-view").classes("study-choice")
            self._count = ui.label().classes("hint").props("data-part=leaves")
        with ui.element("div").classes("dossier-sides"):
            with ui.column().classes("dossier-side card gap-2"):
                self._tree = DossierTree(words, self._open_leaf).props("data-part=tree")
            with ui.column().classes("w-full gap-3 dossier-found"):
                self._leaf_place = ui.column().classes("w-full gap-2")
                self._check_place = ui.column().classes("w-full gap-2")
        self._fill(view)
        with self._check_place, ui.row().classes("items-center gap-2").props("data-part=checking"):
            ui.spinner(size="1.4em")
            ui.label(words["checking"]).classes("hint")
        await self._find("")
        if leaf:
            await self._show_leaf_of(leaf)

    def _fill(self, view: DossierView) -> None:
        self._shown = view
        self._tree.fill(view.rows)
        self._count.set_text(self._words["leaves"].format(count=f"{view.leaves:,}"))
        self._mark()

    def _mark(self) -> None:
        if self._shown and self._check:
            self._tree.mark_rows(worst_marks(self._shown.rows, self._check.at_leaf))

    async def _choose_view(self, view: str) -> None:
        self._view = view
        self._remember(tab="dossier", view=view, leaf=self._leaf)
        found = await self._ask(show_dossier, view, self._language)
        if self._view != view or self._tree.is_deleted:
            return
        if isinstance(found, Failure):
            ui.notify(found.cause, type="negative")
        else:
            self._fill(found)

    async def _find(self, severity: str) -> None:
        """Check the application, which is done once, and show the findings of a severity."""
        self._severity = severity
        found = await self._ask(show_check, severity, self._language)
        if self._severity != severity or self._check_place.is_deleted:
            return
        self._check_place.clear()
        with self._check_place:
            if isinstance(found, Failure):
                show_fault(found, self._language)
                return
            self._check = found
            self._show_check(found)
        self._mark()

    def _show_check(self, view: CheckView) -> None:
        words = self._words
        with ui.row().classes("items-center gap-3 w-full"):
            ui.label(words[view.verdict]).classes(f"verdict {view.verdict}").props("data-part=verdict")
            ui.label(words["region"].format(region=view.region.upper(), rules=view.rules)).classes("hint")
        if view.region != "cn":
            ui.label(words["own numbers"]).classes("hint amber")
        if view.unchecked:
            self._show_unchecked(view)
        counts = {"": sum(view.counts.values()), **view.counts}
        ui.toggle(
            {name: f"{words[name or 'all']} {count:,}" for name, count in counts.items()},
            value=self._severity,
            on_change=lambda event: self._find(str(event.value or "")),
        ).props("no-caps unelevated dense padding='3px 12px' data-part=severity").classes("filter-toggle")
        with ui.column().classes("w-full gap-2").props("data-part=findings"):
            if not view.groups:
                ui.label(words["no findings"]).classes("hint")
            show_groups(view.groups, words, self._open_leaf)

    def _show_unchecked(self, view: CheckView) -> None:
        words = self._words
        said = f"{words['unchecked']}: {len({row.rule for row in view.unchecked})}"
        with (
            ui.expansion(said, value=view.verdict == "not_checked")
            .classes("panel-fold unchecked-rules")
            .props("dense data-part=unchecked")
        ):
            ui.label(words["why not"]).classes("hint")
            head = [[(words[name], 1) for name in ("rule", "severity", "needs", "reading", "sequence")]]
            rows = [
                [row.rule, words[f"severity {row.severity}"], row.needs, row.text, " ".join(row.sequences)]
                for row in view.unchecked
            ]
            DataTable(head, rows)

    async def _open_leaf(self, number: str) -> None:
        await self._show_leaf_of(number)
        if not self._leaf_place.is_deleted:
            self._leaf_place.run_method("scrollIntoView", {"block": "nearest"})

    async def _show_leaf_of(self, number: str) -> None:
        self._leaf = number
        self._remember(tab="dossier", view=self._view, leaf=number)
        self._tree.choose(int(number) if number.isdecimal() else -1)
        found = await self._ask(show_leaf, number, self._language)
        if self._leaf != number or self._leaf_place.is_deleted:
            return
        self._leaf_place.clear()
        with self._leaf_place:
            if isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show_leaf(found)

    def _show_leaf(self, view: LeafView) -> None:
        words = self._words
        with ui.column().classes("card w-full gap-2 leaf-card").props("data-part=leaf"):
            with ui.row().classes("items-center justify-between w-full no-wrap"):
                ui.label(view.title).classes("panel-title").props("data-part=leaf-title")
                ui.button(icon="close", on_click=self._close_leaf).props(
                    f"flat round dense aria-label={words['close']}"
                )
            ui.label(view.heading).classes("hint")
            facts = [
                (words["operation"], f"{words.get(view.operation, view.operation)} ({view.sequence})"),
                (words["status"], words[view.status]),
                (words["file"], view.file or words["no file"]),
            ]
            show_facts([*facts, *([(words["checksum"], view.checksum)] if view.checksum else [])])
            ui.label(words["history"]).classes("panel-subtitle")
            head = [[(words[name], 1) for name in ("sequence", "operation", "title", "status")]]
            rows: list[list[Cell]] = [
                [
                    (one.sequence, str(one.leaf)),
                    words.get(one.operation, one.operation),
                    one.title,
                    words[one.status],
                ]
                for one in view.history
            ]
            table = DataTable(head, rows, self._open_leaf)
            table.props("data-part=history")
            table.choose(str(view.leaf))
            ui.label(words["at leaf"]).classes("panel-subtitle")
            with ui.column().classes("w-full gap-2").props("data-part=at-leaf"):
                if not view.groups:
                    ui.label(words["none at leaf"]).classes("hint")
                show_groups(view.groups, words)

    def _close_leaf(self) -> None:
        self._leaf = ""
        self._leaf_place.clear()
        self._tree.choose(-1)
        self._remember(tab="dossier", view=self._view)


def _told(words: dict[str, str], name: str, kind: str, description: str) -> str:
    return " · ".join(filter(None, (words["view sequence"].format(name=name), kind, description)))
