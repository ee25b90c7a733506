"""A protocol to begin with: every part that a study needs, to be filled in."""

from __future__ import annotations

from typing import Any, Literal

from bencao.evidence.protocol.editing.changing import write_told
from bencao.evidence.protocol.sensitivity import PARAMETERS, Bias


def start_bias(name: str, bias: Bias) -> dict[str, Any]:
    """What a protocol says of a bias whose size is still to be told: every parameter that it has, without numbers."""
    return {"name": name, "bias": bias, "ranges": {parameter: [] for parameter in PARAMETERS[bias]}}


def start_protocol(study: str, data: Literal["omop", "table"]) -> str:
    """The text of a protocol that asks nothing yet.

    Parameters
    ----------
    study : str
        Its short name.
    data : {"omop", "table"}

    Returns
    -------
    str
        YAML, with what is needed left empty.
    """
    empty: dict[str, Any] = {"name": "", "concepts": []} if data == "omop" else {"name": "", "column": ""}
    arm = empty if data == "omop" else {**empty, "value": 1}
    other = empty if data == "omop" else {**empty, "value": 0}
    covariates = [{"name": "age", "given_by": "age"}, {"name": "sex", "given_by": "sex"}] if data == "omop" else []
    told = {
        "study": study,
        "title": "",
        "data": data,
        "strategies": {"treatment": dict(arm), "comparator": dict(other)},
        "outcome": {"kind": "binary", "events": dict(empty)},
        "covariates": covariates,
    }
    return write_told(told)
