"""Names of persons in Latin letters, Chinese names in pinyin among them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bencao.records.deidentify.finding.lexicon import english, is_term, latin
from bencao.records.deidentify.finding.names import latin_labels
from bencao.records.deidentify.finding.names.latin_cues import (
    AGED,
    CREDENTIAL,
    GRAMMAR,
    HAN_CUE,
    LEADS,
    PINYIN_ALSO,
    RELATED,
    SIGNED_OFF,
    SPEAKS,
    STRONG,
    TITLE,
    VERB_AFTER,
    WEAK,
)
from bencao.records.deidentify.finding.names.latin_evidence import (
    bare_word,
    begins_none,
    firsts,
    foreign_to_english,
    is_foreign,
    is_initial,
    is_name,
    is_no_name,
    is_strange,
    is_syllables,
    lasts,
    weight_of,
)
from bencao.records.deidentify.finding.places.latin import EPONYM
from bencao.records.deidentify.finding.search.starts import Searched, form
from bencao.records.deidentify.span import Span

UNCUED = "name.lexicon_latin"  # the rule of what only lists of names speak for
_WORD = r"(?:(?:[A-Z]\.){2,4}|[A-Z][A-Za-z\u00c0-\u024f]*(?:['-][A-Z]?[a-z\u00c0-\u024f]+)*\.?)"
_PARTICLE = (
    r"(?:van der |van den |van |von |de la |de los |de |del |della |di |da |dos |bin |ibn |al-|el-|la |le |ten |ter )"
)
_RUN = form(rf"(?<![A-Za-z0-9_@.-]){_WORD}(?:(?:,? |, ?|(?<=[a-z]\.)(?=[A-Z])){_PARTICLE}?{_WORD})*")
_TOKEN = re.compile(_WORD)
_HINT = re.compile(r"[A-Z][a-z]|[A-Z]{2,},? ?[A-Z]{2,}|[A-Z]\. ?[A-Z]")


UNCUED_FROM = 0.08
# Points from which one word, or several, are a name.
ALONE, TOGETHER = 2.2, 2.0
_CAPITAL = re.compile("[A-Z]")
_TYPED_HINT = re.compile("[a-z]{2} [a-z]{2,} [a-z]{2}")
_TYPED = re.compile(rf"\b(?:{RELATED})\.?:? ([a-z][a-z'-]+(?: [a-z]\.?)? [a-z][a-z'-]+)\b")
_TYPED_TITLE = re.compile(r"\b(?:dr|mr|mrs|ms|miss)\.? ([a-z][a-z'-]{2,})\b(?! [a-z]\. )")


class _Word(NamedTuple):
    start: int
    end: int
    text: str

    @property
    def bare(self) -> str:
        return bare_word(self.text)

    @property
    def is_initial(self) -> bool:
        return is_initial(self.text)


def find(seen: Searched, maybe: Sequence[tuple[int, int, float]]) -> list[Span]:
    """Names of persons in Latin letters.

    Parameters
    ----------
    seen : Searched
    maybe : sequence of (int, int, float)
        Words that the model holds for possible names, with their probability: what only lists speak for must be
        among the likelier ones.

    Returns
    -------
    list of Span
    """
    text = seen.text
    runs = [[_Word(*one.span(), one[0]) for one in _TOKEN.finditer(text, *run.span())] for run in seen.each(_RUN)]
    found = [
        one
        for one in (*_names(text, runs, maybe), *_lower(seen))
        if (one.rule == "name.title_latin" or not is_term(text, one.start, one.end))
        and (
            one.rule != UNCUED
            or any(start < one.end and one.start < end for start, end, likely in maybe if likely > UNCUED_FROM)
        )
    ]
    found += _of_many_countries(text, runs)
    found += [*latin_labels.find(seen), *_pinyin_typed(seen)]
    return [*found, *_repeated(text, found)]


def _of_many_countries(text: str, runs: Sequence[list[_Word]]) -> Iterator[Span]:
    """Given names for which the capital letter is evidence enough, and strange words that speak, feel or live."""
    shouted = text.isupper()
    for words in runs:
        for one in words:
            if (one.text.isupper() and not shouted) or not is_strange(one.bare):
                continue
            told = one.bare in foreign_to_english() or SPEAKS.match(text, one.end) is not None
            if told and not EPONYM.match(text, one.end) and not is_term(text, one.start, one.end):
                yield Span(one.start, one.start + len(one.bare), "name", "name.wide", 0.74)


_TYPED_PINYIN = form(r"\b(?:dr|pt|nurse|mr|mrs|ms|rn)\.? ([a-z]{2,6}) ([a-z]{2,12})\b")


def _pinyin_typed(seen: Searched) -> Iterator[Span]:
    """A Chinese name in small letters after a word for a person: dr wang xiaoming."""
    for found in seen.each(_TYPED_PINYIN):
        if is_syllables(found[1]) and is_syllables(found[2]) and not {found[1], found[2]} & GRAMMAR:
            yield Span(found.start(1), found.end(2), "name", "name.pinyin", 0.82)


def _lower(seen: Searched) -> Iterator[Span]:
    """Names in notes typed without capitals: after a word for a person, a given name and a family name."""
    text = seen.text
    if len(_CAPITAL.findall(text)) > 0.015 * len(text) or _TYPED_HINT.search(text) is None:
        return
    given, family = firsts(), lasts()
    for found in _TYPED.finditer(text):
        first, last = found[1].split()[0], found[1].split()[-1]
        if first in given and last in family and not {first, last} & GRAMMAR:
            yield Span(*found.span(1), "name", "name.typed", 0.85)
    for found in _TYPED_TITLE.finditer(text):
        if found[1] in family and found[1] not in GRAMMAR:
            yield Span(*found.span(1), "name", "name.typed", 0.8)


def _names(text: str, runs: Sequence[list[_Word]], maybe: Sequence[tuple[int, int, float]]) -> Iterator[Span]:
    """Names in runs of words with a capital that the model does not rule out, or that a word around them tells."""
    ends = [end for _, end, _ in maybe]
    for words in runs:
        start = words[0].start
        next_one = bisect_right(ends, start)
        possible = next_one < len(maybe) and maybe[next_one][0] < words[-1].end
        if possible or _tells_of_a_person(words) or _may_be_pair(words) or _cue(text[max(0, start - 44) : start]) == 2:
            yield from _in_run(text, words)


def _may_be_pair(words: Sequence[_Word]) -> bool:
    return len(words) > 1 and any(is_foreign(one.bare) for one in words)


def _tells_of_a_person(words: Sequence[_Word]) -> bool:
    return any(one.bare in TITLE or one.bare in STRONG or one.bare in LEADS for one in words)


def _in_run(text: str, words: list[_Word]) -> Iterator[Span]:
    place = 0
    while place < len(words):
        word = words[place]
        if word.bare in TITLE:
            last = _taken(words, place + 1, most=4, bold=True)
            last = next((at for at in range(place + 2, last) if _between(words, at)), last)  # Dr Wu, Thanks
            if last > place + 1:
                yield _span(words, place + 1, last, "name.title_latin", 0.93)
                place = last
                continue
        if word.bare in LEADS and place + 1 < len(words) and words[place + 1].start - word.end == 1:
            last, score = _best(text, words, place + 1, 1 if word.bare in ("patient", "pt", "pts") else 2)
            if last > place + 1:
                yield _span(words, place + 1, last, "name.cue_latin", score)
                place = last
                continue
        if begins_none(word.text):
            place += 1
            continue
        if word.bare in STRONG and not is_name(word.bare):
            place += 1
            continue
        cue = _cue(text[max(0, word.start - 44) : word.start]) if place == 0 or words[place - 1].bare in STRONG else 0
        last, score = _best(text, words, place, cue)
        if last > place:
            part = words[place:last]
            listed = _is_pinyin(part) or _are_listed(part)
            yield _span(words, place, last, "name.cue_latin" if cue else "name.pair_latin" if listed else UNCUED, score)
            place = last
            continue
        place += 1


def _cue(left: str) -> int:
    """2 where the words before say that a name follows, 1 where it may, else 0."""
    words = left.rstrip(" \t:#(,-\"'/").lower()
    if words.endswith("\n"):
        return 2 if words.rstrip(" \n,.").endswith(SIGNED_OFF) else 0
    if words and words[-1] > "\u4e00":
        return 2 if HAN_CUE.search(words) else 0
    last = words.replace("/", " ").replace(":", " ").replace("(", " ").split()[-2:]
    if last and last[-1] in ("is", "was") and len(last) == 2:
        last.pop()
    if not last:
        return 0
    word = last[-1].rstrip(".,;:)")
    return 0 if last[-1][-1] in ".;" and word not in TITLE else 2 if word in STRONG else 1 if word in WEAK else 0


def _best(text: str, words: list[_Word], place: int, cue: int) -> tuple[int, float]:
    """End of the name that begins at a word, and how sure it is; `place` where none does."""
    last = _taken(words, place, most=4, bold=cue > 0)
    if last == place:
        return place, 0.0
    part = words[place:last]
    credential = last < len(words) and words[last].bare in CREDENTIAL
    right = text[part[-1].end : part[-1].end + 30]
    points = sum(_weight(one) for one in part) + (2 if credential else 0) + 1.2 * cue
    if len(part) == 1:
        if part[0].is_initial or points < 1.3:
            return place, 0.0
        needed = ALONE
    else:
        if all(one.is_initial for one in part):
            return place, 0.0
        needed = TOGETHER
        listed = part[1].start - part[0].end > 1
        if (
            listed
            and not cue
            and not credential
            and not any(is_name(one.bare) for one in part[:2])
            and not AGED.match(right)
        ):
            return place, 0.0  # a list of things rather than a name and its given name
        if part[0].bare in firsts() and part[-1].bare in lasts():
            points += 0.5
        if _is_pinyin(part):
            points += 1.5
    if points < needed and points + 0.9 >= needed:
        points += 0.9 if VERB_AFTER.match(right) else 0
    if points < needed or (cue < 2 and EPONYM.match(right)):
        return place, 0.0
    return last, 0.8 if len(part) == 1 else 0.9 if cue else 0.85


def _weight(word: _Word) -> float:
    """How much a word speaks for a name."""
    return weight_of(word.text)


def _taken(words: list[_Word], place: int, *, most: int, bold: bool) -> int:
    """End of the words from `place` on that a name may hold; a bold reading takes unknown words too."""
    last = place
    while last < len(words) and last - place < most:
        word = words[last]
        bare = word.bare
        if (
            bare in TITLE
            or (bare in CREDENTIAL and last > place)
            or (len(word.text) > 3 and word.text.isupper() and not is_name(bare) and not bold)
        ):
            break
        if last > place and words[last - 1].text.endswith(".") and not words[last - 1].is_initial:
            break  # the sentence ends here
        if word.is_initial:
            last += 1
            continue
        if bare in latin("words") and bare not in latin("also") and not (is_name(bare) and (last > place or bold)):
            break
        usual = not is_name(bare) and not is_syllables(bare) and not is_strange(bare)
        if not bold and not word.is_initial and usual and last == place:
            break
        last += 1
        if (
            last < len(words)
            and "," in _between(words, last)
            and not ((last - place == 1 and not bold) or last - place == 1)
        ):
            break
    return last


def _between(words: list[_Word], place: int) -> str:
    return "," if words[place].start - words[place - 1].end > 1 else ""


def _are_listed(part: list[_Word]) -> bool:
    """Whether a given name and a family name stand together, neither of them a word of English."""
    first, last = part[0].bare, part[-1].bare
    return len(part) > 1 and first in firsts() and last in lasts() and not {first, last} & english()


def _is_pinyin(part: list[_Word]) -> bool:
    return 2 <= len(part) <= 3 and all(
        is_syllables(one.bare) and not one.is_initial and one.bare not in latin("words") - PINYIN_ALSO for one in part
    )


def _span(words: list[_Word], first: int, last: int, rule: str, score: float) -> Span:
    if rule != "name.title_latin":
        while first < last - 1 and is_no_name(words[first].text):
            first += 1
        while first < last - 1 and is_no_name(words[last - 1].text):
            last -= 1
    end = words[last - 1].end
    if words[last - 1].text.endswith(".") and not words[last - 1].is_initial:
        end -= 1
    return Span(words[first].start, end, "name", rule, score)


def _repeated(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Every other place where a word of a found name stands with a capital."""
    words = {
        one[0].rstrip(".")
        for span in found
        if span.category == "name" and span.score >= 0.85
        for one in _TOKEN.finditer(text, span.start, span.end)
    }
    for word in sorted(word for word in words if len(word) >= 3 and word.lower() not in latin("words")):
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            alone = not (text[at - 1 : at].isalpha() and at) and not text[end : end + 1].isalpha()
            if alone and not EPONYM.match(text, end):
                yield Span(at, end, "name", "name.repeated", 0.7)
            at = text.find(word, end)
