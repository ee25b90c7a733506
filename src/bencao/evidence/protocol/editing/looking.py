"""Look into a protocol while it is written: what stands at a key, and what goes without saying there."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from bencao.evidence.protocol.protocol import Protocol


def default_of(key: str) -> Any:
    """What a protocol says at a key that is left out; None where it must be told, or says nothing.

    Examples
    --------
    >>> default_of("follow_up.days"), default_of("covariates.0.days"), default_of("study")
    (365, (-365, 0), None)
    """
    model: type[BaseModel] | None = Protocol
    default: Any = None
    for part in key.split("."):
        if part.isdecimal():
            default = None  # a member of a list, of the model that was found for the list
            continue
        if model is None or part not in model.model_fields:
            return None
        field = model.model_fields[part]
        default, model = field.get_default(call_default_factory=True), _model(field.annotation)
    return None if default is PydanticUndefined or isinstance(default, BaseModel) else default


def _model(annotation: Any) -> type[BaseModel] | None:
    """The model that a value is of, or the members of a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model, get_args(annotation))), None)


def told_at(told: Any, key: str) -> Any:
    """What stands at a key of what was told; None where nothing does."""
    for part in key.split("."):
        if isinstance(told, list) and part.isdecimal() and int(part) < len(told):
            told = told[int(part)]
        elif isinstance(told, dict):
            told = told.get(part)
        else:
            return None
    return told
