"""Slots of a sentence filled with facts, and the proof that it has no other number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bencao.submission.errors import GroundingError, NumberWithoutSource
from bencao.submission.exchange.content import Content, Tag, text_of, tidy
from bencao.submission.grounding.declaration import NAME, Constant
from bencao.submission.grounding.facts import Fact
from bencao.submission.grounding.results import rounded
from bencao.submission.quality.finding import Language
from bencao.submission.quality.numbers import READERS
from bencao.submission.quantity.quantity import Quantity

TABLE = re.compile(r"\{\{\s*table\s+([0-9A-Za-z.-]+)\s*\}\}")
_SLOT = re.compile(rf"\{{\{{\s*({NAME})(?:\s*:\s*(\d|date))?\s*\}}\}}")
_BRACES = re.compile(r"\{\{|\}\}")
_SECTION = re.compile(r"\s*\d+(?:\.\d+)*\.?(?=[\s\u3000])")  # number of a heading
_DATE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?!\d*\.)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_FIRST_MARK = 0xE000  # private characters that stand for tags while a text is read


@dataclass(frozen=True)
class Stated:
    """A fact as a sentence states it."""

    fact: Fact
    text: str


@dataclass(frozen=True)
class Filled:
    """A sentence with its slots filled."""

    content: Content
    stated: tuple[Stated, ...]


def fill(content: Content, facts: Mapping[str, Fact], language: Language, where: str) -> Filled:
    """Fill the slots of a sentence; a slot that formatting cuts in two is one, its tags follow it.

    Raises
    ------
    GroundingError
        Where a slot names no fact, or asks to round what is no number, or to write as a date what is none.
    """
    text, tags = _flat(content)
    stated: list[Stated] = []
    written: list[str] = []
    at = 0
    for slot in _slots(text):
        inner = "".join(one for one in slot[0] if ord(one) < _FIRST_MARK)
        marks = "".join(one for one in slot[0] if ord(one) >= _FIRST_MARK)
        told = _SLOT.fullmatch(inner)
        assert told is not None
        fact = facts.get(told[1])
        if fact is None:
            raise GroundingError(f"no fact {told[1]!r}", where=where, mend="declare it under facts")
        shown = fact.text
        if told[2] == "date":
            shown = _date(fact, language, where)
        elif told[2] is not None:
            if fact.value is None:
                raise GroundingError(f"{told[1]} is no number to round", where=where, mend="take the places off")
            shown = rounded(fact.value, int(told[2]))
        stated.append(Stated(fact, shown))
        written += [text[at : slot.start()], shown, marks]
        at = slot.end()
    written.append(text[at:])
    whole = "".join(written)
    if _BRACES.search(whole):
        raise GroundingError(
            f"a slot that cannot be read: {text_of(content)[:80]!r}", where=where, mend="write {{name}}"
        )
    return Filled(_unflat(whole, tags), tuple(stated))


def _date(fact: Fact, language: Language, where: str) -> str:
    """A date of a case (20240312, or less of it) or of ISO 8601 as a language writes it."""
    told = _DATE.match(fact.text)
    if told is None or not 1 <= int(told[2] or 1) <= 12:
        raise GroundingError(f"{fact.name} is no date: {fact.text!r}", where=where, mend="take :date off")
    year, month, day = told[1], int(told[2] or 0), int(told[3] or 0)
    if language == "zh":
        return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    return " ".join(filter(None, (str(day) if day else "", _MONTHS[month - 1] if month else "", year)))


def check_numbers(
    filled: Filled, constants: Iterable[Constant], language: Language, where: str
) -> tuple[Constant, ...]:
    """Prove that every number of a sentence is a fact's or a constant's; the constants that it states.

    Raises
    ------
    NumberWithoutSource
        Where one is not, or where a fact's text is not in the sentence.
    """
    text = text_of(filled.content)
    left = _without(text, filled.stated, where)
    used = []
    for constant in sorted(constants, key=lambda one: -len(one.written(language))):
        words = constant.written(language)
        if words and words in left:
            used.append(constant)
            left = left.replace(words, "\u0001" * len(words))
    section = _SECTION.match(left)
    if section is not None:
        left = "\u0001" * section.end() + left[section.end() :]
    for number in READERS[language](left):
        if number.required and _counts(number):
            raise NumberWithoutSource(
                f"{number.text!r} in {text[:120]!r} has no source",
                where=where,
                mend="bind it to a fact, or declare it under constants with where it stands",
            )
    return tuple(used)


def _without(text: str, stated: Iterable[Stated], where: str) -> str:
    """The text with what facts state blanked out, each once."""
    for one in sorted(stated, key=lambda told: -len(told.text)):
        found = re.search(rf"(?<![0-9.]){re.escape(one.text)}(?![0-9]|\.[0-9])", text)
        if found is None:
            raise NumberWithoutSource(
                f"{one.text!r} ({one.fact.name}) is not in {text[:120]!r}",
                where=where,
                mend="state the fact as its source has it",
            )
        text = text[: found.start()] + "\u0001" * (found.end() - found.start()) + text[found.end() :]
    return text


def _counts(number: Quantity) -> bool:
    return "\u0001" not in number.text


def _slots(text: str) -> list[re.Match[str]]:
    """Slots of a text in which private characters stand for tags."""
    mark = "[\ue000-\uf8ff]*"
    spread = mark.join([r"\{", r"\{", r"\s*", "TEXT", r"\s*", r"\}", r"\}"]).replace("TEXT", r"[^{}]*?")
    return [
        one
        for one in re.finditer(spread, text)
        if _SLOT.fullmatch("".join(letter for letter in one[0] if ord(letter) < _FIRST_MARK))
    ]


def _flat(content: Content) -> tuple[str, list[Tag]]:
    tags: list[Tag] = []
    parts = []
    for part in content:
        if isinstance(part, str):
            parts.append(part)
        else:
            parts.append(chr(_FIRST_MARK + len(tags)))
            tags.append(part)
    return "".join(parts), tags


def _unflat(text: str, tags: list[Tag]) -> Content:
    parts: list[str | Tag] = []
    for piece in re.split("([\ue000-\uf8ff])", text):
        if len(piece) == 1 and ord(piece) >= _FIRST_MARK and ord(piece) - _FIRST_MARK < len(tags):
            parts.append(tags[ord(piece) - _FIRST_MARK])
        else:
            parts.append(piece)
    return tidy(parts)
