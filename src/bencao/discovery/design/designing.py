"""A design from objectives to a list: the generator, its journal, and the routes of what it proposes."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from rdkit import Chem

from bencao.discovery.active.journal import Journal
from bencao.discovery.design.breeding import assemble, molecule_of
from bencao.discovery.design.generator import Effort, design_molecules
from bencao.discovery.design.objectives import Objectives
from bencao.discovery.design.prior import load_prior
from bencao.discovery.errors import LibraryError
from bencao.discovery.molecules.reading import read_library
from bencao.discovery.molecules.standardising import standard_parent
from bencao.discovery.routes import RouteAnswer, load_planner, route_with
from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import make_folder

SCORES, ROUTES = "scores.journal", "routes.journal"


@dataclass(frozen=True)
class Routes:
    """How routes are looked for.

    Attributes
    ----------
    expansions : int
        The planner's budget for a molecule; 0 looks for none.
    required : bool
        Whether only what has a route is scored.

    Raises
    ------
    InputError
        Routes are required without a budget to find them.
    """

    expansions: int = 20
    required: bool = False

    def __post_init__(self) -> None:
        if self.expansions < 0 or (self.required and not self.expansions):
            raise InputError(f"{self.expansions}", where="expansions", mend="give 1 or more where routes are required")


@dataclass(frozen=True)
class Designed:
    """A proposed molecule.

    Attributes
    ----------
    rank : int
    smiles : str
        Without stereo.
    score : float
        In [0, 1].
    parts : tuple of float
        Desirability by each objective.
    strange : int
        Environments of atoms that drug-like molecules do not have.
    route : RouteAnswer or None
        None where no route was looked for.
    """

    rank: int
    smiles: str
    score: float
    parts: tuple[float, ...]
    strange: int
    route: RouteAnswer | None


@dataclass(frozen=True)
class Designs:
    """What a design came to.

    Attributes
    ----------
    best : tuple of Designed
        Where routes were required, only those that have one.
    terms : tuple of str
        Names of the objectives.
    scored : tuple of (str, float)
        Everything that was scored, in order; those started from first.
    started : int
        How many these are.
    unsolved : int
        Molecules that were bred but had no route, and so were not scored.
    """

    best: tuple[Designed, ...]
    terms: tuple[str, ...]
    scored: tuple[tuple[str, float], ...]
    started: int
    unsolved: int = 0


class RouteBook:
    """Routes that were looked for, on disk, so that none is looked for twice.

    Parameters
    ----------
    path : Path or None
    expansions : int
    find : callable, optional
        Of (SMILES, expansions), a `RouteAnswer`; the shipped planner where not given.
    """

    def __init__(
        self, path: Path | None, expansions: int, find: Callable[[tuple[str, int]], RouteAnswer] | None = None
    ) -> None:
        self._journal = Journal[str](path, ("routes", expansions), dict)
        self._expansions = expansions
        self._find = find

    def __enter__(self) -> RouteBook:
        return self

    def __exit__(self, *_: object) -> None:
        self._journal.__exit__()

    def route(self, smiles: str) -> RouteAnswer:
        """The route of a molecule, or why there is none."""
        told = next(self._journal.scores((smiles,), self._looked_for))
        return RouteAnswer(**(told | {"tiers": tuple(told["tiers"])}))

    def solved(self, smiles: str) -> bool:
        """Whether a molecule has a route."""
        return self.route(smiles).solved

    def _looked_for(self, asked: Sequence[str]) -> list[dict[str, Any]]:
        find = self._find or functools.partial(route_with, _planner())
        return [find((smiles, self._expansions)).as_json() for smiles in asked]


@functools.cache
def _planner() -> Any:
    return load_planner()


def start_size(effort: Effort) -> int:
    """How many molecules to start from: a tenth of the calls, but 10 to 100."""
    return max(10, min(100, effort.calls // 10))


def read_start(path: Path, most: int, seed: int) -> list[str]:
    """Molecules of a library to start from, in the form in which the generator takes them: standard, without stereo.

    Parameters
    ----------
    path : path
    most : int
        Drawn at random where there are more.
    seed : int

    Returns
    -------
    list of str
        SMILES, all different; there are fewer where drawn rows cannot be used.

    Raises
    ------
    LibraryError
        The file cannot be read, or none of its molecules can be used.
    """
    rows = list(read_library(path))
    found: dict[str, None] = {}
    for row in Random(seed).sample(rows, min(most, len(rows))):
        with contextlib.suppress(BencaoError):
            molecule = standard_parent(row.molecule(), where=f"row {row.row}")
            Chem.RemoveStereochemistry(molecule)
            found[Chem.MolToSmiles(molecule)] = None
    if not found:
        raise LibraryError("none of the molecules drawn can be used", where=str(path), mend="give organic molecules")
    return list(found)


def design_for(
    objectives: Objectives,
    out: Path,
    effort: Effort,
    *,
    start: Sequence[str] | None = None,
    routes: Routes | None = None,
    best: int = 100,
    told: Callable[[int, float], None] | None = None,
) -> Designs:
    """Design molecules for objectives.

    Parameters
    ----------
    objectives : Objectives
    out : Path
        Folder of the journals; the same design run again goes on from them to the same result.
    effort : Effort
    start : sequence of str, optional
        SMILES to start from; `start_size` assembled from pieces of drug-like molecules where not given.
    routes : Routes, optional
    best : int
        Molecules wanted.
    told : callable, optional
        Called after each batch with the number of molecules scored and the best score.

    Returns
    -------
    Designs

    Raises
    ------
    InputError
        See `design_molecules`; the journals are another design's or cannot be written.
    """
    make_folder(out)
    routes = routes or Routes()
    if start is None:
        start = assemble(load_prior(), start_size(effort), effort.seed, effort.atoms)
    scored: list[tuple[str, float]] = []
    with RouteBook(out / ROUTES, routes.expansions) as book:
        bred: dict[str, bool] = {}

        def makeable(smiles: str) -> bool:
            bred[smiles] = book.solved(smiles)
            return bred[smiles]

        batches = design_molecules(
            start,
            lambda smiles: map(objectives.score, smiles),
            effort,
            makeable=makeable if routes.required else None,
            journal=out / SCORES,
            job=(objectives.told, routes.required, routes.expansions if routes.required else 0),
        )
        started = 0
        for batch in batches:
            scored += [(one.smiles, one.score) for one in batch]
            started = started or len(scored)
            if told:
                told(len(scored), max(score for _, score in scored))
        ranked = sorted(scored, key=lambda one: (-one[1], one[0]))
        if routes.required:
            ranked = [one for one in ranked if bred.get(one[0])]
        chosen = [
            Designed(
                rank,
                smiles,
                score,
                objectives.parts(molecule_of(smiles)),
                load_prior().strange(molecule_of(smiles)),
                book.route(smiles) if routes.expansions else None,
            )
            for rank, (smiles, score) in enumerate(ranked[:best], start=1)
        ]
    unsolved = sum(not can for can in bred.values()) - sum(not bred.get(one, True) for one, _ in scored[:started])
    return Designs(tuple(chosen), tuple(term.name for term in objectives.terms), tuple(scored), started, unsolved)
