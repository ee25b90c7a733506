"""`bencao trial tables` from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bencao import cli

PILOT = Path(__file__).resolve().parents[3] / "benchmarks" / "trial" / "pilot"


def bencao(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bencao", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_tables_are_written_and_entered_into_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pilot_folders: list[Path], capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)
    options = ["--data", str(pilot_folders[0]), "--only", "14-1.01", "--only", "14-3.02"]
    assert bencao(monkeypatch, "trial", "tables", str(PILOT), "-o", "out", *options) == 0
    names = {f"{number}.{form}" for number in ("14-1.01", "14-3.02") for form in ("rtf", "docx", "html", "json")}
    assert {path.name for path in Path("out").iterdir()} == names
    first = {path.name: path.read_bytes() for path in Path("out").iterdir()}
    assert bencao(monkeypatch, "trial", "tables", str(PILOT), "-o", "again", *options) == 0
    assert {path.name: path.read_bytes() for path in Path("again").iterdir()} == first
    capsys.readouterr()
    assert bencao(monkeypatch, "ledger", "list", "--json") == 0
    entry = json.loads(capsys.readouterr().out.splitlines()[0])
    assert entry["command"] == "trial tables"
    assert {Path(file["path"]).name for file in entry["generated"]} == names


def test_an_unknown_table_or_form_ends_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pilot_folders: list[Path], capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    data = ["--data", str(pilot_folders[0])]
    assert bencao(monkeypatch, "trial", "tables", str(PILOT), "-o", "out", *data, "--only", "14-9.99") == 2
    assert "no table 14-9.99" in capsys.readouterr().err
    assert bencao(monkeypatch, "trial", "tables", str(PILOT), "-o", "out", *data, "--form", "pdf") == 2
    assert "no form 'pdf'" in capsys.readouterr().err
    assert not Path("out").exists()
