"""Serve the workbench with a dossier and a translation, as `bencao serve --dossier --review` does.

MODEL LOG DOSSIER ASSETS [REVIEW]
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bencao.web import Capacity, serve
from bencao.web.submission.entry import open_submission_desks
from hand_model import load_watched

if __name__ == "__main__":
    model, log, dossier, assets, *review = map(Path, sys.argv[1:])
    load = partial(load_watched, model, log, "", log)
    submission = open_submission_desks(dossier, review[0] if review else None, assets)
    serve(load, port=0, capacity=Capacity(workers=1), submission=submission)
