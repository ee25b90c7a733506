"""How often the mapping help names the right SDTM variable, on forms that it was not trained on.

python benchmarks/trial/mapping.py ../shared/data/trial [--json] [--predictions FILE]

The pilot's four raw forms have names and values; the CM form has labels too. Columns whose place in SDTM is a matter
of the study (folders, form names) are left out of the pilot's; for CM, being not submitted is an answer too. The form's
file name is not told. The peer ranks the same variables by difflib's ratio of names and, where there are labels, of
labels to the same questions.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import sqrt
from pathlib import Path

import polars as pl

from bencao.trial.mapping import Mapper, Suggestion, load_mapper
from bencao.trial.mapping.columns import read_columns
from bencao.trial.mapping.knowledge import NOT_SUBMITTED

HERE = Path(__file__).resolve().parent
TOP = 5


@dataclass(frozen=True)
class Case:
    """A column whose variable is known: any of the right ones is right."""

    form: str
    column: str
    right: frozenset[str]


def pilot_cases() -> list[Case]:
    """Columns of the pilot's raw forms."""
    with (HERE / "mapping_truth.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [Case(row["file"], row["column"], frozenset(row["targets"].split(";"))) for row in rows]


def cm_cases(specification: pl.DataFrame) -> tuple[list[Case], dict[str, str]]:
    """Columns of the CM form by its worked specification, and their labels."""
    right: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    for row in specification.filter(pl.col("raw_variable").is_not_null()).iter_rows(named=True):
        labels[row["raw_variable"]] = row["raw_variable_label"] or ""
        right[row["raw_variable"]] |= {row["target_sdtm_variable"]} - {None}
    cases = [Case("cm", name, frozenset(found or {NOT_SUBMITTED})) for name, found in right.items()]
    return cases, labels


def suggestions(mapper: Mapper, data: Path) -> Iterator[tuple[list[Case], dict[str, Suggestion]]]:
    """The cases of each form with what is proposed for its columns."""
    cases = pilot_cases()
    for form in sorted({case.form for case in cases}):
        frame = pl.read_csv(data / "raw" / f"{form}.csv", infer_schema=False)
        found = mapper.suggest(read_columns(frame), top=TOP)
        yield [case for case in cases if case.form == form], {one.column: one for one in found}
    listed, labels = cm_cases(pl.read_csv(data / "mapping" / "cm_sdtm_oak_spec.csv", infer_schema=False))
    frame = pl.read_csv(data / "mapping" / "cm_raw_data.csv", infer_schema=False)
    # The specification names a few columns otherwise than the data: those have a label and no values.
    missing = [pl.lit(None, pl.String).alias(name) for name in labels if name not in frame.columns]
    found = mapper.suggest(read_columns(frame.with_columns(missing).select(list(labels)), labels), top=TOP)
    yield listed, {one.column: one for one in found}


def by_likeness(column: str, label: str, asked: dict[str, set[str]]) -> list[str]:
    """The peer: variables by the likeness of their name, or of a question that asks for them to the label."""
    core = column.upper().rpartition(".")[2]

    def like(variable: str) -> float:
        named = SequenceMatcher(None, core, variable).ratio()
        if not label:
            return named
        said = (SequenceMatcher(None, label.lower(), phrase.lower()).ratio() for phrase in asked[variable])
        return max(named, *said, 0.0)

    return sorted(asked, key=lambda one: (-like(one), one))[:TOP]


def wilson(right: int, n: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z, share = 1.959964, right / n
    middle, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def scored(mapper: Mapper, data: Path) -> list[dict[str, object]]:
    """A row for each case: what was right, and what model and peer said."""
    knowledge = mapper.fit.knowledge
    asked: dict[str, set[str]] = {target.variable: set() for target in knowledge.targets}
    for phrase, target, _, _ in knowledge.links:
        asked[knowledge.targets[target].variable].add(knowledge.phrases[phrase])
    rows: list[dict[str, object]] = []
    for cases, found in suggestions(mapper, data):
        for case in cases:
            ours = [one.variable for one in found[case.column].proposals]
            theirs = by_likeness(case.column, found[case.column].label, asked)
            rows.append(
                {
                    "set": "cm" if case.form == "cm" else "pilot", "form": case.form, "column": case.column,
                    "right": sorted(case.right), "ours": ours, "peer": theirs,
                    "probability": found[case.column].proposals[0].probability,
                }
            )  # fmt: skip
    return rows


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with raw/ and mapping/")
    parser.add_argument("--json", action="store_true", help="one flat JSON object on stdout")
    parser.add_argument("--predictions", type=Path, help="write a JSON line for each column")
    options = parser.parse_args()
    rows = scored(load_mapper(), options.data)
    figures: dict[str, object] = {"n": len(rows)}
    for part in ("pilot", "cm"):
        chosen = [row for row in rows if row["set"] == part]
        figures[f"{part}_n"] = len(chosen)
        chances = [float(row["probability"]) for row in chosen]  # type: ignore[arg-type]
        figures[f"{part}_mean_probability"] = round(sum(chances) / len(chances), 4)
        for who, said in (("", "ours"), ("peer_", "peer")):
            for depth in (1, TOP):
                hits = sum(bool(set(row[said][:depth]) & set(row["right"])) for row in chosen)  # type: ignore[call-overload]
                low, high = wilson(hits, len(chosen))
                figures[f"{part}_{who}top{depth}"] = round(hits / len(chosen), 4)
                figures[f"{part}_{who}top{depth}_low"] = round(low, 4)
                figures[f"{part}_{who}top{depth}_high"] = round(high, 4)
    if options.predictions:
        options.predictions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    if options.json:
        print(json.dumps(figures))
        return
    for part in ("pilot", "cm"):
        print(f"{part:6} mean probability of the first proposal {figures[f'{part}_mean_probability']}")
        for who, name in (("", "mapping help"), ("peer_", "fuzzy match")):
            told = [f"{figures[f'{part}_{who}top{d}']} [{figures[f'{part}_{who}top{d}_low']}, "
                    f"{figures[f'{part}_{who}top{d}_high']}]" for d in (1, TOP)]  # fmt: skip
            print(f"{part:6} n={figures[f'{part}_n']:<4} {name:13} top-1 {told[0]}  top-5 {told[1]}")


if __name__ == "__main__":
    main()
