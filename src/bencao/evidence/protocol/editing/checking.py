"""All that is amiss in a protocol's text, each at its key; no data are opened."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bencao.evidence.errors import ProtocolError, TimeZeroError
from bencao.evidence.protocol.editing.words import Language, said_by_pydantic, shown_cause
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.protocol.reading import parse_protocol

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Amiss:
    """One thing that is amiss.

    Attributes
    ----------
    key : str
        ``covariates.2.days``, or empty where it is the text as a whole.
    kind : {"ProtocolError", "TimeZeroError"}
    cause : str
    """

    key: str
    kind: str
    cause: str


@dataclass(frozen=True)
class Checked:
    """A text, as far as it is a protocol.

    Attributes
    ----------
    told : dict or None
        Its keys; None where it is no YAML.
    protocol : Protocol or None
        Where nothing is amiss.
    amiss : tuple of Amiss
    """

    told: dict[str, Any] | None
    protocol: Protocol | None
    amiss: tuple[Amiss, ...]


def check_text(text: str, language: Language = "en") -> Checked:
    """Say all that is amiss in a protocol's text.

    Parameters
    ----------
    text : str
        YAML.
    language : {"en", "zh"}
        Of the causes.

    Returns
    -------
    Checked
    """
    try:
        told = parse_protocol(text, "")
    except ProtocolError as error:
        line = error.where.removeprefix(": ")
        cause = shown_cause(error.cause, language) + (f" ({line})" if line else "")
        return Checked(None, None, (Amiss("", "ProtocolError", cause),))
    protocol, amiss = _validated(told, language)
    return Checked(told, protocol, tuple(sorted(set(amiss), key=lambda one: one.key)))


def _validated(told: dict[str, Any], language: Language) -> tuple[Protocol | None, list[Amiss]]:
    """What validation finds; what is known too late is taken back to time zero, so that the rest is looked at too."""
    amiss: list[Amiss] = []
    left = told
    while True:
        try:
            protocol = Protocol.model_validate(left)
        except TimeZeroError as error:
            amiss.append(Amiss("covariates", "TimeZeroError", shown_cause(error.cause, language)))
            left = copy.deepcopy(left)
            late = next(_late(left, error.where), None)
            if late is None:
                return None, amiss
            key, days = late
            amiss[-1] = Amiss(_dotted((*key, "days", 1)), "TimeZeroError", shown_cause(error.cause, language))
            days[1] = 0
        except ValidationError as error:
            return None, amiss + [_amiss(one, told, language) for one in error.errors(include_url=False)]
        else:
            return (None if amiss else protocol), amiss


def _amiss(error: Any, told: dict[str, Any], language: Language) -> Amiss:
    key: Key = tuple(error["loc"])
    if error["type"] != "value_error":
        return Amiss(_dotted(key), "ProtocolError", said_by_pydantic(error, language))
    cause = str(error["msg"]).removeprefix("Value error, ")
    name, colon, rest = cause.partition(": ")
    if not key:  # said of the protocol as a whole: the key stands first in the words, or the name of what is there
        first = cause.split()[0].rstrip(":")
        if first in Protocol.model_fields:
            key, cause = (first,), rest if colon and name == first else cause
        else:
            key = next((at for at, part in _parts(told) if part.get("name") == name), ())
    elif name == key[-1]:
        cause = rest
    return Amiss(_dotted(key), "ProtocolError", shown_cause(cause, language))


def _late(told: Any, name: str) -> Iterator[tuple[Key, list[Any]]]:
    """What is so called and has a window that ends after time zero."""
    for key, part in _parts(told):
        events = part.get("events")
        called = part.get("name", events.get("name") if isinstance(events, dict) else None)
        days = part.get("days")
        if called == name and isinstance(days, list) and len(days) == 2 and _is_late(days[1]):
            yield key, days


def _is_late(day: Any) -> bool:
    try:
        return int(day) > 0
    except (TypeError, ValueError):
        return False


def _parts(told: Any, key: Key = ()) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Every mapping in what was told, with its key."""
    if isinstance(told, dict):
        yield key, told
    inside = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for name, value in inside:
        yield from _parts(value, (*key, name))


def _dotted(key: Key) -> str:
    return ".".join(map(str, key))
