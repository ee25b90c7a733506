"""Say where each atom of a product comes from: by the mapping a file gives, or by common substructures."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import product as combinations_of
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdFMCS

from bencao.kernel.errors import InputError
from bencao.synthesis.chemistry.template import Outcome, PreparedMolecule, atoms_of, canonical

_SECONDS_A_SUBSTRUCTURE = 3
_MATCHES = 24
_COMPARISONS = (rdFMCS.BondCompare.CompareOrder, rdFMCS.BondCompare.CompareAny)


class MappingFault(InputError):
    """An atom mapping that does not belong to its step, or leaves atoms out."""


@lru_cache(maxsize=100_000)
def plain(smiles: str) -> str:
    """Canonical SMILES without atom maps; empty if it does not parse, or is a pattern with a dummy atom."""
    molecule = Chem.MolFromSmiles(smiles) if smiles else None
    if molecule is None or not all(atom.GetAtomicNum() for atom in atoms_of(molecule)):
        return ""
    for atom in atoms_of(molecule):
        atom.SetAtomMapNum(0)
    return canonical(Chem.MolToSmiles(molecule))


def flat(smiles: str) -> str:
    """Canonical SMILES of a valid SMILES without its stereo."""
    return canonical(Chem.MolToSmiles(Chem.MolFromSmiles(smiles), isomericSmiles=False))


def given_mapping(mapped: str, product: PreparedMolecule, reactants: str) -> Outcome:
    """Read an atom mapping as the origin of the product's atoms.

    Parameters
    ----------
    mapped : str
        Reaction SMILES with maps, forwards or backwards (AiZynthFinder writes ``product>>reactants``); what stands
        between the arrows is left out.
    product : PreparedMolecule
    reactants : str
        Canonical SMILES of the step's reactants, joined by ``.``.

    Returns
    -------
    Outcome
        All reactants; atom map i + 1 marks atom i of the product.

    Raises
    ------
    MappingFault
        It is of other molecules, names an atom twice, or leaves atoms of the product out.
    """
    sides = mapped.split(">")
    if len(sides) != 3:
        raise MappingFault("the mapping is no reaction SMILES", mend="write reactants>>product")
    for left, right in ((sides[0], sides[2]), (sides[2], sides[0])):
        parts = [part for part in right.split(".") if plain(part) == product.smiles]
        parts = parts or [part for part in right.split(".") if _same_skeleton(part, product.smiles)]
        if parts:
            return _read(left, parts[0], product, reactants)
    raise MappingFault("the mapping is of another product", mend="map the step's own molecules")


def _same_skeleton(part: str, smiles: str) -> bool:
    text = plain(part)
    return bool(text) and flat(text) == flat(smiles)


def _read(left: str, right: str, product: PreparedMolecule, reactants: str) -> Outcome:
    places = _places(right, product)
    wanted, taken = Counter(reactants.split(".")), []
    for part in left.split("."):
        text = plain(part)
        numbers = {atom.GetAtomMapNum() for atom in atoms_of(Chem.MolFromSmiles(part))} if text else set()
        if wanted[text] > 0:
            wanted[text] -= 1
            taken.append(part)
        elif numbers & set(places):
            raise MappingFault(f"the mapping draws atoms from {text or part}, no reactant of the step")
    # A reactant that the mapping does not know gives no atom.
    whole = Chem.MolFromSmiles(".".join([*taken, *(+wanted).elements()]))
    for atom in atoms_of(whole):
        number = atom.GetAtomMapNum()
        atom.SetAtomMapNum(places[number] + 1 if number in places else 0)
    origins = Counter(atom.GetAtomMapNum() for atom in atoms_of(whole))
    for index, atom in enumerate(atoms_of(product.molecule)):
        if origins[index + 1] != 1 and atom.GetAtomicNum() > 1:
            cause = (
                f"in the mapping atom {index + 1} ({atom.GetSymbol()}) of the product has {origins[index + 1]} origins"
            )
            raise MappingFault(cause, mend="map each atom of the product once")
    return Outcome(reactants, whole)


def _places(right: str, product: PreparedMolecule) -> dict[int, int]:
    """From map number to index in the product."""
    drawn = Chem.MolFromSmiles(right)
    match = product.molecule.GetSubstructMatch(drawn, useChirality=True) or product.molecule.GetSubstructMatch(drawn)
    numbers = [atom.GetAtomMapNum() for atom in atoms_of(drawn)]
    if twice := [number for number, count in Counter(numbers).items() if number and count > 1]:
        raise MappingFault(f"map {twice[0]} stands twice in the product", mend="map each atom of the product once")
    return {number: match[place] for place, number in enumerate(numbers) if number and place < len(match)}


def guessed_mapping(product: PreparedMolecule, reactants: str) -> Outcome:
    """Map a step by common substructures, the largest first, then atom by atom: a guess, not a mechanism.

    Parameters
    ----------
    product : PreparedMolecule
    reactants : str
        Canonical SMILES, joined by ``.``.

    Returns
    -------
    Outcome
        An atom of the product is without origin only where the reactants have too few atoms of its element.
    """
    whole = Chem.MolFromSmiles(reactants)
    pairs: dict[int, int] = {}
    for comparison in _COMPARISONS:
        while found := _largest(product.molecule, whole, pairs, comparison):
            pairs.update(found)
    _pair_single_atoms(product.molecule, whole, pairs)
    for place, origin in pairs.items():
        whole.GetAtomWithIdx(origin).SetAtomMapNum(place + 1)
    return Outcome(reactants, whole)


def _largest(
    product: Chem.Mol, whole: Chem.Mol, pairs: dict[int, int], comparison: rdFMCS.BondCompare
) -> dict[int, int]:
    """Largest substructure, of two atoms at least, that the rest of the product shares with the rest of a reactant."""
    rest = _without(product, set(pairs))
    best: tuple[int, int] = (1, 0)
    chosen: tuple[Chem.Mol, str] | None = None
    for fragment in Chem.GetMolFrags(whole):
        others = set(range(whole.GetNumAtoms())) - set(fragment)
        part = _without(whole, others | set(pairs.values()))
        if min(rest.GetNumAtoms(), part.GetNumAtoms()) < 2:
            continue
        found = rdFMCS.FindMCS([rest, part], bondCompare=comparison, timeout=_SECONDS_A_SUBSTRUCTURE)
        if (found.numAtoms, found.numBonds) > best:
            best, chosen = (found.numAtoms, found.numBonds), (part, found.smartsString)
    if chosen is None:
        return {}
    return _best_match(product, whole, rest, chosen[0], Chem.MolFromSmarts(chosen[1]), pairs)


def _without(molecule: Chem.Mol, atoms: set[int]) -> Chem.Mol:
    """The molecule less some atoms; each atom left knows its index in the whole."""
    part = Chem.RWMol(molecule)
    for atom in atoms_of(part):
        atom.SetIntProp("index", atom.GetIdx())
    for index in sorted(atoms, reverse=True):
        part.RemoveAtom(index)
    part.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(part)
    return part.GetMol()


def _best_match(
    product: Chem.Mol, whole: Chem.Mol, rest: Chem.Mol, part: Chem.Mol, pattern: Chem.Mol, pairs: dict[int, int]
) -> dict[int, int]:
    """Of the ways to lay the pattern on both, the one that keeps most neighbours and hydrogens."""
    best: tuple[int, dict[int, int]] = (-1, {})
    ways: Any = [
        [
            tuple(molecule.GetAtomWithIdx(index).GetIntProp("index") for index in match)
            for match in molecule.GetSubstructMatches(pattern, uniquify=False, maxMatches=_MATCHES)
        ]
        for molecule in (rest, part)
    ]
    for places, origins in combinations_of(*ways):
        found = dict(zip(places, origins, strict=True))
        score = sum(_likeness(product, whole, place, origin, pairs) for place, origin in found.items())
        if score > best[0]:
            best = (score, found)
    return best[1]


def _likeness(product: Chem.Mol, whole: Chem.Mol, place: int, origin: int, pairs: dict[int, int]) -> int:
    here, there = product.GetAtomWithIdx(place), whole.GetAtomWithIdx(origin)
    same = (here.GetTotalNumHs() == there.GetTotalNumHs()) + (here.GetDegree() == there.GetDegree())
    mapped = {pairs[atom.GetIdx()] for atom in here.GetNeighbors() if atom.GetIdx() in pairs}
    return same + 2 * len(mapped & {atom.GetIdx() for atom in there.GetNeighbors()})


def _pair_single_atoms(product: Chem.Mol, whole: Chem.Mol, pairs: dict[int, int]) -> None:
    for here in atoms_of(product):
        if here.GetIdx() in pairs:
            continue
        taken = set(pairs.values())
        free = [
            atom.GetIdx()
            for atom in atoms_of(whole)
            if atom.GetIdx() not in taken and atom.GetAtomicNum() == here.GetAtomicNum()
        ]
        if free:
            pairs[here.GetIdx()] = max(free, key=lambda origin: _likeness(product, whole, here.GetIdx(), origin, pairs))
