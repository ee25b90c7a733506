"""Serve the workbench with a study, as `bencao serve --study` does: MODEL LOG STUDY RULES DATA…"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bencao.web import Capacity, serve
from bencao.web.trial.entry import open_desk
from hand_model import load_watched

if __name__ == "__main__":
    model, log, study, rules, *data = map(Path, sys.argv[1:])
    load = partial(load_watched, model, log, "", log)
    serve(load, port=0, capacity=Capacity(workers=1), desk=open_desk(study, data, [rules]))
