"""Draw Chinese names as people bear them: frequent and rare surnames, given names of all ages."""

from __future__ import annotations

import csv
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent


def lines(name: str) -> list[str]:
    """Lines of a list beside this file, without its remarks."""
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


class Names:
    """A source of names.

    Parameters
    ----------
    dictionary : dict of str to (int, str)
        Words with frequency and part of speech, as jieba has them: its personal names give the given-name characters.
    """

    def __init__(self, dictionary: dict[str, tuple[int, str]]) -> None:
        self.single = list("".join(lines("surnames.txt")))
        self.compound = " ".join(lines("compound_surnames.txt")).split()
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

    def surname(self, random_: random.Random) -> str:
        """A surname of one character, rarely of two."""
        chance = random_.random()
        if chance < 0.05:
            return random_.choice(self.compound)
        return random_.choice(self.single) if chance < 0.22 else random_.choices(self.single, self._weights)[0]

    def given_character(self, random_: random.Random) -> str:
        """A character of a given name: popular, borne by somebody, or any."""
        chance = random_.random()
        if chance < 0.5:
            return random_.choice(self.popular)
        return random_.choices(self._given, self._given_weights)[0] if chance < 0.9 else random_.choice(self._any)

    def name(self, random_: random.Random) -> str:
        """A whole name of two to four characters."""
        surname = self.surname(random_)
        if random_.random() < 0.02 and len(surname) == 1:
            surname += self.surname(random_)[:1]  # both parents' surnames
        chance = random_.random()
        if chance < 0.06:
            return surname + self.given_character(random_) * 2
        return surname + "".join(self.given_character(random_) for _ in range(1 if chance < 0.3 else 2))
