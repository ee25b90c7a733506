"""Starting shapes for docking: one conformer for every shape of what the docking itself does not turn."""

from __future__ import annotations

from rdkit import Chem

from bencao.discovery.ligands.conformers import TRIED, distinct, embed, read_ligand

# Strain above the best shape, in kcal/mol of MMFF94 in vacuo, beyond which a shape is not docked.
_STRAIN = 6.0


def starting_shapes(smiles: str, *, seed: int = 1, most: int = 3) -> Chem.Mol:
    """Conformers that differ in what docking keeps rigid: rings smaller than seven, amides, pyramidal nitrogens.

    Embedded with ETKDGv3, relaxed with MMFF94; of each shape the one with the lowest energy.

    Parameters
    ----------
    smiles : str
        One molecule; stereocentres that are not given are taken as they come.
    seed : int
    most : int
        At most so many, the least strained first.

    Returns
    -------
    Mol
        With hydrogens; conformers numbered from 0, the property ``strain`` in kcal/mol on each.

    Raises
    ------
    LigandError
        Where the SMILES cannot be read, the molecule is too large, or no three-dimensional shape is found.
    """
    molecule = read_ligand(smiles)
    return distinct(molecule, embed(molecule, smiles, TRIED, seed), most, _STRAIN)
