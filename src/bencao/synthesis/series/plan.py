"""Plan several targets together: search each alone, then with the others' work at hand, and choose what fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import prod

from bencao.kernel.errors import InputError
from bencao.synthesis.chemistry.molecule import Target, TargetError, read_target
from bencao.synthesis.compare import compare_routes
from bencao.synthesis.conditions import load_conditions
from bencao.synthesis.constraints import (
    ConstrainedProposer,
    Constraints,
    HeldBonds,
    constrained_search,
    molecule_warnings,
)
from bencao.synthesis.constraints.bonds import NO_BONDS
from bencao.synthesis.planner import REPRODUCIBLE, CleanProposer
from bencao.synthesis.precedents import PrecedentIndex, load_precedents
from bencao.synthesis.proposer import load_proposer
from bencao.synthesis.remembering import RememberingProposer
from bencao.synthesis.route import Plan, Proposal, Route, RouteNode, StockEntry
from bencao.synthesis.seams import Proposer, Stock
from bencao.synthesis.search import Limits
from bencao.synthesis.series.joint import joint_routes, made_on_the_way, routes_alone
from bencao.synthesis.series.network import Network, Step, Tree, read_network
from bencao.synthesis.series.result import Series, SeriesMember, SeriesStep, reactions_of
from bencao.synthesis.stock import Stock as TieredStock

SeriesProgress = Callable[[int, int], None]

# Routes looked for in each search: several ways to each target are needed to find those that fit together.
_ROUTES = 25
_AT_HAND = StockEntry("supplier", "made in the same series")


def plan_series(
    targets: Iterable[str | Target | TargetError],
    *,
    proposer: Proposer | None = None,
    stock: Stock | None = None,
    limits: Limits = REPRODUCIBLE,
    precedents: PrecedentIndex | None = None,
    progress: SeriesProgress | None = None,
) -> Series:
    """Plan how to make several molecules with as few steps as can be, shared intermediates made once.

    Each target is searched twice: alone, and with all at hand that the first searches can make on the way to the
    others; the model is asked about each molecule once, so the second search takes little. From all steps met in any of
    these searches a route is chosen for each target so that the distinct steps of all are few and likely. They are
    never more than those of the routes that the targets would have alone.

    Parameters
    ----------
    targets : iterable of str, Target or TargetError
        SMILES, or what `read_targets` gives. A bad one is a member with an error; a repeated one is planned once.
    proposer : Proposer, optional
        The shipped model where not given.
    stock : Stock, optional
        The shipped default tiers where not given.
    limits : Limits
        Of each search; 500 expansions where not given.
    precedents : PrecedentIndex, optional
        Looked up for the steps chosen; the shipped index where not given.
    progress : callable, optional
        Called after each search with the number of searches done and of all.

    Returns
    -------
    Series

    Raises
    ------
    ModelError
        The shipped model, stock or index is absent or altered.
    InputError
        There is no target.

    Examples
    --------
    >>> from bencao.synthesis import Limits
    >>> from bencao.synthesis.series import plan_series
    >>> found = plan_series(["CC(=O)Nc1ccc(O)cc1", "CC(=O)Nc1ccc(OCC)cc1"], limits=Limits(expansions=5))
    >>> found.steps_together <= found.steps_apart
    True
    """
    read = _read(targets)
    if not read:
        raise InputError("no target was given", where="targets", mend="give at least one")
    cited = precedents or load_precedents()
    searches = _Searches(
        CleanProposer(proposer or load_proposer()), stock or TieredStock.default(), limits, progress, read
    )
    plans = {target.smiles: searches.plan(target) for target in searches.targets}
    at_hand = searches.made_by_others(plans)
    for target in searches.targets:
        searches.plan(target, at_hand=at_hand.get(target.smiles, frozenset()))
    chosen, alone = searches.choose(plans)
    members = tuple(_member(item, plans, chosen, alone, cited) for item in read)
    return Series(members, _steps(members), (*searches.identity, *cited.identity, *_told(limits)))


Item = Target | TargetError


def _read(targets: Iterable[str | Target | TargetError]) -> list[Item]:
    read: list[Item] = []
    for one in targets:
        try:
            item = read_target(one) if isinstance(one, str) else one
        except TargetError as error:
            item = error
        if isinstance(item, TargetError) or all(item.smiles != other.smiles for other in _targets(read)):
            read.append(item)
    return read


def _targets(items: Iterable[Item]) -> list[Target]:
    return [item for item in items if isinstance(item, Target)]


def _told(limits: Limits) -> tuple[tuple[str, str], ...]:
    settings = (("expansions", limits.expansions), ("seconds", limits.seconds), ("depth", limits.depth))
    return tuple((f"search.{name}", "none" if value is None else str(value)) for name, value in settings)


class _KnownStock:
    """A stock that looks each molecule up once in all searches."""

    def __init__(self, inner: Stock) -> None:
        self._inner = inner
        self._found: dict[str, StockEntry | None] = {}

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        return self._inner.identity

    def find(self, smiles: str) -> StockEntry | None:
        if smiles not in self._found:
            self._found[smiles] = self._inner.find(smiles)
        return self._found[smiles]


@dataclass(frozen=True)
class _WithOthers:
    """A stock with intermediates at hand."""

    inner: Stock
    at_hand: Set[str]

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        return self.inner.identity

    def find(self, smiles: str) -> StockEntry | None:
        return _AT_HAND if smiles in self.at_hand else self.inner.find(smiles)


class _Searches:
    """The searches of a series: they share what the proposer and the stock have answered.

    Parameters
    ----------
    proposer : Proposer
    stock : Stock
    limits : Limits
    progress : callable or None
    read : sequence of Target or TargetError
    """

    def __init__(
        self, proposer: Proposer, stock: Stock, limits: Limits, progress: SeriesProgress | None, read: Sequence[Item]
    ) -> None:
        self.targets = _targets(read)
        self._stock = _KnownStock(stock)
        no_bonds = HeldBonds("", NO_BONDS)
        # Constrained before it is remembered, so that nothing unsafe is chosen from the memory either.
        fit = ConstrainedProposer(proposer, self._stock, Constraints(), no_bonds, no_bonds)
        self._proposer = RememberingProposer(fit)
        self._limits = limits
        self._progress = progress
        self._done = 0

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Names and digests of model and stock."""
        return (*self._proposer.identity, *self._stock.identity)

    def plan(self, target: Target, at_hand: Set[str] = frozenset()) -> Plan | TargetError:
        """Search for routes to a target, with some intermediates at hand."""
        stock = _WithOthers(self._stock, at_hand)
        found: Plan | TargetError
        try:
            found = constrained_search(
                target, self._proposer, stock, Constraints(), limits=self._limits, routes=_ROUTES
            )
        except TargetError as refused:
            found = refused
        self._done += 1
        if self._progress:
            self._progress(self._done, 2 * len(self.targets))
        return found

    def made_by_others(self, plans: Mapping[str, Plan | TargetError]) -> dict[str, Set[str]]:
        """For each target what can be made from stock on the way to another: more than the best routes hold."""
        planned = [smiles for smiles, plan in plans.items() if isinstance(plan, Plan)]
        network = read_network(self._proposer.given(), self._stock.find, set(planned))
        made = {smiles: made_on_the_way(network, smiles) for smiles in planned}
        return {
            smiles: frozenset().union(*(made[other] for other in planned if other != smiles)) - {smiles}
            for smiles in planned
        }

    def choose(self, plans: Mapping[str, Plan | TargetError]) -> tuple[dict[str, Route], dict[str, Route]]:
        """A route of the joint plan, and the shortest one alone, for each target that can be made by the steps met."""
        planned = {smiles: plan for smiles, plan in plans.items() if isinstance(plan, Plan)}
        network = read_network(self._proposer.given(), self._stock.find, planned.keys())
        first = {smiles: route for smiles, plan in planned.items() if (route := _first(plan))}
        separate = {smiles: _tree(network, route) for smiles, route in first.items()}
        alone = routes_alone(network, list(planned), separate, self._limits.depth)
        joint = joint_routes(network, list(planned), separate, alone, self._limits.depth)
        return _routes(joint, network), _routes(alone, network)


