"""Read route files of Bencao, AiZynthFinder, Syntheseus and RetroCast; the format is told by the content."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bencao.kernel.errors import InputError
from bencao.synthesis.audit.mapping import plain
from bencao.synthesis.audit.tree import Molecule, RouteTree, Source, Step, UnknownFormat, UnreadableRoute

_GZIP, _PICKLE, _HDF5 = b"\x1f\x8b", b"\x80", b"\x89HDF"
_EXPECTED = (
    "a plan of `bencao synthesis plan --json`, trees or output.json(.gz) of AiZynthFinder, reactions or trees of "
    "Syntheseus, or routes, candidates or predictions of RetroCast"
)

Read = RouteTree | UnreadableRoute
Steps = dict[str, tuple[str, dict[str, Any]]]  # by product: reactants and metadata of the reaction


def read_routes(path: Path) -> tuple[Read, ...]:
    """Read every route of a file.

    Parameters
    ----------
    path : Path
        JSON, plain or gzipped: a plan of ours; the trees of AiZynthFinder 4 or its table (``output.json.gz``); routes
        of Syntheseus as reactions or trees; routes (schema 1 or 2), candidates or predictions of RetroCast.

    Returns
    -------
    tuple of RouteTree or UnreadableRoute
        In file order; a route that is no tree stands there as its error.

    Raises
    ------
    UnknownFormat
        No JSON, or JSON of another kind; a pickle or HDF5 file, with the way to export it.
    InputError
        The file cannot be opened.

    Notes
    -----
    Syntheseus 0.9 writes no route but as a pickle, which would run code when opened, so it is refused. Dump the
    reactions of ``graph.to_synthesis_graph(nodes)`` to JSON instead.
    """
    return routes_in(_document(path), str(path))


def routes_in(document: Any, where: str = "") -> tuple[Read, ...]:
    """The routes in a JSON document that is already parsed, such as ``plan(…).as_json()``; see `read_routes`."""
    try:
        found = tuple(_routes(document, where))
    except RecursionError:
        raise UnknownFormat("nested too deep for a route", where=where, mend=f"give {_EXPECTED}") from None
    if not found:
        raise UnknownFormat("no route in it", where=where, mend=f"give {_EXPECTED}")
    return found


def _document(path: Path) -> Any:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="check the path") from error
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise UnknownFormat(f"a broken gzip file ({error})", where=str(path), mend="copy it again") from error
    if data.startswith(_PICKLE):
        mend = "write the reactions of the route as JSON, as the manual shows"
        raise UnknownFormat("a pickle, which would run code when opened", where=str(path), mend=mend)
    if data.startswith(_HDF5):
        raise UnknownFormat("an HDF5 table", where=str(path), mend="let AiZynthFinder write output.json.gz")
    try:
        return json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnknownFormat(f"not JSON ({error})", where=str(path), mend=f"give {_EXPECTED}") from error


def _routes(value: Any, where: str) -> Iterator[Read]:
    """Tell the format of a JSON value by its keys; lists and tables keyed by target are taken entry by entry."""
    if isinstance(value, list):
        if value and all(_is_reaction(entry) for entry in value):
            yield from _guarded(_reactions, value, where)
        else:
            for number, entry in enumerate(value, start=1):
                yield from _routes(entry, f"{where}[{number}]")
    elif not isinstance(value, dict):
        raise UnknownFormat(f"{_kind(value)} where a route was expected", where=where, mend=f"give {_EXPECTED}")
    elif isinstance(value.get("routes"), list) and "target" in value:
        for number, route in enumerate(value["routes"], start=1):
            yield from _guarded(_plan_route, {"target": value["target"], "route": route}, f"{where}: route {number}")
    elif isinstance(value.get("data"), list) and "schema" in value:
        yield from _table(value["data"], where)
    elif value.get("type") == "mol":
        yield from _guarded(_bipartite, value, where)
    elif isinstance(value.get("target"), dict) and "smiles" in value["target"]:
        yield from _guarded(_retrocast, value, where)
    elif "rank" in value and ("route" in value or "failure" in value):
        yield from _guarded(_candidate, value, where)
    elif value and all(isinstance(entry, list) for entry in value.values()):
        for name, entry in value.items():
            yield from _routes(entry, f"{where}: {name}")
    else:
        keys = ", ".join(map(repr, list(value)[:6])) or "no key"
        raise UnknownFormat(f"a JSON object of another kind ({keys})", where=where, mend=f"give {_EXPECTED}")


def _guarded(read: Any, value: Any, where: str) -> Iterator[Read]:
    try:
        yield read(value)
    except UnreadableRoute as error:
        yield UnreadableRoute(error.cause, where=where, mend=error.mend)


# --- ours


def _plan_route(entry: dict[str, Any]) -> RouteTree:
    return RouteTree("bencao", _plan_molecule(_part(entry["route"], "tree", dict)), _text(entry, "target"))


def _plan_molecule(node: dict[str, Any]) -> Molecule:
    smiles, step = _text(node, "smiles"), node.get("step")
    if step is None:
        return Molecule(smiles, _truth(node, "in_stock"))
    reactants = tuple(_plan_molecule(below) for below in _nodes(step, "precursors"))
    stated = f"{_text(step, 'reactants')}>>{smiles}"
    made_by = Step(reactants, _optional(step, "template"), _optional(step, "mapped"), stated)
    return Molecule(smiles, _truth(node, "in_stock"), made_by)


# --- AiZynthFinder, and the trees of Syntheseus, which have its form


def _table(rows: list[Any], where: str) -> Iterator[Read]:
    for number, row in enumerate(rows, start=1):
        place = f"{where}: row {number}"
        if not isinstance(row, dict) or not isinstance(row.get("trees"), list):
            yield UnreadableRoute("no column trees", where=place, mend="let AiZynthFinder write its trees")
            continue
        for order, tree in enumerate(row["trees"], start=1):
            for found in _guarded(_bipartite, tree, f"{place}: tree {order}"):
                target = _optional(row, "target")
                yield RouteTree(found.source, found.root, target) if isinstance(found, RouteTree) else found


def _bipartite(node: Any) -> RouteTree:
    source: Source = "aizynthfinder" if isinstance(node, dict) and "is_chemical" in node else "syntheseus"
    return RouteTree(source, _bipartite_molecule(node, source))


def _bipartite_molecule(node: Any, source: Source) -> Molecule:
    if not isinstance(node, dict) or node.get("type") != "mol":
        raise UnreadableRoute("a node of type mol was expected", mend="molecules and reactions must alternate")
    smiles, children = _text(node, "smiles"), node.get("children") or []
    if not children:
        return Molecule(smiles, _truth(node, "in_stock"))
    if len(children) != 1 or not isinstance(children[0], dict) or children[0].get("type") != "reaction":
        raise UnreadableRoute(f"{smiles} is not made by exactly one reaction", mend="give routes, not the search graph")
    reaction = children[0]
    metadata = reaction.get("metadata") if isinstance(reaction.get("metadata"), dict) else {}
    made_by = Step(
        tuple(_bipartite_molecule(below, source) for below in _nodes(reaction, "children")),
        _optional(metadata, "template"),
        _optional(metadata, "mapped_reaction_smiles"),
        # AiZynthFinder writes the template's own atoms there, not the reaction.
        _optional(reaction, "smiles") if source == "syntheseus" and ">>" in _optional(reaction, "smiles") else "",
    )
    return Molecule(smiles, _truth(node, "in_stock"), made_by)


# --- Syntheseus: the reactions of a route, the target's first


def _is_reaction(entry: Any) -> bool:
    return isinstance(entry, str) or (isinstance(entry, dict) and "reaction_smiles" in entry)


def _reactions(entries: Sequence[Any]) -> RouteTree:
    rows: list[tuple[str, str, dict[str, Any]]] = []
    for entry in entries:
        text = entry if isinstance(entry, str) else _text(entry, "reaction_smiles")
        reactants, _, product = text.partition(">>")
        if not reactants or not product:
            raise UnreadableRoute(f"{text!r} is no reaction", mend="write reactants>>product")
        metadata = entry.get("metadata") if isinstance(entry, dict) else None
        rows.append((product, reactants, metadata if isinstance(metadata, dict) else {}))
    steps: Steps = {}
    for product, reactants, metadata in rows:
        steps.setdefault(plain(product), (reactants, metadata))
    used = {plain(molecule) for _, reactants, _ in rows for molecule in reactants.split(".")}
    ends = [product for product, _, _ in rows if plain(product) not in used]
    root = _grown(ends[0] if len(set(map(plain, ends))) == 1 else rows[0][0], steps, ())
    placed = {(plain(node.smiles), node.step.stated.partition(">>")[0]) for node in root.walk() if node.step}
    loose = tuple(f"{left}>>{right}" for right, left, _ in rows if (plain(right), left) not in placed)
    return RouteTree("syntheseus", root, loose=loose)


def _grown(smiles: str, steps: Steps, above: tuple[str, ...]) -> Molecule:
    key = plain(smiles)
    if key not in steps or key in above:  # a circle is cut here, and is a finding later
        return Molecule(smiles)
    reactants, metadata = steps[key]
    below = tuple(_grown(reactant, steps, (*above, key)) for reactant in reactants.split("."))
    template, mapped = _optional(metadata, "template"), _optional(metadata, "mapped_reaction_smiles")
    return Molecule(smiles, step=Step(below, template, mapped, f"{reactants}>>{smiles}"))


# --- RetroCast, schema 2 (0.7 and later) and 1


def _candidate(value: dict[str, Any]) -> RouteTree:
    if value.get("route") is None:
        failure = value.get("failure")
        cause = failure.get("message") or failure.get("code") if isinstance(failure, dict) else None
        raise UnreadableRoute(f"a failure stands there, no route ({cause or 'no cause given'})", mend="leave it out")
    return _retrocast(_part(value, "route", dict))


def _retrocast(route: dict[str, Any]) -> RouteTree:
    return RouteTree("retrocast", _retrocast_molecule(_part(route, "target", dict)))


def _retrocast_molecule(node: dict[str, Any]) -> Molecule:
    smiles = _text(node, "smiles")
    step = node.get("product_of") or node.get("synthesis_step")
    if step is None:
        return Molecule(smiles)
    reactants = tuple(_retrocast_molecule(below) for below in _nodes(step, "reactants"))
    mapped = _optional(step, "mapped_reaction_smiles") or _optional(step, "mapped_smiles")
    return Molecule(smiles, step=Step(reactants, _optional(step, "template"), mapped))


# --- fields


def _part(node: Any, key: str, kind: type) -> Any:
    value = node.get(key) if isinstance(node, dict) else None
    if not isinstance(value, kind):
        raise UnreadableRoute(f"{key} is {_kind(value)}", mend="give the file as its planner wrote it")
    return value


def _text(node: Any, key: str) -> str:
    return str(_part(node, key, str))


def _optional(node: Any, key: str) -> str:
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, str) else ""


def _truth(node: dict[str, Any], key: str) -> bool | None:
    value = node.get(key)
    return value if isinstance(value, bool) else None


def _nodes(node: Any, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _part(node, key, list)
    if not found or not all(isinstance(entry, dict) for entry in found):
        raise UnreadableRoute(f"a step without a list of molecules in {key}", mend="a step needs its reactants")
    return found


def _kind(value: Any) -> str:
    names = {str: "a text", list: "a list", dict: "an object", bool: "a truth value", type(None): "absent"}
    return names.get(type(value), "a number")
