"""What a notebook shows of a plan or a route: HTML that loads nothing."""

from __future__ import annotations

import hashlib
from html import escape

from bencao.kernel.report import Cell
from bencao.kernel.svg import embedded
from bencao.synthesis.page.comparison import comparison_rows
from bencao.synthesis.page.picture import route_svg
from bencao.synthesis.page.words import STOPPED, WORDS, Language, figures_of, steps_in_words, warning_in_words
from bencao.synthesis.route import Plan, Route


def plan_html(plan: Plan, language: Language = "en") -> str:
    """A plan as a piece of HTML: what was found, the routes compared, and each route as a tree, the first one open.

    Parameters
    ----------
    plan : Plan
    language : {"en", "zh"}

    Returns
    -------
    str
        One ``<div>``, with no script and no reference to anything outside itself.
    """
    words = WORDS[language]
    solved = words["is solved" if plan.solved else "is not solved"]
    parts = [f"<p><b>{escape(plan.target)}</b>: {solved}, {words['expanded'].format(count=plan.expansions)}</p>"]
    parts.append(f"<p>{escape(words['stopped'].format(reason=STOPPED[language][plan.stopped]))}</p>")
    parts += [f"<p>{escape(warning_in_words(warning, language))}</p>" for warning in plan.warnings]
    if not plan.routes:
        parts.append(f"<p>{words['no route']}</p>")
    columns, rows = comparison_rows(plan, language)
    if len(rows) > 1:
        parts.append(_table(columns, rows))
    for number, route in enumerate(plan.routes, start=1):
        heading = words["route solved" if route.solved else "route unsolved"]
        title = heading.format(number=number, steps=steps_in_words(route.steps, language))
        shown = " open" if number == 1 else ""
        parts.append(f"<details{shown}><summary>{escape(title)}</summary>{_tree(route, language)}</details>")
    return f'<div lang="{language}">{"".join(parts)}</div>'


def route_html(route: Route, language: Language = "en") -> str:
    """A route as a piece of HTML: its tree and its figures; see `plan_html`."""
    return f'<div lang="{language}">{_tree(route, language)}</div>'


def _tree(route: Route, language: Language) -> str:
    svg = route_svg(route, language)
    # Two outputs of a notebook share one page, so what is in a drawing is named after the drawing.
    name = "route-" + hashlib.sha256(svg.encode()).hexdigest()[:12]
    drawing = embedded(svg, name)
    return f'<div style="overflow-x:auto">{drawing}</div><p>{escape(figures_of(route, language))}</p>'


def _table(columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(cell: Cell) -> str:
    return "–" if cell is None else escape(str(cell))
