"""How far an answer is said to be trusted, and the published pairs behind it."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bencao.evidence.calibration.controls import Control, read_negative_controls
from bencao.evidence.calibration.emulation import Ratio, emulation_error, published_pairs
from bencao.evidence.calibration.trust import calibrate, statement
from bencao.evidence.errors import StudyDataError

ROOT = Path(__file__).resolve().parents[3]


def test_the_published_pairs_correlate_as_published() -> None:
    pairs = published_pairs()
    found = np.corrcoef([pair.trial_ratio.log for pair in pairs], [pair.records_ratio.log for pair in pairs])[0, 1]
    assert len(pairs) == 29
    assert found == pytest.approx(0.82, abs=0.005)  # Wang et al. 2023, Table 2
    assert sum(abs(pair.difference) <= 1.96 * pair.se for pair in pairs) == 23


def test_the_benchmark_meets_its_bars(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks" / "evidence"))
    monkeypatch.delitem(sys.modules, "calibration", raising=False)
    import calibration

    data, told = shared_data / "evidence", tmp_path / "told.csv"
    arguments = [str(data / "rct_duplicate"), str(data / "negative_controls"), "--json", "--predictions", str(told)]
    monkeypatch.setattr(sys, "argv", ["calibration.py", *arguments])
    calibration.main()
    found = json.loads(capsys.readouterr().out)
    assert found["covered"] >= 27 and found["covered_raw"] == 23 and found["n"] == 29
    assert found["type1_pooled"] <= 0.08 and found["type1_max"] <= 0.12 and found["controls"] == 219
    assert found["type1_plain_pooled"] == pytest.approx(16 / 219)  # what the package EmpiricalCalibration finds
    assert len(told.read_text(encoding="utf-8").splitlines()) == 1 + 2 * 29 + 219


def test_a_loose_emulation_is_trusted_less_than_a_close_one() -> None:
    raw = Ratio(0.6, 0.5, 0.72)
    close, loose = calibrate(raw, "close"), calibrate(raw, "loose")
    assert math.log(close.calibrated.high / close.calibrated.low) < math.log(
        loose.calibrated.high / loose.calibrated.low
    )
    assert close.same_side > loose.same_side
    assert emulation_error("close").n + emulation_error("loose").n == 29


def test_bias_of_the_negative_controls_is_taken_away_and_said() -> None:
    drawn = np.random.default_rng(4)
    controls = [Control(str(number), drawn.normal(0.5, 0.1), 0.05) for number in range(40)]
    found = calibrate(Ratio(math.exp(0.5), 1.4, 1.95), None, controls)
    assert found.by_controls is not None and found.by_controls.low < 1 < found.by_controls.high
    assert "negative controls" in " ".join(statement(found))
    assert "阴性对照" in "".join(statement(found, "zh"))


def test_each_degree_of_trust_is_named_for_what_it_is() -> None:
    words = {name: statement(found)[1] for name, found in {
        "strong": calibrate(Ratio(0.4, 0.35, 0.46), "close"),
        "null": calibrate(Ratio(1.02, 0.98, 1.06), "loose"),
        "between": calibrate(Ratio(0.8, 0.7, 0.91), "loose"),
    }.items()}  # fmt: skip
    assert "high" in words["strong"] and "low" in words["null"] and "moderate" in words["between"]
    biased = [Control(str(number), 0.8 + 0.01 * number, 0.05) for number in range(9)]
    assert "outside the calibrated interval" in statement(calibrate(Ratio(0.8, 0.7, 0.91), "close", biased))[1]


@pytest.mark.parametrize("told", [(0.8, 0.9, 1.0), (0.8, 0.0, 1.0), (float("nan"), 0.5, 1.0), (1.0, 0.5, float("inf"))])
def test_what_is_no_ratio_with_its_interval_is_refused(told: tuple[float, float, float]) -> None:
    with pytest.raises(StudyDataError):
        calibrate(Ratio(*told), "close")


def test_only_controls_of_no_effect_are_read(tmp_path: Path) -> None:
    table = tmp_path / "controls.csv"
    table.write_text("name,truth,log_ratio,se\na,0,0.1,0.2\nb,0.69,0.8,0.2\nc,,0.3,0.2\n", encoding="utf-8")
    assert read_negative_controls(table) == (Control("a", 0.1, 0.2),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,log_ratio\na,1\n", "se"),
        ("log_ratio,se\n1,many\n", "line 2"),
        ("log_ratio,se\n1,0\n", "line 2"),
        ("", "CSV"),
    ],
)
def test_a_wrong_table_of_controls_is_named(text: str, told: str, tmp_path: Path) -> None:
    table = tmp_path / "controls.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(StudyDataError, match=told):
        read_negative_controls(table)


def test_the_command_writes_what_it_says_and_the_ledger_knows(bencao: Callable[..., Any], tmp_path: Path) -> None:
    told = ["evidence", "calibrate", "--ratio", "0.82", "--low", "0.76", "--high", "0.87", "--emulation", "close"]
    answer = bencao(*told, "-o", "calibrated.json")
    assert answer.code == 0 and "trial" in answer.out
    written = json.loads((tmp_path / "calibrated.json").read_text(encoding="utf-8"))
    assert written["calibrated"]["low"] < written["calibrated"]["ratio"] < written["calibrated"]["high"]
    assert bencao("ledger", "trace", "calibrated.json").code == 0
    wrong = bencao("evidence", "calibrate", "--ratio", "0.5", "--low", "0.76", "--high", "0.87", "-o", "wrong.json")
    assert wrong.code == 2 and wrong.err.startswith("StudyDataError") and not (tmp_path / "wrong.json").exists()
