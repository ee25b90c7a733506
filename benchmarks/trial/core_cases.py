"""How many of CORE's own test cases give exactly the rows that they must.

python benchmarks/trial/core_cases.py DIR [--rules RULES] [--terminology PACKAGE=FILE] [--json] [--predictions FILE]

DIR holds the cases as the rules' repository lays them out (RULE/negative/01/data and results), or archives (.tgz) of
such folders; the rules lie beside the cases (RULE/rule.yml), in another archive of DIR, or are given. A case is exact
when the rows found (data set, record, variable, value) are those expected, each as often; numbers and lists are
compared by value, and what is missing is missing, however it is written. A case of an unsupported rule is never exact;
a case without expected rows is not counted.
"""

from __future__ import annotations

import argparse
import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.trial.conformance import Rule, Terminology, load_terminology, read_rules, read_terminology
from bencao.trial.conformance.cases import Case, Row, found_rows, read_cases, read_study
from bencao.trial.errors import UnsupportedRule

DEVELOPMENT_DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "trial"
EXACT, RECORDS, OTHER, UNSUPPORTED, FAILED = "exact", "same records", "other records", "unsupported", "failed"


@dataclass(frozen=True)
class Scored:
    """A case with what was found."""

    case: Case
    standard: str
    outcome: str
    found: Counter[Row]
    reason: str = ""


def score(case: Case, rules: dict[str, Rule], unsupported: dict[str, str], terminology: Terminology) -> Scored:
    """Run a case's rule over its data and compare."""
    standard = ""
    expected = case.expected or Counter()
    if case.rule_id in unsupported:
        return Scored(case, standard, UNSUPPORTED, Counter(), unsupported[case.rule_id])
    try:
        study = read_study(case, terminology)
        standard = study.standard
        found = found_rows(rules[case.rule_id], study)
    except UnsupportedRule as error:
        return Scored(case, standard, UNSUPPORTED, Counter(), error.cause)
    except Exception as error:  # a case that breaks the engine is a case that is not exact, not the end of the run
        return Scored(case, standard, FAILED, Counter(), repr(error))
    if found == expected:
        return Scored(case, standard, EXACT, found)
    same = {row[:2] for row in found} == {row[:2] for row in expected}
    return Scored(case, standard, RECORDS if same else OTHER, found)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in per cent."""
    z = 1.959964
    centre, spread = (hits + z * z / 2) / (n + z * z), z * sqrt(hits * (n - hits) / n + z * z / 4) / (n + z * z)
    return 100 * (centre - spread), 100 * (centre + spread)


def figures(scored: list[Scored]) -> dict[str, float]:
    """One flat object."""
    counts = Counter(item.outcome for item in scored)
    low, high = wilson(counts[EXACT], len(scored))
    return {
        "exact_percent": round(100 * counts[EXACT] / len(scored), 2),
        "low": round(low, 2),
        "high": round(high, 2),
        "same_records_percent": round(100 * (counts[EXACT] + counts[RECORDS]) / len(scored), 2),
        "unsupported": counts[UNSUPPORTED],
        "failed": counts[FAILED],
        "rules": len({item.case.rule_id for item in scored}),
        "n": len(scored),
    }


def unpacked(folder: Path, into: Path) -> Path:
    """The folder, or one with the contents of its archives where it holds archives."""
    archives = sorted(folder.glob("*.tgz")) if folder.is_dir() else [folder]
    if folder.is_dir() and not archives:
        return folder
    for archive in archives:
        with tarfile.open(archive) as opened:
            opened.extractall(into / archive.stem, filter="data")
    return into


def rules_of(folder: Path, asked: Path, given: Path | None, into: Path) -> Path:
    """Where the rules lie: given, among the cases, beside the folder asked for, or among the development data."""
    if given is not None:
        return given
    if any(folder.rglob("rule.yml")):
        return folder
    for parent in (*asked.resolve().parents[:3], DEVELOPMENT_DATA):
        beside = sorted(parent.glob("*rule*yml*"))
        if beside:
            return unpacked(beside[0], into) if beside[0].is_file() else beside[0]
    raise InputError("no rules beside the cases", where=str(folder), mend="give them with --rules")


def terminology_of(given: Iterable[str]) -> Terminology:
    """What is shipped, and packages of your own."""
    terminology = load_terminology()
    for item in given:
        package, _, path = item.partition("=")
        terminology = terminology.joined(read_terminology(Path(path), package))
    return terminology


def predictions(scored: list[Scored]) -> str:
    """A line for each case, with what was expected and found."""
    lines = [
        {
            "rule": item.case.rule_id,
            "case": item.case.name,
            "outcome": item.outcome,
            "reason": item.reason,
            "expected": sorted((item.case.expected or Counter()).elements()),
            "found": sorted(item.found.elements()),
        }
        for item in scored
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def show(scored: list[Scored]) -> None:
    """A table by standard."""
    table = Table(
        "standard", "exact", "same records", "other records", "unsupported", "failed", "n", title="CORE test cases"
    )
    for standard in [*sorted({item.standard for item in scored}), None]:
        part = [item for item in scored if standard in (None, item.standard)]
        counts = Counter(item.outcome for item in part)
        cells = [str(counts[name]) for name in (EXACT, RECORDS, OTHER, UNSUPPORTED, FAILED)]
        table.add_row("all" if standard is None else standard or "not given", *cells, str(len(part)))
    Console().print(table)


def main() -> None:
    """Score every case of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="cases, or archives of them")
    parser.add_argument("--rules", type=Path, help="a folder or .tgz of rules in YAML")
    parser.add_argument("--terminology", action="append", default=[], metavar="PACKAGE=FILE", help="a package of yours")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each case with its rows, as JSON lines")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = unpacked(given.folder, Path(temporary) / "cases")
        book = read_rules(rules_of(folder, given.folder, given.rules, Path(temporary) / "rules"))
        rules, unsupported = {rule.id: rule for rule in book.rules}, {rule.id: rule.reason for rule in book.unsupported}
        terminology = terminology_of(given.terminology)
        cases = [case for case in read_cases(folder) if case.expected is not None]
        for case in cases:
            if case.rule_id not in rules:
                unsupported.setdefault(case.rule_id, "the rule is not given")
        scored = [score(case, rules, unsupported, terminology) for case in cases]
    if given.predictions:
        write_text(given.predictions, predictions(scored))
    if given.json:
        print(json.dumps(figures(scored)))
        return
    show(scored)
    result = figures(scored)
    print(f"exact: {result['exact_percent']} % (95 % interval {result['low']} to {result['high']}), n = {result['n']}")


if __name__ == "__main__":
    main()
