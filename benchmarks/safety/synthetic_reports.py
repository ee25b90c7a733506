"""A seeded world of adverse event reports in which some events are told several times, and who told what is known.

Written as a simulation of people, sites and campaigns; it shares nothing with the matcher's model. Drugs and reactions
follow Zipf's law, each drug has reactions of its own, fields are missing as often as in spontaneous reports.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.random import Generator

from bencao.safety.duplicates.records import CASES, ITEMS

DRUGS, REACTIONS, WORDS, COUNTRIES = 4_000, 5_000, 30_000, 60
DAYS = 3_650
FIRST_DAY = 16_436  # 2015-01-01


@dataclass(frozen=True)
class World:
    """Reports, and the event that each tells of.

    Attributes
    ----------
    cases, items : DataFrame
        As `bencao.safety.duplicates.records` takes them.
    event : ndarray of int, shape (n,)
    """

    cases: pl.DataFrame
    items: pl.DataFrame
    event: np.ndarray


@dataclass
class _Event:
    sex: str
    age: float
    day: int
    country: int
    drugs: list[int]
    reactions: list[int]
    words: list[int]


def make(n: int, seed: int, told_again: float = 0.07) -> World:
    """`n` reports; `told_again` is the share of events with a second report, of which one in six has a third."""
    random = np.random.default_rng(seed)
    drug_weight, reaction_weight = _zipf(DRUGS, 1.05), _zipf(REACTIONS, 1.0)
    profile = random.choice(REACTIONS, size=(DRUGS, 25), p=reaction_weight)
    maker = _Maker(random, drug_weight, reaction_weight, profile)
    reports: list[tuple[int, _Event, str, bool]] = []
    event = 0
    while len(reports) < n:
        for happened in maker.next_events():
            reference = f"E{event}" if random.random() < 0.5 else ""
            reports.append((event, happened, reference, True))
            if random.random() < told_again:
                for _ in range(1 + (random.random() < 1 / 6)):
                    kept = reference if random.random() < 0.4 else ""
                    reports.append((event, maker.told_again(happened), kept, False))
            event += 1
    order = random.permutation(n)
    return _tables([reports[place] for place in order], random)


class _Maker:
    def __init__(self, random: Generator, drugs: np.ndarray, reactions: np.ndarray, profile: np.ndarray) -> None:
        self._random = random
        self._profile = profile
        self._drug = _Stream(random, DRUGS, drugs)
        self._reaction = _Stream(random, REACTIONS, reactions)
        self._word = _Stream(random, WORDS, _zipf(WORDS, 0.9))
        self._country = _Stream(random, COUNTRIES, _zipf(COUNTRIES, 1.2))

    def next_events(self) -> list[_Event]:
        """One event, or many that are alike and are not one: a campaign, a trial, a family."""
        random = self._random
        first = self._one()
        chance = random.random()
        if chance < 0.0012:  # a campaign: one vaccine, a few days, a few reactions, one country, one age group
            usual = [int(each) for each in random.choice(self._profile[first.drugs[0]], 4)]
            return [self._campaign(first, usual) for _ in range(int(random.integers(10, 60)))]
        if chance < 0.0022:  # a trial: one drug, the same illness, a year
            return [self._trial(first) for _ in range(int(random.integers(8, 40)))]
        if chance < 0.0052:  # a family: the same drug on the same day
            return [first, self._relative(first)]
        return [first]

    def _one(self) -> _Event:
        random = self._random
        drugs = list(dict.fromkeys(self._drug.next() for _ in range(min(1 + random.geometric(0.55) - 1, 8))))
        reactions = [
            int(random.choice(self._profile[drugs[0]])) if random.random() < 0.6 else self._reaction.next()
            for _ in range(min(random.geometric(0.5), 8))
        ]
        words = [self._word.next() for _ in range(int(random.integers(15, 45)))]
        age = float(np.clip(random.normal(52, 22), 0, 99))
        return _Event(
            "2" if random.random() < 0.58 else "1",
            float(int(age)),
            FIRST_DAY + int(random.integers(DAYS)),
            self._country.next(),
            drugs,
            list(dict.fromkeys(reactions)),
            words,
        )

    def _campaign(self, first: _Event, usual: list[int]) -> _Event:
        one, random = self._one(), self._random
        one.drugs = [first.drugs[0]] + (one.drugs[1:] if random.random() < 0.2 else [])
        one.reactions = list(dict.fromkeys(usual[int(random.integers(4))] for _ in range(int(random.integers(1, 4)))))
        one.day, one.country = first.day + int(random.integers(4)), first.country
        one.age = float(random.integers(12, 18))
        one.words = first.words[:8] + one.words[:12]
        return one

    def _trial(self, first: _Event) -> _Event:
        one = self._one()
        one.drugs, one.country = [first.drugs[0], *one.drugs[1:]], first.country
        one.day = first.day + int(self._random.integers(365))
        one.words = first.words[:10] + one.words[:15]
        return one

    def _relative(self, first: _Event) -> _Event:
        one = self._one()
        one.drugs, one.country, one.day = list(first.drugs), first.country, first.day
        return one

    def told_again(self, event: _Event) -> _Event:
        """The same event by someone else: other coding, fewer drugs, a day off, words of his own."""
        random = self._random
        drugs = [each for each in event.drugs if random.random() > 0.2] or event.drugs[:1]
        drugs = [each + DRUGS if random.random() < 0.08 else each for each in drugs]  # a trade name
        reactions = []
        for each in event.reactions:
            chance = random.random()
            if chance > 0.3:
                reactions.append(each)
            elif chance > 0.15:
                reactions.append((each + int(random.integers(1, 4))) % REACTIONS)  # a neighbouring term
        reactions = reactions or event.reactions[:1]
        if random.random() < 0.2:
            reactions.append(self._reaction.next())
        chance = random.random()
        day = event.day + (
            int(random.integers(-3, 4)) if chance < 0.1 else int(random.integers(-40, 41)) if chance < 0.13 else 0
        )
        age = event.age + (float(random.integers(-1, 2)) if random.random() < 0.15 else 0.0)
        sex = event.sex if random.random() > 0.01 else ("1" if event.sex == "2" else "2")
        words = [each for each in event.words if random.random() < 0.5]
        words += [self._word.next() for _ in range(int(random.integers(5, 25)))]
        return _Event(sex, max(age, 0.0), day, event.country, drugs, list(dict.fromkeys(reactions)), words)


class _Stream:
    """Draws one at a time, made many at a time."""

    def __init__(self, random: Generator, count: int, weight: np.ndarray) -> None:
        self._random, self._count, self._weight = random, count, weight
        self._drawn: list[int] = []

    def next(self) -> int:
        if not self._drawn:
            self._drawn = self._random.choice(self._count, 200_000, p=self._weight).tolist()
        return self._drawn.pop()


def _zipf(count: int, power: float) -> np.ndarray:
    weight = 1.0 / np.arange(1, count + 1) ** power
    return weight / weight.sum()


def _tables(reports: list[tuple[int, _Event, str, bool]], random: Generator) -> World:
    """What stands in the reports: fields are missing at random."""
    n = len(reports)
    missing = random.random((n, 5))
    rows, items = [], []
    for number, (_, told, reference, _first) in enumerate(reports):
        no_sex, no_age, date, no_country, no_text = missing[number]
        day = told.day if date > 0.35 else None
        month = (_month(told.day)) if date > 0.2 else None
        text = None if no_text < 0.3 else " ".join(f"w{word}" for word in told.words)
        rows.append(
            (
                number,
                f"R{number}",
                None if no_sex < 0.08 else told.sex,
                None if no_age < 0.2 else told.age,
                day,
                month,
                None if no_country < 0.05 else f"C{told.country}",
                text,
            )
        )
        items += [(number, "drug", f"d{each}") for each in told.drugs]
        items += [(number, "reaction", f"r{each}") for each in told.reactions]
        if reference:
            items.append((number, "reference", reference))
    cases = pl.DataFrame(rows, schema=CASES, orient="row")
    return World(cases, pl.DataFrame(items, schema=ITEMS, orient="row"), np.array([event for event, *_ in reports]))


def _month(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(int))
