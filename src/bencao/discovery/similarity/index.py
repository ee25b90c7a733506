"""A library's fingerprints in memory-mapped shards, and the exact search for the most similar molecules in them."""

from __future__ import annotations

import heapq
import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.errors import LibraryError
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import LibraryRow, read_library
from bencao.discovery.similarity.tanimoto import WORDS, fingerprint, tanimoto
from bencao.kernel.errors import BencaoError
from bencao.kernel.files import write_text, writing

_FORM = "bencao fingerprints 1: ECFP4, 2048 bits"
_SHARD = 1_000_000
# Candidates whose similarities are computed before the bound is drawn tighter.
_STEP = 65_536


@dataclass(frozen=True)
class Hit:
    """A molecule that is like the query.

    Attributes
    ----------
    similarity : float
        Tanimoto, ECFP4, 2,048 bits.
    row : int
        Line of the library.
    name, smiles : str
    """

    similarity: float
    row: int
    name: str
    smiles: str


@dataclass(frozen=True)
class _Shard:
    """Fingerprints by falling number of bits, and where each molecule's line stands."""

    fingerprints: NDArray[np.uint64]
    bits: NDArray[np.uint16]
    offsets: NDArray[np.int64]
    lines: Path


def build_index(
    library: str | Path, folder: str | Path, *, column: str = "", workers: int = 1, progress: bool = True
) -> tuple[int, int]:
    """Compute the fingerprints of a library and write them in shards of a million.

    Parameters
    ----------
    library : path
        See `read_library`.
    folder : path
        Made where it does not exist; an index in it is replaced. It can be searched only once it is whole.
    column : str, optional
        Column with the SMILES.
    workers : int
    progress : bool

    Returns
    -------
    molecules, left out : int

    Raises
    ------
    LibraryError
        The library cannot be read, or has no molecule.
    InputError
        The folder cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.json").unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(f"cannot be made: {error.strerror}", where=str(folder), mend="give another folder") from None
    answers = each_row(
        fingerprint_row, read_library(library, column), workers=workers, label="fingerprints", progress=progress
    )
    refused = 0
    sizes: list[int] = []

    def kept() -> Iterable[tuple[LibraryRow, bytes]]:
        nonlocal refused
        for row, answer in answers:
            if isinstance(answer, BencaoError):
                refused += 1
            else:
                yield row, answer

    stream = iter(kept())
    while part := list(itertools.islice(stream, _SHARD)):
        _write_shard(folder, len(sizes), part)
        sizes.append(len(part))
    if not sizes:
        raise LibraryError("no molecule in it", where=str(library), mend="give a table with SMILES")
    write_text(folder / "index.json", json.dumps({"form": _FORM, "shards": sizes, "left_out": refused}) + "\n")
    return sum(sizes), refused


def fingerprint_row(row: LibraryRow) -> bytes:
    """Fingerprint of a row's molecule; raises `MoleculeError`."""
    return fingerprint(row.molecule()).tobytes()


def _write_shard(folder: Path, number: int, part: list[tuple[LibraryRow, bytes]]) -> None:
    prints = np.frombuffer(b"".join(data for _, data in part), dtype=np.uint64).reshape(-1, WORDS)
    bits = np.bitwise_count(prints).sum(axis=1, dtype=np.uint16)
    order = np.argsort(-bits.astype(np.int32), kind="stable")
    lines = [f"{row.row}\t{row.name.replace(chr(9), ' ')}\t{row.smiles}\n".encode() for row, _ in part]
    starts = np.cumsum([0, *map(len, lines)], dtype=np.int64)[:-1]
    arrays = {"fingerprints": prints[order], "bits": bits[order], "offsets": starts[order]}
    for name, array in arrays.items():
        with writing(folder / f"{number:04}.{name}.npy") as stream:
            np.save(stream, array)
    with writing(folder / f"{number:04}.lines.tsv") as stream:
        stream.writelines(lines)


