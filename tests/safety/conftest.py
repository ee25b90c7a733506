"""The safety room's tests need its extra; those on FDA's samples need the development data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bencao import cli

pytest.importorskip("lxml", reason="cannot run here: the extra bencao[safety] is not installed")

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "safety"


@pytest.fixture(scope="session")
def shared_safety() -> Path:
    """The development data of the room."""
    if not SHARED.is_dir():
        pytest.skip("cannot run here: ../shared/data/safety is absent")
    return SHARED


@pytest.fixture(scope="session")
def samples(shared_safety: Path) -> list[Path]:
    """FDA's sample reports."""
    return sorted((shared_safety / "e2b" / "instances").glob("*.xml"))


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def bencao(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Answer]:
    """Runs the command line in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["bencao", *arguments])
        capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        return Answer(code, *capsys.readouterr())

    return run
