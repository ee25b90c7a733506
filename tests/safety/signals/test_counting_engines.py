"""Every engine counts the same cells: sorted arrays, polars, DuckDB, Spark."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

import numpy as np  # noqa: E402

from bencao.kernel.tables import open_store  # noqa: E402
from bencao.safety.errors import CountsError  # noqa: E402
from bencao.safety.signals.counts import CELLS, count_report_files, count_report_tables  # noqa: E402

ENGINES = ["polars:", "duckdb:", "spark:local[1]"]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tables of drawn reports: duplicates, gaps, reports in one table only."""
    random = np.random.default_rng(3)
    folder = tmp_path_factory.mktemp("reports")
    for name, column, many in (("drugs", "drug", 40), ("events", "event", 90)):
        codes = np.minimum(random.geometric(0.08, 3000), many)
        table = pl.DataFrame(
            {
                "report": random.integers(24_000_000_001, 24_000_000_900, 3000),
                column: [None if code == 7 else f"{column} {code}" for code in codes],
            }
        )
        table.write_parquet(folder / f"{name}.parquet")
        table.write_csv(folder / f"{name}.csv")
    return folder


def by_hand(folder: Path) -> list[tuple[object, ...]]:
    """The cells by sets of report numbers."""
    found: list[dict[str, set[int]]] = []
    for name, column in (("drugs", "drug"), ("events", "event")):
        sets: dict[str, set[int]] = {}
        for report, value in pl.read_parquet(folder / f"{name}.parquet").select("report", column).rows():
            if value is not None:
                sets.setdefault(value, set()).add(report)
        found.append(sets)
    drugs, events = found
    both = set().union(*drugs.values()) & set().union(*events.values())
    rows = []
    for drug, with_drug in drugs.items():
        for event, with_event in events.items():
            if n := len(with_drug & with_event):
                rows.append((drug, event, n, len(with_drug & both), len(with_event & both), len(both)))
    return sorted(rows)


def test_arrays_count_what_sets_count(reports: Path) -> None:
    expected = by_hand(reports)
    for ending in ("parquet", "csv"):
        ours = count_report_files(reports / f"drugs.{ending}", reports / f"events.{ending}")
        assert ours.columns == list(CELLS)
        assert ours.with_columns(pl.col("drug", "event").cast(pl.String)).rows() == expected


@pytest.mark.parametrize("url", ENGINES)
def test_a_table_store_counts_what_arrays_count(reports: Path, url: str) -> None:
    if url.startswith("spark"):
        pytest.importorskip("pyspark", reason="the extra spark is not installed")
        if shutil.which("java") is None:
            pytest.skip("cannot run here: no Java, which Spark needs")
    store = open_store(url)
    drugs = store.scan(reports / "drugs.parquet")
    # One table from a file and one put in, as a user's store may hold them.
    events = store.put("events", pl.read_parquet(reports / "events.parquet"))
    assert count_report_tables(store, drugs, events).rows() == by_hand(reports)


def test_a_drug_of_many_reports_is_counted_in_parts(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = count_report_files(reports / "drugs.parquet", reports / "events.parquet")
    monkeypatch.setattr("bencao.safety.signals.counts.arrays._AT_ONCE", 10)
    assert count_report_files(reports / "drugs.parquet", reports / "events.parquet").equals(whole)


def test_tables_that_share_no_report_have_no_cell(tmp_path: Path) -> None:
    pl.DataFrame({"report": [1, 2], "drug": ["A", "B"]}).write_parquet(tmp_path / "d.parquet")
    pl.DataFrame({"report": [3], "event": ["x"]}).write_parquet(tmp_path / "e.parquet")
    assert count_report_files(tmp_path / "d.parquet", tmp_path / "e.parquet").rows() == []
    pl.DataFrame({"report": [], "event": []}, schema={"report": pl.Int64, "event": pl.String}).write_parquet(
        tmp_path / "none.parquet"
    )
    assert count_report_files(tmp_path / "d.parquet", tmp_path / "none.parquet").rows() == []


@pytest.mark.parametrize(
    ("table", "cause"),
    [
        (pl.DataFrame({"report": ["US-1"], "drug": ["A"]}), "not whole numbers"),
        (pl.DataFrame({"report": [2**60], "drug": ["A"]}), "report numbers from 1152921504606846976"),
        (pl.DataFrame({"case": [1], "drug": ["A"]}), "cannot be read|report"),
    ],
)
def test_reports_that_arrays_cannot_hold_are_refused(tmp_path: Path, table: pl.DataFrame, cause: str) -> None:
    table.write_parquet(tmp_path / "d.parquet")
    pl.DataFrame({"report": [3], "event": ["x"]}).write_parquet(tmp_path / "e.parquet")
    with pytest.raises(CountsError, match=cause) as caught:
        count_report_files(tmp_path / "d.parquet", tmp_path / "e.parquet")
    assert "d.parquet" in caught.value.where
