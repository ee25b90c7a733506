"""Serve the workbench with hospital records, as `bencao serve --quality --database --mapping --staged --notes` does.

MODEL LOG QUALITY[,QUALITY] DATABASE MAPPING STAGED NOTES ENTITIES; a dash for what is not given
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from bencao.web import Capacity, serve
from bencao.web.records.entry import RecordsPlaces, open_records_desks
from hand_model import load_watched

if __name__ == "__main__":
    model, log, *given = sys.argv[1:]
    load = partial(load_watched, Path(model), Path(log), "", Path(log))
    quality, *others = given
    results = () if quality == "-" else tuple(Path(one) for one in quality.split(","))
    places = RecordsPlaces(results, *(None if one == "-" else Path(one) for one in others))
    serve(load, port=0, capacity=Capacity(workers=1), records=open_records_desks(places))
