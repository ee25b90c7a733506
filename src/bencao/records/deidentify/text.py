"""De-identify notes: find what identifies, put surrogates or tags in its place, say what was replaced."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bencao.kernel.errors import InputError
from bencao.records.deidentify.finding import dates
from bencao.records.deidentify.finding.form import plain
from bencao.records.deidentify.finding.known import Patient
from bencao.records.deidentify.finding.running.deciding import settled_each
from bencao.records.deidentify.rules import ruled_each
from bencao.records.deidentify.secret import Secret
from bencao.records.deidentify.span import CATEGORIES, DEFAULT_CATEGORIES, TAGS, Span
from bencao.records.deidentify.surrogate import dates as dates_moved
from bencao.records.deidentify.surrogate import names, others

_MOST = 200_000  # characters searched at once: longer texts are cut at a line
_TOGETHER = 20_000  # characters of short texts that the name model sees together


@dataclass(frozen=True)
class Deidentified:
    """A text without what identifies.

    Attributes
    ----------
    text : str
    spans : tuple of Span
        What was replaced, by its place in the original; it quotes nothing.
    replaced : tuple of (int, int)
        Places of the surrogates in the new text, in the order of the spans.
    """

    text: str
    spans: tuple[Span, ...]
    replaced: tuple[tuple[int, int], ...]

    @property
    def counts(self) -> dict[str, int]:
        """Spans by category."""
        return dict(sorted(Counter(span.category for span in self.spans).items()))


def deidentify_text(
    texts: Iterable[str],
    *,
    secret: Secret | None = None,
    patients: Sequence[Patient | None] | None = None,
    style: Literal["surrogate", "tag"] | None = None,
    categories: Collection[str] = DEFAULT_CATEGORIES,
) -> list[Deidentified]:
    """Replace what identifies in Chinese, English and mixed notes.

    Parameters
    ----------
    texts : iterable of str
    secret : Secret, optional
        The user's key, see `read_key`; needed for surrogates. The same key gives the same surrogates.
    patients : sequence of Patient or None, optional
        Whose each text is, with what the tables know of him: it is found in all spellings, and his dates move by one
        number of days in all his notes. Without, each text's dates move by days of its own.
    style : {"surrogate", "tag"}, optional
        Something of the same form in its place, or a tag such as ``[姓名]``; surrogates where a key is given, tags
        where none is. Under a key dates are moved in either style.
    categories : collection of str
        What to replace, of `CATEGORIES`.

    Returns
    -------
    list of Deidentified
        In the order of the texts.

    Raises
    ------
    InputError
        Where a style or category is unknown, surrogates are asked for without a key, or there are not as many
        patients as texts.

    Examples
    --------
    >>> from bencao.records.deidentify import Secret
    >>> secret = Secret(b"sixteen bytes or more")
    >>> done = deidentify_text(["患者张建国，男，93岁，电话13812345678。"], secret=secret, style="tag")
    >>> done[0].text
    '患者[姓名]，男，[年龄]岁，电话[电话]。'
    """
    chosen = style or ("tag" if secret is None else "surrogate")
    wanted = _checked(categories, chosen, secret)
    items = list(texts)
    if patients is not None and len(patients) != len(items):
        raise InputError(f"{len(items)} texts and {len(patients)} patients", mend="give one patient, or None, a text")
    whose = patients or [None] * len(items)
    out: list[Deidentified] = []
    for first, last in _together(items):
        forms = [plain(text) for text in items[first:last]]
        found = _found(forms, whose[first:last], wanted)
        for text, form, patient, spans in zip(items[first:last], forms, whose[first:last], found, strict=True):
            out.append(_one(text, form, spans, patient, secret, chosen))
    return out


def _together(items: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Ranges of texts that are worked together: as many as make some thousand characters."""
    first = held = 0
    for place, text in enumerate(items):
        held += len(text)
        if held >= _TOGETHER:
            yield first, place + 1
            first, held = place + 1, 0
    if first < len(items):
        yield first, len(items)


