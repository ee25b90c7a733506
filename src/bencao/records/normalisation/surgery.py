"""The shipped ranker of surgery phrases, with the names of ICD-9-CM-3 and what it remembers of decided phrases."""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from bencao.kernel import models
from bencao.records.errors import VocabularyError
from bencao.records.normalisation.ranking.features import Finder
from bencao.records.normalisation.ranking.memory import MARKS, Memory, remember
from bencao.records.normalisation.ranking.ranker import Ranker
from bencao.records.normalisation.ranking.vectors import BUCKETS, View
from bencao.records.normalisation.vocabulary import Vocabulary

MODELS = Path(__file__).parents[1] / "models" / "surgery"
NAME = "records-surgery"
NAMES, MEMORY, ANSWERS, SETS = "names.tsv.xz", "memory.npz", "answers.onnx", "sets.onnx"

Pair = tuple[str, tuple[str, ...]]  # a phrase and the standard names it was given


@cache
def shipped_vocabulary() -> Vocabulary:
    """Names and codes of ICD-9-CM-3, Chinese clinical edition."""
    path = models.load(MODELS, NAME).path(NAMES)
    rows = csv.reader(io.StringIO(lzma.decompress(path.read_bytes()).decode()), delimiter="\t")
    return Vocabulary.of([(code, name) for code, name in rows], NAME)


def load_surgery_ranker(decided: Sequence[Pair] = (), vocabulary: Vocabulary | None = None) -> Ranker:
    """The ranker, with what the user has decided learned on top.

    Parameters
    ----------
    decided : sequence of (str, tuple of str)
        Phrases with the names a person gave them.
    vocabulary : Vocabulary, optional
        The user's edition instead of the shipped one.

    Raises
    ------
    VocabularyError
        A decided name is not in the vocabulary.
    """
    return _ranker(tuple(decided), vocabulary or shipped_vocabulary())


@cache
def _ranker(decided: tuple[Pair, ...], vocabulary: Vocabulary) -> Ranker:
    model = models.load(MODELS, NAME)
    place = {name: at for at, name in enumerate(vocabulary.names)}
    try:
        pairs = [(phrase, tuple(place[name] for name in names)) for phrase, names in decided]
    except KeyError:
        raise VocabularyError("a decided name is not in the vocabulary", where=vocabulary.source) from None
    with np.load(model.path(MEMORY)) as arrays:
        memory = unpacked(arrays, shipped_vocabulary().names, vocabulary.names)
    told = remember(vocabulary.names, pairs, memory.views)
    answers, sets = (models.session(model.path(name)) for name in (ANSWERS, SETS))
    return Ranker(Finder(memory.joined(told), vocabulary.codes), answers, sets, f"{NAME} {model.card.version}")


def packed(memory: Memory, counts: Sequence[sparse.csr_matrix]) -> dict[str, Any]:
    """A memory as arrays: hashes of marks with their counts, weights, and the places of names."""
    arrays: dict[str, Any] = {
        "meant": np.array([name for one in memory.meant for name in one], dtype=np.uint16),
        "names": np.array([len(one) for one in memory.meant], dtype=np.uint8),
    }
    for number, (view, count) in enumerate(zip(memory.views, counts, strict=True)):
        filled = np.flatnonzero(view.weights)
        arrays[f"buckets{number}"] = np.diff(filled, prepend=0).astype(np.uint16)
        arrays[f"weights{number}"] = view.weights[filled]
        order = np.searchsorted(filled, count.indices)
        arrays[f"marks{number}"] = order.astype(np.uint16 if len(filled) < 1 << 16 else np.uint32)
        arrays[f"counts{number}"] = count.data.astype(np.uint8)
        arrays[f"ends{number}"] = count.indptr.astype(np.uint32)
    return arrays


def unpacked(arrays: Mapping[str, Any], shipped: Sequence[str], names: Sequence[str]) -> Memory:
    """The memory of `packed` arrays for a vocabulary; phrases whose names it lacks are left out."""
    place = {name: at for at, name in enumerate(names)}
    ends = np.cumsum(arrays["names"])[:-1]
    of_phrase = [[place.get(shipped[name], -1) for name in one] for one in np.split(arrays["meant"], ends)]
    kept = [row for row, one in enumerate(of_phrase) if min(one) >= 0]
    views, vectors = [], []
    for number, marks in enumerate(MARKS):
        filled = np.cumsum(arrays[f"buckets{number}"].astype(np.int64))
        weights = np.zeros(BUCKETS, dtype=np.float32)
        weights[filled] = arrays[f"weights{number}"]
        ends = arrays[f"ends{number}"].astype(np.int64)
        parts = (arrays[f"counts{number}"].astype(np.float32), filled[arrays[f"marks{number}"]], ends)
        views.append(View(marks, weights))
        vectors.append(views[-1].weighed(sparse.csr_matrix(parts, shape=(len(ends) - 1, BUCKETS)))[kept])
    return Memory(tuple(names), tuple(views), tuple(vectors), tuple(tuple(sorted(of_phrase[row])) for row in kept))
