"""How far a pose is from another: the least over the molecule's symmetries, nothing moved."""

from __future__ import annotations

from rdkit import Chem
from rdkit.Chem import rdMolAlign

from bencao.discovery.errors import LigandError


def symmetric_rmsd(pose: Chem.Mol, reference: Chem.Mol) -> float:
    """Root-mean-square deviation of heavy atoms in place, over all graph symmetries.

    Parameters
    ----------
    pose, reference : Mol
        The same molecule, each with a conformer in the receptor's frame; protonation may differ.

    Returns
    -------
    float
        Ångström.

    Raises
    ------
    LigandError
        Where they are not the same molecule.

    Notes
    -----
    Meli, Biggin, J. Cheminf. 2020, 12, 49.
    """
    first, second = _bare(pose), _bare(reference)
    try:
        return float(rdMolAlign.CalcRMS(first, second, maxMatches=100_000))
    except RuntimeError as error:
        raise LigandError("pose and reference are not the same molecule", mend="give the same ligand") from error


def _bare(molecule: Chem.Mol) -> Chem.Mol:
    """Heavy atoms and which are bonded, so that charges and Kekulé forms do not part equal atoms."""
    bare = Chem.RWMol(Chem.RemoveAllHs(molecule, sanitize=False))
    for atom in bare.GetAtoms():
        atom.SetFormalCharge(0)
        atom.SetIsAromatic(False)
        atom.SetNoImplicit(True)
        atom.SetNumExplicitHs(0)
        atom.SetChiralTag(Chem.ChiralType.CHI_UNSPECIFIED)
    for bond in bare.GetBonds():
        bond.SetBondType(Chem.BondType.SINGLE)
        bond.SetIsAromatic(False)
        bond.SetStereo(Chem.BondStereo.STEREONONE)
    plain = bare.GetMol()
    plain.UpdatePropertyCache(strict=False)
    return plain
