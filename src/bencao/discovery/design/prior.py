"""What drug-like molecules are made of: how often pieces and environments of atoms occur among them."""

from __future__ import annotations

import csv
import gzip
from bisect import bisect
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

from bencao.discovery.design.graphs import Piece, open_piece
from bencao.kernel.models import load

PRIOR = Path(__file__).resolve().parent.parent / "models" / "design"
PRIOR_NAME = "drug_like"


@dataclass(frozen=True)
class Prior:
    """Counts of pieces and environments.

    Attributes
    ----------
    substituents, linkers : tuple of str
        SMILES with one and with two dummy atoms.
    substituent_counts, linker_counts : tuple of float
        Running sums of the weights by which they are drawn.
    environments : frozenset of int
        Of atoms and their neighbours (Morgan, radius 1), those that occur often enough to be trusted.
    """

    substituents: tuple[str, ...]
    substituent_counts: tuple[float, ...]
    linkers: tuple[str, ...]
    linker_counts: tuple[float, ...]
    environments: frozenset[int]

    def substituent(self, rng: Random) -> Piece:
        """A piece with one open end, drawn."""
        return _piece(self.substituents[bisect(self.substituent_counts, rng.random() * self.substituent_counts[-1])])

    def linker(self, rng: Random) -> Piece:
        """A piece with two open ends, drawn."""
        return _piece(self.linkers[bisect(self.linker_counts, rng.random() * self.linker_counts[-1])])

    def strange(self, molecule: Chem.Mol) -> int:
        """How many atoms have surroundings that drug-like molecules do not have."""
        found = environment_counts(molecule)
        return sum(count for environment, count in found.items() if environment not in self.environments)


def environment_counts(molecule: Chem.Mol) -> dict[int, int]:
    """Environments of atoms and their neighbours, and of atoms alone, by their hash (Morgan, radius 1)."""
    return dict(_environments().GetSparseCountFingerprint(molecule).GetNonzeroElements())


@cache
def _environments() -> Any:
    return rdFingerprintGenerator.GetMorganGenerator(radius=1)


@cache
def _piece(smiles: str) -> Piece:
    return open_piece(smiles)


@cache
def load_prior() -> Prior:
    """The prior in the package."""
    model = load(PRIOR, PRIOR_NAME)
    kinds: dict[str, list[tuple[str, int]]] = {"substituent": [], "linker": [], "environment": []}
    with gzip.open(model.path("counts.tsv.gz"), "rt", encoding="utf-8", newline="") as stream:
        for kind, what, count in csv.reader(stream, delimiter="\t"):
            kinds[kind].append((what, int(count)))
    return Prior(
        *_weighted(kinds["substituent"]),
        *_weighted(kinds["linker"]),
        frozenset(int(what) for what, _ in kinds["environment"]),
    )


def _weighted(counted: list[tuple[str, int]]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    # The square root: else every second piece drawn is a methyl.
    return tuple(what for what, _ in counted), tuple(accumulate(count**0.5 for _, count in counted))
