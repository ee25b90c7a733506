"""A plan in the forms other programs read: its starting materials as CSV, its molecules as SDF, all of it as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from rdkit import Chem

from bencao.synthesis.chemistry.molecule import inchikey
from bencao.synthesis.page.depiction import laid_out
from bencao.synthesis.route import Plan, Route, RouteNode

_COLUMNS = ("smiles", "inchikey", "in_stock", "tier", "uses", "price", "source", "routes")


def plan_json(plan: Plan) -> str:
    """A plan as the command writes it; the form is documented in ``docs/synthesis.md``."""
    return json.dumps(plan.as_json(), ensure_ascii=False, indent=1) + "\n"


def leaves_csv(plan: Plan) -> str:
    """The starting materials of a plan's routes, to order them by.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    str
        CSV, a row for each molecule in the order met. ``in_stock`` is false for what no tier has; ``price`` is in the
        unit of the supplier's list; ``routes`` are the numbers of the routes that need it, from 1.
    """
    wanted: dict[str, tuple[RouteNode, list[int]]] = {}
    for number, route in enumerate(plan.routes, start=1):
        for leaf in {leaf.smiles: leaf for leaf in route.leaves}.values():
            wanted.setdefault(leaf.smiles, (leaf, []))[1].append(number)
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    table.writeheader()
    for leaf, routes in wanted.values():
        row = {
            "smiles": leaf.smiles,
            "inchikey": inchikey(leaf.smiles),
            "in_stock": str(leaf.as_json()["in_stock"]).lower(),
            "routes": " ".join(map(str, routes)),
        }
        if leaf.stock:
            row |= {name: _cell(value) for name, value in leaf.stock.as_json().items()}
        table.writerow(row)
    return text.getvalue()


def _cell(value: str | int | float | None) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "@", "\t", "\r")) else text


def routes_sdf(plan: Plan) -> str:
    """The molecules of a plan's routes.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    str
        SDF (V2000), a record for each molecule of each route, the target first, with ``route``, ``role`` (``target``,
        ``intermediate`` or ``starting material``), ``smiles``, ``inchikey``, and the class and probability of the step
        that makes it or its stock tier.
    """
    return "".join(
        _record(route, node, number) for number, route in enumerate(plan.routes, start=1) for node in _once(route)
    )


def _once(route: Route) -> Iterator[RouteNode]:
    yield from {node.smiles: node for node in route.root.walk()}.values()


def _record(route: Route, node: RouteNode, number: int) -> str:
    made = "target" if node is route.root else "intermediate"
    fields = {
        "route": str(number),
        "role": made if node.step or node is route.root else "starting material",
        "smiles": node.smiles,
        "inchikey": inchikey(node.smiles),
    }
    if node.step:
        fields |= {"class": node.step.as_json()["class_name"], "probability": f"{node.step.probability:.6g}"}
    elif node.stock:
        fields |= {"tier": node.stock.tier, "source": node.stock.source}
    block = Chem.MolToMolBlock(laid_out(Chem.MolFromSmiles(node.smiles)))
    # A field ends at an empty line, so its text must not hold one.
    lines = (f">  <{name}>\n{' '.join(value.split())}\n\n" for name, value in fields.items() if value)
    return f"{fields['inchikey']}{block}{''.join(lines)}$$$$\n"
