"""The charges that a ligand carries at a pH: groups whose acidity leaves no doubt, one charge to a neighbourhood."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from rdkit import Chem, rdBase

from bencao.discovery.errors import LigandError

# Bonds within which a second charge of the same sign is not formed: piperazine takes up one proton at pH 7.4, not two.
_APART = 4


@dataclass(frozen=True)
class Group:
    """An acid or base: the atom that changes is the first of the pattern."""

    name: str
    pattern: str
    pka: float
    charge: int


# Typical values in water after Manallack, Perspect. Med. Chem. 2007, 1, 25; strongest first. Groups near pH 7,
# such as imidazole, stay as they are drawn.
GROUPS = (
    Group("guanidine", "[NX2;!$(N~[!#6;!#1])]=[CX3]([NX3;!$(N-C=[O,S]);!$(N-S)])[NX3;!$(N-C=[O,S]);!$(N-S)]", 13.0, 1),
    Group("amidine", "[NX2;!$(N~[!#6;!#1]);!$(N-C=[O,S])]=[CX3;$(C[#6]),$([CH])][NX3;!$(N-C=[O,S]);!$(N-S)]", 11.5, 1),
    Group("amine", "[NX3;+0;!$(N-[!#6;!#1]);!$(N-[#6]=,:,#[*])]", 9.5, 1),
    Group("4-aminopyridine", "[nX2]1ccc([NX3;!$(N-C=O);!$(N-S)])cc1", 9.2, 1),
    Group("sulfonic acid", "[OX2H1;$(OS(=O)(=O)[#6,#8])]", -1.0, -1),
    Group("phosphoric acid", "[OX2H1;$(OP=O)]", 2.0, -1),
    Group("carboxylic acid", "[OX2H1;$(O[CX3](=O)[#6,#1])]", 4.2, -1),
    Group("acyl sulfonamide", "[NX3H1;$(N(C=O)S(=O)(=O))]", 4.5, -1),
    Group("tetrazole", "[nH1;$(n1nnnc1),$(n1nncn1)]", 4.9, -1),
)


@functools.cache
def _patterns() -> tuple[tuple[Group, Chem.Mol], ...]:
    return tuple((group, Chem.MolFromSmarts(group.pattern)) for group in GROUPS)


def protonated(smiles: str, ph: float = 7.4) -> str:
    """A ligand as it is charged at a pH, as far as `GROUPS` know.

    Parameters
    ----------
    smiles : str
        Charges that are drawn stay.
    ph : float

    Returns
    -------
    str
        Canonical SMILES.

    Raises
    ------
    LigandError
        Where RDKit does not read it.

    Examples
    --------
    >>> protonated("NCCC(=O)O")
    '[NH3+]CCC(=O)[O-]'
    >>> protonated("CN1CCN(c2ccccc2)CC1")
    'C[NH+]1CCN(c2ccccc2)CC1'
    """
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or not molecule.GetNumAtoms():
        raise LigandError("is no SMILES", where=smiles, mend="check the row")
    distances = Chem.GetDistanceMatrix(molecule)
    for group, pattern in _patterns():
        if (group.pka > ph) != (group.charge > 0):
            continue
        for match in sorted(molecule.GetSubstructMatches(pattern)):
            atom = molecule.GetAtomWithIdx(match[0])
            charged = [other.GetIdx() for other in molecule.GetAtoms() if other.GetFormalCharge() * group.charge > 0]
            if atom.GetFormalCharge() or any(distances[match[0]][other] < _APART for other in charged):
                continue
            hydrogens = atom.GetTotalNumHs() + group.charge
            atom.SetFormalCharge(group.charge)
            atom.SetNoImplicit(True)
            atom.SetNumExplicitHs(hydrogens)
            molecule.UpdatePropertyCache()
    Chem.SanitizeMol(molecule)
    return str(Chem.MolToSmiles(molecule))
