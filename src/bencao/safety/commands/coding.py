"""``bencao safety code``: words of reports to codes of a vocabulary."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record, workspace_folder
from bencao.safety.case import Case
from bencao.safety.coding import (
    Coded,
    Coder,
    Uncoded,
    Vocabulary,
    meanings_of,
    read_sentence_encoder,
    uncoded,
    with_codes,
)
from bencao.safety.coding.vocabularies import chinese_names, open_drugs, open_reactions, read_meddra, read_whodrug
from bencao.safety.coding.vocabulary import Kind
from bencao.safety.commands import app
from bencao.safety.commands.checking import check_choice
from bencao.safety.errors import LicenceRequired
from bencao.safety.exchange import FORMATS, read_cases, write_cases
from bencao.safety.tables import read_rows, read_text

_LISTS = (".csv", ".jsonl")
_SHOWN = 50
_COLUMNS = (
    "case", "element", "text", "rank", "code", "name", "preferred_code", "preferred", "probability", "chosen",
    "vocabulary", "document", "start", "end",
)  # fmt: skip
_HEADS = {"en": ("Words", "Code", "Name", "Probability", ""), "zh": ("原文", "编码", "术语", "概率", "")}
_ASK = {"en": "a person chooses", "zh": "请人工选择"}
_NONE = {"en": "nothing near", "zh": "没有相近的术语"}


@app.command("code")
def code(
    source: Annotated[Path, typer.Argument(help="Terms, .txt or .csv with a column text; or cases.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Ranked codes: .csv or .jsonl.")],
    kind: Annotated[str, typer.Option("--kind", help="What the terms are: reaction or drug.")] = "reaction",
    meddra: Annotated[Path | None, typer.Option("--meddra", help="Folder of your MedDRA's ASCII files.")] = None,
    meddra_version: Annotated[str, typer.Option("--meddra-version", help="Such as 27.1; else as its files say.")] = "",
    whodrug: Annotated[Path | None, typer.Option("--whodrug", help="Names of your WHODrug.")] = None,
    whodrug_layout: Annotated[
        Path | None,
        typer.Option("--whodrug-layout", help="CSV field,start,length: where they stand in WHODrug's own text file."),
    ] = None,
    whodrug_version: Annotated[str, typer.Option("--whodrug-version", help="Such as '2026 Sep 1'.")] = "",
    chinese: Annotated[
        Path | None, typer.Option("--chinese", help="Chinese names of the codes, a TSV: subject_id, translation_value.")
    ] = None,
    embedding: Annotated[
        Path | None, typer.Option("--embedding", help="Folder of all-MiniLM-L6-v2: code by meaning as well.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="Cases with the chosen MedDRA codes: .json, .jsonl, .xml or .csv.")
    ] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", min=0.0, max=1.0, help="Probability from which a code is chosen.")
    ] = 0.8,
    top: Annotated[int, typer.Option("--top", min=1, help="Codes given for each text at most.")] = 5,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Code reactions and drugs: the nearest terms, each with its probability; below the threshold a person chooses.

    Without your MedDRA and WHODrug the codes are those of open vocabularies, and say so: HPO for reactions, public
    lists for drugs. They have no place in a message; `--into` needs --meddra. A probability rests on HPO's synonyms:
    how far it holds for MedDRA is unmeasured.

    Example: bencao safety code case.json -o codes.csv
    """
    check_choice(lang, "--lang", ("en", "zh"))
    check_choice(kind, "--kind", ("reaction", "drug"))
    check_choice(out.suffix.lower(), "--out", _LISTS)
    if into and meddra is None:
        raise LicenceRequired(
            "a message codes reactions in MedDRA",
            where="--into",
            mend="give your copy with --meddra, or leave --into out",
        )
    if whodrug_layout and not whodrug:
        raise InputError("a layout without its file", where="--whodrug-layout", mend="give --whodrug FILE")
    if whodrug and not whodrug_version:
        raise InputError("WHODrug without its version", where="--whodrug", mend="give --whodrug-version")
    used = [path for path in (source, whodrug, whodrug_layout, chinese) if path]
    with record(None, "safety code", parameters={"threshold": threshold, "top": top}) as job:
        for path in used:
            job.used(path)
        cases = list(_cases(source)) if source.suffix.lower() in FORMATS and not _is_list(source) else []
        asked = [words for case in cases for words in uncoded(case)] if cases else list(_terms(source, kind))
        coders = {}
        for each in dict.fromkeys(words.kind for words in asked):
            vocabulary = _vocabulary(each, meddra, meddra_version, whodrug, whodrug_version, whodrug_layout)
            if chinese and each == "reaction":
                vocabulary = vocabulary.joined(chinese_names(chinese, vocabulary))
            coders[each] = _coder(vocabulary, embedding)
        coded = _coded(asked, coders, threshold, top)
        write_text(out, _as_csv(coded) if out.suffix.lower() == ".csv" else _as_lines(coded))
        job.generated(out)
        if into and meddra:
            vocabulary = coders["reaction"].vocabulary if "reaction" in coders else read_meddra(meddra, meddra_version)
            of = {case.identifier: [pair for pair in coded if pair[0].case == case.identifier] for case in cases}
            write_cases(into, [with_codes(case, of[case.identifier], vocabulary) for case in cases])
            job.generated(into)
    _show(coded, lang)
    left = sum(one.ask for _, one in coded)
    print(f"written: {out} ({len(coded):,} texts, {left:,} for a person)", file=sys.stderr)


