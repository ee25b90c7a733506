"""Strict F1: an entity counts where both its ends and its label are right; intervals by drawing documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bencao.records.extraction.entity import Span

_DRAWS = 2_000


@dataclass(frozen=True)
class Score:
    """How well entities were found.

    Attributes
    ----------
    f1, precision, recall : float
    low, high : float
        95 % interval of F1, percentiles of 2,000 draws of documents.
    entities, documents : int
        How many entities the labels have, in how many documents.
    """

    f1: float
    precision: float
    recall: float
    low: float
    high: float
    entities: int
    documents: int


def score(labelled: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], seed: int = 0) -> Score:
    """Score what was found against the labels, micro-averaged.

    Parameters
    ----------
    labelled, found : sequence of sequence of Span
        One sequence a document.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Score
    """
    counts = np.array(
        [
            (len(set(right) & set(given)), len(set(right)), len(set(given)))
            for right, given in zip(labelled, found, strict=True)
        ],
        dtype=np.float64,
    ).reshape(-1, 3)
    hit, right, given = counts.sum(axis=0)
    draws = np.random.default_rng(seed).integers(len(counts), size=(_DRAWS, len(counts)))
    drawn = counts[draws].sum(axis=1)
    low, high = np.percentile(2 * drawn[:, 0] / np.maximum(drawn[:, 1] + drawn[:, 2], 1), (2.5, 97.5))
    return Score(
        float(2 * hit / max(right + given, 1)),
        float(hit / max(given, 1)),
        float(hit / max(right, 1)),
        float(low),
        float(high),
        int(right),
        len(counts),
    )
