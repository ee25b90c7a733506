"""Many rows on many workers: blocks of a library, each row's answer or its error in the row's place."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from bencao.discovery.molecules.reading import LibraryRow
from bencao.kernel import compute
from bencao.kernel.compute import Failure
from bencao.kernel.errors import BencaoError, ComputeError

# Rows that travel to a worker together: a row alone costs less than its journey.
_BLOCK = 200


def each_row(
    function: Callable[[LibraryRow], Any],
    rows: Iterable[LibraryRow],
    *,
    together: int = _BLOCK,
    workers: int = 1,
    ray: str | None = None,
    checkpoint: str | None = None,
    label: str = "",
    progress: bool = True,
) -> Iterator[tuple[LibraryRow, Any]]:
    """Apply a function to each row, in parallel and in order.

    Parameters
    ----------
    function : callable
        Of a row, defined at the top of a module, or a ``partial`` of such.
    rows : iterable of LibraryRow
    together : int
        Rows that travel to a worker together.
    workers : int
    ray : str, optional
        Address of a Ray cluster, or ``local``; worker processes where not given.
    checkpoint : path, optional
        See `bencao.kernel.compute.map`.
    label : str
    progress : bool

    Yields
    ------
    LibraryRow
    object
        What the function gives, or the `BencaoError` that it raised.

    Raises
    ------
    ComputeError
        A block was lost with its worker; a checkpoint is another job's.
    """
    blocks, sent = itertools.tee(_blocks(rows, together))
    results = compute.imap(
        partial(_block, function),
        sent,
        workers=workers,
        engine="ray" if ray else "processes",
        address=ray,
        checkpoint=checkpoint,
        label=label,
        progress=progress,
    )
    for block, (_, answers) in zip(blocks, results, strict=True):
        if isinstance(answers, Failure):
            raise ComputeError(
                f"rows {block[0].row} to {block[-1].row} failed: {answers.kind}: {answers.cause}", mend="run it again"
            )
        yield from zip(block, answers, strict=True)


def _blocks(rows: Iterable[LibraryRow], together: int) -> Iterator[tuple[LibraryRow, ...]]:
    rows = iter(rows)
    while block := tuple(itertools.islice(rows, together)):
        yield block


def _block(function: Callable[[LibraryRow], Any], rows: tuple[LibraryRow, ...]) -> list[Any]:
    answers: list[Any] = []
    for row in rows:
        try:
            answers.append(function(row))
        except BencaoError as error:
            answers.append(error)
    return answers