def _vocabulary(
    kind: Kind,
    meddra: Path | None,
    meddra_version: str,
    whodrug: Path | None,
    whodrug_version: str,
    whodrug_layout: Path | None,
) -> Vocabulary:
    if kind == "reaction":
        return read_meddra(meddra, meddra_version) if meddra else open_reactions()
    return read_whodrug(whodrug, whodrug_version, whodrug_layout) if whodrug else open_drugs()


def _coder(vocabulary: Vocabulary, embedding: Path | None) -> Coder:
    if embedding is None or vocabulary.kind == "drug":  # the vectors of drug names say little
        return Coder(vocabulary)
    print(f"reading the names of {vocabulary.title}: minutes at the first time", file=sys.stderr)
    encoder = read_sentence_encoder(embedding)
    return Coder(vocabulary, meanings=meanings_of(vocabulary, encoder, workspace_folder() / "embeddings"))


def _coded(asked: list[Uncoded], coders: dict[Kind, Coder], threshold: float, top: int) -> list[tuple[Uncoded, Coded]]:
    done: dict[int, Coded] = {}
    for kind, coder in coders.items():
        places = [place for place, words in enumerate(asked) if words.kind == kind]
        found = coder.code([asked[place].text for place in places], threshold=threshold, top=top)
        done |= dict(zip(places, found, strict=True))
    return [(words, done[place]) for place, words in enumerate(asked)]


def _is_list(path: Path) -> bool:
    """Whether a CSV is a list of terms: it has a column text; a case's table has none."""
    return path.suffix.lower() == ".csv" and "text" in next(csv.reader(io.StringIO(read_text(path))), [])


def _cases(path: Path) -> Iterator[Case]:
    for found in read_cases(path):
        if found.case is None:
            print(f"left out: {found.where}: {found.error}", file=sys.stderr)
        else:
            yield found.case


def _terms(path: Path, kind: str) -> Iterator[Uncoded]:
    chosen: Kind = "drug" if kind == "drug" else "reaction"
    if path.suffix.lower() == ".txt":
        texts: Iterable[str] = read_text(path).splitlines()
    elif path.suffix.lower() in (".csv", ".tsv"):
        texts = [row["text"] for row in read_rows(path, ("text",), tabs=path.suffix.lower() == ".tsv")]
    else:
        mend = f"give .txt, .csv, .tsv, or cases as {', '.join(FORMATS)}"
        raise InputError(f"no format {path.suffix!r}", where=str(path), mend=mend)
    for number, text in enumerate(texts, 1):
        if text.strip():
            yield Uncoded("", f"line {number}", (), chosen, text.strip(), None)


def _rows(coded: list[tuple[Uncoded, Coded]]) -> Iterator[dict[str, Any]]:
    for words, one in coded:
        place = "" if not words.repeats else f" [{', '.join(map(str, words.repeats))}]"
        told = {
            "case": words.case,
            "element": words.element + place,
            "text": words.text,
            "vocabulary": one.vocabulary,
            "document": words.source.document if words.source else "",
            "start": words.source.start if words.source else -1,
            "end": words.source.end if words.source else -1,
        }
        yield from (
            told
            | {
                "rank": rank,
                "code": each.name.code,
                "name": each.name.text,
                "preferred_code": each.name.preferred_code,
                "preferred": each.name.preferred,
                "probability": round(each.probability, 4),
                "chosen": each is one.chosen,
            }
            for rank, each in enumerate(one.candidates, 1)
        )
        if not one.candidates:
            yield told | {"rank": 0, "chosen": False}


def _as_csv(coded: list[tuple[Uncoded, Coded]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(coded))
    return stream.getvalue()


def _as_lines(coded: list[tuple[Uncoded, Coded]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(coded))


def _show(coded: list[tuple[Uncoded, Coded]], lang: str) -> None:
    table = Table(*_HEADS[lang])
    for words, one in coded[:_SHOWN]:
        first = one.candidates[0] if one.candidates else None
        told = (first.name.code, first.name.preferred, f"{first.probability:.2f}") if first else ("", _NONE[lang], "")
        table.add_row(escape(words.text), *map(escape, told), _ASK[lang] if one.ask else "")
    Console().print(table)
