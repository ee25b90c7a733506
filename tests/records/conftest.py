"""The records room's tests need its extra; those on hospitals' data need the development data."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="cannot run here: the extra bencao[records] is not installed")

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "records"


@pytest.fixture(scope="session")
def shared_records() -> Path:
    """The development data of the room."""
    if not SHARED.is_dir():
        pytest.skip("cannot run here: ../shared/data/records is absent")
    return SHARED
