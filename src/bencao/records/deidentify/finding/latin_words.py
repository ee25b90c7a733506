"""Names, places and institutions in Latin letters, as the model reads the words and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.lexicon import english, is_term, latin, wide, word_set
from bencao.records.deidentify.finding.names.latin_cues import CREDENTIAL, MEDICAL, STRONG, TITLE
from bencao.records.deidentify.finding.names.latin_model import CLASSES, MONTHS, Token, latin_model, tokens
from bencao.records.deidentify.finding.places.latin import EPONYM
from bencao.records.deidentify.span import Span

# Probabilities from which a word begins a find; one beside it needs a third of that.
MAYBE = 0.01
LISTED, STRANGE, BOTH, ENGLISH, CAPITALS, OTHER, NEVER = 0.12, 0.2, 0.6, 0.985, 0.95, 0.45, 2.0
_CATEGORY = {"name": "name", "place": "address", "institution": "hospital"}
_HINT = re.compile(r"[A-Za-z\u00c0-\u024f]{2}")
# What may stand between two words of one name, of one place, of one institution.
_BETWEEN = {
    "name": re.compile(
        r"(?:[ ]|, ?|-|,? (?:de|de la|de los|del|della|di|da|dos|das|van|van der|van den|von|zu|le|la|el|al|bin|"
        r"ibn|bint|ter|"
        r"ten|y|e|st\.?)[ -]?)",
        re.IGNORECASE,
    ),
    "place": re.compile(r"(?:[ ]|, ?|-| (?:of|the|on|upon|de|la|del|and|&) ?|,? \d[\dA-Za-z/-]*,? ?)", re.IGNORECASE),
    "institution": re.compile(r"(?:[ ]|-|,? (?:of|the|of the|for|and|&|de|la|at|in|on)? ?)", re.IGNORECASE),
}
_PARTICLE = re.compile(
    r"(?<![A-Za-z])(?:van der|van den|van|von der|von|de la|de los|de|del|della|dos|das|da|di|bin|ibn|al|el|la|"
    r"le|ter|ten|St\.?|st\.)[ -]$",
    re.IGNORECASE,
)
_PERSON_BEFORE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Prof|Miss)\.? ?$|(?:医[师生]|主任|教授|患者|姓名|护士|家属)[:： ]{0,2}$")
_PREPOSITION = re.compile(r"\b(?:in|from|at|to|of|near|via|by|for|the)[ ]$", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[.:, ]{1,3}$")
_DOTTED = re.compile(r"\. ?")
_SHORTENED = word_set("st mt ft dr jr sr mr mrs ms fr")
_HAN = re.compile("[\u4e00-\u9fff]")
_CAPITALS = re.compile(r"(?<![A-Z])[A-Z]")
_TYPED = 0.012  # share of capitals under which a text counts as typed without them


class Read(NamedTuple):
    """What the model says of a text's words in Latin letters.

    Attributes
    ----------
    spans : list of Span
        What is believed, of the categories name, address and hospital.
    maybe : list of (int, int, float)
        Words that may be of a name with their probability, by which other rules may be checked.
    starts, ends : (k,) int
        All words that were asked about.
    likely : (k, 3) float32
        Their probabilities of a name, a place and an institution.
    """

    spans: list[Span]
    maybe: list[tuple[int, int, float]]
    starts: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    likely: npt.NDArray[np.float32]


def find_each(texts: Sequence[str]) -> list[Read]:
    """Names of persons, places and institutions in Latin letters.

    Parameters
    ----------
    texts : sequence of str
        In `plain` form.

    Returns
    -------
    list of Read
    """
    each = [tokens(text) if _HINT.search(text) else ([], []) for text in texts]
    wanted = [_candidates(text, words) for text, (_, words) in zip(texts, each, strict=True)]
    likely = latin_model().probabilities_of_each([words for _, words in each], wanted)
    name = CLASSES.index("name")
    found = []
    for text, (starts, every), places, given in zip(texts, each, wanted, likely, strict=True):
        words = [Token(starts[at], starts[at] + len(every[at]), every[at]) for at in places.tolist()]
        # A word that is of a name, a place or an institution, one knows not which, is as sure as all three together.
        together, likeliest = 1 - given[:, 0], given[:, 1:].argmax(axis=1) + 1
        spans = [
            span
            for place, kind in enumerate(CLASSES[1:], 1)
            for span in _spans(text, words, np.where(likeliest == place, together, given[:, place]), kind)
        ]
        maybe = [(*words[at][:2], float(given[at, name])) for at in np.flatnonzero(given[:, name] > MAYBE).tolist()]
        bounds = np.array([(one.start, one.end) for one in words], np.intp).reshape(-1, 2)
        found.append(Read(spans, maybe, bounds[:, 0], bounds[:, 1], given[:, 1:]))
    return found


def _candidates(text: str, words: Sequence[str]) -> npt.NDArray[np.intp]:
    """Words that may be of a name: with a capital, or in a text without any, those that are no plain English."""
    typed = len(_CAPITALS.findall(text)) < _TYPED * len(text) and _HAN.search(text) is None
    found = []
    for place, word in enumerate(words):
        if not word[0].isalpha() or word[0] >= "\u4e00":
            continue
        if word.islower():
            if not (typed or word.startswith(("al-", "el-"))):
                continue
            if word in english() and word not in _names():
                continue
        found.append(place)
    return np.array(found, dtype=np.intp)


@cache
def _names() -> frozenset[str]:
    return latin("also") | latin("given") | latin("family") | wide("given") | wide("family")


@lru_cache(maxsize=50_000)
def _needed(word: str, kind: str, shouted: bool) -> float:
    """The probability from which a word is believed: the more it may be another thing, the more."""
    bare = word.lower().removesuffix("'s")
    listed = bare.split("-")[0] in _names()
    known = bare in english() or bare.removesuffix("s") in english() or bare in latin("words")
    if word.isupper() and len(word) > 1 and not shouted and not (listed and len(word) > 3):
        return CAPITALS if len(word) > 3 else NEVER if kind == "place" else ENGLISH
    if len(word) == 1:
        return NEVER  # by itself; beside a name it is an initial
    if kind != "name":
        return ENGLISH if known and not listed else OTHER
    if listed:
        return BOTH if known else LISTED
    return ENGLISH if known else OTHER if MEDICAL.search(bare) else STRANGE


def _spans(text: str, words: Sequence[Token], likely: npt.NDArray[np.float32], kind: str) -> Iterator[Span]:
    """Runs of words that are each likely, one of them believed."""
    shouted = text.isupper()
    run: list[int] = []
    for place in [*np.flatnonzero(likely >= LISTED / 3).tolist(), -1]:
        if place >= 0:
            word = words[place]
            if likely[place] < _needed(word.text, kind, shouted) / 3 and len(word.text) > 1:
                continue
            if run and _belongs(text, words[run[-1]], word, kind):
                run.append(place)
                continue
        while kind == "name" and run and _leads(words[run[0]].text, float(likely[run[0]])):
            run.pop(0)
        while kind == "name" and run and _is_plain(words[run[-1]].text) and likely[run[-1]] < ENGLISH:
            run.pop()
        if run and any(likely[one] >= _needed(words[one].text, kind, shouted) for one in run):
            start, end = words[run[0]].start, words[run[-1]].end
            if kind == "name":
                start -= len((_PARTICLE.search(text[max(0, start - 12) : start]) or [""])[0])
            eponym = kind == "name" and EPONYM.match(text, end) is not None and float(likely[run].max()) < 0.97
            titled = _PERSON_BEFORE.search(text, max(0, start - 6), start) is not None
            term = eponym or is_term(text, start, end) or _in_han(text, start, end, len(run))
            if titled or not (term or (len(run) == 1 and _is_doubtful(text, words[run[0]], kind, shouted))):
                score = round(min(0.92, 0.6 + 0.3 * float(likely[run].mean())), 3)
                yield Span(start, end, _CATEGORY[kind], f"{kind}.words", score)
        run = [place]


def _is_doubtful(text: str, word: Token, kind: str, shouted: bool) -> bool:
    """Whether a word alone is rather an abbreviation or a weekday than somebody's name."""
    bare = word.text.lower().rstrip(".")
    if bare in MONTHS or len(bare) < 2 or (len(bare) == 2 and word.text.islower()):
        return True
    if kind != "name" and bare in english():
        return _PREPOSITION.search(text, max(0, word.start - 12), word.start) is None
    if shouted or bare in _names() or not (word.text.isupper() or len(bare) <= 3):
        return False
    before = _WORD_BEFORE.search(text, max(0, word.start - 20), word.start)
    return before is None or before[1].lower() not in STRONG | TITLE | CREDENTIAL


def _in_han(text: str, start: int, end: int, many: int) -> bool:
    """Whether a single word stands within Chinese and is rather a sign, a scale or a drug: Hoffmann征."""
    if many > 1 and not text[start:end].isupper():
        return False
    return _HAN.search(text, max(0, start - 4), start) is not None or _HAN.search(text, end, end + 4) is not None


def _leads(word: str, likely: float) -> bool:
    """Whether a word that opens a run is rather what the person is: Mother, Foreman."""
    return word.lower() in STRONG | TITLE or (_is_plain(word) and likely < ENGLISH)


def _is_plain(word: str) -> bool:
    """Whether a word is English and nobody's name."""
    bare = word.lower().removesuffix("'s")
    return len(word) > 1 and bare in english() and bare not in _names()


def _belongs(text: str, last: Token, word: Token, kind: str) -> bool:
    gap = text[last.end : word.start]
    if _DOTTED.fullmatch(gap):
        return len(last.text) == 1 or last.text.lower() in _SHORTENED
    return len(gap) < 12 and _BETWEEN[kind].fullmatch(gap) is not None
