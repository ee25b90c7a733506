"""The small model that says which words in Latin letters are of a person's name, a place or an institution."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bencao.kernel.models import load
from bencao.records.deidentify.finding.lexicon import MODELS, english, latin, word_set
from bencao.records.deidentify.finding.names.latin_cues import CREDENTIAL, MEDICAL, STRONG, TITLE, WEAK
from bencao.records.kept_vectors import KeptVectors

AROUND = 5  # tokens seen on either side
CLASSES = ("other", "name", "place", "institution")
IDENTITIES, TRIGRAMS = 1 << 13, 1 << 13
_LETTER = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_TOKEN = re.compile(rf"[{_LETTER}]+(?:['-][{_LETTER}]+)*|\d+(?:[.,:/-]\d+)*|\n|[\u4e00-\u9fff]+|[^\s]")
MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
)
FLAGS = 36
_NOTHING = "\x00"  # stands beyond the ends of a text
_ANY_DIGIT = str.maketrans("123456789", "000000000")  # the model sees how long a number is, not which


class Token(NamedTuple):
    """A word, number or sign with its place in the text."""

    start: int
    end: int
    text: str


def tokens(text: str) -> tuple[list[int], list[str]]:
    """Words, numbers and signs of a text in `plain` form.

    Parameters
    ----------
    text : str

    Returns
    -------
    starts : list of int
    words : list of str
    """
    starts, words = [], []
    for found in _TOKEN.finditer(text):
        starts.append(found.start())
        words.append(found[0])
    return starts, words


@lru_cache(maxsize=60_000)
def features(word: str) -> tuple[list[bool], int, list[int]]:
    """What is known of a token.

    Parameters
    ----------
    word : str

    Returns
    -------
    flags : list of bool
        `FLAGS` of them: its shape, the lists that hold it, its length.
    identity : int
        Its bucket where it is an ordinary word or a sign, else 0.
    trigrams : list of int
        Buckets of its runs of three letters.
    """
    bare = word.lower().removesuffix("'s").removesuffix("s'")
    first = bare.split("-")[0]
    letters = bare.isalpha() or bare.replace("-", "").replace("'", "").isalpha()
    given, family = first in latin("given"), first in latin("family")
    known = bare in english() or bare.removesuffix("s") in english()
    flags = [
        word.islower(),
        word.istitle() and len(bare) > 1,
        word.isupper() and len(word) > 1,
        len(word) == 1 and word.isupper(),
        letters and not (word.islower() or word.istitle() or word.isupper()),
        word[0].isdigit(),
        word == "\n",
        word[0] > "\u4e00",
        not word[0].isalnum(),
        "-" in word,
        "'" in word,
        word != bare and word.lower() != bare,
        not word.isascii() and letters,
        given,
        family,
        given and family,
        first in latin("also"),
        bare in latin("cities"),
        known,
        known and (given or family),
        bare in latin("words"),
        letters and not known and MEDICAL.search(bare) is not None,
        letters and not known and not given and not family,
        bare in MONTHS,
        bare in TITLE,
        bare in CREDENTIAL,
        bare in STRONG,
        bare in WEAK,
        letters and bare.startswith(("mc", "mac", "o'", "al-", "el-", "ben-", "ibn")),
        len(bare) == 2,
        len(bare) == 3,
        4 <= len(bare) <= 6,
        7 <= len(bare) <= 9,
        len(bare) > 9,
        word[0].isdigit() and len(word) > 5,
        word[0].isdigit() and len(word) == 4,
    ]
    identity = _bucket(bare, IDENTITIES - 1) + 1 if known or not letters or bare in TITLE | CREDENTIAL | STRONG else 0
    if word[0].isdigit():
        identity = 0
    framed = f"^{bare}$"
    trigrams = [_bucket(framed[at : at + 3], TRIGRAMS) for at in range(len(framed) - 2)] if letters else []
    return flags, identity, trigrams


def _bucket(words: str, many: int) -> int:
    return zlib.crc32(words.encode()) % many


@dataclass(frozen=True)
class LatinModel:
    """Its weights.

    Attributes
    ----------
    flags : (FLAGS, w) float32
    identity : (IDENTITIES, w) float32
    trigrams : (TRIGRAMS, w) float32
    first : ((2 * AROUND + 1) * w, h) float32
    first_bias, second, second_bias, answer, answer_bias : float32
    """

    flags: npt.NDArray[np.float32]
    identity: npt.NDArray[np.float32]
    trigrams: npt.NDArray[np.float32]
    first: npt.NDArray[np.float32]
    first_bias: npt.NDArray[np.float32]
    second: npt.NDArray[np.float32]
    second_bias: npt.NDArray[np.float32]
    answer: npt.NDArray[np.float32]
    answer_bias: npt.NDArray[np.float32]
    known: KeptVectors

    def vectors(self, words: Sequence[str]) -> npt.NDArray[np.float32]:
        """Tokens as numbers, shape (n, w); each kept once worked out."""
        return self.known.of(words, self._worked_out)

    def _worked_out(self, words: Sequence[str]) -> npt.NDArray[np.float32]:
        flags, identities, trigrams = zip(*map(features, words), strict=True)
        found: npt.NDArray[np.float32] = np.array(flags, np.float32) @ self.flags + self.identity[list(identities)]
        many = np.array([len(one) for one in trigrams])
        if many.any():
            some = many > 0
            sums = np.add.reduceat(
                self.trigrams[[place for one in trigrams for place in one]],
                np.cumsum(many[some]) - many[some],
            )
            found[some] += sums / many[some, None].astype(np.float32)
        return found

    def probabilities_of_each(
        self, each: Sequence[Sequence[str]], wanted: Sequence[npt.NDArray[np.intp]]
    ) -> list[npt.NDArray[np.float32]]:
        """Probabilities of `CLASSES` of some tokens of several texts.

        Parameters
        ----------
        each : sequence of sequence of str
            The tokens of each text.
        wanted : sequence of (k,) int
            Places of tokens in each.

        Returns
        -------
        list of (k, 4) float32
        """
        width = self.flags.shape[1]
        rows, places = [_NOTHING] * AROUND, []
        for words, some in zip(each, wanted, strict=True):
            places.append(some + len(rows))
            if len(some):
                rows += words
                rows += [_NOTHING] * AROUND
        around = np.concatenate(places)[:, None] + np.arange(-AROUND, AROUND + 1)
        near, windows_of = np.unique(around, return_inverse=True)  # only words beside those asked for matter
        words = [rows[place] for place in near.tolist()]
        inside = np.array([word is not _NOTHING for word in words], np.float32)
        seen = self.vectors([word.translate(_ANY_DIGIT) for word in words]) * inside[:, None]
        windows = seen[windows_of].reshape(-1, (2 * AROUND + 1) * width)
        hidden = np.maximum(windows @ self.first + self.first_bias, 0)
        logits = np.maximum(hidden @ self.second + self.second_bias, 0) @ self.answer + self.answer_bias
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        found = logits / logits.sum(axis=1, keepdims=True)
        return np.split(found, np.cumsum([len(some) for some in wanted])[:-1])


@cache
def latin_model() -> LatinModel:
    """The model of the package, loaded once.

    Raises
    ------
    ModelError
        Where it is absent or altered.
    """
    model = load(MODELS, "latin_names")
    with np.load(model.path("latin_names.npz"), allow_pickle=False) as file:
        weights = {name: file[name].astype(np.float32) for name in file.files}
    return LatinModel(
        flags=weights["flags"],
        identity=weights["identity"],
        trigrams=weights["trigrams"],
        first=weights["first.weight"].T.copy(),
        first_bias=weights["first.bias"],
        second=weights["second.weight"].T.copy(),
        second_bias=weights["second.bias"],
        answer=weights["answer.weight"].T.copy(),
        answer_bias=weights["answer.bias"],
        known=KeptVectors(weights["flags"].shape[1]),
    )
