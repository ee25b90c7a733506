"""What lists of names and of words say of one word in Latin letters."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bencao.records.deidentify.finding.lexicon import english, latin, wide
from bencao.records.deidentify.finding.names.latin_cues import LEADS, MEDICAL, STRONG, TITLE

_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}|[A-Z]{2}\.?")


@lru_cache(maxsize=50_000)
def bare_word(word: str) -> str:
    """A word in lower case without its full stop."""
    return word.rstrip(".").lower()


@lru_cache(maxsize=50_000)
def is_initial(word: str) -> bool:
    """Whether a word stands for names by their first letters: J, J.R."""
    return len(word.rstrip(".")) == 1 or bool(_INITIALS.fullmatch(word) and "." in word)


@cache
def foreign_to_english() -> frozenset[str]:
    """Given names that are no word of English or of medicine."""
    common = {word for word in latin("given") if word not in english() and word not in latin("words")}
    return wide("given") | {word for word in common if len(word) > 2 and not MEDICAL.search(word)}


@lru_cache(maxsize=50_000)
def is_foreign(bare: str) -> bool:
    """Whether a word is a listed name or pinyin, and no English."""
    return bare not in english() and (bare in firsts() or bare in lasts() or is_syllables(bare))


@cache
def is_strange(bare: str) -> bool:
    """Whether a word is neither English nor of medicine's make: rather somebody's name, or a brand."""
    known = bare in english() or bare.removesuffix("s") in english() or bare in latin("cities")
    return len(bare) > 2 and not known and MEDICAL.search(bare) is None


@cache
def firsts() -> frozenset[str]:
    """Given names, lower case."""
    return latin("given") | latin("also") | wide("given")


@cache
def lasts() -> frozenset[str]:
    """Family names, lower case."""
    return latin("family") | latin("also") | wide("family")


@lru_cache(maxsize=50_000)
def weight_of(word: str) -> float:
    """How much a word speaks for a name."""
    if is_initial(word):
        return 0.6
    bare = bare_word(word).split("-")[0]
    ordinary = bare in latin("words")
    given = bare in latin("given") or bare in wide("given")
    family = bare in latin("family") or bare in wide("family")
    if bare in latin("also"):
        return 0.9
    if ordinary:
        return 0.5 if given or family else -1.0
    if "-" in word and all(one[:1].isupper() and is_syllables(one.lower()) for one in word.split("-")):
        return 1.3
    if given or family:
        return 0.8 if bare in english() else 1.3 if given else 1.0
    return 1.0 if is_strange(bare) and not word.isupper() else 0.3


@lru_cache(maxsize=50_000)
def is_name(bare: str) -> bool:
    """Whether a list of names holds a word."""
    first = bare.split("-")[0]
    return (
        first in latin("also")
        or any(first in names(kind) for names in (latin, wide) for kind in ("given", "family"))
        or bare.startswith(("mc", "o'"))
    )


@lru_cache(maxsize=50_000)
def begins_none(word: str) -> bool:
    """Whether a word is so ordinary that no name begins with it, whatever is around."""
    bare = bare_word(word)
    ordinary = bare in latin("words") and bare not in latin("also") and not is_name(bare)
    return ordinary and not is_initial(word)


@cache
def is_syllables(bare: str) -> bool:
    """Whether a word is one to three pinyin syllables."""
    bare = bare.replace("-", "").replace("'", "")
    return bool(bare) and len(bare) <= 15 and syllables(bare, 3)


def syllables(bare: str, most: int) -> bool:
    if not bare:
        return True
    return most > 0 and any(
        bare[:length] in latin("pinyin") and syllables(bare[length:], most - 1)
        for length in range(min(6, len(bare)), 0, -1)
    )


@lru_cache(maxsize=50_000)
def is_no_name(word: str) -> bool:
    """Whether a word at the edge of a find is what the person is, or plain English: Member Ndlovu, Wu Confirmed."""
    bare = bare_word(word)
    if bare in STRONG or bare in TITLE or bare in LEADS:
        return True
    return len(bare) > 3 and bare in english() and not is_name(bare) and not is_syllables(bare)
