"""How much of what identifies was found in notes made for the purpose: what whoever passes text on must know."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from bencao.records.deidentify.finding.lexicon import MODELS


@dataclass(frozen=True)
class Recall:
    """A figure of `benchmarks/records/deidentify.py` on notes that nothing was learned from; no patient is known.

    Attributes
    ----------
    notes : {"hospital", "clinic"}
        Ordinary documents of a record system, or such as hide their names in running text.
    language : {"zh", "en"}
    category : str
        ``all``, ``name`` or ``date``.
    recall, low, high : float
        Share of identifiers found whole, and its 95 % interval over templates of notes.
    n : int
        Identifiers.
    """

    notes: str
    language: str
    category: str
    recall: float
    low: float
    high: float
    n: int


@cache
def measured_recall() -> tuple[Recall, ...]:
    """The figures that were last measured, by `training/records_recall.py`."""
    with (MODELS / "recall.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return tuple(
            Recall(
                one["notes"],
                one["language"],
                one["category"],
                float(one["recall"]),
                float(one["low"]),
                float(one["high"]),
                int(one["n"]),
            )
            for one in rows
        )
