"""The records room's tests need its extra; those on hospitals' data need the development data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bencao import cli

pytest.importorskip("ibis", reason="cannot run here: the extra bencao[records] is not installed")

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "records"


@pytest.fixture(scope="session")
def shared_records() -> Path:
    """The development data of the room."""
    if not SHARED.is_dir():
        pytest.skip("cannot run here: ../shared/data/records is absent")
    return SHARED


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def bencao(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Answer]:
    """Runs the command line in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["bencao", *arguments])
        capfd.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        return Answer(code, *capfd.readouterr())

    return run
