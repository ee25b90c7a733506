"""A brood: new molecules from the best of those that are scored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from random import Random

from rdkit import Chem, rdBase

from bencao.discovery.design.graphs import bridge, flat_graph
from bencao.discovery.design.prior import Prior
from bencao.discovery.design.variation import cross, mutate

_MUTATED, _MUTATED_TWICE = 0.5, 0.3
_FEWEST_ATOMS = 5
_REMEMBERED = 10_000
# Most attempts for each molecule wanted: an edit often comes to nothing, or to what is known.
_ATTEMPTS = 20


def breed(
    parents: Sequence[str], size: int, rng: Random, prior: Prior, taken: Collection[str], most_atoms: int
) -> list[str]:
    """Cross and mutate parents.

    Parameters
    ----------
    parents : sequence of str
        SMILES, the best first; a parent's rank is drawn evenly on a logarithmic scale.
    size : int
        Molecules wanted; there may be fewer.
    rng : Random
    prior : Prior
    taken : collection of str
        SMILES that are not wanted.
    most_atoms : int
        Heavy atoms.

    Returns
    -------
    list of str
        SMILES without stereo, all different.
    """
    found: dict[str, None] = {}
    for _ in range(_ATTEMPTS * size):
        if len(found) == size:
            break
        child = _child(parents, rng, prior)
        if child and child not in taken and child not in found:
            molecule = molecule_of(child)
            # What RDKit wrote it may not read: an edit can leave a charge where none can stand.
            if molecule is not None and _FEWEST_ATOMS <= molecule.GetNumAtoms() <= most_atoms:
                found[child] = None
    return list(found)


def _child(parents: Sequence[str], rng: Random, prior: Prior) -> str:
    one = _graph(_drawn(parents, rng))
    if rng.random() >= _MUTATED:
        return cross(one, _graph(_drawn(parents, rng)), rng)
    child = mutate(one, rng, prior)
    if child and rng.random() < _MUTATED_TWICE and molecule_of(child) is not None:
        return mutate(_graph(child), rng, prior)
    return child


def _drawn(ranked: Sequence[str], rng: Random) -> str:
    return ranked[int(len(ranked) ** rng.random()) - 1]


@lru_cache(_REMEMBERED)
def _graph(smiles: str) -> Chem.Mol:
    return flat_graph(molecule_of(smiles))


@lru_cache(_REMEMBERED)
def molecule_of(smiles: str) -> Chem.Mol:
    """The molecule of a SMILES; None where RDKit does not read it."""
    return Chem.MolFromSmiles(smiles)


def assemble(prior: Prior, count: int, seed: int, most_atoms: int) -> list[str]:
    """Molecules to start from where there are none: two substituents on a linker, drawn from the prior.

    Returns
    -------
    list of str
        SMILES, all different, without anything strange about them.
    """
    rng = Random(f"assemble {seed}")
    found: dict[str, None] = {}
    with rdBase.BlockLogs():
        for _ in range(_ATTEMPTS * count):
            smiles = bridge([prior.substituent(rng), prior.substituent(rng)], prior.linker(rng))
            molecule = molecule_of(smiles) if smiles else None
            if molecule is None or not _FEWEST_ATOMS <= molecule.GetNumAtoms() <= most_atoms:
                continue
            if not prior.strange(molecule):
                found[smiles] = None
            if len(found) == count:
                break
    return list(found)
