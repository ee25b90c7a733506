"""Change one key of a protocol's text and keep the rest of it as its author wrote it, comments too."""

from __future__ import annotations

import copy
import io
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from bencao.evidence.errors import ProtocolError
from bencao.evidence.protocol.reading import parse_protocol

_WIDTH = 110  # characters of a line


def change_key(text: str, key: str, value: Any) -> str:
    """The text with another value at a key.

    Parameters
    ----------
    text : str
        YAML whose top is a mapping.
    key : str
        ``follow_up.days``, ``covariates.2.name``; a number one past the end of a list adds to it.
    value : object
        Text, number, boolean, list or mapping; None takes the key away, and what is empty without it.

    Returns
    -------
    str
        It always reads as the old text with that one change.

    Raises
    ------
    ProtocolError
        A text that is no YAML, or a key that leads through something that is no mapping or list.
    """
    path = [int(part) if part.isdecimal() else part for part in key.split(".")]
    wanted = copy.deepcopy(parse_protocol(text, ""))
    _put(wanted, path, value)
    changed = _in_place(text, path, value)
    # The two libraries read some plain words apart ("no"); what cannot be kept as it was written is written anew.
    return changed if changed is not None and _read(changed) == wanted else write_told(wanted)


def write_told(told: dict[str, Any]) -> str:
    """A protocol's keys as YAML."""
    return str(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=_WIDTH))


def _in_place(text: str, path: list[Any], value: Any) -> str | None:
    keeper = YAML()
    keeper.preserve_quotes = True
    keeper.width = _WIDTH
    keeper.brace_single_entry_mapping_in_flow_sequence = True
    keeper.indent(mapping=2, sequence=4, offset=2)
    written = io.StringIO()
    try:
        told = keeper.load(text)
        _put(told, path, _dressed(value))
        keeper.dump(told, written)
    except (YAMLError, ValueError):
        return None
    return written.getvalue()


def _dressed(value: Any) -> Any:
    """A value as it is written: on one line, and quoted where it would be read as something else."""
    if isinstance(value, str):
        return value if _plain(value) == value else SingleQuotedScalarString(value)
    if not isinstance(value, list | dict):
        return value
    dressed: Any = CommentedSeq() if isinstance(value, list) else CommentedMap()
    if isinstance(value, list):
        dressed.extend(map(_dressed, value))
    else:
        dressed.update({name: _dressed(one) for name, one in value.items()})
    dressed.fa.set_flow_style()
    return dressed


def _plain(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None


def _read(text: str) -> Any:
    try:
        return parse_protocol(text, "")
    except ProtocolError:
        return None


def _put(told: Any, path: list[Any], value: Any) -> None:
    """Set what a path leads to, or take it away, and make what is missing on the way."""
    first, *rest = path
    if isinstance(told, list) != isinstance(first, int) or not isinstance(told, list | dict):
        raise ProtocolError("leads nowhere", where=".".join(map(str, path)), mend="mend the YAML first")
    if isinstance(told, list) and not 0 <= first <= len(told):
        raise ProtocolError(f"there are {len(told)}", where=".".join(map(str, path)), mend="name one that is there")
    there = first < len(told) if isinstance(told, list) else first in told
    if rest and (not there or told[first] is None):
        if value is None:
            return
        _set(told, first, there, [] if isinstance(rest[0], int) else {})
    if rest:
        _put(told[first], rest, value)
        if value is None and not told[first] and isinstance(told, dict):
            del told[first]  # but a list keeps what is empty in it: the others would change their places
    elif value is not None:
        _set(told, first, there, value)
    elif there:
        del told[first]


def _set(told: Any, first: Any, there: bool, value: Any) -> None:
    if isinstance(told, list) and not there:
        told.append(value)
    else:
        told[first] = value
