"""Annotated sentences in PHEE's JSON form (Sun et al. 2022, doi:10.18653/v1/2022.emnlp-main.376).

What the extraction model learns from and is scored on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.kernel.errors import InputError

ARGUMENTS = ("Subject", "Treatment", "Effect")
_WHAT = "one JSON object a line, with id, context and annotations, as PHEE's files have"

Offsets = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A role with its place: one pair of start and end for each piece, in order.

    `role` is the argument's name; a part of an argument has both, as in ``Subject.Age``.
    """

    role: str
    offsets: Offsets


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its mentions, each once however many events share it."""

    name: str
    text: str
    mentions: frozenset[Mention]

    def of(self, *roles: str) -> frozenset[Mention]:
        """The mentions of some roles."""
        return frozenset(one for one in self.mentions if one.role in roles)


def read_sentences(path: str | os.PathLike[str]) -> list[Sentence]:
    """Read a file of PHEE's form.

    Raises
    ------
    InputError
        Where the file cannot be read, or a line is not of that form or gives a place where its words do not stand.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), mend=f"give {_WHAT}") from error
    return [_sentence(line, f"{path}: line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _sentence(line: str, where: str) -> Sentence:
    try:
        row = json.loads(line)
        text = row["context"]
        mentions = frozenset(
            mention
            for annotation in row["annotations"]
            for event in annotation["events"]
            for mention in _mentions(event, text, where)
        )
        return Sentence(str(row["id"]), text, mentions)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"not a sentence of PHEE's form: {error!r}", where=where, mend=f"give {_WHAT}") from error


def _mentions(event: dict[str, Any], text: str, where: str) -> Iterator[Mention]:
    if "Trigger" in event:
        yield from _spans("Trigger", event["Trigger"], text, where)
    for role in ARGUMENTS:
        argument = event.get(role)
        if argument is None:
            continue
        yield from _spans(role, argument, text, where)
        for part, value in argument.items():
            if isinstance(value, dict) and "start" in value:
                yield from _spans(f"{role}.{part}", value, text, where)


def _spans(role: str, value: dict[str, Any], text: str, where: str) -> Iterator[Mention]:
    for pieces, starts in zip(value["text"], value["start"], strict=True):
        for piece, start in zip(pieces, starts, strict=True):
            if text[start : start + len(piece)] != piece:
                raise InputError(
                    f"{role} {piece!r} does not stand at character {start}", where=where, mend=f"give {_WHAT}"
                )
        yield Mention(
            role, tuple(sorted((start, start + len(piece)) for piece, start in zip(pieces, starts, strict=True)))
        )
