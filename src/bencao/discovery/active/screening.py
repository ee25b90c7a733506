"""Screening by active learning: score a batch, learn, choose the next, until the budget or the estimate says stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.active.audit import Audit, Drawn, draw_audit
from bencao.discovery.active.counting import Recovery, audited_recovery
from bencao.discovery.active.features import Features
from bencao.discovery.active.gaussian_process import GaussianProcess
from bencao.discovery.active.journal import Journal
from bencao.discovery.active.large import LeanProcess, Prints
from bencao.discovery.active.recovery import last_of_best
from bencao.kernel.errors import InputError

Score = Callable[[Sequence[int]], Iterable[float]]

# How far below its mean a molecule is hoped to score, in deviations; chosen on Enamine 10k.
_OPTIMISM = 0.5
# Batches by which the predicted deviations are judged.
_RECENT = 4


@dataclass(frozen=True)
class Budget:
    """How much is scored, and when to stop before.

    Attributes
    ----------
    most : int
        Molecules scored at most.
    first : int
        Drawn at random to begin with.
    batch : int
        Scored in each further round.
    best : int
        The molecules that are looked for: those with the lowest scores.
    enough : float
        Recovery of the best at whose lower bound to stop, see `found_enough`; 1 never stops before the budget.
    seed : int
    audit : float
        Share of each further batch that is drawn by chance, at least one molecule, so that the recovery can be bounded;
        0 draws none, and then nothing bounds it.

    Raises
    ------
    InputError
        A number that leaves nothing to do.
    """

    most: int
    first: int
    batch: int
    best: int
    enough: float = 1.0
    seed: int = 1
    audit: float = 0.1

    def __post_init__(self) -> None:
        for name in ("first", "batch", "best"):
            if getattr(self, name) < 1:
                raise InputError(f"{getattr(self, name)} molecules", where=name, mend="give 1 or more")
        if self.first > self.most:
            raise InputError(f"{self.first} to begin with, {self.most} at most", where="first", mend="give less")
        if not 0 < self.enough <= 1:
            raise InputError(f"a recovery of {self.enough}", where="enough", mend="give more than 0, at most 1")
        if not 0 <= self.audit < 1:
            raise InputError(f"an audit of {self.audit}", where="audit", mend="give 0 or more, less than 1")
        if self.enough < 1 and not self.audit:
            raise InputError("no audit to stop by", where="audit", mend="give more than 0, or enough=1")

    def chance(self, count: int) -> int:
        """Molecules of a batch of so many that are drawn by chance."""
        return min(count, max(1, round(self.audit * count))) if self.audit else 0


@dataclass(frozen=True)
class Round:
    """What is known after a round.

    Attributes
    ----------
    scored : tuple of int
        Molecules scored in it, by their place in the library.
    scores : tuple of float
        NaN where the scoring failed.
    recovery : Recovery
        Share of the best that has been scored so far.
    """

    scored: tuple[int, ...]
    scores: tuple[float, ...]
    recovery: Recovery


def screen_actively(
    features: Features | Prints, score: Score, budget: Budget, journal: Path | None = None
) -> Iterator[Round]:
    """Score the molecules of a library that are worth it.

    Parameters
    ----------
    features : Features or Prints
        Of the library, as `describe` gives them; `Prints` of one too large for that.
    score : callable
        Of places in the library; gives their scores in order, lower being better, NaN for a failure.
    budget : Budget
    journal : Path, optional
        File that every score is written to at once. The same screen run again reads it and goes on, with the same
        result as one that was never stopped.

    Yields
    ------
    Round

    Raises
    ------
    InputError
        A budget over the library's size; a journal of another screen; scores that are too few or all failed.
    """
    size = len(features)
    if budget.most > size:
        raise InputError(f"{budget.most} of {size} molecules", where="most", mend="give at most the library's size")
    search = _Search(features, budget)
    chosen, drawn = tuple(search.order[: budget.first].tolist()), None
    bounds: list[float] = []
    with Journal(journal, (size, repr(budget), _seen(features) if journal else b"")) as book:
        while chosen:
            scores = np.array(list(book.scores(chosen, score)), dtype=np.float64)
            recovery = search.learn(chosen, scores, drawn)
            bounds.append(recovery.low)
            yield Round(chosen, tuple(scores.tolist()), recovery)
            if found_enough(bounds, budget.enough):
                break
            chosen, drawn = search.choose()


def _seen(features: Features | Prints) -> bytes:
    return (features.bits if isinstance(features, Prints) else features.counts.data).tobytes()


def found_enough(bounds: Sequence[float], enough: float) -> bool:
    """Whether the lower bound has been `enough` for two rounds (one alone may be luck); 1 is never enough."""
    return enough < 1 and len(bounds) > 1 and min(bounds[-2:]) >= enough


class _Search:
    """What is known of the library, and what to score next."""

    def __init__(self, features: Features | Prints, budget: Budget) -> None:
        size = len(features)
        self.order = np.random.default_rng(budget.seed).permutation(size)
        self._budget, self._best = budget, min(budget.best, size)
        self._process = (
            LeanProcess(features) if isinstance(features, Prints) else GaussianProcess(features, budget.most)
        )
        self._open = np.ones(size, dtype=bool)
        self._mean, self._deviation = np.zeros(size), np.ones(size)
        self._scores = np.zeros(0)
        self._audits: list[Audit] = []
        self._surprises: list[NDArray[np.float64]] = []

    def learn(self, chosen: Sequence[int], scores: NDArray[np.float64], drawn: Drawn | None) -> Recovery:
        """Take in a batch, whose last molecules were drawn by chance where `drawn` is given."""
        places, usable = np.array(chosen), np.isfinite(scores)
        if len(self._scores):
            beside = (scores - self._mean[places]) / self._deviation[places]
            self._surprises = [*self._surprises, beside[usable]][-_RECENT:]
        if drawn is not None:
            count = len(drawn.places)
            self._audits.append(Audit(scores[-count:], drawn, len(self._scores) + len(scores) - count))
        self._open[places] = False
        self._scores = np.concatenate([self._scores, scores])
        if not np.isfinite(self._scores).any():
            raise InputError(f"none of {len(scores)} scores is a number", where="scores", mend="check the scoring")
        self._process.learn(places[usable].tolist(), scores[usable])
        self._mean, self._deviation = self._process.predict()
        mean, deviation = self._predicted(self._open)
        return audited_recovery(self._scores, self._audits, mean, deviation, self._best)

    def choose(self) -> tuple[tuple[int, ...], Drawn | None]:
        """The next batch: the most promising, then those drawn by chance; none where the budget is spent."""
        left = min(self._budget.batch, self._budget.most - int((~self._open).sum()))
        chance = self._budget.chance(left) if left else 0
        chosen = promising(self._mean, self._deviation, self._open, self.order, left - chance)
        if not chance:
            return chosen, None
        rest = self._open.copy()
        rest[list(chosen)] = False
        others = np.flatnonzero(rest)
        known = self._scores[np.isfinite(self._scores)]
        threshold = last_of_best(known, *self._predicted(self._open), self._best)
        random = np.random.default_rng([self._budget.seed, len(self._scores)])
        drawn = draw_audit(*self._predicted(rest), threshold, chance, random)
        return (*chosen, *others[drawn.places].tolist()), drawn

    def _predicted(self, which: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Predictions of some, with the deviations that the last batches, predicted before they were scored, show."""
        surprises = np.concatenate(self._surprises) if self._surprises else np.zeros(0)
        width = min(1.0, max(float(np.sqrt(np.mean(surprises**2))), 1e-3)) if len(surprises) else 1.0
        return self._mean[which], width * self._deviation[which]


def promising(
    mean: NDArray[np.float64],
    deviation: NDArray[np.float64],
    open_: NDArray[np.bool_],
    order: NDArray[np.int64],
    count: int,
) -> tuple[int, ...]:
    """Molecules not yet scored with the lowest optimistic score; ties by the seed, not by their place in the file."""
    hoped = np.where(open_, np.round(mean - _OPTIMISM * deviation, 4), np.inf)[order]
    return tuple(int(one) for one in order[np.argsort(hoped, kind="stable")][:count])
