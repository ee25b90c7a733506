"""From a target to its plan: one molecule, or a file of them on many workers."""

from __future__ import annotations

import csv
import gc
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from bencao.kernel import compute, models
from bencao.kernel.compute import Failure
from bencao.kernel.errors import BencaoError, InputError, ModelError
from bencao.kernel.files import remove_leftovers, write_text
from bencao.synthesis.chemistry.memory import forget, remembered
from bencao.synthesis.chemistry.molecule import Target, TargetError, read_target, read_targets, unusual_charge
from bencao.synthesis.chemistry.template import parsed
from bencao.synthesis.compare import DEFAULT_ORDER, ORDERS, Order, compare_routes
from bencao.synthesis.conditions import ConditionModel, load_conditions
from bencao.synthesis.constraints import (
    Constraints,
    constrained_search,
    fit_for_route,
    molecule_warnings,
    refuse_target,
)
from bencao.synthesis.ensemble import FAST, load_ensemble, load_model
from bencao.synthesis.page import Language, render_plan
from bencao.synthesis.precedents import PrecedentIndex, load_precedents
from bencao.synthesis.proposer import load_proposer
from bencao.synthesis.route import Plan, Proposal, Route
from bencao.synthesis.seams import Batch, Proposer, Stock, Unchecked
from bencao.synthesis.search import Limits, Progress
from bencao.synthesis.stock import DEFAULT_TIERS, SHIPPED_STOCK, SHIPPED_TIERS
from bencao.synthesis.stock import Stock as TieredStock

INTERACTIVE = Limits(seconds=30.0)
REPRODUCIBLE = Limits(expansions=500)

# Atoms in brackets that have neither a charge nor an unpaired electron; atoms without brackets never have.
_HARMLESS = re.compile(r"\[(?:nH|C@@?H?)\]")
_UNFIT_FOR_A_NAME = re.compile(r"[^\w.-]+")
_CHECKPOINT = ".checkpoint"
_LOST = "WorkerDied"  # as `compute.map` names it

# Routes looked for, for each that is asked for, so that there is something to compare; and at most.
_COMPARED = 5
_MOST_COMPARED = 50

Identity = tuple[tuple[str, str], ...]
Load = Callable[[], tuple[Proposer, Stock]]


def load_tools(
    model: str | Path = FAST, tiers: tuple[str, ...] = DEFAULT_TIERS, supplier: Path | None = None
) -> tuple[Proposer, TieredStock]:
    """Load what a plan needs.

    Parameters
    ----------
    model : str or Path
        ``fast``, ``full`` or a model folder, see `load_model`.
    tiers : tuple of str
        Shipped tiers of the stock; may be empty where there is a supplier's list.
    supplier : Path, optional
        The user's own list, see `Stock.from_csv`; it answers before the tiers.

    Returns
    -------
    Proposer, Stock

    Raises
    ------
    ModelError, InputError
        What cannot be loaded; a stock without any tier.
    """
    stock = TieredStock.shipped(tiers)
    if supplier:
        stock = TieredStock.from_csv(supplier).combine(stock)
    if not stock.tiers:
        raise InputError("a stock without a tier solves nothing", where="tier", mend="name a tier or give a list")
    return load_model(model), stock


@dataclass(frozen=True)
class CleanProposer:
    """A proposer without the proposals that no chemist would draw.

    A radical, a bad valence, or a charge outside nitro groups, N-oxides, azides and quaternary nitrogen in any
    reactant drops the proposal. An intermediate of a route stands alone, so no charge there is balanced by a salt.

    Attributes
    ----------
    inner : Proposer
    """

    inner: Proposer

    @property
    def identity(self) -> Identity:
        """Name and digest of the model."""
        return self.inner.identity

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        """See `seams.Proposer.propose`; there may be fewer than `top` although the model has more."""
        return tuple(filter(_all_clean, self.inner.propose(smiles, top)))

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        """See `seams.Proposer.batches`."""
        for part in self.inner.batches(smiles, top):
            yield Batch(tuple(filter(_all_clean, part.proposals)), part.bound)


def _all_clean(proposal: Proposal | Unchecked) -> bool:
    return all(map(_is_clean, proposal.reactants.split(".")))


@remembered(100_000)
def _is_clean(smiles: str) -> bool:
    molecule = parsed(smiles)
    return molecule is not None and ("[" not in _HARMLESS.sub("", smiles) or not unusual_charge(molecule))


