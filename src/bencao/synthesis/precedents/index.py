"""Look up the reported reactions nearest to a proposed step: same centre, most similar product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from rdkit.DataStructs import BulkTanimotoSimilarity, ExplicitBitVect

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.synthesis.chemistry.template import atoms_of
from bencao.synthesis.precedents.blocks import Block, Reported, unpacked
from bencao.synthesis.precedents.centre import centre_key
from bencao.synthesis.route import ForwardVerdict, Plan, Precedent, Proposal, RouteNode

SHIPPED_INDEX = Path(__file__).parents[1] / "models" / "precedents"
INDEX_NAME = "precedents"
LEAST_SIMILARITY = 0.4
_SHOWN = 3
_COMPARED = 300  # products of a centre that are compared by their structure, the likeliest by their text
_BLOCKS = 32  # kept unpacked, some 200 kB each
_FINGERPRINTS = 20_000  # kept, some 300 bytes each
_MEND = "build the index anew with `bencao synthesis index`, or install the package again"

_MORGAN = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2_048)
_RING_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)


class Step(Protocol):
    """Whatever carries a step with its atom maps: a `Proposal`, or a step of an audited route."""

    @property
    def forward(self) -> ForwardVerdict:
        """Its forward run; ``mapped`` is read."""
        ...


class PrecedentIndex:
    """Reported reactions by their centre; a block of the file is read when a step asks for it.

    Parameters
    ----------
    folder : Path
        Index folder with ``reactions.lzma``, ``blocks.npz`` and the card, as `build_index` writes it.

    Raises
    ------
    ModelError
        A file is absent or altered, or the folder is of another kind.
    """

    def __init__(self, folder: Path = SHIPPED_INDEX) -> None:
        model = models.load(folder, INDEX_NAME)
        self.identity = model.identity
        self._file = model.path("reactions.lzma")
        try:
            with np.load(model.path("blocks.npz")) as packed:
                self._first: NDArray[np.uint64] = packed["first"]
                self._starts: NDArray[np.int64] = packed["starts"]
        except (OSError, KeyError, ValueError) as error:
            raise ModelError(f"not the list of blocks: {error}", where=str(folder), mend=_MEND) from error
        if len(self._starts) != len(self._first) + 1 or self._starts[-1] != self._file.stat().st_size:
            raise ModelError("the list of blocks is not the file's", where=str(folder), mend=_MEND)
        self._block = lru_cache(maxsize=_BLOCKS)(self._read_block)

    def _read_block(self, number: int) -> Block:
        start, end = map(int, self._starts[number : number + 2])
        try:
            with self._file.open("rb") as handle:
                handle.seek(start)
                return unpacked(handle.read(end - start))
        except (OSError, ValueError) as error:
            raise ModelError(f"block {number} cannot be read: {error}", where=str(self._file), mend=_MEND) from error

    def find(self, mapped: str, top: int = _SHOWN) -> tuple[Precedent, ...]:
        """The best precedents of a reaction.

        A precedent is a reported reaction with the same `centre_key` whose product has a Tanimoto similarity of 0.4 or
        more (ECFP4, 2048 bits; Rogers and Hahn, J. Chem. Inf. Model. 2010, 50, 742) to the product of the step, and is
        another molecule, stereo ignored. Where a centre has more than 300 reactions, the 300 are compared whose
        products are likest as text (LINGO; Vidal et al., J. Chem. Inf. Model. 2005, 45, 386), and the first in the
        alphabet where those are even.

        Parameters
        ----------
        mapped : str
            ``reactants>>product`` with atom maps.
        top : int
            Number of precedents at most.

        Returns
        -------
        tuple of Precedent
            By falling similarity, then by row; each product once. Empty: no precedent.

        Raises
        ------
        ModelError
            The index file was damaged since it was opened.
        """
        key = centre_key(mapped)
        if key is None or not len(self._first):
            return ()
        number = int(np.searchsorted(self._first, np.uint64(key), side="right")) - 1
        block = self._block(number) if number >= 0 else None
        if block is None or key not in block.places:
            return ()
        product = _unmapped_product(mapped)
        places = _likest_text(product, block, block.places[key])
        fingerprints = [_fingerprint(block.product(place)) for place in places]
        similarities = BulkTanimotoSimilarity(_fingerprint(product), fingerprints)
        found = [
            (similarity, block.reported(place))
            for similarity, place in zip(similarities, places, strict=True)
            if similarity >= LEAST_SIMILARITY and not (similarity == 1.0 and _same(product, block.product(place)))
        ]
        distinct: dict[str, Precedent] = {}
        for similarity, one in sorted(found, key=lambda entry: (-entry[0], entry[1].row)):
            if len(distinct) < top and one.product not in distinct:
                distinct[one.product] = _precedent(one, similarity)
        return tuple(distinct.values())

    def precedent_of(self, step: Step) -> str | None:
        """The best precedent of a step in words, None where there is none: what an audit asks."""
        found = self.find(step.forward.mapped, top=1)
        return found[0].in_words if found else None

    def cite(self, proposal: Proposal) -> Proposal:
        """The proposal with its precedents."""
        return replace(proposal, precedents=self.find(proposal.forward.mapped))

    def cite_plan(self, plan: Plan) -> Plan:
        """The plan with the precedents of each step of its routes, and this index in its provenance."""
        routes = tuple(replace(route, root=self._cite_node(route.root)) for route in plan.routes)
        return replace(plan, routes=routes, provenance=(*plan.provenance, *self.identity))

    def _cite_node(self, node: RouteNode) -> RouteNode:
        if node.step is None:
            return node
        return replace(node, step=self.cite(node.step), precursors=tuple(map(self._cite_node, node.precursors)))


@lru_cache(maxsize=4)
def load_precedents(folder: Path = SHIPPED_INDEX) -> PrecedentIndex:
    """The index of a folder, opened once a process; raises as `PrecedentIndex`."""
    return PrecedentIndex(folder)


def _precedent(reported: Reported, similarity: float) -> Precedent:
    return Precedent(
        source=reported.source,
        row=reported.row,
        source_id=reported.source_id,
        reactants=reported.reactants,
        product=reported.product,
        reaction_class=reported.reaction_class,
        similarity=similarity,
    )


def _unmapped_product(mapped: str) -> str:
    molecule = Chem.MolFromSmiles(mapped.partition(">>")[2])
    for atom in atoms_of(molecule):
        atom.SetAtomMapNum(0)
    return str(Chem.MolToSmiles(molecule))


@lru_cache(maxsize=_FINGERPRINTS)
def _fingerprint(smiles: str) -> ExplicitBitVect:
    """ECFP4 of a canonical SMILES, which already says what is aromatic: so it is only half read."""
    molecule = Chem.MolFromSmiles(smiles, sanitize=False)
    molecule.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(molecule)
    fingerprint: ExplicitBitVect = _MORGAN.GetFingerprint(molecule)
    return fingerprint


def _same(one: str, other: str) -> bool:
    """Whether two molecules are the same, stereo ignored."""
    flat = [Chem.MolToSmiles(Chem.MolFromSmiles(smiles), isomericSmiles=False) for smiles in (one, other)]
    return flat[0] == flat[1]


def _likest_text(smiles: str, block: Block, places: range) -> Sequence[int]:
    """The reactions whose products share most pieces of four characters with a SMILES, by LINGO's Tanimoto.

    A piece that stands several times on both sides is shared as often as on the side that has fewer of it.
    """
    if len(places) <= _COMPARED:
        return places
    asked, wanted = np.unique(_pieces(_plain(smiles)), return_counts=True)
    column = np.full(1 << 16, len(asked), dtype=np.int64)  # the last column is for all other pieces
    column[asked] = np.arange(len(asked))
    text = _plain("".join(f"{block.product(place)}\n" for place in places))
    ends = np.flatnonzero(text == ord("\n"))
    lengths = np.diff(ends, prepend=-1)
    rows = np.repeat(np.arange(len(places)), lengths)[:-3]
    width = len(asked) + 1
    counts = np.bincount(rows * width + column[_pieces(text)], minlength=len(places) * width)
    shared = np.minimum(counts.reshape(len(places), width)[:, :-1], wanted).sum(axis=1)
    scores = shared / (lengths - 4 + wanted.sum() - shared)
    return [places[int(index)] for index in np.argsort(-scores, kind="stable")[:_COMPARED]]


def _plain(text: str) -> NDArray[np.uint32]:
    """Characters of a text of SMILES, ring closures all alike, stereo marks left out."""
    return np.frombuffer(text.encode().translate(_RING_DIGITS, b"@/\\"), dtype=np.uint8).astype(np.uint32)


def _pieces(text: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Hash, 16 bits, of the four characters from each place on."""
    words = text[:-3] | text[1:-2] << 8 | text[2:-1] << 16 | text[3:] << 24
    return ((words * np.uint32(2654435761)) >> np.uint32(16)).astype(np.uint32)
