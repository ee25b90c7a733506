"""A room's verbs are added by the files that its list names, and entering one loads no other."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_command, get_group

from bencao.cli import ROOMS

LISTED = [module for module, _ in ROOMS.values() if hasattr(import_module(module), "VERBS")]


@pytest.mark.parametrize("module", LISTED)
def test_each_verb_of_the_list_is_there(module: str) -> None:
    commands = import_module(module)
    group = get_command(commands.app)
    told = {verb: group.get_command(None, verb) for verb in commands.VERBS}  # type: ignore[arg-type, attr-defined]
    assert [verb for verb, command in told.items() if command is None] == []
    added = set(get_group(commands.app).commands)
    assert added == set(commands.VERBS), "a file adds a verb that the list does not name"


def test_a_verb_loads_no_file_of_another(tmp_path: Path) -> None:
    script = (
        "import sys; sys.argv = ['bencao', 'safety', 'convert', '--help']\n"
        "from bencao.cli import main\n"
        "try:\n    main()\nfinally:\n    print([name for name in sys.modules if 'safety.commands.' in name])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "safety.commands.exchange" in ended.stdout
    assert "safety.commands.coding" not in ended.stdout and "surveillance" not in ended.stdout
