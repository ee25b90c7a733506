"""What a step changes, read off its atom map: which atoms are the same, which bonds of the product are new."""

from __future__ import annotations

from dataclasses import dataclass

from rdkit import Chem, rdBase

from bencao.synthesis.route import Proposal


@dataclass(frozen=True)
class Change:
    """How reactants become a product.

    Attributes
    ----------
    atoms, bonds : tuple of int
        Atoms and bonds of the product that the step changes, by index in the molecule of its canonical SMILES.
    pairs : tuple of tuple of (int, int)
        For each reactant in the order asked: atom in the reactant, atom in the product.
    """

    atoms: tuple[int, ...]
    bonds: tuple[int, ...]
    pairs: tuple[tuple[tuple[int, int], ...], ...]


def change_of(step: Proposal, product: Chem.Mol, reactants: tuple[Chem.Mol, ...]) -> Change:
    """Read a step's atom map.

    Parameters
    ----------
    step : Proposal
    product : rdkit Mol
        Of its canonical SMILES, without maps.
    reactants : tuple of rdkit Mol
        Likewise.

    Returns
    -------
    Change
        Empty where the step has no map, or its map is of other molecules.
    """
    empty = Change((), (), tuple(() for _ in reactants))
    left, _, right = step.forward.mapped.partition(">>")
    mapped_product = _read(right)
    mapped_reactants = [molecule for part in left.split(".") if (molecule := _read(part))]
    if mapped_product is None or not mapped_reactants:
        return empty
    # Atom of the drawn product by its map number.
    onto = _match(product, mapped_product)
    if not onto:
        return empty
    place = {mapped_product.GetAtomWithIdx(j).GetAtomMapNum(): i for i, j in enumerate(onto)}
    pairs, origin = _pairs(reactants, mapped_reactants, place)
    atoms, bonds = _changed(product, origin)
    return Change(atoms, bonds, pairs)


def _read(smiles: str) -> Chem.Mol | None:
    if not smiles:
        return None
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(smiles)


def _match(molecule: Chem.Mol, mapped: Chem.Mol) -> tuple[int, ...]:
    """For each atom of a molecule the atom of its mapped twin; empty where they are not the same."""
    if molecule.GetNumAtoms() != mapped.GetNumAtoms():
        return ()
    bare = Chem.Mol(mapped)
    for atom in bare.GetAtoms():
        atom.SetAtomMapNum(0)
    found = bare.GetSubstructMatch(molecule, useChirality=True) or bare.GetSubstructMatch(molecule)
    return tuple(found)


def _pairs(
    reactants: tuple[Chem.Mol, ...], mapped: list[Chem.Mol], place: dict[int, int]
) -> tuple[tuple[tuple[tuple[int, int], ...], ...], dict[int, _Origin]]:
    """Same atoms of each reactant and the product; and the reactant atom that each product atom was."""
    pairs = []
    origin: dict[int, _Origin] = {}
    left = list(mapped)
    for number, molecule in enumerate(reactants):
        own: list[tuple[int, int]] = []
        for twin in left:
            if onto := _match(molecule, twin):
                left.remove(twin)
                for mine, theirs in enumerate(onto):
                    label = twin.GetAtomWithIdx(theirs).GetAtomMapNum()
                    if label in place:
                        own.append((mine, place[label]))
                        origin[place[label]] = _Origin(number, molecule, mine)
                break
        pairs.append(tuple(own))
    return tuple(pairs), origin


@dataclass(frozen=True)
class _Origin:
    """The reactant atom that an atom of the product was."""

    reactant: int
    molecule: Chem.Mol
    index: int


def _changed(product: Chem.Mol, origin: dict[int, _Origin]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    bonds = []
    atoms: set[int] = set()
    for bond in product.GetBonds():
        first, second = origin.get(bond.GetBeginAtomIdx()), origin.get(bond.GetEndAtomIdx())
        if first and second and _order_before(first, second) != bond.GetBondTypeAsDouble():
            bonds.append(bond.GetIdx())
            atoms.update((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()))
    for index, before in origin.items():
        was, is_now = before.molecule.GetAtomWithIdx(before.index), product.GetAtomWithIdx(index)
        if (was.GetDegree(), was.GetTotalNumHs()) != (is_now.GetDegree(), is_now.GetTotalNumHs()):
            atoms.add(index)
    return tuple(sorted(atoms)), tuple(bonds)


def _order_before(first: _Origin, second: _Origin) -> float:
    """Order of the bond between two reactant atoms; 0 where there is none or they lie in two molecules."""
    if first.reactant != second.reactant:
        return 0.0
    bond = first.molecule.GetBondBetweenAtoms(first.index, second.index)
    return float(bond.GetBondTypeAsDouble()) if bond else 0.0
