"""The translation of a text that differs from a known one in its numbers alone: each is put in its place by value."""

from __future__ import annotations

import re

from bencao.submission.quality.numbers import READERS
from bencao.submission.quantity.quantity import Quantity
from bencao.submission.translation.memory.rendering import month_name, render

_SPACE = re.compile(r"\s+")
_MONTH = "month of the year"
_HOLE = "\ufffc"


def frame(text: str, language: str) -> str:
    """A text without its numbers; two texts with the same frame differ in numbers alone.

    Examples
    --------
    >>> frame("Take 5 mg daily.", "en") == frame("Take 12.5 mg daily.", "en")
    True
    """
    parts, done = [], 0
    for quantity in _changeable(text, language):
        parts.append(text[done : quantity.start])
        done = quantity.end
    parts.append(text[done:])
    return _SPACE.sub(" ", _HOLE.join(parts)).strip().casefold()


def substituted(known: str, translation: str, text: str, source: str, target: str) -> str | None:
    """The translation of a text by that of another with the same frame.

    Parameters
    ----------
    known, translation : str
        A text and its translation.
    text : str
        A text with the frame of `known`.
    source, target : str
        Languages, ``en`` or ``zh``.

    Returns
    -------
    str or None
        None where a number of `known` cannot be told in its translation, so that none can be put in its place.

    Examples
    --------
    >>> substituted("Take 5 mg twice.", "每次5 mg，两次。", "Take 12.5 mg twice.", "en", "zh")
    '每次12.5 mg，两次。'
    """
    old, new = _changeable(known, source), _changeable(text, source)
    if len(old) != len(new):
        return None
    places = [quantity for quantity in READERS[target](translation) if quantity.code == ""]
    written: list[tuple[Quantity, str]] = []
    for before, after in zip(old, new, strict=True):
        place = _place(before, places)
        if place is None:
            return None
        places.remove(place)
        if before.values == after.values:
            continue
        told = _told(after, text[after.start : after.end], translation[place.start : place.end], target)
        if told is None:
            return None
        written.append((place, told))
    for place, told in sorted(written, key=lambda pair: -pair[0].start):
        translation = translation[: place.start] + told + translation[place.end :]
    return translation


def _changeable(text: str, language: str) -> list[Quantity]:
    """Numbers that may differ between two uses of a sentence: those in digits, and the names of months."""
    return [
        quantity
        for quantity in READERS[language](text)
        if not quantity.code
        and quantity.required | (text[quantity.start : quantity.end].strip() == "1")
        and (quantity.unit == _MONTH or any(map(str.isdigit, text[quantity.start : quantity.end])))
    ]


def _place(quantity: Quantity, places: list[Quantity]) -> Quantity | None:
    """Where the translation tells a number: the only place with its value, or the first with its unit too."""
    same = [place for place in places if place.values[0] == quantity.values[0]]
    alike = [place for place in same if (place.unit == _MONTH) == (quantity.unit == _MONTH)]
    return next((place for place in alike if place.unit == quantity.unit), alike[0] if alike else None)


def _told(quantity: Quantity, written: str, like: str, target: str) -> str | None:
    value = quantity.values[0]
    if quantity.unit == _MONTH:
        return month_name(value, like) if target == "en" else str(int(value))
    return render(written, value, target)
