"""The routes of a plan beside one another, as rows of a table."""

from __future__ import annotations

from bencao.kernel.report import Cell, Section, Table
from bencao.synthesis.page.words import WORDS, Language
from bencao.synthesis.route import Plan, Route, RouteComparison

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
        Names of the columns; feasibility and price among them where a route has one.
    tuple of tuple
        A row a route, in the order of the routes; none where the routes were not compared.
    """
    words = WORDS[language]
    columns = ["route", "route score", "probability", "steps", "longest line", "convergence"]
    columns += ["stock evidence", "highest hazard", "hazard known", "strategy", "alike"]
    rows: list[tuple[Cell, ...]] = []
    extra: dict[str, list[float | None]] = {"least feasible": [], "leaves price": []}
    for number, route in enumerate(plan.routes, start=1):
        if route.comparison:
            rows.append(_row(number, route, route.comparison))
            extra["least feasible"].append(route.comparison.feasibility)
            extra["leaves price"].append(route.comparison.price)
    for name, values in extra.items():
        if any(value is not None for value in values):
            columns.append(name)
            rows = [(*row, None if value is None else round(value, 2)) for row, value in zip(rows, values, strict=True)]
    return tuple(words[name] for name in columns), tuple(rows)


def comparison_sections(plan: Plan, language: Language = "en") -> tuple[Section, ...]:
    """The section that compares the routes; none where there are not two."""
    columns, rows = comparison_rows(plan, language)
    if len(rows) < 2:
        return ()
    words = WORDS[language]
    return (Section(words["compared"], (Table(columns, rows, words["compared table"]),)),)


def _row(number: int, route: Route, found: RouteComparison) -> tuple[Cell, ...]:
    return (
        number,
        round(found.route_score, 3),
        float(f"{route.score:.2g}"),
        route.steps,
        route.longest_line,
        round(found.convergence, 2),
        round(found.stock, 2),
        None if found.hazard is None else round(found.hazard, 2),
        f"{found.hazard_known}/{found.molecules}",
        found.strategy,
        found.alike,
    )
