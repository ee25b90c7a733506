"""The search for planted identifiers finds each in the forms a log could hold it in, and nothing else."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planted import PLANTED, Planted, leaks


def values(text: str | bytes | Path) -> set[str]:
    return {leak.planted.value for leak in leaks(text)}


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.value)
def test_every_identifier_is_found_as_it_was_planted(planted: Planted) -> None:
    assert planted.value in values(f"row 3: {planted.value} is no number")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("禤 静 姝", "禤静姝"),
        ("Xuan Jingshu", "禤静姝"),
        ("JINGSHU, XUAN", "禤静姝"),
        ("静姝", "禤静姝"),
        ("皇甫 砚秋", "皇甫砚秋"),
        ("吐尔洪", "阿依努尔·吐尔洪"),
        ("阿依努尔吐尔洪", "阿依努尔·吐尔洪"),
        ("QUILLFEATHER, Thaddeus", "Thaddeus Quillfeather"),
        ("O'Brolchain", "Oonagh Ó Brolcháin"),
        ("1101 0519 4912 3100 25", "110105194912310025"),
        ("１１０１０５１９４９１２３１００２５", "110105194912310025"),
        ("+86 139-8764-0215", "13987640215"),
        ("(0571)8764 0293", "0571-87640293"),
        ("quill.thad77%40example.org", "quill.thad77@example.org"),
        ("31/12/1949", "1949-12-31"),
        ("19491231", "1949-12-31"),
        ("一九四九年十二月三十一日", "1949-12-31"),
        ("49-12-31", "1949-12-31"),
        ("2023年5月17日", "2023-05-17"),
        ("17 May 2023", "2023-05-17"),
        ("May 17th", "2023-05-17"),
        ("\\u79a4\\u9759\\u59dd", "禤静姝"),
    ],
)
def test_an_identifier_is_found_in_another_form(written: str, value: str) -> None:
    assert value in values(f"could not read {written}: see the log")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-be"])
def test_an_identifier_is_found_in_bytes_of_any_encoding(encoding: str) -> None:
    assert "禤静姝" in values(b"\x00\x01" + "姓名:禤静姝,男".encode(encoding))


def test_a_database_a_log_and_a_file_name_are_searched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.db") as ledger:
        ledger.execute("create table entry (text)")
        ledger.execute("insert into entry values (?)", [json.dumps({"patient": "皇甫砚秋"})])
    ledger.close()
    (tmp_path / "run.log").write_text("phone 139 8764 0215\n")
    (tmp_path / "ZY20871346.txt").write_text("nothing")
    assert {(leak.planted.value, leak.where) for leak in leaks(tmp_path)} == {
        ("皇甫砚秋", "ledger.db"),
        ("13987640215", "run.log"),
        ("ZY20871346", "ZY20871346.txt"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "hospital_a.csv, row 17: the date is none of the calendar; 200,000 rows read, 3 quarantined",
        "patients.csv:1949 bad sex code; 2023-05-18; version 1.12.31; 血压 120/80",
        "第一人民医院.xlsx 第5行:身份证号校验位不符,已隔离",
    ],
)
def test_a_message_without_identifiers_is_clean(text: str) -> None:
    assert leaks(text) == []


@given(st.sampled_from(PLANTED), st.text(max_size=40), st.text(max_size=40))
def test_words_around_an_identifier_never_hide_it(planted: Planted, before: str, after: str) -> None:
    assert planted.value in values(f"{before}。{planted.value}。{after}")
