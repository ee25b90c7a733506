"""What can be measured of a molecule for an objective, and how a measured value becomes a desirability from 0 to 1."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from rdkit import Chem, DataStructs
from rdkit.Chem import QED, GraphDescriptors, rdFingerprintGenerator, rdMolDescriptors
from rdkit.Chem.Pharm2D import Generate, Gobbi_Pharm2D

Measure = Callable[[Chem.Mol], float]
Shape = Callable[[float], float]

_ELEMENT = re.compile(r"([A-Z][a-z]?)(\d*)")
# Of a formula: an element's count off by so many falls to 0.61, the number of atoms by twice as many
# (Brown et al., J. Chem. Inf. Model. 2019, 59, 1096).
_COUNT_WIDTH, _TOTAL_WIDTH = 1.0, 2.0

PROPERTIES: dict[str, Measure] = {
    "qed": QED.qed,
    "logp": lambda molecule: rdMolDescriptors.CalcCrippenDescriptors(molecule)[0],
    "tpsa": rdMolDescriptors.CalcTPSA,
    "weight": rdMolDescriptors._CalcMolWt,
    "rings": rdMolDescriptors.CalcNumRings,
    "aromatic_rings": rdMolDescriptors.CalcNumAromaticRings,
    "rotatable": rdMolDescriptors.CalcNumRotatableBonds,
    "donors": rdMolDescriptors.CalcNumLipinskiHBD,
    "acceptors": rdMolDescriptors.CalcNumLipinskiHBA,
    "heavy_atoms": rdMolDescriptors.CalcNumHeavyAtoms,
    "complexity": lambda molecule: GraphDescriptors.BertzCT(molecule),  # type: ignore[no-untyped-call]
}


@cache
def _morgan(radius: int, roles: bool) -> Any:
    if roles:
        invariants = rdFingerprintGenerator.GetMorganFeatureAtomInvGen()
        return rdFingerprintGenerator.GetMorganGenerator(radius=radius, atomInvariantsGenerator=invariants)
    return rdFingerprintGenerator.GetMorganGenerator(radius=radius)


@cache
def _pairs() -> Any:
    return rdFingerprintGenerator.GetAtomPairGenerator(maxDistance=10)


FINGERPRINTS: dict[str, Callable[[Chem.Mol], Any]] = {
    "ecfp4": lambda molecule: _morgan(2, False).GetSparseCountFingerprint(molecule),
    "ecfp6": lambda molecule: _morgan(3, False).GetSparseCountFingerprint(molecule),
    "fcfp4": lambda molecule: _morgan(2, True).GetSparseCountFingerprint(molecule),
    "atom_pairs": lambda molecule: _pairs().GetSparseCountFingerprint(molecule),
    "pharmacophore": lambda molecule: Generate.Gen2DFingerprint(molecule, Gobbi_Pharm2D.factory),  # type: ignore
}


def likeness(reference: Chem.Mol, fingerprint: str) -> Measure:
    """Tanimoto similarity to a molecule by one of `FINGERPRINTS`."""
    of = FINGERPRINTS[fingerprint]
    wanted = of(reference)
    return lambda molecule: float(DataStructs.TanimotoSimilarity(of(molecule), wanted))


def has(pattern: Chem.Mol, absent: bool) -> Measure:
    """1 where a substructure is there (or, `absent`, is not), else 0."""
    return lambda molecule: float(molecule.HasSubstructMatch(pattern) != absent)


def element_count(symbol: str) -> Measure:
    """Number of atoms of an element, hydrogens included."""
    return lambda molecule: float(_elements(molecule)[symbol])


def formula_likeness(formula: str) -> Measure:
    """How near the molecule's formula is: 1 for an isomer."""
    wanted = {symbol: int(count or 1) for symbol, count in _ELEMENT.findall(formula)}
    total = sum(wanted.values())

    def measure(molecule: Chem.Mol) -> float:
        found = _elements(molecule)
        off = [((found[symbol] - count) / _COUNT_WIDTH) ** 2 for symbol, count in wanted.items()]
        off.append(((sum(found.values()) - total) / _TOTAL_WIDTH) ** 2)
        return math.exp(-0.5 * sum(off) / len(off))

    return measure


def is_formula(formula: str) -> bool:
    """Whether a text is a molecular formula of elements that there are."""
    if not re.fullmatch(r"([A-Z][a-z]?\d*)+", formula):
        return False
    table = Chem.GetPeriodicTable()
    return {symbol for symbol, _ in _ELEMENT.findall(formula)} <= {table.GetElementSymbol(n) for n in range(1, 119)}


def _elements(molecule: Chem.Mol) -> Counter[str]:
    formula = rdMolDescriptors.CalcMolFormula(molecule)
    return Counter({symbol: int(count or 1) for symbol, count in _ELEMENT.findall(formula)})


def around(target: float, width: float) -> Shape:
    """A Gaussian about a target."""
    return lambda value: math.exp(-0.5 * ((value - target) / width) ** 2)


def at_least(bound: float, width: float) -> Shape:
    """1 from a bound on, below it half a Gaussian."""
    return lambda value: 1.0 if value >= bound else math.exp(-0.5 * ((value - bound) / width) ** 2)


def at_most(bound: float, width: float) -> Shape:
    """1 up to a bound, above it half a Gaussian."""
    return lambda value: 1.0 if value <= bound else math.exp(-0.5 * ((value - bound) / width) ** 2)


def full_at(bound: float) -> Shape:
    """In proportion to the value, and 1 from a bound on."""
    return lambda value: min(1.0, max(0.0, value / bound))


def as_it_is(value: float) -> float:
    """A value that is a desirability already."""
    return min(1.0, max(0.0, value))
