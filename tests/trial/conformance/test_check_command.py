"""``bencao trial check``: what it prints, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conformance_data import dataset
from typer.testing import CliRunner

from bencao.kernel.errors import InputError
from bencao.trial import check
from bencao.trial.commands import app
from bencao.trial.dataset import Dataset
from bencao.trial.formats import write_dataset

RULES = """
Core: {Id: MINE-1}
Rule Type: Record Data
Sensitivity: Record
Authorities: [{Standards: [{Name: SDTMIG, Version: "3.4"}]}]
Scope: {Domains: {Include: [DM]}}
Check: {all: [{name: ARMCD, operator: empty}]}
Outcome: {Message: no arm}
---
Core: {Id: MINE-2}
Rule Type: JSONata
Sensitivity: Record
Check: "true"
Outcome: {Message: anything}
"""


@pytest.fixture
def files(tmp_path: Path, demographics: Dataset) -> tuple[Path, Path]:
    data, rules = tmp_path / "dm.parquet", tmp_path / "rules.yml"
    write_dataset(demographics, data, "parquet")
    rules.write_text(RULES, encoding="utf-8")
    return data, rules


def test_findings_are_listed_and_the_exit_code_is_1(files: tuple[Path, Path]) -> None:
    data, rules = files
    result = CliRunner().invoke(app, ["check", str(data), "--rules", str(rules), "--json"])
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["run"] == 1
    assert report["findings"] == [
        {"rule": "MINE-1", "dataset": "DM", "record": 3, "message": "no arm", "values": {"ARMCD": None}, "absent": []}
    ]
    assert [item["rule"] for item in report["unsupported"]] == ["MINE-2"]


def test_a_table_says_what_is_wrong_and_what_was_not_run(files: tuple[Path, Path]) -> None:
    data, rules = files
    result = CliRunner().invoke(app, ["check", str(data), "--rules", str(rules)])
    assert result.exit_code == 1
    assert "no arm" in result.stdout
    assert "1 rules run, 1 findings, 1 rules not supported" in result.stdout


def test_clean_data_end_with_0(files: tuple[Path, Path], tmp_path: Path) -> None:
    clean = tmp_path / "clean" / "dm.parquet"
    clean.parent.mkdir()
    write_dataset(dataset("DM", DOMAIN=["DM"], ARMCD=["A"]), clean, "parquet")
    result = CliRunner().invoke(app, ["check", str(clean), "--rules", str(files[1])])
    assert result.exit_code == 0


def test_a_standard_without_rules_is_an_error(files: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match="no rule of SENDIG"):
        check([files[0]], files[1], standard="SENDIG")


def test_data_sets_in_memory_are_checked_like_files(demographics: Dataset, files: tuple[Path, Path]) -> None:
    assert list(check([demographics], files[1]).rows()) == list(check([files[0]], files[1]).rows())
