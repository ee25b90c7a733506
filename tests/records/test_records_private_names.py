"""A file named after a patient: every command of the room works on it, and the ledger does not tell whose it was."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.kernel.ledger import Ledger

sys.path.insert(0, str(Path(__file__).resolve().parent))

from planted import leaks

NAME = "禤静姝"
OTHER = "Thaddeus Quillfeather"
TABLE = "病案号,姓名,性别,出生日期\n" + "".join(f"P{one},王{one},女,1980-01-{one:02}\n" for one in range(1, 10))
NOTE = {"note_id": 1, "note_text": "患者咳嗽3天。", "note_date": "2020-05-10"}
JOBS = (
    f"stage {NAME}.csv -o {NAME}",
    f"stage {OTHER}.csv -o staged",
    f"stage sqlite:///{NAME}.db -o other",
    f"profile {NAME} -o {NAME}.json",
    f"suggest {NAME} -o {NAME}.yaml",
    f"load {NAME} --mapping {NAME}.yaml --accept-suggestions -o {NAME}_omop",
    f"load staged --mapping {NAME}.yaml --accept-suggestions -o omop",
    f"quality {NAME}_omop -o {NAME}_quality.json --report {NAME}.html",
    f"quality {NAME}_quality.json --again",
    f"quality {NAME}.csv",
    f"characterise {NAME}.csv -o {NAME}_achilles",
    f"link {NAME}.csv {OTHER}.csv -o {NAME}_linked",
    f"merge {NAME}_omop --map {NAME}.csv",
    f"unmerge {NAME}_omop",
    f"extract {NAME}.jsonl -o {NAME}.parquet --html {NAME}.html",
    f"extract {NAME}.csv -o {NAME}.jsonl",
    f"extract {NAME}.{OTHER} -o {NAME}_none.jsonl",
    f"train {NAME}.jsonl -o {NAME}_model --dev {NAME}.jsonl",
    f"normalise {NAME}.csv -o {NAME}_map.csv --kind surgery",
    f"normalise {NAME}_terms.csv -o {NAME}_map.csv --kind surgery --review {NAME}_review.csv",
    f"learn {NAME}_review.csv -o {NAME}_learned.json",
    f"deidentify {NAME}.jsonl -o {NAME}_safe --key key --known {NAME}.csv",
    f"deidentify {NAME}.docx -o {NAME}_safe --key key",
    f"release {NAME}.yaml -o {NAME}_extract",
)


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """Files of two patients, named after them."""
    for name in (NAME, OTHER):
        (tmp_path / f"{name}.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / f"{NAME}_terms.csv").write_text("term\n阑尾切除术\n", encoding="utf-8")
    (tmp_path / f"{NAME}.jsonl").write_text(json.dumps(NOTE, ensure_ascii=False) + "\n", encoding="utf-8")
    (tmp_path / f"{NAME}.docx").write_text("")
    (tmp_path / "key").write_text("a key for the tests only")
    return tmp_path


def test_no_command_tells_the_ledger_a_file_name(bencao: Callable[..., Any], ward: Path) -> None:
    for job in JOBS:
        answer = bencao("records", *_split(job))
        assert answer.code in (0, 1, 2), job
        assert "unexpected" not in answer.err, answer.err
    entries = [entry for _, entry in Ledger().entries()]
    assert {entry.command for entry in entries} >= {f"records {job.partition(' ')[0]}" for job in JOBS}
    assert {entry.status for entry in entries} == {"ok", "failed"}
    assert leaks(ward / ".bencao") == []


def _split(job: str) -> list[str]:
    """The words of a command; the second patient's name has a space."""
    return [word.replace("_SPACE_", " ") for word in job.replace(OTHER, OTHER.replace(" ", "_SPACE_")).split()]


def test_a_file_is_still_traced_by_its_content_and_by_its_path(bencao: Callable[..., Any], ward: Path) -> None:
    assert bencao("records", "stage", f"{NAME}.csv", "-o", "staged").code == 0
    traced = bencao("ledger", "trace", f"staged/{NAME}.parquet")
    assert traced.code == 0
    assert "made by entry 0: records stage" in traced.out
    assert "private:" in traced.out
    kept = bencao("ledger", "trace", "staged/quarantine.parquet")
    assert "/quarantine.parquet" in kept.out
    (ward / f"{NAME}.csv").write_text("a\n", encoding="utf-8")
    assert "altered since" in bencao("ledger", "trace", f"./{NAME}.csv").out


def test_without_the_key_a_label_tells_nothing_of_two_ledgers(bencao: Callable[..., Any], ward: Path) -> None:
    labels = []
    for _ in range(2):
        shutil.rmtree(ward / ".bencao", ignore_errors=True)
        shutil.rmtree(ward / "staged", ignore_errors=True)
        bencao("records", "stage", f"{NAME}.csv", "-o", "staged")
        assert (ward / ".bencao" / "names.key").stat().st_mode & 0o077 == 0
        with sqlite3.connect(ward / ".bencao" / "ledger.db") as ledger:
            labels.append(ledger.execute("SELECT path FROM edge WHERE role = 'used'").fetchone()[0])
        ledger.close()
    assert labels[0] != labels[1]
