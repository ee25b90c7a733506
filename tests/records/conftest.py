"""The records room's tests need its extra; those on hospitals' data need the development data."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="cannot run here: the extra bencao[records] is not installed")

sys.path.insert(0, str(Path(__file__).resolve().parent))

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "records"


@pytest.fixture(scope="session")
def shared_records() -> Path:
    """The development data of the room."""
    if not SHARED.is_dir():
        pytest.skip("cannot run here: ../shared/data/records is absent")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a Postgres server of the tests' own."""
    from postgres_server import postgres_server

    with postgres_server() as url:
        yield url
