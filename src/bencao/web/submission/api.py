"""The submission room over HTTP, below ``/api/v1/submission``: thin, the work is done by `bencao.submission.browse`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field

from bencao.submission.browse import (
    Change,
    CheckView,
    DossierView,
    LeafView,
    SegmentsView,
    SegmentView,
    check_target,
    save_changes,
    show_check,
    show_dossier,
    show_leaf,
    show_segment,
    show_segments,
)
from bencao.submission.browse.segments import FoundRow
from bencao.synthesis.page import Language
from bencao.web.http.answering import answered, opened
from bencao.web.submission.desk import DossierDesk, ReviewDesk

_DOSSIER, _REVIEW = "start the workbench with --dossier", "start the workbench with --review"
_TAG: list[str | Enum] = ["submission"]

Lang = Annotated[Language, Query(description="Language of what is read: en or zh.")]
View = Annotated[str, Query(description="current, all, or the name of a sequence.", max_length=64)]
Severity = Annotated[Literal["", "error", "warning", "info"], Query(description="Of the findings to give; all else.")]
Kind = Annotated[Literal["all", "open", "findings", "untranslated", "final"], Query(description="Of the segments.")]


class Written(BaseModel):
    """A translation as it is being written, tags as the segment names them."""

    text: str = Field(max_length=100_000)


class ChangeForm(BaseModel):
    """What a reviewer made of a segment."""

    number: int = Field(ge=0)
    text: str = Field(max_length=100_000)
    final: bool = False


class Changes(BaseModel):
    """Changes to the file that had this SHA-256."""

    digest: str = Field(max_length=64)
    changes: list[ChangeForm] = Field(min_length=1, max_length=10_000)


class Saved(BaseModel):
    """SHA-256 of the file now."""

    digest: str


def add_submission_api(api: FastAPI, dossier: DossierDesk | None, review: ReviewDesk | None) -> None:
    """Put the room's questions under ``/submission``; those about what is not open are refused."""
    _add_dossier(api, dossier)
    _add_review(api, review)


def _add_dossier(api: FastAPI, desk: DossierDesk | None) -> None:
    @api.get("/submission/dossier", tags=_TAG)
    async def dossier(view: View = "all", lang: Lang = "en") -> DossierView:
        """Give the application's tree: headings, and leaves with operation, sequence and what became of them."""
        return answered(await opened(desk, _DOSSIER).ask(show_dossier, view, lang))

    @api.get("/submission/findings", tags=_TAG)
    async def findings(severity: Severity = "", lang: Lang = "en") -> CheckView:
        """Check the application, and give verdict, findings by rule, and the rules that could not be judged."""
        return answered(await opened(desk, _DOSSIER).ask(show_check, severity, lang))

    @api.get("/submission/leaves/{number}", tags=_TAG)
    async def leaf(number: str, lang: Lang = "en") -> LeafView:
        """Give a leaf of the tree with its history and the findings at it."""
        return answered(await opened(desk, _DOSSIER).ask(show_leaf, number, lang))


def _add_review(api: FastAPI, desk: ReviewDesk | None) -> None:
    @api.get("/submission/segments", tags=_TAG)
    async def segments(kind: Kind = "all", start: Annotated[int, Query(ge=0)] = 0, lang: Lang = "en") -> SegmentsView:
        """List the segments of the translation under review, a page of them."""
        return answered(await opened(desk, _REVIEW).ask_anew(show_segments, kind, str(start), lang))

    @api.get("/submission/segments/{number}", tags=_TAG)
    async def segment(number: str, lang: Lang = "en") -> SegmentView:
        """Give a segment to be edited: texts with named tags, terms of the source, findings."""
        return answered(await opened(desk, _REVIEW).ask_anew(show_segment, number, lang))

    @api.post("/submission/segments/{number}/check", tags=_TAG)
    async def check(number: str, written: Written, lang: Lang = "en") -> list[FoundRow]:
        """Check a translation as it is being written; nothing is kept."""
        return list(answered(await opened(desk, _REVIEW).ask_anew(check_target, number, written.text, lang)))

    @api.post("/submission/segments", tags=_TAG)
    async def save(given: Changes) -> Saved:
        """Write changes into the file, all or none: refused where a tag is lost, or where the file has changed."""
        changes = tuple(Change(one.number, one.text, one.final) for one in given.changes)
        return Saved(digest=answered(await opened(desk, _REVIEW).ask_anew(save_changes, given.digest, changes)))
