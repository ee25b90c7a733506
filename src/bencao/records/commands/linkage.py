"""``bencao records link``, ``merge`` and ``unmerge``: one patient in several hospitals."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.files import make_folder, writing
from bencao.records.commands import app
from bencao.records.errors import LinkageError
from bencao.records.ledger import record_privately
from bencao.records.linkage.linking import ACCEPT, REVIEW, Key, as_tables, link_persons
from bencao.records.linkage.merging import merge_persons, unmerge_persons
from bencao.records.linkage.persons import read_persons

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "linked": "{records:,} records are {persons:,} persons; {accepted:,} pairs accepted, {review:,} to review",
        "merged": "{persons:,} persons merged; {rows:,} rows changed",
        "unmerged": "{tables:,} tables restored",
    },
    "zh": {
        "linked": "{records:,} 条记录属于 {persons:,} 人；接受 {accepted:,} 对，待审 {review:,} 对",
        "merged": "合并 {persons:,} 人；改动 {rows:,} 行",
        "unmerged": "已恢复 {tables:,} 个表",
    },
}


@app.command()
def link(
    tables: Annotated[list[Path], typer.Argument(help="Tables of patients, one a hospital (.csv or .parquet).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for pairs.csv, review.csv and person_map.csv.")],
    field: Annotated[
        list[str] | None, typer.Option("--field", help="Which column is what, as name=姓名; once for each.")
    ] = None,
    accept: Annotated[float, typer.Option("--accept", help="Probability from which a pair is one person.")] = ACCEPT,
    review: Annotated[
        float, typer.Option("--review", help="Probability from which a pair is to be reviewed.")
    ] = REVIEW,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", help="A review.csv with same or different in its column decision.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the sample that chances are learned from.")] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Threads.", min=1)] = 2,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Find which records of patients are the same person's, with the probability of each pair and its reasons.

    Chinese names are compared by characters and by sound, identity cards by their check character. Pairs between the
    two thresholds go to review.csv; what a person writes there is believed at the next run.

    Example: bencao records link hospital_a.csv hospital_b.csv -o linked
    """
    told = dict(_told(one) for one in field or ())
    judged = _decisions(decisions) if decisions is not None else {}
    parameters = {"accept": accept, "review": review, "seed": seed, "fields": told}
    with record_privately("records link", parameters=parameters) as job:
        for path in (*tables, *([decisions] if decisions else ())):
            job.used(path)
        found = link_persons(
            [read_persons(path, told) for path in tables],
            accept=accept,
            review=review,
            decisions=judged,
            seed=seed,
            threads=workers,
        )
        pairs, persons = as_tables(found)
        to_review = pairs.filter(pairs["decision"] == "review")
        make_folder(out)
        for name, table in (("pairs", pairs), ("review", to_review), ("person_map", persons)):
            with writing(out / f"{name}.csv") as stream:
                table.write_csv(stream)
            job.generated(out / f"{name}.csv")
    counts = {
        "records": persons.height,
        "persons": persons["person_id"].n_unique(),
        "accepted": sum(pair.decision in ("accepted", "same") for pair in found.pairs),
        "review": to_review.height,
    }
    typer.echo(
        json.dumps({**counts, "fields": list(found.fields)}) if as_json else _WORDS[lang]["linked"].format(**counts)
    )


@app.command()
def merge(
    folder: Annotated[Path, typer.Argument(help="OMOP folder, as `load` writes it.")],
    survivors: Annotated[Path, typer.Option("--map", help="CSV: person_id, survivor_id.")],
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Give the records of merged persons to the one that survives; what was before is kept for `unmerge`.

    Example: bencao records merge omop --map survivors.csv
    """
    with record_privately("records merge", parameters={}) as job:
        job.used(survivors)
        found = merge_persons(folder, _survivors(survivors))
        for name in found.rows:
            job.generated(folder / f"{name}.parquet")
    print(_WORDS[lang]["merged"].format(persons=found.persons, rows=sum(found.rows.values())), file=sys.stderr)


@app.command()
def unmerge(
    folder: Annotated[Path, typer.Argument(help="OMOP folder that `merge` changed.")],
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Restore the tables of an OMOP folder as they were before `merge`, byte for byte.

    Example: bencao records unmerge omop
    """
    with record_privately("records unmerge", parameters={}):
        restored = unmerge_persons(folder)
    print(_WORDS[lang]["unmerged"].format(tables=restored), file=sys.stderr)


def _told(text: str) -> tuple[str, str]:
    name, sign, column = text.partition("=")
    if not sign:
        raise InputError("is no FIELD=COLUMN", where=f"--field {text}", mend="e.g. --field name=姓名")
    return name, column


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError):
        raise LinkageError("cannot be read", where=path.name, mend="give a CSV in UTF-8") from None
    if rows and (missing := [name for name in columns if name not in rows[0]]):
        raise LinkageError(f"lacks the column {missing[0]}", where=path.name, mend=f"it needs {', '.join(columns)}")
    return rows


def _decisions(path: Path) -> dict[tuple[Key, Key], bool]:
    columns = ("left_source", "left_id", "right_source", "right_id", "decision")
    found = {}
    for number, row in enumerate(_rows(path, columns), start=2):
        if row["decision"] in ("same", "different"):
            one, other = (row["left_source"], row["left_id"]), (row["right_source"], row["right_id"])
            found[(one, other)] = row["decision"] == "same"
        elif row["decision"] not in ("review", ""):
            raise LinkageError("its decision is none", where=f"{path.name}: line {number}", mend="same or different")
    return found


def _survivors(path: Path) -> dict[int, int]:
    found = {}
    for number, row in enumerate(_rows(path, ("person_id", "survivor_id")), start=2):
        try:
            found[int(row["person_id"])] = int(row["survivor_id"])
        except ValueError:
            raise LinkageError(
                "has no whole numbers", where=f"{path.name}: line {number}", mend="give person ids"
            ) from None
    return found
