"""The page of a plan: the target, what was found, each route as a picture with its steps and starting materials."""

from __future__ import annotations

import os
from collections.abc import Iterator

from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.report import Cell, Facts, Figure, Note, Report, Section, Table, Text, render
from bencao.synthesis.chemistry.molecule import inchikey
from bencao.synthesis.page.comparison import comparison_sections
from bencao.synthesis.page.picture import molecule_svg, route_svg
from bencao.synthesis.page.precedents import precedents_svg
from bencao.synthesis.page.words import (
    LANGUAGES,
    STEREO,
    STOPPED,
    TIERS,
    WORDS,
    Language,
    chemicals_in_words,
    class_name,
    evidence_in_words,
    figures_of,
    formulas,
    outcome_in_words,
    precedent_in_words,
    steps_in_words,
    warning_in_words,
)
from bencao.synthesis.route import Plan, Route, RouteNode


def render_plan(plan: Plan, language: Language = "en", *, name: str = "") -> str:
    """The page of a plan as HTML that holds all it shows.

    Parameters
    ----------
    plan : Plan
    language : {"en", "zh"}
        Of all that is fixed; names of chemicals in warnings and of a user's own list stay as they are.
    name : str
        What the target is called.

    Returns
    -------
    str

    Raises
    ------
    InputError
        Another language.
    """
    if language not in LANGUAGES:
        raise InputError(f"a page in {language!r}", where="lang", mend=f"give one of {', '.join(LANGUAGES)}")
    return render(_report(plan, language, name))


def write_plan(plan: Plan, path: str | os.PathLike[str], language: Language = "en", *, name: str = "") -> None:
    """Write the page of a plan, whole or not at all; see `render_plan`."""
    write_text(path, render_plan(plan, language, name=name))


def _report(plan: Plan, language: Language, name: str) -> Report:
    words = WORDS[language]
    return Report(
        title=words["title"].format(name=name) if name else words["title unnamed"],
        subtitle=words["subtitle"],
        sections=(
            _target(plan, language),
            *comparison_sections(plan, language),
            *(_route(number, route, language) for number, route in enumerate(plan.routes, start=1)),
            Section(words["limits"], (Text(words["limits text"]),)),
        ),
        provenance=plan.provenance,
        language=language,
    )


def _target(plan: Plan, language: Language) -> Section:
    words = WORDS[language]
    best = plan.routes[0] if plan.routes else None
    facts: list[tuple[str, str | int | float | bool | None]] = [
        (words["solved"], plan.solved),
        (words["routes"], len(plan.routes)),
        (words["best steps"], best.steps if best else None),
        (words["longest line"], best.longest_line if best else None),
        (words["expansions"], plan.expansions),
        (words["reproducible"], plan.reproducible),
    ]
    formula = CalcMolFormula(Chem.MolFromSmiles(plan.target))
    names = [(words["smiles"], plan.target), (words["inchikey"], inchikey(plan.target)), (words["formula"], formula)]
    if plan.given != plan.target:
        names.append((words["given"], plan.given))
    ended = Text(words["stopped"].format(reason=STOPPED[language][plan.stopped]))
    notes = [Note(warning_in_words(warning, language)) for warning in plan.warnings]
    if not plan.routes:
        notes.append(Note(words["no route"]))
    elif not plan.solved:
        notes.append(Note(words["unsolved"]))
    caption = "  ·  ".join(f"{label} {value}" for label, value in names)
    return Section(words["target"], (Figure(molecule_svg(plan.target), caption), Facts(tuple(facts)), ended, *notes))


def _route(number: int, route: Route, language: Language) -> Section:
    words = WORDS[language]
    heading = words["route solved" if route.solved else "route unsolved"]
    figures = figures_of(route, language)
    # How to read picture and tables is said once.
    kinds = ("steps", "leaves", "precedents", "conditions")
    captions = (f"{words['picture']} {figures}", *(words[f"{kind} table"] for kind in kinds))
    if number > 1:
        captions = (figures, *(words[f"{kind} short"] for kind in kinds))
    return Section(
        heading.format(number=number, steps=steps_in_words(route.steps, language)),
        (
            Figure(route_svg(route, language), captions[0], scroll=True),
            *(Note(outcome_in_words(outcome, language)) for outcome in route.constraints),
            _steps_table(route, captions[1], language),
            *_conditions(route, captions[4], language),
            *_precedents(route, captions[3], language),
            _leaves_table(route, captions[2], language),
        ),
    )


