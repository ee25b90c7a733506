"""From a sequence or an alignment to all atoms, with a confidence for each residue."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.folding.alignment import Alignment
from bencao.discovery.folding.confidence import agreement
from bencao.discovery.folding.distributions import Distributions, expected_distributions
from bencao.discovery.folding.embedding import Places, embed
from bencao.discovery.folding.relaxing import all_atoms
from bencao.kernel import compute
from bencao.kernel.errors import ComputeError


@dataclass(frozen=True)
class Fold:
    """A predicted structure.

    Attributes
    ----------
    name, sequence : str
    pdb : str
        All atoms with hydrogens; the confidence of a residue, from 0 to 100, stands where the B factor does.
    ca : ndarray of float, shape (length, 3)
        Cα in ångström.
    confidence : ndarray of float, shape (length,)
        From 0 to 1: how well folds by five networks agree around each residue (lDDT).
    energies : tuple of float
        Of the restraints, one a network; the fold of the lowest was taken.
    relatives : int
        Sequences of the alignment beside the first.
    """

    name: str
    sequence: str
    pdb: str
    ca: Places
    confidence: NDArray[np.float64]
    energies: tuple[float, ...]
    relatives: int

    @property
    def trust(self) -> float:
        """Mean confidence of the chain, from 0 to 1."""
        return float(self.confidence.mean())


# Told the stage (networks, backbones, side chains), how many items are done in it, and of how many. What it raises ends
# the fold.
FoldWatch = Callable[[str, int, int], None]


def unwatched(stage: str, done: int, total: int) -> None:
    """Nobody looks on."""


def fold(alignment: Alignment, *, seed: int = 1, workers: int = 1, watch: FoldWatch = unwatched) -> Fold:
    """Predict a structure.

    Five networks tell distances and orientations of the residue pairs; each set is folded on its own, by gradient
    descent from places that fit the distances. The fold that meets its restraints best gets side chains and is
    minimised with its Cα held.

    Parameters
    ----------
    alignment : Alignment
    seed : int
    workers : int
        Processes.
    watch : FoldWatch
        Told how far it is.

    Returns
    -------
    Fold

    Raises
    ------
    EngineMissing
        Where the networks' package is not installed.
    StructureError
        Where the side chains cannot be built.

    Notes
    -----
    Networks of J. Yang et al., PNAS 2020, 117, 1496. Reach: designed proteins from one sequence; natural ones want an
    alignment of many relatives.
    """
    watch("networks", 0, 1)
    tasks = [(told, alignment.sequence, seed) for told in expected_distributions(alignment)]
    backbones = []
    watch("backbones", 0, len(tasks))
    with closing(compute.imap(_backbone, tasks, workers=workers, progress=False, label="fold")) as folding:
        for _, answer in folding:
            if isinstance(answer, compute.Failure):
                cause = f"{answer.kind}: {answer.cause}"
                raise ComputeError(cause, where=answer.where or alignment.name, mend=answer.mend)
            backbones.append(answer)
            watch("backbones", len(backbones), len(tasks))
    watch("side chains", 0, 1)
    best = min(range(len(backbones)), key=lambda index: backbones[index][1])
    chosen = backbones[best][0]
    others = [places[1] for index, (places, _) in enumerate(backbones) if index != best]
    topology, places = all_atoms(alignment.sequence, chosen, alignment.name)
    confidence = agreement(chosen[1], others)
    return Fold(
        alignment.name,
        alignment.sequence,
        _as_pdb(topology, places, confidence),
        np.array([places[atom.index] for atom in topology.atoms() if atom.name == "CA"]),
        confidence,
        tuple(energy for _, energy in backbones),
        len(alignment.rows) - 1,
    )


def _backbone(task: tuple[Distributions, str, int]) -> tuple[Places, float]:
    import torch

    from bencao.discovery.folding.minimising import fold_backbone
    from bencao.discovery.folding.restraints import restraints_of

    expected, sequence, seed = task
    torch.set_num_threads(1)
    folded = fold_backbone(restraints_of(expected), sequence, embed(expected.distance), seed)
    return folded.places, folded.energy


def _as_pdb(topology: Any, places: Places, confidence: NDArray[np.float64]) -> str:
    lines = ["REMARK   B FACTOR: CONFIDENCE FROM 0 TO 100 (AGREEMENT OF FIVE FOLDS, LDDT OF CA)"]
    for atom in topology.atoms():
        shown = atom.name if len(atom.name) == 4 else f" {atom.name}"
        x, y, z = places[atom.index]
        lines.append(
            f"ATOM  {atom.index + 1:5d} {shown:<4} {atom.residue.name:>3} A{atom.residue.index + 1:4d}    "
            f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00{100 * confidence[atom.residue.index]:6.2f}          "
            f"{atom.element.symbol:>2}  "
        )
    return "\n".join([*lines, "TER", "END", ""])
