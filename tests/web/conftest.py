"""One board and one Chromium for the tests of this folder: to start them takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("nicegui", reason="cannot run here: the extra bencao[web] is not installed")

from gated_board import Gated, open_board

from bencao.web import Capacity

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
    from chromium import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def shared_board(hand_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    gated = open_board(hand_model, tmp_path_factory.mktemp("board"), Capacity(workers=2, waiting=3, waiting_each=2))
    yield gated
    gated.open_gate()
    gated.board.close()


@pytest.fixture
def gated(shared_board: Gated) -> Iterator[Gated]:
    """The board, its gate shut; afterwards open, and nothing at work."""
    shared_board.close_gate()
    yield shared_board
    shared_board.open_gate()
    for job_id in [*shared_board.board._jobs]:
        shared_board.board.cancel(job_id)
        shared_board.board.wait(job_id, 240)
