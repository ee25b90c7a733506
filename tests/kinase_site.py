"""The site of imatinib in Abl kinase, cut out of 1IEP, so that tests prepare and dock in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rdkit import Chem


def bound_ligand(shared: Path) -> Path:
    """Imatinib as it is bound."""
    return shared / "discovery" / "vina_1iep_ligand.sdf"


def write_site(shared: Path, path: Path, reach: float = 9.0) -> Path:
    """The residues near imatinib as a PDB file of heavy atoms."""
    ligand = Chem.MolFromMolFile(str(bound_ligand(shared))).GetConformer().GetPositions()
    lines = (shared / "discovery" / "vina_1iep_receptorH.pdb").read_text().splitlines()
    atoms = [line for line in lines if line.startswith("ATOM") and line[77] != "H" and line[13] != "H"]
    near = {
        line[21:27]
        for line in atoms
        if np.linalg.norm(ligand - [float(line[at : at + 8]) for at in (30, 38, 46)], axis=1).min() < reach
    }
    path.write_text("\n".join([*(line for line in atoms if line[21:27] in near), "TER", "END", ""]))
    return path