def expand(
    smiles: str,
    *,
    proposer: Proposer | None = None,
    top: int = 50,
    precedents: PrecedentIndex | None = None,
    conditions: ConditionModel | None = None,
) -> tuple[Proposal, ...]:
    """Propose single steps to a molecule.

    Parameters
    ----------
    smiles : str
        As `plan`; it is read to its neutral parent first.
    proposer : Proposer, optional
        The shipped ensemble where not given.
    top : int
        Number of proposals at most.
    precedents : PrecedentIndex, optional
        Where to look precedents up, some 10 ms a proposal; they are not looked up where it is not given.
    conditions : ConditionModel, optional
        What ranks conditions, some 5 ms a proposal; they are not ranked where it is not given.

    Returns
    -------
    tuple of Proposal
        By falling probability.

    Raises
    ------
    TargetError
        What was given is not one organic molecule.
    ModelError
        The shipped model or index is absent or altered.
    InputError
        `top` below 1.
    ScheduledTarget, ExplosiveTarget
        See `plan`.
    """
    if top < 1:
        raise InputError(f"{top} proposals were asked for", where="top", mend="ask for at least 1")
    return _expand_target(read_target(smiles), proposer or load_ensemble(), top, precedents, conditions)


def _expand_target(
    target: Target, proposer: Proposer, top: int, index: PrecedentIndex | None, conditions: ConditionModel | None
) -> tuple[Proposal, ...]:
    refuse_target(target)
    found = proposer.propose(target.smiles, top)
    fit = (one for one in found if all(fit_for_route(smiles, bought=True) for smiles in one.reactants.split(".")))
    cited = map(index.cite, fit) if index else fit
    return tuple(map(conditions.suggest, cited) if conditions else cited)


def plan(
    smiles: str,
    *,
    proposer: Proposer | None = None,
    stock: Stock | None = None,
    limits: Limits = INTERACTIVE,
    routes: int = 5,
    order: Order = DEFAULT_ORDER,
    diverse: bool = True,
    progress: Progress | None = None,
    constraints: Constraints | None = None,
    precedents: PrecedentIndex | None = None,
) -> Plan:
    """Plan how to make a molecule.

    Parameters
    ----------
    smiles : str
        One molecule; a salt is planned as its neutral parent.
    proposer : Proposer, optional
        The shipped template network where not given: a search asks many times, and the ensemble takes four times as
        long.
    stock : Stock, optional
        The shipped default tiers where not given.
    limits : Limits
        30 s where not given. Only a plan that the clock did not end is reproducible.
    routes : int
        Number of routes at most. Five times as many (50, if that is more than asked for) are looked for and compared.
    order : str
        What the routes are sorted by: ``route-score``, ``probability``, ``steps``, ``longest-line``, ``convergence``,
        ``stock``, ``hazard`` or ``price``; see `compare_routes`.
    diverse : bool
        Choose the best route of each strategy before a second one of any.
    progress : callable, optional
        See `search`.
    constraints : Constraints, optional
        What routes must hold to; nothing where not given.
    precedents : PrecedentIndex, optional
        Looked up for the steps of the routes found; the shipped index where not given.

    Returns
    -------
    Plan
        With what was changed about the input among its warnings, and model, stock, settings, index and model of
        conditions in its provenance. Conditions are ranked for the steps of the routes found.

    Raises
    ------
    TargetError
        What was given is not one organic molecule.
    ModelError
        The shipped model, stock, index or model of conditions is absent or altered.
    InputError
        A limit that leaves nothing to search, an order that is none, or a constraint that no route to the target could
        meet.
    ScheduledTarget, ExplosiveTarget
        A chemical weapon, its precursor or an explosive gets no route.

    Examples
    --------
    >>> from bencao.synthesis import Limits, plan
    >>> found = plan("CC(=O)Nc1ccc(O)cc1", limits=Limits(expansions=5))
    >>> found.solved
    True
    """
    target = read_target(smiles)
    tools = (proposer or load_proposer(), stock or TieredStock.default())
    found = _plan_target(target, *tools, limits, _Wanted(routes, order, diverse), progress, constraints)
    return load_conditions().suggest_plan((precedents or load_precedents()).cite_plan(found))


@dataclass(frozen=True)
class _Wanted:
    """Which of the routes that are found are given."""

    routes: int
    order: Order = DEFAULT_ORDER
    diverse: bool = True

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise InputError(f"routes by {self.order!r}", where="order", mend=f"take one of {', '.join(ORDERS)}")

    @property
    def compared(self) -> int:
        """Number of routes to look for."""
        return max(self.routes, min(_COMPARED * self.routes, _MOST_COMPARED))

    def of(self, plan: Plan) -> Plan:
        """The plan with the routes chosen."""
        chosen = compare_routes(plan.routes, self.routes, order=self.order, diverse=self.diverse)
        diverse = str(self.diverse).lower()
        told = (("routes", str(self.routes)), ("routes.order", self.order), ("routes.diverse", diverse))
        warnings = molecule_warnings(plan.target, chosen)
        return replace(plan, routes=chosen, warnings=warnings, provenance=(*plan.provenance, *told))


