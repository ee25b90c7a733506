"""``bencao submission translate``, ``extract`` and ``merge`` on the command line, with the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from bencao.kernel.ledger import Ledger
from bencao.submission.commands import app
from bencao.submission.exchange import Memory, Unit, Variant, read_tmx, write_tmx
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, read_xliff


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)
    document = docx.Document()
    document.add_paragraph("The dose was raised to 12.5 mg on day 8. Nobody knows this sentence.")
    document.add_heading("Batch analyses", 1)
    document.save("a.docx")
    pair = Variant("en", ("The dose was raised to 5 mg on day 3.",)), Variant("zh-CN", ("第3天剂量增至5 mg。",))
    write_tmx(Memory((Unit(pair),)), "m.tmx")


def run(*arguments: str) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, list(arguments))
    return answer.exit_code, answer.stdout, str(answer.exception or "")


def test_a_document_is_translated_as_far_as_is_known_and_the_ledger_says_by_what() -> None:
    code, out, _ = run("translate", "a.docx", "-o", "b.docx", "--memory", "m.tmx", "--review", "b.xlf", "--json")
    assert code == 1
    told = json.loads(out)
    assert told["origins"] == {"substituted": 1, "exact": 1, "none": 1}
    assert [paragraph.text for paragraph in docx.Document("b.docx").paragraphs] == [
        "第8天剂量增至12.5 mg。Nobody knows this sentence.",
        "批分析",
    ]
    left = [one for one in read_xliff("b.xlf").segments if one.sub_state == NEEDS_TRANSLATION]
    assert [one.source for one in left] == [("Nobody knows this sentence.",)]
    with Ledger(None) as ledger:
        _, entry = list(ledger.entries())[-1]
    assert entry.command == "submission translate"
    assert {Path(file.path).name for file in entry.generated} == {"b.docx", "b.xlf"}
    assert any(name == "headings.tmx" for name in entry.versions)


def test_a_reviewed_file_is_merged_and_a_strange_one_refused() -> None:
    assert run("extract", "a.docx", "-o", "a.xlf")[0] == 0
    text = Path("a.xlf").read_text(encoding="utf-8")
    text = text.replace("Batch analyses</source>", "Batch analyses</source><target>批分析数据</target>")
    Path("a.xlf").write_text(text, encoding="utf-8")
    assert run("merge", "a.docx", "a.xlf", "-o", "c.docx")[0] == 0
    assert docx.Document("c.docx").paragraphs[1].text == "批分析数据"
    Path("a.xlf").write_text(text.replace("word:document.xml.1-1", "word:document.xml.9-1"), encoding="utf-8")
    assert "word:document.xml.9-1" in run("merge", "a.docx", "a.xlf", "-o", "d.docx")[2]
    assert not Path("d.docx").exists()


def test_an_xliff_file_keeps_what_is_translated_and_gets_the_rest() -> None:
    run("extract", "a.docx", "-o", "a.xlf")
    code, out, _ = run("translate", "a.xlf", "-o", "b.xlf", "--memory", "m.tmx")
    assert (code, "1 left" in out) == (1, True)
    assert read_xliff("b.xlf").segments[0].target == ("第8天剂量增至12.5 mg。",)


def test_an_engine_that_is_down_is_said_and_what_was_known_is_written() -> None:
    code, out, _ = run("translate", "a.docx", "-o", "b.docx", "--engine", "http://127.0.0.1:9/v1", "--json")
    assert code == 1
    assert "127.0.0.1:9" in json.loads(out)["engine_error"]
    assert docx.Document("b.docx").paragraphs[1].text == "批分析"


def test_what_was_translated_is_remembered_for_the_next_document() -> None:
    run("extract", "a.docx", "-o", "a.xlf")
    text = Path("a.xlf").read_text(encoding="utf-8").replace(f' subState="{NEEDS_TRANSLATION}"', "")
    sentence = "Nobody knows this sentence.</source>"
    Path("a.xlf").write_text(text.replace(sentence, f"{sentence}<target>无人知晓此句。</target>"), encoding="utf-8")
    assert run("remember", "a.xlf", "-o", "m.tmx", "--memory", "m.tmx")[0] == 0
    code, _, _ = run("translate", "a.docx", "-o", "b.docx", "--memory", "m.tmx")
    assert code == 0
    assert docx.Document("b.docx").paragraphs[0].text == "第8天剂量增至12.5 mg。无人知晓此句。"
    assert run("remember", "a.xlf", "-o", "n.tmx", "--final")[0] == 0
    assert read_tmx("n.tmx").units == ()
