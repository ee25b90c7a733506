"""A board whose workers know the hand-made reactions, and wait at one molecule as long as a file is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bencao.synthesis import Limits
from bencao.web import Capacity, JobBoard
from bencao.web.orders import PlanOrder
from hand_model import load_watched

LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
PARACETAMOL = "CC(=O)Nc1ccc(O)cc1"
GATED = "CCN(CC)C(=O)c1ccc(OCc2ccccc2)cc1"
HELD = "CCN(CC)C(=O)c1ccc(O)cc1"  # asked about second in a plan of it, when a first route is known
FEW = Limits(expansions=10)


@dataclass
class Gated:
    """A board with its gate: a plan of `GATED` stops at `HELD` as long as the file `gate` is there."""

    board: JobBoard
    gate: Path
    log: Path

    def close_gate(self) -> None:
        self.log.unlink(missing_ok=True)
        self.gate.touch()

    def open_gate(self) -> None:
        self.gate.unlink(missing_ok=True)

    def asked(self, smiles: str) -> bool:
        """Whether the model has been asked about a molecule since the gate was closed."""
        return self.log.exists() and smiles in self.log.read_text().splitlines()


def open_board(model: Path, folder: Path, capacity: Capacity) -> Gated:
    """A started board; its caller closes it."""
    gate, log = folder / "gate", folder / "log"
    board = JobBoard(partial(load_watched, model, log, HELD, gate), capacity=capacity)
    board.start()
    return Gated(board, gate, log)


def order(smiles: str) -> PlanOrder:
    return PlanOrder(smiles, FEW, routes=2)


def until(what: Callable[[], bool], seconds: float = 240.0) -> None:
    """Wait for something that must come; the time is only a bound on a hanging test."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