def _member(
    item: Item,
    plans: Mapping[str, Plan | TargetError],
    chosen: Mapping[str, Route],
    alone: Mapping[str, Route],
    precedents: PrecedentIndex,
) -> SeriesMember:
    """What came of one target."""
    found = item if isinstance(item, TargetError) else plans[item.smiles]
    if isinstance(found, TargetError):
        return SeriesMember(item.name, item.given, error=found)
    assert isinstance(item, Target)
    route = chosen.get(item.smiles)
    routes = (route,) if route else found.routes
    warnings = (*item.warnings, *molecule_warnings(item.smiles, routes))
    plan = precedents.cite_plan(replace(found, given=item.given, routes=routes, warnings=warnings))
    plan = load_conditions().suggest_plan(plan)
    return SeriesMember(item.name, item.given, plan, alone.get(item.smiles), found.solved)


def _first(plan: Plan) -> Route | None:
    """The route that a plan of the target alone would put first, if it is solved."""
    return compare_routes(plan.routes, 1)[0] if plan.solved else None


def _tree(network: Network, route: Route) -> Tree:
    tree: dict[str, Step] = {}
    for node in route.root.walk():
        if node.step:
            step = network.step(node.smiles, (below.smiles for below in node.precursors))
            assert step  # every step of a search was remembered, and all of a solved route can be had
            tree[node.smiles] = step
    return tree


def _routes(trees: Mapping[str, Tree], network: Network) -> dict[str, Route]:
    return {smiles: _route(smiles, tree, network) for smiles, tree in trees.items()}


def _route(target: str, tree: Tree, network: Network) -> Route:
    root = _node(target, tree, network)
    return Route(root, True, prod(node.step.probability for node in root.walk() if node.step))


def _node(smiles: str, tree: Tree, network: Network) -> RouteNode:
    if smiles not in tree:
        return RouteNode(smiles, network.stock[smiles])
    step = tree[smiles]
    return RouteNode(smiles, None, step.proposal, tuple(_node(reactant, tree, network) for reactant in step.reactants))


def _steps(members: Sequence[SeriesMember]) -> tuple[SeriesStep, ...]:
    """Each step of the chosen routes once, in an order in which they can be done."""
    users: dict[tuple[str, str], list[int]] = {}
    steps: dict[tuple[str, str], Proposal] = {}
    for place, member in enumerate(members):
        for key, step in (reactions_of(member.route) if member.route else {}).items():
            steps.setdefault(key, step)
            users.setdefault(key, []).append(place)
    return tuple(SeriesStep(key[0], step, tuple(users[key])) for key, step in steps.items())
