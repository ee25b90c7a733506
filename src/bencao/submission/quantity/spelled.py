"""A number of several words read one after another: two hundred and five, half a million, seven and a half."""

from __future__ import annotations

import re
from fractions import Fraction

from bencao.submission.quantity.digits import VULGAR, power_of_ten, simple, value_of
from bencao.submission.quantity.quantity import Value
from bencao.submission.quantity.words import CARDINALS, ORDINALS, PARTS, SCALES


class Reading:
    """A number being read, token after token."""

    def __init__(self, token: re.Match[str]) -> None:
        self.total: Value = 0
        self.current: Value | None = None
        self.last: Value = 0  # what the last token added, as in "twenty" of "twenty-one"
        self.closed = self.ordinal = self.scaled = False
        self.required = True
        self.digits = token["number"] is not None or token["power"] is not None
        self.other: tuple[Value, ...] = ()
        self._first(token)

    def _first(self, token: re.Match[str]) -> None:
        if token["power"]:
            self.current, self.closed = power_of_ten(token["power"]), True
        elif token["number"]:
            self.current, self.ordinal = value_of(token["number"]), bool(token["ordinal"])
        elif token["vulgar"]:
            self.current = VULGAR[token["vulgar"]]
        else:
            word = token["word"].lower()
            if word in CARDINALS:
                self.current = self.last = CARDINALS[word]
                self.required = word not in ("one", "zero")
            elif word in ("half", "quarter", "quarters", "halves"):
                self.current, self.required = Fraction(1, PARTS[word]), False
                self.other = (100 // PARTS[word],)
            elif word in ORDINALS:
                self.current, self.ordinal, self.required = ORDINALS[word], True, False
                self.other = (Fraction(1, ORDINALS[word]),)
            elif word in PARTS:
                self.current, self.required, self.closed = Fraction(1, PARTS[word]), False, True
            else:  # "a hundred", "several million", "a dozen"
                self.current = {"hundred": 100, "dozen": 12}.get(word) or SCALES[word]
                self.required, self.scaled = False, True

    def take(self, token: re.Match[str], between: str) -> bool:
        """Add a token that follows; False where it begins another number."""
        if self.closed or self.ordinal or self.current is None:
            return False
        joined = "and" in between.lower()
        if token["vulgar"]:
            return self._add(VULGAR[token["vulgar"]], not self.scaled and isinstance(self.current, int))
        word = (token["word"] or "").lower()
        if not word:
            return False
        if word in SCALES and not joined:
            self.total, self.current = self.total + self.current * SCALES[word], 0
            return self._scale()
        if word in ("hundred", "dozen") and not joined:
            self.current *= 100 if word == "hundred" else 12
            return self._scale()
        if word in ("half", "quarter") and joined:
            return self._add(Fraction(1, PARTS[word]), isinstance(self.current, int) and not self.scaled)
        if word in CARDINALS:
            return self._cardinal(CARDINALS[word], joined)
        if word in ORDINALS and 20 <= self.last < 100 and ORDINALS[word] < 10 and not self.digits and not joined:
            self.ordinal, self.required = True, False
            return self._add(ORDINALS[word], True)
        if word in PARTS and not self.digits and not joined and 0 < self.current < 10:
            self.current, self.closed, self.required = Fraction(int(self.current), PARTS[word]), True, False
            return True
        return False

    def _cardinal(self, value: int, joined: bool) -> bool:
        if self.digits:
            return False
        if self.scaled and value < 100:
            self.scaled = False
            self.last = value
            return self._add(value, True)
        if 20 <= self.last < 100 and value < 10 and not joined:
            self.last = value
            return self._add(value, True)
        return False

    def _scale(self) -> bool:
        self.last, self.scaled, self.required, self.other = 0, True, True, ()
        return True

    def _add(self, value: Value, allowed: bool) -> bool:
        if allowed and self.current is not None:
            self.current += value
        return allowed

    def values(self) -> tuple[Value, ...]:
        return (simple(self.total + (self.current or 0)), *self.other)
