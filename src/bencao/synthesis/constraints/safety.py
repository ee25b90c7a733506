"""What no route is planned to, and what a route is flagged for: chemical weapons, explosives, controlled drugs."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from rdkit import Chem

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.synthesis.chemistry.memory import remembered
from bencao.synthesis.chemistry.molecule import Target, TargetError, inchikey
from bencao.synthesis.chemistry.template import parsed

SAFETY_LISTS = Path(__file__).parents[1] / "models" / "safety"
LISTS_NAME = "safety-lists"

Kind = Literal["weapon", "explosive", "energetic", "controlled"]

# Methyl, ethyl, propyl or isopropyl: the alkyl groups that the families of the Chemical Weapons Convention name.
_ALKYL = "[$([CH3]),$([CH2][CH3]),$([CH2][CH2][CH3]),$([CH]([CH3])[CH3])]"
_SKELETON = 14  # letters of an InChIKey that stand for the formula and the bonds, whatever the stereo
_CONVENTIONS = {
    "1961": "Single Convention on Narcotic Drugs, 1961",
    "1971": "Convention on Psychotropic Substances, 1971",
}


class ScheduledTarget(TargetError):
    """A target on the schedules of the Chemical Weapons Convention."""

    code = "chemical-weapon"


class ExplosiveTarget(TargetError):
    """A target that is an explosive."""

    code = "explosive"


@dataclass(frozen=True)
class Listing:
    """Why a molecule is refused or flagged.

    Attributes
    ----------
    kind : {"weapon", "explosive", "energetic", "controlled"}
    name : str
        Of the substance, or of the family or group it belongs to.
    entry : str
        Where it is listed: ``Schedule 1A01 of …``; empty for explosives and energetic groups.
    schedule : int
        1 to 3 for what the Chemical Weapons Convention lists, else 0.
    """

    kind: Kind
    name: str
    entry: str = ""
    schedule: int = 0


@dataclass(frozen=True)
class _Pattern:
    """A pattern that counts where it lies often enough for the number of carbon atoms."""

    query: Chem.Mol
    least: int
    carbons: int | None  # fewer carbon atoms than this for each place; None for any number
    listing: Listing

    @cached_property
    def needs(self) -> Counter[int]:
        """Atoms that it cannot be found without, by atomic number: a quick look before the slow one."""
        return Counter(atom.GetAtomicNum() for atom in self.query.GetAtoms() if atom.GetAtomicNum())

    def found_in(self, molecule: Chem.Mol, atoms: Counter[int]) -> bool:
        if not self.needs <= atoms:
            return False
        # A match counts once for each set of atoms.
        places = len(molecule.GetSubstructMatches(self.query))
        return places >= self.least and (self.carbons is None or atoms[6] < self.carbons * places)


@dataclass(frozen=True)
class _List:
    """Molecules by the skeleton of their InChIKey, and patterns."""

    molecules: dict[str, Listing]
    patterns: tuple[_Pattern, ...]
    exempt: frozenset[str] = frozenset()

    def find(self, smiles: str) -> Iterator[Listing]:
        """Every listing of a molecule, named molecules first."""
        skeleton = inchikey(smiles)[:_SKELETON]
        if skeleton in self.exempt:
            return
        if skeleton in self.molecules:
            yield self.molecules[skeleton]
        molecule = parsed(smiles)
        assert molecule is not None  # else it had no InChIKey
        atoms = Counter(atom.GetAtomicNum() for atom in molecule.GetAtoms())
        for one in self.patterns:
            if one.found_in(molecule, atoms):
                yield one.listing


@remembered(200_000)
def refusal(smiles: str) -> Listing | None:
    """Why no route is planned to a molecule, or None.

    Parameters
    ----------
    smiles : str
        One molecule, uncharged.

    Raises
    ------
    ModelError
        The shipped lists are absent or altered.
    """
    return next(_lists()[0].find(smiles), None) or next(_lists()[1].find(smiles), None)


@remembered(20_000)
def flags(smiles: str) -> tuple[Listing, ...]:
    """What a chemist must know of a molecule: controlled drug, energetic groups.

    Raises
    ------
    ModelError
        The shipped lists are absent or altered.
    """
    found = (*_lists()[3].find(smiles), *_lists()[2].find(smiles))
    return tuple(dict.fromkeys(found))


def refuse_target(target: Target) -> None:
    """Refuse a target to which no route is planned.

    Raises
    ------
    ScheduledTarget, ExplosiveTarget
    ModelError
        The shipped lists are absent or altered.
    """
    found = refusal(target.smiles)
    if found is None:
        return
    kind, what = (ScheduledTarget, found.entry) if found.kind == "weapon" else (ExplosiveTarget, "an explosive")
    raise kind(
        f"{found.name}: {what}",
        where=target.smiles,
        mend="no route is planned to it",
        given=target.given,
        name=target.name,
        row=target.row,
    )


def fit_for_route(smiles: str, bought: bool) -> bool:
    """Whether a molecule may stand in a route.

    Explosives and what is on Schedule 1 may not; what is on Schedules 2 and 3, everyday reagents among them, may be
    bought, and is not made.
    """
    found = refusal(smiles)
    return found is None or (bought and found.schedule > 1)


def lists_identity() -> tuple[tuple[str, str], ...]:
    """Name and version of the lists, for provenance."""
    return ((LISTS_NAME, models.load(SAFETY_LISTS, LISTS_NAME).card.version),)


@lru_cache(maxsize=1)
def _lists() -> tuple[_List, _List, _List, _List]:
    """Chemical weapons, explosives, energetic groups, controlled drugs."""
    return (
        _weapons(_rows("chemical_weapons.tsv")),
        _energetic([row for row in _rows("energetic.tsv") if row["rule"] == "refuse"], "explosive"),
        _energetic([row for row in _rows("energetic.tsv") if row["rule"] == "flag"], "energetic"),
        _controlled(_rows("controlled.tsv")),
    )


def _rows(name: str) -> list[dict[str, str]]:
    path = models.load(SAFETY_LISTS, LISTS_NAME).path(name)
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def _weapons(rows: list[dict[str, str]]) -> _List:
    listed = {}
    patterns = []
    for row in rows:
        entry = f"Schedule {row['entry']} of the Chemical Weapons Convention"
        listing = Listing("weapon", row["name"], entry, int(row["entry"][0]))
        if row["kind"] == "molecule":
            listed[_skeleton(row["text"])] = listing
        elif row["kind"] == "pattern":
            patterns.append(_Pattern(_compiled(row["text"]), 1, None, listing))
    exempt = frozenset(_skeleton(row["text"]) for row in rows if row["kind"] == "exempt")
    return _List(listed, tuple(patterns), exempt)


def _energetic(rows: list[dict[str, str]], kind: Kind) -> _List:
    listed = {_skeleton(row["text"]): Listing(kind, row["name"]) for row in rows if row["kind"] == "molecule"}
    patterns = (
        _Pattern(
            _compiled(row["text"]),
            int(row["least"]),
            int(row["carbons"]) if row["carbons"] else None,
            Listing(kind, row["name"]),
        )
        for row in rows
        if row["kind"] == "pattern"
    )
    return _List(listed, tuple(patterns))


def _controlled(rows: list[dict[str, str]]) -> _List:
    return _List(
        {
            _skeleton(row["smiles"]): Listing(
                "controlled", row["name"], f"Schedule {row['schedule']} of the {_CONVENTIONS[row['convention']]}"
            )
            for row in rows
        },
        (),
    )


def _skeleton(smiles: str) -> str:
    return inchikey(smiles)[:_SKELETON]


def _compiled(smarts: str) -> Chem.Mol:
    query = Chem.MolFromSmarts(smarts.replace("{alkyl}", _ALKYL))
    if query is None:
        raise ModelError(f"not a SMARTS: {smarts}", where=str(SAFETY_LISTS), mend="restore the file")
    return query
