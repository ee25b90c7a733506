"""Write audited routes in RetroCast's format, schema 2."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rdkit import Chem, rdBase

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes
from bencao.synthesis.audit.findings import Audit, AuditedLeaf, AuditedRoute, AuditedStep
from bencao.synthesis.audit.mapping import plain
from bencao.synthesis.audit.tree import Molecule

SCHEMA_VERSION = "2"


def retrocast_candidates(audit: Audit) -> list[dict[str, Any]]:
    """The routes as RetroCast's candidates.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    list of dict
        ``rank`` (among the routes of one target, in file order, from 1) and ``route``, or ``failure`` where the route
        cannot be read. A step has the mapping and the template it was replayed with; what was found stands in the
        annotations, under ``bencao``.

    Notes
    -----
    Fields as RetroCast 0.8.3 writes them: a molecule has ``smiles``, ``inchikey`` (of the molecule as drawn),
    ``product_of`` and ``annotations``; a reaction ``reactants`` (sorted by InChIKey), ``mapped_reaction_smiles``
    (forwards), ``template`` and ``annotations``.
    """
    ranks: Counter[str] = Counter()
    candidates = []
    for route in audit.routes:
        ranks[route.target] += 1
        candidates.append({"rank": ranks[route.target], **_route_or_failure(route)})
    return candidates


def write_retrocast(audit: Audit, path: Path) -> None:
    """Write the routes as RetroCast's candidates; see `retrocast_candidates`.

    Parameters
    ----------
    audit : Audit
    path : Path
        ``.json`` or ``.json.gz``.

    Raises
    ------
    InputError
        Another suffix, or a file that cannot be written.
    """
    if not path.name.endswith((".json", ".json.gz")):
        raise InputError(f"a suffix {path.suffix!r}", where=str(path), mend="write to .json or .json.gz")
    data = (json.dumps(retrocast_candidates(audit), ensure_ascii=False, indent=1) + "\n").encode()
    # No time stamp, so that the same routes give the same bytes.
    write_bytes(path, gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def _route_or_failure(route: AuditedRoute) -> dict[str, Any]:
    unread = [finding for finding in route.findings if finding.kind in ("unreadable", "molecule")]
    if route.tree is None:
        return _failure("adapter.schema_invalid", unread[0].cause)
    if not all(plain(node.smiles) for node in route.tree.root.walk()):
        return _failure("chem.invalid_smiles", unread[0].cause)
    numbers = iter(range(1, sum(node.step is not None for node in route.tree.root.walk()) + 1))
    steps = {step.number: step for step in route.steps}
    leaves = {leaf.smiles: leaf for leaf in route.leaves}
    annotations = {"bencao": {"passed": route.passed, "findings": _findings(route, 0)}}
    target = _molecule(route.tree.root, route, numbers, steps, leaves)
    return {"route": {"target": target, "annotations": annotations, "schema_version": SCHEMA_VERSION}}


def _failure(code: str, message: str) -> dict[str, Any]:
    return {"failure": {"code": code, "message": message, "context": {"adapter": "bencao"}}}


def _molecule(
    node: Molecule,
    route: AuditedRoute,
    numbers: Iterator[int],
    steps: dict[int, AuditedStep],
    leaves: dict[str, AuditedLeaf],
) -> dict[str, Any]:
    """A molecule and what is below it; steps are numbered in the order in which they were audited."""
    smiles = plain(node.smiles)
    with rdBase.BlockLogs():
        key = Chem.MolToInchiKey(Chem.MolFromSmiles(smiles))  # type: ignore[no-untyped-call]
    written: dict[str, Any] = {"smiles": smiles, "inchikey": key}
    if node.step is None:
        entry = leaves[smiles].stock
        return {**written, "annotations": {"bencao": {"stock": entry.as_json() if entry else None}}}
    number = next(numbers)
    below = [_molecule(reactant, route, numbers, steps, leaves) for reactant in node.step.reactants]
    reaction: dict[str, Any] = {"reactants": sorted(below, key=lambda molecule: str(molecule["inchikey"]))}
    told: dict[str, Any] = {"passed": route.step_passed(number), "findings": _findings(route, number)}
    if step := steps.get(number):
        if step.forward.mapped:
            reaction["mapped_reaction_smiles"] = step.forward.mapped
        if step.template:
            reaction["template"] = step.template
        told |= {"mapped_by": step.mapped_by, "run_by": step.run_by, "precedent": step.precedent}
    reaction["annotations"] = {"bencao": told}
    return {**written, "product_of": reaction, "annotations": {}}


def _findings(route: AuditedRoute, number: int) -> list[dict[str, str]]:
    return [
        {"kind": finding.kind, "severity": finding.severity, "where": finding.where, "cause": finding.cause}
        for finding in route.findings
        if finding.step == number
    ]
