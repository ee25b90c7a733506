"""``bencao safety intake`` as a user runs it."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bencao.cli import app
from bencao.kernel.errors import InputError

LETTER = """I am a pharmacist. A 64-year-old woman developed hepatotoxicity after isoniazid 300 mg daily.
She denied fever. Isoniazid was stopped on 15 March 2024 and the hepatotoxicity resolved.
"""


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    message = EmailMessage()
    message["From"], message["Subject"] = "reporter@example.org", "A report"
    message["Date"] = "Mon, 01 Apr 2024 09:00:00 +0800"
    message.set_content(LETTER)
    path = tmp_path / "report.eml"
    path.write_bytes(message.as_bytes())
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["safety", "intake", *map(str, arguments)], env={"COLUMNS": "200"})


def test_an_email_becomes_a_draft_case_with_an_entry_in_the_ledger(report: Path, tmp_path: Path) -> None:
    ended = run(report, "-o", "case.json", "--findings", "findings.jsonl")
    assert ended.exit_code == 0, ended.output
    (case,) = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
    assert case["patient"]["age"]["value"] == "64"
    assert [one["name"]["value"].lower() for one in case["drugs"]] == ["isoniazid"]
    assert case["drugs"][0]["name"]["source"]["rule"].startswith("model:safety-extraction")
    assert case["reactions"][0]["reported"]["value"] == "hepatotoxicity"
    assert case["reactions"][0]["outcome"]["value"] == "1"
    told = json.loads((tmp_path / "findings.jsonl").read_text(encoding="utf-8"))
    text = told["document"]["text"]
    assert all(" ".join(text[a:b] for a, b in one["offsets"]) == one["text"] for one in told["findings"])
    assert (tmp_path / ".bencao" / "ledger.db").is_file()


@pytest.mark.parametrize(("lang", "head", "value"), [("en", "read by", "pharmacist"), ("zh", "依据", "药师")])
def test_what_was_read_is_shown_in_either_language(report: Path, lang: str, head: str, value: str) -> None:
    ended = run(report, "-o", "case.json", "--lang", lang)
    assert head in ended.stdout and value in ended.stdout


def test_the_same_report_gives_the_same_bytes(report: Path, tmp_path: Path) -> None:
    run(report, "-o", "one.json")
    run(report, "-o", "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_a_bad_report_is_named_and_the_others_go_on(report: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02")
    ended = run(tmp_path / "bad.txt", report, tmp_path / "absent.txt", "-o", "cases.json")
    assert ended.exit_code == 1
    assert "DocumentError" in ended.stderr and "bad.txt" in ended.stderr and "absent.txt" in ended.stderr
    assert len(json.loads((tmp_path / "cases.json").read_text(encoding="utf-8"))) == 1


def test_terms_of_the_user_read_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "terms.csv").write_text("kind,term,code\ndrug,异烟肼,\nreaction,肝损伤,10024670\n", encoding="utf-8")
    (tmp_path / "report.txt").write_bytes("患者口服异烟肼后出现肝损伤，无发热。".encode("gb18030"))
    ended = run("report.txt", "-o", "case.json", "--terms", "terms.csv", "--json")
    assert ended.exit_code == 0, ended.output
    found = {one["text"]: one for one in json.loads(ended.stdout)["findings"]}
    assert found["异烟肼"]["by"] == "lexicon:terms.csv"
    assert found["肝损伤"]["value"] == "10024670"


@pytest.mark.parametrize("arguments", [("report.eml", "-o", "case.pdf"), ("absent.eml", "-o", "case.json")])
def test_what_cannot_be_done_is_an_error_with_its_mend(report: Path, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert isinstance(ended.exception, InputError)
    assert ended.exception.mend
