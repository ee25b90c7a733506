"""Converting data sets between formats from the command line."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from bencao import cli
from bencao.trial.commands import app
from bencao.trial.formats import read_datasets

RAW = 'patid,visit,weight,comment\n001,V1,70.5,\n002,V1,,"well, mostly"\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)
    Path("wt.csv").write_text(RAW)


def bencao(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bencao", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_a_table_goes_to_parquet_and_back(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert bencao(monkeypatch, "trial", "convert", "wt.csv", "-o", "wt.parquet") == 0
    assert bencao(monkeypatch, "trial", "convert", "wt.parquet", "-o", "back", "--to", "csv") == 0
    assert Path("back/wt.csv").read_text() == RAW
    capsys.readouterr()
    assert bencao(monkeypatch, "ledger", "list", "--json") == 0
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {entry["command"] for entry in entries} == {"trial convert"}
    assert {file["path"] for entry in entries for file in entry["generated"]} == {"wt.parquet", "back/wt.csv"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["wt.csv", "-o", "wt.docx"], "expected one of"),
        (["wt.csv", "-o", "out", "--to", "xlsx"], "no format 'xlsx'"),
        (["wt.csv", "wt.csv", "-o", "wt.parquet"], "2 data sets for one file"),
        (["wt.csv", "wt.csv", "-o", "out", "--to", "parquet"], "several data sets for wt.parquet"),
        (["nowhere.csv", "-o", "wt.parquet"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_converted_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys, arguments: list[str], said: str
) -> None:
    assert bencao(monkeypatch, "trial", "convert", *arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
    assert sorted(path.name for path in Path().iterdir() if path.name != ".bencao") == ["wt.csv"]


SPECIFICATION = """
name: S
datasets:
  WT:
    label: Weights
    keys: [PATID]
    variables:
      - {name: PATID, label: Patient, length: 3}
      - {name: WEIGHT, label: Weight, type: float}
      - {name: WTDT, label: Date of Weighing, type: integer, format: DATE9.}
"""


def test_a_specification_gives_types_labels_and_order(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    Path("study.yaml").write_text(SPECIFICATION)
    assert bencao(monkeypatch, "trial", "define", "study.yaml", "-o", "define.xml") == 0
    Path("wt.csv").write_text("WTDT,PATID,WEIGHT\n2014-01-03,002,\n2014-01-02,001,70.5\n")
    for told in ("study.yaml", "define.xml"):
        assert bencao(monkeypatch, "trial", "convert", "wt.csv", "--specification", told, "-o", "wt.xpt") == 0
        (read,) = read_datasets(Path("wt.xpt"))
        assert read.label == "Weights"
        assert [(one.name, one.label) for one in read.variables][2] == ("WTDT", "Date of Weighing")
        assert read.frame.rows() == [("001", 70.5, date(2014, 1, 2)), ("002", None, date(2014, 1, 3))]
    Path("wt.csv").write_text("PATID,WEIGHT,WTDT,MORE\n001,70.5,2014-01-02,x\n")
    assert bencao(monkeypatch, "trial", "convert", "wt.csv", "--specification", "study.yaml", "-o", "no.xpt") == 2
    assert "variables that the specification has not: MORE" in capsys.readouterr().err
    assert not Path("no.xpt").exists()


def test_no_file_is_written_where_one_of_several_cannot_be(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    Path("aa.csv").write_text("X\nshort\n")
    Path("bb.csv").write_text("X\n" + "y" * 201 + "\n")
    assert bencao(monkeypatch, "trial", "convert", "aa.csv", "bb.csv", "-o", "out", "--to", "xpt") == 2
    assert "BB: length 201 of X, at most 200" in capsys.readouterr().err
    assert not Path("out").exists()


def test_the_help_of_every_verb_of_the_room_shows_an_example() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        assert f"Example: bencao trial {name}" in (command.callback.__doc__ or ""), name
