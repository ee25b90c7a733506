"""A library ranked by shape: who fills the known molecule best, as a table and as overlays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.similarity.shape import SHAPES, Overlay, Reference, shape_overlay
from bencao.kernel.errors import BencaoError
from bencao.kernel.files import csv_text

_COLUMNS = ("row", "name", "smiles", "shape", "colour", "combined", "ecfp4", "reference", "error", "cause", "mend")
# Molecules that travel to a worker together: each takes a second.
_TOGETHER = 10


@dataclass(frozen=True)
class ShapeRanking:
    """What a library does on a reference.

    Attributes
    ----------
    ranked : tuple of LibraryRow and Overlay
        By falling `Overlay.combined`, then by row.
    refused : tuple of LibraryRow and BencaoError
        Rows without a shape, by row.
    """

    ranked: tuple[tuple[LibraryRow, Overlay], ...]
    refused: tuple[tuple[LibraryRow, BencaoError], ...]


def rank_by_shape(
    rows: Iterable[LibraryRow],
    reference: Reference,
    *,
    shapes: int = SHAPES,
    seed: int = 1,
    laid: int = 0,
    workers: int = 1,
    ray: str | None = None,
    checkpoint: str | None = None,
    progress: bool = True,
) -> ShapeRanking:
    """Lay each molecule on the reference and rank by shape and colour together.

    Parameters
    ----------
    rows : iterable of LibraryRow
    reference : Reference
    shapes, seed : int
        See `shape_overlay`.
    laid : int
        The best so many come with their `Overlay.block`.
    workers : int
    ray, checkpoint : str, optional
        See `each_row`.
    progress : bool

    Returns
    -------
    ShapeRanking
        The same at any number of workers.

    Raises
    ------
    ComputeError
        A worker was lost; run again, it goes on from the checkpoint.
    """
    overlay = partial(shape_overlay, reference=reference, shapes=shapes, seed=seed)
    ranked, refused = [], []
    for row, answer in each_row(
        overlay,
        rows,
        together=_TOGETHER,
        workers=workers,
        ray=ray,
        checkpoint=checkpoint,
        label="shapes",
        progress=progress,
    ):
        if isinstance(answer, BencaoError):
            refused.append((row, answer))
        else:
            ranked.append((row, answer))
    ranked.sort(key=lambda one: (-one[1].combined, one[0].row))
    # Laid again rather than kept from the first pass: a library's blocks would fill the memory.
    best = [row for row, _ in ranked[:laid]]
    again = each_row(partial(overlay, laid=True), best, together=1, workers=workers, ray=ray, progress=False)
    ranked[:laid] = list(again)
    return ShapeRanking(tuple(ranked), tuple(refused))


def ranking_table(ranking: ShapeRanking) -> str:
    """A row for each molecule as CSV, the best first, those refused last."""
    rows: list[tuple[object, ...]] = []
    for row, told in ranking.ranked:
        figures = (f"{one:.4f}" for one in (told.shape, told.colour, told.combined, told.ecfp4))
        rows.append((row.row, row.name, row.smiles, *figures, told.reference + 1, "", "", ""))
    for row, error in ranking.refused:
        rows.append((row.row, row.name, row.smiles, *[""] * 5, error.kind, error.cause, error.mend))
    return csv_text(_COLUMNS, rows)


def overlay_records(ranking: ShapeRanking, reference: Reference) -> str:
    """The reference's shapes, then the molecules that were laid on it, the best first, as an SD file."""
    known = [_record(f"reference {number}", block, {}) for number, block in enumerate(reference.blocks, 1)]
    return "".join(known) + "".join(
        _record(
            row.name or f"row {row.row}",
            told.block,
            {
                "row": str(row.row),
                "shape": f"{told.shape:.4f}",
                "colour": f"{told.colour:.4f}",
                "ecfp4": f"{told.ecfp4:.4f}",
                "reference": str(told.reference + 1),
            },
        )
        for row, told in ranking.ranked
        if told.block
    )


def _record(name: str, block: str, fields: dict[str, str]) -> str:
    _, body = block.split("\n", 1)
    told = "".join(f">  <{key}>\n{value}\n\n" for key, value in fields.items())
    return f"{' '.join(name.split())}\n{body}{told}$$$$\n"
