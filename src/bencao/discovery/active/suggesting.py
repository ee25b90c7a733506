"""The next batch of a library from a table with the scores so far: nothing is remembered between two batches."""

from __future__ import annotations

import itertools
import math
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.active.features import describe
from bencao.discovery.active.gaussian_process import GaussianProcess
from bencao.discovery.active.large import PrintProcess, Prints, describe_row
from bencao.discovery.active.recovery import estimated_recovery
from bencao.discovery.active.screening import promising
from bencao.discovery.errors import LibraryError, MoleculeError
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import LibraryRow, read_library

# Molecules above which a library is read in a stream.
LARGE = 100_000


@dataclass(frozen=True)
class Suggested:
    """A molecule to score next.

    Attributes
    ----------
    row : LibraryRow
    mean, deviation : float
        Of its predicted score, in the score's unit; NaN where nothing has been scored yet.
    """

    row: LibraryRow
    mean: float
    deviation: float


@dataclass(frozen=True)
class Batch:
    """What to score next, and how far the search has come.

    Attributes
    ----------
    suggested : tuple of Suggested
        The most promising first.
    molecules, scored : int
        Molecules read, and those of them with a score.
    recovery : float or None
        Estimated share of the best that has been scored; None where too little has been.
    unread : tuple of MoleculeError
        Rows left out.
    """

    suggested: tuple[Suggested, ...]
    molecules: int
    scored: int
    recovery: float | None
    unread: tuple[MoleculeError, ...]


def suggest_next(
    library: Path,
    score: str = "score",
    *,
    higher: bool = False,
    count: int = 100,
    best: int = 500,
    seed: int = 1,
    large: int = LARGE,
    workers: int = 1,
    ray: str | None = None,
) -> Batch:
    """Choose the molecules of a library that are worth scoring next.

    Parameters
    ----------
    library : Path
        Table with a column of SMILES and one of scores, empty where not scored; ``nan`` where scoring failed.
    score : str
        That column.
    higher : bool
        Whether higher scores are better.
    count : int
        Molecules to choose at most.
    best : int
        Number of molecules that are looked for.
    seed : int
    large : int
        In a library of more molecules the surrogate sees one fingerprint and eleven descriptors of each, 300 bytes, and
        the library is read in a stream.
    workers, ray
        For a large library, see `bencao.kernel.compute.map`.

    Returns
    -------
    Batch

    Raises
    ------
    LibraryError
        The table cannot be read, has no such column, no molecule, or a score that is no number.
    """
    if sum(1 for _ in itertools.islice(read_library(library), large + 1)) > large:
        return _suggest_in_large(library, score, higher, count, best, seed, workers, ray)
    rows, molecules, unread = [], [], []
    for row in read_library(library):
        try:
            molecules.append(row.molecule())
            rows.append(row)
        except MoleculeError as error:
            unread.append(error)
    if not rows:
        raise LibraryError("no molecule in it", where=str(library), mend="give a table with SMILES")
    tried, values = _scores(rows, score, library)
    values = -values if higher else values
    usable, order = np.isfinite(values), np.random.default_rng(seed).permutation(len(rows))
    count = min(count, int((~tried).sum()))
    if usable.sum() < 2:
        drawn = [one for one in order if not tried[one]][:count]
        blank = tuple(Suggested(rows[one], math.nan, math.nan) for one in drawn)
        return Batch(blank, len(rows), int(usable.sum()), None, tuple(unread))
    process = GaussianProcess(describe(molecules), int(usable.sum()))
    process.learn(np.flatnonzero(usable).tolist(), values[usable])
    mean, deviation = process.predict()
    widths = _trusted_spread(process) * deviation[~tried]
    recovery = estimated_recovery(values[usable], mean[~tried], widths, min(best, len(rows)))
    sign = -1 if higher else 1
    chosen = promising(mean, deviation, ~tried, order, count)
    suggested = tuple(Suggested(rows[one], sign * float(mean[one]), float(deviation[one])) for one in chosen)
    return Batch(suggested, len(rows), int(usable.sum()), recovery, tuple(unread))


