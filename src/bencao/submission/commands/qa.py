"""``bencao submission qa``: checks of a translation."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.submission.commands import app
from bencao.submission.exchange.content import text_of
from bencao.submission.exchange.tbx import read_terms
from bencao.submission.exchange.xliff import read_xliff
from bencao.submission.quality.checking import language_of
from bencao.submission.quality.finding import Language
from bencao.submission.quality.pairs import Checked, check_pairs, read_pairs
from bencao.submission.translation.memory.embedded import terms_between
from bencao.submission.translation.termbase import Termbase

_HEADS = {
    "en": ("id", "kind", "finding", "source", "translation"),
    "zh": ("编号", "类别", "问题", "原文", "译文"),
}
_SUMMARY = {"en": "{flagged} of {pairs} pairs have findings", "zh": "{pairs} 对中 {flagged} 对有问题"}


@app.command()
def qa(
    file: Annotated[Path, typer.Argument(help="Pairs: .tmx, .xlf, .xliff, .tsv or .csv.")],
    source: Annotated[str, typer.Option("--source", help="Language of the source: en or zh.")] = "en",
    target: Annotated[str, typer.Option("--target", help="Language of the translation.")] = "zh",
    terms: Annotated[list[Path] | None, typer.Option("--terms", help="A termbase: .tbx, .tsv or .csv.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Check a translation: numbers by value, units, dates, negations, completeness, tags, and the terms of a termbase.

    Exit code 0 where nothing is found, 1 where something is, 2 where the file cannot be read.

    Example: bencao submission qa pairs.tmx --json
    """
    if file.suffix.lower() in (".xlf", ".xliff"):
        document = read_xliff(file)
        source, target = document.source_language, document.target_language or target
    concepts = [concept for path in terms or () for concept in read_terms(path)]
    one, two = language_of(source), language_of(target)
    termbase = Termbase(terms_between(concepts, one, two), one, two)
    checked = list(check_pairs(read_pairs(file, source, target), source, target, termbase.check if terms else None))
    flagged = [one for one in checked if one.findings]
    if as_json:
        typer.echo(json.dumps(_as_json(file, checked, flagged, lang), ensure_ascii=False))
    else:
        _print(flagged, lang)
        print(_SUMMARY[lang].format(flagged=len(flagged), pairs=len(checked)))
    if flagged:
        raise typer.Exit(1)


def _as_json(file: Path, checked: list[Checked], flagged: list[Checked], lang: Language) -> dict[str, Any]:
    findings = [
        {
            "id": one.pair.id,
            "kind": found.kind,
            "rule": found.rule,
            "source": found.source,
            "target": found.target,
            "message": found.in_words(lang),
        }
        for one in flagged
        for found in one.findings
    ]
    kinds = Counter(finding["kind"] for finding in findings)
    return {"file": str(file), "pairs": len(checked), "flagged": len(flagged), "kinds": kinds, "findings": findings}


def _print(flagged: list[Checked], lang: Language) -> None:
    table = Table(*_HEADS[lang])
    for one in flagged:
        for found in one.findings:
            texts = (escape(text_of(content)[:160]) for content in (one.pair.source, one.pair.target))
            table.add_row(escape(one.pair.id), found.kind, escape(found.in_words(lang)), *texts)
    if flagged:
        Console().print(table)
