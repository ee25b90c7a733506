"""``bencao records deidentify`` as a user meets it; nothing of a patient in its messages or in the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PLANTED = ("张建国", "13812345678", "ZY00123456", "Ouyang")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Files of a hospital with planted identifiers, some of them broken."""
    (tmp_path / "key").write_text("a key for the tests only")
    notes = [
        {
            "person_id": number % 3,
            "note_text": f"患者张建国，电话13812345678，住院号ZY00123456，2023年3月{number % 27 + 1}日。",
        }
        for number in range(450)
    ]
    (tmp_path / "notes.jsonl").write_text(
        "".join(json.dumps(note, ensure_ascii=False) + "\n" for note in notes), encoding="utf-8"
    )
    (tmp_path / "patients.csv").write_text(
        "person_id,姓名,phone\n0,张建国,13812345678\n1,欧阳晓明,13800000000\n", encoding="utf-8"
    )
    return tmp_path


def test_notes_are_written_without_what_identifies(bencao: Callable[..., Any], house: Path) -> None:
    answer = bencao(
        "records", "deidentify", "notes.jsonl", "-o", "out", "--key", "key", "--known", "patients.csv", "--json"
    )
    assert answer.code == 0
    told = json.loads(answer.out)
    assert (told["items"], told["failed"], told["leaks"], told["audited"]) == (450, 0, {}, 300)
    assert told["replaced"]["text.name"] == 450
    written = (house / "out" / "notes.jsonl").read_text(encoding="utf-8")
    assert len(written.splitlines()) == 450
    assert [word for word in PLANTED if word in written] == []


def test_the_bytes_are_the_same_at_any_number_of_workers(bencao: Callable[..., Any], house: Path) -> None:
    bencao("records", "deidentify", "notes.jsonl", "-o", "one", "--key", "key")
    bencao("records", "deidentify", "notes.jsonl", "-o", "two", "--key", "key", "--workers", "2")
    assert (house / "one" / "notes.jsonl").read_bytes() == (house / "two" / "notes.jsonl").read_bytes()


def test_no_patient_in_messages_errors_or_ledger(bencao: Callable[..., Any], house: Path) -> None:
    (house / "broken.jsonl").write_text(
        '{"note_text": "张建国 13812345678"}\n{"note_text": 张建国}\n', encoding="utf-8"
    )
    (house / "broken.csv").write_text(
        "patient_id,birth_date\n张建国,ZY00123456\n1,Ouyang,13812345678\n", encoding="utf-8"
    )
    (house / "张建国.txt").write_text("张建国 13812345678", encoding="utf-8")
    (house / "dates.csv").write_text("person_id,visit_date\n张建国,ZY00123456\n", encoding="utf-8")
    (house / "bad.dcm").write_text("张建国 13812345678")
    said = ""
    for name in ("broken.jsonl", "broken.csv", "dates.csv", "bad.dcm", "patients.csv"):
        answer = bencao("records", "deidentify", name, "-o", "out", "--key", "key", "--known", "patients.csv")
        said += answer.out + answer.err
        assert answer.code in (0, 1, 2)
        assert "Traceback" not in answer.err
    folder = house / "named"
    folder.mkdir()
    (house / "张建国.txt").rename(folder / "张建国.txt")
    (folder / "张建国.csv").write_text("patient_id,visit_date\n张建国,soon\n", encoding="utf-8")
    (folder / "Ouyang Wei.jsonl").write_text('{"note_text": 张建国}\n', encoding="utf-8")
    (folder / "张建国.dcm").write_text("张建国 13812345678")
    for arguments in (["named"], ["named/张建国.txt"], ["named/Ouyang Wei.jsonl"], ["named", "--json"]):
        answer = bencao("records", "deidentify", *arguments, "-o", "out", "--key", "key")
        assert answer.code in (0, 1, 2)
        said += answer.out + answer.err
    assert [word for word in PLANTED if word in said] == []
    workspace = [path for path in (house / ".bencao").rglob("*") if path.is_file()]
    assert [word for word in PLANTED for path in workspace if word.encode() in path.read_bytes()] == []
    assert not any(word in path.name for word in PLANTED for path in (house / "out").rglob("*"))


def test_a_table_that_cannot_be_read_does_not_stop_the_others(bencao: Callable[..., Any], house: Path) -> None:
    folder = house / "ward"
    folder.mkdir()
    (folder / "a.csv").write_text("person_id,note_text\n1,患者张建国\n2,张建国,3\n", encoding="utf-8")
    (folder / "b.csv").write_text("person_id,note_text\n1,患者张建国\n", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\xff\xff\x80")
    (folder / "d.txt").write_text("患者张建国", encoding="utf-8")
    answer = bencao("records", "deidentify", "ward", "-o", "out", "--key", "key", "--json")
    assert answer.code == 1
    told = json.loads(answer.out)
    assert [(one["where"], one["fault"]) for one in told["faults"]] == [
        ("a.csv: line 3", "3 fields where the heading has 2"),
        ("c.txt", "neither UTF-8 nor GB18030"),
    ]
    assert (told["items"], told["failed"]) == (4, 2)
    assert sorted(path.name for path in (house / "out").iterdir()) == ["b.csv", "d.txt"]


def test_a_bad_date_is_a_finding_with_its_place(bencao: Callable[..., Any], house: Path) -> None:
    (house / "dates.csv").write_text("person_id,visit_date\n1,2023-01-05\n2,soon\n", encoding="utf-8")
    answer = bencao("records", "deidentify", "dates.csv", "-o", "out", "--key", "key")
    assert answer.code == 1
    assert "dates.csv: row 2: visit_date: no date that can be moved" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["notes.jsonl", "-o", "out", "--key", "none"], "the key cannot be read"),
        (["nothing.csv", "-o", "out", "--key", "key"], "no such file"),
        (["notes.jsonl", "-o", "out", "--key", "key", "--style", "blur"], "no style"),
    ],
)
def test_what_cannot_be_done_says_so(bencao: Callable[..., Any], house: Path, arguments: list[str], said: str) -> None:
    answer = bencao("records", "deidentify", *arguments)
    assert answer.code == 2
    assert said in answer.err
