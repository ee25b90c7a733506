"""Write pieces of Chinese notes with the places of the names in them, to train the model that finds names."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deidentify import contexts
from deidentify.names import Names, lines

_SLOT = re.compile("[NRKTVWDP]")
_MARKS = (
    "，",
    "。",
    "、",
    "；",
    "：",
    ":",
    ",",
    " ",
    "  ",
    "\n",
    "（",
    "）",
    "(",
    ")",
    "/",
    ".",
    "\t",
    "|",
    "-",
    "“",
    "”",
    "",
    "",
    "",
)
_PUNCTUATION = {"，": ",", "：": ":", "（": "(", "）": ")", "；": ";"}


def _words(name: str) -> list[str]:
    return " ".join(lines(name)).split()


@dataclass(frozen=True)
class Sources:
    """What text is drawn from.

    Attributes
    ----------
    dictionary : dict of str to (int, str)
        Words with frequency and part of speech.
    terms : sequence of str
        Names of procedures.
    clauses : sequence of str
        Clauses of ordinary text.
    """

    dictionary: dict[str, tuple[int, str]]
    terms: Sequence[str]
    clauses: Sequence[str]


class Writer:
    """Writes pieces of notes; the same seed gives the same pieces."""

    def __init__(self, sources: Sources, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = Names(sources.dictionary)
        plain = {
            word: count
            for word, (count, kind) in sources.dictionary.items()
            if not kind.startswith("nr") and "\u4e00" <= word[0] <= "\u9fff"
        }
        self._plain, self._weights = list(plain), np.cumsum([(count + 3) ** 0.6 for count in plain.values()])
        heads = set(self.names.heads)
        hard = [(word, count) for word, count in plain.items() if word[0] in heads and len(word) > 1]
        self._hard = [word for word, _ in hard]
        self._hard_weights = np.cumsum([(count + 3) ** 0.3 for _, count in hard])
        self._terms, self._clauses = sources.terms, sources.clauses
        self._frames = lines("frames.txt")
        self._roles = [*_words("roles.txt"), *contexts.ROLES_BEFORE, *contexts.LABELS]
        self._kin = _words("kin.txt")
        self._clinical = [*_words("plain.txt"), *contexts.MEDICAL, *contexts.SENTENCES]

    def word(self) -> str:
        """An ordinary word, one that begins like a name, a clause of a note, a term or a piece of other text."""
        chance = self.random.random()
        if chance < 0.2:
            return self._drawn(self._plain, self._weights)
        if chance < 0.5:
            return self._drawn(self._hard, self._hard_weights)
        if chance < 0.82:
            return self.random.choice(self._clinical)
        return self.random.choice(self._terms) if chance < 0.9 else self.random.choice(self._clauses)

    def plain(self, most: int) -> str:
        """Text without names: words, marks and numbers."""
        parts = []
        for _ in range(self.random.randint(0, most)):
            parts.append(self.word())
            if self.random.random() < 0.55:
                parts.append(self.random.choice(_MARKS))
            elif self.random.random() < 0.2:
                parts.append(self._number())
        return "".join(parts)

    def piece(self) -> tuple[str, dict[int, int]]:
        """Text, and start to length of each name in it."""
        text, spans = self.plain(2), {}
        for _ in range(1 if self.random.random() < 0.7 else 2):
            text += self.random.choice(_MARKS)
            frame = self.random.choice(self._frames)
            nameless = self.random.random() < 0.33  # the frame with an ordinary word where the name would be
            place = 0
            for slot in _SLOT.finditer(frame):
                text += frame[place : slot.start()]
                place = slot.end()
                if slot[0] == "N" and not nameless:
                    name = self._name()
                    spans[len(text)] = len(name.replace(" ", "")) if " " not in name else 0
                    text += name
                else:
                    text += self.word() if slot[0] == "N" else self._filled(slot[0])
            text += frame[place:]
        text += self.plain(2)
        if self.random.random() < 0.3:
            text = "".join(_PUNCTUATION.get(sign, sign) for sign in text)
        return text, {start: length for start, length in spans.items() if length}

    def _name(self) -> str:
        if self.random.random() < 0.03:  # a name that is a word as well: 江河, 万里
            word = self._drawn(self._hard, self._hard_weights)
            if 2 <= len(word) <= 3 and word not in contexts.MEDICAL:
                return word
        return self.names.name(self.random)

    def _filled(self, slot: str) -> str:
        choose = self.random.choice
        if slot == "R":
            return choose(self._roles)
        if slot == "K":
            return choose(self._kin)
        if slot == "T":
            return choose(contexts.TITLES_AFTER)
        if slot == "V":
            return choose(contexts.VERBS_AFTER) + (self.word() if self.random.random() < 0.6 else "")
        if slot == "D":
            year = self.random.randint(1990, 2030)
            return choose(
                (f"{year}年0月00日", f"{year}-00-00", "0月0日", f"{year}.0.00", "今日", "昨日", "二〇二三年五月")
            )
        return self.word() if slot == "W" else self._number()

    def _number(self) -> str:
        return "0" * self.random.randint(1, 6)  # the model sees each digit as one sign

    def _drawn(self, words: list[str], weights: np.ndarray) -> str:
        return words[int(np.searchsorted(weights, self.random.random() * weights[-1], side="right"))]