def _plan_target(
    target: Target,
    proposer: Proposer,
    stock: Stock,
    limits: Limits,
    wanted: _Wanted,
    progress: Progress | None = None,
    constraints: Constraints | None = None,
) -> Plan:
    asked = constraints or Constraints()
    clean = CleanProposer(proposer)
    found = wanted.of(
        constrained_search(target, clean, stock, asked, limits=limits, routes=wanted.compared, progress=progress)
    )
    warnings = (*target.warnings, *found.warnings)
    entry = stock.find(target.smiles)
    if entry and entry.tier != "perhaps":
        warnings = (*warnings, f"the target is itself in stock (tier {entry.tier}); it is planned all the same")
    return replace(found, given=target.given, warnings=warnings)


@dataclass(frozen=True)
class BatchRow:
    """What became of one row of a batch; the columns of ``summary.csv``.

    Attributes
    ----------
    row : int
        Line of the file, from 1.
    name, smiles : str
        As given.
    file : str
        Name of its JSON file; empty where there is none.
    solved : bool or None
    routes : int or None
        Number of routes.
    steps, longest_line : int or None
        Of the best route.
    score : float or None
        Of the best route.
    stopped : str
    expansions : int or None
    warnings : str
        Joined by ``; ``.
    error, cause, mend : str
        Kind of the error, what was found, and what to do; empty where it was planned.
    """

    row: int
    name: str
    smiles: str
    file: str = ""
    solved: bool | None = None
    routes: int | None = None
    steps: int | None = None
    longest_line: int | None = None
    score: float | None = None
    stopped: str = ""
    expansions: int | None = None
    warnings: str = ""
    error: str = ""
    cause: str = ""
    mend: str = ""

    @property
    def lost(self) -> bool:
        """Whether its worker died, so that the same batch run again plans it once more."""
        return self.error == _LOST

    def as_json(self) -> dict[str, Any]:
        """The row by its column names."""
        return asdict(self)


@dataclass(frozen=True)
class BatchResult:
    """What a batch wrote.

    Attributes
    ----------
    rows : tuple of BatchRow
    files : tuple of Path
        In the order of the rows; ``summary.csv`` is the last.
    provenance : tuple of (str, str)
        Model and stock.
    """

    rows: tuple[BatchRow, ...]
    files: tuple[Path, ...]
    provenance: Identity


@dataclass(frozen=True)
class _Order:
    """What each worker is told."""

    limits: Limits
    routes: int
    language: Language
    html: bool


def batch(
    targets: Path,
    out: Path,
    *,
    load: Load = load_tools,
    limits: Limits = REPRODUCIBLE,
    routes: int = 5,
    html: bool = False,
    language: Language = "en",
    workers: int = 1,
    ray: str | None = None,
    progress: bool = True,
) -> BatchResult:
    """Plan every molecule of a file.

    The files are the same at any number of workers, on Ray and off it, unless `limits` names seconds. Killed and
    started again, it goes on from what is finished; so does a target whose worker died.

    Parameters
    ----------
    targets : Path
        See `read_targets`. A bad row is a row of the summary, and the batch goes on.
    out : Path
        Folder for ``ROW-NAME.json`` (and ``.html``), and ``summary.csv``; made where it does not exist.
    load : callable
        Gives proposer and stock, once in each worker; defined at the top of a module, or a ``partial`` of such.
    limits : Limits
        500 expansions each where not given.
    routes : int
        Number of routes each at most.
    html : bool
        Write a page beside each JSON file.
    language : {"en", "zh"}
        Of the pages.
    workers : int
    ray : str, optional
        Address of a Ray cluster, or ``local`` for one started here; worker processes where not given.
    progress : bool
        Show progress on stderr.

    Returns
    -------
    BatchResult

    Raises
    ------
    InputError
        The file cannot be read or the folder not written.
    ModelError
        Model or stock are absent or altered.
    ComputeError
        The workers cannot be started, or the folder holds an unfinished batch of other settings.
    EngineMissing
        Ray is asked for and not installed.
    """
    read = list(read_targets(targets))
    proposer, stock = load()  # here already, so that what cannot be loaded is said at once
    identity = (*proposer.identity, *stock.identity)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made ({error.strerror})", where=str(out), mend="give another folder") from error
    results = compute.imap(
        partial(_plan_item, _Order(limits, routes, language, html)),
        [item for item in read if isinstance(item, Target)],
        workers=workers,
        engine="ray" if ray else "processes",
        address=ray,
        checkpoint=out / _CHECKPOINT,
        setup=partial(_set_up, load, identity),
        progress=progress,
        label="targets",
    )
    remove_leftovers(out)  # the checkpoint is this run's, so no other batch writes here
    rows: list[BatchRow] = []
    files: list[Path] = []
    for item in read:
        if isinstance(item, TargetError):
            rows.append(BatchRow(item.row, item.name, item.given, error=item.kind, cause=item.cause, mend=item.mend))
        else:
            row, written = _write_item(out, item, next(results)[1])
            rows.append(row)
            files += written
    for _ in results:  # lets the checkpoint be closed in good order
        raise AssertionError("more results than targets")
    files.append(out / "summary.csv")
    write_text(files[-1], _summary(rows))
    if not any(row.lost for row in rows):  # else the next run plans just those
        (out / _CHECKPOINT).unlink(missing_ok=True)
    return BatchResult(tuple(rows), tuple(files), identity)


