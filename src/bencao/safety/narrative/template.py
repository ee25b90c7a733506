"""Sentence templates: texts with slots, choices and lists, as the YAML files of `templates` write them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from bencao.kernel.errors import InputError

Kind = Literal["value", "all", "equals", "present", "absent", "drug", "reaction", "number"]


@dataclass(frozen=True)
class Slot:
    """A place in a sentence that data elements fill; without them the sentence, or its part, does not stand.

    Attributes
    ----------
    elements : tuple of str
    optional : frozenset of str
        Those that may be missing.
    kind : str
        ``value``: what the element says; ``all``: of all its repeats; ``equals``: nothing is written, but the element
        must say one of `codes`; ``present``, ``absent``: nothing is written, but the element must have a value, or be
        missing; ``drug``, ``reaction``: the name of the drug or reaction that the sentence is about; ``number``: its
        place in the report.
    form : str
        How it is written, a function of `wording`; empty as it stands.
    codes : tuple of str
    """

    elements: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    kind: Kind = "value"
    form: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """The first of several sequences that can be filled; nothing where none can, unless one is required."""

    options: tuple[Sequence, ...]
    required: bool


@dataclass(frozen=True)
class Listing:
    """Those of several sequences that can be filled, in a list; at least one must be."""

    options: tuple[Sequence, ...]
    last: bool


@dataclass(frozen=True)
class Sequence:
    """Texts and slots one after the other: all must be filled."""

    parts: tuple[str | Slot | Choice | Listing, ...]


@cache
def parse(text: str) -> Sequence:
    """Read a template.

    Parameters
    ----------
    text : str
        ``{D.3}`` a value, ``{D.2.1:date}`` written as a date, ``{D.2.2a D.2.2b?:quantity}`` of two elements of which
        the second may be missing, ``{C.1.10.r*}`` of all repeats, ``{E.i.7=1/4}`` only if it says 1 or 4,
        ``{D.9.1+}`` only if it has a value, ``{D.9.1!}`` only if it is missing, ``{@drug}``, ``{@reaction}``, ``{#}``;
        ``[a|b]`` the first that can be filled or nothing, ``[!a|b]`` one of them; ``<&a;b;c>`` those that can be filled
        as *a, b and c*, ``<,a;b>`` with commas only.

    Raises
    ------
    InputError
        A bracket that is not closed.
    """
    sequence, at = _sequence(text, 0, "")
    if at != len(text):
        raise InputError(f"unexpected {text[at]!r}", where=f"template {text!r}", mend="close what was opened")
    return sequence


def slots(sequence: Sequence) -> list[Slot]:
    """All slots of a template, inner ones too."""
    found: list[Slot] = []
    for part in sequence.parts:
        if isinstance(part, Slot):
            found.append(part)
        elif isinstance(part, (Choice, Listing)):
            found += [slot for option in part.options for slot in slots(option)]
    return found


def _sequence(text: str, at: int, ends: str) -> tuple[Sequence, int]:
    parts: list[str | Slot | Choice | Listing] = []
    plain = ""
    while at < len(text) and text[at] not in ends:
        if text[at] not in "{[<":
            plain += text[at]
            at += 1
            continue
        if plain:
            parts.append(plain)
            plain = ""
        part, at = _opened(text, at)
        parts.append(part)
    if plain:
        parts.append(plain)
    return Sequence(tuple(parts)), at


def _opened(text: str, at: int) -> tuple[Slot | Choice | Listing, int]:
    if text[at] == "{":
        end = text.find("}", at)
        if end < 0:
            raise InputError("a slot is not closed", where=f"template {text!r}", mend="write }")
        return _slot(text[at + 1 : end]), end + 1
    divider, closer = ("|", "]") if text[at] == "[" else (";", ">")
    mark = text[at + 1 : at + 2] if text[at + 1 : at + 2] in (("!",) if closer == "]" else ("&", ",")) else ""
    options = []
    at += 1 + len(mark)
    while True:
        option, at = _sequence(text, at, divider + closer)
        options.append(option)
        if at == len(text):
            raise InputError(f"{closer!r} is missing", where=f"template {text!r}", mend="close what was opened")
        at += 1
        if text[at - 1] == closer:
            break
    if closer == "]":
        return Choice(tuple(options), mark == "!"), at
    return Listing(tuple(options), mark == "&"), at


def _slot(told: str) -> Slot:
    if told == "#":
        return Slot((), kind="number")
    if told == "@drug":
        return Slot(("G.k.2.2", "G.k.2.3.r.1"), kind="drug")
    if told == "@reaction":
        return Slot(("E.i.1.2", "E.i.1.1a", "E.i.2.1b"), kind="reaction")
    if "=" in told:
        element, _, codes = told.partition("=")
        return Slot((element,), kind="equals", codes=tuple(codes.split("/")))
    names, _, form = told.partition(":")
    if names.endswith("+"):
        return Slot((names[:-1],), kind="present")
    if names.endswith("!"):
        return Slot((names[:-1],), kind="absent")
    given = names.split()
    plain = tuple(name.rstrip("?*") for name in given)
    optional = frozenset(name[:-1] for name in given if name.endswith("?"))
    return Slot(plain, optional, "all" if given[0].endswith("*") else "value", form)
