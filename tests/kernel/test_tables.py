"""A store of tables gives the same lazy frames on either engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bencao.kernel.errors import EngineMissing, InputError

pl = pytest.importorskip("polars", reason="the extra trial is not installed")
nw = pytest.importorskip("narwhals", reason="the extra trial is not installed")

from bencao.kernel.tables import open_store  # noqa: E402

STORES = ["polars:", "duckdb:"]


@pytest.mark.parametrize("url", STORES)
def test_a_csv_file_is_all_texts_and_what_is_empty_is_missing(tmp_path: Path, url: str) -> None:
    (tmp_path / "a.csv").write_text("ID,AGE\n01,64\n02,\n", encoding="utf-8")
    store = open_store(url)
    (table,) = store.collect([store.scan(tmp_path / "a.csv").sort("ID")])
    assert table.rows() == [("01", "64"), ("02", None)]


@pytest.mark.parametrize("url", STORES)
def test_a_plan_over_two_tables_runs_in_the_store(tmp_path: Path, url: str) -> None:
    pl.DataFrame({"ID": [1, 2], "SEX": ["F", "M"]}).write_parquet(tmp_path / "dm.parquet")
    store = open_store(url)
    ae = store.put("AE", pl.DataFrame({"ID": [2, 2, 1], "N": [1, 2, 3]}))
    plan = ae.join(store.scan(tmp_path / "dm.parquet"), on="ID").group_by("SEX").agg(n=nw.col("N").sum()).sort("SEX")
    assert store.collect([plan])[0].rows() == [("F", 3), ("M", 3)]


def test_a_table_is_replaced_in_a_duckdb_file_of_an_earlier_run(tmp_path: Path) -> None:
    for value in (1, 2):
        store = open_store(f"duckdb:{tmp_path / 'study.duckdb'}")
        table = store.put("AE", pl.DataFrame({"ID": [value]}))
        assert store.collect([table])[0].rows() == [(value,)]
        del store, table


@pytest.mark.parametrize("url", STORES)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, url: str) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(InputError, match="no table file"):
        open_store(url).scan(tmp_path / "a.docx")


def test_an_unknown_engine_says_which_there_are() -> None:
    with pytest.raises(EngineMissing, match="give polars:, duckdb: or duckdb:FILE, or spark:"):
        open_store("trino://host")