def search(folder: str | Path, query: NDArray[np.uint64], count: int = 100) -> list[Hit]:
    """Find the molecules of an index that are most similar to a query; exact.

    Molecules are looked at by how like their numbers of bits are to the query's, which bounds the similarity (Swamidass
    and Baldi, J. Chem. Inf. Model. 2007, 47, 302): the search ends where no molecule left could be among the best.

    Parameters
    ----------
    folder : path
        Of `build_index`.
    query : ndarray of uint64, shape (32,)
        See `fingerprint`.
    count : int

    Returns
    -------
    list of Hit
        By falling similarity, then by row.

    Raises
    ------
    LibraryError
        The folder holds no whole index.
    """
    best: list[tuple[float, int, int, int]] = []  # similarity, -shard, -offset, place: the smallest is the worst
    shards = _open(Path(folder))
    for number, shard in enumerate(shards):
        for part, bound in _by_bound(shard.bits, int(np.bitwise_count(query).sum())):
            if len(best) == count and bound < best[0][0]:
                break
            _take(best, count, number, shard, part, tanimoto(shard.fingerprints[part], shard.bits[part], query))
    return [_hit(shards[-shard], similarity, -offset) for similarity, shard, offset, _ in sorted(best, reverse=True)]


def _by_bound(bits: NDArray[np.uint16], wanted: int) -> Iterable[tuple[slice, float]]:
    """Runs of molecules, those whose number of bits is most like the query's first, with the most they can reach."""
    starts = np.arange(0, len(bits), _STEP)
    runs = []
    for start in starts.tolist():
        end = min(start + _STEP, len(bits))
        most, least = int(bits[start]), int(bits[end - 1])
        nearest = min(max(wanted, least), most)
        runs.append((min(nearest, wanted) / max(nearest, wanted, 1), slice(start, end)))
    return ((part, bound) for bound, part in sorted(runs, key=lambda run: -run[0]))


def _take(
    best: list[tuple[float, int, int, int]],
    count: int,
    number: int,
    shard: _Shard,
    part: slice,
    similarity: NDArray[np.float64],
) -> None:
    least = best[0][0] if len(best) == count else -1.0
    places = np.flatnonzero(similarity >= least)
    if len(places) > count:  # equal ones are kept, so that the row decides
        cut = np.partition(similarity[places], -count)[-count]
        places = places[similarity[places] >= cut]
    for place in places.tolist():
        offset = int(shard.offsets[part.start + place])
        candidate = (float(similarity[place]), -number, -offset, place)
        if len(best) < count:
            heapq.heappush(best, candidate)
        else:
            heapq.heappushpop(best, candidate)


def _open(folder: Path) -> list[_Shard]:
    try:
        told = json.loads((folder / "index.json").read_bytes())
        if told.get("form") != _FORM:
            raise LibraryError("an index of another form", where=str(folder), mend="build it again")
        read: Callable[[Path], NDArray[Any]] = partial(np.load, mmap_mode="r")
        shards = []
        for number, size in enumerate(told["shards"]):
            stem = folder / f"{number:04}"
            prints, bits, offsets = (read(Path(f"{stem}.{name}.npy")) for name in ("fingerprints", "bits", "offsets"))
            if not len(prints) == len(bits) == len(offsets) == size:
                raise LibraryError(f"shard {number} is not whole", where=str(folder), mend="build it again")
            shards.append(_Shard(prints, bits, offsets, Path(f"{stem}.lines.tsv")))
    except (OSError, EOFError, ValueError, KeyError, AttributeError):
        raise LibraryError("no whole index", where=str(folder), mend="build it with bencao discovery index") from None
    return shards


def _hit(shard: _Shard, similarity: float, offset: int) -> Hit:
    with shard.lines.open("rb") as stream:
        stream.seek(offset)
        row, name, smiles = stream.readline().decode().rstrip("\n").split("\t")
    return Hit(similarity, int(row), name, smiles)
