"""Names of persons in Han characters: by cue, by title, by the model, and again wherever a found name recurs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.lexicon import ordinary, ward_words
from bencao.records.deidentify.finding.names import chinese_short
from bencao.records.deidentify.finding.names.chinese_cues import (
    AFTER,
    AFTER_NAME,
    ALONE,
    ANYBODY,
    BEFORE_NAME,
    CALLED_A,
    CARETS,
    CLOSED,
    CLOSING,
    DOES,
    DOTTED,
    EPONYM,
    EPONYM_NEAR,
    FIELD,
    GIVEN_TITLE,
    GRAMMAR,
    HIDDEN,
    LABEL,
    LEADING,
    LIST,
    MOU,
    NICKNAME,
    NOT_NAMES,
    PARENT_OF,
    PEOPLE_CUED,
    PEOPLES,
    ROLE,
    SMALL,
    SOUNDS,
    SPACED,
    SURNAME_ALONE,
    TITLE,
    WORD_BEFORE,
    WORDS,
)
from bencao.records.deidentify.finding.names.model import NameModel, name_model
from bencao.records.deidentify.finding.search.starts import Searched
from bencao.records.deidentify.span import Span

# Probabilities from which the model is believed, by what stands around.
AFTER_ROLE, BEFORE_TITLE, AT_START, ELSEWHERE = 0.04, 0.05, 0.1, 0.15
SURE = 0.6  # what begins with a word of the ward must reach this


def find(seen: Searched, places: npt.NDArray[np.intp], scores: npt.NDArray[np.float32]) -> list[Span]:
    """Names of persons in Han characters.

    Parameters
    ----------
    seen : Searched
    places, scores : arrays
        What `NameModel.scores` says of the text.

    Returns
    -------
    list of Span
    """
    model, text = name_model(), seen.text
    found = [
        *_labelled(seen),
        *_modelled(text, places, scores, model),
        *_titled(text, places, model),
        *chinese_short.find(seen),
        *_of_peoples(seen),
        *_standing_alone(seen),
    ]
    return [*found, *_repeated(text, found)]


def _labelled(seen: Searched) -> Iterator[Span]:
    text = seen.text
    for found in seen.each(LABEL):
        group = 1 if found[1] else 2
        if NOT_NAMES.match(found[group]) or WORDS.match(found[group]):
            continue
        open_label = text.startswith(ANYBODY, found.start())
        if not open_label and not _begins_like_a_name(found[group]):
            continue
        title = TITLE.search(found[group], 1)
        end = found.start(group) + title.start() if title and title.end() == len(found[group]) else found.end(group)
        yield Span(found.start(group), end, "name", "name.label", 0.96)
        end = found.end(group)
        while (more := LIST.match(text, end)) and more[1][0] in name_model().surnames and not NOT_NAMES.match(more[1]):
            yield Span(*more.span(1), "name", "name.list", 0.9)
            end = more.end()


def _begins_like_a_name(words: str) -> bool:
    model = name_model()
    return words[0] in model.surnames or words[:2] in model.compounds


def _modelled(
    text: str, places: npt.NDArray[np.intp], scores: npt.NDArray[np.float32], model: NameModel
) -> Iterator[Span]:
    reached = 0
    for row in np.flatnonzero(scores[:, 0] < 1 - AFTER_ROLE).tolist():
        start = int(places[row])
        likely = 1 - float(scores[row, 0])
        if start < reached:
            continue
        length = _length(text, start, scores[row], model)
        if length < 2 or likely < _threshold(text, start, start + length):
            continue
        if length > 2 and text[start] in LEADING and text[start + 1] in model.surnames:
            start, length = start + 1, length - 1  # 送来|宋军志, 母|贺菊香
        if SOUNDS.issuperset(text[start : start + length]) and likely < 0.9 and EPONYM_NEAR.match(text, start + length):
            continue
        if WORD_BEFORE.search(text[max(0, start - 1) : start + 1]) or WORDS.match(text, start):
            continue
        word = next((one for one in ward_words().get(text[start : start + 2], ()) if text.startswith(one, start)), "")
        if len(word) > 2 or (likely < SURE and (word or _begins_a_word(text, start))):
            continue
        reached = start + length
        yield Span(start, reached, "name", "name.model", round(max(0.5, likely * 0.9), 3))


def _begins_a_word(text: str, start: int) -> bool:
    return text[start : start + 2] in ordinary() or text[start : start + 3] in ordinary()


def _threshold(text: str, start: int, end: int) -> float:
    """The less a context speaks for a name, the surer the model must be."""
    if ROLE.search(text, max(0, start - 8), start):
        return AFTER_ROLE
    if TITLE.match(text, end) or DOES.match(text, end):
        return BEFORE_TITLE
    return AT_START if start == 0 or text[start - 1] in "\n、/。;；" else ELSEWHERE


def _length(text: str, start: int, scores: npt.NDArray[np.float32], model: NameModel) -> int:
    """The likeliest length that leaves only Han characters in the name; 0 where none does."""
    run, most = 1, scores.shape[0]
    while run < most and start + run < len(text) and "\u4e00" <= text[start + run] <= "\u9fff":
        run += 1
    if run < 2 or TITLE.match(text, start + 1):
        return 0  # a surname before a title is no whole name: 王主任
    length = int(scores[1:run].argmax()) + 2
    if length == 2 and run == 3 and text[start + 2] not in AFTER and not TITLE.match(text, start + 2):
        return 3  # one character before a mark is rather the name's than a word
    if length == 2 and run > 2 and text[start : start + 2] in model.compounds and not TITLE.match(text, start + 2):
        return 3
    return length


def _given_alone(text: str, given: set[str]) -> Iterator[Span]:
    """Given names of those found, standing alone at the beginning of a clause: 子豪化疗第5天."""
    for name in sorted(given):
        if ward_words().get(name) or WORDS.match(name):
            continue
        at = text.find(name)
        while at >= 0:
            if at == 0 or text[at - 1] in "，,、。；;：:\n @“(（":
                yield Span(at, at + 2, "name", "name.given", 0.75)
            at = text.find(name, at + 2)


def _titled(text: str, places: npt.NDArray[np.intp], model: NameModel) -> Iterator[Span]:
    for start in places.tolist():
        for length in (2, 1):
            surname = text[start : start + length]
            if surname not in (model.compounds if length == 2 else model.surnames):
                continue
            end = start + length
            if length == 2 and (given := GIVEN_TITLE.match(text, end)) is not None:
                yield Span(start, given.end(), "name", "name.title", 0.85)
                break
            if (some := MOU.match(text, end)) is not None and _may_be_surname(text, start, surname):
                yield Span(start, some.end(), "name", "name.some", 0.9)
                break
            if (
                TITLE.match(text, end)
                and not text.startswith("班主任", start)
                and _may_be_surname(text, start, surname)
            ):
                yield Span(start, end, "name", "name.title", 0.85)
                break


def _may_be_surname(text: str, start: int, surname: str) -> bool:
    if WORD_BEFORE.search(text[max(0, start - 1) : start + 1]):
        return False
    before = text[start - 1] if start else "\n"
    if surname in GRAMMAR:
        return not ("\u4e00" <= before <= "\u9fff") or before in "由经请与同随遵叫找是嘱意告知个位给跟报问"
    return True


def _standing_alone(seen: Searched) -> Iterator[Span]:
    for found in seen.each(ALONE):
        group = 1 if found[1] else 2
        name = found[group]
        usual = any(name.startswith(word) for word in ward_words().get(name[:2], ()))
        if name[0] in name_model().surnames and not (usual or NOT_NAMES.match(name) or WORDS.match(name)):
            yield Span(*found.span(group), "name", "name.alone", 0.8)


def _of_peoples(seen: Searched) -> Iterator[Span]:
    text = seen.text
    for found in seen.each(PEOPLES):
        yield Span(*found.span(), "name", "name.peoples", 0.85)
    for found in seen.each(PEOPLE_CUED):
        yield Span(*found.span(), "name", "name.peoples", 0.85)
    for found in seen.each(PARENT_OF):
        start = found.start() - 2
        if start >= 0 and text[start] == text[start + 1] and "\u4e00" <= text[start] <= "\u9fff":
            yield Span(start, start + 2, "name", "name.nickname", 0.8)
    if "^" in text:
        for found in seen.each(CARETS):
            yield Span(*found.span(1 if found[1] else 2), "name", "name.carets", 0.92)
    for found in seen.each(NICKNAME):
        yield Span(*found.span(1), "name", "name.nickname", 0.8)
    if "阿" in text:
        for found in seen.each(CALLED_A):
            yield Span(*found.span(1), "name", "name.nickname", 0.8)
    for closing in seen.each(CLOSING):
        first = max(0, closing.start() - 8)
        found_before = CLOSED.search(text[first : closing.start()])
        if found_before is not None and _begins_like_a_name(found_before[1]):
            yield Span(first + found_before.start(1), first + found_before.end(1), "name", "name.closing", 0.85)
    surnames = name_model().surnames
    for found in seen.each(SURNAME_ALONE):
        group = 1 if found[1] else 2
        if found[group] in surnames and found[group] not in "方法印按经别时诊从但何相全应过向都":
            yield Span(*found.span(group), "name", "name.surname_alone", 0.8)
    if "*" in text or "×" in text or "X" in text or "○" in text or "x" in text:
        for found in seen.each(HIDDEN):
            if (found[1] or found[3]) in surnames:
                yield Span(*found.span(), "name", "name.hidden", 0.92)
    if "=" in text or ":" in text or "<" in text:
        for found in seen.each(FIELD):
            if NOT_NAMES.match(found[1]) or WORDS.match(found[1]):
                continue
            yield Span(*found.span(1), "name", "name.field", 0.9)
    for found in seen.each(SPACED):
        if found[1][0] in name_model().surnames and not NOT_NAMES.match(found[1]) and not NOT_NAMES.match(found[1][-1]):
            yield Span(*found.span(1), "name", "name.spaced", 0.8)
    for found in seen.each(SMALL):
        group = next(number for number in (1, 2, 4) if found[number])
        yield Span(*found.span(group), "name", "name.nickname", 0.8)
    if "·" not in text:
        return
    for found in DOTTED.finditer(text):
        first, last = found[0].index("·"), found[0].rindex("·")
        start = max((cue.end() for cue in BEFORE_NAME.finditer(found[0], 0, first)), default=0)
        while first > start and found[0][start] not in SOUNDS:
            start += 1
        if start == first:
            start = 0
        end = last + 1
        while end < len(found[0]) and found[0][end] in SOUNDS:
            end += 1
        after = AFTER_NAME.search(found[0], last + 2, end)
        end = after.start() if after else max(end, last + 2)
        if EPONYM.match(text, found.start() + end):
            continue
        yield Span(found.start() + start, found.start() + min(end, last + 9), "name", "name.dotted", 0.92)


def _repeated(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Every other place where a name stands that was found for sure once."""
    sure = {text[span.start : span.end] for span in found if span.score >= 0.6 and span.end - span.start >= 2}
    yield from _given_alone(text, {name[1:] for name in sure if len(name) == 3 and "某" not in name})
    for name in sorted(sure):
        if len(name) == 2 and name[1] == "某":
            continue
        at = text.find(name)
        while at >= 0:
            yield Span(at, at + len(name), "name", "name.repeated", 0.8)
            at = text.find(name, at + len(name))