def _set_up(load: Load, identity: Identity) -> tuple[Proposer, Stock]:
    proposer, stock = load()
    if (*proposer.identity, *stock.identity) != identity:
        raise ModelError("model or stock changed since the batch began", mend="start it again")
    load_precedents()
    load_conditions()
    gc.freeze()  # all of it stays; looking through it again and again would take as long as a small search
    return proposer, stock


def _plan_item(order: _Order, tools: tuple[Proposer, Stock], target: Target) -> tuple[Plan, str]:
    """The plan, and its page where one is asked for."""
    forget()
    found = load_precedents().cite_plan(_plan_target(target, *tools, order.limits, _Wanted(order.routes)))
    found = load_conditions().suggest_plan(found)
    return found, render_plan(found, order.language, name=target.name) if order.html else ""


def _write_item(out: Path, target: Target, result: tuple[Plan, str] | Failure) -> tuple[BatchRow, list[Path]]:
    row = BatchRow(target.row, target.name, target.given)
    if isinstance(result, Failure):
        return replace(row, error=result.kind, cause=result.cause, mend=result.mend), []
    found, page = result
    name = _UNFIT_FOR_A_NAME.sub("_", target.name)[:60].strip("._")
    stem = f"{target.row}-{name}" if name else str(target.row)
    written = [out / f"{stem}.json"]
    write_text(written[0], json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n")
    if page:
        written.append(out / f"{stem}.html")
        write_text(written[1], page)
    best: Route | None = found.routes[0] if found.routes else None
    return (
        replace(
            row,
            file=written[0].name,
            solved=found.solved,
            routes=len(found.routes),
            steps=best.steps if best else None,
            longest_line=best.longest_line if best else None,
            score=round(best.score, 9) if best else None,
            stopped=found.stopped,
            expansions=found.expansions,
            warnings="; ".join(found.warnings),
        ),
        written,
    )


def _summary(rows: list[BatchRow]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, [field.name for field in fields(BatchRow)], lineterminator="\n")
    table.writeheader()
    for row in rows:
        solved = None if row.solved is None else str(row.solved).lower()
        table.writerow({**row.as_json(), "solved": solved})
    return text.getvalue()


def expand_file(
    targets: Path,
    *,
    proposer: Proposer | None = None,
    top: int = 50,
    precedents: PrecedentIndex | None = None,
    conditions: ConditionModel | None = None,
) -> Iterator[tuple[Target, tuple[Proposal, ...]] | TargetError]:
    """Propose single steps to every molecule of a file; a bad row is an answer among the others.

    Parameters
    ----------
    targets : Path
        See `read_targets`.
    proposer, top, precedents, conditions
        As in `expand`.

    Yields
    ------
    (Target, tuple of Proposal) or TargetError
        In file order.
    """
    model = proposer or load_ensemble()
    for item in read_targets(targets):
        found: tuple[Target, tuple[Proposal, ...]] | TargetError
        try:
            if isinstance(item, TargetError):
                found = item
            else:
                found = item, _expand_target(item, model, top, precedents, conditions)
        except TargetError as refused:
            found = refused
        yield found


def error_json(error: BencaoError) -> dict[str, Any]:
    """An error as it stands in JSON output."""
    return {"kind": error.kind, "where": error.where, "cause": error.cause, "mend": error.mend}


@dataclass(frozen=True)
class StockTier:
    """A shipped tier of starting materials.

    Attributes
    ----------
    tier : str
    molecules : int
    default : bool
        Whether it is used where none is named.
    source : str
        What it was made from.
    """

    tier: str
    molecules: int
    default: bool
    source: str

    def as_json(self) -> dict[str, Any]:
        """The tier by its field names."""
        return asdict(self)


def stock_tiers() -> tuple[StockTier, ...]:
    """The shipped tiers with their sizes.

    Raises
    ------
    ModelError
        A file of the stock is absent or altered.
    """
    tiers = []
    for name in SHIPPED_TIERS:
        card = models.load(SHIPPED_STOCK, name).card
        source = "; ".join(part.source for part in card.trained_on)
        tiers.append(StockTier(name, int(card.figures["molecules"].value), name in DEFAULT_TIERS, source))
    return tuple(tiers)
