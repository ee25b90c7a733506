"""Make the rows of a written table alike, so that each is one of k in the columns by which a person might be known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from bencao.kernel.files import writing
from bencao.records.anonymity.generalising import ALIKE, Anonymity, Step, anonymise
from bencao.records.deidentify.tables.batches import Writer, pieces
from bencao.records.deidentify.tables.policy import Hiding
from bencao.records.deidentify.tables.transforming import generalised
from bencao.records.errors import ReleaseRefused


def make_alike(path: Path, target: Path, hiding: Hiding) -> Anonymity:
    """Write a table again so that each of its rows is one of k.

    Parameters
    ----------
    path, target : Path
        A table after its policy, and where it goes; of one format.
    hiding : Hiding

    Returns
    -------
    Anonymity
        Its persons are the table's rows.

    Raises
    ------
    ReleaseRefused
        Where the table lacks one of the columns, has no rows, or does not reach k; then nothing is written.
    """
    rows: list[tuple[Any, ...]] = []
    for columns in pieces(path):
        absent = [name for name in hiding.quasi if name not in columns]
        if absent:
            mend = "keep or generalise that column, or give the table a policy of its own"
            raise ReleaseRefused(f"no column {absent[0]} to be alike in", where=path.name, mend=mend)
        rows += zip(*(_cells(columns[name]) for name in hiding.quasi), strict=True)
    found = anonymise(rows, hiding.quasi, coarser=_coarser, k=hiding.k, most_suppressed=hiding.most_suppressed)
    if found is None:
        raise ReleaseRefused(
            f"k = {hiding.k} is not reached for {len(rows)} rows by {', '.join(hiding.quasi)}, at most "
            f"{hiding.most_suppressed:.0%} of them left out",
            where=path.name,
            mend="name fewer quasi-identifiers, allow coarser steps, or raise most_suppressed",
        )
    _write(path, target, tuple(hiding.quasi), found[1])
    return found[0]


def _write(path: Path, target: Path, quasi: Sequence[str], values: Sequence[tuple[Any, ...] | None]) -> None:
    first = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with writing(target) as file:
        writer = Writer(file, path.suffix.lower())
        try:
            for columns in pieces(path):
                cells = {name: _cells(column) for name, column in columns.items()}
                count = len(next(iter(cells.values())))
                new = values[first : first + count]
                kept = [place for place, one in enumerate(new) if one is not None]
                for column, name in enumerate(quasi):
                    cells[name] = [None if one is None else one[column] for one in new]
                writer.add({name: [column[place] for place in kept] for name, column in cells.items()})
                first += count
        finally:
            writer.close()


def _cells(column: Any) -> list[Any]:
    return column.to_pylist() if isinstance(column, (pa.Array, pa.ChunkedArray)) else list(column)


def _coarser(_: str, value: Any, step: Step | None) -> Any:
    if step == ALIKE:
        return ALIKE
    if step is None or value in (None, ""):
        return value
    new = generalised(value, str(step))
    return None if new is None else str(new)
