"""``bencao safety triage``: how serious, how expected, how likely caused, and when a report is due."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.safety.case import occurrences
from bencao.safety.commands import app
from bencao.safety.commands.checking import check_choice
from bencao.safety.exchange import read_cases
from bencao.safety.triage import DEFAULT, Triage, read_answers, read_clocks, read_labels
from bencao.safety.triage import triage as assess

_WORDS = {
    "en": {
        "heads": ("Drug", "Reaction", "Serious", "Expected", "WHO-UMC", "Naranjo"),
        "case": "{name}: serious {serious}",
        "due": "{region}, {report}: due {date} ({days} days; {source})",
        "none": "{region}, {report}: no expedited report by this table",
    },
    "zh": {
        "heads": ("药品", "不良反应", "严重", "预期", "WHO-UMC", "Naranjo"),
        "case": "{name}：严重 {serious}",
        "due": "{region}，{report}：应于 {date} 前报告（{days} 天；{source}）",
        "none": "{region}，{report}：按此表无需快速报告",
    },
}


@app.command("triage")
def triage(
    source: Annotated[Path, typer.Argument(help="Cases: .xml, .json, .jsonl or .csv.")],
    region: Annotated[
        list[str] | None, typer.Option("--region", help="Region of the table of clocks, once for each.")
    ] = None,
    labels: Annotated[
        list[Path] | None, typer.Option("--labels", help="Your label's terms, a CSV: drug, term, code.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="A person's answers to what the case does not say, a CSV.")
    ] = None,
    clocks: Annotated[
        Path, typer.Option("--clocks", help="Table of regions and days.", show_default="shipped")
    ] = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout, one line a case.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Assess cases: seriousness, expectedness, causality by WHO-UMC and Naranjo, and the day a report is due.

    Each answer names the data elements that it rests on; what the case does not say is unknown, and counts as the
    stricter where a due date depends on it. With --json the fields are given with the answers.

    Example: bencao safety triage case.xml --region US --region CN --labels label.csv
    """
    check_choice(lang, "--lang", ("en", "zh"))
    table = read_clocks(clocks)
    known = {clock.region for clock in table}
    regions = region or ["US"]
    if strange := [each for each in regions if each not in known]:
        raise InputError(f"no region {strange[0]!r} in the table", where="--region", mend=f"one of {sorted(known)}")
    terms = tuple(term for path in labels or () for term in read_labels(path))
    told = read_answers(answers) if answers else None
    left = 0
    for found in read_cases(source):
        if found.case is None:
            left += 1
            print(f"left out: {found.where}: {found.error}", file=sys.stderr)
            continue
        result = assess(occurrences(found.case), regions, table, terms, told)
        if as_json:
            print(json.dumps(asdict(result), ensure_ascii=False))
        else:
            _show(result, lang)
    if left:
        raise typer.Exit(1)


def _show(result: Triage, lang: str) -> None:
    words = _WORDS[lang]
    console = Console()
    console.print(escape(str(words["case"]).format(name=result.safety_report_id, serious=result.serious.value)))
    table = Table(*words["heads"])
    for pair in result.pairs:
        naranjo = f"{pair.naranjo.score} {pair.naranjo.category}"
        cells = (
            pair.drug_name,
            pair.reaction_name,
            pair.serious.value,
            pair.expected.value,
            pair.who_umc.category,
            naranjo,
        )
        table.add_row(*map(escape, cells))
    console.print(table)
    for due in result.due:
        said = words["none"] if due.days is None else words["due"]
        console.print(escape(str(said).format(**{**asdict(due), "date": due.date or "?"})))
