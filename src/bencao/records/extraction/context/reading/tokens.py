"""The words, numbers and signs of a sentence, each with its vector."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bencao.kernel.models import load

_FOLDER = Path(__file__).resolve().parents[3] / "models"
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[^\s]", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 4  # characters of a Chinese word
_SIGNS = str.maketrans("，；：。！？（）【】“”‘’、－＋×～—", ",;:.!?()[]\"\"'',-+x~-")
COMMA, CLOSE = 3, 4  # shapes that end a clause
_SHAPES = {",": COMMA, ";": CLOSE, ":": CLOSE, ".": CLOSE, "!": CLOSE, "?": 5, "(": 6, ")": 6, "[": 6, "]": 6}
SHAPES = 9
WIDTH = 64
STATIC = 2 * WIDTH + SHAPES

Token = tuple[int, int, str]
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Vectors:
    """Vectors of characters and of words as they come with the room.

    Attributes
    ----------
    characters, words : dict of str to int
        Rows.
    of_characters, of_words : (n, WIDTH) float32
    """

    characters: dict[str, int]
    words: dict[str, int]
    of_characters: Array
    of_words: Array

    def of(self, word: str) -> Array:
        """What is known of a word wherever it stands: its vector, the mean of its characters', its shape; (STATIC,)."""
        found = np.zeros(STATIC, np.float32)
        if (row := self.words.get(word)) is not None:
            found[:WIDTH] = self.of_words[row]
        shape = shape_of(word)
        if shape != 1:
            rows = [self.characters[one] for one in word if one in self.characters]
            if rows:
                found[WIDTH : 2 * WIDTH] = self.of_characters[rows].mean(axis=0)
        found[2 * WIDTH + shape] = 1
        return found


def shape_of(word: str) -> int:
    """Han, Latin, number, or which sort of sign."""
    if "\u3400" <= word[0] <= "\u9fff":
        return 0
    if word[0].isalpha():
        return 1
    if word[0].isdecimal():
        return 2
    return _SHAPES.get(word, 7)


@cache
def vectors() -> Vectors:
    """The vectors of the package, loaded once, each set spread alike.

    Raises
    ------
    ModelError
        Where a file is absent or altered.
    """
    rows, found = [], []
    for name, split in (("characters", None), ("words", "\n")):
        with np.load(load(_FOLDER / name, f"records-{name}").path(f"{name}.npz"), allow_pickle=False) as held:
            entries, values = str(held[name]), held["vectors"].astype(np.float32) * held["steps"]
        rows.append({entry: row for row, entry in enumerate(entries.split(split) if split else entries)})
        found.append((values / values.std()).astype(np.float32))
    return Vectors(rows[0], rows[1], found[0], found[1])


def tokens_of(text: str, known: Container[str]) -> list[Token]:
    """Start, end and word of each token; a run of Han characters is cut into the longest known words from the left."""
    tokens: list[Token] = []
    for run in _RUN.finditer(text):
        word, start = run[0], run.start()
        if "\u3400" <= word[0] <= "\u9fff":
            _cut(word, start, known, tokens)
        elif word[0].isdecimal():
            tokens.append((start, run.end(), "2000" if _YEAR.fullmatch(word) else "0"))
        else:
            tokens.append((start, run.end(), word.lower().translate(_SIGNS)))
    return tokens


def _cut(run: str, at: int, known: Container[str], tokens: list[Token]) -> None:
    start, end = 0, len(run)
    while start < end:
        stop = min(end, start + _LONGEST)
        while stop > start + 1 and run[start:stop] not in known:
            stop -= 1
        tokens.append((at + start, at + stop, run[start:stop]))
        start = stop
