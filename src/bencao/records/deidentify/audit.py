"""What was replaced, in numbers; and a search of the output for everything known of its patient."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bencao.records.deidentify.finding.form import plain
from bencao.records.deidentify.finding.known import Patient, find
from bencao.records.deidentify.text import Deidentified

_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, order=True)
class Leak:
    """A known identifier still to be seen in an output; it is not quoted.

    Attributes
    ----------
    item : int
        Number of the text, from 0.
    category : str
    start, end : int
        Place in the output; -1 where only its squeezed form shows it.
    how : str
        ``spelling``, or ``squeezed``: without spaces and marks, or by its sound.
    """

    item: int
    category: str
    start: int
    end: int
    how: str


def audit(texts: Sequence[Deidentified], patients: Sequence[Patient | None]) -> list[Leak]:
    """Search each output for every known identifier of its patient, in any spelling.

    Parameters
    ----------
    texts : sequence of Deidentified
    patients : sequence of Patient or None
        Whose each text is.

    Returns
    -------
    list of Leak
        What a surrogate shows by chance is not counted: only what stands outside the surrogates.
    """
    leaks: list[Leak] = []
    for item, (done, patient) in enumerate(zip(texts, patients, strict=True)):
        if patient is not None:
            leaks.extend(_of_one(item, done, patient))
    return leaks


def _of_one(item: int, done: Deidentified, patient: Patient) -> Iterable[Leak]:
    text = plain(done.text)
    found = False
    for span in find(text, patient):
        inside = any(start <= span.start and span.end <= end for start, end in done.replaced)
        if not inside:
            found = True
            yield Leak(item, span.category, span.start, span.end, "spelling")
    if found:
        return
    outside = _squeezed(_without(text, done.replaced))
    for category, value in patient.values:
        bare = _squeezed(plain(value))
        seen = len(bare) >= 6 and category != "date" and bare in outside
        if seen or (category == "name" and _is_heard(bare, outside)):
            yield Leak(item, category, -1, -1, "squeezed")


def _is_heard(name: str, text: str) -> bool:
    """Whether a name of three Han characters or more stands in a text, or its sound in pinyin does."""
    return len(name) >= 3 and _HAN.search(name) is not None and (name in text or _sound(name) in _HAN.sub("", text))


def _without(text: str, places: Sequence[tuple[int, int]]) -> str:
    pieces, end = [], 0
    for start, stop in places:
        pieces.append(text[end:start])
        end = stop
    return "\x00".join([*pieces, text[end:]])


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\-.,，。·()/_*]", "", text).lower()


def _sound(name: str) -> str:
    from pypinyin import lazy_pinyin  # takes a quarter of a second, and few texts need it

    return "".join(lazy_pinyin(name))


@dataclass(frozen=True)
class Summary:
    """What a job replaced and what its audit found, in numbers only.

    Attributes
    ----------
    items, failed : int
        Texts, rows or images; and those of them that could not be worked and were blanked or left out.
    replaced : dict of str to int
        By category or action.
    leaks : tuple of (str, int)
        Category and number of known identifiers still seen.
    audited : int
        Items of which a patient's identifiers were known, so that they were searched.
    """

    items: int
    failed: int
    replaced: dict[str, int]
    leaks: tuple[tuple[str, int], ...]
    audited: int


def summary(items: int, failed: int, counts: Counter[str], leaks: Counter[str], audited: int) -> Summary:
    """A summary from counts."""
    return Summary(items, failed, dict(sorted(counts.items())), tuple(sorted(leaks.items())), audited)