def _suggest_in_large(
    library: Path, score: str, higher: bool, count: int, best: int, seed: int, workers: int, ray: str | None
) -> Batch:
    packed: list[bytes] = []
    numbers, scores = array("q"), array("d")  # of a row of the file; of its score
    tried = bytearray()
    unread = []
    for row, found in each_row(describe_row, read_library(library), workers=workers, ray=ray, label="molecules"):
        if isinstance(found, MoleculeError):
            unread.append(found)
            continue
        if not packed:
            _check_column(row, score, library)
        known = _score(row, score, library)
        packed.append(found)
        numbers.append(row.row)
        scores.append(math.nan if known is None else -known if higher else known)
        tried.append(known is not None)
    if not packed:
        raise LibraryError("no molecule in it", where=str(library), mend="give a table with SMILES")
    prints, values, open_ = Prints.of(packed), np.array(scores), np.frombuffer(bytes(tried), dtype=np.uint8) == 0
    del packed
    usable, order = np.flatnonzero(np.isfinite(values)), np.random.default_rng(seed).permutation(len(values))
    count = min(count, int(open_.sum()))
    mean, deviation, recovery = np.full(len(values), np.nan), np.full(len(values), np.nan), None
    if len(usable) < 2:
        chosen = tuple(int(one) for one in order[open_[order]][:count])
    else:
        process = PrintProcess(prints.of_places(usable.tolist()), values[usable])
        mean, deviation = process.predict(prints)
        widths = _trusted_spread(process) * deviation[open_]
        recovery = estimated_recovery(values[usable], mean[open_], widths, min(best, len(values)))
        chosen = promising(mean, deviation, open_, order, count)
    places = {numbers[one]: one for one in chosen}
    rows = {places[row.row]: row for row in read_library(library) if row.row in places}
    sign = -1 if higher else 1
    suggested = tuple(Suggested(rows[one], sign * float(mean[one]), float(deviation[one])) for one in chosen)
    return Batch(suggested, len(values), len(usable), recovery, tuple(unread))


class _LeavesOut(Protocol):
    """A surrogate that says how far each score lies from what the others predict for it."""

    def left_out(self) -> NDArray[np.float64]:
        """In deviations."""


def _trusted_spread(process: _LeavesOut) -> float:
    """By what the predicted deviations are multiplied before they are believed: each score predicted from the others.

    Those that were chosen for their predictions do not stand for the library, and whether a draw was one by chance the
    table does not say; so this is rough.
    """
    residuals = process.left_out()
    spread = float(np.sqrt(np.mean(residuals**2))) if len(residuals) > 1 else 1.0
    return spread if spread > 0 else 1.0


def _scores(rows: list[LibraryRow], score: str, library: Path) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which molecules were tried, and their scores, NaN where there is none."""
    _check_column(rows[0], score, library)
    known = [_score(row, score, library) for row in rows]
    values = np.array([math.nan if one is None else one for one in known])
    return np.array([one is not None for one in known]), values


def _check_column(row: LibraryRow, score: str, library: Path) -> None:
    name = score.strip().lower()
    if name not in row.fields:
        columns = ", ".join(row.fields) or "none"
        raise LibraryError(f"no column {name} (columns: {columns})", where=str(library), mend="name it by --score")


def _score(row: LibraryRow, score: str, library: Path) -> float | None:
    """Score of a row; None where it has not been tried."""
    name = score.strip().lower()
    text = row.fields.get(name, "")
    try:
        return float(text) if text else None
    except ValueError:
        where = f"{library}: row {row.row}, column {name}"
        raise LibraryError(f"{text[:40]!r} is no number", where=where, mend="leave it empty, or nan") from None
