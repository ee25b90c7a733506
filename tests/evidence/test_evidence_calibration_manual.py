"""The commands of docs/evidence.md on trust run as they stand there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"


def test_the_manual_calibrates(bencao: Callable[..., Any], tmp_path: Path) -> None:
    text = MANUAL.read_text(encoding="utf-8").partition("## How far an answer may be trusted\n")[2]
    block = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert block
    rows = "".join(f"{0.02 * number},0.1\n" for number in range(10))
    (tmp_path / "controls.csv").write_text("log_ratio,se\n" + rows, encoding="utf-8")
    answers = [bencao(*shlex.split(line)[1:]) for line in block[1].splitlines()]
    assert [answer.code for answer in answers] == [0, 0]
    assert "Trust" in answers[0].out and "可信程度" in answers[1].out
