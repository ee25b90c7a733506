"""One form of each molecule: functional groups drawn one way, counter-ions off, charges neutralised."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from rdkit import Chem, rdBase
from rdkit.Chem.MolStandardize import rdMolStandardize

from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.reading import LibraryRow

# A drug-like library holds no larger ones; a protein pasted into it would stop the work for hours.
MOST_HEAVY_ATOMS = 150


@dataclass(frozen=True)
class Standardised:
    """A molecule in its standard form.

    Attributes
    ----------
    row : int
    name : str
    smiles : str
        Canonical SMILES of the neutral parent, stereo as given.
    given : str
        SMILES before.
    """

    row: int
    name: str
    smiles: str
    given: str


def standardise(row: LibraryRow, tautomer: bool = False) -> Standardised:
    """Bring a molecule into its standard form.

    Groups are normalised, covalently drawn metals set free, the largest organic fragment kept and its charges
    neutralised where a proton can do it (RDKit's rdMolStandardize, after the rules of MolVS).

    Parameters
    ----------
    row : LibraryRow
    tautomer : bool
        Also choose RDKit's canonical tautomer, which takes some ten times as long.

    Returns
    -------
    Standardised

    Raises
    ------
    MoleculeError
        No molecule, a metal that is left in it, no carbon, or more than 150 heavy atoms.

    Examples
    --------
    >>> standardise(LibraryRow(1, "CC(=O)[O-].[Na+]", "sodium acetate")).smiles
    'CC(=O)O'
    """
    parent = standard_parent(row.molecule(), where=f"row {row.row}", tautomer=tautomer)
    return Standardised(row.row, row.name, Chem.MolToSmiles(parent), row.smiles)


def standard_parent(molecule: Chem.Mol, where: str = "", tautomer: bool = False) -> Chem.Mol:
    """The standard form of a molecule, itself where nothing is to be done; parameters and errors as `standardise`."""
    if molecule.GetNumHeavyAtoms() > MOST_HEAVY_ATOMS:
        raise MoleculeError(
            f"{molecule.GetNumHeavyAtoms()} heavy atoms, {MOST_HEAVY_ATOMS} at most", where=where, mend="leave it out"
        )
    with rdBase.BlockLogs():
        try:
            parent = molecule if _is_standard(molecule) else rdMolStandardize.ChargeParent(molecule)
            if tautomer:
                parent = rdMolStandardize.CanonicalTautomer(parent)
        except (ValueError, RuntimeError) as error:
            raise MoleculeError(f"cannot be standardised: {error}", where=where, mend="check how it is drawn") from None
    symbols = {atom.GetSymbol(): atom.GetAtomicNum() for atom in parent.GetAtoms()}
    if metals := sorted(symbol for symbol, number in symbols.items() if number not in _ORGANIC):
        raise MoleculeError(f"a metal in the molecule: {', '.join(metals)}", where=where, mend="give an organic ligand")
    if "C" not in symbols:
        raise MoleculeError("no carbon in it", where=where, mend="give an organic molecule")
    return parent


def _is_standard(molecule: Chem.Mol) -> bool:
    """Whether RDKit's rules find nothing to do, so that its standardiser, which takes 3 ms, need not be asked."""
    return not molecule.HasSubstructMatch(_changeable()) and len(Chem.GetMolFrags(molecule)) == 1


@functools.cache
def _changeable() -> Chem.Mol:
    """An atom at which a rule could act.

    They act on charges, metals, hydrogens that are drawn, sulfoxides, and nitrogen with more than three bonds.
    """
    return Chem.MolFromSmarts("[!+0,#1,!#6!#7!#8!#9!#15!#16!#17!#35!#53,#16D3,#7v4,#7v5]")


_ORGANIC = frozenset({1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 33, 34, 35, 52, 53})
