"""Expected distances and orientations as an energy of the backbone, smooth enough to go downhill on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from bencao.discovery.folding.distributions import Distributions, FloatArray

# Below this share of "contact" a distance, or an orientation, is no restraint.
_DISTANCE_SHARE, _ORIENTATION_SHARE = 0.05, 0.5
_FLOOR = 1e-4
# Exponent of the reference state of distances (DFIRE; Zhou & Zhou, Protein Sci. 2002, 11, 2714).
_REFERENCE = 1.57
_BIN_DISTANCE, _BIN_ANGLE = 0.5, math.radians(15)
_LAST = 19.75
# Energy at 0.25, 0.75, 1.25 and 1.75 Å, below the first bin: nothing may stand there.
_WALL = (12.0, 9.0, 6.0, 3.0)


@dataclass(frozen=True)
class Restraints:
    """Energy tables of the pairs that a network says something of.

    Attributes
    ----------
    length : int
    distance, omega, theta, phi : tuple (first, second, table)
        Indices of the residues, shape (pairs,), and energies by bin, shape (pairs, bins).
    """

    length: int
    distance: tuple[Any, Any, Any]
    omega: tuple[Any, Any, Any]
    theta: tuple[Any, Any, Any]
    phi: tuple[Any, Any, Any]


def restraints_of(expected: Distributions) -> Restraints:
    """Turn distributions into energies: minus the logarithm, against a reference.

    Parameters
    ----------
    expected : Distributions

    Returns
    -------
    Restraints
    """
    return Restraints(
        len(expected.distance),
        _pairs(expected.distance, _DISTANCE_SHARE, _distance_table, halves=True),
        _pairs(expected.omega, _ORIENTATION_SHARE, _turn_table, halves=True),
        _pairs(expected.theta, _ORIENTATION_SHARE, _turn_table),
        _pairs(expected.phi, _ORIENTATION_SHARE, _angle_table),
    )


def _pairs(shares: FloatArray, least: float, table: Any, *, halves: bool = False) -> tuple[Any, Any, Any]:
    told = shares[..., 1:].sum(axis=-1) > least
    np.fill_diagonal(told, False)
    first, second = np.nonzero(np.triu(told) if halves else told)
    return torch.from_numpy(first), torch.from_numpy(second), table(torch.from_numpy(shares[first, second]))


def _distance_table(shares: Any) -> Any:
    middles = torch.arange(36) * _BIN_DISTANCE + 2.25
    reference = (middles / middles[-1]) ** _REFERENCE
    energy = -torch.log((shares[:, 1:] + _FLOOR) / (reference * (shares[:, -1:] + _FLOOR)))
    return torch.cat([energy[:, :1].clamp(min=0) + torch.tensor(_WALL), energy], dim=1)


def _orientation(shares: Any) -> Any:
    contact = shares[:, 1:].sum(dim=1, keepdim=True)
    energy = -torch.log((shares[:, 1:] + _FLOOR) / (contact + _FLOOR))
    return energy - energy.mean(dim=1, keepdim=True)


def _turn_table(shares: Any) -> Any:
    """A full turn: the ends continue each other."""
    energy = _orientation(shares)
    return torch.cat([energy[:, -2:], energy, energy[:, :3]], dim=1)


def _angle_table(shares: Any) -> Any:
    """From 0 to 180°: mirrored at the ends."""
    energy = _orientation(shares)
    return torch.cat([energy[:, 1:2], energy[:, :1], energy, energy[:, -1:], energy[:, -2:]], dim=1)


def restraint_energy(restraints: Restraints, n: Any, ca: Any, c: Any) -> tuple[Any, Any]:
    """Energy of a backbone.

    Parameters
    ----------
    restraints : Restraints
    n, ca, c : tensor, shape (length, 3)
        In ångström.

    Returns
    -------
    (tensor, tensor)
        That of the distances and that of the orientations; differentiable.
    """
    cb = virtual_cb(n, ca, c)
    first, second, table = restraints.distance
    reach = (cb[first] - cb[second]).norm(dim=-1)
    inside = _interpolated(table, (reach - 0.25) / _BIN_DISTANCE)
    distances = torch.where(reach < _LAST, inside, 0.02 * (reach - _LAST)).sum()
    first, second, table = restraints.omega
    turn = torsion(ca[first], cb[first], cb[second], ca[second])
    orientations = _interpolated(table, (turn + math.pi) / _BIN_ANGLE + 1.5).sum()
    first, second, table = restraints.theta
    turn = torsion(n[first], ca[first], cb[first], cb[second])
    orientations = orientations + _interpolated(table, (turn + math.pi) / _BIN_ANGLE + 1.5).sum()
    first, second, table = restraints.phi
    bend = angle(ca[first], cb[first], cb[second])
    return distances, orientations + _interpolated(table, bend / _BIN_ANGLE + 1.5).sum()


def _interpolated(table: Any, place: Any) -> Any:
    """Catmull-Rom through the middles of the bins."""
    place = place.clamp(1.0001, table.shape[1] - 2.0001)
    lower = place.floor().long()
    part = place - lower
    a, b, c, d = table.gather(1, torch.stack([lower - 1, lower, lower + 1, lower + 2], dim=1)).unbind(dim=1)
    return b + 0.5 * part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a)))


def virtual_cb(n: Any, ca: Any, c: Any) -> Any:
    """Cβ where an ideal L-amino acid has it, glycine too (as trRosetta's training had it)."""
    to_n, to_c = ca - n, c - ca
    across = torch.cross(to_n, to_c, dim=-1)
    return -0.58273431 * across + 0.56802827 * to_n - 0.54067466 * to_c + ca


def torsion(a: Any, b: Any, c: Any, d: Any) -> Any:
    """Dihedral a-b-c-d in radians, from -π to π."""
    axis = (c - b) / ((c - b).norm(dim=-1, keepdim=True) + 1e-6)
    before, after = a - b, d - c
    before = before - (before * axis).sum(dim=-1, keepdim=True) * axis
    after = after - (after * axis).sum(dim=-1, keepdim=True) * axis
    return torch.atan2((torch.cross(axis, before, dim=-1) * after).sum(dim=-1), (before * after).sum(dim=-1) + 1e-9)


def angle(a: Any, b: Any, c: Any) -> Any:
    """Angle a-b-c in radians."""
    one, other = a - b, c - b
    cosine = (one * other).sum(dim=-1) / (one.norm(dim=-1) * other.norm(dim=-1) + 1e-6)
    return torch.acos(cosine.clamp(-0.9999, 0.9999))
