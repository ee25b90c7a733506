"""Serve the workbench with cases, as `bencao serve --cases` does: MODEL LOG FOLDER"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bencao.web import Capacity, serve
from bencao.web.safety.entry import open_safety_desk
from hand_model import load_watched

if __name__ == "__main__":
    model, log, folder = map(Path, sys.argv[1:])
    load = partial(load_watched, model, log, "", log)
    safety = open_safety_desk(
        (folder / "cases",),
        (folder / "texts",),
        folder / "pairs.jsonl",
        folder / "measures.csv",
        folder / "trends.csv",
    )
    serve(load, port=0, capacity=Capacity(workers=1), safety=safety)
