"""Notes on the page: the list, a note with its entities marked, and their correction in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nicegui import ui

from bencao.kernel.workers import Failure
from bencao.records.browse.notes import (
    ASSERTIONS,
    KINDS,
    PAGE,
    Entity,
    NoteRow,
    NotesView,
    NoteView,
    OpenNotes,
    save_note,
    show_note,
    show_notes,
)
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.page.pager import show_pager
from bencao.web.records.annotated_text import AnnotatedText, Mark
from bencao.web.records.desk import NotesDesk
from bencao.web.records.words import ENTITY_KINDS, WORDS

_COLOURS = 8


class NotesPanel(DeskPanel[OpenNotes]):
    """What one reader makes of the notes; what is not saved stays until the page is left.

    Parameters
    ----------
    desk : NotesDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address which notes are shown, and which is open.
    """

    def __init__(self, desk: NotesDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words = WORDS[language]
        self._kind, self._start, self._note = "all", 0, ""
        self._held: dict[str, tuple[Entity, ...]] = {}
        self._kinds: tuple[str, ...] = tuple(ENTITY_KINDS[language])
        self._chosen: Entity | None = None
        self._table: DataTable | None = None

    async def open(self, at: dict[str, str]) -> None:
        """Show the notes on the stage that is open, and the one that the address names."""
        self._kind = at["kind"] if at.get("kind") in KINDS else self._kind
        self._note = at.get("note") or self._note
        with ui.row().classes("items-center gap-4 w-full"):
            self._title = ui.label().classes("panel-title").props("data-part=notes-file")
            self._filter = ui.row()
        with ui.element("div").classes("review-sides"):
            self._reader = ui.column().classes("w-full gap-2")
            self._list = ui.column().classes("w-full gap-2 review-editor")
        await self._open_list()
        if self._note:
            await self._open_note(self._note)
        else:
            with self._reader:
                ui.label(self._words["choose note"]).classes("hint")

    async def _open_list(self) -> None:
        found = await self._ask_anew(show_notes, self._kind, str(self._start))
        if self._list.is_deleted:
            return
        self._list.clear()
        with self._list:
            if isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._start = found.start
                self._show_list(found)

    def _show_list(self, view: NotesView) -> None:
        words = self._words
        self._title.set_text(view.file)
        self._kinds = tuple(dict.fromkeys([*view.kinds, *ENTITY_KINDS[self._language]]))
        self._filter.clear()
        with self._filter:
            ui.toggle(
                {kind: f"{words[f'notes {kind}']} {count:,}" for kind, count in view.counts.items()},
                value=self._kind,
                on_change=lambda event: self._choose_kind(str(event.value)),
            ).props("no-caps unelevated dense padding='3px 12px' data-part=note-kinds").classes("filter-toggle")
        if not view.rows:
            ui.label(words["no notes"]).classes("hint").props("data-part=notes")
            return
        head = [[(words[name], 1) for name in ("note", "beginning", "entities", "state")]]
        rows = [self._row(row) for row in view.rows]
        self._table = DataTable(head, rows, self._open_note).props("data-part=notes").classes("note-table")
        self._table.choose(self._note)
        if view.total > len(view.rows):
            shown = (view.start, view.start + len(view.rows), view.total)
            show_pager(words["pages"], shown, self._turn, words, ("note-pages", "next-notes"))

    def _row(self, row: NoteRow) -> list[Cell]:
        words = self._words
        held = str(row.number) in self._held
        state = words["unsaved"] if held else words["reviewed"] if row.reviewed else ""
        return [(row.note_id, str(row.number)), row.beginning, str(row.entities), state]

    async def _choose_kind(self, kind: str) -> None:
        self._kind, self._start = kind, 0
        self._remember(tab="notes", kind=kind, note=self._note)
        await self._open_list()

    async def _turn(self, pages: int) -> None:
        self._start = max(0, self._start + pages * PAGE)
        await self._open_list()

    async def _open_note(self, number: str) -> None:
        self._note, self._chosen = number, None
        self._remember(tab="notes", kind=self._kind, note=number)
        found = await self._ask_anew(show_note, number)
        if self._note != number or self._reader.is_deleted:
            return
        if self._table is not None:
            self._table.choose(number)
        self._reader.clear()
        with self._reader:
            if isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show_note(found)

    def _show_note(self, view: NoteView) -> None:
        words = self._words
        self._view = view
        with ui.row().classes("items-center w-full gap-3"):
            ui.label(words["note title"].format(id=view.note_id)).classes("panel-title").props("data-part=note-title")
            self._state = ui.label().classes("hint").props("data-part=note-state")
            ui.space()
            self._save = ui.button(words["save note"], icon="save", on_click=self._write).props(
                "no-caps unelevated data-part=save-note"
            )
        self._fault = ui.column().classes("w-full")
        ui.label(words["select hint"]).classes("hint")
        self._text = AnnotatedText(view.text, (), self._open_entity, self._pick)
        self._editor = ui.column().classes("w-full gap-2")
        self._entities = ui.column().classes("w-full gap-2")
        self._redraw()

    def _current(self) -> tuple[Entity, ...]:
        return self._held.get(self._note, self._view.entities)

    def _redraw(self) -> None:
        """Show the entities as they are now, and whether they are saved."""
        words, entities = self._words, self._current()
        names = ENTITY_KINDS[self._language]
        marks = [
            Mark(
                str(place),
                one.start,
                one.end,
                one.kind,
                self._kinds.index(one.kind) % _COLOURS if one.kind in self._kinds else 0,
                f"{names.get(one.kind, one.kind)} · {words[f'assertion {one.assertion}']}",
                one.assertion in ("negated", "conditional", "possible", "family"),
            )
            for place, one in enumerate(entities)
        ]
        self._text.show(marks)
        self._text.choose(str(entities.index(self._chosen)) if self._chosen in entities else "")
        held = self._note in self._held
        self._save.set_enabled(held or not self._view.reviewed)
        self._state.set_text(words["unsaved" if held else "reviewed" if self._view.reviewed else "not reviewed"])
        self._entities.clear()
        with self._entities:
            rows: list[list[Cell]] = [
                [
                    (self._view.text[one.start : one.end], str(place)),
                    names.get(one.kind, one.kind),
                    words[f"assertion {one.assertion}"],
                ]
                for place, one in enumerate(entities)
            ]
            if rows:
                head = [[(words[name], 1) for name in ("entity", "kind", "assertion")]]
                DataTable(head, rows, self._open_entity).props("data-part=entities")
            else:
                ui.label(words["no entities"]).classes("hint").props("data-part=entities")

    async def _open_entity(self, place: str) -> None:
        self._chosen = self._current()[int(place)]
        self._show_editor()
        self._redraw()

    async def _pick(self, start: int, end: int) -> None:
        """A new entity where the reader has selected text; spaces at its ends are left out."""
        text = self._view.text[start:end]
        start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
        if start < end:
            self._chosen = Entity(start, end, self._kinds[0] if self._kinds else "")
            self._put(None, self._chosen)
            self._show_editor()

    def _show_editor(self) -> None:
        words, chosen, names = self._words, self._chosen, ENTITY_KINDS[self._language]
        self._editor.clear()
        if chosen is None:
            return
        with self._editor, ui.row().classes("card items-center gap-3 w-full").props("data-part=entity-editor"):
            ui.label(self._view.text[chosen.start : chosen.end]).classes("panel-title")
            ui.select(
                {kind: names.get(kind, kind) for kind in self._kinds},
                value=chosen.kind,
                label=words["kind"],
                on_change=lambda event: self._change(kind=str(event.value)),
            ).props("dense outlined data-part=choice-kind").classes("entity-choice")
            ui.select(
                {name: words[f"assertion {name}"] for name in ASSERTIONS},
                value=chosen.assertion,
                label=words["assertion"],
                on_change=lambda event: self._change(assertion=str(event.value)),
            ).props("dense outlined data-part=choice-assertion").classes("entity-choice")
            ui.button(words["remove"], icon="delete", on_click=self._remove).props(
                "flat dense no-caps data-part=remove-entity"
            )

    def _change(self, *, kind: str = "", assertion: str = "") -> None:
        before = self._chosen
        if before is not None:
            after = replace(before, kind=kind or before.kind, assertion=assertion or before.assertion)
            self._chosen = after
            self._put(before, after)

    def _remove(self) -> None:
        self._put(self._chosen, None)
        self._chosen = None
        self._show_editor()

    def _put(self, before: Entity | None, after: Entity | None) -> None:
        """Put an entity in another's place, or add one, or take one away."""
        kept = [one for one in self._current() if one not in (before, after)]
        entities = sorted([*kept, after] if after else kept, key=lambda one: (one.start, one.end))
        self._held[self._note] = tuple(entities)
        self._redraw()

    async def _write(self) -> None:
        note, entities = self._note, self._current()
        found = await self._ask_anew(save_note, note, self._view.digest, entities)
        if self._fault.is_deleted:
            return
        self._fault.clear()
        if isinstance(found, Failure):
            with self._fault:
                show_fault(found, self._language)
            return
        self._held.pop(note, None)
        if note == self._note:
            self._view = replace(self._view, entities=entities, reviewed=True, digest=found)
            self._redraw()
        await self._open_list()
