"""Seeded clinical notes with injected identifiers, their exact spans and categories, from templates of one split.

A template's text holds ``{slot}`` (an identifier), ``{~list}`` (clinical words) and ``[[a|b]]`` (a choice).
A surrogate may mark what must go with ⟪…⟫ and what may go or stay, such as a title or a time of day, with ⟨…⟩.
"""

from __future__ import annotations

import importlib.util
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol, cast

SPLITS = ("dev", "test", "reserve", "ward", "clinic", "hospital")
FOLDER = Path(__file__).parent
CATEGORY = {
    "patient": "name_patient",
    "doctor": "name_doctor",
    "relative": "name_relative",
    "other": "name_other",
    "dob": "date",
    "date": "date",
    "idcard": "id",
    "mrn": "id",
    "visit": "id",
    "insurance": "id",
    "passport": "id",
    "phone": "phone",
    "landline": "phone",
    "email": "contact",
    "wechat": "contact",
    "url": "contact",
    "address": "address",
    "town": "address",
    "hospital": "hospital",
    "org": "hospital",
    "school": "hospital",
    "police": "hospital",
    "age": "age",
    "accession": "number",
    "plate": "number",
    "bank": "number",
    "device": "number",
    "badge": "number",
    "license": "number",
}
PEOPLE = ("patient", "doctor", "relative", "other")
_ENTRY = re.compile(r"^=== *(.+)$", re.MULTILINE)
_CHOICE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SLOT = re.compile(r"\{([~a-z_0-9.]+)\}")
_LIST = re.compile(r"\{([a-z]+)\}")
_SIGNS = {"#": "0123456789", "%": "23456789", "&": "ABCEGHJKLMNPRSTXY"}
_MARK = re.compile(r"⟪(.*?)⟫|⟨(.*?)⟩", re.DOTALL)


@dataclass(frozen=True)
class Template:
    """One layout of one kind of note."""

    name: str
    kind: str
    language: str
    flags: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Note:
    """A note: `spans` (start, end, category) must go, `optional` (start, end) may go or stay."""

    id: str
    template: str
    kind: str
    language: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    optional: tuple[tuple[int, int], ...]


class Surrogates(Protocol):
    """What a folder's `surrogates.py` offers."""

    WORDS: dict[str, tuple[str, ...]]

    def person(self, draw: random.Random, language: str, base: str) -> dict[str, str]:
        """A name in the forms that a note may use."""

    def date(self, draw: random.Random, language: str, base: str, form: str, style: int) -> str:
        """A date of some form; without a form, in the note's style."""

    def idcard(self, draw: random.Random) -> str:
        """A number of a citizen's identity."""


@dataclass
class _Draw:
    """What one note has drawn so far: its people keep their names, its dates mostly one format."""

    random: random.Random
    source: Surrogates
    language: str
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    style: int = 0
    others: Sequence[Surrogates] = ()

    def of(self, slot: str) -> Surrogates:
        """Whose words fill a slot: those of the template's folder, now and then another's where others are given."""
        if not self.others or slot.startswith("~") or self.random.random() < 0.4:
            return self.source
        return self.random.choice(self.others)


