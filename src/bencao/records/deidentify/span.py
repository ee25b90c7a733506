"""Where identifying information stands in a text, and of what kind it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Category -> tag in Chinese and English texts.
TAGS: dict[str, tuple[str, str]] = {
    "name": ("[姓名]", "[NAME]"),
    "id": ("[证件号]", "[ID]"),
    "number": ("[编号]", "[NUMBER]"),
    "phone": ("[电话]", "[PHONE]"),
    "email": ("[邮箱]", "[EMAIL]"),
    "url": ("[网址]", "[URL]"),
    "account": ("[账号]", "[ACCOUNT]"),
    "plate": ("[车牌]", "[PLATE]"),
    "address": ("[地址]", "[ADDRESS]"),
    "hospital": ("[医院]", "[HOSPITAL]"),
    "organisation": ("[单位]", "[ORGANISATION]"),
    "department": ("[科室]", "[DEPARTMENT]"),
    "date": ("[日期]", "[DATE]"),
    "age": ("[年龄]", "[AGE]"),
}
CATEGORIES = tuple(TAGS)
# Departments name no one: they are replaced only where asked for.
DEFAULT_CATEGORIES = tuple(name for name in CATEGORIES if name != "department")


class Span(NamedTuple):
    """A piece of a text that identifies.

    Attributes
    ----------
    start, end : int
        Places in the text, in characters; the end is not part of it.
    category : str
        One of `CATEGORIES`.
    rule : str
        What found it, e.g. ``phone.mobile``.
    score : float
        0 to 1; 1 where a check digit holds or the identifier was known before.
    """

    start: int
    end: int
    category: str
    rule: str
    score: float


def without_overlap(spans: Iterable[Span]) -> list[Span]:
    """Keep the surest and longest of spans that overlap; what a loser has beyond the winner stays its own span.

    Parameters
    ----------
    spans : iterable of Span

    Returns
    -------
    list of Span
        In order of place; none overlaps another.
    """
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda one: (-round(one.score, 1), one.start - one.end, one.start, one.category)):
        if taken.isdisjoint(range(span.start, span.end)):
            pieces = [span]
        elif span.rule == "name.model":
            continue  # what is left of a guess that lost is no name
        else:
            pieces = [piece for piece in _free(span, taken) if piece.end - piece.start > 1]
        for piece in pieces:
            taken.update(range(piece.start, piece.end))
        kept += pieces
    return sorted(kept)


def _free(span: Span, taken: set[int]) -> Iterator[Span]:
    """Runs of a span's characters that no surer span has."""
    start = span.start
    for place in range(span.start, span.end + 1):
        if place == span.end or place in taken:
            if place > start:
                yield span._replace(start=start, end=place)
            start = place + 1
