"""Fold a backbone: from places that fit the distances downhill on restraints, bonds and clashes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from bencao.discovery.folding.embedding import Places
from bencao.discovery.folding.restraints import Restraints, restraint_energy, torsion, virtual_cb

# Bonds, and distances over one angle, of a trans peptide (Engh & Huber, Acta Cryst. A 1991, 47, 392), in ångström.
_N_CA, _CA_C, _C_N, _CA_CA = 1.458, 1.525, 1.329, 3.80
_N_C, _CA_N, _C_CA = 2.46, 2.43, 2.43
# Nearer than this two Cα, or two Cβ, of residues further apart than two in the chain clash.
_LEAST_CA, _LEAST_CB = 4.0, 3.6
_POSITIVE_PHI = math.radians(60)


@dataclass(frozen=True)
class Stage:
    """One descent: how many steps of which length, and what weighs how much."""

    steps: int
    rate: float
    orientations: float
    geometry: float
    clashes: float
    torsions: float
    shake: float


# Distances first, bonds loose; then orientations, and the bonds ever firmer.
_OPENING = (Stage(150, 0.2, 0.0, 1.0, 1.0, 0.0, 0.05), Stage(200, 0.2, 0.5, 10.0, 1.0, 2.0, 0.05))
_CLOSING = (Stage(200, 0.1, 0.5, 30.0, 3.0, 5.0, 0.02), Stage(150, 0.05, 0.5, 100.0, 5.0, 10.0, 0.0))


@dataclass(frozen=True)
class Backbone:
    """A folded chain.

    Attributes
    ----------
    places : ndarray of float, shape (3, length, 3)
        N, Cα and C of each residue in ångström.
    energy : float
        Of the restraints alone; lower is better.
    """

    places: Places
    energy: float


def fold_backbone(restraints: Restraints, sequence: str, start: Places, seed: int) -> Backbone:
    """Fold from both mirror images of a start, and go on with the one that meets the restraints better.

    Distances cannot tell a fold from its mirror image; orientations and the right-handedness of amino acids can.

    Parameters
    ----------
    restraints : Restraints
    sequence : str
    start : ndarray of float, shape (length, 3)
        From `embed`.
    seed : int

    Returns
    -------
    Backbone
    """
    chain = _Chain(restraints, sequence)
    generator = torch.Generator().manual_seed(seed)
    opened = [chain.descend(_started(start * sign, generator), _OPENING, generator) for sign in (1.0, -1.0)]
    better = min(opened, key=lambda places: chain.energy(places, _OPENING[-1]).item())
    places = chain.descend(better, _CLOSING, generator)
    with torch.no_grad():
        distances, orientations = restraint_energy(restraints, *places)
    energy = float(distances + _CLOSING[-1].orientations * orientations)
    return Backbone(places.numpy().astype(np.float64), energy)


class _Chain:
    """The energy of one sequence's backbone under one network's restraints."""

    def __init__(self, restraints: Restraints, sequence: str) -> None:
        self.restraints = restraints
        self.not_glycine = torch.tensor([float(letter != "G") for letter in sequence])
        self.first, self.second = torch.triu_indices(len(sequence), len(sequence), 3)

    def energy(self, places: Any, stage: Stage) -> Any:
        n, ca, c = places
        distances, orientations = restraint_energy(self.restraints, n, ca, c)
        total = distances + stage.geometry * _geometry(n, ca, c) + stage.clashes * self._clashes(n, ca, c)
        if stage.orientations:
            total = total + stage.orientations * orientations
        if stage.torsions:
            total = total + stage.torsions * self._left_handed(n, ca, c)
        return total

    def descend(self, places: Any, stages: tuple[Stage, ...], generator: Any) -> Any:
        places = places.clone().requires_grad_()
        for stage in stages:
            optimiser = torch.optim.Adam([places], lr=stage.rate, betas=(0.9, 0.99))
            for step in range(stage.steps):
                cooling = 0.5 * (1 + math.cos(math.pi * step / stage.steps))
                optimiser.param_groups[0]["lr"] = stage.rate * (0.95 * cooling + 0.05)
                optimiser.zero_grad()
                self.energy(places, stage).backward()
                optimiser.step()
                if stage.shake:
                    with torch.no_grad():
                        places += stage.shake * cooling * torch.randn(places.shape, generator=generator)
        return places.detach()

    def _clashes(self, n: Any, ca: Any, c: Any) -> Any:
        cb = virtual_cb(n, ca, c)
        reach_ca = (ca[self.first] - ca[self.second]).norm(dim=-1)
        reach_cb = (cb[self.first] - cb[self.second]).norm(dim=-1)
        return (torch.relu(_LEAST_CA - reach_ca) ** 2).sum() + (torch.relu(_LEAST_CB - reach_cb) ** 2).sum()

    def _left_handed(self, n: Any, ca: Any, c: Any) -> Any:
        """How far φ is on the side that only glycine likes (Ramachandran)."""
        phi = torsion(c[:-1], n[1:], ca[1:], c[1:])
        return (torch.relu(torch.cos(phi - _POSITIVE_PHI)) * self.not_glycine[1:]).sum()


def _geometry(n: Any, ca: Any, c: Any) -> Any:
    """Squared deviations of bonds, angles (as distances) and the trans peptide, summed, in Å²."""
    wanted = (
        (n, ca, _N_CA),
        (ca, c, _CA_C),
        (c[:-1], n[1:], _C_N),
        (n, c, _N_C),
        (ca[:-1], n[1:], _CA_N),
        (c[:-1], ca[1:], _C_CA),
        (ca[:-1], ca[1:], _CA_CA),
    )
    return sum((((one - other).norm(dim=-1) - length) ** 2).sum() for one, other, length in wanted)


def _started(cb: Places, generator: Any) -> Any:
    """N, Cα and C strung along the smoothed line of the Cβ."""
    line = torch.tensor(cb, dtype=torch.float32)
    ca = line.clone()
    ca[1:-1] = 0.5 * line[1:-1] + 0.25 * (line[:-2] + line[2:])
    along = torch.nn.functional.normalize(ca[1:] - ca[:-1], dim=-1)
    ahead, behind = torch.cat([along, along[-1:]]), torch.cat([along[:1], along])
    shaken = 0.3 * torch.randn((3, *ca.shape), generator=generator)
    shaken[1] *= 0.3
    return torch.stack([ca - 1.4 * behind, ca, ca + 1.4 * ahead]) + shaken
