"""The cheap stages of a funnel: one form of each molecule, no twins, properties in bounds, likeness to actives."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.discovery.active.large import Prints, described, pack
from bencao.discovery.errors import MoleculeError
from bencao.discovery.funnel.plan import Bounds
from bencao.discovery.funnel.watching import Watch, unwatched
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.molecules.standardising import standard_parent
from bencao.discovery.similarity.tanimoto import fingerprint, tanimoto
from bencao.kernel.errors import BencaoError, InputError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A molecule that came through the sieve; there may be millions.

    Attributes
    ----------
    row : int
        Of the library.
    name : str
    smiles : str
        What is docked: as drawn, so that its protonation is kept; of a salt the standard parent.
    parent : str
        Standard form.
    nearest : str
        Name of the known active that it is most like; empty where none was given.
    similarity : float or None
        To that, Tanimoto.
    """

    row: int
    name: str
    smiles: str
    parent: str
    nearest: str = ""
    similarity: float | None = None

    @property
    def label(self) -> str:
        """Its name, or its row where it has none."""
        return self.name or f"row {self.row}"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that a stage left out: ``error`` (with the cause), ``duplicate``, ``unlike``, or a property's name."""

    row: int
    name: str
    smiles: str
    reason: str
    cause: str = ""


@dataclass(frozen=True)
class Stage:
    """How many molecules came into a stage, how many left it for the next, and why the others did not."""

    name: str
    entered: int
    left: int
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Sieved:
    """What came through, what is seen of it, what did not come through, and the counts at each stage."""

    candidates: tuple[Candidate, ...]
    prints: Prints
    dropped: tuple[Dropped, ...]
    stages: tuple[Stage, ...]


def sieve(
    rows: Iterable[LibraryRow],
    bounds: Bounds,
    actives: Sequence[tuple[str, str]] = (),
    *,
    nearest: int | None = None,
    workers: int = 1,
    ray: str | None = None,
    progress: bool = True,
    watch: Watch = unwatched,
) -> Sieved:
    """Standardise a library, leave out twins and what is out of bounds, and compare the rest with known actives.

    Parameters
    ----------
    rows : iterable of LibraryRow
    bounds : Bounds
    actives : sequence of (str, str)
        Name and SMILES of known actives.
    nearest : int, optional
        Only so many candidates, those most like any active, go on; all where not given.
    workers, ray, progress
        See `bencao.kernel.compute.map`.
    watch : Watch
        Told after each row; how many there will be is not known.

    Returns
    -------
    Sieved

    Raises
    ------
    InputError
        `nearest` without actives.
    """
    if nearest is not None and not actives:
        raise InputError("no known active to be like", where="nearest", mend="give actives, or leave it out")
    sift = functools.partial(sift_row, bounds)
    answers = each_row(sift, rows, workers=workers, ray=ray, label="filter", progress=progress)
    sieved = gather(answers, watch)
    return _most_like(sieved, actives, nearest) if actives else sieved


def gather(answers: Iterable[tuple[LibraryRow, Sifted | BencaoError]], watch: Watch = unwatched) -> Sieved:
    """Put together what is known of each row, in their order; twins are told apart here.

    Parameters
    ----------
    answers : iterable of (LibraryRow, Sifted or BencaoError)
    watch : Watch

    Returns
    -------
    Sieved
    """
    kept: list[Candidate] = []
    dropped: list[Dropped] = []
    seen: set[str] = set()
    packed = bytearray()
    read = 0
    for row, answer in answers:
        read += 1
        watch("filter", read, 0)
        if isinstance(answer, BencaoError):
            dropped.append(Dropped(row.row, row.name, row.smiles, "error", answer.cause))
            continue
        reason = "duplicate" if answer.parent in seen else answer.reason
        seen.add(answer.parent)
        if reason:
            dropped.append(Dropped(row.row, row.name, row.smiles, reason))
        else:
            kept.append(Candidate(row.row, row.name, answer.smiles or answer.parent, answer.parent))
            packed += answer.seen
    reasons = tuple(sorted(Counter(one.reason for one in dropped).items()))
    return Sieved(tuple(kept), Prints.of_bytes(packed), tuple(dropped), (Stage("filter", read, len(kept), reasons),))


def _most_like(sieved: Sieved, actives: Sequence[tuple[str, str]], nearest: int | None) -> Sieved:
    """The same with the active that each candidate is most like, and only so many candidates."""
    every = sieved.candidates
    at, similarity = _nearest(sieved.prints, actives)
    order = np.lexsort((np.array([one.row for one in every]), -similarity))[:nearest]
    chosen = np.zeros(len(every), dtype=bool)
    chosen[order] = True
    unlike = [Dropped(one.row, one.name, one.smiles, "unlike") for one, on in zip(every, chosen, strict=True) if not on]
    places = np.flatnonzero(chosen).tolist()
    like = tuple(replace(every[one], nearest=actives[at[one]][0], similarity=float(similarity[one])) for one in places)
    stage = Stage("similarity", len(every), len(like), (("unlike", len(unlike)),) if unlike else ())
    return Sieved(like, sieved.prints.of_places(places), (*sieved.dropped, *unlike), (*sieved.stages, stage))


class Sifted(NamedTuple):
    """What the sieve knows of a row: standard form, what is docked where it is another, why it goes, its `Prints`."""

    parent: str
    smiles: str
    reason: str
    seen: bytes


def sift_row(bounds: Bounds, row: LibraryRow) -> Sifted:
    """Look at a row alone; raises `MoleculeError`."""
    given = row.molecule()
    parent = standard_parent(given, where=f"row {row.row}")
    smiles = Chem.MolToSmiles(parent)
    values = described(parent)
    if reason := bounds.broken(parent, values):
        return Sifted(smiles, "", reason, b"")
    drawn = "" if parent is given or len(Chem.GetMolFrags(given)) > 1 else Chem.MolToSmiles(given)
    return Sifted(smiles, "" if drawn == smiles else drawn, "", pack(parent, values))


def _nearest(prints: Prints, actives: Sequence[tuple[str, str]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Place of the active that each molecule is most like, the first of equals, and the similarity."""
    counts = np.bitwise_count(prints.bits).sum(axis=1, dtype=np.uint16)
    best, highest = np.zeros(len(prints), dtype=np.int64), np.full(len(prints), -1.0)
    for place, active in enumerate(actives):
        found = tanimoto(prints.bits, counts, _active_print(*active))
        better = found > highest
        best[better], highest[better] = place, found[better]
    return best, highest


def _active_print(name: str, smiles: str) -> NDArray[np.uint64]:
    row = LibraryRow(0, smiles)
    try:
        return fingerprint(standard_parent(row.molecule()))
    except MoleculeError as error:
        raise MoleculeError(error.cause, where=f"actives: {name}", mend=error.mend) from None
