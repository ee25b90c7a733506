"""Pairs are counted by distinct reports, and a file that cannot be counted says where and why."""

from __future__ import annotations

from pathlib import Path

import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

from bencao.kernel.tables import open_store  # noqa: E402
from bencao.safety.errors import CountsError  # noqa: E402
from bencao.safety.signals.counts import Columns, count_report_tables, count_strata, read_counts  # noqa: E402

REPORTS = """id,var1,var2,sex
1,A,x,F
1,A,x,F
1,A,y,F
2,A,x,M
3,B,x,M
4,B,y,
"""


def written(folder: Path, text: str, name: str = "t.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_report_counts_once_however_often_its_row_stands(tmp_path: Path) -> None:
    counted = read_counts(written(tmp_path, REPORTS))
    assert counted.form == "reports"
    assert counted.table.rows() == [
        ("A", "x", 2, 2, 3, 4, 1.5),
        ("A", "y", 1, 2, 2, 4, 1.0),
        ("B", "x", 1, 2, 3, 4, 1.5),
        ("B", "y", 1, 2, 2, 4, 1.0),
    ]


def test_expected_counts_are_summed_over_strata_and_a_missing_one_is_its_own(tmp_path: Path) -> None:
    counted = read_counts(written(tmp_path, REPORTS), Columns(strata=("sex",)))
    # F: one report, with A, x and y; M: two reports, A and B, both x; missing: one report, B and y.
    expected = dict(zip(counted.table.select("drug", "event").rows(), counted.table["expected"], strict=True))
    assert expected == {("A", "x"): 1 + 1 * 2 / 2, ("A", "y"): 1.0, ("B", "x"): 1 * 2 / 2, ("B", "y"): 1.0}
    assert counted.strata is not None
    assert counted.strata.group_by("drug", "event").agg(pl.col("n").sum()).sort("drug", "event")["n"].to_list() == [
        2, 1, 1, 1,
    ]  # fmt: skip


def test_a_pair_has_a_row_in_a_stratum_that_never_reports_it() -> None:
    rows = [("1", "A", "x", "F"), ("2", "B", "y", "M")]
    pairs = pl.DataFrame(rows, schema=["report", "drug", "event", "sex"], orient="row")
    assert count_strata(pairs, ["sex"]).rows() == [
        ("A", "x", 1, 1, 1, 1, "F"),
        ("A", "x", 0, 0, 0, 1, "M"),
        ("B", "y", 0, 0, 0, 1, "F"),
        ("B", "y", 1, 1, 1, 1, "M"),
    ]


@pytest.mark.parametrize("url", ["polars:", "duckdb:"])
def test_two_tables_of_one_store_are_joined_by_report(url: str) -> None:
    store = open_store(url)
    drugs = store.put(
        "drugs",
        pl.DataFrame({"report": [1, 1, 1, 2, 3, 9], "drug": ["A", "A", "B", "A", "B", "B"]}),
    )
    events = store.put("events", pl.DataFrame({"report": [1, 1, 2, 3, 3, 8], "event": ["x", "y", "x", "y", "y", "x"]}))
    # Report 9 has no event and 8 no drug: neither counts.
    assert count_report_tables(store, drugs, events).rows() == [
        ("A", "x", 2, 2, 2, 3),
        ("A", "y", 1, 2, 2, 3),
        ("B", "x", 1, 2, 2, 3),
        ("B", "y", 2, 2, 2, 3),
    ]


def test_counts_alone_have_the_margins_of_their_table(tmp_path: Path) -> None:
    counted = read_counts(written(tmp_path, "Drug,Event,N\nA,x,3\nA,y,1\nB,x,0\nB,y,6\n"))
    assert counted.form == "counts"
    assert counted.table.row(0) == ("A", "x", 3, 4, 3, 10, pytest.approx(1.2))


def test_a_fourfold_table_gives_its_margins(tmp_path: Path) -> None:
    counted = read_counts(written(tmp_path, "drug\tevent\ta\tb\tc\td\nA\tx\t20\t80\t100\t1800\n", "t.tsv"))
    assert counted.table.row(0) == ("A", "x", 20, 100, 120, 2000, 6.0)


@pytest.mark.parametrize(
    ("text", "where", "cause"),
    [
        ("drug,event,n\nA,x,3\nA,y,-1\n", "row 3, column n", "'-1' is no whole number"),
        ("drug,event,n\nA,x,2.5\n", "row 2, column n", "'2.5' is no whole number"),
        ("drug,event,n\nA,x,\n", "row 2, column n", "None is no whole number"),
        ("drug,event,n\nA,x,nan\n", "row 2, column n", "is no whole number"),
        ("drug,event,n\nA,x,3\nA,x,4\n", "row 2", "stands more than once"),
        ("drug,event,n\n,x,3\n", "row 2", "no drug"),
        ("drug,event,n,n_drug,n_event,total\nA,x,3,2,5,9\n", "row 2", "cannot be"),
        ("drug,event\nA,x\n", "t.csv", "neither counts nor report numbers"),
        ("drug,n\nA,3\n", "t.csv", "no column of the events"),
        ("drug,event,n\n", "t.csv", "it has no row"),
    ],
)
def test_a_wrong_table_names_the_row_and_the_cause(tmp_path: Path, text: str, where: str, cause: str) -> None:
    with pytest.raises(CountsError, match=cause) as caught:
        read_counts(written(tmp_path, text))
    assert where in caught.value.where
    assert caught.value.mend


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\x00\x01" * 100)
    with pytest.raises(CountsError):
        read_counts(tmp_path / "t.csv")
