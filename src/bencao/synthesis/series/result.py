"""What planning a series gives: a route for each target, and each step of them once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bencao.kernel.errors import BencaoError
from bencao.synthesis.route import REACTION_CLASSES, Plan, Proposal, Route


@dataclass(frozen=True)
class SeriesMember:
    """A target of a series and what came of it.

    Attributes
    ----------
    name, given : str
        As given.
    plan : Plan or None
        With one route, that of the joint plan; where the target cannot be made from stock, with the partial routes of
        its own search. None where there is an `error`.
    alone : Route or None
        The shortest route that it would have alone: what its own plan puts first, or a shorter one of all steps met.
    solved_alone : bool
        Whether its own search found a route from stock.
    error : BencaoError or None
        Why it was not planned.
    """

    name: str
    given: str
    plan: Plan | None = None
    alone: Route | None = None
    solved_alone: bool = False
    error: BencaoError | None = None

    @property
    def route(self) -> Route | None:
        """Its route of the joint plan; None where it cannot be made from stock."""
        return self.plan.routes[0] if self.plan and self.plan.solved else None

    @property
    def steps(self) -> int:
        """Distinct steps of its route of the joint plan; 0 without one."""
        return len(reactions_of(self.route)) if self.route else 0

    @property
    def steps_alone(self) -> int:
        """Distinct steps of the shortest route that it would have alone; 0 without one."""
        return len(reactions_of(self.alone)) if self.alone else 0

    def as_json(self) -> dict[str, Any]:
        """The member; its form is documented in ``docs/synthesis.md``."""
        error = self.error and {
            "kind": self.error.kind,
            "where": self.error.where,
            "cause": self.error.cause,
            "mend": self.error.mend,
        }
        return {
            "name": self.name,
            "given": self.given,
            "solved": self.route is not None,
            "solved_alone": self.solved_alone,
            "steps": self.steps,
            "steps_alone": self.steps_alone,
            "plan": self.plan.as_json() if self.plan else None,
            "error": error,
        }


@dataclass(frozen=True)
class SeriesStep:
    """A step of a joint plan.

    Attributes
    ----------
    product : str
        Canonical SMILES.
    proposal : Proposal
    members : tuple of int
        Places, from 0, of the members whose routes have it.
    """

    product: str
    proposal: Proposal
    members: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """The step by its field names, with its class in words."""
        return {
            "product": self.product,
            "reactants": self.proposal.reactants,
            "probability": round(self.proposal.probability, 6),
            "class": self.proposal.reaction_class,
            "class_name": REACTION_CLASSES[self.proposal.reaction_class],
            "members": list(self.members),
        }


@dataclass(frozen=True)
class Series:
    """The answer to "how do I make all of these?".

    Attributes
    ----------
    members : tuple of SeriesMember
        In the order given, bad ones included.
    steps : tuple of SeriesStep
        Each step of the joint plan once, in an order in which they can be done.
    provenance : tuple of (str, str)
        Names of model, stock and settings with their versions or digests.
    """

    members: tuple[SeriesMember, ...]
    steps: tuple[SeriesStep, ...]
    provenance: tuple[tuple[str, str], ...] = ()

    @property
    def solved(self) -> int:
        """Number of targets with a route from stock."""
        return sum(member.route is not None for member in self.members)

    @property
    def steps_together(self) -> int:
        """Steps of the joint plan, each counted once."""
        return len(self.steps)

    @property
    def steps_apart(self) -> int:
        """Steps of the shortest routes that the targets would have alone, added up."""
        return sum(member.steps_alone for member in self.members)

    @property
    def purchases_together(self) -> int:
        """Different starting materials of the joint plan."""
        return len(_leaves(member.route for member in self.members))

    @property
    def purchases_apart(self) -> int:
        """Different starting materials of the routes that the targets would have alone."""
        return len(_leaves(member.alone for member in self.members))

    @property
    def reproducible(self) -> bool:
        """False where the clock ended a search."""
        return all(member.plan.reproducible for member in self.members if member.plan)

    @property
    def shared(self) -> tuple[SeriesStep, ...]:
        """Steps to the intermediates at which routes part: several members need them, and go on differently."""
        members = {step.product: step.members for step in self.steps}
        parting = {
            reactant
            for step in self.steps
            for reactant in step.proposal.reactants.split(".")
            if len(members.get(reactant, ())) > 1 and step.members != members[reactant]
        }
        return tuple(step for step in self.steps if step.product in parting)

    def as_json(self) -> dict[str, Any]:
        """The series; its form is documented in ``docs/synthesis.md``."""
        return {
            "targets": len(self.members),
            "solved": self.solved,
            "steps_together": self.steps_together,
            "steps_apart": self.steps_apart,
            "purchases_together": self.purchases_together,
            "purchases_apart": self.purchases_apart,
            "shared": [step.product for step in self.shared],
            "reproducible": self.reproducible,
            "provenance": dict(self.provenance),
            "members": [member.as_json() for member in self.members],
            "steps": [step.as_json() for step in self.steps],
        }


def _leaves(routes: Iterable[Route | None]) -> set[str]:
    return {leaf.smiles for route in routes if route for leaf in route.leaves}


def reactions_of(route: Route) -> dict[tuple[str, str], Proposal]:
    """The distinct steps of a route by product and reactants, in an order in which they can be done."""
    found: dict[tuple[str, str], Proposal] = {}
    waiting = [route.root]
    while waiting:
        node = waiting.pop()
        if node.step:
            found.pop((node.smiles, node.step.reactants), None)  # met again further down, so it is done earlier
            found[node.smiles, node.step.reactants] = node.step
            waiting.extend(reversed(node.precursors))
    return dict(reversed(found.items()))
