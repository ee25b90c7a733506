"""From a note's text to its entities: names by rules or by a trained model, then status, time and attributes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from bencao.records.extraction.assertion import assert_entities
from bencao.records.extraction.context.linking import link
from bencao.records.extraction.context.sentences import section_statuses
from bencao.records.extraction.context.timing import time_of
from bencao.records.extraction.entity import ASSERTED, KINDS, Entity, Span
from bencao.records.extraction.rules.recogniser import find_by_rules

RULES = "bencao-extraction-rules 1"


class Recogniser(Protocol):
    """What finds names in texts."""

    @property
    def identity(self) -> str:
        """Name and version, for the ledger."""

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of entity that it was made for."""

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """Names of each text, in order and without overlaps."""


class RuleRecogniser:
    """Finds names by the word lists and patterns of our own."""

    identity = RULES
    kinds = frozenset(KINDS)

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """Names of each text, in order and without overlaps."""
        return [find_by_rules(text) for text in texts]


def open_recogniser(model: str | os.PathLike[str] | None = None) -> Recogniser:
    """The recogniser of a model folder, as `train_entities` writes it, or the rules where none is given.

    Raises
    ------
    ModelError
        Where the folder holds no such model, or one that was altered.
    """
    if model is None:
        return RuleRecogniser()
    from bencao.records.extraction.network.recogniser import NetworkRecogniser

    return NetworkRecogniser.load(Path(model))


def extract_entities(
    text: str, *, model: str | os.PathLike[str] | None = None, note_date: date | None = None
) -> list[Entity]:
    """Diseases, symptoms, drugs, tests, vital signs, operations, body parts and imaging named in a note.

    Parameters
    ----------
    text : str
        Chinese, English or both.
    model : path-like, optional
        Folder of a trained model; without one, rules of our own. Kinds that the model was not trained for are still
        found by the rules, where they overlap nothing of the model's.
    note_date : date, optional
        Makes "3 days ago" a date.

    Returns
    -------
    list of Entity
        In order, without overlaps; offsets in characters.

    Raises
    ------
    ModelError
        As `open_recogniser`.

    Examples
    --------
    >>> [(found.text, found.status) for found in extract_entities("无发热，咳嗽3天。")]
    [('发热', 'negated'), ('咳嗽', 'present')]
    """
    return extract_from([text], [note_date], open_recogniser(model))[0]


def extract_from(texts: Sequence[str], dates: Sequence[date | None], recogniser: Recogniser) -> list[list[Entity]]:
    """Entities of several notes with one recogniser; see `extract_entities`."""
    found = recogniser.find(texts)
    return [
        _described(text, _completed(text, spans, recogniser), day)
        for text, spans, day in zip(texts, found, dates, strict=True)
    ]


def _completed(text: str, spans: list[Span], recogniser: Recogniser) -> list[Span]:
    if recogniser.kinds >= frozenset(KINDS):
        return spans
    taken = {place for span in spans for place in range(span.start, span.end)}
    more = [
        span
        for span in find_by_rules(text)
        if span.kind not in recogniser.kinds and not taken.intersection(range(span.start, span.end))
    ]
    return sorted([*spans, *more])


def _described(text: str, spans: list[Span], day: date | None) -> list[Entity]:
    sections = section_statuses(text)
    statuses = iter(assert_entities(text, [(span.start, span.end) for span in spans if span.kind in ASSERTED]))
    entities = []
    for span, attributes in zip(spans, link(text, spans), strict=True):
        status = next(statuses) if span.kind in ASSERTED else "present"
        if status == "present" and span.kind in ASSERTED:
            status = next((named for begins, named in reversed(sections) if begins <= span.start), "present")
        time = time_of(text, span.start, span.end, day)
        entities.append(
            Entity(
                span.start,
                span.end,
                text[span.start : span.end],
                span.kind,
                status,
                time.date,
                time.text,
                time.duration,
                attributes,
            )
        )
    return entities
