"""The safety room's tests need its extra; those on FDA's samples need the development data."""

from __future__ import annotations

from pathlib import Path

import pytest

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
