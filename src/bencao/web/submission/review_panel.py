"""The translation on the page: its segments, the one that is edited with its checks, and saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from bencao.kernel.workers import Failure
from bencao.submission.browse import (
    Change,
    OpenReview,
    SegmentsView,
    SegmentView,
    check_target,
    save_changes,
    show_segment,
    show_segments,
)
from bencao.submission.browse.segments import KINDS, PAGE, FoundRow, SegmentRow
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.page.marked_text import MarkedText
from bencao.web.page.pager import show_pager
from bencao.web.submission.desk import ReviewDesk
from bencao.web.submission.words import WORDS

# Leaving the page asks first while something is not saved.
_ASK = "window.onbeforeunload = (event) => { event.preventDefault(); return ''; }"
_LET_GO = "window.onbeforeunload = null"


class ReviewPanel(DeskPanel[OpenReview]):
    """What one reader makes of the translation; what is not saved stays until the page is left.

    Parameters
    ----------
    desk : ReviewDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address which segments are shown, and which is edited.
    """

    def __init__(self, desk: ReviewDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words = WORDS[language]
        self._kind, self._start, self._segment = "all", 0, ""
        self._held: dict[int, Change] = {}
        self._digest = ""
        self._rows: tuple[SegmentRow, ...] = ()

    async def open(self, kind: str, segment: str) -> None:
        """Show the segments on the stage that is open."""
        self._kind = kind if kind in KINDS else self._kind
        self._segment = segment or self._segment
        with ui.row().classes("items-center gap-4 w-full"):
            self._title = ui.column().classes("gap-0")
            self._filter = ui.row()
            ui.space()
            self._save = ui.button(icon="save", on_click=self._write).props("no-caps unelevated data-part=save")
        self._fault = ui.column().classes("w-full gap-2")
        with ui.element("div").classes("review-sides"):
            self._list = ui.column().classes("w-full gap-2 review-list")
            self._editor = ui.column().classes("w-full gap-2 review-editor")
        self._tell_held()
        await self._open_list()
        if self._segment:
            await self._open_segment(self._segment)
        else:
            with self._editor:
                ui.label(self._words["choose segment"]).classes("hint")

    async def _open_list(self) -> None:
        found = await self._ask_anew(show_segments, self._kind, str(self._start), self._language)
        if self._list.is_deleted:
            return
        self._list.clear()
        if isinstance(found, Failure):
            with self._list:
                show_fault(found, self._language)
            return
        if not self._held:
            self._digest = found.digest  # what was begun from an older file is refused when it is saved
        self._start, self._rows = found.start, found.rows
        self._show_head(found)
        with self._list:
            self._show_list(found)

    def _show_head(self, view: SegmentsView) -> None:
        words = self._words
        self._title.clear()
        with self._title:
            ui.label(view.file).classes("panel-title").props("data-part=review-file")
            ui.label(f"{view.source_language} → {view.target_language}").classes("hint")
        self._filter.clear()
        with self._filter:
            ui.toggle(
                {kind: f"{words[f'kind {kind}']} {count:,}" for kind, count in view.counts.items()},
                value=self._kind,
                on_change=lambda event: self._choose(str(event.value)),
            ).props("no-caps unelevated dense padding='3px 12px' data-part=kinds").classes("filter-toggle")

    async def _choose(self, kind: str) -> None:
        self._kind, self._start = kind, 0
        self._remember(tab="review", kind=kind, segment=self._segment)
        await self._open_list()

    async def _turn(self, pages: int) -> None:
        self._start = max(0, self._start + pages * PAGE)
        await self._open_list()

    def _show_list(self, view: SegmentsView) -> None:
        words = self._words
        if not view.rows:
            ui.label(words["no segments"]).classes("hint").props("data-part=segments")
            return
        head = [[(words[name], 1) for name in ("number", "source", "target", "state", "origin", "findings")]]
        self._table = DataTable(head, [self._row(row) for row in view.rows], self._open_segment)
        self._table.props("data-part=segments").classes("segment-table")
        self._table.choose(self._segment)
        if view.total > len(view.rows):
            shown = (view.start, view.start + len(view.rows), view.total)
            show_pager(words["pages"], shown, self._turn, words, ("pages", "next-page"))

    def _row(self, row: SegmentRow) -> list[Cell]:
        words, held = self._words, self._held.get(row.number)
        return [
            (str(row.number + 1), str(row.number)),
            row.source,
            held.text if held else row.target,
            words["unsaved"] if held else words.get(f"state {row.state}", row.state),
            words["origin edited" if held else f"origin {row.origin}"],
            str(row.findings) if row.findings and not held else "",
        ]

    async def _open_segment(self, number: str) -> None:
        self._segment = number
        self._remember(tab="review", kind=self._kind, segment=number)
        found = await self._ask_anew(show_segment, number, self._language)
        if self._segment != number or self._editor.is_deleted:
            return
        if self._rows:
            self._table.choose(number)
        self._editor.clear()
        with self._editor:
            if isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show_segment(found)

    def _show_segment(self, view: SegmentView) -> None:
        words, held = self._words, self._held.get(view.number)
        state = words.get(f"state {view.state}", view.state)
        with ui.column().classes("card w-full gap-2").props("data-part=editor"):
            with ui.row().classes("items-center justify-between w-full no-wrap"):
                with ui.column().classes("gap-0"):
                    ui.label(words["segment"].format(id=view.id)).classes("panel-title")
                    ui.label(f"{state} · {words[f'origin {view.origin}']}").classes("hint")
                    if view.origin == "elsewhere":
                        ui.label(words["elsewhere"]).classes("hint")
                with ui.row().classes("gap-0 no-wrap"):
                    for name, step in (("previous", -1), ("next", 1)):
                        self._step_button(name, self._beside(view.number, step))
            ui.label(words["source"]).classes("panel-subtitle")
            self._show_source(view)
            ui.label(words["target"]).classes("panel-subtitle")
            text = held.text if held else view.target
            self._text = (
                ui.textarea(value=text, on_change=lambda: self._edited(view))
                .props("outlined autogrow debounce=300 spellcheck=false data-part=target")
                .classes("w-full")
            )
            if "<" in view.source:
                ui.label(words["tags hint"]).classes("hint")
            with ui.row().classes("items-center gap-3"):
                self._final = (
                    ui.checkbox(
                        words["final"],
                        value=held.final if held else view.state == "final",
                        on_change=lambda: self._edited(view),
                    )
                    .props("dense data-part=final")
                    .classes("final-box")
                )
                ui.button(words["copy source"], on_click=lambda: self._text.set_value(view.source)).props(
                    "flat dense no-caps data-part=copy-source"
                )
            self._found = ui.column().classes("w-full gap-1").props("data-part=checks")
        if held:
            ui.timer(0, lambda: self._check(view.number, held.text), once=True)
        else:
            self._show_findings(view.findings, view.target)
        if view.terms:
            self._show_terms(view)

    def _show_source(self, view: SegmentView) -> None:
        async def nothing(name: str) -> None:
            marked.show(name)

        spans = [(term.start, term.end, f"term-{place}") for place, term in enumerate(view.terms)]
        marked = MarkedText(view.source, spans, nothing)

    def _show_terms(self, view: SegmentView) -> None:
        words = self._words
        told = {term.text.lower(): term for term in view.terms}
        names = ("term", "to be", "not to be") if any(term.forbidden for term in told.values()) else ("term", "to be")
        rows = [
            [term.text, " / ".join(term.targets), " / ".join(term.forbidden)][: len(names)] for term in told.values()
        ]
        ui.label(words["terms"]).classes("panel-subtitle")
        DataTable([[(words[name], 1) for name in names]], rows).props("data-part=terms")

    def _beside(self, number: int, step: int) -> str:
        """Number of the segment before or after one in the list; empty where there is none."""
        numbers = [row.number for row in self._rows]
        at = numbers.index(number) + step if number in numbers else -1
        return str(numbers[at]) if 0 <= at < len(numbers) else ""

    def _step_button(self, name: str, number: str) -> None:
        icon = "arrow_upward" if name == "previous" else "arrow_downward"
        ui.button(icon=icon, on_click=lambda: self._open_segment(number)).props(
            f"flat round dense aria-label='{self._words[name]}' data-part={name}-segment"
        ).set_enabled(bool(number))

    async def _edited(self, view: SegmentView) -> None:
        """Hold what was written, and check it."""
        text, final = str(self._text.value or ""), bool(self._final.value)
        if (text, final) == (view.target, view.state == "final"):
            self._held.pop(view.number, None)
        else:
            self._held[view.number] = Change(view.number, text, final)
        self._tell_held()
        for place, row in enumerate(self._rows):
            if row.number == view.number:
                self._table.set_row(place, self._row(row))
        await self._check(view.number, text)

    async def _check(self, number: int, text: str) -> None:
        found = await self._ask_anew(check_target, str(number), text, self._language)
        if self._found.is_deleted or self._segment != str(number) or text != str(self._text.value or ""):
            return
        if isinstance(found, Failure):
            self._found.clear()
            with self._found:
                show_fault(found, self._language)
        else:
            self._show_findings(found, text)

    def _show_findings(self, findings: Sequence[FoundRow], text: str) -> None:
        self._found.clear()
        with self._found:
            if not findings and text.strip():
                ui.label(self._words["clean"]).classes("hint leaf")
            for one in findings:
                with ui.row().classes("items-baseline gap-2 no-wrap"):
                    ui.label(self._words[f"finding {one.kind}"]).classes(
                        f"severity {'error' if one.kind == 'tag' else 'warning'}"
                    )
                    ui.label(one.said).props(f"data-finding={one.kind}")

    def _tell_held(self) -> None:
        count = len(self._held)
        self._save.set_text(self._words["save changes"].format(count=count) if count else self._words["save"])
        self._save.set_enabled(bool(count))
        ui.run_javascript(_ASK if count else _LET_GO)

    async def _write(self) -> None:
        """Save all that is held, or say why nothing was written."""
        changes = tuple(self._held[number] for number in sorted(self._held))
        found = await self._ask_anew(save_changes, self._digest, changes)
        if isinstance(found, Failure):
            if self._fault.is_deleted:
                return
            self._fault.clear()
            with self._fault:
                show_fault(found, self._language)
                if found.kind == "FileChanged":
                    ui.button(self._words["reload"], on_click=self._reload).props("no-caps flat data-part=reload")
            return
        for change in changes:  # what was written meanwhile stays
            if self._held.get(change.number) == change:
                del self._held[change.number]
        self._digest = found
        if self._fault.is_deleted:
            return
        self._fault.clear()
        ui.notify(self._words["saved"].format(count=len(changes)), type="positive")
        await self._show_anew()

    async def _reload(self) -> None:
        self._held.clear()
        self._fault.clear()
        await self._show_anew()

    async def _show_anew(self) -> None:
        self._tell_held()
        await self._open_list()
        if self._segment:
            await self._open_segment(self._segment)
