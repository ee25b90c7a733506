"""How an extract differs between sites and years: the population stability index, held against chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, log2, sqrt
from typing import Any

from bencao.records.release.columns import TABLES

MODERATE, LARGE = 0.1, 0.25  # Siddiqi, Credit Risk Scorecards (2006)
_LEVEL = 0.01  # chance of any false finding among the groups of one feature
_FEWEST = 5  # expected persons of a cell (Cochran 1954)
_CODES, _VALUES = 20, 5
GROUPS = {"year": "CAST(year(_day) AS VARCHAR)", "site": "CAST(pseudonym('care_site', _site) AS VARCHAR)"}


@dataclass(frozen=True)
class Drift:
    """One group held against all others together.

    Attributes
    ----------
    table, feature : str
        ``codes``, ``sex``, ``age``, or ``values of CONCEPT_ID``.
    by, group : str
        ``year`` or ``site``, and which; a site by its pseudonym in the extract.
    persons : int
    psi : float
        Population stability index: sum of (p - q) ln(p / q).
    distance : float
        Jensen-Shannon distance, from 0 to 1.
    chance : float
        What the index stays below where nothing differs, but once in a hundred features.
    """

    table: str
    feature: str
    by: str
    group: str
    persons: int
    psi: float
    distance: float
    chance: float

    @property
    def reading(self) -> str:
        """``chance``, ``small``, ``moderate`` (0.1 and over) or ``large`` (0.25 and over)."""
        if self.psi <= self.chance:
            return "chance"
        return "large" if self.psi >= LARGE else "moderate" if self.psi >= MODERATE else "small"


def drift_of(connection: Any, tables: Sequence[str], least: int) -> list[Drift]:
    """Hold each year and each site of the picked tables against all others.

    A person counts once for each code, or range of values, in each group. Groups of fewer persons than `least` are not
    told.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        With ``picked_TABLE`` of each table and ``chosen``.
    tables : sequence of str
    least : int

    Returns
    -------
    list of Drift
    """
    found: list[Drift] = []
    for table in tables:
        for by, group in GROUPS.items():
            persons = _counted(connection, f"SELECT {group}, count(DISTINCT person_id) FROM picked_{table} GROUP BY 1")
            told = {one: count for one, count in persons.items() if one is not None and count >= least}
            if len(told) < 2:
                continue
            for feature, text in _features(connection, table):
                cells = connection.execute(text.format(group=group)).fetchall()
                found += _held_apart(cells, told, table, feature, by)
    return found


def _features(connection: Any, table: str) -> Iterator[tuple[str, str]]:
    """Name of each feature, and its cells in SQL: group, bin, persons."""
    concept = TABLES[table].concept
    there = {row[0] for row in connection.execute(f"DESCRIBE picked_{table}").fetchall()}
    counted = f"count(DISTINCT person_id) FROM picked_{table}"
    if concept in there:
        top = f"SELECT {concept} FROM (SELECT {concept}, {counted} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_CODES})"
        bins = f"CASE WHEN {concept} IN ({top}) THEN CAST({concept} AS VARCHAR) ELSE '' END"
        yield "codes", f"SELECT {{group}}, {bins}, {counted} GROUP BY 1, 2"
    joined = f"{counted} JOIN chosen USING (person_id) GROUP BY 1, 2"
    yield "sex", f"SELECT {{group}}, CAST(sex AS VARCHAR), {joined}"
    yield "age", f"SELECT {{group}}, CAST(least(age, 90) // 10 * 10 AS VARCHAR), {joined}"
    if table == "measurement" and {concept, "value_as_number"} <= there:
        top = (
            f"SELECT {concept} FROM (SELECT {concept}, {counted} WHERE value_as_number IS NOT NULL AND {concept} <> 0 "
            f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_VALUES})"
        )
        for (one,) in connection.execute(top + " ORDER BY 1").fetchall():
            yield f"values of {one}", _ranges(connection, table, concept, int(one))


def _ranges(connection: Any, table: str, concept: str, one: int) -> str:
    """Cells of a measurement's values by their tenths; units are taken as they are, so a change of unit shows."""
    of_one = f"FROM picked_{table} WHERE {concept} = {one} AND value_as_number IS NOT NULL"
    tenths = [place / 10 for place in range(1, 10)]
    edges = connection.execute(f"SELECT list_distinct(quantile_disc(value_as_number, {tenths})) {of_one}").fetchone()[0]
    over = " + ".join(f"(value_as_number > {edge!r})::INTEGER" for edge in sorted(edges))
    return f"SELECT {{group}}, CAST({over} AS VARCHAR), count(DISTINCT person_id) {of_one} GROUP BY 1, 2"


def _counted(connection: Any, text: str) -> dict[str | None, int]:
    return dict(connection.execute(text).fetchall())


def _held_apart(
    cells: Sequence[tuple[str | None, str | None, int]], told: Mapping[str, int], table: str, feature: str, by: str
) -> Iterator[Drift]:
    counts: dict[str, Counter[str]] = {}
    for group, bin_, persons in cells:
        if group is not None:
            counts.setdefault(group, Counter())[bin_ or ""] += persons
    total: Counter[str] = Counter()
    for one in counts.values():
        total.update(one)
    for group in sorted(told):
        here = counts.get(group, Counter())
        compared = compare(here, total - here, _LEVEL / len(told))
        if compared is not None:
            psi, distance, chance = compared
            yield Drift(table, feature, by, group, told[group], round(psi, 4), round(distance, 4), round(chance, 4))


def compare(here: Counter[str], there: Counter[str], level: float) -> tuple[float, float, float] | None:
    """Population stability index and Jensen-Shannon distance of two sets of counts, and the index's limit by chance.

    Cells of which fewer than five are expected are taken together. Half a person is added to each cell, so that an
    empty one has a logarithm. Without a difference the index is (1/n + 1/m) times a chi-square of (cells - 1) degrees
    (Yurdakul and Naranjo, Journal of Risk Model Validation 14(3), 2020).

    Parameters
    ----------
    here, there : Counter
    level : float
        Chance that the limit is passed where nothing differs.

    Returns
    -------
    (float, float, float) or None
        None where fewer than two cells can be compared.

    Examples
    --------
    >>> psi, distance, chance = compare(Counter(a=50, b=50), Counter(a=500, b=500), 0.01)
    >>> psi == 0 and distance == 0 and chance > 0.05
    True
    """
    n, m = here.total(), there.total()
    if not n or not m:
        return None
    names = sorted(here | there)
    rare = {name for name in names if (here[name] + there[name]) * min(n, m) / (n + m) < _FEWEST}
    cells = [(here[name] + 0.5, there[name] + 0.5) for name in names if name not in rare]
    if sum(here[name] + there[name] for name in rare) * min(n, m) / (n + m) >= _FEWEST:
        cells.append((sum(here[name] for name in rare) + 0.5, sum(there[name] for name in rare) + 0.5))
    if len(cells) < 2:
        return None
    whole, rest = sum(one for one, _ in cells), sum(other for _, other in cells)
    pairs = [(one / whole, other / rest) for one, other in cells]
    psi = sum((p - q) * log(p / q) for p, q in pairs)
    divergence = sum(p * log2(2 * p / (p + q)) + q * log2(2 * q / (p + q)) for p, q in pairs) / 2
    from scipy.stats import chi2  # takes half a second, and only a release needs it

    return psi, sqrt(max(0.0, divergence)), float(chi2.isf(level, len(cells) - 1)) * (1 / whole + 1 / rest)
