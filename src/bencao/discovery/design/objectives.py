"""Several objectives in one file, and one score from 0 to 1 that a molecule gets for all of them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from rdkit import Chem, rdBase

from bencao.discovery.design import measures
from bencao.discovery.design.measures import Measure, Shape
from bencao.discovery.errors import ObjectiveError

_MEASURES = ("property", "similarity", "smarts", "element", "formula")
_SHAPES = ("target", "at_least", "at_most", "full_at")
_ALLOWED = {
    "property": {"property"},
    "similarity": {"similarity", "fingerprint"},
    "smarts": {"smarts", "absent"},
    "element": {"element"},
    "formula": {"formula"},
}
_OWN = {"qed", "similarity", "smarts", "formula"}  # are desirabilities without a shape


@dataclass(frozen=True)
class Term:
    """One objective.

    Attributes
    ----------
    name : str
    measure : callable
        Of a molecule.
    shape : callable
        Of the measured value; a desirability in [0, 1].
    weight : float
    """

    name: str
    measure: Measure
    shape: Shape
    weight: float = 1.0

    def desirability(self, molecule: Chem.Mol) -> float:
        """How well a molecule meets the objective, in [0, 1]."""
        return self.shape(self.measure(molecule))


@dataclass(frozen=True)
class Objectives:
    """Several objectives and how they are combined.

    Attributes
    ----------
    terms : tuple of Term
    combine : str
        ``geometric`` or ``arithmetic`` mean, weighted.
    told : str
        What they were read from, as JSON.
    """

    terms: tuple[Term, ...]
    combine: Literal["geometric", "arithmetic"] = "geometric"
    told: str = ""

    def parts(self, molecule: Chem.Mol) -> tuple[float, ...]:
        """The desirability of each term, in [0, 1]."""
        return tuple(term.desirability(molecule) for term in self.terms)

    def combined(self, parts: tuple[float, ...]) -> float:
        """The score of a molecule whose desirabilities are `parts`, in [0, 1]."""
        weights = [term.weight for term in self.terms]
        if self.combine == "arithmetic":
            return sum(weight * part for weight, part in zip(weights, parts, strict=True)) / sum(weights)
        if min(parts) <= 0:
            return 0.0
        logs = sum(weight * math.log(part) for weight, part in zip(weights, parts, strict=True))
        return math.exp(logs / sum(weights))

    def score(self, smiles: str) -> float:
        """The score of a molecule, in [0, 1]."""
        return self.combined(self.parts(Chem.MolFromSmiles(smiles)))


def read_objectives(path: str | Path) -> Objectives:
    """Read objectives from YAML.

    Parameters
    ----------
    path : path
        A mapping with ``combine`` (``geometric`` or ``arithmetic``) and a list ``objectives``; each of them has one of
        ``property``, ``similarity``, ``smarts``, ``element``, ``formula``, and one of ``target``, ``at_least``,
        ``at_most`` (with ``width``) or ``full_at``; ``weight`` is 1 where not given.

    Returns
    -------
    Objectives

    Raises
    ------
    ObjectiveError
        The file cannot be read, or an objective is wrong; `where` names file and objective.
    """
    try:
        told = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ObjectiveError(f"cannot be read: {error.strerror}", where=str(path), mend="check the path") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        first = str(error).splitlines()[0]
        raise ObjectiveError(f"no YAML: {first}", where=str(path), mend="check quotes and indents") from None
    return objectives_from(told, str(path))


def objectives_from(told: Any, where: str = "objectives") -> Objectives:
    """Objectives from the mapping that a file holds; parameters and errors as `read_objectives`."""
    if not isinstance(told, Mapping) or not isinstance(told.get("objectives"), list) or not told["objectives"]:
        raise ObjectiveError("no list of objectives", where=where, mend="give a mapping with a list `objectives`")
    if unknown := sorted(set(map(str, told)) - {"objectives", "combine"}):
        raise ObjectiveError(f"unknown {', '.join(unknown)}", where=where, mend="use `combine` and `objectives`")
    combine = told.get("combine", "geometric")
    if combine not in ("geometric", "arithmetic"):
        raise ObjectiveError(f"combine: {combine!r}", where=where, mend="use geometric or arithmetic")
    terms = [_term(one, f"{where}: objective {number}") for number, one in enumerate(told["objectives"], start=1)]
    return Objectives(tuple(terms), combine, json.dumps(told, sort_keys=True, default=str))


def _term(told: Any, where: str) -> Term:
    kinds = [kind for kind in _MEASURES if isinstance(told, Mapping) and kind in told]
    if len(kinds) != 1:
        raise ObjectiveError(f"{len(kinds)} things to measure", where=where, mend=f"give one of {', '.join(_MEASURES)}")
    kind = kinds[0]
    allowed = _ALLOWED[kind] | {*_SHAPES, "width", "weight", "name"}
    if unknown := sorted(set(map(str, told)) - allowed):
        raise ObjectiveError(f"unknown {', '.join(unknown)}", where=where, mend=f"use {', '.join(sorted(allowed))}")
    wanted = told[kind]
    weight = _number(told.get("weight", 1), "weight", where)
    if weight <= 0:
        raise ObjectiveError(f"weight {weight}", where=where, mend="give more than 0")
    shape = _shape(told, where, bare=kind in _OWN or wanted == "qed")
    return Term(str(told.get("name") or f"{kind} {wanted}"), _measure(kind, told, where), shape, weight)


def _measure(kind: str, told: Mapping[str, Any], where: str) -> Measure:
    wanted = str(told[kind])
    if kind == "property":
        if wanted not in measures.PROPERTIES:
            raise ObjectiveError(f"no property {wanted!r}", where=where, mend=f"use {', '.join(measures.PROPERTIES)}")
        return measures.PROPERTIES[wanted]
    if kind == "similarity":
        fingerprint = str(told.get("fingerprint", "ecfp4"))
        if fingerprint not in measures.FINGERPRINTS:
            known = ", ".join(measures.FINGERPRINTS)
            raise ObjectiveError(f"no fingerprint {fingerprint!r}", where=where, mend=f"use {known}")
        return measures.likeness(_parsed(Chem.MolFromSmiles, wanted, "SMILES", where), fingerprint)
    if kind == "smarts":
        return measures.has(_parsed(Chem.MolFromSmarts, wanted, "SMARTS", where), told.get("absent") is True)
    if kind == "element":
        if not (measures.is_formula(wanted) and wanted.isalpha()):
            raise ObjectiveError(f"no element {wanted!r}", where=where, mend="give a symbol, as F")
        return measures.element_count(wanted)
    if not measures.is_formula(wanted):
        raise ObjectiveError(f"no molecular formula: {wanted!r}", where=where, mend="write it as C7H8N2O2")
    return measures.formula_likeness(wanted)


def _parsed(parse: Callable[[str], Chem.Mol | None], text: str, form: str, where: str) -> Chem.Mol:
    with rdBase.BlockLogs():
        molecule = parse(text)
    if molecule is None or not molecule.GetNumAtoms():
        raise ObjectiveError(f"no {form} that RDKit reads: {text[:80]!r}", where=where, mend="check it")
    return molecule


def _shape(told: Mapping[str, Any], where: str, *, bare: bool) -> Shape:
    given = [name for name in _SHAPES if name in told]
    if len(given) > 1 or (not given and not bare):
        raise ObjectiveError(
            f"{len(given)} of {', '.join(_SHAPES)}", where=where, mend="give one, which tells what value is wanted"
        )
    if not given:
        return measures.as_it_is
    value = _number(told[given[0]], given[0], where)
    if given[0] == "full_at":
        if value <= 0:
            raise ObjectiveError(f"full_at {value}", where=where, mend="give more than 0")
        return measures.full_at(value)
    width = _number(told.get("width"), "width", where)
    if width <= 0:
        raise ObjectiveError(f"width {width}", where=where, mend="give more than 0")
    of = {"target": measures.around, "at_least": measures.at_least, "at_most": measures.at_most}
    return of[given[0]](value, width)


def _number(value: Any, name: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ObjectiveError(f"{name}: {value!r} is no number", where=where, mend=f"give a number as {name}")
    return float(value)