@cache
def surrogates(folder: Path) -> Surrogates:
    """The people, dates, numbers and words of a folder of templates."""
    spec = importlib.util.spec_from_file_location(f"phi_notes_of_{folder.name}", folder / "surrogates.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Surrogates, module)


def templates(folder: Path, language: str) -> list[Template]:
    """The templates of a folder, as its file has them."""
    path = folder / f"{language}.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = _ENTRY.split(text)[1:]
    found = []
    for head, body in zip(parts[::2], parts[1::2], strict=True):
        name, kind, *flags = (part.strip() for part in head.split("|"))
        found.append(Template(f"{language}-{name}", kind, language, tuple(flags), body.strip("\n")))
    return found


def notes(split: str, seed: int = 20261127, language: str | None = None, copies: int = 26) -> list[Note]:
    """Notes of a split: `copies` of each template, the same for the same seed.

    Parameters
    ----------
    split : {"dev", "test", "reserve", "ward", "clinic", "hospital"}
    seed : int
    language : {"zh", "en"}, optional
        Both when left out.
    copies : int
        Notes of each template.
    """
    return notes_of(FOLDER / split, seed, language, copies)


def notes_of(
    folder: Path,
    seed: int,
    language: str | None = None,
    copies: int = 26,
    others: Sequence[Surrogates] = (),
) -> list[Note]:
    """Notes of a folder of templates; some of their identifiers drawn from `others` where those are given."""
    found = []
    for one in ("zh", "en") if language is None else (language,):
        for template in templates(folder, one):
            for number in range(copies):
                draw = random.Random(f"{folder.name} {seed} {template.name} {number}")
                style = draw.randrange(100)
                found.append(_note(template, _Draw(draw, surrogates(folder), one, style=style, others=others), number))
    return found


def _note(template: Template, draw: _Draw, number: int) -> Note:
    text = _CHOICE.sub(lambda match: draw.random.choice(match[1].split("|")), template.text)
    pieces: list[tuple[str, str]] = []
    place = 0
    for match in _SLOT.finditer(text):
        pieces += _marked(text[place : match.start()], "")
        pieces += _filled(match[1], draw)
        place = match.end()
    pieces += _marked(text[place:], "")
    written, spans, optional, length = [], [], [], 0
    for words, category in pieces:
        words = _changed(words, template.flags, bool(category))
        if category == "optional":
            optional.append((length, length + len(words)))
        elif category and words:
            spans.append((length, length + len(words), category))
        written.append(words)
        length += len(words)
    return Note(
        f"{template.name}-{number}",
        template.name,
        template.kind,
        template.language,
        "".join(written),
        tuple(spans),
        tuple(optional),
    )


def _filled(slot: str, draw: _Draw) -> list[tuple[str, str]]:
    """Pieces of a slot's words with their category."""
    source = draw.of(slot)
    if slot.startswith("~"):
        words = draw.random.choice(source.WORDS[f"{draw.language}.{slot[1:]}"])
        return _marked(words, "")
    name, _, form = slot.partition(".")
    base = name.rstrip("0123456789")
    category = CATEGORY[base]
    if base in PEOPLE:
        return _marked(_named(name, base, form or "full", source, draw), category)
    if base in ("date", "dob"):
        if draw.random.random() < 0.3:
            draw.style = draw.random.randrange(100)
        asked = draw.source if form else source  # forms of dates are each folder's own
        return _marked(asked.date(draw.random, draw.language, base, form, draw.style), category)
    if base == "idcard" and draw.language == "zh":
        return _marked(source.idcard(draw.random), category)
    key = f"{draw.language}.{'over89' if base == 'age' else base}"
    source = source if key in source.WORDS else draw.source
    return _marked(_written(draw.random.choice(source.WORDS[key]), source, draw), category)


def _named(name: str, base: str, form: str, source: Surrogates, draw: _Draw) -> str:
    """A person's name in a form; somebody else's where the one drawn is not written so."""
    if name not in draw.people:
        draw.people[name] = source.person(draw.random, draw.language, base)
    if form not in draw.people[name]:
        draw.people[name] |= {
            one: words
            for one, words in draw.source.person(draw.random, draw.language, base).items()
            if one not in draw.people[name]
        }
    return draw.people[name][form]


def _written(pattern: str, source: Surrogates, draw: _Draw) -> str:
    """A pattern's words: `#` a digit, `%` one from 2 to 9, `&` a capital, `{list}` a word; `~` first: in full width."""
    words = _LIST.sub(lambda match: draw.random.choice(source.WORDS[match[1]]), pattern.removeprefix("~"))
    words = "".join(draw.random.choice(_SIGNS[one]) if one in _SIGNS else one for one in words)
    return _wide(words) if pattern.startswith("~") else words


def _wide(words: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one in "0123456789-:" else one for one in words)


def _marked(words: str, category: str) -> list[tuple[str, str]]:
    """Cut at ⟪…⟫ and ⟨…⟩; without ⟪ the whole has the category."""
    if "⟪" not in words and "⟨" not in words:
        return [(words, category)] if words else []
    pieces, place = [], 0
    rest = "" if "⟪" in words else category
    for match in _MARK.finditer(words):
        if match.start() > place:
            pieces.append((words[place : match.start()], rest))
        if match[1] is not None:
            pieces.append((match[1], category))
        else:
            pieces.append((match[2], "optional"))
        place = match.end()
    if place < len(words):
        pieces.append((words[place:], rest))
    return pieces


def _changed(words: str, flags: tuple[str, ...], identifier: bool) -> str:
    """The words as the template's kind of document would show them."""
    if "nospace" in flags:
        words = re.sub(r"[ \n]+", "", words)
    if "oneline" in flags:
        words = words.replace("\n", " ")
    if "lower" in flags:
        words = words.lower()
    if "upper" in flags:
        words = words.upper()
    if "fullwidth" in flags:
        words = _wide(words)
    if "nopunctuation" in flags and not identifier:
        words = re.sub(r"[,。;、]", " ", words)
    if "traditional" in flags:
        words = _converter()(words)
    return words


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # only the templates in traditional characters need it

    return OpenCC("s2t").convert
