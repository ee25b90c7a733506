"""Methods in words for derived variables that only the steps of a build describe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bencao.trial.specification import Step


def method_of(variable: str, build: Iterable[Step]) -> str:
    """Say how steps of a build set a variable: a sentence for each, its note first.

    Parameters
    ----------
    variable : str
    build : iterable of Step

    Returns
    -------
    str
        Empty where no step names the variable as what it sets.

    Examples
    --------
    >>> step = Step(block="study_day", parameters={"of": "AESTDTC", "reference": "RFSTDTC", "into": "AESTDY"})
    >>> method_of("AESTDY", [step])
    'study day: of AESTDTC, reference RFSTDTC.'
    """
    return " ".join(sentence for step in build if (sentence := _sentence(variable, step)))


def _sentence(variable: str, step: Step) -> str:
    parameters = step.parameters
    said = f"{step.note.strip()} " if step.note else ""
    if step.block == "compute":
        return f"{said}{variable} = {_inline(parameters[variable])}." if variable in parameters else ""
    values = parameters.get("values")
    if isinstance(values, dict) and variable in values:
        rest = {name: value for name, value in parameters.items() if name != "values"}
        return f"{said}{variable} = {_inline(values[variable])}, {_listed(step.block, rest)}."
    taken = parameters.get("take")
    if isinstance(taken, (list, dict)) and variable in taken:
        source = taken[variable] if isinstance(taken, dict) else variable
        rest = {name: value for name, value in parameters.items() if name not in ("take", "table")}
        return f"{said}{_inline(source)} of {parameters.get('table')}, {_listed(step.block, rest)}."
    if variable not in (value for value in parameters.values() if isinstance(value, str)):
        return ""
    set_by = [name for name, value in parameters.items() if value == variable and name in ("into", "percent", "flag")]
    rest = {name: value for name, value in parameters.items() if name not in set_by}
    return f"{said}{_listed(step.block, rest)}." if set_by else ""


def _listed(block: str, parameters: dict[str, Any]) -> str:
    told = ", ".join(f"{name} {_inline(value)}" for name, value in parameters.items())
    return f"{block.replace('_', ' ')}: {told}" if told else block.replace("_", " ")


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_inline(one)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return " ".join(map(_inline, value))
    return " ".join(str(value).split())
