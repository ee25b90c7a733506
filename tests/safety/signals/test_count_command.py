"""``bencao safety count`` counts pairs of drugs and events for ``signals``, on this machine or in a store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

from bencao.kernel.errors import InputError  # noqa: E402
from bencao.kernel.ledger import Ledger  # noqa: E402
from bencao.safety.commands import app  # noqa: E402
from bencao.safety.errors import CountsError  # noqa: E402

DRUGS = "report,drug\n1,warfarin\n1,aspirin\n2,warfarin\n2,warfarin\n3,aspirin\n4,unheard\n"
EVENTS = "report,event\n1,bleeding\n2,bleeding\n2,rash\n3,rash\n5,rash\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("drugs.csv").write_text(DRUGS)
    Path("events.csv").write_text(EVENTS)


def count(*arguments: str) -> pl.DataFrame:
    done = CliRunner().invoke(app, ["count", "drugs.csv", "events.csv", "-o", "counts.csv", *arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return pl.read_csv("counts.csv").sort("drug", "event")


def test_each_pair_is_counted_once_a_report_with_its_margins(tmp_path: Path) -> None:
    counted = count()
    assert counted.select("drug", "event", "n", "n_drug", "n_event").rows() == [
        ("aspirin", "bleeding", 1, 2, 2),
        ("aspirin", "rash", 1, 2, 2),
        ("warfarin", "bleeding", 2, 2, 2),
        ("warfarin", "rash", 1, 2, 2),
    ]
    assert set(counted["total"]) == {3}
    ((_, entry),) = Ledger(tmp_path / ".bencao").entries()
    assert entry.command == "safety count"
    assert [Path(file.path).name for file in entry.generated] == ["counts.csv"]


def test_signals_reads_what_was_counted() -> None:
    count()
    done = CliRunner().invoke(app, ["signals", "counts.csv", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout.splitlines()[-1])["reports"] == 3


def test_a_store_counts_the_same_and_takes_any_report_numbers() -> None:
    here = count()
    assert count("--store", "duckdb:").equals(here)
    Path("drugs.csv").write_text(DRUGS.replace("\n", "\nR").removesuffix("R"))
    Path("events.csv").write_text(EVENTS.replace("\n", "\nR").removesuffix("R"))
    with pytest.raises(CountsError):
        count()
    assert count("--store", "duckdb:").equals(here)


def test_another_format_is_refused_and_nothing_written() -> None:
    done = CliRunner().invoke(app, ["count", "drugs.csv", "events.csv", "-o", "counts.xlsx"])
    assert isinstance(done.exception, InputError) and not Path("counts.xlsx").exists()
