"""``bencao discovery admet``: solubility and toxicity assays of each molecule, with intervals and where they hold."""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.discovery.admet.admet_ai import INSTALL, admet_ai_version, predict_by_admet_ai
from bencao.discovery.admet.panel import versions
from bencao.discovery.admet.predicting import Admet, columns, predict_admet
from bencao.discovery.commands import app
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import LibraryRow, read_library
from bencao.discovery.molecules.standardising import Standardised, standardise
from bencao.kernel.errors import BencaoError, EngineMissing, InputError
from bencao.kernel.files import writing
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "told": "{rows:,} rows: {predicted:,} predicted, {far:,} of them outside a domain, {known:,} with measured "
        "values of the training sets, {refused:,} refused",
        "elsewhere": "{rows:,} rows: {predicted:,} predicted by ADMET-AI, without intervals, {refused:,} refused",
        "columns": "row,name,logS [interval],domain,Tox21: active,either,neither",
        "measured": "{value:.2f} (in training set: measured value)",
        "predicted": "{value:.2f} [{low:.2f}, {high:.2f}]",
        "near": "within",
        "far": "outside",
    },
    "zh": {
        "told": "{rows:,} 行：预测 {predicted:,}，其中 {far:,} 个超出适用域，{known:,} 个含训练集实测值，"
        "拒绝 {refused:,}",
        "elsewhere": "{rows:,} 行：由 ADMET-AI 预测 {predicted:,}（无区间），拒绝 {refused:,}",
        "columns": "行,名称,logS [区间],适用域,Tox21：有活性,不确定,均不相似",
        "measured": "{value:.2f}（在训练集中：实测值）",
        "predicted": "{value:.2f} [{low:.2f}, {high:.2f}]",
        "near": "域内",
        "far": "域外",
    },
}
_END = ("error", "cause", "mend")


