"""Finds entities with a network that was trained on labelled records; ONNX Runtime on one core."""

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
from bencao.records.extraction.network.tags import best_sequences, forbidden, tags_of, to_spans

NAME = "records-entities"
GRAPH, SETTINGS, TRANSITIONS = "network.onnx", "settings.json", "transitions.npy"
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
_PIECES_AT_ONCE = 8  # more at once are slower: one core's cache does not hold them

Array = NDArray[np.float32]


@dataclass(frozen=True)
class NetworkRecogniser:
    """A trained network.

    Attributes
    ----------
    session : onnxruntime.InferenceSession
        From characters to the score of each tag, the mean over all networks of the model.
    vocabulary : Vocabulary
    labels : tuple of str
    transitions : ndarray of float32, shape (tags + 1, tags)
        The last row holds the scores of the first tag.
    identity : str
    """

    session: Any
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
        names = tags_of(self.labels)
        marks = [["O"] * len(text) for text in texts]
        places = [(number, left, right) for number, text in enumerate(texts) for left, right in pieces_of(text)]
        rows = [self.vocabulary.encode(texts[number][left:right]) for number, left, right in places]
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
        transitions, first, last = forbidden(names)
        transitions, first = transitions + self.transitions[:-1], first + self.transitions[-1]
        for begin in range(0, len(order), _PIECES_AT_ONCE):
            batch = order[begin : begin + _PIECES_AT_ONCE]
            numbers, lengths = padded([rows[place] for place in batch])
            scores = self.scores(numbers, lengths)
            for place, best in zip(batch, best_sequences(scores, lengths, transitions, first, last), strict=True):
                number, left, right = places[place]
                marks[number][left:right] = [names[tag] for tag in best]
        return [to_spans(tags) for tags in marks]

    def scores(self, numbers: NDArray[np.int64], lengths: NDArray[np.int64]) -> Array:
        """Score of each tag for each character.

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
    try:
        settings = json.loads(model.path(SETTINGS).read_text(encoding="utf-8"))
        vocabulary = Vocabulary(settings["characters"], settings["pairs"])
        labels = tuple(settings["labels"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("the settings cannot be read", where=str(folder), mend="train the model again") from error
    return NetworkRecogniser(
        session=models.session(model.path(GRAPH)),
        vocabulary=vocabulary,
        labels=labels,
        transitions=np.load(model.path(TRANSITIONS)),
        identity=f"{NAME} {model.card.version}",
    )
