"""Read JSON without losing any of it: a name that stands twice in an object is told, as is what no table can hold."""

from __future__ import annotations

import json
import re
from typing import Any

FAULTS = {
    "duplicate_key": "a name stands twice in one object",
    "encoding": "a text is not Unicode",
    "nul": "a NUL character",
    "nesting": "more than 100 levels",
}
_DEEPEST = 100
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class NamedTwice(dict[str, Any]):
    """An object in which a name stands twice; that name holds the list of all its values."""


def read_json(text: str | bytes) -> Any:
    """Read a JSON text (RFC 8259); an object that names something twice becomes a `NamedTwice`.

    Raises
    ------
    ValueError, RecursionError
        Where it is none, or is nested too deep to be read.
    """
    return json.loads(text, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) == len(pairs):
        return held
    values: dict[str, list[Any]] = {name: [] for name in held}
    for name, value in pairs:
        values[name].append(value)
    return NamedTwice({name: told if len(told) > 1 else told[0] for name, told in values.items()})


def fault_in(value: Any) -> str:
    """Why what was read cannot be used: a key of `FAULTS`, empty where it can.

    Examples
    --------
    >>> fault_in(read_json('{"id": "1", "id": "2"}')), fault_in({"id": "1"})
    ('duplicate_key', '')
    """
    waiting = [(value, 0)]
    while waiting:
        inner, depth = waiting.pop()
        if depth > _DEEPEST:
            return "nesting"
        if isinstance(inner, NamedTwice):
            return "duplicate_key"
        if isinstance(inner, str):
            if found := _NO_TEXT.search(inner):
                return "nul" if found[0] == "\0" else "encoding"
        elif isinstance(inner, dict):
            waiting += ((part, depth + 1) for pair in inner.items() for part in pair)
        elif isinstance(inner, list):
            waiting += ((part, depth + 1) for part in inner)
    return ""
