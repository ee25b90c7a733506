"""Side chains on a folded backbone, and an all-atom minimisation that keeps the fold."""

from __future__ import annotations

from typing import Any

import gemmi
import numpy as np

from bencao.discovery.folding.embedding import Places
from bencao.discovery.receptor.mending import mend_polymer
from bencao.discovery.receptor.structure import Residue

_PH = 7.0
# kJ/(mol nm²) that hold each Cα near where it was folded.
_HOLD = 20_000.0
_STEPS = 80
# Length of C=O in ångström (Engh & Huber 1991).
_CARBONYL = 1.23


def all_atoms(sequence: str, backbone: Places, name: str) -> tuple[Any, Any]:
    """Build every atom and minimise in AMBER's force field with implicit water.

    Parameters
    ----------
    sequence : str
    backbone : ndarray of float, shape (3, length, 3)
        N, Cα and C in ångström.
    name : str
        For errors.

    Returns
    -------
    (openmm Topology, ndarray of float)
        The molecule, and its places in ångström, shape (atoms, 3).

    Raises
    ------
    StructureError
        Where PDBFixer cannot complete the chain.

    Notes
    -----
    ff14SB (Maier et al., J. Chem. Theory Comput. 2015, 11, 3696), GBn2 (Nguyen et al., ibid. 2013, 9, 2020).
    """
    mended = mend_polymer(_residues(sequence, backbone), np.empty((0, 3)), _PH, name)
    return mended.topology, _minimised(mended.topology, mended.positions)


def _residues(sequence: str, backbone: Places) -> list[Residue]:
    oxygen = _oxygens(backbone)
    return [
        Residue(
            "A",
            number,
            "",
            gemmi.expand_one_letter(letter, gemmi.ResidueKind.AA),
            "polymer",
            ("N", "CA", "C", "O"),
            ("N", "C", "C", "O"),
            np.array([*backbone[:, number - 1], oxygen[number - 1]]),
        )
        for number, letter in enumerate(sequence, start=1)
    ]


def _oxygens(backbone: Places) -> Places:
    """O in the plane of the peptide, away from Cα and the next N; the last one as if the chain went on."""
    _, ca, c = backbone
    following = np.vstack([backbone[0, 1:], 2 * c[-1:] - backbone[0, -1:]])
    away = _unit(c - ca) + _unit(c - following)
    return np.asarray(c + _CARBONYL * _unit(away))


def _unit(vectors: Places) -> Places:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6))


def _minimised(topology: Any, positions: Any) -> Places:
    import openmm
    from openmm import app, unit

    field = app.ForceField("amber14-all.xml", "implicit/gbn2.xml")
    system = field.createSystem(topology, nonbondedMethod=app.CutoffNonPeriodic, nonbondedCutoff=1.0 * unit.nanometer)
    hold = openmm.CustomExternalForce("0.5*k*((x-x0)^2+(y-y0)^2+(z-z0)^2)")
    hold.addGlobalParameter("k", _HOLD)
    for axis in ("x0", "y0", "z0"):
        hold.addPerParticleParameter(axis)
    start = positions.value_in_unit(unit.nanometer)
    for atom in topology.atoms():
        if atom.name == "CA":
            hold.addParticle(atom.index, list(start[atom.index]))
    system.addForce(hold)
    # One thread, so that the sums are always the same.
    platform = openmm.Platform.getPlatform("CPU")
    context = openmm.Context(
        system, openmm.VerletIntegrator(0.001), platform, {"Threads": "1", "DeterministicForces": "true"}
    )
    context.setPositions(positions)
    openmm.LocalEnergyMinimizer.minimize(context, maxIterations=_STEPS)
    places = context.getState(getPositions=True).getPositions(asNumpy=True)
    return np.array(places.value_in_unit(unit.angstrom), dtype=float)
