"""What every test may use, and the rule that in CI nothing skips that could run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bencao import cli
from hand_model import write_model

ROOT = Path(__file__).resolve().parent.parent
CANNOT_RUN = "cannot run here"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the development data, which lies beside the repository and is no part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the development data (../shared/data) is not here")
    return folder


@pytest.fixture(scope="session")
def hand_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a small model whose reactions are known, see `hand_model`."""
    return write_model(tmp_path_factory.mktemp("hand") / "model")


@pytest.fixture(scope="session")
def shipped_model() -> Path:
    """Folder of the model in the package."""
    folder = ROOT / "src" / "bencao" / "synthesis" / "models" / "templates"
    if not folder.is_dir():
        pytest.skip("cannot run here: no shipped model")
    return folder


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


def _avoidable_skips(reporter: pytest.TerminalReporter) -> list[str]:
    reasons = [
        (report.nodeid, report.longrepr[2].removeprefix("Skipped: "))
        for report in reporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    ]
    return [f"{test}: {reason}" for test, reason in reasons if not reason.startswith(CANNOT_RUN)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and not session.exitstatus and _avoidable_skips(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("CI") == "true":
        for line in _avoidable_skips(terminalreporter):
            terminalreporter.write_line(f"SKIPPED IN CI, so the run fails: {line}", red=True)
