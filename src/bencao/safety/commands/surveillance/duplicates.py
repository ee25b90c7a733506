"""``bencao safety duplicates``: pairs of cases that may be one event, with what speaks for and against each."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.case import Case
from bencao.safety.commands import app
from bencao.safety.commands.checking import check_choice
from bencao.safety.duplicates import Match, Settings, find_duplicates, records_of
from bencao.safety.exchange import read_cases

_SAID = {
    "en": {"for": "agrees", "against": "differs", "written": "written: {out} ({pairs:,} pairs, {clusters:,} clusters)"},
    "zh": {"for": "一致", "against": "不一致", "written": "已写入：{out}（{pairs:,} 对，{clusters:,} 簇）"},
}
_NAMES = {
    "en": {
        "sex": "sex",
        "age": "age",
        "onset": "onset",
        "country": "country",
        "drugs": "drugs",
        "reactions": "reactions",
        "text": "narrative",
        "reference": "case number",
    },
    "zh": {
        "sex": "性别",
        "age": "年龄",
        "onset": "发生日期",
        "country": "国家",
        "drugs": "药品",
        "reactions": "不良反应",
        "text": "叙述",
        "reference": "病例编号",
    },
}


@app.command("duplicates")
def duplicates(
    cases: Annotated[list[Path], typer.Argument(help="Files of cases: .xml, .json, .jsonl or .csv.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Pairs, likeliest first: .jsonl.")],
    threshold: Annotated[
        float, typer.Option("--threshold", min=0.0, max=1.0, help="Probability from which a pair is one event.")
    ] = Settings().threshold,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Threads.")] = 2,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Find cases that tell of one event; each pair with the weight of every field, and its cluster.

    A pair counts in a cluster only where every two of its cases match. The probabilities hold for data like the
    synthetic ones that they were tuned on; real reports are harder: review before merging.

    Example: bencao safety duplicates inbox.jsonl -o pairs.jsonl
    """
    check_choice(lang, "--lang", ("en", "zh"))
    with record(None, "safety duplicates", parameters={"threshold": threshold}) as job:
        read: list[Case] = []
        for path in cases:
            job.used(path)
            for found in read_cases(path):
                if found.case is None:
                    print(f"left out: {found.where}: {found.error}", file=sys.stderr)
                else:
                    read.append(found.case)
        if names := _twice(read):
            cause = f"two cases are called {names[0]}"
            raise InputError(cause, where="C.1.1", mend="compare versions of a case with `diff`, and give one of each")
        matched = find_duplicates(records_of(read), Settings(threshold=threshold, threads=workers))
        lines = (json.dumps(_told(match, lang), ensure_ascii=False) + "\n" for match in matched.matches)
        write_text(out, "".join(lines))
        job.generated(out)
    told = _SAID[lang]["written"].format(out=out, pairs=len(matched.matches), clusters=len(matched.clusters))
    print(told, file=sys.stderr)


def _twice(cases: list[Case]) -> list[str]:
    """Identifiers that more than one case bears."""
    return [name for name, count in Counter(case.identifier for case in cases).items() if count > 1]


def _told(match: Match, lang: str) -> dict[str, object]:
    return {
        "a": match.one,
        "b": match.other,
        "probability": round(match.probability, 4),
        "cluster": match.cluster if match.cluster >= 0 else "",
        "fields": [
            {"field": _NAMES[lang][name], "weight": weight, "said": _SAID[lang]["for" if weight > 0 else "against"]}
            for name, weight in match.weights
        ],
    }
