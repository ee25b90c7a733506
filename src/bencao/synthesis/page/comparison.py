"""The routes of a plan beside one another, as rows of a table."""

from __future__ import annotations

from bencao.kernel.report import Cell, Section, Table
from bencao.synthesis.page.words import WORDS, Language
from bencao.synthesis.route import Plan, Route

Columns = tuple[str, ...]
Rows = tuple[tuple[Cell, ...], ...]


def comparison_rows(plan: Plan, language: Language = "en") -> tuple[Columns, Rows]:
    """What each route of a plan is worth by each criterion.

    Parameters
    ----------
    plan : Plan
    language : {"en", "zh"}

    Returns
    -------
    tuple of str
        Names of the columns; price among them where a route has one.
    tuple of tuple
        A row a route, in the order of the routes; none where the routes were not compared.
    """
    words = WORDS[language]
    columns = ["route", "route score", "probability", "steps", "longest line", "convergence"]
    columns += ["stock evidence", "highest hazard", "hazard known", "strategy", "alike"]
    priced = any(route.comparison and route.comparison.price is not None for route in plan.routes)
    if priced:
        columns.append("leaves price")
    rows = tuple(_row(number, route, priced) for number, route in enumerate(plan.routes, start=1) if route.comparison)
    return tuple(words[name] for name in columns), rows


def comparison_sections(plan: Plan, language: Language = "en") -> tuple[Section, ...]:
    """The section that compares the routes; none where there are not two."""
    columns, rows = comparison_rows(plan, language)
    if len(rows) < 2:
        return ()
    words = WORDS[language]
    return (Section(words["compared"], (Table(columns, rows, words["compared table"]),)),)


def _row(number: int, route: Route, priced: bool) -> tuple[Cell, ...]:
    found = route.comparison
    assert found
    row: list[Cell] = [number, round(found.route_score, 3), float(f"{route.score:.2g}")]
    row += [route.steps, route.longest_line, round(found.convergence, 2), round(found.stock, 2)]
    row += [None if found.hazard is None else round(found.hazard, 2), f"{found.hazard_known}/{found.molecules}"]
    row += [found.strategy, found.alike]
    return (*row, found.price) if priced else tuple(row)
