"""Profile staged tables: what each column holds, without naming what few patients have."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from bencao.records.errors import SourceError
from bencao.records.parquet import told_if_damaged
from bencao.records.sources.staging import FILE, QUARANTINE, ROW
from bencao.records.sql import identifier, literal

LEAST = 5  # a value that fewer records have may name a patient
_TOP = 20
# Forms of values, the first that all of a column fits; as DuckDB's regular expressions.
FORMS = {
    "integer": r"[+-]?\d{1,18}",
    "number": r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
    "date": r"\d{4}-\d{1,2}-\d{1,2}",
    "datetime": r"\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?",
    "date_slash": r"\d{4}/\d{1,2}/\d{1,2}",
    "date_chinese": r"\d{2,4}年\d{1,2}月\d{1,2}日",
    "date_compact": r"(19|20)\d{6}",
    "date_dotted": r"\d{1,2}\.\d{1,2}\.\d{2,4}",
    "date_day_month": r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}",
    "measured": r"[<>≤≥]?\s*[+-]?\d+(\.\d+)?\s*[A-Za-zμµ%°/].*",
}
# What looks as an identifier of a person: whole values.
_IDENTIFIERS = {
    "id_card": r"\d{17}[\dXx]|\d{15}",
    "mobile": r"(\+?86[- ]?)?1[3-9]\d{9}",
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
}


@dataclass(frozen=True)
class ColumnProfile:
    """What a column holds.

    Attributes
    ----------
    name : str
    filled, missing, distinct : int
    form : str
        A name of `FORMS` that every value fits, ``code`` for few different texts, ``text`` else, ``empty``.
    shares : dict of float
        Share of the values that fit each form that some fit.
    least, greatest : str or None
        Of numbers and dates; not of identifiers.
    longest : int
        Characters.
    top : tuple of (str, int)
        The commonest values that at least five records have.
    identifier : str
        ``id_card``, ``mobile`` or ``email`` where nine of ten values look so, ``unique`` where nearly every record has
        its own; such a column's values are not listed.
    """

    name: str
    filled: int
    missing: int
    distinct: int
    form: str
    shares: dict[str, float]
    least: str | None
    greatest: str | None
    longest: int
    top: tuple[tuple[str, int], ...]
    identifier: str


@dataclass(frozen=True)
class TableProfile:
    """What a staged table holds."""

    name: str
    rows: int
    columns: tuple[ColumnProfile, ...]


def profile(folder: Path) -> tuple[TableProfile, ...]:
    """Profile the tables of a staged folder.

    Parameters
    ----------
    folder : Path
        As `stage` wrote it.

    Returns
    -------
    tuple of TableProfile
        By name. A value that fewer than five records have is never listed, nor are values of a column of identifiers.

    Raises
    ------
    SourceError
        A folder without staged tables.
    """
    paths = sorted(path for path in folder.glob("*.parquet") if path.name != QUARANTINE)
    if not paths:
        raise SourceError("holds no staged tables", where=folder.name, mend="give what `bencao records stage` wrote")
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        return tuple(_told(connection, path) for path in paths)


def _told(connection: Any, path: Path) -> TableProfile:
    with told_if_damaged(path):
        return _table(connection, path)


def as_json(tables: tuple[TableProfile, ...]) -> list[dict[str, Any]]:
    """Profiles as JSON has them."""
    return [asdict(table) for table in tables]


def _table(connection: Any, path: Path) -> TableProfile:
    relation = f"read_parquet({literal(path)})"
    names = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
    rows = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()[0]
    columns = tuple(_column(connection, relation, name, rows) for name in names if name not in (FILE, ROW))
    return TableProfile(path.stem, rows, columns)


def _column(connection: Any, relation: str, name: str, rows: int) -> ColumnProfile:
    quoted = identifier(name)
    patterns = {**FORMS, **_IDENTIFIERS}
    fits = ", ".join(
        f"sum(n) FILTER (WHERE regexp_full_match(trim(value), {literal(pattern)}))" for pattern in patterns.values()
    )
    grouped = f"(SELECT {quoted} AS value, count(*) AS n FROM {relation} WHERE {quoted} IS NOT NULL GROUP BY 1)"
    filled, distinct, longest, least, greatest, *counts = connection.execute(
        f"SELECT coalesce(sum(n), 0), count(*), coalesce(max(length(value)), 0), min(value), max(value), {fits} "
        f"FROM {grouped}"
    ).fetchone()
    filled = int(filled)
    shares = {form: int(count or 0) / filled for form, count in zip(patterns, counts, strict=True) if count}
    form = next((one for one in FORMS if shares.get(one) == 1), "")
    looks = next((one for one in _IDENTIFIERS if shares.get(one, 0) >= 0.9), "")
    if not looks and filled >= 2 * LEAST and distinct >= 0.9 * filled and form not in ("number", "date", "datetime"):
        looks = "unique"
    if not form:
        form = "empty" if not filled else "code" if distinct <= max(50, filled // 20) else "text"
    top = () if looks else _top(connection, grouped)
    if form in ("integer", "number") and not looks:
        least, greatest = connection.execute(
            f"SELECT min(CAST(trim(value) AS DOUBLE)), max(CAST(trim(value) AS DOUBLE)) FROM {grouped}"
        ).fetchone()
    bounded = form in FORMS and form != "measured" and not looks
    told = (
        f"{least:g}" if isinstance(least, float) else least,
        f"{greatest:g}" if isinstance(greatest, float) else greatest,
    )
    return ColumnProfile(
        name,
        filled,
        rows - filled,
        distinct,
        form,
        {one: round(share, 4) for one, share in shares.items() if one in FORMS},
        told[0] if bounded else None,
        told[1] if bounded else None,
        longest,
        top,
        looks,
    )


def _top(connection: Any, grouped: str) -> tuple[tuple[str, int], ...]:
    found = connection.execute(
        f"SELECT value, n FROM {grouped} WHERE n >= {LEAST} ORDER BY n DESC, value LIMIT {_TOP}"
    ).fetchall()
    return tuple((str(value), int(n)) for value, n in found)
