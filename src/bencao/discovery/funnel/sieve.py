"""The cheap stages of a funnel: one form of each molecule, no twins, properties in bounds, likeness to actives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.discovery.errors import MoleculeError
from bencao.discovery.funnel.plan import Bounds
from bencao.discovery.funnel.watching import Watch, unwatched
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.properties import Properties, molecule_properties
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.molecules.standardising import standard_parent
from bencao.discovery.similarity.tanimoto import fingerprint, tanimoto
from bencao.kernel.errors import BencaoError, InputError


@dataclass(frozen=True)
class Candidate:
    """A molecule that came through the sieve.

    Attributes
    ----------
    row : int
        Of the library.
    name : str
    smiles : str
        What is docked: as drawn, so that its protonation is kept; of a salt the standard parent.
    parent : str
        Standard form.
    properties : Properties
    print : bytes
        ECFP4, 2,048 bits.
    nearest : str
        Name of the known active that it is most like; empty where none was given.
    similarity : float or None
        To that, Tanimoto.
    """

    row: int
    name: str
    smiles: str
    parent: str
    properties: Properties
    print: bytes
    nearest: str = ""
    similarity: float | None = None

    @property
    def label(self) -> str:
        """Its name, or its row where it has none."""
        return self.name or f"row {self.row}"


@dataclass(frozen=True)
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
    """What came through, what did not, and the counts at each stage."""

    candidates: tuple[Candidate, ...]
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
    kept: list[Candidate] = []
    dropped: list[Dropped] = []
    seen: set[str] = set()
    counts = Counter[str]()
    answers = each_row(sieve_row, rows, workers=workers, ray=ray, label="filter", progress=progress)
    for row, answer in answers:
        counts["read"] += 1
        watch("filter", counts["read"], 0)
        if isinstance(answer, BencaoError):
            reason, cause = "error", answer.cause
        else:
            reason, cause = ("duplicate" if answer.parent in seen else bounds.broken(answer.properties)), ""
            seen.add(answer.parent)
        if reason:
            dropped.append(Dropped(row.row, row.name, row.smiles, reason, cause))
        else:
            kept.append(answer)
    reasons = Counter(one.reason for one in dropped)
    stages = [Stage("filter", counts["read"], len(kept), tuple(sorted(reasons.items())))]
    if actives:
        compared = _compared(kept, actives)
        order = sorted(compared, key=lambda one: (-(one.similarity or 0.0), one.row))
        chosen = {one.row for one in order[: nearest if nearest is not None else len(order)]}
        dropped += [Dropped(one.row, one.name, one.smiles, "unlike") for one in compared if one.row not in chosen]
        kept = [one for one in compared if one.row in chosen]
        left_out = (("unlike", len(compared) - len(kept)),) if len(kept) < len(compared) else ()
        stages.append(Stage("similarity", len(compared), len(kept), left_out))
    return Sieved(tuple(kept), tuple(dropped), tuple(stages))


def sieve_row(row: LibraryRow) -> Candidate:
    """A row with all the sieve needs to know of it; raises `MoleculeError`."""
    given = row.molecule()
    parent = standard_parent(given, where=f"row {row.row}")
    smiles = Chem.MolToSmiles(parent)
    docked = Chem.MolToSmiles(given) if len(Chem.GetMolFrags(given)) == 1 else smiles
    found = molecule_properties(LibraryRow(row.row, smiles))
    return Candidate(row.row, row.name, docked, smiles, found, fingerprint(parent).tobytes())


def _compared(candidates: Sequence[Candidate], actives: Sequence[tuple[str, str]]) -> list[Candidate]:
    if not candidates:
        return []
    prints = np.frombuffer(b"".join(one.print for one in candidates), dtype=np.uint64).reshape(len(candidates), -1)
    bits = np.bitwise_count(prints).sum(axis=1, dtype=np.uint16)
    table = np.array([tanimoto(prints, bits, _active_print(*one)) for one in actives])
    best = table.argmax(axis=0)
    return [
        replace(one, nearest=actives[at][0], similarity=float(table[at, place]))
        for place, (one, at) in enumerate(zip(candidates, best.tolist(), strict=True))
    ]


def _active_print(name: str, smiles: str) -> NDArray[np.uint64]:
    row = LibraryRow(0, smiles)
    try:
        return fingerprint(standard_parent(row.molecule()))
    except MoleculeError as error:
        raise MoleculeError(error.cause, where=f"actives: {name}", mend=error.mend) from None
