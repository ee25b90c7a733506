"""A protein folded for a reader: the task, what it leaves, its confidence, and its scene."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bencao.discovery.browse.shelf import Shelf
from bencao.kernel.errors import InputError

if TYPE_CHECKING:
    from bencao.discovery.browse.targets import OpenTargets

# In the order in which a fold comes to them: networks are asked, backbones folded, side chains built.
FOLD_STAGES = ("networks", "backbones", "side chains")
# What a fold writes last: once it is there, the structure is.
_LAST = "fold.json"


@dataclass(frozen=True)
class FoldTask:
    """A sequence or an alignment to fold, and a seed."""

    sequence: Path
    seed: int = 1


@dataclass(frozen=True)
class FoldView:
    """A folded protein.

    Attributes
    ----------
    name, sequence : str
    relatives : int
        Sequences of the alignment beside the first.
    confidence : tuple of float
        Of each residue, from 0 to 100.
    trust : float
        Their mean.
    """

    name: str
    sequence: str
    relatives: int
    confidence: tuple[float, ...]
    trust: float


def unwatched(stage: int, done: int, total: int) -> None:
    """Nobody looks on."""


def run_fold(task: FoldTask, out: Path, workers: int = 1, watch: Callable[[int, int, int], None] = unwatched) -> None:
    """Fold it, and write ``fold.pdb`` and ``fold.json`` into a folder, with one entry in the ledger.

    Parameters
    ----------
    task : FoldTask
    out : Path
    workers : int
    watch : callable
        Told the place of the stage among `FOLD_STAGES`, how many items of it are done, and of how many.

    Raises
    ------
    SequenceError, EngineMissing, StructureError
        As `bencao.discovery.fold`.
    """
    from bencao.discovery.folding.alignment import read_alignment
    from bencao.discovery.folding.folding import fold
    from bencao.kernel.files import write_text
    from bencao.kernel.ledger import record

    with record(None, "serve discovery fold", parameters={"seed": task.seed, "engine": "trrosetta"}) as job:
        job.used(task.sequence)
        folded = fold(
            read_alignment(task.sequence),
            seed=task.seed,
            workers=workers,
            watch=lambda stage, done, total: watch(FOLD_STAGES.index(stage), done, total),
        )
        told = {
            "name": folded.name,
            "sequence": folded.sequence,
            "relatives": folded.relatives,
            "confidence": [round(100 * float(value), 1) for value in folded.confidence],
            "trust": round(100 * folded.trust, 1),
        }
        for name, text in (("fold.pdb", folded.pdb), (_LAST, json.dumps(told, ensure_ascii=False) + "\n")):
            write_text(out / name, text)
            job.generated(out / name)


def is_folded(shelf: Shelf[FoldTask], name: str) -> bool:
    """Whether a fold has come to its end."""
    return (shelf.place(name) / _LAST).is_file()


def show_fold(opened: OpenTargets, name: str) -> FoldView:
    """A folded protein with its confidence.

    Raises
    ------
    InputError
        There is none, or it has not come to its end.
    """
    if not is_folded(opened.folds, name):
        raise InputError("the fold is not done", where=name, mend="wait, or start it again")
    told = json.loads((opened.folds.place(name) / _LAST).read_text(encoding="utf-8"))
    return FoldView(**told | {"confidence": tuple(told["confidence"])})


def show_fold_scene(opened: OpenTargets, name: str) -> str:
    """A folded protein coloured by its confidence, as MolViewSpec JSON; raises as `show_fold`."""
    from bencao.discovery.browse.scenes import fold_scene

    view = show_fold(opened, name)
    return fold_scene((opened.folds.place(name) / "fold.pdb").read_text(encoding="utf-8"), view.confidence)
