"""The signal register: steps of the process, evidence, and a history that stays."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bencao.cli import app
from bencao.kernel.errors import InputError
from bencao.kernel.files import sha256_of
from bencao.safety.errors import RegisterError
from bencao.safety.register import STATUSES, Register, following

AT = "2026-01-02T03:04:05Z"


def decide(register: Register, status: str, **more: object) -> None:
    register.add("Warfarin", "Haemorrhage", status, reason="because", by="An officer", at=AT, **more)  # type: ignore[arg-type]


def test_a_signal_goes_its_way_and_every_decision_stays(tmp_path: Path) -> None:
    register = Register(tmp_path)
    way = ["detected", "validated", "under assessment", "confirmed", "closed", "detected"]
    for status in way:
        decide(register, status)
    assert [entry.status for entry in register.history("warfarin", "HAEMORRHAGE")] == way
    assert [(entry.drug, entry.status) for entry in register.current()] == [("Warfarin", "detected")]


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "detected"])
def test_a_new_signal_is_detected_first(tmp_path: Path, status: str) -> None:
    with pytest.raises(RegisterError, match="not in the register"):
        decide(Register(tmp_path), status)
    assert Register(tmp_path).history() == ()


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_leads_on(status: str) -> None:
    assert following(status) and set(following(status)) <= set(STATUSES)


def test_a_step_that_the_process_has_not_says_what_comes_next(tmp_path: Path) -> None:
    register = Register(tmp_path)
    decide(register, "detected")
    with pytest.raises(RegisterError, match="next: validated, not validated"):
        decide(register, "confirmed")


def test_evidence_is_kept_by_its_content(tmp_path: Path) -> None:
    measures = tmp_path / "measures.csv"
    measures.write_text("drug,event,ebgm\n", encoding="utf-8")
    register = Register(tmp_path / "workspace")
    decide(register, "detected", evidence=[measures])
    (entry,) = register.history()
    assert [(file.file, file.sha256) for file in entry.evidence] == [("measures.csv", sha256_of(measures))]
    with pytest.raises(InputError, match="no such file"):
        decide(register, "validated", evidence=[tmp_path / "none.csv"])


@pytest.mark.parametrize("lacking", ["reason", "by", "drug"])
def test_a_decision_without_a_reason_or_a_name_is_refused(tmp_path: Path, lacking: str) -> None:
    told = {"drug": "a", "event": "b", "status": "detected", "reason": "c", "by": "d", "at": AT} | {lacking: " "}
    with pytest.raises(RegisterError, match="no "):
        Register(tmp_path).add(**told)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", ["UPDATE decisions SET reason = 'other'", "DELETE FROM decisions"])
def test_nothing_is_changed_or_taken_out(tmp_path: Path, change: str) -> None:
    register = Register(tmp_path)
    decide(register, "detected")
    with sqlite3.connect(register.path) as connection, pytest.raises(sqlite3.IntegrityError, match="kept as they are"):
        connection.execute(change)


def test_a_file_that_is_no_register_is_named(tmp_path: Path) -> None:
    register = Register(tmp_path)
    register.path.write_text("not a database, and long enough to look like one" * 40, encoding="utf-8")
    with pytest.raises(RegisterError, match="not a register"):
        register.history()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["safety", "register", *arguments], env={"COLUMNS": "200"})


def test_the_commands_decide_list_and_tell_the_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("measures.csv").write_text("drug,event,ebgm\n", encoding="utf-8")
    told = ("warfarin", "haemorrhage", "detected", "--reason", "EB05 2.4", "--by", "An officer")
    assert run("decide", *told, "--evidence", "measures.csv").exit_code == 0
    (entry,) = json.loads(run("list", "--json").output)
    assert (entry["status"], entry["reason"], entry["evidence"][0]["file"]) == ("detected", "EB05 2.4", "measures.csv")
    assert "已检出" in run("history", "warfarin", "haemorrhage", "--lang", "zh").output
    assert json.loads(run("list", "--status", "closed", "--json").output) == []
    assert (tmp_path / ".bencao" / "ledger.db").is_file()
