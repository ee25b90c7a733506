"""Serve the workbench as `bencao serve` does, with the hand-made reactions and a gate: MODEL LOG MOLECULE GATE."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bencao.web import Capacity, serve
from hand_model import load_watched

if __name__ == "__main__":
    model, log, molecule, gate = sys.argv[1:]
    load = partial(load_watched, Path(model), Path(log), molecule, Path(gate))
    serve(load, port=0, capacity=Capacity(workers=2))
