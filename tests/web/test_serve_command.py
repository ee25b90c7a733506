"""The command ``bencao serve``: what it prints, whom it lets in, how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

RUN = "from bencao.cli import main\nif __name__ == '__main__':\n    main()\n"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """What the installed command runs; the workers import it, so it must be a file."""
    path = tmp_path / "bencao_command.py"
    path.write_text(RUN)
    return path


def test_beyond_loopback_a_token_is_made_and_asked_for(script: Path, hand_model: Path, tmp_path: Path) -> None:
    command = [sys.executable, script, "serve", "--host", "0.0.0.0", "--port", "0", "--workers", "1"]
    running = subprocess.Popen(
        [*command, "--model", hand_model], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr
    found = re.search(r":(\d+)/\?token=([\w-]{20,})$", running.stderr.readline().strip())
    assert found, running.stderr.read()
    assert "plain text" in running.stderr.readline()
    health = f"http://127.0.0.1:{found[1]}/api/v1/health"
    with pytest.raises(HTTPError, match="401"):
        urlopen(health)
    answer = urlopen(Request(health, headers={"authorization": f"Bearer {found[2]}"}))
    assert b"template-relevance" in answer.read()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert running.returncode in (0, 130), "ended in good order, before or after uvicorn took the signal"
    assert "Traceback" not in out + err


def test_a_token_that_will_not_do_ends_it_at_once(script: Path, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, script, "serve", "--token", "x"], capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("InputError: token: a token of 1 characters")
    assert len(ended.stderr.splitlines()) == 1


def test_without_its_packages_it_names_the_install_step() -> None:
    blocked = f"import sys; sys.modules['nicegui'] = None; sys.argv = ['bencao', 'serve']\n{RUN}"
    ended = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("EngineMissing: the workbench needs nicegui")
    assert "pip install 'bencao[web]'" in ended.stderr