def _done_in_order(node: RouteNode) -> Iterator[RouteNode]:
    for below in node.precursors:
        yield from _done_in_order(below)
    if node.step:
        yield node


def _steps_table(route: Route, caption: str, language: Language) -> Table:
    words = WORDS[language]
    rows = []
    for number, node in enumerate(_done_in_order(route.root), start=1):
        assert node.step
        verdict = node.step.forward
        rows.append(
            (
                number,
                class_name(node.step, language),
                round(node.step.probability, 4),
                words["gives product"] if verdict.ok else verdict.reason,
                verdict.outcomes,
                STEREO[language][verdict.stereo] if verdict.stereo != "unspecified" else None,
                formulas(verdict.leaving) or None,
                precedent_in_words(node.step, language) or None,
            )
        )
    columns = ("step", "class", "probability", "forward", "products", "stereo", "leaving", "precedent")
    return Table(tuple(words[column] for column in columns), tuple(rows), caption)


def _conditions(route: Route, caption: str, language: Language) -> tuple[Table, ...]:
    """What each step may be run with; nothing where it was not looked up, or is known of no step."""
    words = WORDS[language]
    steps = enumerate((node.step for node in _done_in_order(route.root) if node.step), start=1)
    rows = [
        (
            number,
            chemicals_in_words(one.reagents, language) or None,
            chemicals_in_words(one.catalysts, language) or None,
            chemicals_in_words(one.solvents, language) or None,
            ", ".join(chemicals_in_words((other,), language) for other in one.other_solvents) or None,
            round(one.score, 3),
            evidence_in_words(one, language),
        )
        for number, step in steps
        for one in step.conditions or ()
    ]
    columns = ("step", "reagents", "catalysts", "solvents", "other solvents", "probability", "evidence")
    return (Table(tuple(words[column] for column in columns), tuple(rows), caption),) if rows else ()


def _precedents(route: Route, caption: str, language: Language) -> tuple[Figure | Table, ...]:
    """The nearest precedent of each step as a drawing, and all of them as a table; nothing where there is none."""
    words = WORDS[language]
    steps = [node.step for node in _done_in_order(route.root) if node.step]
    cited = [(number, one) for number, step in enumerate(steps, start=1) for one in step.precedents or ()]
    if not cited:
        return ()
    columns = ["step", "similarity", "source", "row", "reaction"]
    rows: list[list[Cell]] = [
        [number, round(one.similarity, 2), one.source, one.row, one.reaction] for number, one in cited
    ]
    if any(one.source_id for _, one in cited):
        columns.insert(4, "source id")
        for row, (_, one) in zip(rows, cited, strict=True):
            row.insert(4, one.source_id)
    table = Table(tuple(words[column] for column in columns), tuple(map(tuple, rows)), caption)
    return Figure(precedents_svg(steps, language), words["precedents picture"]), table


def _leaves_table(route: Route, caption: str, language: Language) -> Table:
    words = WORDS[language]
    columns = ["molecule", "tier", "uses", "inchikey"]
    leaves = list({leaf.smiles: leaf for leaf in route.leaves}.values())
    priced = any(leaf.stock and leaf.stock.price is not None for leaf in leaves)
    rows = []
    for leaf in leaves:
        row: list[str | int | float | None] = [leaf.smiles, words["missing"], None, inchikey(leaf.smiles)]
        if leaf.stock:
            row[1:3] = [TIERS[language][leaf.stock.tier], leaf.stock.uses or None]
        if priced:
            row.append(leaf.stock.price if leaf.stock else None)
        rows.append(tuple(row))
    if priced:
        columns.append("price")
    return Table(tuple(words[column] for column in columns), tuple(rows), caption)
