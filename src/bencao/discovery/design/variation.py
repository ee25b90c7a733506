"""New molecules from old ones: parts of two parents bound together, or one edited by an atom, a bond or a piece."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from rdkit import Chem

from bencao.discovery.design import graphs
from bencao.discovery.design.graphs import Piece
from bencao.discovery.design.prior import Prior

_SINGLE, _DOUBLE, _TRIPLE = Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE
_ELEMENTS = {6: 10, 7: 6, 8: 6, 9: 3, 16: 2, 17: 2, 35: 1, 15: 0.3}
_INNER = {6: 6, 7: 3, 8: 3, 16: 1}
_REMOVABLE = Chem.MolFromSmarts("[D0,D1,D2]")
_WITH_HYDROGEN = Chem.MolFromSmarts("[!H0]")

Edit = Callable[[Chem.Mol, Random, Prior], str]


def cross(one: Chem.Mol, other: Chem.Mol, rng: Random) -> str:
    """Bind a part of one parent to a part of another.

    Parameters
    ----------
    one, other : Mol
        Plain graphs.
    rng : Random

    Returns
    -------
    str
        SMILES; empty where it came to nothing.
    """
    if rng.random() < 0.35:
        first, second = graphs.cut_ring(one, rng), graphs.cut_ring(other, rng)
    else:
        first, second = graphs.cut_chain(one, rng), graphs.cut_chain(other, rng)
    if not first or not second:
        return ""
    return graphs.join(rng.choice(first), rng.choice(second), crossed=rng.random() < 0.5)


def mutate(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    """Edit a molecule once.

    Parameters
    ----------
    graph : Mol
        Plain graph.
    rng : Random
    prior : Prior
        Pieces are drawn as often as drug-like molecules have them.

    Returns
    -------
    str
        SMILES; empty where it came to nothing.
    """
    edit = rng.choices(list(EDITS), weights=list(EDITS.values()))[0]
    return edit(graph, rng, prior)


def _replace_end(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    pieces = graphs.cut_chain(graph, rng)
    return graphs.join(pieces[0], prior.substituent(rng)) if pieces else ""


def _grow(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    free = _free(graph)
    return graphs.join(Piece(graph, (rng.choice(free),), (_SINGLE,)), prior.substituent(rng)) if free else ""


def _prune(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    pieces = graphs.cut_chain(graph, rng)
    return graphs.finished(Chem.RWMol(pieces[0].graph)) if pieces else ""


def _move_end(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    pieces = graphs.cut_chain(graph, rng)
    if not pieces:
        return ""
    core = pieces[0].graph
    core.UpdatePropertyCache(strict=False)
    free = [one for one in _free(core) if one != pieces[0].ends[0]]
    return graphs.join(Piece(core, (rng.choice(free),), (_SINGLE,)), pieces[1]) if free else ""


def _replace_middle(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    found = graphs.cut_middle(graph, rng)
    if found is None:
        return ""
    outer, middle = found
    if rng.random() < 0.2:
        return graphs.join(outer[0], outer[1])
    if rng.random() < 0.2:
        return graphs.bridge(outer[::-1], middle)
    return graphs.bridge(outer, prior.linker(rng))


def _insert_middle(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    pieces = graphs.cut_chain(graph, rng)
    return graphs.bridge(pieces if rng.random() < 0.5 else pieces[::-1], prior.linker(rng)) if pieces else ""


def _change_atom(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    editable = Chem.RWMol(graph)
    atom = editable.GetAtomWithIdx(rng.randrange(editable.GetNumAtoms()))
    atom.SetAtomicNum(rng.choices(list(_ELEMENTS), weights=list(_ELEMENTS.values()))[0])
    atom.SetFormalCharge(0)
    return graphs.finished(editable)


def _change_bond(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    editable = Chem.RWMol(graph)
    if not editable.GetNumBonds():
        return ""
    bond = editable.GetBondWithIdx(rng.randrange(editable.GetNumBonds()))
    bond.SetBondType(rng.choices((_SINGLE, _DOUBLE, _TRIPLE), weights=(4, 5, 1))[0])
    return graphs.finished(editable)


def _add_atom(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    free = _free(graph)
    if not free:
        return ""
    editable = Chem.RWMol(graph)
    new = editable.AddAtom(Chem.Atom(rng.choices(list(_ELEMENTS), weights=list(_ELEMENTS.values()))[0]))
    editable.AddBond(rng.choice(free), new, _SINGLE if rng.random() < 0.8 else _DOUBLE)
    return graphs.finished(editable)


def _insert_atom(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    if not graph.GetNumBonds():
        return ""
    editable = Chem.RWMol(graph)
    bond = editable.GetBondWithIdx(rng.randrange(editable.GetNumBonds()))
    begin, end, order = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), bond.GetBondType()
    editable.RemoveBond(begin, end)
    new = editable.AddAtom(Chem.Atom(rng.choices(list(_INNER), weights=list(_INNER.values()))[0]))
    editable.AddBond(begin, new, order)
    editable.AddBond(new, end, _SINGLE)
    return graphs.finished(editable)


def _remove_atom(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    removable = [place for (place,) in graph.GetSubstructMatches(_REMOVABLE)]
    if not removable or graph.GetNumAtoms() < 3:
        return ""
    editable = Chem.RWMol(graph)
    atom = editable.GetAtomWithIdx(rng.choice(removable))
    sides = [one.GetIdx() for one in atom.GetNeighbors()]
    if len(sides) == 2:
        if editable.GetBondBetweenAtoms(*sides) is not None:
            return ""
        orders = [bond.GetBondType() for bond in atom.GetBonds()]
        editable.AddBond(sides[0], sides[1], rng.choice(orders))
    editable.RemoveAtom(atom.GetIdx())
    return graphs.finished(editable)


def _close_ring(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    free = set(_free(graph))
    pairs = [pair for pair in graphs.pairs_at(graph, range(4, 6)) if free.issuperset(pair)]
    if not pairs:
        return ""
    editable = Chem.RWMol(graph)
    editable.AddBond(*rng.choice(pairs), _SINGLE)
    return graphs.finished(editable)


def _open_ring(graph: Chem.Mol, rng: Random, prior: Prior) -> str:
    rings = graph.GetRingInfo().BondRings()
    if not rings:
        return ""
    bond = graph.GetBondWithIdx(rng.choice(rng.choice(rings)))
    editable = Chem.RWMol(graph)
    editable.RemoveBond(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())
    return graphs.finished(editable)


def _free(graph: Chem.Mol) -> list[int]:
    """Atoms with a hydrogen to give."""
    return [place for (place,) in graph.GetSubstructMatches(_WITH_HYDROGEN)]


EDITS: dict[Edit, float] = {
    _replace_end: 4,
    _grow: 3,
    _prune: 2,
    _move_end: 2,
    _replace_middle: 3,
    _insert_middle: 1,
    _change_atom: 4,
    _change_bond: 2,
    _add_atom: 2,
    _insert_atom: 2,
    _remove_atom: 2,
    _close_ring: 1,
    _open_ring: 0.5,
}
