"""Cases as they stood at the data lock point: the latest version of each, nullified ones left out and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bencao.kernel.errors import InputError
from bencao.safety.case import Administration, Case
from bencao.safety.case.versions import version
from bencao.safety.exchange import ReadCase
from bencao.safety.listings.line import Line, line_of
from bencao.safety.validation.elements.dates import digits

_Order = tuple[str, str, bool, int]  # latest information, creation, whether it nullifies, place in the input


@dataclass(frozen=True)
class Period:
    """A reporting period; `end` is the data lock point. Cumulative is all up to it."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            cause = f"the period begins on {self.start} and ends on {self.end}"
            raise InputError(cause, where="--from, --to", mend="give the first day and the data lock point")

    def holds(self, received: str) -> bool:
        """Whether a date of receipt (HL7) lies in the interval."""
        return f"{self.start:%Y%m%d}" <= received[:8] <= f"{self.end:%Y%m%d}"


@dataclass(frozen=True)
class Locked:
    """Cases at the data lock point.

    Attributes
    ----------
    cumulative : tuple of Line
        By identifier.
    interval : tuple of Line
        Those of them that the interval holds.
    counts : dict of str to int
        ``read``, ``unreadable``, ``undated``, ``after``, ``superseded``, ``nullified``, ``not selected``,
        ``cumulative cases``, ``interval cases``: what was read is the sum of the others but the last.
    superseded : dict of str to int
        What superseded older versions: follow-up, amendment, nullification.
    """

    cumulative: tuple[Line, ...]
    interval: tuple[Line, ...]
    counts: dict[str, int]
    superseded: dict[str, int]


def lock(
    read: Iterable[ReadCase],
    period: Period,
    selected: Callable[[Line], bool] = lambda line: True,
    latest: bool = False,
    refused: Callable[[ReadCase], None] = lambda found: None,
) -> Locked:
    """Take the latest version of each case that was there at the data lock point.

    Parameters
    ----------
    read : iterable of ReadCase
        In any order; cases are one where their worldwide identifier (C.1.8.1, else C.1.1) is; a version is later by
        C.1.5, then C.1.2, then if it nullifies, then by its place in the input.
    period : Period
    selected : callable
        Whether a case is among those that are asked for.
    latest : bool
        A case belongs to the interval by its latest information (C.1.5), not by its first receipt (C.1.4).
    refused : callable
        Told of what cannot be read.
    """
    counts = dict.fromkeys(("read", "unreadable", "undated", "after", "superseded", "nullified", "not selected"), 0)
    superseded: dict[str, int] = {}
    kept: dict[str, tuple[_Order, Case, Line]] = {}
    for number, found in enumerate(read):
        counts["read"] += 1
        if found.case is None:
            counts["unreadable"] += 1
            refused(found)
            continue
        line = line_of(found.case)
        if not digits(line.first_received):
            counts["undated"] += 1
        elif line.most_recent[:8] > f"{period.end:%Y%m%d}":
            counts["after"] += 1
        else:
            created = found.case.administration.identification.created.value
            order = (digits(line.most_recent).ljust(14, "0"), digits(created).ljust(14, "0"), line.nullified, number)
            _keep(kept, line, order, _identity(found.case), superseded)
    counts["superseded"] = sum(superseded.values())
    lines = sorted((line for _, _, line in kept.values()), key=lambda line: (line.identifier, line.key))
    valid = [line for line in lines if not line.nullified]
    chosen = tuple(line for line in valid if selected(line))
    interval = tuple(line for line in chosen if period.holds(line.most_recent if latest else line.first_received))
    counts |= {"nullified": len(lines) - len(valid), "not selected": len(valid) - len(chosen)}
    counts |= {"cumulative cases": len(chosen), "interval cases": len(interval)}
    return Locked(chosen, interval, counts, superseded)


def _keep(
    kept: dict[str, tuple[_Order, Case, Line]],
    line: Line,
    order: _Order,
    identity: Case,
    superseded: dict[str, int],
) -> None:
    key = line.key or f"? {order[-1]}"
    before = kept.get(key)
    if before is None:
        kept[key] = (order, identity, line)
        return
    newer, older = ((order, identity, line), before) if order > before[0] else (before, (order, identity, line))
    kind = version(older[1], newer[1])
    superseded[kind] = superseded.get(kind, 0) + 1
    kept[key] = newer


def _identity(case: Case) -> Case:
    """Only what tells versions apart, so that whole cases need not be held."""
    return Case(administration=Administration(identification=case.administration.identification))
