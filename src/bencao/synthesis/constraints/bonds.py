"""Follow bonds of a molecule through a step into its precursors, by the step's atom-mapped reaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdkit import Chem, rdBase

from bencao.synthesis.chemistry.memory import remembered
from bencao.synthesis.chemistry.template import canonical
from bencao.synthesis.route import Proposal

Bond = tuple[int, int]
Bonds = frozenset[Bond]

NO_BONDS: Bonds = frozenset()

# A precursor is spelt anew until its text settles; it does so in two or three readings.
_MOST_READINGS = 4
_MOST_MATCHES = 1_000


@dataclass(frozen=True)
class Followed:
    """What a step does to some bonds of its product.

    Attributes
    ----------
    precursors : tuple of frozenset of (int, int)
        The bonds that are still there, for each reactant in the order of the step's SMILES; atoms are counted from 0
        in the reactant's canonical SMILES. Of a reactant whose atoms cannot be told apart for certain, every
        candidate is named.
    broken : frozenset of (int, int)
        Bonds of the product that no reactant has.
    lost : frozenset of (int, int)
        Bonds of the product that cannot be followed, since the step has no usable mapped reaction.
    """

    precursors: tuple[Bonds, ...]
    broken: Bonds = NO_BONDS
    lost: Bonds = NO_BONDS


def bond(one: int, other: int) -> Bond:
    """A bond by its two atoms, the lower first."""
    return (one, other) if one < other else (other, one)


def follow(step: Proposal, bonds: Bonds) -> Followed:
    """Follow bonds of a step's product into its reactants.

    A bond is still there if its two atoms are bonded in a reactant, whatever the order of the bond.

    Parameters
    ----------
    step : Proposal
        In ``forward.mapped``, map i + 1 is atom i of the product's canonical SMILES.
    bonds : frozenset of (int, int)
        Atoms counted from 0 in the product's canonical SMILES.

    Returns
    -------
    Followed
    """
    reactants = step.reactants.split(".")
    if not bonds:
        return Followed((NO_BONDS,) * len(reactants))
    origins = _precursors(step.forward.mapped, step.reactants)
    if origins is None:
        return Followed((NO_BONDS,) * len(reactants), lost=bonds)
    kept = tuple(frozenset(_images(origin, bonds)) for origin in origins)
    there = {one for origin in origins for one in origin.bonds}
    return Followed(kept, broken=bonds - there)


def places_in_reactants(step: Proposal) -> tuple[dict[int, int], ...] | None:
    """Where the atoms of a step's product are in its reactants.

    Parameters
    ----------
    step : Proposal
        See `follow`.

    Returns
    -------
    tuple of dict, or None
        For each reactant in the order of the step's SMILES: atom of its canonical SMILES by atom of the product's. Of
        equivalent places the first. None where the step cannot be followed.
    """
    origins = _precursors(step.forward.mapped, step.reactants)
    return None if origins is None else tuple(origin.places[0] for origin in origins)


@dataclass(frozen=True)
class _Precursor:
    """A reactant of a mapped reaction.

    Attributes
    ----------
    bonds : frozenset of (int, int)
        Its bonds between atoms of the product, in the product's count.
    places : tuple of dict
        Atom in the reactant's canonical SMILES by atom of the product; several where it cannot be told for certain.
    """

    bonds: Bonds
    places: tuple[dict[int, int], ...]


def _images(origin: _Precursor, bonds: Bonds) -> Iterable[Bond]:
    for one, other in bonds & origin.bonds:
        for place in origin.places:
            yield bond(place[one], place[other])


@remembered(50_000)
def _precursors(mapped: str, reactants: str) -> tuple[_Precursor, ...] | None:
    """The reactants in the order of their SMILES, or None where the mapped ones are not the same."""
    wanted = [canonical(smiles) for smiles in reactants.split(".")]
    with rdBase.BlockLogs():
        fragments = [Chem.MolFromSmiles(text) for text in mapped.partition(">>")[0].split(".")]
    if len(fragments) != len(wanted) or any(fragment is None for fragment in fragments) or not all(wanted):
        return None
    found: dict[int, _Precursor] = {}
    # A fragment whose text settles on a reactant is that one; only then are the others matched without stereo.
    for orders_of in (_settled_orders, _matched_orders):
        for fragment in list(fragments):
            for place, smiles in enumerate(wanted):
                orders = () if place in found else orders_of(fragment, smiles)
                if orders:
                    found[place] = _precursor(fragment, orders)
                    fragments.remove(fragment)
                    break
    return tuple(found[place] for place in range(len(wanted))) if not fragments else None


def _precursor(fragment: Chem.Mol, orders: tuple[tuple[int, ...], ...]) -> _Precursor:
    maps = [atom.GetAtomMapNum() for atom in fragment.GetAtoms()]
    ends = ((maps[one.GetBeginAtomIdx()], maps[one.GetEndAtomIdx()]) for one in fragment.GetBonds())
    bonds = frozenset(bond(one - 1, other - 1) for one, other in ends if one and other)
    places = tuple({maps[atom] - 1: place for place, atom in enumerate(order) if maps[atom]} for order in orders)
    return _Precursor(bonds, places)


def _settled_orders(fragment: Chem.Mol, smiles: str) -> tuple[tuple[int, ...], ...]:
    """The one order of a fragment's atoms in a SMILES that it settles on, with stereo; else none."""
    molecule = _unmapped(fragment)
    order = tuple(range(molecule.GetNumAtoms()))
    for _ in range(_MOST_READINGS):
        text = Chem.MolToSmiles(molecule)
        written = molecule.GetPropsAsDict(includePrivate=True, includeComputed=True)["_smilesAtomOutputOrder"]
        order = tuple(order[atom] for atom in written)
        if text == smiles:
            return (order,)
        molecule = Chem.MolFromSmiles(text)
        if molecule is None or molecule.GetNumAtoms() != len(order):
            return ()
    return ()


def _matched_orders(fragment: Chem.Mol, smiles: str) -> tuple[tuple[int, ...], ...]:
    """Every order of a fragment's atoms in a SMILES that has the same atoms and bonds, stereo left aside."""
    molecule = Chem.MolFromSmiles(smiles)
    if molecule.GetNumAtoms() != fragment.GetNumAtoms() or molecule.GetNumBonds() != fragment.GetNumBonds():
        return ()
    matches = _unmapped(fragment).GetSubstructMatches(molecule, uniquify=False, maxMatches=_MOST_MATCHES)
    return tuple(matches) if len(matches) < _MOST_MATCHES else ()


def _unmapped(fragment: Chem.Mol) -> Chem.Mol:
    plain = Chem.Mol(fragment)
    for atom in plain.GetAtoms():
        atom.SetAtomMapNum(0)
    Chem.AssignStereochemistry(plain, cleanIt=True, force=True)
    return plain
