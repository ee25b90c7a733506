"""Facts: numbers with where they come from, resolved from tables, ARS files, CSV cells and safety cases."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.submission.errors import GroundingError
from bencao.submission.grounding.declaration import Declaration, Source
from bencao.submission.grounding.results import Results


@dataclass(frozen=True)
class Fact:
    """A value bound to its source.

    Parameters
    ----------
    name : str
    text : str
        As its source prints it.
    value : float or None
        Unrounded, where it is a number.
    source : str
        Address of the source, such as ``14-2.01:R2C3:mean`` or ``sites.csv:row 4:N``.
    """

    name: str
    text: str
    value: float | None
    source: str


def resolve(declaration: Declaration, folder: Path, results: Results | None) -> dict[str, Fact]:
    """All facts of a document.

    Raises
    ------
    GroundingError
        Where a source has no such value, or several.
    """
    return {name: _resolved(name, source, folder, results) for name, source in declaration.facts.items()}


def _resolved(name: str, source: Source, folder: Path, results: Results | None) -> Fact:
    where = f"fact {name}"
    if source.table:
        if results is None:
            raise GroundingError("needs a study", where=where, mend="give study and data")
        found = results.fact(source, where)
        return Fact(name, found.text, found.value, found.address)
    if source.ars:
        return _from_ars(name, source, folder, where)
    if source.csv:
        return _from_csv(name, source, folder, where)
    return _from_case(name, source, folder, where)


def _from_ars(name: str, source: Source, folder: Path, where: str) -> Fact:
    told = _json(folder / source.ars, where)
    found = [
        result
        for analysis in told.get("analyses", ())
        if analysis.get("id") == source.analysis
        for result in analysis.get("results", ())
        if result.get("operationId") == source.operation
        and {group.get("groupId") for group in result.get("resultGroups", ())} >= set(source.groups)
    ]
    if len(found) != 1:
        raise GroundingError(
            f"{source.ars} has {len(found)} such results",
            where=where,
            mend="give analysis, operation and groups of one",
        )
    raw = found[0].get("rawValue")
    address = ":".join((source.ars, source.analysis, source.operation, *source.groups))
    return Fact(name, str(found[0].get("formattedValue", "")).strip(), float(raw) if raw is not None else None, address)


def _from_csv(name: str, source: Source, folder: Path, where: str) -> Fact:
    path = folder / source.csv
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise GroundingError(f"{source.csv} cannot be read: {error}", where=where, mend="check the path") from None
    found = [(line, row) for line, row in rows if all(row.get(key) == value for key, value in source.where.items())]
    if len(found) != 1 or source.column not in found[0][1]:
        raise GroundingError(
            f"{source.csv} has {len(found)} such rows" if len(found) != 1 else f"there is no column {source.column!r}",
            where=where,
            mend="let where choose one row, and name a column",
        )
    line, row = found[0]
    text = (row[source.column] or "").strip()
    return Fact(name, text, _number(text), f"{source.csv}:row {line}:{source.column}")


def _from_case(name: str, source: Source, folder: Path, where: str) -> Fact:
    value: Any = _json(folder / source.case, where)
    for part in source.field.strip("/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            raise GroundingError(
                f"{source.case} has no {source.field}", where=where, mend="give a JSON pointer such as /patient/age"
            ) from None
    if isinstance(value, dict | list) or value is None:
        raise GroundingError(f"{source.field} is no single value", where=where, mend="point to a value")
    return Fact(name, str(value), _number(str(value)), f"{source.case}:{source.field}")


def _json(path: Path, where: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise GroundingError(f"{path.name} cannot be read: {error}", where=where, mend="check the path") from None


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None
