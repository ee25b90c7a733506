"""Read a protocol from YAML, and say what is amiss before any data are opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bencao.evidence.errors import ProtocolError, TimeZeroError
from bencao.evidence.protocol.protocol import Protocol

_MOST_VALUES = 100_000


def read_protocol(path: str | os.PathLike[str]) -> Protocol:
    """Read and validate a protocol; no data are opened.

    Parameters
    ----------
    path : path-like
        YAML, UTF-8.

    Returns
    -------
    Protocol

    Raises
    ------
    ProtocolError
        What cannot be read, or is no whole target trial; it names the first key that is amiss.
    TimeZeroError
        A baseline variable or a criterion that is known only after time zero.
    """
    name = Path(path).name
    try:
        told = parse_protocol(Path(path).read_bytes(), name)
    except OSError as error:
        raise ProtocolError(f"cannot be read: {error.strerror}", where=name, mend="check the path") from error
    try:
        return Protocol.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        cause = first["msg"].removeprefix("Value error, ")
        raise ProtocolError(cause, where=f"{name}: {key}" if key else name, mend="see docs/evidence.md") from error
    except TimeZeroError as error:
        raise TimeZeroError(error.cause, where=f"{name}: {error.where}", mend=error.mend) from error


def parse_protocol(text: str | bytes, name: str) -> dict[str, Any]:
    """The keys of a protocol's text, whatever they are; raises ProtocolError for what is no YAML."""
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        line = f": line {place.line + 1}" if place else ""
        raise ProtocolError("is no YAML in UTF-8", where=f"{name}{line}", mend="mend the line") from error
    if not isinstance(told, dict):
        raise ProtocolError("holds no keys", where=name, mend="begin with study:, title:, strategies:, outcome:")
    _refuse_endless(told, name)
    return told


def _refuse_endless(told: Any, name: str) -> None:
    """Refuse a text whose anchors stand for more than anybody wrote, or for themselves."""
    left, values = [told], 0
    while left:
        one = left.pop()
        values += 1
        if values > _MOST_VALUES:
            raise ProtocolError(f"holds over {_MOST_VALUES:,} values", where=name, mend="see its anchors")
        if isinstance(one, dict | list):
            left.extend(one.values() if isinstance(one, dict) else one)
