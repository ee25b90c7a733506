"""Molecules with measured values, one row a substance: what models are learned from and judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase

from bencao.discovery.admet.scaffolds import scaffold
from bencao.discovery.errors import LibraryError, MoleculeError
from bencao.discovery.molecules.descriptors import descriptors
from bencao.discovery.molecules.reading import LibraryRow, read_library
from bencao.discovery.molecules.standardising import standard_parent
from bencao.discovery.similarity.tanimoto import fingerprint


@dataclass(frozen=True)
class Described:
    """A molecule as the models see it.

    Attributes
    ----------
    key : str
        First block of the InChIKey of its standard form: the same for stereoisomers and most tautomers, whose
        descriptors are the same too.
    smiles : str
        The standard form.
    scaffold : str
    row : ndarray of float32, shape (93,)
    print : ndarray of uint64, shape (32,)
        ECFP4.
    """

    key: str
    smiles: str
    scaffold: str
    row: NDArray[np.float32]
    print: NDArray[np.uint64]


def described(row: LibraryRow) -> Described:
    """A row of a library as the models see it.

    Parameters
    ----------
    row : LibraryRow

    Returns
    -------
    Described

    Raises
    ------
    MoleculeError
        No molecule, or one that `standardise` refuses, or that InChI does not take.
    """
    parent = standard_parent(row.molecule(), where=f"row {row.row}")
    with rdBase.BlockLogs():
        key = Chem.MolToInchiKey(parent)  # type: ignore[no-untyped-call]
    if not key:
        raise MoleculeError("InChI does not take it", where=f"row {row.row}", mend="check how it is drawn")
    numbers = np.nan_to_num(np.array(descriptors(parent), dtype=np.float32), posinf=0.0, neginf=0.0)
    return Described(key[:14], Chem.MolToSmiles(parent), scaffold(parent), numbers, fingerprint(parent))


@dataclass(frozen=True)
class Measured:
    """A set of substances with measured values.

    Attributes
    ----------
    tasks : tuple of str
    substances : tuple of Described
        Each key once.
    values : ndarray of float32, shape (substances, tasks)
        NaN where not measured.
    refused : int
        Rows that could not be used.
    merged : int
        Rows that told of a substance once more.
    """

    tasks: tuple[str, ...]
    substances: tuple[Described, ...]
    values: NDArray[np.float32]
    refused: int = 0
    merged: int = 0

    @property
    def table(self) -> NDArray[np.float32]:
        """Descriptors, shape (substances, 93)."""
        return np.array([one.row for one in self.substances], dtype=np.float32)

    @property
    def scaffolds(self) -> list[str]:
        """Scaffold of each."""
        return [one.scaffold for one in self.substances]

    @property
    def classes(self) -> bool:
        """Whether every value is 0 or 1."""
        return _are_classes(self.values)

    def part(self, chosen: NDArray[np.bool_]) -> Measured:
        """The substances for which `chosen`, shape (substances,), is true."""
        kept = tuple(one for one, wanted in zip(self.substances, chosen, strict=True) if wanted)
        return Measured(self.tasks, kept, self.values[chosen])


def read_measured(path: str | Path, tasks: Sequence[str]) -> Measured:
    """Read a table of molecules with measured values.

    Values of one substance (same key) are averaged; of a class, they count only where all agree.

    Parameters
    ----------
    path : path
        As `read_library` takes it.
    tasks : sequence of str
        Columns of values; an empty cell is not measured.

    Returns
    -------
    Measured

    Raises
    ------
    LibraryError
        As `read_library`; a column is not there; a value is no finite number; no molecule can be used.
    """
    told: dict[str, list[list[float]]] = {}
    first: dict[str, Described] = {}
    refused = rows = 0
    for row in read_library(path):
        values = [_value(row, task, path) for task in tasks]
        try:
            one = described(row)
        except MoleculeError:
            refused += 1
            continue
        rows += 1
        first.setdefault(one.key, one)
        told.setdefault(one.key, []).append(values)
    if not first:
        raise LibraryError("no molecule that can be used", where=str(path), mend="check the SMILES")
    every = np.concatenate([np.array(values) for values in told.values()])
    classes = _are_classes(every)
    table = np.array([_merged(np.array(values), classes) for values in told.values()], dtype=np.float32)
    return Measured(tuple(tasks), tuple(first.values()), table, refused, rows - len(first))


def _are_classes(values: NDArray[np.floating]) -> bool:
    return bool(np.isin(values[np.isfinite(values)], (0, 1)).all())


def _value(row: LibraryRow, task: str, path: str | Path) -> float:
    name = task.strip().lower()
    if name not in row.fields:
        columns = ", ".join(filter(None, row.fields)) or "none"
        raise LibraryError(f"no column {task} (columns: {columns})", where=str(path), mend="name a column of values")
    cell = row.fields[name]
    try:
        value = float(cell) if cell else np.nan
    except ValueError:
        value = np.inf
    if np.isinf(value):
        raise LibraryError(f"{cell!r} is no number", where=f"{path}: row {row.row}, {task}", mend="leave it empty")
    return float(value)


def _merged(values: NDArray[np.float64], classes: bool) -> list[float]:
    """One value a column; NaN where none is known, or where classes disagree."""
    found = []
    for column in values.T:
        known = column[np.isfinite(column)]
        agree = len(known) and not (classes and known.min() < known.max())
        found.append(float(known.mean()) if agree else np.nan)
    return found
