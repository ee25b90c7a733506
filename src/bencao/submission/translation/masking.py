"""What no engine may touch, taken out of a text before it and put back after: numbers, dates, codes, tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bencao.submission.exchange.content import Content, Tag, tidy
from bencao.submission.quality.numbers import READERS
from bencao.submission.translation.memory.rendering import month_name, render

_OPEN, _CLOSE = "⟦", "⟧"
PLACEHOLDER = re.compile(r"⟦\s*(\d+)\s*⟧")
_ADDRESS = re.compile(r"https?://[^\s<>\"，。；）]+|www\.[^\s<>\"，。；）]+|[\w.+-]+@[\w-]+\.[\w.-]*\w")
# Letters with digits: NCT01234567, ABC-123, IL-6, H1N1; not 20mg.
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Za-z])(?:[A-Z][A-Za-z]*-?\d|[A-Za-z]+\d)[A-Za-z0-9-]*")
_MONTH = "|".join(
    "January February March April May June July August September October November December".split(" ")  # noqa: SIM905
)
_ENGLISH_DATE = re.compile(
    rf"\b(?:(?P<m1>{_MONTH})\s(?P<d1>\d{{1,2}}),?\s(?P<y1>\d{{4}})|(?P<d2>\d{{1,2}})\s(?P<m2>{_MONTH})\s(?P<y2>\d{{4}})"
    rf"|(?P<m3>{_MONTH})\s(?P<y3>\d{{4}}))\b"
)
_CHINESE_DATE = re.compile(r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月(?:\s?(?P<d>\d{1,2})\s?[日号])?")


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands behind a placeholder: as the source has it, and as the translation will."""

    source: str | Tag
    target: str | Tag


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders ``⟦1⟧``, ``⟦2⟧`` … and what they stand for, in order."""

    text: str
    slots: tuple[Slot, ...]


def mask(content: Content, source: str, target: str, terms: Sequence[tuple[int, int, str]] = ()) -> Masked:
    """Take out of a segment what is not to be translated by an engine.

    Parameters
    ----------
    content : Content
    source, target : str
        Languages, ``en`` or ``zh``.
    terms : sequence of (start, end, translation)
        Places in the text without tags whose translation is known.

    Returns
    -------
    Masked
    """
    written: list[str] = []
    slots: list[Slot] = []

    def hide(slot: Slot) -> None:
        slots.append(slot)
        written.append(f"{_OPEN}{len(slots)}{_CLOSE}")

    place = 0
    for part in content:
        if isinstance(part, Tag):
            hide(Slot(part, part))
            continue
        inside = [(s - place, e - place, t) for s, e, t in terms if s >= place and e <= place + len(part)]
        done = 0
        for start, end, told in _spans(part, source, target, inside):
            written.append(part[done:start])
            hide(Slot(part[start:end], told))
            done = end
        written.append(part[done:])
        place += len(part)
    return Masked("".join(written), tuple(slots))


def unmask(text: str, masked: Masked) -> tuple[Content, list[int]]:
    """Put back what was taken out.

    Returns
    -------
    Content
    list of int
        Placeholders that the text has not exactly once, from 1, and those that none was asked for; empty where all is
        well.
    """
    parts: list[str | Tag] = []
    seen = [0] * (len(masked.slots) + 1)
    strange: list[int] = []
    done = 0
    for match in PLACEHOLDER.finditer(text):
        number = int(match[1])
        parts.append(text[done : match.start()])
        done = match.end()
        if 0 < number < len(seen):
            parts.append(masked.slots[number - 1].target)
            seen[number] += 1
        else:
            strange.append(number)
    parts.append(text[done:])
    return tidy(parts), [number for number in range(1, len(seen)) if seen[number] != 1] + strange


def _spans(text: str, source: str, target: str, terms: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Places to hide with their translation, without overlap, the earlier kind first."""
    found: list[tuple[int, int, str]] = [(m.start(), m.end(), m.group()) for m in _ADDRESS.finditer(text)]
    found += _dates(text, source)
    found += [(m.start(), m.end(), m.group()) for m in _CODE.finditer(text)]
    found += terms
    for quantity in READERS[source](text):
        written = text[quantity.start : quantity.end]
        spelled = quantity.code or quantity.unit == "month of the year" or not any(map(str.isdigit, written))
        if spelled and (not quantity.required or quantity.values[0] < 1000):
            continue
        told = render(written.strip(), quantity.values[0], target)
        if told is not None:
            found.append((quantity.start, quantity.end, told))
    kept: list[tuple[int, int, str]] = []
    for start, end, told in found:
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in kept):
            kept.append((start, end, told))
    return sorted(kept)


def _dates(text: str, source: str) -> list[tuple[int, int, str]]:
    found = []
    if source == "en":
        for match in _ENGLISH_DATE.finditer(text):
            month = match["m1"] or match["m2"] or match["m3"]
            number = READERS["en"](f"in {month}")[0].values[0]
            day = match["d1"] or match["d2"]
            year = match["y1"] or match["y2"] or match["y3"]
            found.append((match.start(), match.end(), f"{year}年{number}月" + (f"{int(day)}日" if day else "")))
        return found
    for match in _CHINESE_DATE.finditer(text):
        if not 1 <= int(match["m"]) <= 12:
            continue
        day = f"{int(match['d'])} " if match["d"] else ""
        found.append((match.start(), match.end(), f"{day}{month_name(int(match['m']), 'January')} {match['y']}"))
    return found
