"""Every number of a document is bound to a result; one that is not fails, and only what changed is written anew."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
import yaml

from bencao.submission.errors import EngineUnavailable, FactsDiffer, GroundingError, NumberWithoutSource
from bencao.submission.grounding.rephrasing import Rephraser
from bencao.submission.grounding.writing import Written, write_document
from bencao.submission.translation.engines.endpoint import Endpoint

ROOT = Path(__file__).resolve().parents[3]


def text_of_docx(path: Path) -> str:
    document = docx.Document(str(path))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def small(folder: Path, english: list[str], chinese: list[str], **keys: Any) -> Path:
    """A document of a few paragraphs, with a CSV of sites and a safety case."""
    folder.mkdir()
    for language, lines in (("en", english), ("zh", chinese)):
        made = docx.Document()
        for line in lines:
            made.add_paragraph(line)
        made.save(str(folder / f"{language}.docx"))
    (folder / "sites.csv").write_text("SITE,N\n701,41\n702,1\n", encoding="utf-8")
    (folder / "case.json").write_text(
        json.dumps({"patient": {"age": 61}, "drugs": [{"dose": "12.5"}]}), encoding="utf-8"
    )
    facts = {
        "n": {"csv": "sites.csv", "where": {"SITE": "701"}, "column": "N"},
        "age": {"case": "case.json", "field": "/patient/age"},
        "dose": {"case": "case.json", "field": "/drugs/0/dose"},
    }
    told = {"name": "small", "templates": {"en": "en.docx", "zh": "zh.docx"}, "facts": facts, **keys}
    (folder / "document.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return folder / "document.yaml"


def test_the_synopsis_states_what_the_tables_say(synopsis: Path, tmp_path: Path) -> None:
    written = write_document(synopsis, tmp_path / "out")
    english, chinese = (text_of_docx(tmp_path / "out" / f"synopsis.{language}.docx") for language in ("en", "zh"))
    assert "Mean age was 75.2 years on placebo, 75.7 on low dose and 74.4 on high dose" in english
    assert "安慰剂组平均年龄75.2岁，低剂量组75.7岁，高剂量组74.4岁" in chinese
    assert "p=0.245" in english and "p=0.245" in chinese
    assert "{{" not in english + chinese
    assert written.unlabelled == ()
    tables = docx.Document(str(tmp_path / "out" / "synopsis.zh.docx")).tables
    assert len(tables) == 3 and tables[0].rows[2].cells[2].text == "86"
    assert sum(len(one.facts) for one in written.statements.statements) > 500


def test_the_same_facts_give_the_same_bytes(synopsis: Path, tmp_path: Path) -> None:
    one, two = write_document(synopsis, tmp_path / "one"), write_document(synopsis, tmp_path / "two")
    assert one.statements.files == two.statements.files
    assert write_document(synopsis, tmp_path / "one").changed == ()


def change(path: Path, subject: str, **values: Any) -> None:
    """Give a subject other values."""
    frame = pl.read_parquet(path)
    for name, value in values.items():
        new = pl.when(pl.col("USUBJID") == subject).then(pl.lit(value)).otherwise(pl.col(name)).cast(frame[name].dtype)
        frame = frame.with_columns(new.alias(name))
    frame.write_parquet(path)


def test_one_cell_changes_exactly_the_sentences_that_state_it(synopsis: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before: Written = write_document(synopsis, out)
    change(synopsis.parent / "adam" / "adsl.parquet", "01-701-1015", AGE=99.0)
    after = write_document(synopsis, out)
    old = {(one.language, one.id): one for one in before.statements.statements}
    new = {(one.language, one.id): one for one in after.statements.statements}
    differing = {key for key in new if old[key].text != new[key].text or old[key].facts != new[key].facts}
    assert {(one.language, one.id) for one in after.changed} == differing
    texts = {one.language: one.text for one in after.changed if one.text.startswith(("Mean age", "安慰剂组平均年龄"))}
    assert "75.6 years on placebo" in texts["en"] and "75.6岁" in texts["zh"]
    assert not any("p=0.245" in one.text for one in after.changed)
    assert {one.id for one in after.changed if one.id.startswith("table")} == {"table 14-2.01"}


def test_facts_of_csv_cells_and_cases(tmp_path: Path) -> None:
    declaration = small(
        tmp_path / "in",
        ["A patient aged {{age}} took {{dose}} mg; site 701 had {{n}} patients."],
        ["一名{{age}}岁患者服用{{dose}} mg；701中心有{{n}}例患者。"],
        constants=[{"text": "701", "source": "site list"}],
    )
    write_document(declaration, tmp_path / "out")
    assert text_of_docx(tmp_path / "out/small.en.docx") == "A patient aged 61 took 12.5 mg; site 701 had 41 patients."
    assert text_of_docx(tmp_path / "out/small.zh.docx") == "一名61岁患者服用12.5 mg；701中心有41例患者。"


def test_facts_of_an_ars_file(synopsis: Path, tmp_path: Path) -> None:
    from golden_tables import package_data

    from bencao.trial.display import compute_table, read_displays
    from bencao.trial.display.data import data_files, datasets_of, read_data
    from bencao.trial.display.render import rendered

    displays = read_displays(tmp_path / "benchmarks/trial/pilot/displays.yaml")
    table = compute_table(
        "14-1.01", displays, read_data(data_files(datasets_of(displays, ["14-1.01"]), package_data()))
    )
    ars = {
        "ars": "14-1.01.json",
        "analysis": "An_14-1.01_1_count",
        "operation": "Mth_count_subjects",
        "groups": ["Row_3", "Col_total"],
    }
    declaration = small(tmp_path / "in", ["{{eff}} patients."], ["{{eff}}例。"], facts={"eff": ars})
    (tmp_path / "in" / "14-1.01.json").write_bytes(rendered(table, displays, "json"))
    write_document(declaration, tmp_path / "out")
    assert text_of_docx(tmp_path / "out/small.en.docx") == "234 patients."


WRONG = {
    "a number without a source": (["There were 42 patients."], ["共有患者。"], NumberWithoutSource, "'42'"),
    "a number in words": (["Of {{n}} patients twelve stopped."], ["{{n}}例患者。"], NumberWithoutSource, "twelve"),
    "a Chinese number": (["{{n}} patients."], ["{{n}}例中有十二例。"], NumberWithoutSource, "十二"),
    "a number beside its fact": (["{{n}} patients, 41 in all."], ["{{n}}例。"], NumberWithoutSource, "'41'"),
    "a fact that one language lacks": (["{{n}} of {{age}}."], ["{{n}}例。"], FactsDiffer, "states"),
    "another fact": (["{{n}} patients."], ["{{age}}例。"], FactsDiffer, "states"),
    "an unknown slot": (["{{none}} patients."], ["{{none}}例。"], GroundingError, "no fact 'none'"),
    "a broken slot": (["{{n patients."], ["{{n}}例。"], GroundingError, "cannot be read"),
    "a table without a study": (["{{table 14-1.01}}"], ["{{table 14-1.01}}"], GroundingError, "needs a study"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_has_no_source_fails_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    english, chinese, kind, words = WRONG[name]
    with pytest.raises(kind, match=words):
        write_document(small(tmp_path / "in", english, chinese), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"csv": "sites.csv", "where": {"SITE": "999"}, "column": "N"}, "has 0 such rows"),
        ({"csv": "sites.csv", "column": "N"}, "has 2 such rows"),
        ({"csv": "sites.csv", "where": {"SITE": "701"}, "column": "M"}, "no column 'M'"),
        ({"csv": "none.csv", "column": "N"}, "cannot be read"),
        ({"case": "case.json", "field": "/patient/weight"}, "has no /patient/weight"),
        ({"case": "case.json", "field": "/patient"}, "no single value"),
        ({"csv": "sites.csv", "case": "case.json"}, "exactly one"),
        ({}, "exactly one"),
    ],
)
def test_a_source_that_has_no_value_is_named(source: dict[str, Any], words: str, tmp_path: Path) -> None:
    declaration = small(tmp_path / "in", ["{{n}}."], ["{{n}}。"], facts={"n": source})
    with pytest.raises(GroundingError, match=words):
        write_document(declaration, tmp_path / "out")


def test_a_slot_that_formatting_cuts_in_two_is_filled(tmp_path: Path) -> None:
    declaration = small(tmp_path / "in", ["x"], ["x"], templates={"en": "en.docx"})
    made = docx.Document()
    paragraph = made.add_paragraph("There were {{")
    paragraph.add_run("n").bold = True
    paragraph.add_run("}} patients.")
    made.save(str(tmp_path / "in" / "en.docx"))
    write_document(declaration, tmp_path / "out")
    assert text_of_docx(tmp_path / "out/small.en.docx") == "There were 41 patients."


class _Model(BaseHTTPRequestHandler):
    answer = staticmethod(lambda text: text)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
        told = json.dumps({"choices": [{"message": {"content": type(self).answer(asked)}}]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def model() -> Iterator[type[_Model]]:
    handler = type("Model", (_Model,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handler.url = f"http://127.0.0.1:{server.server_port}/v1"  # type: ignore[attr-defined]
    yield handler
    server.shutdown()


def test_a_model_may_reword_but_sees_no_number(model: Any, tmp_path: Path) -> None:
    seen = []

    def answer(text: str) -> str:
        seen.append(text)
        return (
            "In all, " + text.replace("There were ", "").rstrip(".") + " took part."
            if text.startswith("There")
            else text
        )

    model.answer = staticmethod(answer)
    declaration = small(tmp_path / "in", ["There were {{n}} patients."], ["共有{{n}}例患者。"])
    written = write_document(declaration, tmp_path / "out", Rephraser(Endpoint(model.url, "m")))
    assert text_of_docx(tmp_path / "out/small.en.docx") == "In all, 41 patients took part."
    assert not any("41" in text for text in seen)
    assert [one.rephrased != "" for one in written.statements.statements] == [True, True]
    # Its words stay when a number changes, and the model is not asked again.
    model.answer = staticmethod(lambda text: "")
    (tmp_path / "in" / "sites.csv").write_text("SITE,N\n701,43\n", encoding="utf-8")
    write_document(declaration, tmp_path / "out")
    assert text_of_docx(tmp_path / "out/small.en.docx") == "In all, 43 patients took part."


@pytest.mark.parametrize(
    "answer",
    [
        lambda text: text.replace("⟦1⟧", ""),
        lambda text: text.replace("⟦1⟧", "⟦1⟧ or ⟦1⟧"),
        lambda text: text.replace("⟦1⟧", "40"),
        lambda text: text + " About 7 stopped.",
        lambda text: "",
    ],
    ids=["lost", "doubled", "changed", "added", "empty"],
)
def test_a_model_that_touches_a_number_fails_the_build(answer: Any, model: Any, tmp_path: Path) -> None:
    model.answer = staticmethod(answer)
    declaration = small(tmp_path / "in", ["There were {{n}} patients."], ["共有{{n}}例患者。"])
    with pytest.raises(NumberWithoutSource):
        write_document(declaration, tmp_path / "out", Rephraser(Endpoint(model.url, "m")))
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_down_is_named(tmp_path: Path) -> None:
    declaration = small(tmp_path / "in", ["There were {{n}} patients."], ["共有{{n}}例患者。"])
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        write_document(declaration, tmp_path / "out", Rephraser(Endpoint("http://127.0.0.1:9/v1", "m", tries=1)))


def test_a_narrative_is_made_of_a_case_that_was_read_from_a_letter(tmp_path: Path) -> None:
    folder = tmp_path / "narrative"
    shutil.copytree(ROOT / "docs" / "narrative", folder)
    assert run("safety", "intake", str(folder / "letter.txt"), "-o", str(folder / "case.json")).returncode == 0
    write_document(folder / "document.yaml", tmp_path / "out")
    english, chinese = (text_of_docx(tmp_path / "out" / f"narrative.{language}.docx") for language in ("en", "zh"))
    assert "A 61-year-old man took aspirin 100 mg daily from 1 March 2024. On 5 March 2024 he had a " in english
    assert "一名61岁男性自2024年3月1日起每日服用阿司匹林 100 mg。2024年3月5日发生胃肠道出血并住院。" in chinese


def test_a_label_states_the_table_of_adverse_events(synopsis: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "label", synopsis.parent.parent / "label")
    written = write_document(synopsis.parent.parent / "label" / "document.yaml", tmp_path / "out")
    assert "90.5% of patients on high dose" in text_of_docx(tmp_path / "out" / "label.en.docx")
    assert "高剂量组90.5%" in text_of_docx(tmp_path / "out" / "label.zh.docx")
    assert written.unlabelled == ()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from bencao.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=300)
