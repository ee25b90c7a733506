"""A mapping on the page: its rules, the least sure first, and one beside what stands in its columns."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bencao.kernel.workers import Failure
from bencao.records.browse import MappingView, OpenMapping, RuleView, save_rule, show_mapping, show_rule
from bencao.records.browse.mapping import RuleRow
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.records.desk import MappingDesk
from bencao.web.records.words import WORDS


class MappingPanel(DeskPanel[OpenMapping]):
    """What one reader makes of a mapping.

    Parameters
    ----------
    desk : MappingDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address which rule is open.
    """

    def __init__(self, desk: MappingDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words = WORDS[language]
        self._entry = ""
        self._rules: DataTable | None = None

    async def open(self, at: dict[str, str]) -> None:
        """Show the rules on the stage that is open, and the one that the address names."""
        self._entry = at.get("entry", self._entry)
        self._title = ui.column().classes("gap-0")
        with ui.element("div").classes("review-sides"):
            self._list = ui.column().classes("w-full gap-2 review-list")
            self._editor = ui.column().classes("w-full gap-2 review-editor")
        await self._open_list()
        if self._entry:
            await self._open_rule(self._entry)
        else:
            with self._editor:
                ui.label(self._words["choose rule"]).classes("hint")

    async def _open_list(self) -> None:
        found = await self._ask_anew(show_mapping)
        if self._list.is_deleted:
            return
        self._list.clear()
        with self._list:
            if isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show_list(found)

    def _show_list(self, view: MappingView) -> None:
        words = self._words
        self._title.clear()
        with self._title:
            ui.label(f"{view.file} · {view.hospital}").classes("panel-title").props("data-part=mapping-file")
            said = words["rules reviewed"].format(reviewed=view.reviewed, total=len(view.rows))
            ui.label(said).classes("hint").props("data-part=rules-reviewed")
        head = [[(words[name], 1) for name in ("field", "rule", "columns", "probability", "state")]]
        self._rules = DataTable(head, [self._row(row) for row in view.rows], self._open_rule).props("data-part=rules")
        self._rules.choose(self._entry)

    def _row(self, row: RuleRow) -> list[Cell]:
        state = self._words["reviewed" if row.reviewed else "not reviewed"]
        return [
            (f"{row.table}.{row.field}", row.entry),
            row.rule,
            f"{row.source}: {row.columns}" if row.rule != "constant" else row.columns,
            "" if row.reviewed else f"{row.probability:.2f}",
            state,
        ]

    async def _open_rule(self, entry: str) -> None:
        self._entry = entry
        self._remember(tab="mapping", entry=entry)
        found = await self._ask_anew(show_rule, entry)
        if self._entry != entry or self._editor.is_deleted:
            return
        if self._rules is not None:
            self._rules.choose(entry)
        self._editor.clear()
        with self._editor:
            if isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show_rule(found)

    def _show_rule(self, view: RuleView) -> None:
        words, row = self._words, view.row
        self._view = view
        with ui.column().classes("card w-full gap-2").props("data-part=rule"):
            ui.label(f"{row.source} → {row.table}.{row.field}").classes("panel-title")
            told = f"{view.datatype}{words['is required'] if view.required else ''}"
            sure = "" if row.reviewed else f" · {words['probability']} {row.probability:.2f}"
            ui.label(told + sure).classes("hint")
            self._text = (
                ui.textarea(value=view.text)
                .props("outlined autogrow spellcheck=false data-part=rule-text")
                .classes("w-full rule-text")
            )
            self._fault = ui.column().classes("w-full gap-2")
            with ui.row().classes("items-center gap-3"):
                ui.button(words["accept rule"], icon="check", on_click=self._accept).props(
                    "no-caps unelevated data-part=accept-rule"
                )
                ui.button(words["remove rule"], icon="delete", on_click=self._drop).props(
                    "flat dense no-caps data-part=remove-rule"
                )
        for column in view.columns:
            ui.label(words["in column"].format(name=column.name)).classes("panel-subtitle")
            said = words["column told"].format(
                form=column.form,
                filled=f"{column.filled:,}",
                missing=f"{column.missing:,}",
                distinct=f"{column.distinct:,}",
            )
            ui.label(said).classes("hint")
            if column.identifier:
                ui.label(words["identifier hidden"]).classes("hint amber")
            elif column.top:
                head = [[(words["value"], 1), (words["records"], 1)]]
                rows = [[value, f"{count:,}"] for value, count in column.top[:12]]
                DataTable(head, rows, numbers_from=1).props("data-part=column-values")

    async def _accept(self) -> None:
        await self._save(str(self._text.value or " "))

    async def _drop(self) -> None:
        await self._save("")

    async def _save(self, text: str) -> None:
        found = await self._ask_anew(save_rule, self._entry, self._view.digest, text)
        if self._fault.is_deleted:
            return
        self._fault.clear()
        if isinstance(found, Failure):
            with self._fault:
                show_fault(found, self._language)
            return
        if not text:
            self._entry = ""
            self._editor.clear()
        await self._open_list()
        if self._entry:
            await self._open_rule(self._entry)
