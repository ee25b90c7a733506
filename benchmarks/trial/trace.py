"""Prove the trace by deletion: take one SDTM record away, build ADaM and the tables anew, and see which cells change.

python benchmarks/trial/trace.py SDTM AE [--tables N …] [--cells 50] [--seed 1] [--json] [--predictions FILE]

SDTM is the folder of dm.parquet … of the pilot study (cdiscpilotsdtm), AE that of ae.parquet (pharmaversesdtm). For
each of the cells drawn one record is drawn of those that its trace names; no cell of any of the tables may then change
whose trace does not name that record, and a drawn cell that stays as printed is explained from its unrounded results.
A row that goes with its last record changes the cells that had records; the empty ones beside them are counted apart.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bencao.kernel.errors import BencaoError
from bencao.kernel.files import write_text
from bencao.trial.build import build_study
from bencao.trial.display import Cell, Displays, Row, Table, compute_table, read_displays
from bencao.trial.display.analysis_set import record_of
from bencao.trial.display.data import datasets_of
from bencao.trial.trace.cell import variables_of
from bencao.trial.trace.lineage import Lineage, Wanted, read_lineage, records_behind, sources_of

PILOT = Path(__file__).resolve().parent / "pilot"
TABLES = ("14-1.02", "14-2.01", "14-4.01", "14-5.01", "14-7.01")
_ORDER_STATISTICS = {"median", "min", "max"}
Place = tuple[str, tuple[str, ...], int]


@dataclass(frozen=True)
class Deletion:
    """One record taken away, and what came of it."""

    table: str
    path: str
    column: int
    kind: str
    dataset: str
    row: int
    text: str
    after: str
    changed: int
    unnamed: int
    gone: int
    explanation: str


@dataclass(frozen=True)
class Study:
    """Everything that a deletion begins from."""

    folder: Path
    roots: Mapping[str, Path]
    displays: Displays
    lineage: Lineage
    built: tuple[str, ...]
    data: dict[str, pl.DataFrame]
    tables: dict[str, Table]


def prepare(study: Path, roots: Mapping[str, Path], numbers: tuple[str, ...]) -> Study:
    """Build the analysis data sets and the tables that nothing is missing from."""
    displays, lineage = read_displays(study / "displays.yaml"), read_lineage(study)
    built = datasets_of(displays, numbers)
    data = {name: dataset.frame for name, dataset in build_study(study, roots=roots, only=built).datasets.items()}
    sources = [name for name in sources_of(lineage, built) if name not in data]
    for name in sources:
        path = source_file(name, roots)
        if path.is_file():
            data[name] = pl.read_parquet(path)
    return Study(study, roots, displays, lineage, built, data, compute(displays, data, numbers))


def source_file(name: str, roots: Mapping[str, Path]) -> Path:
    """File of an SDTM data set: adverse events have a folder of their own."""
    return roots["sdtm_ae" if name == "AE" else "sdtm"] / f"{name.lower()}.parquet"


def compute(displays: Displays, data: Mapping[str, pl.DataFrame], numbers: tuple[str, ...]) -> dict[str, Table]:
    """The tables of some data."""
    return {number: compute_table(number, displays, data) for number in numbers}


def cells_of(tables: Mapping[str, Table]) -> dict[Place, tuple[Row, Cell]]:
    """Every computed cell by table, labels of its row and column; a label that occurs again counts up."""
    found: dict[Place, tuple[Row, Cell]] = {}
    for number, table in tables.items():
        seen: Counter[tuple[str, ...]] = Counter()
        for row in table.rows:
            path = (*row.path, str(seen[row.path])) if seen[row.path] else row.path
            seen[row.path] += 1
            for column, cell in row.places():
                if cell.method:
                    found[number, path, column] = (row, cell)
    return found


class Names:
    """Whether a cell's trace names a record; asked of one subject's records only, as every link goes by subject."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._names = tuple(sorted(study.data))
        self._known: dict[object, Wanted] = {}

    def behind(self, place: Place, row: Row, cell: Cell, subject: str | None) -> tuple[Wanted, Wanted]:
        """Direct and denominator records, of one subject or of all."""
        table = self._study.tables[place[0]]
        display = self._study.displays.display(place[0])
        used = variables_of(self._study.displays, display, row, place[2] - table.stubs)
        return self._resolved(cell.direct.tolist(), used, subject), self._resolved(
            cell.denominator.tolist(), used, subject
        )

    def _resolved(self, numbers: list[int], used: frozenset[str], subject: str | None) -> Wanted:
        records = [record_of(number, self._names) for number in numbers]
        if subject is not None:
            records = [(name, row) for name, row in records if self._study.data[name]["USUBJID"][row] == subject]
        key = (used, tuple(records))
        if key not in self._known:
            wanted: Wanted = {}
            for name, row in records:
                wanted.setdefault(name, {})[row] = used
            self._known[key] = records_behind(wanted, self._study.lineage, self._study.data)
        return self._known[key]


