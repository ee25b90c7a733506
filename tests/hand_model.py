"""A model folder made by hand: a dozen reactions every chemist knows, and a network that only knows their frequency."""

from __future__ import annotations

import gzip
import json
import math
import os
import signal
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bencao.kernel.models import TrainingSource, write_card
from bencao.synthesis.chemistry.screen import template_screen
from bencao.synthesis.proposer import MODEL_NAME, TemplateProposer
from bencao.synthesis.route import Proposal
from bencao.synthesis.seams import Batch, Proposer
from bencao.synthesis.stock import Stock

SLOTS = 1_024
# Retro template (product>>reactants), how frequent it is, class.
TEMPLATES = [
    ("[C:1](=[O:2])-[NH1;D2:3]-[#6:4]>>[C:1](=[O:2])-Cl.[NH2:3]-[#6:4]", 90, 2),
    ("[C:1](=[O:2])-[NH1;D2:3]-[#6:4]>>[C:1](=[O:2])-O.[NH2:3]-[#6:4]", 80, 2),
    ("[C:1](=[O:2])-[N;H0;D3:3](-[C:4])-[C:5]>>[C:1](=[O:2])-O.[NH1:3](-[C:4])-[C:5]", 60, 2),
    ("[c:1]-[c:2]>>[c:1]-B(-O)-O.[c:2]-Br", 70, 3),
    ("[C:1](=[O:2])-[OH1:3]>>[C:1](=[O:2])-[O:3]-C", 50, 6),
    ("[c:1]-[NH2:2]>>[c:1]-[N+:2](=O)-[O-]", 50, 7),
    ("[C;H2:1]-[N;H0;D3;+0:2](-[C:3])-[C:4]>>[C;H2:1]-Cl.[NH1:2](-[C:3])-[C:4]", 60, 1),
    ("[C;H2:1]-[N;H0;D3;+0:2](-[C:3])-[C:4]>>[C;H1:1]=O.[NH1:2](-[C:3])-[C:4]", 40, 1),
    ("[c:1]-[O;D2:2]-[C;H2:3]>>[c:1]-[OH1:2].Br-[C;H2:3]", 50, 1),
    ("[NH1;D2:1](-[C:2])-[C:3]>>[N:1](-[C:2])(-[C:3])-C(=O)-O-C(-C)(-C)-C", 30, 6),
    ("[C:1](=[O:2])-[O;D2:3]-[C;H3:4]>>[C:1](=[O:2])-[OH1:3].[OH1]-[C;H3:4]", 30, 5),
    ("[c:1]-[NH1;D2:2]-[c:3]>>[c:1]-[NH2:2].Cl-[c:3]", 60, 1),
    ("[C:1](=[O:2])-[NH1;D2:3]-[#6:4]>>[C:1](=[O:2])-O-C(=O)-C.[NH2:3]-[#6:4]", 10, 2),
]


def write_model(folder: Path) -> Path:
    """Write the model folder as the training would."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{smarts}\t0\t{count}\t{number}" for smarts, count, number in TEMPLATES]
    table = "\n".join(["smarts\thead\tcount\tclass", *rows, "[At:1]-[At:2]>>[At:1].[At:2]\t1\t1\t0", ""])
    (folder / "templates.tsv.gz").write_bytes(gzip.compress(table.encode(), mtime=0))
    screens = [template_screen(smarts) for smarts, _, _ in TEMPLATES] + [np.full_like(template_screen("C"), 255)]
    np.savez_compressed(folder / "screen.npz", screen=np.stack(screens))
    weights = {"general": 0.1, "split": 0.5, "tried": 50}
    (folder / "settings.json").write_text(json.dumps({"slots": SLOTS, "weights": weights}))
    logits = [math.log(count) for _, count, _ in TEMPLATES] + [0.0]
    (folder / "network.onnx").write_bytes(constant_network(logits))
    write_card(
        folder,
        MODEL_NAME,
        version="by-hand",
        task="product to retro templates",
        files=["network.onnx", "screen.npz", "settings.json", "templates.tsv.gz"],
        trained_on=[TrainingSource(source="none", licence="CC0", rows=0)],
        split="none",
        figures={},
        script="tests/hand_model.py",
        made=date(2026, 1, 1),
        limits="for tests",
    )
    return folder


@dataclass
class Watched:
    """Notes what it is asked; at one molecule it waits while a file is there, or dies where that says so."""

    inner: Proposer
    log: Path
    stop_at: str
    gate: Path

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        return self.inner.identity

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        self._note(smiles)
        return self.inner.propose(smiles, top)

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        self._note(smiles)
        return self.inner.batches(smiles, top)

    def _note(self, smiles: str) -> None:
        with self.log.open("a") as stream:
            stream.write(f"{smiles}\n")
        while smiles == self.stop_at and self.gate.exists():
            if self.gate.read_text() == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(0.02)


def load_watched(model: Path, log: Path, stop_at: str, gate: Path) -> tuple[Proposer, Stock]:
    """The model under watch, and the shipped stock."""
    return Watched(TemplateProposer(model), log, stop_at, gate), Stock.default()


def constant_network(logits: list[float]) -> bytes:
    """An ONNX file, input ``slots``, whose output ``logits`` is always the same (protocol buffers, by hand)."""
    values = b"".join([_number(1, len(logits)), _number(2, 1), _bytes(8, b"values")])
    values += _bytes(9, struct.pack(f"<{len(logits)}f", *logits))
    node = _bytes(1, b"values") + _bytes(2, b"logits") + _bytes(4, b"Identity")
    graph = _bytes(1, node) + _bytes(2, b"constant") + _bytes(5, values)
    graph += _bytes(11, _tensor(b"slots", 7, _bytes(2, b"n"))) + _bytes(
        12, _tensor(b"logits", 1, _number(1, len(logits)))
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13))


def _tensor(name: bytes, kind: int, dimension: bytes) -> bytes:
    shape = _bytes(2, _bytes(1, dimension))
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + shape))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    digits = []
    while value > 127:
        digits.append(value & 127 | 128)
        value >>= 7
    return bytes([*digits, value])
