"""What a user may ask of the routes, and how the bonds that are named are found in the target."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields

from rdkit import Chem, rdBase

from bencao.kernel.errors import InputError
from bencao.synthesis.chemistry.molecule import Target, TargetError, inchikey
from bencao.synthesis.chemistry.template import canonical
from bencao.synthesis.constraints.bonds import Bond, bond
from bencao.synthesis.route import REACTION_CLASSES

_BOND = re.compile(r"\s*(\d+)\s*-\s*(\d+)\s*")
_SKELETON = 14  # letters of an InChIKey that stand for the formula and the bonds
_PLAIN = "UHFFFAOYSA"  # second block of an InChIKey without stereo and isotopes


class ConstraintError(InputError):
    """A constraint that cannot be read, or that no route to the target could meet."""


@dataclass(frozen=True)
class Constraints:
    """What routes must hold to. Nothing is asked where a field is left as it is.

    A bond is a pair of atoms of the target as it was given: their atom-map numbers where the SMILES has any, else
    their places, counted from 1 in the order written, hydrogens not counted. A molecule written without stereo stands
    for all its stereoisomers, and for its salts.

    Attributes
    ----------
    frozen_bonds : tuple of (int, int)
        Bonds that no step breaks; their order may change.
    required_break : (int, int) or None
        A bond that some step breaks. Routes that do are looked for first; where there is none, the others are given,
        and say so.
    required_leaves : tuple of str
        SMILES of starting materials that a route uses; wanted in the same way.
    banned_leaves : tuple of str
        SMILES of what is no starting material; it may be made.
    banned_elements : tuple of str
        Symbols of elements that no reactant holds.
    banned_molecules : tuple of str
        SMILES of what is no reactant of any step.
    banned_patterns : tuple of str
        SMARTS that no reactant matches.
    banned_classes : tuple of int
        Keys of `REACTION_CLASSES`.
    highest_hazard : float or None
        Highest score in [0, 1] that a reactant may have in the shipped table of GHS classifications; what is not in
        the table is let pass, and named.
    most_steps : int or None
        Most reactions of a route, over all its branches.
    highest_price : float or None
        Highest price of a starting material in the unit of the user's list; what has no price is let pass, and named.

    Raises
    ------
    ConstraintError
    """

    frozen_bonds: tuple[Bond, ...] = ()
    required_break: Bond | None = None
    required_leaves: tuple[str, ...] = ()
    banned_leaves: tuple[str, ...] = ()
    banned_elements: tuple[str, ...] = ()
    banned_molecules: tuple[str, ...] = ()
    banned_patterns: tuple[str, ...] = ()
    banned_classes: tuple[int, ...] = ()
    highest_hazard: float | None = None
    most_steps: int | None = None
    highest_price: float | None = None

    def __post_init__(self) -> None:
        for smiles in (*self.required_leaves, *self.banned_leaves, *self.banned_molecules):
            molecule_key(smiles)
        for symbol in self.banned_elements:
            element(symbol)
        for smarts in self.banned_patterns:
            pattern(smarts)
        for number in self.banned_classes:
            if number not in REACTION_CLASSES:
                raise ConstraintError(f"no reaction class {number}", where="ban-class", mend="take 0 to 10")
        if self.most_steps is not None and self.most_steps < 1:
            raise ConstraintError(f"{self.most_steps} steps make nothing", where="max-steps", mend="allow at least 1")
        if self.highest_hazard is not None and not 0 <= self.highest_hazard <= 1:
            raise ConstraintError(f"a hazard of {self.highest_hazard}", where="hazard", mend="give a score from 0 to 1")
        if self.highest_price is not None and not (math.isfinite(self.highest_price) and self.highest_price >= 0):
            raise ConstraintError(f"a price of {self.highest_price}", where="max-price", mend="give a number from 0")
        if self.required_break and {*self.required_break} in [{*frozen} for frozen in self.frozen_bonds]:
            named = bond_in_words(self.required_break)
            raise ConstraintError(f"bond {named} is both frozen and to be broken", where="require-break")
        if both := {molecule_key(one) for one in self.required_leaves} & {
            molecule_key(one) for one in (*self.banned_leaves, *self.banned_molecules)
        }:
            raise ConstraintError(f"{', '.join(sorted(both))} is both required and banned", where="require-leaf")

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """What is asked, by field, for provenance; empty where nothing is."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        asked["frozen_bonds"] = tuple(map(bond_in_words, self.frozen_bonds))
        asked["required_break"] = bond_in_words(self.required_break) if self.required_break else None
        return tuple(
            (f"constraint.{name}", " ".join(map(str, value)) if isinstance(value, tuple) else str(value))
            for name, value in asked.items()
            if value not in (None, ())
        )


def bond_in_words(named: Bond) -> str:
    """``3-4``."""
    return f"{named[0]}-{named[1]}"


