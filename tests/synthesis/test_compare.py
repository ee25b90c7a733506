"""Routes beside one another: what scores them, what makes two alike, and which five a chemist is shown."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.kernel.errors import InputError
from bencao.synthesis import Limits, Plan, load_proposer, plan, render_plan
from bencao.synthesis.compare import clustered, compare_routes, criteria_of, route_distances, route_scores
from bencao.synthesis.compare.criteria import WEIGHTS
from bencao.synthesis.page.comparison import comparison_rows
from bencao.synthesis.route import ForwardVerdict, Proposal, Route, RouteNode, StockEntry

DIAMIDE = "CC(=O)Nc1ccc(NC(C)=O)cc1"
HALF = "CC(=O)Nc1ccc(N)cc1"
# Both mapped as the planner maps: map i + 1 is atom i of the product's SMILES.
LEFT = "[CH3:1][C:2](=[O:3]){}.[NH2:4][c:5]1[cH:6][cH:7][c:8]([NH:9][C:10]([CH3:11])=[O:12])[cH:13][cH:14]1>>{}"
RIGHT = "[CH3:11][C:10](=[O:12]){}.[NH2:9][c:8]1[cH:7][cH:6][c:5]([NH:4][C:2]([CH3:1])=[O:3])[cH:14][cH:13]1>>{}"
IMATINIB = "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1"
LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
BOUGHT = StockEntry("building-block", "by hand", uses=10)


def leaf(smiles: str, entry: StockEntry | None = BOUGHT) -> RouteNode:
    return RouteNode(smiles, entry)


def made(smiles: str, *below: RouteNode, probability: float = 0.5, mapped: str = "") -> RouteNode:
    step = Proposal(".".join(node.smiles for node in below), probability, "", 2, ForwardVerdict(ok=True, mapped=mapped))
    return RouteNode(smiles, None, step, below)


def route(root: RouteNode) -> Route:
    return Route(root, True, float(np.prod([node.step.probability for node in root.walk() if node.step])))


def diamide(mapped: str, acyl: str = "CC(=O)Cl") -> Route:
    return route(made(DIAMIDE, leaf(acyl), leaf(HALF), mapped=mapped.format(acyl.removeprefix("CC(=O)"), DIAMIDE)))


@pytest.fixture(scope="module")
def many(hand_model: Path) -> Plan:
    """Different routes of several steps, with real atom maps."""
    limits = Limits(expansions=12, depth=4)
    return plan(IMATINIB, proposer=load_proposer(hand_model), limits=limits, routes=25, diverse=False)


@pytest.fixture(scope="module")
def lidocaine(hand_model: Path) -> Plan:
    return plan(LIDOCAINE, proposer=load_proposer(hand_model), limits=Limits(expansions=20), routes=10, diverse=False)


# --- criteria and score -----------------------------------------------------------------------------------------------


def scores(*routes: Route) -> tuple[float, ...]:
    return route_scores(routes, [criteria_of(one) for one in routes])


def line(length: int, probability: float = 0.5, entry: StockEntry = BOUGHT) -> Route:
    node = leaf("C" * 6, entry)
    for place in range(length):
        node = made("C" * (7 + place), node, probability=probability)
    return route(node)


def test_the_weights_make_up_the_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


def test_criteria_are_what_a_chemist_counts() -> None:
    arms = [made("C" * (8 + arm), made("C" * (6 + arm), leaf("C" * (4 + arm)))) for arm in range(2)]
    found = criteria_of(route(made("C" * 17, *arms)))
    assert (found.steps, found.longest_line, found.convergence) == (5, 3, pytest.approx(0.4))
    assert found.probability == pytest.approx(0.5**5)
    assert criteria_of(line(4)).convergence == 0


def test_the_weakest_leaf_says_whether_one_can_begin() -> None:
    best, least = StockEntry("supplier", "list"), StockEntry("seen", "once")
    assert criteria_of(route(made("CCC", leaf("C", best), leaf("CC", least)))).stock == 0.3
    assert criteria_of(route(made("CCC", leaf("C", best), leaf("CC", None)))).stock == 0
    uses = [criteria_of(line(1, entry=StockEntry("building-block", "", count))).stock for count in (2, 10, 500)]
    assert uses == sorted(uses) and uses[1] == pytest.approx(0.7)


def test_the_worst_hazard_counts_and_what_is_not_in_the_table_is_told() -> None:
    aniline = criteria_of(route(made("CC(=O)Nc1ccccc1", leaf("CC(=O)O"), leaf("Nc1ccccc1"))))
    assert aniline.hazard == pytest.approx(0.3506)  # the table's score for aniline
    assert aniline.molecules == 2
    unknown = criteria_of(line(3))
    assert unknown.hazard is None or unknown.hazard_known > 0


@settings(max_examples=40, deadline=None)
@given(steps=st.integers(1, 7), probability=st.floats(1e-6, 1.0))
def test_no_step_more_and_no_step_less_likely_raises_the_score(steps: int, probability: float) -> None:
    shorter, longer = scores(line(steps, probability), line(steps + 1, probability))
    assert 0 < longer < shorter <= 1
    sure, unsure = scores(line(steps, probability), line(steps, probability / 2))
    assert unsure < sure


def test_prices_count_only_where_some_route_has_one() -> None:
    cheap, dear = StockEntry("supplier", "list", price=10.0), StockEntry("supplier", "list", price=40.0)
    unpriced = StockEntry("supplier", "list")
    first, second, third = scores(line(2, entry=cheap), line(2, entry=dear), line(2, entry=unpriced))
    assert first > second > third
    assert criteria_of(line(2, entry=unpriced)).price is None
    assert len(set(scores(line(2, entry=unpriced), line(2, entry=unpriced)))) == 1


def test_feasibility_counts_where_the_model_judges_it() -> None:
    def judged(feasibility: float | None) -> Route:
        root = made("CCC", leaf("C"), leaf("CC"))
        return route(replace(root, step=replace(root.step, feasibility=feasibility)))

    assert criteria_of(judged(0.8)).feasibility == 0.8
    likely, unlikely = scores(judged(0.8), judged(0.3))
    assert likely > unlikely
    assert len(set(scores(judged(0.8), judged(None)))) == 1


# --- similarity -------------------------------------------------------------------------------------------------------


def test_other_reagents_for_the_same_bonds_are_the_same_strategy() -> None:
    distances = route_distances([diamide(LEFT), diamide(LEFT, "CC(=O)O")])
    assert distances[0, 1] == pytest.approx(0)


def test_which_of_two_equal_bonds_is_made_first_makes_no_difference() -> None:
    assert route_distances([diamide(LEFT), diamide(RIGHT)])[0, 1] == pytest.approx(0)


def test_another_disconnection_is_another_strategy(lidocaine: Plan) -> None:
    bonds = {tuple(sorted(node.smiles for node in one.root.precursors)): one for one in lidocaine.routes}
    amide = next(one for key, one in bonds.items() if "Cc1cccc(C)c1N" in key)
    amine = next(one for key, one in bonds.items() if "CCNCC" in key and one is not amide)
    assert route_distances([amide, amine])[0, 1] > 0.25


def test_a_step_without_an_atom_map_is_compared_by_what_it_is() -> None:
    one, same = (route(made(DIAMIDE, leaf("CC(=O)Cl"), leaf(HALF))) for _ in range(2))
    other = route(made(DIAMIDE, leaf("CC(=O)O"), leaf(HALF)))
    distances = route_distances([one, same, other])
    assert (distances[0, 1], distances[0, 2]) == (0, 1)


def test_a_distance_is_symmetric_and_between_0_and_1_and_0_to_itself(many: Plan) -> None:
    distances = route_distances((*many.routes, many.routes[0]))
    assert np.array_equal(distances, distances.T)
    assert ((distances >= 0) & (distances <= 1)).all()
    assert distances[0, -1] == pytest.approx(0)
    assert distances.max() > 0.1, "all routes are the same, so this shows nothing"


def shuffled(node: RouteNode, seed: int) -> RouteNode:
    if node.step is None:
        return node
    order = np.random.default_rng(seed).permutation(len(node.precursors))
    below = tuple(shuffled(node.precursors[place], seed + 1) for place in order)
    return replace(node, step=replace(node.step, reactants=".".join(one.smiles for one in below)), precursors=below)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), place=st.integers(0, 24))
def test_the_order_in_which_reactants_are_written_makes_no_difference(many: Plan, seed: int, place: int) -> None:
    one = many.routes[place % len(many.routes)]
    other = many.routes[(place + 1) % len(many.routes)]
    turned = replace(one, root=shuffled(one.root, seed))
    distances = route_distances([one, turned, other])
    assert distances[0, 1] == pytest.approx(0)
    assert distances[0, 2] == pytest.approx(distances[1, 2])


# --- clusters and choice ----------------------------------------------------------------------------------------------


def test_near_things_are_one_group_and_far_ones_are_not() -> None:
    places = np.array([0.0, 5.0, 0.1, 5.2, 9.0, 0.2])
    assert clustered(abs(places[:, None] - places), within=1.0) == (0, 1, 0, 1, 2, 0)


def test_average_linkage_does_not_chain() -> None:
    places = np.arange(6.0)  # single linkage would make one group of them
    assert len(set(clustered(abs(places[:, None] - places), within=1.0))) == 3


@settings(max_examples=40, deadline=None)
@given(places=st.lists(st.floats(0, 1), min_size=1, max_size=9, unique=True), seed=st.integers(0, 99))
def test_groups_do_not_hang_on_the_order_of_things(places: list[float], seed: int) -> None:
    found = np.array(places) + np.random.default_rng(0).uniform(0, 1e-6, len(places))  # no two distances are equal
    order = np.random.default_rng(seed).permutation(len(found))
    first = clustered(abs(found[:, None] - found), 0.2)
    second = clustered(abs(found[order][:, None] - found[order]), 0.2)
    parted = {frozenset(np.flatnonzero(np.array(first) == group).tolist()) for group in set(first)}
    again = {frozenset(order[np.flatnonzero(np.array(second) == group)].tolist()) for group in set(second)}
    assert parted == again


def test_routes_come_by_falling_score_and_the_first_is_the_best(lidocaine: Plan) -> None:
    found = [one.comparison.route_score for one in lidocaine.routes if one.comparison]
    assert len(found) == len(lidocaine.routes) > 2
    assert found == sorted(found, reverse=True)


def test_what_routes_are_sorted_by_can_be_chosen(lidocaine: Plan) -> None:
    by_steps = compare_routes(lidocaine.routes, 10, order="steps", diverse=False)
    assert all(one.steps <= other.steps for one, other in pairwise(by_steps))
    likeliest = compare_routes(lidocaine.routes, 10, order="probability", diverse=False)
    assert all(one.score >= other.score for one, other in pairwise(likeliest))


def test_a_diverse_choice_has_every_strategy_once_before_any_twice(lidocaine: Plan) -> None:
    strategies = {one.comparison.strategy for one in lidocaine.routes if one.comparison}
    assert 1 < len(strategies) < len(lidocaine.routes)
    chosen = compare_routes(lidocaine.routes, len(strategies))
    assert {one.comparison.strategy for one in chosen if one.comparison} == strategies
    assert chosen[0].root == lidocaine.routes[0].root, "the best route is always among them"


def test_a_strategy_says_how_many_other_routes_it_has(lidocaine: Plan) -> None:
    again = compare_routes(lidocaine.routes, len(lidocaine.routes))
    found = [one.comparison for one in again if one.comparison]
    assert all(one.alike == sum(other.strategy == one.strategy for other in found) - 1 for one in found)


def test_unsolved_routes_keep_the_order_of_the_search(many: Plan) -> None:
    assert not many.solved
    turned = compare_routes(many.routes[::-1], 25, order="steps", diverse=False)
    assert [one.root for one in turned] == [one.root for one in many.routes[::-1]]


def test_an_order_that_is_none_is_refused(hand_model: Path) -> None:
    with pytest.raises(InputError, match="'beauty'"):
        plan(LIDOCAINE, proposer=load_proposer(hand_model), order="beauty")  # type: ignore[arg-type]


@pytest.mark.parametrize("said", ["yield", "success"])
def test_no_field_is_called_yield_or_success(lidocaine: Plan, said: str) -> None:
    written = lidocaine.routes[0].as_json()
    assert written["route_score"] == written["comparison"]["route_score"]
    assert not [key for key in (*written, *written["comparison"]) if said in key]


def test_the_page_compares_the_routes(lidocaine: Plan) -> None:
    columns, rows = comparison_rows(lidocaine)
    assert len(rows) == len(lidocaine.routes)
    assert rows[0][columns.index("Strategy")] == 1
    assert "The routes compared" in render_plan(lidocaine)
    assert "路线比较" in render_plan(lidocaine, "zh")
