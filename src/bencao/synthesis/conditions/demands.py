"""What a change demands of its reagents, so that a set that is incomplete, or runs it backwards, is told apart."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from rdkit import Chem, rdBase

from bencao.synthesis.conditions.chemicals import chemical_list, has_catalyst_metal

_CARBON = 2.55
# Pauling's electronegativities; an element that is not here counts as carbon.
_ELECTRONEGATIVITY = {
    1: 2.20, 3: 0.98, 5: 2.04, 6: 2.55, 7: 3.04, 8: 3.44, 9: 3.98, 11: 0.93, 12: 1.31, 13: 1.61, 14: 1.90, 15: 2.19,
    16: 2.58, 17: 3.16, 19: 0.82, 30: 1.65, 32: 2.01, 34: 2.56, 35: 2.96, 50: 1.96, 53: 2.66,
}  # fmt: skip
_METALLOIDS = frozenset([5, 50])  # boron and tin: what Suzuki and Stille couplings cut off
_BOC = Chem.MolFromSmarts("[#7]C(=O)OC([CH3])([CH3])[CH3]")
_ESTER = Chem.MolFromSmarts("[#6][CX3](=[OX1])[OX2][#6]")
_ACID = Chem.MolFromSmarts("[#6][CX3](=[OX1])[OX2H1,OX1-]")
HYDROGEN = "[H][H]"
# Metals that hydrogenate as such, on charcoal or as oxide: hydrogen goes without saying.
_HYDROGENATING = frozenset(["[Pd]", "[OH-].[OH-].[Pd+2]", "[O]=[Pt]", "[Pt]", "[Ni]", "[Rh]"])

_Ends = tuple[Chem.Atom, Chem.Atom]


@dataclass(frozen=True)
class Demands:
    """What the reagents of a step must do.

    Attributes
    ----------
    electrons : int
        Electrons that the atoms of the product lose over the step, by oxidation numbers; negative: they are gained.
    cleaves : bool
        The step only cuts bonds between a heteroatom and what leaves, and caps it with hydrogen.
    acyl : int
        Atomic number of the atom that takes the place of the hydroxyl group of a carboxylic acid; 0 where none does.
    couples : bool
        A bond of carbon with boron or tin gives way to one with carbon.
    acid_labile : bool
        A tert-butyl carbamate is made.
    esterifies : bool
        A bond of a carboxylic ester's carbonyl carbon to carbon, or of its second oxygen, is made.
    frees_acid : bool
        A bond to the carboxyl group of a carboxylic acid is cut.
    """

    electrons: int
    cleaves: bool
    acyl: int
    couples: bool
    acid_labile: bool
    esterifies: bool
    frees_acid: bool

    def undone_by(self, acting: frozenset[str]) -> bool:
        """Whether a reagent serves the reverse: alkali where an ester is made, an activator where an acid is freed."""
        if self.esterifies and any(map(is_alkali, acting)):
            return True
        acts = [chemical_list().chemical(smiles).acts for smiles in acting]
        return self.frees_acid and any("activator" in each and "acid" not in each for each in acts)

    def met_by(self, acting: frozenset[str], reactants: Set[str] = frozenset()) -> bool:
        """Whether reagents and catalysts (canonical SMILES) can bring the change about, as far as is known of them.

        A reactant on the reviewed list, such as thionyl chloride, acts with them.

        Two electrons or more need a reductant or an oxidant, and hydrogen needs a metal; a cut needs a reagent; an
        acid makes an amide only with an activator, an ester with an activator or an acid; boron and tin leave to a
        metal; a tert-butyl carbamate is not made by acids alone; no reagent serves the reverse. A chemical that the
        reviewed list lacks may bring anything about.
        """
        if self.undone_by(acting):
            return False
        known = chemical_list()
        if any(smiles not in known.by_smiles for smiles in acting):
            return True
        present = acting | {smiles for smiles in reactants if smiles in known.by_smiles}
        metal = any(map(has_catalyst_metal, present))
        able = present if metal else present - {HYDROGEN}
        acts = _acts(able)
        if HYDROGEN in acting and not metal and not acts & {"reductant", "base"}:
            return False
        return not (
            (self.electrons <= -2 and "reductant" not in acts)
            or (self.electrons >= 2 and "oxidant" not in acts)
            or (self.cleaves and not present)
            or (self.acyl == 7 and "activator" not in acts)
            or (self.acyl == 8 and not acts & {"activator", "acid"})
            or (self.couples and not metal)
            or (self.acid_labile and _acts(acting) == {"acid"})
        )

    def completed(self, acting: frozenset[str], reactants: Set[str]) -> frozenset[str] | None:
        """A reported set with the hydrogen that goes without saying; None where it cannot be all that was used."""
        reduces = self.electrons <= -2 or self.cleaves
        if reduces and acting & _HYDROGENATING and "reductant" not in _acts(acting):
            acting |= {HYDROGEN}
        return acting if self.met_by(acting, reactants) else None


def is_alkali(smiles: str) -> bool:
    """Whether a chemical is a hydroxide that is strong enough to saponify."""
    return "[OH-]" in smiles.split(".") and not has_catalyst_metal(smiles)


def _acts(chemicals: Set[str]) -> frozenset[str]:
    return frozenset[str]().union(*(chemical_list().chemical(smiles).acts for smiles in chemicals))


def demands_of(mapped: str) -> Demands:
    """Read what a mapped reaction demands.

    Parameters
    ----------
    mapped : str
        ``reactants>>product`` that `change_of` can read.
    """
    left, _, right = mapped.partition(">>")
    with rdBase.BlockLogs():
        reactants, product = Chem.MolFromSmiles(left), Chem.MolFromSmiles(right)
    for molecule in (reactants, product):
        Chem.Kekulize(molecule, clearAromaticFlags=True)
    before, after = _by_map(reactants), _by_map(product)
    stay = before.keys() & after.keys()
    old, new = _bonds(reactants), _bonds(product)
    broken = [ends for key, ends in old.items() if key not in new and not stay.isdisjoint(key)]
    formed = [ends for key, ends in new.items() if key not in old]
    return Demands(
        electrons=round(sum(_oxidation(after[number]) - _oxidation(before[number]) for number in stay)),
        cleaves=bool(broken) and not formed and all(_is_cut(ends, stay) for ends in broken),
        acyl=_acyl(broken, formed),
        couples=any(_maps_of(ends) & _partners(formed, 6) for ends in broken if _has(ends, _METALLOIDS)),
        acid_labile=_makes(product, formed, _BOC, ((0, 1),)),
        esterifies=_makes(product, formed, _ESTER, ((0, 1), (1, 3), (3, 4))),
        frees_acid=_frees_acid(product, broken),
    )


def _by_map(molecule: Chem.Mol) -> dict[int, Chem.Atom]:
    return {atom.GetAtomMapNum(): atom for atom in molecule.GetAtoms() if atom.GetAtomMapNum()}


def _bonds(molecule: Chem.Mol) -> dict[frozenset[int], _Ends]:
    """Ends of each bond, by their maps; an end without a map has a number below 0."""
    found = {}
    for bond in molecule.GetBonds():
        ends = (bond.GetBeginAtom(), bond.GetEndAtom())
        found[frozenset(atom.GetAtomMapNum() or -1 - atom.GetIdx() for atom in ends)] = ends
    return found


def _oxidation(atom: Chem.Atom) -> float:
    """Oxidation number: each bond's electrons belong to the more electronegative end."""
    own = _ELECTRONEGATIVITY.get(atom.GetAtomicNum(), _CARBON)
    number = float(atom.GetFormalCharge()) - atom.GetTotalNumHs() * (1 if own > _ELECTRONEGATIVITY[1] else -1)
    for bond in atom.GetBonds():
        other = _ELECTRONEGATIVITY.get(bond.GetOtherAtom(atom).GetAtomicNum(), _CARBON)
        number += bond.GetBondTypeAsDouble() * ((other > own) - (other < own))
    return number


