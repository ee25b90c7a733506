"""Search on small made-up chemistries: molecules are letters, so that every true route can be listed."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from math import inf, log
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.kernel.errors import InputError
from bencao.synthesis.route import ForwardVerdict, Plan, Proposal, RouteNode, StockEntry
from bencao.synthesis.seams import Batch, Unchecked
from bencao.synthesis.search import Limits, search, size_estimate
from bencao.synthesis.search.estimate import COST_PER_ATOM
from bencao.synthesis.search.graph import STEP_COST, Graph, Molecule

Steps = dict[str, list[tuple[str, float]]]


@dataclass(frozen=True)
class Cut:
    """How proposals are cut into batches: their sizes, the last for all that is left, and how loose the bounds are.

    A bound lies between the next proposal's probability (`slack` 0) and the bound before it (`slack` 1).
    """

    sizes: tuple[int, ...] = ()
    slack: float = 0.0

    def batches(self, proposals: tuple[Proposal, ...]) -> Iterator[Batch]:
        bound, at = 1.0, 0
        for size in self.sizes:
            following = max((p.probability for p in proposals[at + size :]), default=0.0)
            bound = following + self.slack * (bound - following)
            yield Batch(proposals[at : at + size], bound)
            if not bound:
                return
            at += size
        yield Batch(proposals[at:], 0.0)


EAGER = Cut()
ONE_BY_ONE = Cut((1,) * 50)
cuts = st.builds(Cut, st.lists(st.integers(0, 2), max_size=4).map(tuple), st.sampled_from([0.0, 0.3, 1.0]))


@dataclass
class TableProposer:
    """Proposes what a table says, and keeps what it was asked: a molecule once for each batch it gave."""

    steps: Steps
    failing: frozenset[tuple[str, str]] = frozenset()
    cut: Cut = EAGER
    late: bool = False  # whether steps wait for their forward run
    asked: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    identity: tuple[tuple[str, str], ...] = (("model", "table"),)

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        ranked = sorted(self.steps.get(smiles, []), key=lambda step: -step[1])
        return tuple(
            Proposal(reactants, p, "template", 0, ForwardVerdict(ok=(smiles, reactants) not in self.failing))
            for reactants, p in ranked[:top]
        )

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        for batch in self.cut.batches(self.propose(smiles, top)):
            self.asked.append(smiles)
            late = tuple(Unchecked(p.reactants, p.probability, partial(self._run, p)) for p in batch.proposals)
            yield Batch(late, batch.bound) if self.late else batch

    def _run(self, proposal: Proposal) -> Proposal | None:
        self.run.append(proposal.reactants)
        return proposal if proposal.forward.ok else None


@dataclass
class TableStock:
    """Has the molecules of one string; the lower-case ones only perhaps, under their upper-case name."""

    names: str
    identity: tuple[tuple[str, str], ...] = (("stock", "letters"),)

    def find(self, smiles: str) -> StockEntry | None:
        if smiles in self.names.split():
            return StockEntry("building-block", "made up")
        return StockEntry("perhaps", "made up") if smiles.lower() in self.names.split() else None


def nothing(smiles: str) -> float:
    """The estimate that is never too high."""
    return 0.0


def plan(steps: Steps, stock: str, **options: object) -> Plan:
    limits = options.pop("limits", Limits())
    proposer = TableProposer(steps, cut=options.pop("cut", EAGER))
    return search("T", proposer, TableStock(stock), limits=limits, estimate=nothing, **options)


def written(node: RouteNode) -> str:
    """``T(A(b c) d)``: the tree in one line."""
    return f"{node.smiles}({' '.join(map(written, node.precursors))})" if node.step else node.smiles


def routes_of(found: Plan) -> list[str]:
    return [written(route.root) for route in found.routes]


def cost_of(node: RouteNode) -> float:
    return sum(STEP_COST - log(n.step.probability) for n in node.walk() if n.step)


# --- all true routes, listed without the search -------------------------------------------------------------------


def true_costs(steps: Steps, stock: str, depth: int) -> list[float]:
    """Costs of all solved routes, by trying every choice of one reaction for each molecule."""
    in_stock = set(stock.split()) - {"T"}
    makable = [m for m in steps if m not in in_stock and steps[m]]
    routes: dict[frozenset[tuple[str, str]], float] = {}
    for choice in itertools.product(*(steps[m] for m in makable)):
        chosen = dict(zip(makable, choice, strict=True))
        used: set[tuple[str, str]] = set()
        cost = tree_cost("T", chosen, in_stock, depth, (), used)
        if cost < inf:
            routes[frozenset(used)] = cost
    return sorted(routes.values())


def tree_cost(
    molecule: str,
    chosen: dict[str, tuple[str, float]],
    in_stock: set[str],
    left: int,
    above: tuple[str, ...],
    used: set[tuple[str, str]],
) -> float:
    if molecule in in_stock:
        return 0.0
    if molecule in above or molecule not in chosen or left == 0:
        return inf
    reactants, probability = chosen[molecule]
    used.add((molecule, reactants))
    below = (tree_cost(r, chosen, in_stock, left - 1, (*above, molecule), used) for r in reactants.split("."))
    return STEP_COST - log(probability) + sum(below)


LETTERS = "TABCDEFG"


@st.composite
def chemistries(draw: st.DrawFn) -> tuple[Steps, str]:
    """Up to three ways to make each of eight molecules from any of them: cycles, shared molecules, dead ends."""
    sides = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=3).map(lambda names: ".".join(sorted(names)))
    steps: Steps = {}
    for molecule in LETTERS[: draw(st.integers(3, 8))]:
        reactants = draw(st.lists(sides.filter(lambda s, m=molecule: m not in s), max_size=3, unique=True))
        steps[molecule] = [(r, draw(st.sampled_from([0.05, 0.2, 0.37, 0.5, 0.9, 1.0]))) for r in reactants]
    stock = draw(st.lists(st.sampled_from(LETTERS), max_size=3, unique=True))
    return steps, " ".join(stock)


@given(chemistries(), st.integers(1, 8), st.integers(1, 6), cuts)
@settings(max_examples=300, deadline=None)
def test_routes_are_the_k_cheapest_of_all_true_routes_however_proposals_come(
    chemistry: tuple[Steps, str], depth: int, count: int, cut: Cut
) -> None:
    steps, stock = chemistry
    found = plan(steps, stock, limits=Limits(depth=depth), routes=count, cut=cut)
    truth = true_costs(steps, stock, depth)[:count]
    if truth:
        assert [cost_of(route.root) for route in found.routes] == pytest.approx(truth, rel=1e-9)
    assert found.solved == bool(truth)
    assert found.stopped == ("routes" if len(truth) == count else "exhausted")


@given(chemistries(), st.integers(1, 8), st.integers(1, 6), cuts, st.randoms())
@settings(max_examples=200, deadline=None)
def test_steps_that_fail_once_they_are_run_are_as_if_they_had_not_been_proposed(
    chemistry: tuple[Steps, str], depth: int, count: int, cut: Cut, chance: Random
) -> None:
    steps, stock = chemistry
    failing = frozenset((m, r) for m, ways in steps.items() for r, _ in ways if chance.random() < 0.4)
    proposer = TableProposer(steps, failing, cut, late=True)
    limits = Limits(depth=depth)
    found = search("T", proposer, TableStock(stock), limits=limits, routes=count, estimate=nothing)
    left = {m: [way for way in ways if (m, way[0]) not in failing] for m, ways in steps.items()}
    truth = true_costs(left, stock, depth)[:count]
    assert found.solved == bool(truth)
    if truth:
        assert [cost_of(route.root) for route in found.routes] == pytest.approx(truth, rel=1e-9)
    else:
        assert bool(found.routes) == bool(plan(left, stock, limits=limits, routes=count).routes)
    used = [(n.smiles, n.step.reactants) for route in found.routes for n in route.root.walk() if n.step]
    assert not failing.intersection(used)


@given(chemistries(), st.integers(1, 8), st.integers(1, 12), st.sampled_from([nothing, size_estimate]), cuts)
@settings(max_examples=150, deadline=None)
def test_every_route_obeys_the_rules_of_a_route(
    chemistry: tuple[Steps, str], depth: int, expansions: int, estimate: Callable[[str], float], cut: Cut
) -> None:
    steps, stock = chemistry
    proposer, shelf = TableProposer(steps, cut=cut), TableStock(stock)
    limits = Limits(expansions=expansions, depth=depth)
    found = search("T", proposer, shelf, limits=limits, estimate=estimate)
    assert found.expansions == len(proposer.asked) <= expansions
    sets_of_steps = set()
    for route in found.routes:
        made = {n.smiles: n.step.reactants for n in route.root.walk() if n.step}
        assert all(made[n.smiles] == n.step.reactants for n in route.root.walk() if n.step)
        assert all(leaf.smiles not in made for leaf in route.leaves if route.solved)
        assert not repeats_on_a_line(route.root, ())
        assert 1 <= route.longest_line <= depth
        assert route.solved == all(n.stock is not None for n in route.leaves)
        sets_of_steps.add(frozenset(made.items()))
    assert len(sets_of_steps) == len(found.routes)
    assert len({route.solved for route in found.routes}) <= 1


@given(chemistries(), st.integers(2, 8), st.lists(st.integers(0, 6), min_size=8, max_size=8), st.randoms(), cuts)
@settings(max_examples=200, deadline=None)
def test_open_costs_are_those_of_a_fresh_reckoning_whatever_is_expanded(
    chemistry: tuple[Steps, str], depth: int, guesses: list[int], order: Random, cut: Cut
) -> None:
    steps, stock = chemistry
    guess = dict(zip(LETTERS, guesses, strict=True))
    graph = Graph("T", TableStock(stock).find, guess.__getitem__, depth)
    proposer = TableProposer(steps, cut=cut)
    batches = {name: proposer.batches(name) for name in LETTERS}
    bounds: dict[str, float] = {}
    while rests := fresh_rests(graph, depth, bounds):
        molecule = order.choice(list(rests))
        batch = next(batches[molecule.smiles])
        graph.expand(molecule, batch)
        bounds[molecule.smiles] = batch.bound
        assert [m.open for m in graph.molecules] == pytest.approx(fresh_open_costs(graph, depth, bounds))


def test_reactant_that_becomes_cheap_to_solve_makes_its_partner_cheaper_to_open() -> None:
    steps: Steps = {"T": [("A.B", 1.0)], "A": [("C", 1.0), ("D", 1.0)], "D": [("e", 1.0)]}
    proposer = TableProposer(steps)
    graph = Graph("T", TableStock("e").find, {"T": 0.0, "A": 0.0, "B": 1.0, "C": 1.0, "D": 5.0}.__getitem__, 8)
    for smiles in ("T", "A", "D"):
        leaf = next(m for m in graph.molecules if m.smiles == smiles)
        graph.expand(leaf, Batch(proposer.propose(smiles), 0.0))
    assert graph.root.open == pytest.approx(1.0 + 3 * STEP_COST)  # A from e by two steps, B still to make


def fresh_rests(graph: Graph, depth: int, bounds: dict[str, float]) -> dict[Molecule, float]:
    """What each molecule costs by the proposals that have not come; none for one that will not be asked about."""
    rests = {}
    for molecule in graph.molecules:
        bound = bounds.get(molecule.smiles)
        if bound is None and not molecule.in_stock and molecule.depth < depth:
            rests[molecule] = molecule.estimate
        elif bound:
            sums = [sum(0.0 if m.in_stock else m.estimate for m in r.reactants) for r in molecule.reactions]
            rests[molecule] = STEP_COST - log(bound) + min([molecule.estimate, *sums])
    return rests


def fresh_open_costs(graph: Graph, depth: int, bounds: dict[str, float]) -> list[float]:
    """Open costs by going over all reactions until nothing changes, from nothing known."""
    costs = dict.fromkeys(graph.molecules, inf) | fresh_rests(graph, depth, bounds)
    for _ in graph.molecules:
        for molecule in graph.molecules:
            for r in molecule.reactions:
                spines = range(len(r.reactants))
                cost = min(
                    sum(costs[m] if i == spine else min(costs[m], m.solved) for i, m in enumerate(r.reactants))
                    for spine in spines
                )
                costs[molecule] = min(costs[molecule], r.cost + cost)
    return list(costs.values())


def repeats_on_a_line(node: RouteNode, above: tuple[str, ...]) -> bool:
    return node.smiles in above or any(repeats_on_a_line(p, (*above, node.smiles)) for p in node.precursors)


# --- what a route may be ------------------------------------------------------------------------------------------


def test_target_in_stock_is_planned_all_the_same() -> None:
    assert routes_of(plan({"T": [("a.b", 0.5)]}, "T a b")) == ["T(a b)"]


def test_step_that_needs_the_target_is_not_looked_into() -> None:
    proposer = TableProposer({"T": [("A", 0.9), ("c", 0.5)], "A": [("B.T", 0.9)], "B": [("c", 0.9)]})
    assert routes_of(search("T", proposer, TableStock("T c"), limits=Limits())) == ["T(c)"]
    assert proposer.asked == ["T", "A"]


def test_proposal_that_fails_its_forward_check_is_not_used() -> None:
    steps: Steps = {"T": [("a", 0.9), ("b", 0.1)]}
    proposer = TableProposer(steps, failing=frozenset({("T", "a")}))
    assert routes_of(search("T", proposer, TableStock("a b"), limits=Limits())) == ["T(b)"]


def test_only_steps_that_the_search_would_use_are_run_forwards() -> None:
    steps: Steps = {"T": [("A", 0.9), ("B", 0.5), ("C", 0.1)], "A": [("a", 0.9), ("D", 0.5)]}
    proposer = TableProposer(steps, late=True)
    found = search("T", proposer, TableStock("a"), limits=Limits(), first=True, estimate=nothing)
    assert routes_of(found) == ["T(A(a))"]
    assert proposer.run == ["A", "a"]


def test_search_turns_to_another_step_once_the_best_fails() -> None:
    steps: Steps = {"T": [("A", 0.9), ("b", 0.1)], "A": [("a", 0.9)]}
    proposer = TableProposer(steps, frozenset({("T", "A")}), late=True)
    assert routes_of(search("T", proposer, TableStock("a b"), limits=Limits(), estimate=nothing)) == ["T(b)"]
    assert "A" not in proposer.asked


def test_molecule_perhaps_in_stock_is_expanded_and_shown_on_the_unsolved_leaf() -> None:
    made = plan({"T": [("A", 0.5)], "A": [("b", 0.5)]}, "a b")
    assert routes_of(made) == ["T(A(b))"]
    assert made.routes[0].root.precursors[0].stock is None
    left = plan({"T": [("A", 0.5)]}, "a")
    assert not left.solved
    assert [leaf.stock.tier for leaf in left.routes[0].leaves if leaf.stock] == ["perhaps"]


def test_score_is_the_product_of_probabilities_and_a_step_used_twice_counts_twice() -> None:
    found = plan({"T": [("A.B", 0.5)], "B": [("A", 0.25)], "A": [("b", 0.1)]}, "b")
    assert routes_of(found) == ["T(A(b) B(A(b)))"]
    assert found.routes[0].score == pytest.approx(0.5 * 0.25 * 0.1 * 0.1)


def test_molecule_needed_twice_is_made_one_way() -> None:
    found = plan({"T": [("A.A", 0.5)], "A": [("b", 0.5), ("c", 0.4)]}, "b c")
    assert routes_of(found) == ["T(A(b) A(b))", "T(A(c) A(c))"]


def test_leaves_carry_their_stock_entry() -> None:
    (route,) = plan({"T": [("a.b", 0.5)]}, "a b").routes
    assert [leaf.stock for leaf in route.leaves] == [StockEntry("building-block", "made up")] * 2


# --- depth --------------------------------------------------------------------------------------------------------


def test_depth_counts_reactions_on_the_longest_line() -> None:
    steps: Steps = {"T": [("A", 0.5)], "A": [("B", 0.5)], "B": [("c", 0.5)]}
    assert not plan(steps, "c", limits=Limits(depth=2)).solved
    assert plan(steps, "c", limits=Limits(depth=3)).solved


def test_molecule_met_at_the_limit_is_expanded_once_it_is_met_higher() -> None:
    steps: Steps = {
        "T": [("A", 0.9), ("C", 0.01)],
        "A": [("B", 0.9)],
        "B": [("X", 0.9)],
        "C": [("X", 0.9)],
        "X": [("d", 0.5)],
    }
    assert routes_of(plan(steps, "d", limits=Limits(depth=3))) == ["T(C(X(d)))"]


def test_molecule_on_a_long_and_a_short_line_takes_the_way_that_fits_both() -> None:
    steps: Steps = {
        "T": [("A.B", 0.9), ("e", 1e-9)],
        "B": [("A", 0.9)],
        "A": [("C", 0.9), ("d", 0.01)],
        "C": [("d", 0.9)],
    }
    assert routes_of(plan(steps, "d e", limits=Limits(depth=3))) == ["T(A(d) B(A(d)))", "T(e)"]
    assert routes_of(plan(steps, "d e", limits=Limits(depth=4)))[0] == "T(A(C(d)) B(A(C(d))))"


# --- proposals a batch at a time ----------------------------------------------------------------------------------


def test_first_route_needs_the_first_batch_only() -> None:
    steps: Steps = {"T": [("A", 0.5), *((f"B{i}", 0.01) for i in range(49))], "A": [("c", 0.5), ("d", 0.1)]}
    proposer = TableProposer(steps, cut=Cut((4, 8, 16), slack=0.1))
    found = search("T", proposer, TableStock("c"), limits=Limits(), first=True)
    assert (routes_of(found), proposer.asked) == (["T(A(c))"], ["T", "A"])


def test_route_that_needs_the_last_batch_is_found() -> None:
    steps: Steps = {"T": [*((f"B{i}", 0.02) for i in range(49)), ("A", 0.001)], "A": [("b", 0.5), ("c", 0.01)]}
    proposer = TableProposer(steps, cut=ONE_BY_ONE)
    found = search("T", proposer, TableStock("c"), limits=Limits(), first=True)
    assert routes_of(found) == ["T(A(c))"]
    assert (proposer.asked.count("T"), proposer.asked.count("A")) == (50, 2)


def test_next_batch_is_asked_for_once_the_known_proposals_look_dearer() -> None:
    steps: Steps = {"T": [("A", 0.5), ("b", 0.3)], "A": [("B", 0.5)], "B": [("C", 0.5)], "C": [("b", 1.0)]}
    proposer = TableProposer(steps, cut=ONE_BY_ONE)
    found = search("T", proposer, TableStock("b"), limits=Limits(), first=True, estimate=nothing)
    assert (routes_of(found), proposer.asked) == (["T(b)"], ["T", "A", "T"])


def test_known_proposal_goes_before_one_to_come_of_the_same_cost() -> None:
    proposer = TableProposer({"T": [("A", 0.5), ("B", 0.5)], "A": [("c", 1.0)]}, cut=ONE_BY_ONE)
    search("T", proposer, TableStock("c"), limits=Limits(), first=True, estimate=nothing)
    assert proposer.asked == ["T", "A"]


def test_proposal_to_come_is_guessed_as_easy_as_the_easiest_so_far() -> None:
    guess = {"T": 9.0, "A": 4.0, "B": 1.0, "C": 3.0, "D": 0.0}.__getitem__
    proposer = TableProposer({"T": [("A", 0.4), ("B.C", 0.2), ("B.B", 0.1), ("D", 0.1)]}, cut=ONE_BY_ONE)
    graph = Graph("T", TableStock("").find, guess, 8)
    rests = []
    for batch in proposer.batches("T"):
        graph.expand(graph.root, batch)
        rests.append(graph.root.rest)
    step = [STEP_COST - log(bound) for bound in (0.2, 0.1, 0.1)]
    assert rests == pytest.approx([step[0] + 4.0, step[1] + 4.0, step[2] + 2.0, inf])


def test_batch_without_a_usable_proposal_leaves_the_guess_of_the_molecule() -> None:
    graph = Graph("T", TableStock("").find, {"T": 2.0}.__getitem__, 8)
    graph.expand(graph.root, Batch((), 0.5))
    assert graph.root.open == pytest.approx(STEP_COST - log(0.5) + 2.0)
    graph.expand(graph.root, Batch((), 0.0))
    assert graph.next_leaf() is None


def test_does_not_stop_with_routes_while_a_cheaper_one_may_come() -> None:
    steps: Steps = {"T": [("A", 0.9), ("b", 0.3)], "A": [("b", 0.2)]}
    found = plan(steps, "b", routes=1, cut=ONE_BY_ONE)
    assert (found.stopped, routes_of(found)) == ("routes", ["T(b)"])


def test_stops_with_routes_although_dearer_proposals_may_come() -> None:
    proposer = TableProposer({"T": [("a", 0.5), ("b", 0.4), ("c", 0.1)]}, cut=ONE_BY_ONE)
    found = search("T", proposer, TableStock("a b c"), limits=Limits(), routes=2, estimate=nothing)
    assert (found.stopped, routes_of(found), proposer.asked) == ("routes", ["T(a)", "T(b)"], ["T", "T"])


def test_is_exhausted_only_after_the_last_batch_of_every_molecule() -> None:
    steps: Steps = {"T": [("A", 0.5), ("b", 0.1)], "A": [("C", 0.5), ("b", 0.1)]}
    proposer = TableProposer(steps, cut=Cut((1, 1), slack=1.0))
    found = search("T", proposer, TableStock("b"), limits=Limits())
    assert (found.stopped, routes_of(found)) == ("exhausted", ["T(b)", "T(A(b))"])
    assert [proposer.asked.count(name) for name in "TAC"] == [3, 3, 3]


def test_molecule_asked_at_the_limit_gets_no_step_beyond_it_from_a_later_batch() -> None:
    steps: Steps = {"T": [("A", 0.9)], "A": [("B", 0.5), ("D", 0.4), ("c", 0.01)], "B": [("c", 1.0)], "D": [("c", 1.0)]}
    found = plan(steps, "c", limits=Limits(depth=2), cut=ONE_BY_ONE)
    assert (found.stopped, routes_of(found)) == ("exhausted", ["T(A(c))"])


def test_later_batch_brings_a_molecule_within_the_depth_limit() -> None:
    steps: Steps = {"T": [("A", 0.9), ("X", 0.01)], "A": [("B", 0.9)], "B": [("X", 0.9)], "X": [("Y", 0.5), ("d", 0.1)]}
    found = plan(steps, "d", limits=Limits(depth=3), cut=ONE_BY_ONE)
    assert (found.stopped, routes_of(found)) == ("exhausted", ["T(X(d))"])


def test_each_batch_counts_as_an_expansion_and_is_reported() -> None:
    seen: list[tuple[int, int]] = []
    steps: Steps = {"T": [("A", 0.5), ("b", 0.4), ("c", 0.3)]}
    found = plan(steps, "b c", cut=ONE_BY_ONE, limits=Limits(expansions=3), progress=lambda *at: seen.append(at[:2]))
    assert (found.stopped, found.expansions) == ("expansions", 3)
    assert seen == [(1, 0), (2, 0), (3, 1)]


# --- why it stopped -----------------------------------------------------------------------------------------------


def endless() -> Steps:
    """A chain without end, longer than any limit used here, and beside it one dear route."""
    chain: Steps = {f"N{i}": [(f"N{i + 1}", 0.9)] for i in range(60)}
    return {"T": [("N0", 0.9), ("a", 0.001)], **chain}


def test_stops_with_routes_when_no_open_route_is_cheaper() -> None:
    found = plan(endless(), "a", routes=1, limits=Limits(depth=50))
    assert (found.stopped, routes_of(found), found.reproducible) == ("routes", ["T(a)"], True)
    assert found.expansions > 20  # the cheaper-looking chain was tried before the answer was given


def test_later_routes_count_towards_the_number_asked_for() -> None:
    steps = endless()
    steps["T"].append(("B", 0.0005))
    found = plan({**steps, "B": [("c", 1.0)]}, "a c", routes=2, limits=Limits(expansions=45, depth=50))
    assert (found.stopped, routes_of(found)) == ("routes", ["T(a)", "T(B(c))"])


def test_first_stops_at_the_first_solved_route() -> None:
    found = plan(endless(), "a", first=True)
    assert (found.stopped, found.expansions, routes_of(found)) == ("routes", 1, ["T(a)"])


def test_stops_exhausted_with_fewer_routes_than_asked_for() -> None:
    found = plan({"T": [("a", 0.5), ("B", 0.5)]}, "a")
    assert (found.stopped, routes_of(found), found.expansions) == ("exhausted", ["T(a)"], 2)


def test_stops_at_the_number_of_expansions() -> None:
    found = plan(endless(), "", limits=Limits(expansions=5))
    assert (found.stopped, found.expansions, found.reproducible) == ("expansions", 5, True)


def test_stops_by_the_clock_and_says_it_cannot_be_repeated() -> None:
    found = plan(endless(), "", limits=Limits(seconds=1e-9))
    assert (found.stopped, found.expansions, found.reproducible) == ("time", 0, False)


def test_unsolved_target_gets_its_best_partial_routes() -> None:
    found = plan({"T": [("a.B", 0.5), ("C", 0.2)], "C": [("a.D", 0.5)]}, "a")
    assert routes_of(found) == ["T(a B)", "T(C(a D))"]
    assert not any(route.solved for route in found.routes)


def test_partial_route_does_not_go_round_a_cycle() -> None:
    found = plan({"T": [("A", 0.5)], "A": [("B", 0.5)], "B": [("A", 0.5)]}, "")
    assert (routes_of(found), found.solved, found.stopped) == (["T(A)"], False, "exhausted")


def test_target_without_proposals_has_no_routes() -> None:
    found = plan({}, "a")
    assert (found.routes, found.stopped, found.expansions) == ((), "exhausted", 1)


@pytest.mark.parametrize("wrong", [{"expansions": 0}, {"seconds": 0.0}, {"depth": 0}, {"depth": 51}, {"proposals": 0}])
def test_limit_that_leaves_nothing_to_search_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        Limits(**wrong)  # type: ignore[arg-type]


def test_negative_estimate_is_refused() -> None:
    with pytest.raises(InputError, match="T: the estimate -1"):
        search("T", TableProposer({}), TableStock(""), limits=Limits(), estimate=lambda smiles: -1.0)


def test_number_of_proposals_reaches_the_proposer() -> None:
    found = plan({"T": [("a", 0.5), ("b", 0.4), ("c", 0.3)]}, "a b c", limits=Limits(proposals=2))
    assert routes_of(found) == ["T(a)", "T(b)"]


# --- progress, repetition, growth ---------------------------------------------------------------------------------


def test_progress_reports_the_first_solved_route_at_once() -> None:
    seen: list[tuple[int, int, float]] = []
    plan(
        {"T": [("A", 0.5), ("B", 0.4)], "A": [("C", 0.5)], "B": [("d", 0.5)]}, "d", progress=lambda *at: seen.append(at)
    )
    assert [at[:2] for at in seen] == [(1, 0), (2, 0), (3, 1), (4, 1)]
    assert [at[2] for at in seen] == pytest.approx([inf, inf, *[2 * STEP_COST - log(0.4 * 0.5)] * 2])


def test_provenance_names_model_stock_and_settings() -> None:
    provenance = dict(plan({}, "").provenance)
    assert (provenance["model"], provenance["stock"], provenance["search.depth"]) == ("table", "letters", "8")


class ThicketProposer:
    """Fifty proposals for every molecule, from a pool that is shared so widely that the graph is full of cycles."""

    identity = (("model", "thicket"),)

    def __init__(self, pool: int) -> None:
        self.pool = pool

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        state = int(smiles[1:])
        proposals = []
        for rank in range(top):
            names = []
            for _ in range(1 + rank % 3):
                state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
                names.append(f"M{(state >> 33) % self.pool}")
            reactants = ".".join(sorted(names))
            if smiles not in names:
                proposals.append(Proposal(reactants, 0.5 / (1 + rank), "template", 0, ForwardVerdict(ok=True)))
        return tuple(proposals)

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        return Cut((4, 8, 16), slack=0.1).batches(self.propose(smiles, top))


class ThicketStock:
    """Every seventeenth molecule."""

    identity = (("stock", "seventeenth"),)

    def find(self, smiles: str) -> StockEntry | None:
        return StockEntry("building-block", "made up") if int(smiles[1:]) % 17 == 0 else None


def thicket_plan(expansions: int, pool: int = 3000) -> Plan:
    limits = Limits(expansions=expansions)
    return search("M1", ThicketProposer(pool), ThicketStock(), limits=limits, routes=20, estimate=size_estimate)


def test_same_bytes_at_every_run_and_hash_seed() -> None:
    script = "import json, test_search; print(json.dumps(test_search.thicket_plan(60).as_json()))"
    texts = {json.dumps(thicket_plan(60).as_json()) for _ in range(2)}
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        texts.add(run.stdout.strip())
    assert len(texts) == 1
    assert json.loads(texts.pop())["solved"]


def calls_of_search(expansions: int) -> int:
    """Python function calls made inside the search package for so many expansions that solve nothing."""
    calls = 0

    def count(frame: object, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call" and "/search/" in frame.f_code.co_filename  # type: ignore[attr-defined]

    limits = Limits(expansions=expansions)
    proposer, shelf = ThicketProposer(10**6), TableStock("")
    sys.setprofile(count)
    try:
        found = search("M1", proposer, shelf, limits=limits, first=True)
    finally:
        sys.setprofile(None)
    assert found.expansions == expansions
    return calls


def test_work_grows_about_linearly_with_expansions() -> None:
    assert calls_of_search(1000) < 1.5 * 4 * calls_of_search(250)


# --- the default estimate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ("CCCCCCCCCCC", "CCCCCCCCCCCC"),
        ("CCCCCCCCCCC", "CCCCCCCCCCCCl"),
        ("CCCCCCCCCCc1ccc[nH]1", "CCCCCCCCCCc1ccc(Br)[nH]1"),
    ],
)
def test_estimate_grows_by_the_same_with_each_heavy_atom(smaller: str, larger: str) -> None:
    assert size_estimate(larger) - size_estimate(smaller) == pytest.approx(COST_PER_ATOM)


def test_estimate_does_not_count_hydrogen() -> None:
    assert size_estimate("[2H]C([2H])([2H])CCCCCCCCCC") == size_estimate("CCCCCCCCCCC")
