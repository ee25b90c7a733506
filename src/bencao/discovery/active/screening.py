"""Screening by active learning: score a batch, learn, choose the next, until the budget or the estimate says stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.active.features import Features
from bencao.discovery.active.gaussian_process import GaussianProcess
from bencao.discovery.active.journal import Journal
from bencao.discovery.active.large import LeanProcess, Prints
from bencao.discovery.active.recovery import estimated_recovery
from bencao.kernel.errors import InputError

Score = Callable[[Sequence[int]], Iterable[float]]

# How far below its mean a molecule is hoped to score, in deviations; chosen on Enamine 10k.
_OPTIMISM = 0.5


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
        Estimated recovery of the best at which to stop, see `found_enough`; 1 never stops before the budget.
    seed : int

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

    def __post_init__(self) -> None:
        for name in ("first", "batch", "best"):
            if getattr(self, name) < 1:
                raise InputError(f"{getattr(self, name)} molecules", where=name, mend="give 1 or more")
        if self.first > self.most:
            raise InputError(f"{self.first} to begin with, {self.most} at most", where="first", mend="give less")
        if not 0 < self.enough <= 1:
            raise InputError(f"a recovery of {self.enough}", where="enough", mend="give more than 0, at most 1")


@dataclass(frozen=True)
class Round:
    """What is known after a round.

    Attributes
    ----------
    scored : tuple of int
        Molecules scored in it, by their place in the library.
    scores : tuple of float
        NaN where the scoring failed.
    recovery : float
        Estimated share of the best that has been scored so far.
    """

    scored: tuple[int, ...]
    scores: tuple[float, ...]
    recovery: float


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
    order = np.random.default_rng(budget.seed).permutation(size)
    process = LeanProcess(features) if isinstance(features, Prints) else GaussianProcess(features, budget.most)
    known = np.full(size, np.nan)
    open_ = np.ones(size, dtype=bool)
    chosen = tuple(int(one) for one in order[: budget.first])
    drawn = 0
    estimates: list[float] = []
    with Journal(journal, (size, repr(budget), _seen(features) if journal else b"")) as book:
        while chosen:
            scores = np.array(list(book.scores(chosen, score)), dtype=np.float64)
            usable = np.isfinite(scores)
            open_[list(chosen)] = False
            known[list(chosen)] = np.where(usable, scores, np.nan)
            process.learn([one for one, good in zip(chosen, usable, strict=True) if good], scores[usable])
            drawn = drawn if estimates else int(usable.sum())
            found = known[np.isfinite(known)]
            if not len(found):
                raise InputError(f"none of {len(chosen)} scores is a number", where="scores", mend="check the scoring")
            mean, deviation = process.predict()
            widths = trusted_spread(process, drawn) * deviation[open_]
            recovery = estimated_recovery(found, mean[open_], widths, min(budget.best, size))
            estimates.append(recovery)
            yield Round(chosen, tuple(scores.tolist()), recovery)
            left = min(budget.batch, budget.most - int((~open_).sum()))
            ended = budget.enough < 1 and found_enough(estimates, budget.enough)
            chosen = () if ended else promising(mean, deviation, open_, order, left)


def _seen(features: Features | Prints) -> bytes:
    return (features.bits if isinstance(features, Prints) else features.counts.data).tobytes()


def found_enough(estimates: Sequence[float], enough: float) -> bool:
    """Whether the estimated recovery has been `enough` for two rounds: one alone is too often a lucky one."""
    return len(estimates) > 1 and min(estimates[-2:]) >= enough


class LeavesOut(Protocol):
    """A surrogate that says how far each score lies from what the others predict for it."""

    def left_out(self, count: int | None = None) -> NDArray[np.float64]:
        """In deviations."""


def trusted_spread(process: LeavesOut, drawn: int | None = None) -> float:
    """By what the predicted deviations are multiplied before they are believed.

    The molecules of the first batch were drawn at random, so they stand for the library; those chosen later were chosen
    for their predictions and do not. Each is left out in turn and predicted from all the others that are scored.

    Parameters
    ----------
    process : LeavesOut
    drawn : int, optional
        Number of those drawn at random, which were learned first; all are looked at where it is not known.
    """
    residuals = process.left_out(drawn) if drawn is None or drawn > 1 else np.zeros(0)
    spread = float(np.sqrt(np.mean(residuals**2))) if len(residuals) > 1 else 1.0
    return spread if spread > 0 else 1.0


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
