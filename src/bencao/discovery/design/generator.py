"""The generator: breed from the best, ask the surrogate which of the brood are worth a score, score them, learn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rdkit import rdBase
from scipy.special import ndtri

from bencao.discovery.active.journal import Journal
from bencao.discovery.admet.scaffolds import scaffold
from bencao.discovery.design.breeding import breed, molecule_of
from bencao.discovery.design.prior import Prior, load_prior
from bencao.discovery.design.surrogate import Surrogate
from bencao.kernel.errors import InputError

Score = Callable[[Sequence[str]], Iterable[float]]
Makeable = Callable[[str], bool]

# Chosen on the tasks that benchmarks/discovery/guacamol.yaml marks as development.
# Molecules bred for each that is scored: many while scores are few, as they are where each costs more than breeding.
_BROOD, _BROOD_LATER, _LATER = 6, 3, 1000
_KEPT = 5  # of those bred before and not scored, kept for each that is scored
# Parents of one scaffold before those of others have had their turn, from so many scores on: it costs some of the
# first hundreds of scores, and without it thousands come to rest at one scaffold.
_FAMILY, _FAMILIES_FROM = 5, 500
_ROUNDS = 2  # the second breeds from the most hopeful of the first, too
_LEARNED_BEST, _LEARNED_OTHERS = 400, 200
_OPTIMISM = (0.0, 0.5, 1.0, 2.0)  # deviations added to the mean, in turn
_UNMAKEABLE = 2.0  # what a molecule costs that surely has no route, in deviations of the scores
_BROOD_MAKEABLE = 15  # bred for each that is scored where it must be makeable: to breed costs less than to ask
_STRANGE, _STRANGEST = 0.2, 5  # what an atom unlike drug-like molecules' costs, in deviations of the scores


@dataclass(frozen=True)
class Effort:
    """How much is spent.

    Attributes
    ----------
    calls : int
        Molecules scored at most, those to start from included.
    batch : int
        Scored at a time.
    atoms : int
        Most heavy atoms of a new molecule.
    seed : int

    Raises
    ------
    InputError
        A number that leaves nothing to do.
    """

    calls: int = 1000
    batch: int = 20
    atoms: int = 50
    seed: int = 1

    def __post_init__(self) -> None:
        for name, least in (("calls", 1), ("batch", 1), ("atoms", 5)):
            if getattr(self, name) < least:
                raise InputError(f"{getattr(self, name)}", where=name, mend=f"give {least} or more")


@dataclass(frozen=True)
class Scored:
    """A molecule and its score; NaN where the scoring failed."""

    smiles: str
    score: float


def design_molecules(
    start: Sequence[str],
    score: Score,
    effort: Effort,
    *,
    makeable: Makeable | None = None,
    prior: Prior | None = None,
    journal: Path | None = None,
    job: object = None,
) -> Iterator[tuple[Scored, ...]]:
    """Design molecules with high scores, with few scores.

    Genetic search on molecular graphs (Jensen, Chem. Sci. 2019, 10, 3567), of whose brood a Gaussian process on
    everything scored so far picks what is scored next.

    Parameters
    ----------
    start : sequence of str
        SMILES to start from, which are scored first; not more than there are calls are taken.
    score : callable
        Of SMILES; gives their scores in order, higher being better, NaN for a failure.
    effort : Effort
    makeable : callable, optional
        Of a SMILES, whether it can be made; what cannot is not scored. Those to start from are asked about, too, so
        that a second Gaussian process learns what need not be asked.
    prior : Prior, optional
        The one in the package where not given.
    journal : Path, optional
        File that every score is written to at once. The same design run again reads it and scores nothing twice, with
        the same result as one that was never stopped.
    job : object, optional
        What else the journal is bound to, such as the objectives.

    Yields
    ------
    tuple of Scored
        A batch; molecules have no stereo and none comes twice. It ends before the calls are spent where nothing new
        comes of the parents.

    Raises
    ------
    InputError
        Nothing to start from; a journal of another design; scores that are too few, or all failed.
    """
    search = _Search(effort, prior or load_prior(), makeable)
    batch = list(dict.fromkeys(start))[: effort.calls]
    if not batch:
        raise InputError("no molecule", where="start", mend="give some to start from")
    with Journal[str](journal, ("design", tuple(batch), repr(effort), job)) as book:
        if makeable:
            search.asked = {one: makeable(one) for one in batch}
        while batch:
            values = list(book.scores(batch, score))
            search.scored.update(zip(batch, values, strict=True))
            if not any(map(math.isfinite, search.scored.values())):
                raise InputError(f"none of {len(batch)} scores is a number", where="scores", mend="check the scoring")
            yield tuple(map(Scored, batch, values))
            batch = search.promising(min(effort.batch, effort.calls - len(search.scored)))


@dataclass
class _Search:
    """What is known so far, and what is worth scoring next."""

    effort: Effort
    prior: Prior
    makeable: Makeable | None
    scored: dict[str, float] = field(default_factory=dict)
    asked: dict[str, bool] = field(default_factory=dict)
    surrogate: Surrogate | None = None
    kept: tuple[str, ...] = ()

    def promising(self, count: int) -> list[str]:
        """Molecules to score next."""
        if count < 1:
            return []
        rng = Random(f"{self.effort.seed} {len(self.scored)}")
        usable = [one for one, value in self.scored.items() if math.isfinite(value)]
        ranked = sorted(usable, key=lambda one: (-self.scored[one], one))
        hope = self._hope(ranked)
        brood = dict(zip(self.kept, hope(self.kept), strict=True))
        # What cannot be made has children that cannot.
        ranked = [one for one in ranked if self.asked.get(one, True)] or ranked
        if len(ranked) >= _FAMILIES_FROM:
            ranked = _families_in_turn(ranked)
        parents, size = ranked, -(-self._brood() * count // _ROUNDS)
        with rdBase.BlockLogs():
            for _ in range(_ROUNDS):
                taken = self.scored.keys() | brood.keys() | {one for one, can in self.asked.items() if not can}
                new = breed(parents, size, rng, self.prior, taken, self.effort.atoms)
                brood.update(zip(new, hope(new), strict=True))
                hopeful = sorted(brood, key=lambda one: (-sum(brood[one]), one))[:count]
                # Old and new parents by turns.
                pairs = zip(ranked, hopeful, strict=False)
                parents = [one for pair in pairs for one in pair] + ranked[len(hopeful) :]
        picked = self._picked(brood, count)
        left = [one for one in brood if one not in picked and self.asked.get(one, True)]
        self.kept = tuple(sorted(left, key=lambda one: (-sum(brood[one]), one))[: _KEPT * count])
        return picked

    def _brood(self) -> int:
        if self.makeable:
            return _BROOD_MAKEABLE
        return _BROOD if len(self.scored) < _LATER else _BROOD_LATER

    def _hope(self, ranked: list[str]) -> Callable[[Sequence[str]], list[tuple[float, float]]]:
        """Of molecules, the mean of their scores, less what is strange or unmakeable about them, and its deviation."""
        known = _sample(ranked)
        ranks = _normal_ranks(np.array([self.scored[one] for one in known]))
        self.surrogate = scores = Surrogate(known, ranks, self.surrogate)
        labelled = list(self.asked)[-_LEARNED_BEST - _LEARNED_OTHERS :]
        made = Surrogate(labelled, np.array([float(self.asked[one]) for one in labelled])) if labelled else None

        def hope(smiles: Sequence[str]) -> list[tuple[float, float]]:
            if not smiles:
                return []
            mean, deviation = scores.predict(smiles)
            mean -= _STRANGE * np.array([min(_STRANGEST, self.prior.strange(molecule_of(one))) for one in smiles])
            if made:
                mean -= _UNMAKEABLE * (1 - np.clip(made.predict(smiles)[0], 0, 1))
            return list(zip(mean.tolist(), deviation.tolist(), strict=True))

        return hope

    def _picked(self, brood: dict[str, tuple[float, float]], count: int) -> list[str]:
        """Those of the highest hopes, by turns bold and careful; rounded, so that the last digits do not decide."""
        left, picked = dict(brood), list[str]()
        while left and len(picked) < count:
            optimism = _OPTIMISM[len(picked) % len(_OPTIMISM)]
            best = max(left, key=lambda one: (round(left[one][0] + optimism * left[one][1], 6), one))
            del left[best]
            if self.makeable:
                self.asked[best] = self.makeable(best)
            if not self.makeable or self.asked[best]:
                picked.append(best)
        return picked


def _families_in_turn(ranked: list[str]) -> list[str]:
    """The best `_FAMILY` of each scaffold, then the next of each: else all parents come to be of one scaffold."""
    seen = Counter[str]()
    turns: list[tuple[int, int]] = []
    for place, one in enumerate(ranked):
        family = _scaffold(one)
        turns.append((seen[family] // _FAMILY, place))
        seen[family] += 1
    return [ranked[place] for _, place in sorted(turns)]


@lru_cache(1 << 16)
def _scaffold(smiles: str) -> str:
    return scaffold(molecule_of(smiles))


def _sample(ranked: list[str]) -> list[str]:
    """Those that the surrogate learns from: the best, and some of the others, mostly those of the batch before."""
    return ranked[:_LEARNED_BEST] + nsmallest(_LEARNED_OTHERS, ranked[_LEARNED_BEST:], key=_lot)


@lru_cache(1 << 16)
def _lot(smiles: str) -> int:
    """A number that is as good as drawn."""
    return crc32(smiles.encode())


def _normal_ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as normal deviates of the same ranks: their own spread may be all zeros and a few ones."""
    ordered = np.sort(scores)
    ranks = (np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")) / 2
    return np.asarray(ndtri(ranks / len(scores)))
