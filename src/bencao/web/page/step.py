"""What is known of one step: how it was checked, what it may be run with, where its like was reported."""

from __future__ import annotations

from dataclasses import replace

from nicegui import ui

from bencao.kernel.svg import embedded
from bencao.synthesis.page import Language
from bencao.synthesis.page import words as told
from bencao.synthesis.page.precedents import precedents_svg
from bencao.synthesis.route import Proposal
from bencao.web.page.words import WORDS


def step_svg(step: Proposal, language: Language) -> str:
    """The precedents of a step as one drawing; empty where there is none."""
    each = [replace(step, precedents=(one,)) for one in step.precedents or ()]
    return embedded(precedents_svg(each, language), "precedents") if each else ""


def show_step(number: int, step: Proposal, drawing: str, language: Language) -> None:
    """Write all of a step into the container that is open.

    Parameters
    ----------
    number : int
        In the order the steps are done, as in the picture.
    step : Proposal
    drawing : str
        What `step_svg` gave.
    language : {"en", "zh"}
    """
    words, fixed = WORDS[language], told.WORDS[language]
    verdict = step.forward
    ui.label(f"{words['step']} {number}: {told.class_name(step, language)}").classes("panel-title").props(
        "data-part=step-title"
    )
    facts = [
        (fixed["probability"], f"{step.probability:.3g}"),
        (fixed["forward"], fixed["gives product"] if verdict.ok else verdict.reason),
        (fixed["products"], told.selectivity(verdict, language)),
    ]
    if verdict.stereo != "unspecified":
        facts.append((fixed["stereo"], told.STEREO[language][verdict.stereo]))
    if verdict.leaving:
        facts.append((fixed["leaving"], told.formulas(verdict.leaving)))
    show_facts(facts)
    _show_conditions(step, language)
    _show_precedents(step, drawing, language)
    for key, text in (("template", step.template), ("mapped", verdict.mapped)):
        if text:
            ui.label(words[key]).classes("panel-subtitle")
            ui.label(text).classes("smiles-text")


def show_facts(facts: list[tuple[str, str]]) -> None:
    """A table of names and values."""
    with ui.element("dl").classes("fact-list"):
        for name, value in facts:
            with ui.element("dt"):
                ui.label(name)
            with ui.element("dd"):
                ui.label(value)


def _show_conditions(step: Proposal, language: Language) -> None:
    if step.conditions is None:
        return
    words, fixed = WORDS[language], told.WORDS[language]
    ui.label(words["conditions"]).classes("panel-subtitle")
    if not step.conditions:
        ui.label(fixed["no conditions"]).classes("hint")
    for one in step.conditions:
        facts = [
            (fixed[name], told.chemicals_in_words(chemicals, language))
            for name, chemicals in (
                ("reagents", one.reagents),
                ("catalysts", one.catalysts),
                ("solvents", one.solvents),
                ("other solvents", one.other_solvents),
            )
            if chemicals
        ]
        facts += [
            (fixed["probability"], f"{one.score:.2f}"),
            (fixed["evidence"], told.evidence_in_words(one, language)),
        ]
        with ui.element("div").classes("evidence"):
            show_facts(facts)


def _show_precedents(step: Proposal, drawing: str, language: Language) -> None:
    words = WORDS[language]
    if step.precedents is None:
        return
    ui.label(words["precedents"]).classes("panel-subtitle")
    if not step.precedents:
        ui.label(words["no precedent"]).classes("hint amber").props("data-part=no-precedent")
        return
    ui.label(words["precedents text"]).classes("hint")
    ui.html(drawing, sanitize=False).classes("precedent-picture")
    for number, one in enumerate(step.precedents, start=1):
        with ui.element("div").classes("evidence"):
            ui.label(
                f"{number}  {told.origin_in_words(one, language)} · {told.WORDS[language]['similarity']}"
                f" {one.similarity:.2f}"
            ).props("data-part=precedent")
            ui.label(one.reaction).classes("smiles-text")
