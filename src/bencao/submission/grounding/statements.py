"""What a document states: each sentence and in-text cell with its facts, kept beside the document as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bencao.kernel.files import write_text
from bencao.submission.errors import GroundingError


@dataclass(frozen=True)
class StatedFact:
    """A fact as a sentence states it: name, text as written, and address of the source."""

    name: str
    text: str
    source: str


@dataclass(frozen=True)
class Statement:
    """A sentence, or an in-text table, of one language.

    Parameters
    ----------
    language : str
    id : str
        Of the sentence in the template, or ``table 14-2.01``.
    text : str
        As written; of a table its title.
    facts : tuple of StatedFact
        In a table one for each result, with its cell's address as name.
    rephrased : str
        A model's wording with placeholders for what it may not touch; "" for the template's own.
    """

    language: str
    id: str
    text: str
    facts: tuple[StatedFact, ...]
    rephrased: str = ""


@dataclass(frozen=True)
class Statements:
    """A document's statements.

    Parameters
    ----------
    document : str
    statements : tuple of Statement
    files : dict of str to str
        MD5 of each file that holds them.
    earlier : dict of str to list of str
        MD5s that each file had before, by which what was filed is known.
    """

    document: str
    statements: tuple[Statement, ...]
    files: dict[str, str]
    earlier: dict[str, list[str]] = field(default_factory=dict)


def write_statements(told: Statements, path: Path) -> None:
    """Write them as JSON, whole."""
    write_text(path, json.dumps(asdict(told), ensure_ascii=False, indent=1) + "\n")


def read_statements(path: str | os.PathLike[str]) -> Statements:
    """Read statements.

    Raises
    ------
    GroundingError
        Where the file is none of ours.
    """
    try:
        told: Any = json.loads(Path(path).read_text(encoding="utf-8"))
        return Statements(
            told["document"],
            tuple(
                Statement(
                    one["language"],
                    one["id"],
                    one["text"],
                    tuple(StatedFact(**fact) for fact in one["facts"]),
                    one.get("rephrased", ""),
                )
                for one in told["statements"]
            ),
            dict(told["files"]),
            dict(told.get("earlier", {})),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GroundingError(
            f"holds no statements: {error}", where=os.fspath(path), mend="write the document again"
        ) from None


def earlier_files(before: Statements | None, files: dict[str, str]) -> dict[str, list[str]]:
    """MD5s that files had before, with those of last time where they are others now."""
    if before is None:
        return {}
    found = {name: list(digests) for name, digests in before.earlier.items()}
    for name, digest in before.files.items():
        if files.get(name) != digest and digest not in found.setdefault(name, []):
            found[name].append(digest)
    return {name: digests for name, digests in found.items() if digests}


def changed(before: Statements, after: Statements) -> tuple[Statement, ...]:
    """Statements of which a fact's text or address is another, or which are new; as they now are."""
    known = {(one.language, one.id): one for one in before.statements}
    return tuple(
        one
        for one in after.statements
        if (old := known.get((one.language, one.id))) is None or _facts(old.facts) != _facts(one.facts)
    )


def _facts(facts: Iterable[StatedFact]) -> list[tuple[str, str]]:
    return [(fact.name, fact.text) for fact in facts]
