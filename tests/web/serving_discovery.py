"""Serve the workbench with the discovery room, as `bencao serve --screens` does: MODEL LOG FOLDER"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bencao.web import Capacity, serve
from bencao.web.discovery.entry import open_discovery_desk
from hand_model import load_watched

if __name__ == "__main__":
    model, log, folder = map(Path, sys.argv[1:])
    load = partial(load_watched, model, log, "", log)
    serve(load, port=0, capacity=Capacity(workers=1), discovery=open_discovery_desk(folder))
