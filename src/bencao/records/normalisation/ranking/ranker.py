"""The learned ranker: of a phrase the sets of names that it may mean, each with its probability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bencao.records.normalisation.ranking.features import Candidates, Finder
from bencao.records.normalisation.ranking.memory import Array, Names
from bencao.records.normalisation.ranking.phrases import segments
from bencao.records.normalisation.ranking.sets import Scored, compose

_BLOCK = 250


@dataclass(frozen=True)
class Ranker:
    """Two ensembles of trees over the candidates of a finder.

    Attributes
    ----------
    finder : Finder
    answers, sets : onnxruntime.InferenceSession
        Trees that score an answer for a phrase or a part of it, and a set of names for the whole phrase.
    identity : str
        Name and version of the model.
    """

    finder: Finder
    answers: Any
    sets: Any
    identity: str

    def rank(self, phrases: Sequence[str]) -> Iterator[list[tuple[Names, float]]]:
        """Sets of names for each phrase, the most probable first.

        Yields
        ------
        list of (tuple of int, float)
            Places of names in the vocabulary, and the probability that they are exactly what is meant.
        """
        for start in range(0, len(phrases), _BLOCK):
            yield from self._block(phrases[start : start + _BLOCK])

    def _block(self, phrases: Sequence[str]) -> Iterator[list[tuple[Names, float]]]:
        parts = [found if len(found := segments(phrase)) > 1 else () for phrase in phrases]
        texts = [*phrases, *(part for several in parts for part in several)]
        scored = list(self.score(list(self.finder.candidates(texts))))
        rest = iter(scored[len(phrases) :])
        competing = []
        for phrase, several, whole in zip(phrases, parts, scored, strict=False):
            competing.append(compose(self.finder, phrase, whole, [next(rest) for _ in several]))
        chances = iter(predict(self.sets, [features for _, features in competing]))
        for (sets, _), own in zip(competing, chances, strict=True):
            order = np.argsort(-own, kind="stable")
            yield [(sets[place], float(own[place])) for place in order]

    def score(self, candidates: Sequence[Candidates]) -> Iterator[Scored]:
        """Chance of each candidate to be what is meant."""
        chances = predict(self.answers, [one.features for one in candidates])
        for one, chance in zip(candidates, chances, strict=True):
            yield Scored(one, chance)


def predict(trees: Any, features: Sequence[Array]) -> list[Array]:
    """Probabilities that an ensemble gives each row of each matrix."""
    if not features:
        return []
    (raw,) = trees.run(None, {"features": np.vstack(features)})
    chances = 1 / (1 + np.exp(-raw[:, 0]))
    ends = np.cumsum([len(one) for one in features])[:-1]
    return list(np.split(chances.astype(np.float32), ends))