@app.command("admet")
def admet_command(
    library: Annotated[Path, typer.Argument(help="Molecules: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Table of the predictions (.csv).")] = None,
    column: Annotated[str, typer.Option("--column", help="Column with the SMILES.")] = "",
    level: Annotated[float, typer.Option("--level", help="Share of truths that intervals and sets hold.")] = 0.9,
    engine: Annotated[str, typer.Option("--engine", help="bencao, or admet-ai with --home.")] = "bencao",
    home: Annotated[Path | None, typer.Option("--home", help="Environment in which ADMET-AI is installed.")] = None,
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Predict solubility and activity in Tox21's assays, each with an interval or a set and whether it may be trusted.

    Example: bencao discovery admet library.smi -o admet.csv
    """
    if not 0.5 <= level < 1:
        raise InputError(f"level {level:g}", where="--level", mend="give 0.5 or more and less than 1, as 0.9")
    if engine not in ("bencao", "admet-ai"):
        raise InputError(f"no engine {engine}", where="--engine", mend="give bencao or admet-ai")
    told = {"column": column, "level": level, "engine": engine}
    counts: Counter[str] = Counter(rows=0, predicted=0, far=0, known=0, refused=0)
    kept: list[tuple[LibraryRow, Any]] = []
    made_by = versions() if engine == "bencao" else {"admet-ai": admet_ai_version(_environment(home))}
    job_of = record(None, "discovery admet", parameters=told, versions=made_by) if out else contextlib.nullcontext()
    with job_of as job:
        if job is not None:
            job.used(library)
        rows = read_library(library, column)
        answers: Iterable[tuple[LibraryRow, Any]]
        if engine == "admet-ai":
            head, answers = _by_admet_ai(rows, _environment(home))
        else:
            head, answers = _ours(rows, level, workers, ray)
        with _table(out, head) as write:
            for row, answer in answers:
                _count(counts, answer)
                write(row, answer)
                if as_json or not out:
                    kept.append((row, answer))
        if job is not None and out:
            job.generated(out)
    if as_json:
        typer.echo(json.dumps({**counts, "molecules": [_record(*one) for one in kept]}, ensure_ascii=False))
    else:
        if not out:
            Console().print(_shown(kept, lang))
        said = _WORDS[lang]["told" if engine == "bencao" else "elsewhere"]
        print(said.format(**counts), file=sys.stderr)


def _ours(
    rows: Iterable[LibraryRow], level: float, workers: int, ray: str | None
) -> tuple[tuple[str, ...], Iterator[tuple[LibraryRow, Any]]]:
    predict = functools.partial(predict_admet, level=level)
    return columns(), each_row(predict, rows, workers=workers, ray=ray, label="molecules")


def _environment(home: Path | None) -> Path:
    if home is None:
        raise EngineMissing("ADMET-AI runs in an environment of its own", mend=INSTALL)
    return home


def _by_admet_ai(rows: Iterable[LibraryRow], home: Path) -> tuple[tuple[str, ...], list[tuple[LibraryRow, Any]]]:
    """Standardised here; ADMET-AI starts once for the whole library."""
    answers = list(each_row(standardise, rows, label="molecules"))
    good = [answer.smiles for _, answer in answers if isinstance(answer, Standardised)]
    found = iter(predict_by_admet_ai(good, home))
    told = [
        (
            row,
            {"standard": answer.smiles, **{name: round(value, 4) for name, value in next(found).items()}}
            if isinstance(answer, Standardised)
            else answer,
        )
        for row, answer in answers
    ]
    return next((tuple(answer) for _, answer in told if isinstance(answer, dict)), ()), told


def _count(counts: Counter[str], answer: Any) -> None:
    counts["rows"] += 1
    if isinstance(answer, BencaoError):
        counts["refused"] += 1
        return
    counts["predicted"] += 1
    if isinstance(answer, Admet):
        told = [one for _, panel in answer.panels for one in panel]
        counts["far"] += not all(one.near or one.measured for one in told)
        counts["known"] += any(one.measured for one in told)


@contextlib.contextmanager
def _table(out: Path | None, head: tuple[str, ...]) -> Iterator[Callable[[LibraryRow, Any], None]]:
    """What writes a row and its answer; without a file it writes nothing."""
    if out is None:
        yield lambda row, answer: None
        return
    with writing(out) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        table = csv.DictWriter(text, ("row", "name", "smiles", *head, *_END), restval="")
        table.writeheader()
        yield lambda row, answer: table.writerow(_flat(row, answer))
        text.detach()


def _flat(row: LibraryRow, answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"row": row.row, "name": row.name, "smiles": row.smiles}
    if isinstance(answer, BencaoError):
        return found | dict(zip(_END, (answer.kind, answer.cause, answer.mend), strict=True))
    return found | (answer.cells() if isinstance(answer, Admet) else answer)


def _record(row: LibraryRow, answer: Any) -> dict[str, Any]:
    return _flat(row, answer) | (answer.as_json() | {"smiles": row.smiles} if isinstance(answer, Admet) else {})


def _shown(kept: list[tuple[LibraryRow, Any]], lang: Language) -> Table:
    words = _WORDS[lang]
    table = Table(*words["columns"].split(","))
    for row, answer in kept:
        if isinstance(answer, Admet):
            (solubility,), assays = (told for _, told in answer.panels)
            said = words["measured" if solubility.measured else "predicted"]
            value = said.format(value=solubility.value, low=solubility.low, high=solubility.high)
            sets = Counter(one.verdict for one in assays)
            domain = " / ".join(words["near" if told[0].near else "far"] for _, told in answer.panels)
            active = " ".join(one.task for one in assays if one.verdict == "active")
            table.add_row(str(row.row), row.name, value, domain, active, str(sets["either"]), str(sets["neither"]))
        else:
            told = (
                str(answer)
                if isinstance(answer, BencaoError)
                else ", ".join(f"{k} {v:.3g}" for k, v in answer.items() if k != "standard")
            )
            table.add_row(str(row.row), row.name, told, "", "", "", "")
    return table
