"""A ligand as Vina reads it, and back: PDBQT by Meeko."""

from __future__ import annotations

from meeko import MoleculePreparation, PDBQTMolecule, PDBQTWriterLegacy, RDKitMolCreate
from rdkit import Chem, rdBase

from bencao.discovery.errors import LigandError

# Elements Vina has parameters for in a ligand.
_KNOWN = frozenset(["H", "C", "N", "O", "F", "P", "S", "Cl", "Br", "I", "B", "Si"])


def ligand_pdbqt(molecule: Chem.Mol, conformer: int = -1) -> str:
    """A conformer as PDBQT.

    Bonds that are rotated are Meeko's; rings of seven atoms or more are opened and closed by the docking, smaller ones
    keep the shape of the conformer.

    Parameters
    ----------
    molecule : Mol
        With hydrogens and three-dimensional conformers.
    conformer : int
        Its id.

    Returns
    -------
    str

    Raises
    ------
    LigandError
        Where it holds a metal or another element Vina has no parameters for, or several molecules.

    Notes
    -----
    Meeko: Forli laboratory, LGPL-2.1.
    """
    strange = sorted({atom.GetSymbol() for atom in molecule.GetAtoms()} - _KNOWN)
    if strange:
        raise LigandError(
            f"holds {', '.join(strange)}, for which Vina has no parameters", mend="dock the organic ligand alone"
        )
    if len(Chem.GetMolFrags(molecule)) > 1:
        raise LigandError("holds more than one molecule", mend="strip salts and solvents")
    try:
        (setup,) = MoleculePreparation().prepare(molecule, conformer_id=conformer)
        text, fine, message = PDBQTWriterLegacy.write_string(setup)
    except (RuntimeError, ValueError, KeyError) as error:
        raise LigandError(f"cannot be written for Vina: {error}", mend="check its valences") from error
    if not fine:
        raise LigandError(f"cannot be written for Vina: {message.strip()}", mend="check its valences")
    return str(text)


def poses_from(pdbqt: str) -> Chem.Mol:
    """The molecule of a docked PDBQT with its bond orders and hydrogens, one conformer a pose."""
    with rdBase.BlockLogs():
        docked: list[Chem.Mol | None] = RDKitMolCreate.from_pdbqt_mol(PDBQTMolecule(pdbqt, skip_typing=True))
    if len(docked) != 1 or docked[0] is None:
        raise LigandError("the docked poses cannot be read back", mend="please report it with the molecule")
    molecule: Chem.Mol = docked[0]
    return molecule
