"""Molecules as plain graphs: hydrogens implicit, bonds in Kekulé's form, no stereo; so that any bond can be cut."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from random import Random

from rdkit import Chem

_SINGLE = Chem.BondType.SINGLE
_LARGEST_RING = 8
_CHAIN = Chem.MolFromSmarts("*-!@*")
# Atoms that may have been written in brackets: none of these stands in a SMILES without.
_SPECIAL = Chem.MolFromSmarts("[!#6&!#8&!F&!Cl&!Br,!+0]")


@dataclass(frozen=True)
class Piece:
    """A part of a molecule with open ends.

    Attributes
    ----------
    graph : Mol
        Not sanitised.
    ends : tuple of int
        Atoms where bonds were cut, one for each cut; an atom may stand twice.
    orders : tuple of BondType
        Of the bonds that were cut.
    """

    graph: Chem.Mol
    ends: tuple[int, ...]
    orders: tuple[Chem.BondType, ...]

    @property
    def size(self) -> int:
        """Number of heavy atoms."""
        return int(self.graph.GetNumAtoms())


def flat_graph(molecule: Chem.Mol) -> Chem.Mol:
    """The plain graph of a molecule as RDKit reads it; not sanitised, with the molecule's rings."""
    graph = Chem.RWMol(molecule)
    Chem.RemoveStereochemistry(graph)
    Chem.Kekulize(graph, clearAromaticFlags=True)
    for (place,) in graph.GetSubstructMatches(_SPECIAL):
        atom = graph.GetAtomWithIdx(place)
        atom.SetNoImplicit(False)
        atom.SetNumExplicitHs(0)
        atom.SetNumRadicalElectrons(0)
        atom.SetIsotope(0)
        atom.SetAtomMapNum(0)
    graph.UpdatePropertyCache(strict=False)
    return graph.GetMol()


def finished(graph: Chem.Mol) -> str:
    """SMILES of a plain graph; empty where it is no molecule, or has a ring of more than eight."""
    if Chem.SanitizeMol(graph, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
        return ""
    if any(len(ring) > _LARGEST_RING for ring in graph.GetRingInfo().AtomRings()):
        return ""
    smiles = str(Chem.MolToSmiles(graph))
    return "" if "." in smiles else smiles


def chain_bonds(graph: Chem.Mol) -> list[int]:
    """Single bonds that are in no ring."""
    return [graph.GetBondBetweenAtoms(*pair).GetIdx() for pair in graph.GetSubstructMatches(_CHAIN)]


def cut(graph: Chem.Mol, bonds: tuple[int, ...]) -> list[Piece]:
    """The pieces that are left when bonds are taken out; the order of ends is that of the bonds."""
    editable = Chem.RWMol(graph)
    cuts = [graph.GetBondWithIdx(one) for one in bonds]
    for bond in cuts:
        editable.RemoveBond(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())
    places: list[tuple[int, ...]] = []
    parts = Chem.GetMolFrags(editable, asMols=True, sanitizeFrags=False, fragsMolAtomMapping=places)
    pieces = []
    for part, atoms in zip(parts, places, strict=True):
        where = {old: new for new, old in enumerate(atoms)}
        ends = [
            (where[atom], bond.GetBondType())
            for bond in cuts
            for atom in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())
            if atom in where
        ]
        pieces.append(Piece(part, tuple(end for end, _ in ends), tuple(order for _, order in ends)))
    return pieces


def join(one: Piece, other: Piece, *, crossed: bool = False) -> str:
    """SMILES of two pieces bound end to end; empty where that is no molecule.

    Parameters
    ----------
    one, other : Piece
        With as many ends; bonds have the orders of the first.
    crossed : bool
        Whether the other's ends are taken from the last to the first.
    """
    editable = Chem.RWMol(Chem.CombineMols(one.graph, other.graph))
    far = other.ends[::-1] if crossed else other.ends
    for begin, end, order in zip(one.ends, far, one.orders, strict=True):
        if editable.GetBondBetweenAtoms(begin, end + one.size) is not None:
            return ""
        editable.AddBond(begin, end + one.size, order)
    return finished(editable)


def bridge(ends: list[Piece], middle: Piece) -> str:
    """SMILES of a middle with two ends that each get a piece with one."""
    first, second = ends
    editable = Chem.RWMol(Chem.CombineMols(Chem.CombineMols(first.graph, second.graph), middle.graph))
    shift = first.size + second.size
    editable.AddBond(first.ends[0], middle.ends[0] + shift, _SINGLE)
    editable.AddBond(second.ends[0] + first.size, middle.ends[1] + shift, _SINGLE)
    return finished(editable)


def cut_ring(graph: Chem.Mol, rng: Random) -> list[Piece]:
    """Two pieces from cutting two bonds of one ring; empty where that does not part the molecule."""
    rings = graph.GetRingInfo().BondRings()
    if not rings:
        return []
    ring = rng.choice(rings)
    bonds = tuple(rng.sample(ring, 2))
    pieces = cut(graph, bonds)
    return pieces if len(pieces) == 2 and all(len(piece.ends) == 2 for piece in pieces) else []


def cut_chain(graph: Chem.Mol, rng: Random) -> list[Piece]:
    """Two pieces from cutting a single bond outside rings, the larger first; empty where there is none."""
    bonds = chain_bonds(graph)
    if not bonds:
        return []
    return sorted(cut(graph, (rng.choice(bonds),)), key=lambda piece: -piece.size)


def cut_middle(graph: Chem.Mol, rng: Random) -> tuple[list[Piece], Piece] | None:
    """Two outer pieces and the middle between them, from cutting two single bonds outside rings."""
    bonds = chain_bonds(graph)
    if len(bonds) < 2:
        return None
    pieces = cut(graph, tuple(rng.sample(bonds, 2)))
    outer = [piece for piece in pieces if len(piece.ends) == 1]
    middle = [piece for piece in pieces if len(piece.ends) == 2]
    return (outer, middle[0]) if len(outer) == 2 and middle else None


def open_piece(smiles: str) -> Piece:
    """A piece from a SMILES whose open ends are dummy atoms."""
    graph = flat_graph(Chem.MolFromSmiles(smiles))
    dummies = sorted((atom.GetIdx() for atom in graph.GetAtoms() if not atom.GetAtomicNum()), reverse=True)
    ends = [graph.GetAtomWithIdx(dummy).GetNeighbors()[0].GetIdx() for dummy in dummies]
    editable = Chem.RWMol(graph)
    for dummy in dummies:
        editable.RemoveAtom(dummy)
    shifted = tuple(end - sum(dummy < end for dummy in dummies) for end in ends)
    return Piece(editable.GetMol(), shifted, (_SINGLE,) * len(ends))


def piece_smiles(piece: Piece) -> str:
    """SMILES of a piece, its open ends dummy atoms; empty where RDKit does not read it."""
    editable = Chem.RWMol(piece.graph)
    for end, order in zip(piece.ends, piece.orders, strict=True):
        editable.AddBond(end, editable.AddAtom(Chem.Atom(0)), order)
    return finished(editable)


def pairs_at(graph: Chem.Mol, lengths: range) -> list[tuple[int, int]]:
    """Pairs of atoms that lie so many bonds apart."""
    distance = Chem.GetDistanceMatrix(graph)
    return [
        (one, other) for one, other in combinations(range(graph.GetNumAtoms()), 2) if distance[one, other] in lengths
    ]
