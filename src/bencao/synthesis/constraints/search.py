"""Search for routes that hold to constraints, and report how each stands to them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rdkit import Chem

from bencao.synthesis.chemistry.molecule import Target
from bencao.synthesis.constraints.bonds import NO_BONDS
from bencao.synthesis.constraints.proposer import ConstrainedProposer, ConstrainedStock, HeldBonds
from bencao.synthesis.constraints.report import TargetBonds, holds, outcomes, wished_for
from bencao.synthesis.constraints.safety import flags, lists_identity, refusal, refuse_target
from bencao.synthesis.constraints.settings import ConstraintError, Constraints, bonds_of_target, element
from bencao.synthesis.remembering import RememberingProposer
from bencao.synthesis.route import Plan, Route
from bencao.synthesis.seams import Proposer, Stock
from bencao.synthesis.search import Limits, Progress, search

# Share of the budget that goes to routes with all that is required; the rest finds others where there is none.
_WISHED_SHARE = 2 / 3


@dataclass(frozen=True)
class _Order:
    """All that a search under constraints needs."""

    target: Target
    proposer: Proposer
    stock: Stock
    constraints: Constraints
    bonds: TargetBonds
    routes: int
    progress: Progress | None

    def search(self, limits: Limits, wishes: bool) -> Plan:
        """One search; with `wishes` only for routes that have all that is required."""
        to_break = frozenset({self.bonds.to_break}) if wishes and self.bonds.to_break else NO_BONDS
        held = HeldBonds(self.target.smiles, frozenset(self.bonds.frozen))
        to_be_broken = HeldBonds(self.target.smiles, to_break)
        stock = ConstrainedStock(self.stock, self.constraints, to_be_broken)
        proposer = ConstrainedProposer(self.proposer, stock, self.constraints, held, to_be_broken)

        def accept(route: Route) -> bool:
            found = outcomes(route, self.constraints, self.bonds)
            return holds(found) and (not wishes or wished_for(found))

        asked = self.constraints != Constraints()
        return search(
            self.target.smiles,
            proposer,
            stock,
            limits=limits,
            routes=self.routes,
            progress=self.progress,
            accept=accept if asked else None,
        )


def constrained_search(
    target: Target,
    proposer: Proposer,
    stock: Stock,
    constraints: Constraints,
    *,
    limits: Limits,
    routes: int = 5,
    progress: Progress | None = None,
) -> Plan:
    """Search for routes to a target within constraints.

    Where a disconnection or starting materials are required, two thirds of the budget go to routes that have them.
    Only where none is solved does the rest go to other routes, which say that they have not.

    Parameters
    ----------
    target : Target
    proposer : Proposer
        Asked once for each batch.
    stock : Stock
    constraints : Constraints
    limits : Limits
        Of both searches together; the depth is at most the most steps.
    routes : int
        Number of routes at most.
    progress : callable, optional
        See `search`; the second search counts from 0 again.

    Returns
    -------
    Plan
        Each route with its `ConstraintOutcome`; the plan with warnings for controlled drugs, energetic groups and
        scheduled chemicals among its molecules, and with the constraints in its provenance.

    Raises
    ------
    ScheduledTarget, ExplosiveTarget
        A target to which no route is planned.
    ConstraintError
        A bond that the target has not, or a banned element that it holds.
    """
    refuse_target(target)
    _refuse_element(target, constraints)
    order = _Order(
        target, RememberingProposer(proposer), stock, constraints, _target_bonds(target, constraints), routes, progress
    )
    within = replace(limits, depth=min(limits.depth, constraints.most_steps or limits.depth))
    if constraints.required_break or constraints.required_leaves:
        found = _search_wishes_first(order, within)
    else:
        found = order.search(within, wishes=False)
    checked = tuple(replace(route, constraints=outcomes(route, constraints, order.bonds)) for route in found.routes)
    asked = {"search.expansions": limits.expansions, "search.seconds": limits.seconds}
    told = tuple((name, str(asked[name]) if asked.get(name) else value) for name, value in found.provenance)
    return replace(
        found,
        routes=checked,
        warnings=molecule_warnings(target.smiles, checked),
        provenance=(*told, *lists_identity(), *constraints.identity),
    )


def _search_wishes_first(order: _Order, limits: Limits) -> Plan:
    begun = time.monotonic()
    expansions = limits.expansions and max(1, int(limits.expansions * _WISHED_SHARE))
    seconds = limits.seconds and limits.seconds * _WISHED_SHARE
    first = order.search(replace(limits, expansions=expansions, seconds=seconds), wishes=True)
    left = limits.expansions and limits.expansions - first.expansions
    time_left = limits.seconds and limits.seconds - (time.monotonic() - begun)
    if first.solved or (left is not None and left < 1) or (time_left is not None and time_left <= 0):
        return first
    second = order.search(replace(limits, expansions=left, seconds=time_left), wishes=False)
    given = second if second.solved or not first.routes else first
    return replace(
        given,
        expansions=first.expansions + second.expansions,
        reproducible=first.reproducible and second.reproducible,
        stopped=second.stopped,
    )


def _target_bonds(target: Target, constraints: Constraints) -> TargetBonds:
    last = (constraints.required_break,) if constraints.required_break else ()
    places = bonds_of_target((*constraints.frozen_bonds, *last), target)
    frozen = len(constraints.frozen_bonds)
    return TargetBonds(places[:frozen], places[frozen] if last else None)


def _refuse_element(target: Target, constraints: Constraints) -> None:
    held = {atom.GetAtomicNum() for atom in Chem.MolFromSmiles(target.smiles).GetAtoms()}
    for symbol in constraints.banned_elements:
        if element(symbol) in held:
            raise ConstraintError(
                f"{symbol} is banned, and the target holds it", where=target.smiles, mend="allow the element"
            )


def molecule_warnings(target: str, routes: tuple[Route, ...]) -> tuple[str, ...]:
    """What must be known of the molecules of a plan, each once: drugs under control, what is scheduled or energetic."""
    molecules = dict.fromkeys((target, *(node.smiles for route in routes for node in route.root.walk())))
    return tuple(warning for smiles in molecules for warning in _warnings_of(smiles))


def _warnings_of(smiles: str) -> Iterator[str]:
    listed = refusal(smiles)
    if listed and listed.kind == "weapon":
        yield f"scheduled: {smiles} ({listed.name}; {listed.entry}) may be bought, and is not made here"
    found = flags(smiles)
    for one in found:
        if one.kind == "controlled":
            yield f"controlled drug: {smiles} ({one.name}; {one.entry})"
    if energetic := ", ".join(one.name for one in found if one.kind == "energetic"):
        yield f"energetic: {smiles} ({energetic})"
