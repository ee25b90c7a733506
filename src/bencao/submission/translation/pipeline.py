"""Segments to translations: memory, terms, engine, each checked; what none can do is said, never made up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bencao.submission.errors import EngineUnavailable
from bencao.submission.exchange.content import Content, text_of
from bencao.submission.quality.checking import check_texts
from bencao.submission.quality.finding import Finding
from bencao.submission.quality.tags import check_tags
from bencao.submission.translation.engines.engine import Engine, Request
from bencao.submission.translation.masking import PLACEHOLDER, Masked, mask, unmask
from bencao.submission.translation.memory.recall import Match, Recall
from bencao.submission.translation.termbase import Termbase

Origin = Literal["exact", "substituted", "term", "copied", "engine", "none"]
Status = Literal["translated", "review", "needs-translation"]
# What makes a translation unfit to be used at all.
_FATAL = ("number", "unit", "date", "tag", "untranslated")
_NO_WORDS = re.compile(r"^[^A-Za-z\u3400-\u9fff]*$")
_NUMBERED = re.compile(r"^(\s*(?:\d+|[A-Z])(?:\.(?:\d+|[A-Z]))*\.?[\s\u3000]+)(?=\S)")


@dataclass(frozen=True, slots=True)
class Translated:
    """A segment and what became of it.

    Attributes
    ----------
    source : Content
    target : Content or None
        None where nothing could translate it.
    origin : str
        What did: ``exact``, ``substituted``, ``term``, ``copied``, ``engine`` or ``none``.
    status : str
        ``translated``; ``review`` where a check found something a person should see; ``needs-translation``.
    match : Match or None
        The nearest that the memory knows, for whoever translates the rest.
    findings : tuple of Finding
        Of the translation; of a rejected one where there is none.
    """

    source: Content
    target: Content | None
    origin: Origin
    status: Status
    match: Match | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """Segments in their order, and why the engine did nothing, "" where it did or there is none."""

    segments: tuple[Translated, ...]
    engine_error: str = ""


def translate_segments(
    contents: Sequence[Content],
    recall: Recall,
    terms: Termbase,
    engine: Engine | None = None,
) -> Outcome:
    """Translate segments.

    Parameters
    ----------
    contents : sequence of Content
    recall : Recall
        What is known, from one language to the other.
    terms : Termbase
        Of the same languages.
    engine : Engine, optional
        For what is not known.

    Returns
    -------
    Outcome
        Where the engine cannot be reached, what the memory knew is kept and the rest needs a translation.
    """
    segments = [_known(content, recall, terms) for content in contents]
    left = [index for index, segment in enumerate(segments) if segment.target is None]
    if engine is None or not left:
        return Outcome(tuple(segments))
    try:
        done = _by_engine([segments[index] for index in left], recall, terms, engine)
    except EngineUnavailable as error:
        return Outcome(tuple(segments), str(error))
    for index, segment in zip(left, done, strict=True):
        segments[index] = segment
    return Outcome(tuple(segments))


def _known(content: Content, recall: Recall, terms: Termbase) -> Translated:
    text = text_of(content)
    if not text.strip() or _NO_WORDS.match(text):
        return Translated(content, content, "copied", "translated")
    match = recall.find(content)
    if match is not None and match.kind != "fuzzy":
        return _checked(Translated(content, match.target, match.kind, "translated", match), recall, terms)
    told = _numbered(content, recall, terms) or _term(content, terms)
    if told is not None:
        origin: Origin = "term" if match is None or match.kind == "fuzzy" else match.kind
        return Translated(content, told, origin, "translated", match)
    return Translated(content, None, "none", "needs-translation", match)


def _numbered(content: Content, recall: Recall, terms: Termbase) -> Content | None:
    """A numbered heading, ``2.3.S Drug substance``, by the heading without its number."""
    number = _NUMBERED.match(content[0]) if content and isinstance(content[0], str) else None
    if number is None:
        return None
    rest: Content = (str(content[0])[number.end() :], *content[1:])
    match = recall.find(rest)
    if match is not None and match.kind == "exact":
        return (number[0] + str(match.target[0]), *match.target[1:]) if isinstance(match.target[0], str) else None
    told = _term(rest, terms)
    return (number[0] + str(told[0]),) if told is not None else None


def _term(content: Content, terms: Termbase) -> Content | None:
    if len(content) != 1 or not isinstance(content[0], str):
        return None
    text = content[0]
    stripped = text.strip().rstrip(":：")
    term = terms.whole(stripped)
    if term is None or not term.targets:
        return None
    colon = "" if stripped == text.strip() else ("：" if terms.target == "zh" else ":")
    return (term.targets[0] + colon,)


def _by_engine(segments: Sequence[Translated], recall: Recall, terms: Termbase, engine: Engine) -> list[Translated]:
    masked = [_masked(segment, terms) for segment in segments]
    requests = [
        Request(told.text, text_of(segment.match.target) if segment.match is not None else "")
        for told, segment in zip(masked, segments, strict=True)
    ]
    answers = engine.translate(requests, recall.source, recall.target)
    return [
        _restored(segment, told, answer, recall, terms)
        for segment, told, answer in zip(segments, masked, answers, strict=True)
    ]


def _masked(segment: Translated, terms: Termbase) -> Masked:
    """The segment with its numbers, tags and terms taken out; a term comes back by its preferred name."""
    known = [
        (found.start, found.end, found.term.targets[0])
        for found in terms.find(text_of(segment.source))
        if found.term.targets
    ]
    return mask(segment.source, terms.source, terms.target, known)


def _restored(segment: Translated, masked: Masked, answer: str, recall: Recall, terms: Termbase) -> Translated:
    content, wrong = unmask(answer, masked)
    if wrong:
        lost = tuple(Finding("tag", "tag missing", source=f"⟦{number}⟧") for number in wrong)
        return replace(segment, findings=lost)
    if _unchanged(answer, masked.text):
        return replace(segment, findings=(Finding("untranslated", "same"),))
    return _checked(replace(segment, target=content, origin="engine", status="translated"), recall, terms)


def _unchanged(answer: str, asked: str) -> bool:
    """Whether an engine gave back the words it got; put back, the terms would make them look translated."""
    one, two = (PLACEHOLDER.sub(" ", text).split() for text in (answer, asked))
    return one == two and any(any(map(str.isalpha, word)) for word in one)


def _checked(segment: Translated, recall: Recall, terms: Termbase) -> Translated:
    """The segment with what its checks find; one whose numbers or tags are wrong loses its translation."""
    if segment.target is None:
        return segment
    source, target = text_of(segment.source), text_of(segment.target)
    found = [
        *check_texts(source, target, recall.source, recall.target),
        *check_tags(segment.source, segment.target),
        *terms.check(source, target),
    ]
    if segment.origin == "engine" and any(one.kind in _FATAL for one in found):
        return replace(segment, target=None, origin="none", status="needs-translation", findings=tuple(found))
    fatal = [one for one in found if one.kind == "tag"]
    if fatal:
        return replace(segment, target=None, origin="none", status="needs-translation", findings=tuple(found))
    return replace(segment, status="review" if found else "translated", findings=tuple(found))
