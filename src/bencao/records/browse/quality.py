"""The quality of a database as a person looks at it: summary, checks by table and status, rows that fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.records.cdm.database import Database, open_database
from bencao.records.errors import SourceError
from bencao.records.quality.checking import CheckResult, Quality, category_of, counted_by
from bencao.records.quality.storing import read_quality
from bencao.records.quality.violations import violating_rows
from bencao.records.quality.words import Language, looks_for, reason_in_words

PAGE = 100


@dataclass(frozen=True)
class CheckRow:
    """A check in the list.

    Attributes
    ----------
    id, name : str
    level : str
        ``TABLE``, ``FIELD`` or ``CONCEPT``.
    table, field, concept : str
        What it looks at; empty where it does not.
    category, context : str
        Kahn et al. 2016 (doi:10.13063/2327-9214.1244).
    violated, rows : int or None
        Numerator and denominator; None where the check does not apply.
    percent, threshold : float or None
        Per cent of rows that violate it, and how many may.
    status : str
        One of `bencao.records.quality.checking.STATUSES`.
    reason : str
        Why it does not apply, or could not be run.
    """

    id: str
    name: str
    level: str
    table: str
    field: str
    concept: str
    category: str
    context: str
    violated: int | None
    rows: int | None
    percent: float | None
    threshold: float | None
    status: str
    reason: str


@dataclass(frozen=True)
class SummaryRow:
    """How the checks of a category ended, verification and validation apart."""

    category: str
    context: str
    counts: dict[str, int]


@dataclass(frozen=True)
class QualityView:
    """A page of the checks.

    Attributes
    ----------
    source, made : str
        Name of the database, and when it was looked at.
    summary : tuple of SummaryRow
    counts : dict of str
        How many checks of the table have each of `STATUSES`.
    tables : dict of str
        The tables, and how many checks fail in each.
    start, total : int
    rows : tuple of CheckRow
    """

    source: str
    made: str
    summary: tuple[SummaryRow, ...]
    counts: dict[str, int]
    tables: dict[str, int]
    start: int
    total: int
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True)
class RowsView:
    """Rows that violate a check.

    Attributes
    ----------
    check : CheckRow
    describes : str
        What the check looks for.
    columns : tuple of str
    rows : tuple of tuple of str
        The first of them.
    total : int
    missing : str
        Why none are shown; empty otherwise.
    """

    check: CheckRow
    describes: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    missing: str


@dataclass(frozen=True)
class SitesView:
    """How many checks fail at each site, or in each load, by table.

    Attributes
    ----------
    sites : tuple of (str, str)
        Name, and when it was looked at; as the results were given.
    rows : tuple of (str, tuple of int)
        Each table in which a check fails anywhere, and its failing checks at each site.
    totals : tuple of int
    """

    sites: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    totals: tuple[int, ...]


class OpenQuality:
    """The quality of one database or several, and the first one itself where rows are to be shown.

    Parameters
    ----------
    qualities : tuple of Path
        As `bencao records quality -o` wrote them: of several sites, or of one after each load.
    database : Path, optional
        What the first was made of.
    """

    def __init__(self, qualities: tuple[Path, ...], database: Path | None = None) -> None:
        self.results = tuple(read_quality(path) for path in qualities)
        self.names = tuple(path.stem for path in qualities)
        self._path = database
        if database is not None and not database.exists():
            raise SourceError("is absent", where=database.name, mend="give the database that the result was made of")
        self._database: Database | None = None

    def quality(self, which: str) -> Quality:
        """One of the results, by its place from 0; InputError where there is none."""
        if not which.isdigit() or int(which) >= len(self.results):
            raise InputError("no result of this number", where=which[:20], mend="choose one of those given")
        return self.results[int(which)]

    def has_database(self, which: str) -> bool:
        """Whether failing rows can be shown."""
        return self._path is not None and which == "0"

    @property
    def database(self) -> Database:
        """The database, opened when it is first asked for."""
        if self._database is None:
            assert self._path is not None
            self._database = open_database(self._path)
        return self._database


def show_sites(opened: OpenQuality) -> SitesView:
    """Hold the sites, or the loads, against each other."""
    failing = [
        Counter(one.check.table for one in quality.results if one.status == "failed") for quality in opened.results
    ]
    tables = dict.fromkeys(one.check.table for quality in opened.results for one in quality.results)
    rows = tuple((name, tuple(counts[name] for counts in failing)) for name in tables)
    return SitesView(
        tuple((name, str(quality.today)) for name, quality in zip(opened.names, opened.results, strict=True)),
        tuple((name, counts) for name, counts in rows if any(counts)),
        tuple(counts.total() for counts in failing),
    )


def show_quality(
    opened: OpenQuality, status: str = "failed", table: str = "", start: str = "0", which: str = "0"
) -> QualityView:
    """List checks with their counts, a page of them.

    Parameters
    ----------
    opened : OpenQuality
    status : str
        One of `STATUSES`, or ``all``.
    table : str
        Only checks of this table; all where empty.
    start : str
        Place of the first one to show.
    which : str
        Place of the result, from 0.

    Returns
    -------
    QualityView
    """
    quality = opened.quality(which)
    counted = counted_by(quality.results, category_of)
    summary = tuple(SummaryRow(*key, dict(counts)) for key, counts in counted.items())
    rows = [_row(one) for one in quality.results]
    of_table = [row for row in rows if table in ("", row.table)]
    chosen = [row for row in of_table if status in ("all", row.status)]
    first = min(max(0, int(start)), max(0, len(chosen) - 1)) // PAGE * PAGE
    failing = Counter(row.table for row in rows if row.status == "failed")
    tables = {name: failing[name] for name in dict.fromkeys(row.table for row in rows)}
    return QualityView(
        quality.source,
        str(quality.today),
        summary,
        dict(Counter(row.status for row in of_table)),
        tables,
        first,
        len(chosen),
        tuple(chosen[first : first + PAGE]),
    )


def show_check(opened: OpenQuality, identifier: str, language: Language = "en", which: str = "0") -> RowsView:
    """Give a check with the rows that violate it.

    Raises
    ------
    InputError
        Where there is no such check.
    """
    quality = opened.quality(which)
    found = next((one for one in quality.results if one.check.id == identifier), None)
    if found is None:
        raise InputError("no check of this id", where=identifier[:120], mend="choose one of the list")
    row = replace(_row(found), reason=reason_in_words(found.reason, language))
    describes = looks_for(found.check, language)
    if not found.violated:
        return RowsView(row, describes, (), (), 0, "")
    if found.check.name in ("cdmTable", "cdmField", "cdmDatatype"):
        return RowsView(row, describes, (), (), 0, "no rows of form")
    if not opened.has_database(which):
        return RowsView(row, describes, (), (), 0, "no database")
    rows = violating_rows(opened.database, identifier, today=quality.today)
    filled = [place for place in range(len(rows.columns)) if any(one[place] is not None for one in rows.rows)]
    cells = tuple(tuple("" if one[place] is None else str(one[place]) for place in filled) for one in rows.rows)
    return RowsView(row, describes, tuple(rows.columns[place] for place in filled), cells, rows.total, "")


def _row(one: CheckResult) -> CheckRow:
    check = one.check
    percent = None if one.percent is None else round(one.percent, 2)
    return CheckRow(
        check.id,
        check.name,
        check.level,
        check.table,
        check.field,
        check.concept_name,
        check.category,
        check.context,
        one.violated,
        one.rows,
        percent,
        one.threshold,
        one.status,
        one.reason,
    )
