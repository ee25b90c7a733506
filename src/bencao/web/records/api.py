"""The records room over HTTP, below ``/api/v1/records``: thin, the work is done by `bencao.records.browse`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field

from bencao.records.browse import (
    Entity,
    MappingView,
    NotesView,
    NoteView,
    QualityView,
    RowsView,
    RuleView,
    SitesView,
    save_note,
    save_rule,
    show_check,
    show_mapping,
    show_note,
    show_notes,
    show_quality,
    show_rule,
    show_sites,
)
from bencao.synthesis.page import Language
from bencao.web.http.answering import answered, opened
from bencao.web.records.desk import RecordsDesks

_QUALITY, _MAPPING, _NOTES = (f"start the workbench with --{name}" for name in ("quality", "mapping", "notes"))
_TAG: list[str | Enum] = ["records"]

Lang = Annotated[Language, Query(description="Language of what is read: en or zh.")]
Status = Annotated[
    Literal["all", "failed", "passed", "not_applicable", "error"], Query(description="Of the checks to give.")
]
Start = Annotated[int, Query(ge=0, description="Place of the first one to give.")]
Site = Annotated[int, Query(ge=0, description="Place of the result, as they were given.")]
Kind = Annotated[Literal["all", "open", "reviewed"], Query(description="Of the notes.")]


class RuleForm(BaseModel):
    """A rule as YAML, made from the file that had this SHA-256; empty to remove it."""

    digest: str = Field(max_length=64)
    text: str = Field(max_length=100_000)


class EntityForm(BaseModel):
    """An entity of a note."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    kind: str = Field(max_length=64)
    assertion: str = Field(default="present", max_length=16)


class NoteForm(BaseModel):
    """All entities of a note, made from the corrections that had this SHA-256."""

    digest: str = Field(max_length=64)
    entities: list[EntityForm] = Field(max_length=10_000)


class Saved(BaseModel):
    """SHA-256 of the file now."""

    digest: str


def add_records_api(api: FastAPI, desks: RecordsDesks | None) -> None:
    """Put the room's questions under ``/records``; those about what is not open are refused."""
    held = desks or RecordsDesks()
    _add_quality(api, held)
    _add_mapping(api, held)
    _add_notes(api, held)


def _add_quality(api: FastAPI, desks: RecordsDesks) -> None:
    @api.get("/records/sites", tags=_TAG)
    async def sites() -> SitesView:
        """Hold the sites, or the loads, against each other: failing checks by table."""
        return answered(await opened(desks.quality, _QUALITY).ask(show_sites))

    @api.get("/records/checks", tags=_TAG)
    async def checks(
        status: Status = "failed", table: Annotated[str, Query(max_length=64)] = "", start: Start = 0, site: Site = 0
    ) -> QualityView:
        """List the checks of a database's quality with their counts, a page of them."""
        asked = opened(desks.quality, _QUALITY).ask(show_quality, status, table, str(start), str(site))
        return answered(await asked)

    @api.get("/records/checks/{identifier}", tags=_TAG)
    async def check(identifier: str, lang: Lang = "en", site: Site = 0) -> RowsView:
        """Give a check, and the rows that violate it where the database is open."""
        return answered(await opened(desks.quality, _QUALITY).ask(show_check, identifier, lang, str(site)))


def _add_mapping(api: FastAPI, desks: RecordsDesks) -> None:
    @api.get("/records/rules", tags=_TAG)
    async def rules() -> MappingView:
        """List the rules of the mapping under review, the least sure first."""
        return answered(await opened(desks.mapping, _MAPPING).ask_anew(show_mapping))

    @api.get("/records/rules/{entry}", tags=_TAG)
    async def rule(entry: str) -> RuleView:
        """Give a rule with what stands in its columns."""
        return answered(await opened(desks.mapping, _MAPPING).ask_anew(show_rule, entry))

    @api.post("/records/rules/{entry}", tags=_TAG)
    async def review(entry: str, form: RuleForm) -> Saved:
        """Write a rule as reviewed; refused where the file has changed, or it is no rule."""
        asked = opened(desks.mapping, _MAPPING).ask_anew(save_rule, entry, form.digest, form.text)
        return Saved(digest=answered(await asked))


def _add_notes(api: FastAPI, desks: RecordsDesks) -> None:
    @api.get("/records/notes", tags=_TAG)
    async def notes(kind: Kind = "all", start: Start = 0) -> NotesView:
        """List the notes, a page of them."""
        return answered(await opened(desks.notes, _NOTES).ask_anew(show_notes, kind, str(start)))

    @api.get("/records/notes/{number}", tags=_TAG)
    async def note(number: str) -> NoteView:
        """Give a note with its entities, as corrected where it was reviewed."""
        return answered(await opened(desks.notes, _NOTES).ask_anew(show_note, number))

    @api.post("/records/notes/{number}", tags=_TAG)
    async def correct(number: str, form: NoteForm) -> Saved:
        """Write what a person made of a note's entities; refused where the corrections have changed."""
        entities = tuple(Entity(one.start, one.end, one.kind, one.assertion) for one in form.entities)
        return Saved(
            digest=answered(await opened(desks.notes, _NOTES).ask_anew(save_note, number, form.digest, entities))
        )
