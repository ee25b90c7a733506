"""The next batch of a library from a table with the scores so far: nothing is remembered between two batches."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.active.features import describe
from bencao.discovery.active.gaussian_process import GaussianProcess
from bencao.discovery.active.recovery import estimated_recovery
from bencao.discovery.active.screening import promising, trusted_spread
from bencao.discovery.errors import LibraryError, MoleculeError
from bencao.discovery.molecules.reading import LibraryRow, read_library


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
    library: Path, score: str = "score", *, higher: bool = False, count: int = 100, best: int = 500, seed: int = 1
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

    Returns
    -------
    Batch

    Raises
    ------
    LibraryError
        The table cannot be read, has no such column, no molecule, or a score that is no number.
    """
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
    widths = trusted_spread(process) * deviation[~tried]
    recovery = estimated_recovery(values[usable], mean[~tried], widths, min(best, len(rows)))
    sign = -1 if higher else 1
    chosen = promising(mean, deviation, ~tried, order, count)
    suggested = tuple(Suggested(rows[one], sign * float(mean[one]), float(deviation[one])) for one in chosen)
    return Batch(suggested, len(rows), int(usable.sum()), recovery, tuple(unread))


def _scores(rows: list[LibraryRow], score: str, library: Path) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which molecules were tried, and their scores, NaN where there is none."""
    name = score.strip().lower()
    if name not in rows[0].fields:
        columns = ", ".join(rows[0].fields) or "none"
        raise LibraryError(f"no column {name} (columns: {columns})", where=str(library), mend="name it by --score")
    tried, values = np.zeros(len(rows), dtype=bool), np.full(len(rows), np.nan)
    for number, row in enumerate(rows):
        if text := row.fields.get(name, ""):
            try:
                tried[number], values[number] = True, float(text)
            except ValueError:
                where = f"{library}: row {row.row}, column {name}"
                raise LibraryError(f"{text[:40]!r} is no number", where=where, mend="leave it empty, or nan") from None
    return tried, values
