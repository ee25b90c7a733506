"""What is known of each hit: whether its pose is possible, what holds it, its ADMET, and whether it can be made."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.discovery.admet.predicting import Admet, predict_admet
from bencao.discovery.docking.docking import Docked
from bencao.discovery.docking.results import Judged, judged
from bencao.discovery.errors import MoleculeError
from bencao.discovery.funnel.sieve import Candidate
from bencao.discovery.funnel.watching import Watch, unwatched, watched
from bencao.discovery.molecules.properties import Properties, molecule_properties
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel import compute
from bencao.kernel.compute import Failure


@dataclass(frozen=True)
class Hit:
    """A molecule of the short list.

    Attributes
    ----------
    rank : int
        By docking score, from 1.
    candidate : Candidate
    properties : Properties
        Of its standard form.
    docked : Docked
    judged : Judged
        Checks and contacts of the best pose.
    route : RouteAnswer or None
        None where no route was asked for.
    admet : Admet or None
        Of its standard form; None where that could not be described.
    """

    rank: int
    candidate: Candidate
    properties: Properties
    docked: Docked
    judged: Judged
    route: Any = None
    admet: Admet | None = None

    def as_json(self) -> dict[str, Any]:
        """All of it but the poses."""
        one, found = self.candidate, self.properties
        answer: dict[str, Any] = {"rank": self.rank, "row": one.row, "name": one.name, "smiles": one.smiles}
        answer |= self.judged.as_json()
        answer["properties"] = {
            name: round(float(getattr(found, name)), 3)
            for name in ("weight", "logp", "tpsa", "donors", "acceptors", "rotatable", "qed")
        }
        answer["alerts"] = {"pains": list(found.pains), "brenk": list(found.brenk)}
        answer["nearest_active"] = {"name": one.nearest, "similarity": one.similarity} if one.nearest else None
        answer["admet"] = None if self.admet is None else self.admet.as_json()
        answer["route"] = None if self.route is None else self.route.as_json()
        return answer


def ranked(candidates: Sequence[Candidate], answers: dict[int, Docked | Failure]) -> list[tuple[Candidate, Docked]]:
    """Those that were docked, best score first; ties by their row."""
    docked = [(candidates[place], one) for place, one in answers.items() if isinstance(one, Docked)]
    return sorted(docked, key=lambda pair: (pair[1].score, pair[0].row))


def assess(
    chosen: Sequence[tuple[Candidate, Docked]],
    receptor: Receptor,
    folder: Path,
    *,
    expansions: int = 100,
    workers: int = 1,
    ray: str | None = None,
    progress: bool = True,
    watch: Watch = unwatched,
) -> tuple[Hit, ...]:
    """Check the best pose of each hit, list its contacts, predict its ADMET, and look for a route.

    Parameters
    ----------
    chosen : sequence of (Candidate, Docked)
        In the order of their ranks.
    receptor : Receptor
    folder : Path
        Holds what is finished, so that a killed run goes on.
    expansions : int
        Budget of the route planner for each; 0 asks for no route.
    workers, ray, progress
        See `bencao.kernel.compute.map`.
    watch : Watch
        Told after each hit's checks, and after each route.

    Returns
    -------
    tuple of Hit
    """
    how: dict[str, Any] = {"workers": workers, "engine": "ray" if ray else "processes", "address": ray}
    how["progress"] = progress
    judging = compute.imap(
        _judge,
        [docked for _, docked in chosen],
        setup=functools.partial(_keep, receptor),
        checkpoint=folder / "checks.checkpoint",
        label="poses",
        **how,
    )
    verdicts = [verdict for _, verdict in watched(judging, watch, "checks", len(chosen))]
    routes: list[Any] = [None] * len(chosen)
    if expansions:
        from bencao.discovery.routes import load_planner, route_with

        planning = compute.imap(
            route_with,
            [(one.smiles, expansions) for one, _ in chosen],
            setup=load_planner,
            checkpoint=folder / "routes.checkpoint",
            label="routes",
            **how,
        )
        routes = [route for _, route in watched(planning, watch, "routes", len(chosen))]
    return tuple(
        Hit(
            rank,
            one,
            molecule_properties(LibraryRow(one.row, one.parent)),
            docked,
            _verdict(verdict, docked),
            None if isinstance(route, Failure) else route,
            _admet(one),
        )
        for rank, ((one, docked), verdict, route) in enumerate(zip(chosen, verdicts, routes, strict=True), 1)
    )


def _keep(receptor: Receptor) -> Receptor:
    return receptor


def _judge(receptor: Receptor, docked: Docked) -> Judged:
    return judged(docked, receptor)


def _admet(candidate: Candidate) -> Admet | None:
    try:
        return predict_admet(LibraryRow(candidate.row, candidate.parent))
    except MoleculeError:
        return None


def _verdict(answer: Judged | Failure, docked: Docked) -> Judged:
    return Judged(docked) if isinstance(answer, Failure) else answer
