"""The commands of docs/submission.md run as they stand there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import docx

ROOT = Path(__file__).resolve().parents[2]
RUN = "from bencao.cli import main; main()"


def test_the_commands_of_the_manual_run(shared_data: Path, tmp_path: Path) -> None:
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
    }
    ended = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    assert "单位不同" in ended.stdout
    assert json.loads((tmp_path / "tico.json").read_text(encoding="utf-8"))["pairs"] == 2034
    assert docx.Document(str(tmp_path / "merged.docx")).paragraphs[0].text == "5.3 临床研究报告"
    assert "submission translate" in ended.stdout, "the document was not traced"
