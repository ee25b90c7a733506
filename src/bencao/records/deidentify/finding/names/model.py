"""The small model that says whether a Chinese name begins at a character, and how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bencao.kernel.models import load
from bencao.records.deidentify.finding.lexicon import MODELS

BEFORE, AFTER = 8, 8
PAIRS = (-2, -1, 0, 1, 2, 3)  # places of the pairs of characters that are seen as one


@dataclass(frozen=True)
class NameModel:
    """Its weights, with the first layer worked out for each character at each place.

    Attributes
    ----------
    points : (c,) uint32
        Code points known, in order; 0 is beyond the text, 1 unknown, 2 a digit, 3 a Latin letter.
    starts : (c + 4,) bool
        Whether a name may begin with the character.
    first : (17, c + 4, h) float32
    pairs : (b, w) float32
        A vector for each bucket of pairs.
    paired : (6 * w, h) float32
    bias, second, second_bias, answer, answer_bias : float32
    """

    points: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.bool_]
    first: npt.NDArray[np.float32]
    pairs: npt.NDArray[np.float32]
    paired: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    second: npt.NDArray[np.float32]
    second_bias: npt.NDArray[np.float32]
    answer: npt.NDArray[np.float32]
    answer_bias: npt.NDArray[np.float32]
    surnames: frozenset[str]
    compounds: frozenset[str]

    def scores(self, codes: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """Places where a name may begin, and the probabilities of no name and of 2 to 6 characters.

        Parameters
        ----------
        codes : (n,) uint32
            Code points of a text.

        Returns
        -------
        places : (k,) int
        probabilities : (k, 6) float32
        """
        coded = self._coded(codes)
        places = np.flatnonzero(self.starts[coded])
        if len(places) == 0:
            return places, np.zeros((0, self.answer.shape[1]), np.float32)
        padded = np.concatenate([np.zeros(BEFORE, np.intp), coded, np.zeros(AFTER, np.intp)])
        hidden = np.broadcast_to(self.bias, (len(places), len(self.bias))).copy()
        for offset in range(BEFORE + 1 + AFTER):
            hidden += self.first[offset][padded[places + offset]]
        around = places[:, None] + (BEFORE + np.array(PAIRS))
        bucket = (padded[around] * 7919 + padded[around + 1]) % len(self.pairs)
        hidden += self.pairs[bucket].reshape(len(places), -1) @ self.paired
        np.maximum(hidden, 0, out=hidden)
        logits = np.maximum(hidden @ self.second + self.second_bias, 0) @ self.answer + self.answer_bias
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        return places, logits / logits.sum(axis=1, keepdims=True)

    def scores_of_each(
        self, codes: Sequence[npt.NDArray[np.uint32]]
    ) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]]:
        """As `scores`, of several texts at once, which spares most of the cost of short ones."""
        gap = np.zeros(BEFORE + AFTER, np.uint32)
        joined = np.concatenate([part for one in codes for part in (one, gap)]) if codes else gap
        places, scores = self.scores(joined)
        ends = np.cumsum([len(one) + len(gap) for one in codes])
        cuts = np.searchsorted(places, ends)
        parts = []
        first = begin = 0
        for cut, end in zip(cuts.tolist(), ends.tolist(), strict=True):
            parts.append((places[first:cut] - begin, scores[first:cut]))
            first, begin = cut, end
        return parts

    def _coded(self, codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.intp]:
        place = np.minimum(np.searchsorted(self.points, codes), len(self.points) - 1)
        coded = np.where(self.points[place] == codes, place + 4, 1)
        coded[(codes >= 48) & (codes <= 57)] = 2
        coded[((codes >= 65) & (codes <= 90)) | ((codes >= 97) & (codes <= 122))] = 3
        coded[codes == 0] = 0
        return coded


@cache
def name_model() -> NameModel:
    """The model of the package, loaded once.

    Raises
    ------
    ModelError
        Where it is absent or altered.
    """
    model = load(MODELS, "names")
    with np.load(model.path("names.npz"), allow_pickle=False) as file:
        weights = {name: file[name] for name in file.files}
    real = {name: value.astype(np.float32) for name, value in weights.items() if value.dtype == np.float16}
    width = real["embedding.weight"].shape[1]
    layers = real["first.weight"].T.reshape(BEFORE + 1 + AFTER, width, -1)
    first = np.stack([real["embedding.weight"] @ layer for layer in layers])
    surnames, compounds = str(weights["surnames"]), str(weights["compounds"]).split()
    heads = {ord(char) for char in str(weights["heads"])}
    starts = np.concatenate([np.zeros(4, bool), np.isin(weights["points"], np.array(sorted(heads), np.uint32))])
    return NameModel(
        points=weights["points"],
        starts=starts,
        first=first,
        pairs=real["pairs.weight"],
        paired=real["paired.weight"].T.copy(),
        bias=real["first.bias"],
        second=real["second.weight"].T.copy(),
        second_bias=real["second.bias"],
        answer=real["answer.weight"].T.copy(),
        answer_bias=real["answer.bias"],
        surnames=frozenset(surnames),
        compounds=frozenset(compounds),
    )
