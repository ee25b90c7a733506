"""Narratives as files: text, Markdown or an HTML page with each sentence's sources, or JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.report import Report, Section, Table, Text, render
from bencao.safety.narrative.stated import Narration, Stated

FORMATS = (".txt", ".md", ".html", ".json")
_WORDS = {
    "en": {"title": "Case narrative", "sources": "Sources", "number": "No.", "text": "Sentence", "fields": "Fields"},
    "zh": {"title": "病例叙述", "sources": "来源", "number": "序号", "text": "句子", "fields": "字段"},
}
_MISSING = {"en": "missing", "zh": "缺失"}


def write_narrations(path: Path, narrations: Sequence[Narration]) -> None:
    """Write narratives of one language as one file, by its suffix.

    Parameters
    ----------
    path : Path
        ``.txt``: the texts; ``.md`` and ``.html``: with a table of each sentence's data elements; ``.json``: a list of
        cases with `safety_report_id`, `language`, `text` and `sentences`, each with `section`, `text` and `fields`
        (element, repeats, path, value, null_flavor, shown).
    narrations : sequence of Narration

    Raises
    ------
    InputError
        Another suffix, or a file that cannot be written.
    """
    made = {".txt": _text, ".md": _markdown, ".html": _html, ".json": _json}.get(path.suffix.lower())
    if made is None:
        raise InputError(f"no format {path.suffix!r}", where=str(path), mend=f"give one of {', '.join(FORMATS)}")
    write_text(path, made(narrations))


def as_record(narration: Narration) -> dict[str, Any]:
    """A narrative as JSON has it."""
    return {
        "safety_report_id": narration.safety_report_id,
        "language": narration.language,
        "text": narration.text,
        "sentences": [asdict(each) for each in narration.sentences],
    }


def _text(narrations: Sequence[Narration]) -> str:
    if len(narrations) == 1:
        return narrations[0].text + "\n"
    return "\n\n".join(f"[{each.safety_report_id}]\n\n{each.text}\n" for each in narrations)


def _json(narrations: Sequence[Narration]) -> str:
    return json.dumps([as_record(each) for each in narrations], ensure_ascii=False, indent=1) + "\n"


def _markdown(narrations: Sequence[Narration]) -> str:
    made = []
    for each in narrations:
        words = _WORDS[each.language]
        lines = [
            f"# {words['title']} {each.safety_report_id}".rstrip(),
            "",
            each.text,
            "",
            f"## {words['sources']}",
            "",
        ]
        lines += [f"| {words['number']} | {words['text']} | {words['fields']} |", "|---|---|---|"]
        for row in _rows(each):
            lines.append(f"| {' | '.join(_cell(cell) for cell in row)} |")
        made.append("\n".join(lines) + "\n")
    return "\n".join(made)


def _html(narrations: Sequence[Narration]) -> str:
    language = narrations[0].language if narrations else "en"
    words = _WORDS[language]
    sections = []
    for each in narrations:
        parts = tuple(Text(paragraph) for paragraph in each.paragraphs)
        head = (words["number"], words["text"], words["fields"])
        sections.append(Section(each.safety_report_id or "?", (*parts, Table(head, _rows(each), words["sources"]))))
    return render(Report(words["title"], tuple(sections), language="zh" if language == "zh" else "en"))


def _rows(narration: Narration) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (str(number), each.text, "; ".join(_source(told, narration.language) for told in each.fields))
        for number, each in enumerate(narration.sentences, 1)
    )


def _source(told: Stated, language: str) -> str:
    """A data element in short: ``G.k.4.r.1a[1,2] = 5``; long values are cut."""
    at = f"[{','.join(map(str, told.repeats))}]" if told.repeats else ""
    value = told.value if len(told.value) <= 60 else f"{told.value[:57]}…"
    value = value or (f"nullFlavor {told.null_flavor}" if told.null_flavor else _MISSING[language])
    return f"{told.element}{at} = {value}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
