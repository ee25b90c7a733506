"""``bencao records extract``: notes into NOTE_NLP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bencao.kernel.ledger import Ledger

NOTES = [
    {"note_id": 1, "note_text": "患者咳嗽3天，无发热。予头孢曲松2.0g静滴。", "note_date": "2020-05-10"},
    {"note_id": 2, "note_text": "Denies chest pain. Father had colon cancer.", "note_date": "2020-05-11"},
]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(json.dumps(note, ensure_ascii=False) + "\n" for note in NOTES * 40), encoding="utf-8")
    return path


def test_entities_become_rows_of_note_nlp(bencao: Callable[..., Any], notes: Path) -> None:
    answer = bencao("records", "extract", str(notes), "-o", "note_nlp.parquet", "--date", "2026-01-02", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["notes"] == 80
    rows = pq.read_table("note_nlp.parquet").to_pylist()
    assert [row["note_nlp_id"] for row in rows] == list(range(1, len(rows) + 1))
    first = {row["lexical_variant"]: row for row in rows if row["note_id"] == 1}
    text = NOTES[0]["note_text"]
    assert isinstance(text, str)
    for name, row in first.items():
        assert text[int(row["offset"]) :].startswith(name)
    assert (first["发热"]["term_exists"], first["咳嗽"]["term_exists"]) == ("N", "Y")
    assert "dose=2.0g;route=静滴" in first["头孢曲松"]["term_modifiers"]
    assert "duration=P3D" in first["咳嗽"]["term_modifiers"]
    second = {row["lexical_variant"]: row for row in rows if row["note_id"] == 2}
    assert "status=family" in second["colon cancer"]["term_modifiers"]


def test_the_bytes_are_those_of_any_number_of_workers(bencao: Callable[..., Any], notes: Path) -> None:
    for workers in ("1", "2"):
        bencao(
            "records", "extract", str(notes), "-o", f"{workers}.parquet", "--date", "2026-01-02", "--workers", workers
        )
    assert Path("1.parquet").read_bytes() == Path("2.parquet").read_bytes()


def test_a_bad_record_is_told_without_its_words_and_the_rest_goes_on(
    bencao: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "notes.csv"
    secret = "张三丰手机13800138000"
    path.write_text(f"note_id,note_text,note_date\n1,咳嗽,\n,{secret},\n3,{secret},昨天\n4,{secret},1,2\n", "utf-8")
    answer = bencao("records", "extract", str(path), "-o", "out.jsonl")
    assert answer.code == 1
    assert "notes: 1, entities: 1, left out: 3" in answer.err
    assert "row 2: note_id is empty" in answer.err
    assert "张三丰" not in answer.err + answer.out
    assert "张三丰" not in "".join(str(entry) for entry in Ledger(None).entries())


def test_ids_that_are_words_stay_words_and_mixed_ones_are_told(bencao: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "a1.txt").write_text("咳嗽", encoding="utf-8")
    assert bencao("records", "extract", "words", "-o", "o.parquet").code == 0
    assert pq.read_table("o.parquet").column("note_id").to_pylist() == ["a1"]
    (tmp_path / "mixed.csv").write_text("note_id,note_text\n7,咳嗽\n07,发热\n", encoding="utf-8")
    answer = bencao("records", "extract", "mixed.csv", "-o", "m.parquet")
    assert answer.code == 1
    assert "mixed.csv, row 2: note_id is no whole number" in answer.err


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("a.csv", "id,words\n1,x\n", "no column note_id and no column note_text"),
        ("a.parquet", "not parquet", "it is not a parquet file that can be read"),
        ("a.xml", "<a/>", "its ending names no format"),
        ("a.jsonl", "\n", "no note in it can be read"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused(
    bencao: Callable[..., Any], tmp_path: Path, name: str, content: str, cause: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    answer = bencao("records", "extract", name, "-o", "out.parquet")
    assert answer.code == 2
    assert answer.err.splitlines()[-1].startswith(f"SourceError: {name}: {cause}") or cause in answer.err
    assert not Path("out.parquet").exists()


def test_a_page_shows_the_entities_marked(bencao: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("无发热 <b>咳嗽</b>", encoding="utf-8")
    assert bencao("records", "extract", "one.txt", "-o", "o.csv", "--html", "o.html", "--lang", "zh").code == 0
    page = Path("o.html").read_text(encoding="utf-8")
    assert '<mark class="symptom" data-status="negated" title="症状; 否定">发热</mark>' in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
