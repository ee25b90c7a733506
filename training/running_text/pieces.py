"""Cut notes with injected identifiers into pieces, join and change them, so that no layout is learned by heart."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from phi_notes.generator import Note

from running_text.plain import Plain

_CUT = re.compile(r"\n|(?<=[。;；!！?？，,])|(?<=\. )")
_JOINTS = {"zh": ("\n", "\n", "\n", " ", "。", "; ", ""), "en": ("\n", "\n", " ", ". ", "; ")}
_OTHER_SIGNS = {
    ",": "，",
    "，": ",",
    "：": ":",
    ":": "：",
    "(": "（",
    "（": "(",
    ")": "）",
    "）": ")",
    ";": "；",
    "；": ";",
}
_PLAIN = 0.3  # share of parts that identify nobody
_LONG = 700  # characters of a note that is taken whole, and of the longest piece


@dataclass(frozen=True)
class Piece:
    """A text: `spans` (start, end, category) must go, `optional` (start, end) may go or stay."""

    text: str
    spans: list[tuple[int, int, str]]
    optional: list[tuple[int, int]]


def pieces_of(notes: Sequence[Note], plain: Plain, seed: int, many: int) -> list[Piece]:
    """Pieces of notes, among them some text of `plain`; the same for the same seed."""
    draw = random.Random(seed)
    alike = {one: [note for note in notes if note.language == one] for one in ("zh", "en")}
    return [_changed(_drawn(notes, alike, plain, draw), draw) for _ in range(many)]


def _drawn(notes: Sequence[Note], alike: dict[str, list[Note]], plain: Plain, draw: random.Random) -> Piece:
    note = draw.choice(notes)
    if draw.random() < 0.35:
        return _cut(note, draw, whole=True)
    text, spans, optional = "", [], []
    for _ in range(draw.randint(1, 4)):
        if text:
            text += draw.choice(_JOINTS[note.language])
        if draw.random() < _PLAIN:
            text += plain.stretch(note.language, draw)
            continue
        mixed = draw.random() > 0.93
        own = draw.random() < 0.4
        part = _cut(note if own else draw.choice(notes if mixed else alike[note.language]), draw, draw.random() < 0.5)
        spans += [(start + len(text), end + len(text), category) for start, end, category in part.spans]
        optional += [(start + len(text), end + len(text)) for start, end in part.optional]
        text += part.text
    return Piece(text, spans, optional)


def _cut(note: Note, draw: random.Random, whole: bool) -> Piece:
    """A stretch of a note that begins and ends at marks outside of identifiers."""
    if whole and len(note.text) < _LONG:
        return Piece(note.text, list(note.spans), list(note.optional))
    inside = [(start, end) for start, end, _ in note.spans] + list(note.optional)
    marks = {0, len(note.text), *(match.end() for match in _CUT.finditer(note.text))}
    places = sorted(mark for mark in marks if not any(start < mark < end for start, end in inside))
    at = draw.randrange(len(places))
    least = draw.choice((20, 40, 80, 150, 300, 500))
    first = places[at]
    last = next((place for place in places[at:] if place - first >= least), len(note.text))
    return Piece(
        note.text[first:last],
        [
            (start - first, end - first, category)
            for start, end, category in note.spans
            if first <= start and end <= last
        ],
        [(start - first, end - first) for start, end in note.optional if first <= start and end <= last],
    )


def _changed(piece: Piece, draw: random.Random) -> Piece:
    """In the other width of marks, in small letters or capitals, or without marks, each now and then."""
    chance, text = draw.random(), piece.text
    if chance < 0.12:
        text = "".join(_OTHER_SIGNS.get(sign, sign) for sign in text)
    elif chance < 0.18:
        text = text.lower()
    elif chance < 0.20:
        text = text.upper()
    elif chance < 0.26:
        kept = {place for start, end, _ in piece.spans for place in range(start, end)}
        text = "".join(
            " " if sign in ",，。;；:：\n" and place not in kept and draw.random() < 0.7 else sign
            for place, sign in enumerate(text)
        )
    return Piece(text if len(text) == len(piece.text) else piece.text, piece.spans, piece.optional)
