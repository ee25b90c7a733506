"""Fits a chain of tags to runs of characters, by CRFsuite; it errs elsewhere than a network does."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycrfsuite
from numpy.typing import NDArray

from bencao.records.extraction.network.corpus import Labelled
from bencao.records.extraction.network.pieces import pieces_of
from bencao.records.extraction.network.runs import runs_around
from bencao.records.extraction.network.tags import tags_of, to_tags

_SETTINGS = {"c1": 0.1, "c2": 0.1, "max_iterations": 100, "feature.minfreq": 2}


@dataclass(frozen=True)
class ChainTask:
    """What a chain is fitted to.

    Attributes
    ----------
    documents : tuple of Labelled
    labels : tuple of str
    """

    documents: tuple[Labelled, ...]
    labels: tuple[str, ...]


def fit_chain(task: ChainTask) -> dict[str, NDArray[np.generic]]:
    """Weights of a conditional random field (Lafferty et al., ICML 2001), L-BFGS with L1 and L2 penalties.

    Returns
    -------
    dict of str to ndarray
        numbers, rows, tags, values: as `runs.RunScores.of` takes them; transitions, float32, shape (tags + 1, tags),
        the last row (the first tag) zero.
    """
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params(_SETTINGS)
    for document in task.documents:
        rows = [[str(number) for number in row] for row in runs_around(document.text).tolist()]
        tags = to_tags(len(document.text), document.spans)
        for left, right in pieces_of(document.text):
            trainer.append(rows[left:right], tags[left:right])
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "chain.crfsuite")
        trainer.train(model)
        tagger = pycrfsuite.Tagger()
        tagger.open(model)
        fitted = tagger.info()
        tagger.close()
    place = {name: number for number, name in enumerate(tags_of(task.labels))}
    numbers = np.array(sorted({int(number) for number, _ in fitted.state_features}), dtype=np.uint64)
    weighed = sorted((int(number), place[tag], weight) for (number, tag), weight in fitted.state_features.items())
    transitions = np.zeros((len(place) + 1, len(place)), dtype=np.float32)
    for (before, after), weight in fitted.transitions.items():
        transitions[place[before], place[after]] = weight
    return {
        "numbers": numbers,
        "rows": np.searchsorted(numbers, np.array([number for number, _, _ in weighed], dtype=np.uint64)).astype("i4"),
        "tags": np.array([tag for _, tag, _ in weighed], dtype=np.uint8),
        "values": np.array([weight for _, _, weight in weighed], dtype=np.float16),
        "transitions": transitions,
    }
