"""From the loose fragments beside a reaction to whole chemicals with roles: ions are joined to salts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import log

from bencao.synthesis.conditions.chemicals import Chemical, charge, chemical_list, has_catalyst_metal, spelled

_PAIRS_SEEN = log(32_000)  # reactions in which no other pair was possible: what the counts of pairs are shares of
_UNLISTED_PAIR = log(0.02)  # so that a listed pair wins over any other
_MOST_WAYS = 4_096


@dataclass(frozen=True)
class Roles:
    """What a reaction was run with, by role; each chemical by its canonical SMILES.

    Attributes
    ----------
    reagents, catalysts, solvents : frozenset of str
    """

    reagents: frozenset[str]
    catalysts: frozenset[str]
    solvents: frozenset[str]

    @property
    def acting(self) -> frozenset[str]:
        """Reagents with catalysts: all but the solvents."""
        return self.reagents | self.catalysts


def roles_of(fragments: Iterable[str]) -> Roles:
    """Give each chemical beside a reaction its role.

    Parameters
    ----------
    fragments : iterable of str
        SMILES of molecules and loose ions, as reaction tables have them, once each.

    Returns
    -------
    Roles
        Salts merged; without what serves the work-up only, and without ions that belong to no salt here, as they
        are counter-ions of a reactant.
    """
    found = merged(fragments)
    metal = any(has_catalyst_metal(one.smiles) for one in found)
    named: dict[str, set[str]] = {"reagent": set(), "catalyst": set(), "solvent": set(), "workup": set()}
    for one in found:
        role = one.role if one.role != "ligand" else "catalyst" if metal else "reagent"
        named[role].add(one.smiles)
    return Roles(*(frozenset(named[role]) for role in ("reagent", "catalyst", "solvent")))


def merged(fragments: Iterable[str]) -> list[Chemical]:
    """The chemicals that some fragments make up, by SMILES.

    First what the list knows by all its fragments together (a complex takes its fragments away), then the salts:
    every ion gets a counter-ion, by the likeliest pairs and with the fewest salts. The ions of a complex may serve
    once more where an ion has no other partner.
    """
    known = chemical_list()
    rest = {part for text in fragments for part in spelled(text).split(".") if part}
    found: set[Chemical] = set()
    taken: set[str] = set()
    for parts, one in known.complexes:
        if parts <= rest:
            found.add(one)
            rest -= parts
            taken |= parts
    found |= {known.chemical(part) for part in rest if part in known.by_smiles or not charge(part)}
    ions = {part for part in rest if charge(part) and part not in known.by_smiles}
    cations, anions = ({ion for ion in ions if sign * charge(ion) > 0} for sign in (1, -1))
    if anions and not cations:
        cations = {ion for ion in taken if charge(ion) > 0}
    elif cations and not anions:
        anions = {ion for ion in taken if charge(ion) < 0}
    found.update(_salt(pair) for pair in _paired(sorted(cations), sorted(anions)))
    return sorted(found, key=lambda one: one.smiles)


def _paired(cations: list[str], anions: list[str]) -> set[tuple[str, str]]:
    """Pairs of cation and anion in which every ion stands at least once; none where either side is missing."""
    if not cations or not anions:
        return set()
    if len(cations) ** len(anions) > _MOST_WAYS:
        return {(max(cations, key=lambda cation: (_weight((cation, anion)), cation)), anion) for anion in anions}
    best: tuple[float, set[tuple[str, str]]] = (float("-inf"), set())
    for partners in product(cations, repeat=len(anions)):
        pairs = set(zip(partners, anions, strict=True))
        for cation in set(cations) - set(partners):
            pairs.add(max(((cation, anion) for anion in anions), key=lambda pair: (_weight(pair), pair)))
        score = sum(_weight(pair) - _PAIRS_SEEN for pair in pairs)
        best = max(best, (score, pairs), key=lambda entry: entry[0])
    return best[1]


def _weight(pair: tuple[str, str]) -> float:
    listed = chemical_list().pairs.get(pair)
    return listed[1] if listed else _UNLISTED_PAIR


def _salt(pair: tuple[str, str]) -> Chemical:
    """A pair as a chemical, with as many of each ion as balance the charge."""
    known = chemical_list()
    if listed := known.pairs.get(pair):
        return listed[0]
    cation, anion = pair
    plus, minus = charge(cation), -charge(anion)
    parts = [cation] * minus + [anion] * plus if plus != minus else [cation, anion]
    return known.chemical(spelled(".".join(parts)))
