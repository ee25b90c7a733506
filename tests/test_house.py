"""Rules of the house that a machine can check."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "bencao"
ROOMS = sorted(
    folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists() and folder.name != "kernel"
)
# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = re.compile("|".join(["/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/", "py" + r"pi\.org", "python" + "hosted"]))


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Files of the repository, as git lists them."""
    if not (ROOT / ".git").exists():
        pytest.skip("cannot run here: this is no git checkout")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if (ROOT / name).is_file()]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_offers_ten_functions_at_most(room: str) -> None:
    module = importlib.import_module(f"bencao.{room}")
    functions = [name for name in module.__all__ if inspect.isfunction(getattr(module, name))]
    assert functions, f"bencao.{room} offers no function"
    assert len(functions) <= 10, functions


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_opens_with_what_it_is_for(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    if module.body:  # an empty __init__.py only marks a folder
        purpose = ast.get_docstring(module)
        assert purpose, "no docstring"
        assert len(purpose.splitlines()) <= 3, purpose


def test_no_two_test_files_have_one_name() -> None:
    """Pytest imports them by it, wherever they lie; the whole suite would not start."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name not in ("conftest.py", "__init__.py")]
    assert [name for name in sorted(set(names)) if names.count(name) > 1] == []


def test_no_tracked_file_is_over_30_megabytes(tracked: list[Path]) -> None:
    assert not [str(path) for path in tracked if path.stat().st_size > 30e6]


def test_no_text_names_a_path_of_one_machine_or_a_registry(tracked: list[Path]) -> None:
    found = []
    for path in tracked:
        data = path.read_bytes()
        if b"\0" in data[:8192]:
            continue
        for number, line in enumerate(data.decode("utf-8", errors="replace").splitlines(), start=1):
            if FORBIDDEN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line[:120]}")
    assert not found, "\n".join(found)


def test_the_wheel_holds_every_model_and_its_card(tmp_path: Path, tracked: list[Path]) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    models = [path for path in tracked if SOURCE in path.parents and "models" in path.relative_to(SOURCE).parts]
    assert models, "the repository holds no model"
    assert not [path.name for path in models if path.relative_to(SOURCE.parent).as_posix() not in packed]
