"""Converting data sets between formats from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bencao import cli

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
