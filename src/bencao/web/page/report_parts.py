"""Sections of a report as parts of a page: the same figures and tables that the downloaded report has."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from bencao.kernel import report
from bencao.kernel.report import shown_value
from bencao.kernel.svg import embedded
from bencao.web.page.data_table import DataTable

Part = report.Text | report.Note | report.Facts | report.Table | report.Figure


def show_section(section: report.Section, prefix: str, language: report.Language) -> None:
    """Put a section on the page.

    Parameters
    ----------
    section : Section
    prefix : str
        Of the ids in its drawings; its own on the page.
    language : {"en", "zh"}
    """
    with ui.column().classes("card w-full gap-3").props(f"data-part={prefix}"):
        ui.label(section.heading).classes("panel-title")
        for place, part in enumerate(section.parts):
            _show(part, f"{prefix}-{place}", language)


def _show(part: Part, name: str, language: report.Language) -> None:
    if isinstance(part, report.Text):
        for paragraph in filter(None, part.text.split("\n\n")):
            ui.label(paragraph).classes("report-text")
    elif isinstance(part, report.Note):
        ui.label(part.text).classes("report-note")
    elif isinstance(part, report.Facts):
        _show_facts(part.facts, language)
    elif isinstance(part, report.Table):
        if part.caption:
            ui.label(part.caption).classes("hint")
        rows = [[shown_value(cell, language) for cell in row] for row in part.rows]
        DataTable([[(column, 1) for column in part.columns]], rows, numbers_from=_first_figure(part)).classes(
            "report-table"
        )
    else:
        # Safe: `embedded` lets through only shapes and text, and escapes what they say.
        ui.html(embedded(part.svg, name), sanitize=False).classes("report-figure")
        if part.caption:
            ui.label(part.caption).classes("hint")


def _show_facts(facts: Sequence[tuple[str, report.Cell]], language: report.Language) -> None:
    with ui.row().classes("report-facts"):
        for name, value in facts:
            with ui.column().classes("gap-0"):
                ui.label(shown_value(value, language)).classes("report-fact")
                ui.label(name).classes("hint")


def _first_figure(table: report.Table) -> int:
    """The column from which on there are figures, yes and no alone."""
    texts = [place for place in range(len(table.columns)) if any(isinstance(row[place], str) for row in table.rows)]
    return max(texts, default=-1) + 1