def find_spans(
    text: str, *, patient: Patient | None = None, categories: Collection[str] = DEFAULT_CATEGORIES
) -> list[Span]:
    """Where a text identifies.

    Parameters
    ----------
    text : str
    patient : Patient, optional
    categories : collection of str

    Returns
    -------
    list of Span
        In order, without overlap.
    """
    return [span for span, _ in _found([plain(text)], [patient], frozenset(categories))[0]]


def _checked(categories: Collection[str], style: str, secret: Secret | None) -> frozenset[str]:
    unknown = sorted(set(categories) - set(CATEGORIES))
    if unknown:
        raise InputError(f"no category {unknown[0]!r}", mend=f"give some of {', '.join(CATEGORIES)}")
    if style not in ("surrogate", "tag"):
        raise InputError(f"no style {style!r}", mend="give surrogate or tag")
    if style == "surrogate" and secret is None:
        raise InputError("surrogates need a key", mend='give one with read_key(FILE), or take style="tag"')
    return frozenset(categories)


_Found = list[tuple[Span, dates.Written | None]]


def _found(forms: Sequence[str], patients: Sequence[Patient | None], categories: frozenset[str]) -> list[_Found]:
    parts = [(item, offset, part) for item, form in enumerate(forms) for offset, part in _parts(form)]
    ruled = ruled_each([part for _, _, part in parts], [patients[item] for item, _, _ in parts], categories)
    out: list[_Found] = [[] for _ in forms]
    for (item, offset, _), one, spans in zip(parts, ruled, settled_each(ruled), strict=True):
        for span in spans:
            if span.category in categories:
                day = one.days.get((span.start, span.end))
                moved = span._replace(start=span.start + offset, end=span.end + offset)
                out[item].append((moved, _shifted(day, offset) if day is not None else None))
    return out


def _shifted(one: dates.Written, offset: int) -> dates.Written:
    if offset == 0:
        return one
    span = Span(one.span.start + offset, one.span.end + offset, "date", one.span.rule, one.span.score)
    return dates.Written(span, tuple((name, start + offset, end + offset) for name, start, end in one.parts))


def _parts(text: str) -> Iterable[tuple[int, str]]:
    """A long text in pieces, cut at line ends or marks, else anywhere."""
    start = 0
    while len(text) - start > _MOST:
        cut = max(text.rfind(mark, start, start + _MOST) for mark in "\n。;；. ")
        cut = start + _MOST if cut <= start else cut + 1
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def _one(
    text: str, form: str, found: _Found, patient: Patient | None, secret: Secret | None, style: str
) -> Deidentified:
    whose = patient.identifier if patient is not None and patient.identifier else text
    days = secret.days(whose) if secret else 0
    year = dates_moved.reference_year([(form, one) for _, one in found if one is not None])
    pieces: list[str] = []
    places_new: list[tuple[int, int]] = []
    place = length = 0
    chinese = re.search("[\u4e00-\u9fff]", form) is not None
    for span, written in found:
        new = _replacement(form, span, written, secret, style, days, year, chinese)
        pieces += [text[place : span.start], new]
        length += span.start - place
        places_new.append((length, length + len(new)))
        length += len(new)
        place = span.end
    pieces.append(text[place:])
    return Deidentified("".join(pieces), tuple(span for span, _ in found), tuple(places_new))


def _replacement(
    form: str,
    span: Span,
    written: dates.Written | None,
    secret: Secret | None,
    style: str,
    days: int,
    year: int,
    chinese: bool,
) -> str:
    tag = TAGS[span.category][0 if chinese else 1]
    if span.category == "date" and secret is not None:
        moved = dates_moved.moved(form, written, days, year) if written else None
        return tag if moved is None else moved
    if style == "tag" or secret is None or span.category == "date":
        return tag
    words = form[span.start : span.end]
    if span.category == "name":
        return names.surrogate(secret, words)
    return others.surrogate(secret, span.category, words)