def _maps_of(ends: _Ends) -> set[int]:
    return {atom.GetAtomMapNum() for atom in ends} - {0}


def _has(ends: _Ends, elements: frozenset[int]) -> bool:
    return any(atom.GetAtomicNum() in elements for atom in ends)


def _partners(bonds: list[_Ends], element: int) -> set[int]:
    """Maps of the ends of some bonds whose other end is of an element."""
    found = set()
    for one, other in bonds:
        found |= {one.GetAtomMapNum()} if other.GetAtomicNum() == element else set()
        found |= {other.GetAtomMapNum()} if one.GetAtomicNum() == element else set()
    return found - {0}


def _is_cut(ends: _Ends, stay: Set[int]) -> bool:
    """A bond between nitrogen, oxygen or sulfur that stays and an atom that leaves."""
    kept = [atom for atom in ends if atom.GetAtomMapNum() in stay]
    return len(kept) == 1 and kept[0].GetAtomicNum() in (7, 8, 16)


def _acyl(broken: list[_Ends], formed: list[_Ends]) -> int:
    """Atomic number of what takes the place of a carboxylic acid's hydroxyl group; 0 where nothing does."""
    for ends in broken:
        for carbon, oxygen in (ends, ends[::-1]):
            if carbon.GetAtomicNum() == 6 and oxygen.GetAtomicNum() == 8 and _is_acid(carbon, oxygen):
                for element in (7, 8):
                    if carbon.GetAtomMapNum() in _partners(formed, element):
                        return element
    return 0


def _is_acid(carbon: Chem.Atom, oxygen: Chem.Atom) -> bool:
    doubles = [bond.GetOtherAtom(carbon) for bond in carbon.GetBonds() if bond.GetBondTypeAsDouble() == 2]
    return oxygen.GetDegree() == 1 and any(
        other.GetAtomicNum() == 8 and other.GetIdx() != oxygen.GetIdx() for other in doubles
    )


def _makes(product: Chem.Mol, formed: list[_Ends], group: Chem.Mol, bonds: tuple[tuple[int, int], ...]) -> bool:
    """Whether one of the bonds, by places in the pattern, of a group of the product is made."""
    made = [{atom.GetIdx() for atom in ends} for ends in formed]
    return any(
        {match[one], match[other]} in made for match in product.GetSubstructMatches(group) for one, other in bonds
    )


def _frees_acid(product: Chem.Mol, broken: list[_Ends]) -> bool:
    """Whether a bond is cut at an atom of a carboxyl group; either oxygen, as maps may exchange them."""
    cut = {number for ends in broken for number in _maps_of(ends)}
    return any(
        product.GetAtomWithIdx(match[place]).GetAtomMapNum() in cut
        for match in product.GetSubstructMatches(_ACID)
        for place in (1, 2, 3)
    )
