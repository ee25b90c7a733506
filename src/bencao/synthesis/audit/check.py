"""Check routes that were read: each molecule, each step forwards, and the route as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rdkit import Chem

from bencao.kernel.errors import InputError
from bencao.synthesis.audit.findings import (
    NO_INDEX,
    NO_PRECEDENT,
    Audit,
    AuditedLeaf,
    AuditedRoute,
    AuditedStep,
    Finding,
)
from bencao.synthesis.audit.mapping import plain
from bencao.synthesis.audit.replay import Kind, Severity, replay
from bencao.synthesis.audit.tree import Molecule, RouteTree, UnreadableRoute
from bencao.synthesis.chemistry.molecule import TargetError, neutral_parent, unusual_charge
from bencao.synthesis.seams import Stock
from bencao.synthesis.stock import DEFAULT_TIERS
from bencao.synthesis.stock import Stock as TieredStock

Precedent = Callable[[AuditedStep], str | None]


def audit_routes(
    routes: Iterable[RouteTree | UnreadableRoute], stock: Stock, precedent: Precedent | None = None
) -> Audit:
    """Check every route of a file; nothing that the file says of itself is believed.

    Parameters
    ----------
    routes : iterable of RouteTree or UnreadableRoute
        See `read_routes`.
    stock : Stock
        What a route may start from.
    precedent : callable, optional
        From a step to a reported reaction in words, or None. Without it each step says ``no index``.

    Returns
    -------
    Audit

    Examples
    --------
    >>> from bencao.synthesis import Stock
    >>> from bencao.synthesis.audit import audit_routes, routes_in
    >>> audit = audit_routes(routes_in(["CC(=O)OC(C)=O.Nc1ccc(O)cc1>>CC(=O)Nc1ccc(O)cc1"]), Stock.default())
    >>> audit.errors, audit.routes[0].steps[0].forward.leaving
    (0, ('C2H3O2',))
    """
    audited = tuple(_audit_route(number, route, stock, precedent) for number, route in enumerate(routes, start=1))
    return Audit(audited, stock.identity)


def load_stock(tiers: tuple[str, ...] = DEFAULT_TIERS, supplier: Path | None = None) -> TieredStock:
    """The stock that leaves are looked up in; no model is loaded for it.

    Parameters
    ----------
    tiers : tuple of str
        Shipped tiers; may be empty where there is a supplier's list.
    supplier : Path, optional
        The user's own list, see `Stock.from_csv`; it answers before the tiers.

    Raises
    ------
    ModelError, InputError
        What cannot be loaded; a stock without any tier.
    """
    stock = TieredStock.shipped(tiers)
    if supplier:
        stock = TieredStock.from_csv(supplier).combine(stock)
    if not stock.tiers:
        raise InputError("a stock without a tier has no leaf in it", where="tier", mend="name a tier or give a list")
    return stock


class _Notes:
    """The findings of one route, as they come."""

    def __init__(self, route: int) -> None:
        self.route = route
        self.found: list[Finding] = []

    def add(self, step: int, where: str, kind: Kind, severity: Severity, cause: str, mend: str) -> None:
        self.found.append(Finding(self.route, step, where, kind, severity, cause, mend))


def _audit_route(
    number: int, route: RouteTree | UnreadableRoute, stock: Stock, precedent: Precedent | None
) -> AuditedRoute:
    notes = _Notes(number)
    if isinstance(route, UnreadableRoute):
        notes.add(0, route.where, "unreadable", "error", route.cause, route.mend)
        return AuditedRoute(number, None, "", (), (), tuple(notes.found))
    _check_end(route, notes)
    steps = tuple(_audit_steps(route, precedent, notes))
    leaves = tuple(_audit_leaf(node, stock, notes) for node in route.root.walk() if node.step is None)
    return AuditedRoute(number, route, plain(route.root.smiles), steps, leaves, tuple(notes.found))


def _check_end(route: RouteTree, notes: _Notes) -> None:
    """The route must end in its target, by a step at least, with no reaction left over."""
    made = plain(route.root.smiles)
    if route.target and made != plain(route.target):
        cause = f"the route makes {made or route.root.smiles}, the file's target is {route.target}"
        notes.add(0, route.root.smiles, "target", "error", cause, "give the route of this target")
    if route.root.step is None:
        notes.add(
            0, route.root.smiles, "target", "error", "no step leads to the target", "give a route of a step at least"
        )
    for reaction in route.loose:
        notes.add(0, reaction, "loose", "error", "the reaction is no part of the way to the target", "leave it out")


def _audit_steps(route: RouteTree, precedent: Precedent | None, notes: _Notes) -> Iterator[AuditedStep]:
    for number, (node, above) in enumerate(_made(route.root, ()), start=1):
        step = _audit_step(number, node, above, notes)
        if step and precedent:
            reported = precedent(step)
            if reported is None:
                mend = "look for it in the literature, or try it small"
                notes.add(number, _reaction(step), "precedent", "warning", "no precedent in the index", mend)
            step = replace(step, precedent=reported or NO_PRECEDENT)
        if step:
            yield step


def _made(node: Molecule, above: tuple[str, ...]) -> Iterator[tuple[Molecule, tuple[str, ...]]]:
    """Each molecule that a step makes, with what it and all above it are, depth first."""
    if node.step:
        above = (*above, plain(node.smiles))
        yield node, above
        for reactant in node.step.reactants:
            yield from _made(reactant, above)


def _audit_step(number: int, node: Molecule, above: tuple[str, ...], notes: _Notes) -> AuditedStep | None:
    """Replay a step; None where a molecule of it cannot be read."""
    assert node.step
    reactants = [plain(reactant.smiles) for reactant in node.step.reactants]
    for reactant, text in zip(node.step.reactants, reactants, strict=True):
        if text and text in above:
            cause = "the molecule is needed to make itself"
            notes.add(number, text, "cycle", "error", cause, "cut the circle: take the lower step out")
        if reactant.step:
            _check_intermediate(number, reactant.smiles, notes)
    product = above[-1]
    if number == 1 and not product:
        notes.add(1, node.smiles, "molecule", "error", _unreadable(node.smiles), "correct the SMILES")
    if not product or not all(reactants):
        return None
    if "." in product:
        mend = "write the parent, and its salt beside the route"
        notes.add(number, product, "molecule", "error", "a step makes one molecule, not several", mend)
        return None
    joined = ".".join(sorted(part for text in reactants for part in text.split(".")))
    _check_stated(number, node, joined, notes)
    done = replay(product, joined, node.step.template, node.step.mapped)
    for fault in done.faults:
        notes.add(number, f"{joined}>>{product}", fault.kind, fault.severity, fault.cause, fault.mend)
    return AuditedStep(
        number, product, joined, done.mapped_by, done.run_by, done.template, done.verdict, done.bonds_changed, NO_INDEX
    )


def _check_intermediate(number: int, smiles: str, notes: _Notes) -> None:
    """An intermediate must parse, and be a substance that one could hold."""
    if not plain(smiles):
        notes.add(number, smiles, "molecule", "error", _unreadable(smiles), "correct the SMILES")
    elif odd := unusual_charge(Chem.MolFromSmiles(smiles)):
        notes.add(number, smiles, "charge", "error", f"an intermediate with a {odd}", "draw it neutral, or as its salt")


def _check_stated(number: int, node: Molecule, joined: str, notes: _Notes) -> None:
    """What the file says of the reaction must be what its tree shows."""
    assert node.step
    left, _, right = node.step.stated.partition(">>")
    if not node.step.stated:
        return
    stated = ".".join(sorted(plain(part) for part in left.split(".")))
    if stated != joined or plain(right) != plain(node.smiles):
        cause = f"the file states {node.step.stated}, its tree shows other molecules"
        notes.add(number, f"{joined}>>{plain(node.smiles)}", "reactants", "error", cause, "make the two agree")


def _audit_leaf(node: Molecule, stock: Stock, notes: _Notes) -> AuditedLeaf:
    smiles = plain(node.smiles)
    if not smiles:
        notes.add(0, node.smiles, "molecule", "error", _unreadable(node.smiles), "correct the SMILES")
        return AuditedLeaf(node.smiles, None, node.in_stock)
    molecule = Chem.MolFromSmiles(smiles)
    if charge := Chem.GetFormalCharge(molecule):
        notes.add(0, smiles, "charge", "error", f"a starting material of charge {charge:+d}", "draw the salt")
    elif any(atom.GetNumRadicalElectrons() for atom in molecule.GetAtoms()):
        notes.add(0, smiles, "charge", "error", f"a starting material with a {unusual_charge(molecule)}", "correct it")
    entry = stock.find(smiles)
    if entry is None or entry.tier == "perhaps":
        what = entry.source if entry else "not in stock"
        claim = ", though the file says it is in stock" if node.in_stock else ""
        mend = "make it, or name a stock that has it: --stock, --tier"
        notes.add(0, smiles, "stock", "error", f"{what}{claim}", mend)
    return AuditedLeaf(smiles, entry, node.in_stock)


def _reaction(step: AuditedStep) -> str:
    return f"{step.reactants}>>{step.product}"


def _unreadable(smiles: str) -> str:
    """Why a SMILES cannot be read, in RDKit's words."""
    try:
        neutral_parent(smiles)
    except TargetError as error:
        return error.cause
    return "a pattern, not a molecule"
