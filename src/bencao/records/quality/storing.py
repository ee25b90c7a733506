"""Keep the quality of a database in a file, so that other thresholds and later loads can be held against it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bencao.kernel.files import write_text
from bencao.records.errors import SchemaError, SourceError
from bencao.records.quality.catalogue import catalogue
from bencao.records.quality.checking import FAILED, CheckResult, Quality

FORM = "bencao-quality-1"


def write_quality(quality: Quality, path: Path) -> None:
    """Write a quality as JSON, whole or not at all."""
    write_text(path, json.dumps(as_json(quality), ensure_ascii=False, indent=1) + "\n")


def as_json(quality: Quality) -> dict[str, Any]:
    """A quality as JSON has it: what the catalogue says of a check is not repeated."""
    return {
        "form": FORM,
        "source": quality.source,
        "today": quality.today.isoformat(),
        "rows": dict(quality.rows),
        "problems": [{"where": one.where, "cause": one.cause, "mend": one.mend} for one in quality.problems],
        "checks": [
            {
                "id": one.check.id,
                "violated": one.violated,
                "rows": one.rows,
                "threshold": one.threshold,
                "status": one.status,
                "reason": one.reason,
            }
            for one in quality.results
        ],
    }


def read_quality(path: Path) -> Quality:
    """Read what `write_quality` wrote.

    Raises
    ------
    SourceError
        What is absent, is no such file, or names a check that the catalogue does not have.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held.get("form") != FORM:
            raise SourceError("is no quality of this version", where=path.name, mend="check the database anew")
        known = {check.id: check for check in catalogue()}
        results = tuple(
            CheckResult(known[one["id"]], one["violated"], one["rows"], one["reason"], float(one["threshold"]))
            for one in held["checks"]
        )
        problems = tuple(SchemaError(one["cause"], where=one["where"], mend=one["mend"]) for one in held["problems"])
        return Quality(held["source"], date.fromisoformat(held["today"]), results, problems, held["rows"])
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=path.name, mend="check the path") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(
            "is no quality", where=path.name, mend="give what `bencao records quality -o` wrote"
        ) from error


def read_thresholds(path: Path) -> dict[str, float]:
    """Read a user's thresholds: a CSV with the columns check (an id, or the name of a type) and threshold (per cent).

    Raises
    ------
    SourceError
        Where a row names no check, or no number from 0 to 100.
    """
    known = {name for check in catalogue() for name in (check.id, check.name)}
    found: dict[str, float] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError("cannot be read", where=path.name, mend="give a CSV in UTF-8") from error
    for number, row in enumerate(rows, start=2):
        name, told = (row.get("check") or "").strip(), (row.get("threshold") or "").strip()
        where = f"{path.name}: line {number}"
        if name not in known:
            raise SourceError("names no check", where=where, mend="an id or a type, see `bencao records checks`")
        try:
            found[name] = float(told)
        except ValueError:
            found[name] = -1.0
        if not 0 <= found[name] <= 100:
            raise SourceError("has no threshold from 0 to 100", where=where, mend="give per cent, such as 5")
    return found


@dataclass(frozen=True)
class Change:
    """A check whose outcome differs between two loads.

    Attributes
    ----------
    before, after : CheckResult
    """

    before: CheckResult
    after: CheckResult

    @property
    def is_worse(self) -> bool:
        """Whether it fails now and did not, or fails by more rows."""
        if self.after.status != FAILED:
            return False
        return self.before.status != FAILED or (self.after.percent or 0) > (self.before.percent or 0)


def changes_between(before: Quality, after: Quality) -> Iterator[Change]:
    """Checks whose status or share of violating rows differs, in the order of the catalogue."""
    known: Mapping[str, CheckResult] = {one.check.id: one for one in before.results}
    for one in after.results:
        other = known.get(one.check.id)
        if other is not None and (other.status, other.percent) != (one.status, one.percent):
            yield Change(other, one)
