"""The dear stage of a funnel: dock what a surrogate holds worth it, batch by batch, each batch kept on disk."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from bencao.discovery.active.features import Features, Seen, features_of, seen
from bencao.discovery.active.large import Prints
from bencao.discovery.active.screening import found_enough, screen_actively
from bencao.discovery.active.suggesting import LARGE
from bencao.discovery.docking.docking import Docked
from bencao.discovery.funnel.plan import Effort
from bencao.discovery.funnel.sieve import Candidate
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import LibraryRow
from bencao.kernel.compute import Failure
from bencao.kernel.errors import InputError

# Of so few candidates the features are computed here: starting workers would take longer.
_FEW = 2_000
# Of ligands (name, SMILES) to their answers in order, keeping what is finished in a file.
DockBatch = Callable[[Sequence[tuple[str, str]], Path], Sequence[Docked | Failure]]


@dataclass(frozen=True)
class Progress:
    """After a batch: docked so far, the estimated share of the best among them, and its lower bound.

    See `bencao.discovery.active.counting.Recovery`; both are 1 where all are docked.
    """

    docked: int
    recovery: float
    low: float


@dataclass(frozen=True)
class Docking:
    """Answers by place of the candidate, and how the search went.

    Attributes
    ----------
    answers : dict of int to Docked or Failure
    progress : tuple of Progress
    surrogate : bool
        Whether a surrogate chose.
    ended : {"all", "enough", "most"}
        Why no more were docked: there were no more, the lower bound of the recovery was enough, the budget was spent.
    effort : Effort
        What was asked for.
    """

    answers: dict[int, Docked | Failure]
    progress: tuple[Progress, ...]
    surrogate: bool
    ended: Literal["all", "enough", "most"]
    effort: Effort

    def as_json(self) -> dict[str, Any]:
        """How the search went, without the answers."""
        told = {
            "surrogate": self.surrogate,
            "ended": self.ended,
            "best": self.effort.best,
            "enough": self.effort.enough,
        }
        return told | {"progress": [asdict(one) for one in self.progress]}


def dock_worth(
    candidates: Sequence[Candidate],
    dock: DockBatch,
    effort: Effort,
    folder: Path,
    prints: Prints | None = None,
    *,
    large: int = LARGE,
    workers: int = 1,
    ray: str | None = None,
    progress: bool = True,
) -> Docking:
    """Dock the candidates that are worth it.

    Parameters
    ----------
    candidates : sequence of Candidate
    dock : callable
    effort : Effort
    folder : Path
        Holds a file for each batch; a killed run reads them and goes on, with the result of one never stopped.
    prints : Prints, optional
        Of the candidates.
    large : int
        Of more candidates the surrogate sees these alone, 300 bytes of each.
    workers, ray, progress
        See `bencao.kernel.compute.map`; of what the surrogate sees of many candidates.

    Returns
    -------
    Docking

    Raises
    ------
    InputError
        No candidate, or an effort that leaves nothing to do.
    """
    if not candidates:
        raise InputError("no molecule came through the filter", where="library", mend="widen the bounds")
    budget = effort.budget(len(candidates))
    if len(candidates) <= effort.most:
        ligands = [(one.label, one.smiles) for one in candidates]
        answers = dict(enumerate(dock(ligands, folder / "docking-0001.checkpoint")))
        return Docking(answers, (Progress(len(answers), 1.0, 1.0),), False, "all", effort)
    answers = {}
    batches = 0

    def score(places: Sequence[int]) -> list[float]:
        nonlocal batches
        batches += 1
        ligands = [(candidates[place].label, candidates[place].smiles) for place in places]
        found = dock(ligands, folder / f"docking-{batches:04}.checkpoint")
        answers.update(zip(places, found, strict=True))
        return [one.score if isinstance(one, Docked) else math.nan for one in found]

    lean = prints if prints is not None and len(candidates) > large else None
    features = lean if lean is not None else _features(candidates, workers, ray, progress)
    rounds: list[Progress] = []
    docked = 0
    for done in screen_actively(features, score, budget):
        docked += len(done.scored)
        rounds.append(Progress(docked, done.recovery.estimate, done.recovery.low))
    stopped = found_enough([one.low for one in rounds], budget.enough)
    return Docking(answers, tuple(rounds), True, "enough" if stopped else "most", effort)


def _features(candidates: Sequence[Candidate], workers: int, ray: str | None, progress: bool) -> Features:
    rows = (LibraryRow(one.row, one.parent) for one in candidates)
    if len(candidates) <= _FEW:
        return features_of(map(_seen, rows))
    told = each_row(_seen, rows, workers=workers, ray=ray, label="features", progress=progress)
    return features_of(found for _, found in told)


def _seen(row: LibraryRow) -> Seen:
    return seen(row.molecule())
