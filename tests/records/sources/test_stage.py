"""Staging: what a hospital gives comes in whole, what cannot be used is told by file and row, and nothing is quoted."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.records.errors import SourceError
from bencao.records.sources.opening import stage
from bencao.records.sources.staging import Staging
from bencao.records.sources.text import encoding_of, read_records

HEADER = "病案号,姓名,诊断\n"


def _staged(path: Path, folder: Path) -> tuple[Staging, pl.DataFrame]:
    staging = stage(path, folder)
    read = sum(one.rows for one in staging.staged)
    assert read == sum(pl.read_parquet(one.path).height for one in staging.staged if one.path.exists())
    assert sum(one.quarantined for one in staging.staged) == len(staging.quarantine)
    return staging, pl.read_parquet(staging.staged[0].path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_each_encoding_gives_the_same_table(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "patients.csv"
    path.write_bytes((HEADER + '1,王芳,"肺炎,重症"\n2,李强,\n').encode(encoding))
    staging, table = _staged(path, tmp_path / "staged")
    assert staging.quarantine == []
    assert table.rows() == [("1", "王芳", "肺炎,重症", "patients.csv", 1), ("2", "李强", None, "patients.csv", 2)]


def test_an_encoding_that_changes_half_way_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    lines = [(HEADER + "1,王芳,肺炎\n").encode(), "2,李强,高血压\n".encode("gb18030"), b"3,\xff\xfe\x80\xff,x\n"]
    path.write_bytes(b"".join(lines))
    staging, table = _staged(path, tmp_path / "staged")
    assert encoding_of(path) == "mixed"
    assert table["姓名"].to_list() == ["王芳", "李强"]
    (bad,) = staging.quarantine
    assert (bad.row, bad.reason) == (3, "encoding")
    assert "encoding changes" in staging.notes[0]


def test_rows_that_shift_and_quotes_that_stay_open_go_to_quarantine_alone(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    body = [
        "1,王芳,肺炎",
        "2,李强",
        '3,"赵敏,头痛',
        "4,钱,咳嗽,多余",
        '5,孙"丽"x,发热',
        '6,周,"两行\n的诊断"',
        "7,吴,\0",
        "8,郑,健康",
    ]
    path.write_text(HEADER + "\n".join(body) + "\n", encoding="utf-8")
    staging, table = _staged(path, tmp_path / "staged")
    assert [(one.row, one.reason) for one in staging.quarantine] == [
        (2, "columns"),
        (3, "quote"),
        (4, "columns"),
        (7, "nul"),
    ]
    assert table["病案号"].to_list() == ["1", "5", "6", "8"]
    assert table["诊断"].to_list()[2] == "两行\n的诊断"
    kept = pl.read_parquet(tmp_path / "staged" / "quarantine.parquet")
    assert kept["raw"].to_list()[0] == "2,李强"
    assert not any("李" in one.detail for one in staging.quarantine)


def test_one_line_that_never_ends_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode())
        for _ in range(40):
            file.write(b"x" * (1 << 20))
        file.write("\n2,李强,健康\n".encode())
    staging, table = _staged(path, tmp_path / "staged")
    assert [one.reason for one in staging.quarantine] == ["too_long"]
    assert len(staging.quarantine[0].raw) <= 2000
    assert table["病案号"].to_list() == ["2"]


CELLS = st.text(alphabet=st.sampled_from(list("ab1 ,;\"\n王小'é\t")), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_both_ways_of_reading_give_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], ending: str
) -> None:
    folder = tmp_path_factory.mktemp("same")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=ending)
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    path = folder / "table.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    staging, table = _staged(path, folder / "staged")
    slow = list(read_records(path, "utf-8", 3, ","))
    assert [list(row[:3]) for row in table.iter_rows()] == [record.cells for record in slow if record.bad is None]
    assert table["_row"].to_list() == [record.row for record in slow if record.bad is None]
    assert len(staging.quarantine) == sum(record.bad is not None for record in slow) == 0


def test_names_of_columns_are_made_different(tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text("a,a,,_row\n1,2,3,4\n", encoding="utf-8")
    _, table = _staged(tmp_path / "twice.csv", tmp_path / "staged")
    assert table.columns == ["a", "a.2", "column3", "_row.2", "_file", "_row"]


def test_a_workbook_gives_a_table_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "患者"
    for row in [["某医院导出", None, None], ["病案号", "年龄", "入院"], [1, 53, "2020年1月2日"], [2, 60.5, None]]:
        first.append(row)
    second = book.create_sheet("检验")
    second.append(["项目", "值"])
    second.append(["血糖", 5.6])
    book.save(tmp_path / "his.xlsx")
    staging = stage(tmp_path / "his.xlsx", tmp_path / "staged")
    assert {one.name: one.rows for one in staging.staged} == {"his.患者": 2, "his.检验": 1}
    table = pl.read_parquet(tmp_path / "staged" / "his.患者.parquet")
    assert table.rows()[0] == ("1", "53", "2020年1月2日", "his.xlsx#患者", 1)
    assert table.rows()[1][:3] == ("2", "60.5", None)


def test_fhir_bundles_give_a_table_a_resource_type(shared_records: Path, tmp_path: Path) -> None:
    staging = stage(shared_records / "fhir_r4", tmp_path / "staged")
    assert staging.quarantine == []
    assert staging.notes == []
    bundles = [json.loads(path.read_text()) for path in (shared_records / "fhir_r4").glob("*.json")]
    assert sum(one.rows for one in staging.staged) == sum(len(bundle["entry"]) for bundle in bundles)
    patient = next(one for one in staging.staged if one.name.startswith("Liz") and one.name.endswith(".Patient"))
    assert pl.read_parquet(patient.path)["birthDate"].item()[:2] in ("19", "20")


def test_resources_that_break_the_standard_are_told_by_number(tmp_path: Path) -> None:
    resources: list[Any] = [
        {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-02", "gender": "male"},
        {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-02"},
        {"resourceType": "Patient", "id": "q", "birthDate": "02/01/1980"},
        {"resourceType": "Patient", "id": "r", "gender": "男"},
        {"resourceType": "Observation", "id": "o", "status": "final"},
        {"resourceType": "Krankenakte"},
        ["no resource"],
    ]
    lines = [json.dumps(one, ensure_ascii=False) for one in resources] + ['{"resourceType": "Patient"', ""]
    (tmp_path / "bulk.ndjson").write_text("\n".join(lines), encoding="utf-8")
    staging = stage(tmp_path / "bulk.ndjson", tmp_path / "staged")
    assert [(one.row, one.reason) for one in sorted(staging.quarantine, key=lambda one: one.row)] == [
        (2, "duplicate_id"),
        (3, "primitive"),
        (4, "primitive"),
        (5, "element"),
        (6, "resource_type"),
        (7, "not_json"),
        (8, "not_json"),
    ]
    assert sum(one.rows for one in staging.staged) == 1


def test_hl7_messages_give_a_table_a_segment(tmp_path: Path) -> None:
    first = "MSH|^~\\&|HIS|A|LAB|A|20200102||ORU^R01|M1|P|2.5||||||GB18030\rPID|1||P1^^^A~X9^^^B||王^芳||19800102|F\r"
    first += "OBX|1|NM|GLU^血糖||5.6|mmol/L|3.9\\S\\6.1|N\r"
    second = "MSH|^~\\&|HIS|A|LAB|A|20200102||ADT^A01|M2|P|2.5||||||UNICODE UTF-8\nPID|1||P2||李^强\n"
    broken = "MSH|^~\\&|HIS|A|LAB|A|20200102||ADT^A01|M3|P|2.5\rnonsense\r"
    again = "MSH|^~\\&|HIS|A|LAB|A|20200102||ADT^A01|M2|P|2.5\rPID|1||P9\r"
    parts = [b"\x0b" + first.encode("gb18030") + b"\x1c\r", second.encode(), broken.encode(), again.encode()]
    (tmp_path / "feed.hl7").write_bytes(b"".join(parts))
    staging = stage(tmp_path / "feed.hl7", tmp_path / "staged")
    people = pl.read_parquet(tmp_path / "staged" / "feed.PID.parquet")
    assert people["PID.5.1"].to_list() == ["王", "李"]
    assert people["PID.3(2).1"].to_list() == ["X9", None]
    results = pl.read_parquet(tmp_path / "staged" / "feed.OBX.parquet")
    assert results["OBX.3.2"].to_list() == ["血糖"]
    assert results["OBX.7"].to_list() == ["3.9^6.1"]
    assert [(one.row, one.reason) for one in staging.quarantine] == [(3, "segment"), (4, "duplicate_id")]


def test_a_database_is_staged_by_its_url(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "his.db") as connection:
        connection.execute("CREATE TABLE patient (id INTEGER, name TEXT)")
        connection.executemany("INSERT INTO patient VALUES (?, ?)", [(1, "王芳"), (2, None)])
    staging = stage(f"sqlite://{tmp_path / 'his.db'}", tmp_path / "staged")
    assert pl.read_parquet(staging.staged[0].path).rows() == [
        ("1", "王芳", "sqlite:patient", 1),
        ("2", None, "sqlite:patient", 2),
    ]


def test_a_postgres_database_is_staged_by_its_url(tmp_path: Path, postgres: str) -> None:
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS ward CASCADE")
        connection.execute("CREATE SCHEMA ward")
        connection.execute("CREATE TABLE ward.patient (id integer, 姓名 text, born date, weight numeric)")
        connection.execute("INSERT INTO ward.patient VALUES (1, '王芳', '1980-01-02', 53.50), (2, NULL, NULL, NULL)")
    staging = stage(postgres, tmp_path / "staged", tables=("ward.patient",))
    table = pl.read_parquet(staging.staged[0].path)
    assert table.columns == ["id", "姓名", "born", "weight", "_file", "_row"]
    assert table.rows() == [
        ("1", "王芳", "1980-01-02", "53.50", "postgresql:ward.patient", 1),
        ("2", None, None, None, "postgresql:ward.patient", 2),
    ]


def test_a_connection_that_drops_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bencao.records.sources import store

    with sqlite3.connect(tmp_path / "his.db") as connection:
        connection.execute("CREATE TABLE patient (id INTEGER, name TEXT)")
        connection.executemany("INSERT INTO patient VALUES (?, ?)", [(number, "王芳") for number in range(50)])

    class Dropping:
        """A connection to the same database that is lost after the first rows."""

        def __init__(self, held: Any) -> None:
            self._held, self.description = held, None

        def cursor(self) -> Dropping:
            return Dropping(self._held.cursor())

        def execute(self, text: str) -> None:
            self._held.execute(text)
            self.description = self._held.description

        def fetchall(self) -> Any:
            return self._held.fetchall()

        def fetchmany(self, size: int) -> Any:
            rows = self._held.fetchmany(10)
            if rows and rows[0][0] >= 20:
                raise sqlite3.OperationalError("lost while reading 王芳")
            return rows

        def close(self) -> None:
            self._held.close()

    opener, listing = store._OPENERS["sqlite"]
    monkeypatch.setitem(store._OPENERS, "sqlite", (lambda url: Dropping(opener(url)), listing))
    with pytest.raises(SourceError, match="connection was lost") as caught:
        stage(f"sqlite://{tmp_path / 'his.db'}", tmp_path / "staged")
    assert "王芳" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [tmp_path / "his.db"]


@pytest.mark.parametrize("name", ["empty.csv", "no.hl7", "no.json", "no.xlsx", "strange.docx"])
def test_a_file_that_is_none_of_these_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(SourceError, match=name):
        stage(tmp_path / name, tmp_path / "staged")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_counts_balance_on_the_screen_and_no_patient_is_named(bencao: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "hospital"
    folder.mkdir()
    rows = [f"{number},王芳,肺炎" for number in range(10)] + ["11,李强13800001111", '12,"赵敏']
    (folder / "patients.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "broken.json").write_text('{"name": "李强', encoding="utf-8")
    answer = bencao("records", "stage", "hospital", "-o", "staged")
    assert answer.code == 1
    assert "12 records = 10 staged + 2 in quarantine" in answer.out
    assert "broken.json" in answer.err
    ledger = (tmp_path / ".bencao" / "ledger.db").read_bytes()
    for name in ("李强", "赵敏", "13800001111"):
        assert name not in answer.out + answer.err
        assert name.encode() not in ledger
    assert bencao("records", "stage", "hospital", "-o", "staged").code == 2


def test_a_profile_names_nobody(bencao: Callable[..., Any], tmp_path: Path) -> None:
    rows = [
        f"P{number},11010119900307{number:04d},{'男' if number % 2 else '女'},{number}.5,2020年1月{number % 28 + 1}日"
        for number in range(40)
    ]
    (tmp_path / "p.csv").write_text("号,身份证,性别,体重,入院\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert bencao("records", "stage", "p.csv", "-o", "staged").code == 0
    answer = bencao("records", "profile", "staged", "-o", "profile.json", "--json")
    (table,) = json.loads(answer.out)
    columns = {one["name"]: one for one in table["columns"]}
    assert columns["身份证"]["identifier"] == "id_card"
    assert columns["身份证"]["top"] == []
    assert columns["号"]["identifier"] == "unique"
    assert dict(columns["性别"]["top"]) == {"男": 20, "女": 20}
    assert columns["体重"]["form"] == "number"
    assert columns["入院"]["form"] == "date_chinese"
    assert (tmp_path / "profile.json").exists()
