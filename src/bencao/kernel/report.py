"""One self-contained HTML page from a result: text, tables, figures and where it came from; no network."""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass
from typing import Literal

import jinja2
from markupsafe import Markup

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.svg import embedded

__all__ = [
    "Cell",
    "Facts",
    "Figure",
    "Language",
    "Note",
    "Report",
    "Section",
    "Table",
    "Text",
    "render",
    "shown_value",
    "write",
]

Language = Literal["en", "zh"]
Cell = str | int | float | bool | None

_LABELS: dict[str, dict[str, str]] = {
    "en": {
        "lang": "en",
        "contents": "Contents",
        "figure": "Figure",
        "table": "Table",
        "note": "Note",
        "provenance": "Provenance",
        "yes": "yes",
        "no": "no",
        "colon": ": ",
        "made": "Made with Bencao. This page is complete in itself and loads nothing.",
    },
    "zh": {
        "lang": "zh-Hans",
        "contents": "目录",
        "figure": "图",
        "table": "表",
        "note": "注意",
        "provenance": "来源",
        "yes": "是",
        "no": "否",
        "colon": "：",
        "made": "由本草（Bencao）生成。本页内容完整，不加载任何外部资源。",
    },
}


@dataclass(frozen=True)
class Text:
    """Running text; an empty line starts a new paragraph."""

    text: str


@dataclass(frozen=True)
class Note:
    """A remark that the reader must not miss, e.g. what was changed about the input."""

    text: str


@dataclass(frozen=True)
class Facts:
    """A few named values that stand side by side, e.g. the figures of a result."""

    facts: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns; a column of numbers only is set to the right.

    Attributes
    ----------
    columns : tuple of str
    rows : tuple of tuple
        As many cells each as there are columns. None is shown as a dash.
    caption : str
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawing as an SVG document, which must hold no script and no reference to anything outside itself.

    Attributes
    ----------
    svg, caption : str
    scroll : bool
        A drawing wider than the page keeps its size and scrolls, instead of being scaled down; such a page prints
        on A4 landscape.

    Raises
    ------
    InputError
        Where it does.
    """

    svg: str
    caption: str = ""
    scroll: bool = False

    def __post_init__(self) -> None:
        embedded(self.svg, "figure")


@dataclass(frozen=True)
class Section:
    """A headed part of a report."""

    heading: str
    parts: tuple[Text | Note | Facts | Table | Figure, ...]


@dataclass(frozen=True)
class Report:
    """What a page shows.

    Attributes
    ----------
    title : str
    sections : tuple of Section
    subtitle : str
    provenance : tuple of (str, str)
        Names of inputs, models and settings with versions or digests; shown at the end.
    language : {"en", "zh"}
        Language of the fixed labels; the rest is in the language it was given in.
    """

    title: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    provenance: tuple[tuple[str, str], ...] = ()
    language: Language = "en"


def render(report: Report) -> str:
    """The report as an HTML page; the same report gives the same bytes.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        HTML that holds all it shows. Its content security policy forbids scripts and every request.

    Raises
    ------
    InputError
        Where the language has no labels, or a table's row is longer or shorter than its head.

    Examples
    --------
    >>> page = render(Report("Aspirin", (Section("Result", (Text("Two steps."),)),)))
    >>> "<h1>Aspirin</h1>" in page
    True
    """
    if report.language not in _LABELS:
        raise InputError(
            f"a report in {report.language!r} was asked for", where="language", mend=f"give one of {', '.join(_LABELS)}"
        )
    for section in report.sections:
        for part in section.parts:
            if isinstance(part, Table):
                _check(part)
    landscape = any(isinstance(part, Figure) and part.scroll for section in report.sections for part in section.parts)
    return _template().render(report=report, labels=_LABELS[report.language], drawing=_drawing, landscape=landscape)


def write(report: Report, path: str | os.PathLike[str]) -> None:
    """Write the report's page, whole or not at all.

    Parameters
    ----------
    report : Report
    path : path-like

    Raises
    ------
    InputError
        As `render`, or where the file cannot be written.
    """
    write_text(path, render(report))


def _check(table: Table) -> None:
    for number, row in enumerate(table.rows, 1):
        if len(row) != len(table.columns):
            raise InputError(
                f"{len(row)} cells under {len(table.columns)} columns",
                where=f"table {table.caption!r}: row {number}",
                mend="give one cell per column",
            )


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("bencao.kernel"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": _shown, "numeric": _numeric, "paragraphs": _paragraphs}
    return environment.get_template("report.html")


def shown_value(value: Cell, language: Language) -> str:
    """A value as a report prints it."""
    return _shown(value, _LABELS[language])


def _shown(value: Cell, labels: dict[str, str]) -> str:
    """A value as it is printed: four digits of a float, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return labels["yes" if value else "no"]
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "−", 1) if value < 0 else f"{value:.4g}"
    return str(value)


def _numeric(table: Table) -> list[bool]:
    """Which columns hold numbers and nothing else."""
    return [all(_is_number_or_none(row[place]) for row in table.rows) for place in range(len(table.columns))]


def _is_number_or_none(value: Cell) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in re.split(r"\n\s*\n", text.strip()) if paragraph]


def _drawing(figure: Figure, number: int) -> Markup:
    # Safe: `embedded` lets through only shapes and text, and escapes what they say.
    return Markup(embedded(figure.svg, f"figure-{number}"))
