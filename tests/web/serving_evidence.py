"""Serve the workbench with a folder of studies, as `bencao serve --studies` does: MODEL LOG FOLDER"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bencao.web import Capacity, serve
from bencao.web.evidence.entry import open_evidence_desk
from hand_model import load_watched

if __name__ == "__main__":
    model, log, folder = map(Path, sys.argv[1:])
    load = partial(load_watched, model, log, "", log)
    serve(load, port=0, capacity=Capacity(workers=2), evidence=open_evidence_desk(folder))
