"""``bencao safety signals`` writes every measure of every pair, and a ledger entry with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

from bencao.kernel.ledger import Ledger  # noqa: E402
from bencao.safety.commands import app  # noqa: E402
from bencao.safety.signals.counts import read_counts  # noqa: E402
from bencao.safety.signals.screening import screen  # noqa: E402


@pytest.fixture
def statins(shared_data: Path, tmp_path: Path) -> Path:
    """Counts of statins and events as rows drug, event, n."""
    wide = pl.read_csv(shared_data / "safety" / "golden" / "raw_statin46.csv")
    long = wide.rename({"": "event"}).unpivot(index="event", variable_name="drug", value_name="n")
    long.write_csv(tmp_path / "statins.csv")
    return tmp_path / "statins.csv"


def test_counts_become_a_table_of_measures(statins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["signals", str(statins), "-o", "out.csv", "--json", "--lrt-draws", "99"])
    assert done.exit_code == 0, done.output
    measured = pl.read_csv("out.csv")
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["pairs"] == measured.height == 47 * 7
    row = measured.filter((pl.col("drug") == "Simvastatin") & (pl.col("event") == "Rhabdomyolysis"))
    assert row["ebgm_signal"].item()
    assert row["eb05"].item() < row["ebgm"].item() < row["eb95"].item()
    assert row["llr_p"].item() == pytest.approx(0.01)
    ((_, entry),) = Ledger(tmp_path / ".bencao").entries()
    assert entry.command == "safety signals"
    assert [Path(file.path).name for file in entry.generated] == ["out.csv"]


def test_the_summary_is_in_chinese_where_asked(statins: Path) -> None:
    done = CliRunner().invoke(app, ["signals", str(statins), "--lang", "zh", "--top", "1"])
    assert done.exit_code == 0
    assert "信号数" in done.stdout
    assert "药品" in done.stdout


def test_a_table_too_small_for_a_prior_still_has_its_other_measures(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("drug,event,n\nA,x,20\nA,y,80\nB,x,100\nB,y,1800\n", encoding="utf-8")
    found = screen(read_counts(tmp_path / "few.csv"))
    assert found.fit is None
    assert found.undetermined is not None
    assert "4 pairs" in str(found.undetermined)
    assert found.table["ror"][0] == pytest.approx(4.5)
    assert found.table["ebgm"].null_count() == 4
    done = CliRunner().invoke(app, ["signals", str(tmp_path / "few.csv"), "--json"])
    assert done.exit_code == 0
    assert "4 pairs" in json.loads(done.stdout.splitlines()[-1])["ebgm_error"]
