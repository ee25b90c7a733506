"""When a report is due: the first row that fits of a table of regions, kinds of report and days, the user's to edit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.tables import read_rows
from bencao.safety.triage.cited import NO, UNKNOWN, YES, Answer, Cite, cited
from bencao.safety.triage.expectedness import EXPECTED, UNEXPECTED
from bencao.safety.validation.elements.dates import digits
from bencao.safety.validation.report import Elements, Place

DEFAULT = Path(__file__).parent / "clocks.tsv"
COLUMNS = ("region", "report", "serious", "fatal_or_life_threatening", "expected", "days", "source")
_CHOICES = {
    "report": ("postmarket", "trial", "ind", "exempt"),
    "serious": ("yes", "no", "any"),
    "fatal_or_life_threatening": ("yes", "fatal", "any"),
    "expected": ("unexpected", "expected", "any"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A row: what it fits, how many calendar days, and the text that says so."""

    region: str
    report: str
    serious: str
    severe: str
    expected: str
    days: int
    source: str


@dataclass(frozen=True)
class Due:
    """When a report is due in a region.

    Attributes
    ----------
    region, report : str
        Region, and the kind of report there.
    days : int or None
        Calendar days; None where no row asks for an expedited report.
    date : str
        ISO 8601; empty where none is due, or the day it is counted from is unknown.
    source : str
        Of the row.
    cites : tuple of Cite
        What the answer rests on, the day it is counted from among it.
    assumed : tuple of str
        What is unknown and was taken as the stricter.
    """

    region: str
    report: str
    days: int | None
    date: str
    source: str
    cites: tuple[Cite, ...]
    assumed: tuple[str, ...] = ()


def read_clocks(path: Path = DEFAULT) -> tuple[Clock, ...]:
    """Read a table of clocks: TSV with the columns of the package's own.

    Raises
    ------
    InputError
        A file that cannot be read, lacks a column, or has a row with another choice or days that are no number.
    """
    rows = read_rows(path, COLUMNS, tabs=True, empty=False)
    for number, row in enumerate(rows, 2):
        for name, choices in _CHOICES.items():
            if row[name] not in choices:
                mend = f"choose of {', '.join(choices)}"
                raise InputError(f"{name} {row[name]!r}", where=f"{path}: row {number}", mend=mend)
        if not row["days"].isdigit():
            raise InputError(f"days {row['days']!r}", where=f"{path}: row {number}", mend="give a number of days")
    return tuple(
        Clock(row["region"], row["report"], row["serious"], row["fatal_or_life_threatening"], row["expected"],
              int(row["days"]), row["source"])
        for row in rows
    )  # fmt: skip


def kind_of_report(fields: Elements, region: str) -> Answer:
    """The kind of report in a region: of a trial (C.1.3 2 and C.5.4 1), or as after marketing.

    In the US a report with an IND number (FDA.C.5.5a) is one of ``ind``, with a pre-ANDA number (FDA.C.5.5b) of
    ``exempt``; others are ``postmarket``. Studies that are no clinical trial count as solicited reports after marketing
    (ICH E2D 3.2).
    """
    if region == "US":
        for number, kind in (("FDA.C.5.5a", "ind"), ("FDA.C.5.5b", "exempt")):
            if fields.value(number):
                return Answer(kind, cited(fields, Place(), number))
        return Answer("postmarket", cited(fields, Place(), "C.1.3"))
    trial = fields.value("C.1.3") == "2" and fields.value("C.5.4") == "1"
    return Answer("trial" if trial else "postmarket", cited(fields, Place(), "C.1.3", "C.5.4"))


def due(
    fields: Elements,
    region: str,
    serious: Answer,
    severe: Answer,
    fatal: Answer,
    expected: Answer,
    clocks: tuple[Clock, ...],
) -> Due:
    """When a report is due; what is unknown counts as the stricter, and is said.

    Day 0 is the day of the most recent information (C.1.5), which of an initial report is that of its receipt (C.1.4).
    """
    kind = kind_of_report(fields, region)
    assumed = [
        name
        for name, answer in (("serious", serious), ("fatal_or_life_threatening", severe), ("unexpected", expected))
        if answer.value == UNKNOWN
    ]
    basis = (*kind.cites, *serious.cites, *severe.cites, *expected.cites, *cited(fields, Place(), "C.1.4", "C.1.5"))
    basis = tuple(dict.fromkeys(basis))
    for clock in clocks:
        fits = (
            clock.region == region
            and clock.report == kind.value
            and _fits(clock.serious, serious.value, YES)
            and (clock.severe == "any" or (fatal if clock.severe == "fatal" else severe).value != NO)
            and _fits(clock.expected, expected.value, UNEXPECTED)
        )
        if fits:
            day = _day(fields.value("C.1.5") or fields.value("C.1.4"))
            when = (day + timedelta(days=clock.days)).isoformat() if day else ""
            return Due(region, kind.value, clock.days, when, clock.source, basis, tuple(assumed))
    return Due(region, kind.value, None, "", "", basis, tuple(assumed))


def _fits(wanted: str, said: str, stricter: str) -> bool:
    return wanted == "any" or wanted == (stricter if said == UNKNOWN else said)


def _day(text: str) -> date | None:
    told = digits(text)
    return date(int(told[:4]), int(told[4:6]), int(told[6:8])) if len(told) >= 8 else None


def worst(answers: list[Answer], order: tuple[str, ...]) -> Answer:
    """Of several answers the one that comes first in an order."""
    return min(answers, key=lambda each: order.index(each.value)) if answers else Answer(UNKNOWN)


STRICTEST = (YES, UNKNOWN, NO)
LEAST_EXPECTED = (UNEXPECTED, UNKNOWN, EXPECTED)