def delete(study: Study, dataset: str, row: int) -> dict[str, Table]:
    """The tables of a study that lacks one record."""
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder)
        root = "sdtm_ae" if dataset == "AE" else "sdtm"
        for path in study.roots[root].glob("*.parquet"):
            if path.stem.upper() != dataset:
                (changed / path.name).symlink_to(path)
        left = study.data[dataset].with_row_index("row").filter(pl.col("row") != row).drop("row")
        left.write_parquet(changed / f"{dataset.lower()}.parquet")
        built = build_study(study.folder, roots={**study.roots, root: changed}, only=study.built)
    data = study.data | {name: each.frame for name, each in built.datasets.items()} | {dataset: left}
    return compute(study.displays, data, tuple(study.tables))


def explain(before: Cell, after: Cell) -> str:
    """Why a cell is printed as before, from its unrounded results; empty where it changed."""
    if before.text.strip() != after.text.strip():
        return ""
    pairs = [(one.statistic, one.value, two.value) for one, two in zip(before.results, after.results, strict=True)]
    moved = [f"{name} {one!r} became {two!r}" for name, one, two in pairs if one != two]
    if moved:
        return f"rounds to the same: {'; '.join(moved)}"
    statistics = {name for name, _, _ in pairs}
    named = ", ".join(sorted(statistics))
    if len(before.direct) != len(after.direct):
        if "subjects" in statistics:
            return f"of {len(before.direct)} records one less, the subject has another"
        return f"{named} is exactly the same without one of {len(before.direct)} records"
    if statistics <= _ORDER_STATISTICS:
        return f"the value of one record moved, and {named} did not"
    return "the record could have decided who is counted, and decides as before"


def prove(study: Study, amount: int, seed: int, log: bool = False) -> list[Deletion]:
    """Draw cells, delete a record of each, and compare every cell."""
    draw, names = random.Random(seed), Names(study)
    before = cells_of(study.tables)
    answer = []
    for turn in range(amount):
        number = list(study.tables)[turn % len(study.tables)]
        place = draw.choice([each for each, (_, cell) in before.items() if each[0] == number and len(cell.direct)])
        row, cell = before[place]
        direct, denominator = names.behind(place, row, cell, None)
        kind = draw.choice([kind for kind, found in (("direct", direct), ("denominator", denominator)) if found])
        found = direct if kind == "direct" else denominator
        dataset = draw.choice(sorted(name for name in found if name not in study.built))
        record = draw.choice(sorted(found[dataset]))
        began = time.process_time()
        answer.append(_deleted(study, names, before, place, (kind, dataset, record)))
        if log:
            print(f"{turn + 1}/{amount} {answer[-1]} {time.process_time() - began:.1f} s", file=sys.stderr)
    return answer


def _deleted(
    study: Study,
    names: Names,
    before: dict[Place, tuple[Row, Cell]],
    place: Place,
    record: tuple[str, str, int],
) -> Deletion:
    kind, dataset, row = record
    subject = study.data[dataset]["USUBJID"][row]
    after = cells_of(delete(study, dataset, row))
    gone = [each for each, (_, cell) in before.items() if each not in after and not len(cell.direct)]
    changed = [
        each
        for each, (_, cell) in before.items()
        if (len(cell.direct) if each not in after else after[each][1].text.strip() != cell.text.strip())
    ]
    unnamed = [
        each
        for each in changed
        if not any(row in found.get(dataset, {}) for found in names.behind(each, *before[each], subject))
    ]
    for each in unnamed:
        print(f"not named: {dataset} {row + 1} changes {each}", file=sys.stderr)
    cell = before[place][1]
    left = after.get(place)
    return Deletion(
        place[0],
        " / ".join(place[1]),
        place[2] + 1,
        kind,
        dataset,
        row + 1,
        cell.text.strip(),
        left[1].text.strip() if left else "no such row",
        len(changed),
        len(unnamed),
        len(gone),
        explain(cell, left[1]) if left else "",
    )


def figures(found: list[Deletion]) -> dict[str, float]:
    """The figures that are published."""
    stayed = [each for each in found if each.explanation]
    return {
        "n": len(found),
        "tables": len({each.table for each in found}),
        "cells_changed": sum(each.changed for each in found),
        "changed_but_not_named": sum(each.unnamed for each in found),
        "empty_cells_of_rows_gone": sum(each.gone for each in found),
        "drawn_cells_changed": len(found) - len(stayed),
        "drawn_cells_explained": len(stayed),
    }


def main() -> None:
    """Prove and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sdtm", type=Path)
    parser.add_argument("ae", type=Path)
    parser.add_argument("--study", type=Path, default=PILOT)
    parser.add_argument("--tables", nargs="+", default=TABLES)
    parser.add_argument("--cells", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="write every deletion")
    arguments = parser.parse_args()
    study = prepare(arguments.study, {"sdtm": arguments.sdtm, "sdtm_ae": arguments.ae}, tuple(arguments.tables))
    found = prove(study, arguments.cells, arguments.seed, log=not arguments.json)
    if arguments.predictions:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(Deletion.__dataclass_fields__), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(vars(each) for each in found)
        write_text(arguments.predictions, text.getvalue())
    shown = {**figures(found), "seed": arguments.seed}
    if arguments.json:
        print(json.dumps(shown))
    else:
        for each in found:
            print(
                f"{each.table} {each.path} C{each.column}: {each.kind} {each.dataset} {each.row}: "
                f"{each.text!r} -> {each.after!r}; {each.changed} cells changed, {each.unnamed} unnamed; "
                f"{each.explanation or 'changed'}"
            )
        print(shown)
    if shown["changed_but_not_named"]:
        raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except BencaoError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
