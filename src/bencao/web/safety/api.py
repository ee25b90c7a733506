"""The safety room over HTTP, below ``/api/v1/safety``: thin, the work is done by `bencao.safety`."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from bencao.safety.browse import (
    CaseView,
    CompletionView,
    DrugView,
    Inbox,
    PairsView,
    PairView,
    SignalsView,
    entered,
    show_case,
    show_completion,
    show_drug,
    show_inbox,
    show_pair,
    show_pairs,
    show_signals,
)
from bencao.safety.coding import Coded
from bencao.safety.service import code_terms, convert_cases, draft_text, validate_message
from bencao.safety.validation import Validation
from bencao.synthesis.page import Language
from bencao.web.errors import TooLarge
from bencao.web.http.answering import answered, opened
from bencao.web.safety.desk import SafetyDesk

_OPEN = "start the workbench with --cases"
_LARGEST = 20_000_000  # bytes of a message or text
_MEDIA = {"xml": "application/xml", "json": "application/json", "jsonl": "application/jsonl", "csv": "text/csv"}
_TAG: list[str | Enum] = ["safety"]

Lang = Annotated[Language, Query(description="Language of what is read: en or zh.")]
Region = Annotated[Literal["US", "ICH"], Query(description="Whose rules.")]
AsOf = Annotated[str, Query(description="Moment of checking, CCYYMMDDhhmmss UTC; else now.", pattern=r"^(\d{14})?$")]


class Entry(BaseModel):
    """What a person enters into a data element."""

    element: str = Field(examples=["E.i.7"])
    repeats: list[int] = Field(default_factory=list, examples=[[1]])
    value: str = ""
    null_flavor: str = ""


class Terms(BaseModel):
    """Words to be coded."""

    texts: list[Annotated[str, Field(max_length=500)]] = Field(min_length=1, max_length=1_000)
    kind: Literal["reaction", "drug"] = "reaction"
    threshold: float = Field(default=0.8, ge=0, le=1)
    top: int = Field(default=5, ge=1, le=50)


def add_safety_api(api: FastAPI, desk: SafetyDesk | None) -> None:
    """Put the room's questions under ``/safety``; those about what was opened are refused where nothing is."""
    _add_reading(api, desk)
    _add_completion(api, desk)
    _add_messages(api)


def _add_reading(api: FastAPI, desk: SafetyDesk | None) -> None:
    @api.get("/safety/cases", tags=_TAG)
    async def cases(lang: Lang = "en") -> Inbox:
        """List the cases that are open, and what of the files cannot be read."""
        return answered(await opened(desk, _OPEN).ask(show_inbox, lang))

    @api.get("/safety/cases/{number}", tags=_TAG)
    async def case(number: str, lang: Lang = "en") -> CaseView:
        """Give a case by sections, each value with its words and where they stand."""
        return answered(await opened(desk, _OPEN).ask(show_case, number, lang))

    @api.get("/safety/pairs", tags=_TAG)
    async def pairs() -> PairsView:
        """List the pairs of cases that may be one."""
        return answered(await opened(desk, _OPEN).ask(show_pairs))

    @api.get("/safety/pairs/{number}", tags=_TAG)
    async def pair(number: str, lang: Lang = "en") -> PairView:
        """Give a pair side by side, with what speaks for and against it."""
        return answered(await opened(desk, _OPEN).ask(show_pair, number, lang))

    @api.get("/safety/signals", tags=_TAG)
    async def signals() -> SignalsView:
        """Give the strongest pairs of drug and event, and all for a volcano plot."""
        return answered(await opened(desk, _OPEN).ask(show_signals))

    @api.get("/safety/drugs/{drug}", tags=_TAG)
    async def drug(drug: str) -> DrugView:
        """Give a drug's events with intervals, and over time."""
        return answered(await opened(desk, _OPEN).ask(show_drug, drug))


def _add_completion(api: FastAPI, desk: SafetyDesk | None) -> None:
    @api.post("/safety/cases/{number}/completion", tags=_TAG)
    async def complete(
        number: str, entries: list[Entry], region: Region = "US", as_of: AsOf = "", lang: Lang = "en"
    ) -> CompletionView:
        """Say what a case lacks once the entries are in it, and give the message it makes; nothing is kept."""
        lines = "\n".join(entered(each.element, tuple(each.repeats), each.value, each.null_flavor) for each in entries)
        told = (number, region, as_of or _now(), lang, lines)
        return answered(await opened(desk, _OPEN).ask(show_completion, *told))


def _add_messages(api: FastAPI) -> None:
    @api.post("/safety/validate", tags=_TAG, openapi_extra=_body("application/xml"))
    async def validate(
        request: Request, region: Region = "US", as_of: AsOf = "", lang: Lang = "en"
    ) -> list[Validation]:
        """Hold each report of an E2B(R3) batch against a region's rules."""
        return await run_in_threadpool(validate_message, await _read(request), region, as_of or _now(), lang)

    @api.post("/safety/convert", tags=_TAG, openapi_extra=_body("application/octet-stream"), response_class=Response)
    async def convert(
        request: Request, given: Annotated[str, Query(alias="from")], wanted: Annotated[str, Query(alias="to")]
    ) -> Response:
        """Move cases from one format to another: xml, json, jsonl or csv."""
        made = await run_in_threadpool(convert_cases, await _read(request), given, wanted)
        return Response(made, media_type=_MEDIA[wanted])

    @api.post("/safety/draft", tags=_TAG, openapi_extra=_body("text/plain"))
    async def draft(request: Request, name: str = "report.txt") -> dict[str, Any]:
        """Read an e-mail (name.eml) or a text into a draft case, each value with its characters."""
        return await run_in_threadpool(draft_text, await _read(request), name)

    @api.post("/safety/code", tags=_TAG)
    def code(terms: Terms) -> list[Coded]:
        """Rank the codes of an open vocabulary for each text."""
        return code_terms(terms.texts, terms.kind, terms.threshold, terms.top)


async def _read(request: Request) -> bytes:
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > _LARGEST:
            raise TooLarge(f"over {_LARGEST:,} bytes", where="body", mend="use the command line for large files")
    return bytes(read)


def _body(media_type: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary"}
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y%m%d%H%M%S")
