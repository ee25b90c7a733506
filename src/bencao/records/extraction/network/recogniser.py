"""Finds entities with networks and a chain that were trained on labelled records; ONNX Runtime on one core."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.records.extraction.entity import Span
from bencao.records.extraction.network.pieces import FEATURES, Vocabulary, padded, pieces_of
from bencao.records.extraction.network.posterior import likely_spans
from bencao.records.extraction.network.runs import RunScores
from bencao.records.extraction.network.tags import forbidden, tags_of

NAME = "records-entities"
GRAPH, SETTINGS, CHAIN = "network.onnx", "settings.json", "chain.npz"
# Labels of the Chinese benchmarks that mean what a kind of ours means.
KIND_OF = {
    "疾病和诊断": "disease",
    "症状": "symptom",
    "药物": "drug",
    "实验室检验": "test",
    "手术": "operation",
    "解剖部位": "body_part",
    "影像检查": "imaging",
    "body": "body_part",
}
_PIECES_AT_ONCE = 8  # in the network: more at once are slower, one core's cache does not hold them
_BATCHES_AT_ONCE = 8  # in the chain, whose steps are small

Array = NDArray[np.float32]


@dataclass(frozen=True)
class NetworkRecogniser:
    """Trained networks and a chain over runs of characters, whose scores are averaged.

    Attributes
    ----------
    session : onnxruntime.InferenceSession
        From characters to the score of each tag, the mean over all networks of the model.
    runs : RunScores
    share : float
        Weight of the runs' scores in the average.
    vocabulary : Vocabulary
    labels : tuple of str
    transitions : ndarray of float32, shape (tags + 1, tags)
        Averaged likewise; the last row holds the scores of the first tag.
    identity : str
    """

    session: Any
    runs: RunScores
    share: float
    vocabulary: Vocabulary
    labels: tuple[str, ...]
    transitions: Array
    identity: str

    @classmethod
    def load(cls, folder: Path) -> NetworkRecogniser:
        """Open a model folder, once a process.

        Raises
        ------
        ModelError
            Where the folder holds no such model, or one that was altered.
        """
        return _load(folder.resolve())

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of entity that it was trained for."""
        return frozenset(KIND_OF.get(label, label) for label in self.labels)

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """Entities of each text by kind, in order and without overlaps."""
        return [
            [Span(span.start, span.end, KIND_OF.get(span.kind, span.kind)) for span in spans]
            for spans in self.find_labels(texts)
        ]

    def find_labels(self, texts: Sequence[str]) -> list[list[Span]]:
        """As `find`, with the labels of the training data."""
        transitions, first, last = forbidden(tags_of(self.labels))
        chain = transitions + self.transitions[:-1], first + self.transitions[-1], last
        runs = [self.runs.scores(text) for text in texts]
        places = [(number, left, right) for number, text in enumerate(texts) for left, right in pieces_of(text)]
        places.sort(key=lambda place: place[2] - place[1])
        found: list[list[Span]] = [[] for _ in texts]
        for begin in range(0, len(places), _PIECES_AT_ONCE * _BATCHES_AT_ONCE):
            group = places[begin : begin + _PIECES_AT_ONCE * _BATCHES_AT_ONCE]
            scores, lengths = self._group(texts, group, runs)
            for (number, left, _), spans in zip(group, likely_spans(scores, lengths, *chain, self.labels), strict=True):
                found[number] += [Span(left + span.start, left + span.end, span.kind) for span in spans]
        return [sorted(spans) for spans in found]

    def _group(
        self, texts: Sequence[str], group: Sequence[tuple[int, int, int]], runs: Sequence[Array]
    ) -> tuple[Array, NDArray[np.int64]]:
        """Scores of the tags of some pieces (text, left, right), and the pieces' lengths."""
        lengths = np.array([right - left for _, left, right in group], dtype=np.int64)
        scores = np.zeros((len(group), int(lengths.max()), len(tags_of(self.labels))), dtype=np.float32)
        for row, (number, left, right) in enumerate(group):
            scores[row, : right - left] = self.share * runs[number][left:right]
        for begin in range(0, len(group), _PIECES_AT_ONCE):
            part = group[begin : begin + _PIECES_AT_ONCE]
            numbers, held = padded([self.vocabulary.encode(texts[number][left:right]) for number, left, right in part])
            scores[begin : begin + len(part), : numbers.shape[1]] += (1 - self.share) * self.scores(numbers, held)
        return scores, lengths

    def scores(self, numbers: NDArray[np.int64], lengths: NDArray[np.int64]) -> Array:
        """Score of each tag for each character by the networks.

        Parameters
        ----------
        numbers : ndarray of int64, shape (pieces, length, 4)
        lengths : ndarray of int64, shape (pieces,)

        Returns
        -------
        ndarray of float32, shape (pieces, length, tags)
        """
        fed = {name: np.ascontiguousarray(numbers[:, :, place]) for place, name in enumerate(FEATURES)}
        (scores,) = self.session.run(None, {**fed, "lengths": lengths.astype(np.int32)})
        return np.asarray(scores, dtype=np.float32)


@cache
def _load(folder: Path) -> NetworkRecogniser:
    model = models.load(folder, NAME)
    if CHAIN not in {file.name for file in model.card.files}:
        raise ModelError(
            f"the model is of an earlier version, {model.card.version}", where=str(folder), mend="train the model again"
        )
    try:
        settings = json.loads(model.path(SETTINGS).read_text(encoding="utf-8"))
        vocabulary = Vocabulary(settings["characters"], settings["pairs"])
        labels, share = tuple(settings["labels"]), float(settings["share"])
        with np.load(model.path(CHAIN), allow_pickle=False) as held:
            chain = dict(held)
        runs = RunScores.of(chain["numbers"], chain["rows"], chain["tags"], chain["values"], len(tags_of(labels)))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ModelError("the settings cannot be read", where=str(folder), mend="train the model again") from error
    return NetworkRecogniser(
        session=models.session(model.path(GRAPH)),
        runs=runs,
        share=share,
        vocabulary=vocabulary,
        labels=labels,
        transitions=chain["transitions"],
        identity=f"{NAME} {model.card.version}",
    )