def read_bond(text: str) -> Bond:
    """Read ``3-4``.

    Raises
    ------
    ConstraintError

    Examples
    --------
    >>> read_bond("4-3")
    (4, 3)
    """
    found = _BOND.fullmatch(text)
    if not found:
        raise ConstraintError(f"{text!r} is no bond", where="bond", mend="write its two atoms, such as 3-4")
    return int(found[1]), int(found[2])


def molecule_key(smiles: str) -> str:
    """What a molecule of a constraint is known by: its InChIKey, or the key's first block if it is without stereo.

    Raises
    ------
    ConstraintError
    """
    try:
        key = inchikey(smiles)
    except TargetError as error:
        raise ConstraintError(error.cause, where=smiles, mend=error.mend) from None
    if not key:
        raise ConstraintError("InChI has no name for it", where=smiles, mend="give one definite molecule")
    return key[:_SKELETON] if key[_SKELETON + 1 : -2] == _PLAIN else key


def is_molecule(smiles: str, keys: frozenset[str]) -> bool:
    """Whether a molecule is one of those whose keys `molecule_key` gave."""
    if not keys:
        return False
    key = inchikey(smiles)
    return key in keys or key[:_SKELETON] in keys


def element(symbol: str) -> int:
    """Atomic number of an element.

    Raises
    ------
    ConstraintError
    """
    with rdBase.BlockLogs():
        try:
            return int(Chem.GetPeriodicTable().GetAtomicNumber(symbol))
        except RuntimeError:
            raise ConstraintError(f"no element {symbol!r}", where="ban-element", mend="write it as Br or Sn") from None


def pattern(smarts: str) -> Chem.Mol:
    """A pattern, compiled.

    Raises
    ------
    ConstraintError
    """
    with rdBase.BlockLogs():
        compiled = Chem.MolFromSmarts(smarts)
    if compiled is None or not compiled.GetNumAtoms():
        raise ConstraintError(f"{smarts!r} is no SMARTS", where="ban-pattern", mend="correct it")
    return compiled


def bonds_of_target(named: tuple[Bond, ...], target: Target) -> tuple[Bond, ...]:
    """Where the bonds that a user named lie in the target's canonical SMILES.

    Parameters
    ----------
    named : tuple of (int, int)
        See `Constraints`.
    target : Target

    Returns
    -------
    tuple of (int, int)
        In the order of `named`; atoms counted from 0.

    Raises
    ------
    ConstraintError
        No such atom or bond, or a bond of what was left out as a counter-ion.
    """
    if not named:
        return ()
    given = Chem.MolFromSmiles(target.given)
    atoms = _numbered(given)
    for one in named:
        _refuse_no_bond(given, atoms, one)
    wanted = {atoms[number] for one in named for number in one}
    for atom in given.GetAtoms():
        atom.SetAtomMapNum(0)
    parent = Chem.MolFromSmiles(canonical(target.smiles))
    # One match for each copy of the parent in what was given; uncharged atoms of the parent match charged ones.
    for match in given.GetSubstructMatches(parent, useChirality=True):
        if wanted <= set(match):
            place = {atom: index for index, atom in enumerate(match)}
            return tuple(bond(place[atoms[one]], place[atoms[other]]) for one, other in named)
    raise ConstraintError(
        "the bonds named do not lie in the molecule that is planned",
        where=target.given,
        mend=f"number the atoms of {target.smiles}",
    )


def _numbered(given: Chem.Mol) -> dict[int, int]:
    """Index of an atom by the number that a user knows it by."""
    maps = [atom.GetAtomMapNum() for atom in given.GetAtoms()]
    numbers = maps if any(maps) else range(1, len(maps) + 1)
    named = [number for number in numbers if number]
    if len(set(named)) < len(named):
        raise ConstraintError("an atom-map number stands twice", mend="give each atom its own number, or none")
    return {number: index for index, number in enumerate(numbers) if number}


def _refuse_no_bond(given: Chem.Mol, atoms: dict[int, int], named: Bond) -> None:
    for number in named:
        if number not in atoms:
            raise ConstraintError(
                f"no atom {number}",
                where=f"bond {bond_in_words(named)}",
                mend="use atom-map numbers, or count from 1 where the SMILES has none",
            )
    first = given.GetAtomWithIdx(atoms[named[0]])
    if given.GetBondBetweenAtoms(atoms[named[0]], atoms[named[1]]) is None:
        numbers = {index: number for number, index in atoms.items()}
        near = sorted(numbers[a.GetIdx()] for a in first.GetNeighbors() if a.GetIdx() in numbers)
        raise ConstraintError(
            f"atoms {named[0]} and {named[1]} are not bonded",
            where=f"bond {bond_in_words(named)}",
            mend=f"numbered atoms bonded to {named[0]}: {', '.join(map(str, near)) or 'none'}",
        )
