"""benchmarks/submission/engine.py counts what survives, and damaged answers do not come out as translated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bencao.submission.exchange import Memory, Unit, Variant, write_tmx
from bencao.submission.translation.masking import mask, unmask

ROOT = Path(__file__).resolve().parents[2]


def _measured(tmp_path: Path, mode: str) -> dict[str, float]:
    units = [
        Unit((Variant("en", (f"Take a dose of {number}.5 mg daily for {number + 2} weeks.",)), Variant("zh", ("无",))))
        for number in range(3, 23)
    ]
    write_tmx(Memory(tuple(units)), tmp_path / "a.tmx")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "BENCAO_ENDPOINT_KEY": "secret"}
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "submission" / "chat_server.py"), mode],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        script = str(ROOT / "benchmarks" / "submission" / "engine.py")
        command = [sys.executable, script, str(tmp_path / "a.tmx"), "--engine", address, "--damage", "0.5", "--json"]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    finally:
        server.terminate()
        server.wait()
    assert ended.returncode == 0, ended.stderr
    told: dict[str, float] = json.loads(ended.stdout)
    return told


def test_damaged_answers_do_not_come_out_as_translated(tmp_path: Path) -> None:
    told = _measured(tmp_path, "good")
    assert told["n"] == told["answers"] == 20
    assert told["numbers_count"] == told["numbers_n"]
    assert told["damaged_translated_n"] == 10
    assert told["damaged_translated_count"] == 0


def test_a_server_that_loses_marks_translates_nothing(tmp_path: Path) -> None:
    told = _measured(tmp_path, "loses")
    assert told["needs_translation_percent"] == 100
    assert told["bars_met"] == 0


def test_a_mark_that_an_engine_makes_up_is_wrong() -> None:
    masked = mask(("Take 5 mg.",), "en", "zh")
    assert unmask("服用⟦1⟧ mg⟦7⟧。", masked)[1] == [7]
