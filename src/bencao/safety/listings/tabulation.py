"""Reactions counted by system organ class and term, source, seriousness and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bencao.safety.listings.line import Line, LineReaction, Source
from bencao.safety.listings.lock_point import Locked
from bencao.safety.smq import Levels, Query
from bencao.safety.smq.levels import Level

Group = Literal["spontaneous", "solicited", "trial"]
GROUPS: dict[Source, Group] = {
    "spontaneous": "spontaneous",
    "literature": "spontaneous",
    "other": "spontaneous",
    "solicited": "solicited",
    "trial": "trial",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of one term.

    Attributes
    ----------
    soc, term : str
        The SOC is empty where no MedDRA was given, ``not coded`` where it has not the reaction's code.
    counts : dict of (source, serious, interval or cumulative) to int
        Reactions: a term counts once a case, and as serious where one of them is, or it is unknown.
    """

    soc: str
    term: str
    counts: dict[tuple[Source, bool, str], int]


@dataclass(frozen=True)
class Tabulation:
    """Counts of all terms, in the order of SOCs and terms; `unknown` counts reactions of unknown seriousness."""

    rows: tuple[Row, ...]
    unknown: int

    def total(self, rows: Sequence[Row] | None = None) -> dict[tuple[Source, bool, str], int]:
        """Sums over all rows, or over some."""
        found: Counter[tuple[Source, bool, str]] = Counter()
        for row in self.rows if rows is None else rows:
            found.update(row.counts)
        return dict(found)


@dataclass(frozen=True)
class Vocabulary:
    """How reactions are named: by the user's MedDRA at a level, or as reported; a query keeps its own only."""

    levels: Levels | None = None
    level: Level = "pt"
    query: Query | None = None

    def place(self, reaction: LineReaction) -> tuple[str, str]:
        """SOC and term of a reaction."""
        if self.levels is None:
            return "", reaction.reported
        placed = self.levels.of(reaction.code)
        if placed is None:
            return "not coded", reaction.reported or reaction.code
        return placed.soc, getattr(placed, self.level)

    def order(self, reaction: LineReaction) -> tuple[int, str]:
        """Where the SOC of a reaction stands: the agreed order, else the alphabet; what is not coded last."""
        placed = self.levels.of(reaction.code) if self.levels else None
        if self.levels is None or placed is None:
            return (10_000, "")
        return (self.levels.order.get(placed.soc_code, 9_999), placed.soc)

    def keeps(self, reaction: LineReaction) -> bool:
        """Whether a reaction is among those of the query; all are where there is none."""
        return self.query is None or self.levels is None or bool(self.query.holds(reaction.code, self.levels))


def tabulate(locked: Locked, vocabulary: Vocabulary) -> Tabulation:
    """Count the reactions of cases at the data lock point.

    Parameters
    ----------
    locked : Locked
    vocabulary : Vocabulary

    Returns
    -------
    Tabulation
        Terms as reported are one where they differ in capitals and blanks only; the commonest spelling is shown.
    """
    counts: dict[tuple[str, str], Counter[tuple[Source, bool, str]]] = {}
    spellings: dict[tuple[str, str], Counter[str]] = {}
    order: dict[str, tuple[int, str]] = {}
    unknown = 0
    for period, lines in (("cumulative", locked.cumulative), ("interval", locked.interval)):
        for line in lines:
            for key, (spelling, serious, place) in _terms(line, vocabulary).items():
                counts.setdefault(key, Counter())[line.source, serious, period] += 1
                spellings.setdefault(key, Counter())[spelling] += 1
                order[key[0]] = place
            if period == "cumulative":
                unknown += sum(each.serious == "unknown" for each in line.reactions if vocabulary.keeps(each))
    keys = sorted(counts, key=lambda key: (order[key[0]], key))
    return Tabulation(tuple(Row(key[0], _commonest(spellings[key]), dict(counts[key])) for key in keys), unknown)


def _terms(line: Line, vocabulary: Vocabulary) -> dict[tuple[str, str], tuple[str, bool, tuple[int, str]]]:
    """Each term of a case once: its spelling, whether it is serious, where its SOC stands."""
    found: dict[tuple[str, str], tuple[str, bool, tuple[int, str]]] = {}
    for each in line.reactions:
        if not vocabulary.keeps(each):
            continue
        soc, term = vocabulary.place(each)
        key = (soc, " ".join(term.casefold().split()))
        before = found.get(key, ("", False, (0, "")))[1]
        found[key] = (term, before or each.serious != "no", vocabulary.order(each))
    return found


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda each: (-spellings[each], each))


def counted(
    counts: dict[tuple[Source, bool, str], int], group: Iterable[Source], serious: bool | None, period: str
) -> int:
    """A cell: sources, seriousness (None for both) and period."""
    sources = set(group)
    return sum(
        number
        for (source, grave, when), number in counts.items()
        if source in sources and when == period and serious in (None, grave)
    )
