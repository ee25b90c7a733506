"""The lists that finding rests on, read once: places of China, names in Latin letters."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

MODELS = Path(__file__).resolve().parents[2] / "models" / "deidentify"
_HAN = 0x9FFF - 0x4E00 + 1  # Han characters of the basic block
_SUFFIX = re.compile(r"(?:维吾尔|壮族|回族)?(?:特别行政区|自治区|省|市|地区|盟)$")


@dataclass(frozen=True)
class PlaceBook:
    """Names of provinces, prefectures and counties, found by their first two characters.

    Attributes
    ----------
    by_start : dict of str to tuple of str
        The first two characters to names, the longest first.
    keys : (n,) uint64
        Those two characters as numbers, in order.
    """

    by_start: dict[str, tuple[str, ...]]
    keys: npt.NDArray[np.uint64]

    def hits(self, text: str, codes: npt.NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
        """Start and end of each name in a text, the longest at its place."""
        if len(codes) < 2:
            return
        pairs = (codes[:-1].astype(np.uint64) << np.uint64(21)) | codes[1:]
        place = np.minimum(np.searchsorted(self.keys, pairs), len(self.keys) - 1)
        for start in np.flatnonzero(self.keys[place] == pairs).tolist():
            for name in self.by_start[text[start : start + 2]]:
                if text.startswith(name, start):
                    yield start, start + len(name)
                    break


@cache
def places() -> PlaceBook:
    """Provinces, prefectures and counties of China with their short names (GB/T 2260)."""
    names = (MODELS / "places.txt").read_text(encoding="utf-8").split()
    starts: dict[str, list[str]] = {}
    for name in names:
        starts.setdefault(name[:2], []).append(name)
    keys = sorted((ord(start[0]) << 21) | ord(start[1]) for start in starts)
    ordered = {start: tuple(sorted(found, key=lambda one: (-len(one), one))) for start, found in starts.items()}
    return PlaceBook(ordered, np.array(keys, dtype=np.uint64))


def word_set(line: str) -> frozenset[str]:
    """The words of a line, which lint would have as a long list."""
    return frozenset(line.split())


@cache
def ward_words() -> dict[str, tuple[str, ...]]:
    """Words of the ward that begin like a surname, by their first two characters, the longest first."""
    found: dict[str, list[str]] = {}
    for word in (MODELS / "ward.txt").read_text(encoding="utf-8").split():
        found.setdefault(word[:2], []).append(word)
    return {start: tuple(sorted(words, key=len, reverse=True)) for start, words in found.items()}


@cache
def ordinary() -> frozenset[str]:
    """Ordinary Chinese words of two or three characters that begin as a name may (jieba)."""
    text = gzip.decompress((MODELS / "ordinary.txt.gz").read_bytes()).decode()
    return frozenset(text.partition("\n")[2].split())


def pair_number(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Each two neighbours of code points as a number, shape (n - 1,); what is no Han character counts as the last."""
    own = np.minimum(codes - np.uint32(0x4E00), np.uint32(_HAN))  # what is below wraps around
    numbers: npt.NDArray[np.uint32] = own[:-1] * np.uint32(_HAN + 1) + own[1:]
    return numbers


@cache
def _pairs() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
    with np.load(MODELS / "pairs.npz", allow_pickle=False) as file:
        return np.cumsum(file["gaps"], dtype=np.uint32), file["steps"].astype(np.float32) / np.float32(4)


def pair_levels(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
    """How frequent in Chinese words that are no names each two neighbours are, 0 to 1 (jieba).

    Parameters
    ----------
    codes : (n,) uint32
        Code points of a text.

    Returns
    -------
    (n - 1,) float32
    """
    numbers, levels = _pairs()
    wanted = pair_number(codes)
    place = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return np.where(numbers[place] == wanted, levels[place], np.float32(0))


@cache
def latin(kind: str) -> frozenset[str]:
    """Names in Latin letters, lower case.

    Parameters
    ----------
    kind : str
        ``given``, ``family``, ``also`` (words that are mostly names), ``cities``, ``pinyin`` (syllables), ``words``
        (ordinary words that are names too) or ``terms`` (terms of medicine that hold a name).
    """
    found: set[str] = set()
    for line in (MODELS / "latin.txt").read_text(encoding="utf-8").splitlines():
        name, _, words = line.partition("\t")
        if name == kind:
            found.update(words.split("|"))
    return frozenset(found)


@cache
def wide(kind: str) -> frozenset[str]:
    """Names in Latin letters from many countries that are no English word, lower case (Faker).

    Parameters
    ----------
    kind : {"given", "family"}
    """
    text = gzip.decompress((MODELS / "wide_names.txt.gz").read_bytes()).decode()
    _, given, family = text.splitlines()
    return frozenset((given if kind == "given" else family).split())


@cache
def terms_by_word() -> dict[str, tuple[str, ...]]:
    """Terms of medicine that hold a name, in lower case, by their first word, the longest first."""
    found: dict[str, list[str]] = {}
    for term in latin("terms"):
        found.setdefault(term.partition(" ")[0], []).append(term)
    return {word: tuple(sorted(terms, key=len, reverse=True)) for word, terms in found.items()}


_WORD_BEFORE = re.compile(r"[\w'-]+(?= $)")


def is_term(text: str, start: int, end: int) -> bool:
    """Whether a find is of a term of medicine: it begins one, or ends one that the word before begins."""
    before = _WORD_BEFORE.search(text, max(0, start - 20), start)
    for begin in (start, start if before is None else before.start()):
        first = re.match(r"[\w'-]+", text[begin : begin + 24])
        for term in terms_by_word().get(first[0].lower(), ()) if first else ():
            if begin + len(term) >= end and text[begin : begin + len(term)].lower() == term:
                return True
    return False


@cache
def english() -> frozenset[str]:
    """Ordinary English words in lower case (SCOWL), to tell a name nobody listed from a word."""
    text = gzip.decompress((MODELS / "english.txt.gz").read_bytes()).decode("ascii")
    return frozenset(text.partition("\n")[2].split())
