"""Operations that ask what variables the standard gives a domain: those of the model in order, and those required."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from bencao.trial.conformance.operations.context import Context, NotKnown, Runner
from bencao.trial.conformance.rule import Operation
from bencao.trial.conformance.standard import CLASS_OF_DOMAIN, FINDINGS, FINDINGS_ABOUT
from bencao.trial.conformance.study import Study
from bencao.trial.errors import UnsupportedRule

_FILE = Path(__file__).parents[1] / "data" / "sdtm_variables.yaml"
# Of a data set of associated persons, in the place of USUBJID and at the end (SDTMIG-AP 1.0, section 2).
_ASSOCIATED = ("APID", ["RSUBJID", "RDEVID", "SREL"])


@cache
def _known() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def _has_version(study: Study, part: str) -> bool:
    return study.standard == _known()["standard"] and study.version in _known()["versions"][part]


def timing_stems(study: Study) -> list[str]:
    """Timing variables of the model that the study's standard is built on, ``--`` first; none where not known here."""
    return str(_known()["classes"]["TIMING"]).split() if _has_version(study, "model") else []


def _require_version(operation: Operation, context: Context, part: str) -> None:
    study = context.study
    if not _has_version(study, part):
        asked = f"{study.standard} {study.version}".strip() or "a standard that is not named"
        raise UnsupportedRule(f"the variables of {asked} are not known here, which {operation.operator} needs")


def model_variables(domain: str, observation_class: str | None, *, associated: bool = False) -> list[str]:
    """Variables of a domain in the order of SDTM 2.0.

    Parameters
    ----------
    domain : str
        Such as ``LB``; ``SUPP…`` for supplemental qualifiers.
    observation_class : str or None
        Such as ``FINDINGS``.
    associated : bool
        Whether it is a data set of associated persons.

    Returns
    -------
    list of str

    Raises
    ------
    NotKnown
        Where they are not known here.
    """
    datasets, classes = _known()["datasets"], _known()["classes"]
    name = "SUPP" if domain.startswith(("SUPP", "SQ")) else domain
    if name in datasets:
        return str(datasets[name]).split()
    general = FINDINGS if observation_class == FINDINGS_ABOUT else observation_class
    if general not in classes:
        raise NotKnown(f"the variables of the model for {domain} are not known here")
    own = classes[general].split()
    if observation_class == FINDINGS_ABOUT:
        own.insert(own.index("--TEST") + 1, "--OBJ")
    stems = [*classes["IDENTIFIERS"].split(), *own, *classes["TIMING"].split()]
    if associated:
        stems = [_ASSOCIATED[0] if stem == "USUBJID" else stem for stem in stems] + _ASSOCIATED[1]
    return [stem.replace("--", domain) for stem in stems]


def get_model_column_order(operation: Operation, context: Context) -> pl.DataFrame:
    """Variables of the model for the domain, in order."""
    _require_version(operation, context, "model")
    table = context.table
    domain = table.prefix if table.is_associated else context.domain(operation)
    observation_class = CLASS_OF_DOMAIN.get(domain) if table.is_associated else table.observation_class
    names = model_variables(domain, observation_class, associated=table.is_associated)
    return context.with_constant(operation, names)


def get_parent_model_column_order(operation: Operation, context: Context) -> pl.DataFrame:
    """Variables of the model for the domain that supplemental qualifiers belong to."""
    _require_version(operation, context, "model")
    parent = context.table.related_domain or ""
    table = context.study.find(parent)
    observation_class = table.observation_class if table is not None else CLASS_OF_DOMAIN.get(parent)
    return context.with_constant(operation, model_variables(parent, observation_class))


def required_variables(operation: Operation, context: Context) -> pl.DataFrame:
    """Variables that the implementation guide requires in the domain."""
    _require_version(operation, context, "required")
    domain = context.domain(operation)
    name = "SUPP" if domain.startswith(("SUPP", "SQ")) else domain
    if name in _known()["required"]:
        return context.with_constant(operation, _known()["required"][name].split())
    for listed in _known()["required_of_class"].values():
        if name in listed["domains"].split():
            return context.with_constant(operation, listed["variables"].replace("--", name).split())
    raise NotKnown(f"the variables that {domain} requires are not known here")


def expected_variables(operation: Operation, context: Context) -> pl.DataFrame:
    """Variables that the implementation guide expects in the domain."""
    _require_version(operation, context, "expected")
    domain = context.domain(operation)
    name = "SUPP" if domain.startswith(("SUPP", "SQ")) else domain
    if name not in _known()["expected"]:
        raise NotKnown(f"the variables that are expected in {domain} are not known here")
    dropped = _known()["no_longer_expected"].get(context.study.version, "").split()
    listed = [variable for variable in _known()["expected"][name].split() if variable not in dropped]
    return context.with_constant(operation, listed)


OPERATIONS: dict[str, Runner] = {
    "expected_variables": expected_variables,
    "get_model_column_order": get_model_column_order,
    "get_column_order_from_library": get_model_column_order,
    "get_parent_model_column_order": get_parent_model_column_order,
    "required_variables": required_variables,
}
