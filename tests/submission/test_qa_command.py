"""``bencao submission qa`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bencao.submission.commands import app
from bencao.submission.exchange.xliff import Segment, build_xliff, write_xliff

GOOD = "id\ten\tzh\na\tTake 5 mg.\t服用5毫克。\n"
BAD = GOOD + "b\tTake 5 mg.\t服用5克。\n"


def test_a_clean_file_exits_with_0_and_one_with_findings_with_1(tmp_path: Path) -> None:
    run = CliRunner().invoke
    (tmp_path / "good.tsv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.tsv").write_text(BAD, encoding="gb18030")
    assert run(app, ["qa", str(tmp_path / "good.tsv")]).exit_code == 0
    answer = run(app, ["qa", str(tmp_path / "bad.tsv"), "--json", "--lang", "zh"])
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert (told["pairs"], told["flagged"], told["kinds"]) == (2, 1, {"unit": 1})
    assert told["findings"][0]["id"] == "b"
    assert "单位不同" in told["findings"][0]["message"]


def test_an_xliff_file_is_checked_in_its_own_languages(tmp_path: Path) -> None:
    segment = Segment("u", ("每日服用5毫克。",), ("Take 6 mg daily.",), "translated")
    write_xliff(build_xliff([segment], "zh-CN", "en"), tmp_path / "d.xlf")
    answer = CliRunner().invoke(app, ["qa", str(tmp_path / "d.xlf"), "--json"])
    assert {found["rule"] for found in json.loads(answer.stdout)["findings"]} == {"missing", "added"}


@pytest.mark.parametrize(("name", "text"), [("a.tsv", "en\tfr\nx\ty\n"), ("a.docx", "x"), ("a.tmx", "<tmx>")])
def test_what_cannot_be_read_is_said(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    error = CliRunner().invoke(app, ["qa", str(tmp_path / name)]).exception
    assert name in str(error)


def test_terms_of_the_users_own_are_checked(tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("en\tzh\nAdverse events were seen.\t观察到副作用。\n", encoding="utf-8")
    (tmp_path / "terms.csv").write_text("en,zh\nadverse event,不良事件\n", encoding="utf-8")
    arguments = ["qa", str(tmp_path / "pairs.tsv"), "--json", "--terms", str(tmp_path / "terms.csv")]
    told = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert [found["message"] for found in told["findings"]] == ["'adverse event' is to be 不良事件"]
