"""Draw names as people in China bear them: frequent and rare surnames, given names of all ages, names of its "
"peoples."""

from __future__ import annotations

import csv
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
MOST = 6  # characters of the longest name the model knows


def lines(name: str) -> list[str]:
    """Lines of a list beside this file, without its remarks."""
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


class Names:
    """A source of names.

    Parameters
    ----------
    dictionary : dict of str to (int, str)
        Words with frequency and part of speech, as jieba has them: its personal names give the given-name characters.
    """

    def __init__(self, dictionary: dict[str, tuple[int, str]]) -> None:
        self.single = list(dict.fromkeys("".join(lines("surnames.txt"))))
        chinese, japanese = (line.split() for line in lines("compound_surnames.txt"))
        self.compound = list(dict.fromkeys([*chinese, *japanese]))
        self._chinese, self._japanese = chinese, japanese
        self.peoples = {row[0]: row[1:] for row in (line.split() for line in lines("peoples.txt"))}
        self._weights = [1 / (rank + 6) for rank in range(len(self.single))]
        given: dict[str, float] = {}
        known = set(self.single)
        for word, (_, kind) in dictionary.items():
            if kind == "nr" and len(word) == 3 and word[0] in known:
                for char in word[1:]:
                    given[char] = given.get(char, 0) + 1
        with (HERE / "given_names.tsv").open(encoding="utf-8", newline="") as file:
            self.popular = "".join(row[1] for row in csv.reader(file, delimiter="\t"))
        self._given, self._given_weights = list(given), [count**0.7 for count in given.values()]
        self._any = sorted({char for word in dictionary for char in word if "\u4e00" <= char <= "\u9fff"})
        # A given name may be a word: 常乐, 甘泉, 向阳, 和平.
        self._words = [
            word
            for word, (count, kind) in dictionary.items()
            if len(word) == 2 and count < 4000 and kind in ("n", "a", "an", "nz", "z", "nr", "t", "i", "l", "vn", "b")
        ]

    @property
    def heads(self) -> str:
        """Characters that a name may begin with."""
        parts = [part for kind in self.peoples if kind not in ("japanese", "vietnamese") for part in self.peoples[kind]]
        return "".join(sorted({*self.single, *(name[0] for name in self.compound), *(part[0] for part in parts)}))

    def surname(self, random_: random.Random) -> str:
        """A surname of one character, rarely of two."""
        chance = random_.random()
        if chance < 0.05:
            return random_.choice(self._chinese)
        return random_.choice(self.single) if chance < 0.32 else random_.choices(self.single, self._weights)[0]

    def given_character(self, random_: random.Random) -> str:
        """A character of a given name: popular, borne by somebody, or any."""
        chance = random_.random()
        if chance < 0.45:
            return random_.choice(self.popular)
        return random_.choices(self._given, self._given_weights)[0] if chance < 0.9 else random_.choice(self._any)

    def name(self, random_: random.Random) -> str:
        """A whole name of two to `MOST` characters."""
        if random_.random() < 0.08:
            return self._of_peoples(random_)[:MOST]
        surname = self.surname(random_)
        if random_.random() < 0.02 and len(surname) == 1:
            surname += self.surname(random_)[:1]  # both parents' surnames
        chance = random_.random()
        if chance < 0.05:
            return surname + self.given_character(random_) * 2
        if chance < 0.09:
            return surname + random_.choice("小大阿晓国建志文") + self.given_character(random_)
        if chance < 0.2:
            return surname + random_.choice(self._words)
        return surname + "".join(self.given_character(random_) for _ in range(1 if chance < 0.42 else 2))

    def _of_peoples(self, random_: random.Random) -> str:
        kind = random_.choice(list(self.peoples))
        parts = self.peoples[kind]
        if kind == "japanese":
            return random_.choice(self._japanese) + random_.choice(parts)
        if kind == "vietnamese":
            return random_.choice("阮黎范陈武邓裴胡潘黄") + random_.choice(parts)
        alone = kind in ("uyghur", "mongol", "kazakh", "western")
        name = random_.choice(parts)
        if kind == "western" or (alone and random_.random() < 0.6):
            return name
        return name + random_.choice(parts)
