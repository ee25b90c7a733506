"""What a screen leaves behind: tables of every molecule's fate and of the hits, their poses, JSON and a page."""

from __future__ import annotations

import csv
import dataclasses
import heapq
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bencao.discovery.admet.predicting import columns
from bencao.discovery.docking.docking import Docked
from bencao.discovery.funnel.hits import Hit
from bencao.discovery.funnel.page import page_of
from bencao.discovery.funnel.screening import Screened
from bencao.discovery.receptor.box import Box
from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel import report
from bencao.kernel.files import csv_text, write_text, writing

_PROPERTIES = ("weight", "logp", "tpsa", "donors", "acceptors", "rotatable", "qed")


def write_screen(
    found: Screened, receptor: Receptor, box: Box, out: Path, lang: report.Language = "en"
) -> tuple[Path, ...]:
    """Write ``hits.csv``, ``hits.sdf``, ``molecules.csv``, ``receptor.pdb``, ``screen.json`` and ``report.html``.

    Parameters
    ----------
    found : Screened
    receptor : Receptor
    box : Box
    out : Path
        A folder that exists.
    lang : {"en", "zh"}
        Of the page.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    InputError
        Where a file cannot be written.
    """
    texts = {
        "hits.csv": _hits_table(found.hits),
        "hits.sdf": "".join(map(_record, found.hits)),
        "receptor.pdb": receptor.pdb,
        "screen.json": json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n",
        "report.html": report.render(page_of(found, receptor, box, lang)),
    }
    every = out / "molecules.csv"
    with writing(every) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        table = csv.writer(text, lineterminator="\n")
        table.writerow(("row", "name", "smiles", "fate", "score", "cause"))
        table.writerows(fates(found))
        text.detach()
    for name, content in texts.items():
        write_text(out / name, content)
    return (*(out / name for name in texts), every)


def write_page(found: Screened, receptor: Receptor, box: Box, path: Path, lang: report.Language) -> Path:
    """Write the page alone, in a language; its path."""
    write_text(path, report.render(page_of(found, receptor, box, lang)))
    return path


def as_json(found: Screened) -> dict[str, Any]:
    """The screen but for its poses and the molecules that are no hits."""
    controls = found.controls
    return {
        "stages": [dataclasses.asdict(stage) | {"reasons": dict(stage.reasons)} for stage in found.stages],
        **found.docking.as_json(),
        "controls": None if controls is None else dataclasses.asdict(controls) | {"works": controls.works},
        "hits": [hit.as_json() for hit in found.hits],
    }


def _hits_table(hits: Sequence[Hit]) -> str:
    head = (
        "rank",
        "row",
        "name",
        "smiles",
        "docked_as",
        "share",
        "states",
        "score",
        "failed_checks",
        *_PROPERTIES,
        "pains",
        "brenk",
    )
    tail = ("nearest_active", "similarity", "route", "steps", "tiers", "price", "route_reason")
    predicted = columns()[1:]  # the standard form is told as smiles
    rows = []
    for hit in hits:
        one, route = hit.candidate, hit.route
        values = [round(float(getattr(hit.properties, name)), 3) for name in _PROPERTIES]
        alerts = ("; ".join(hit.properties.pains), "; ".join(hit.properties.brenk))
        checks = " ".join(hit.judged.failed_checks) if hit.judged.checks else "not checked"
        near = (one.nearest, "" if one.similarity is None else f"{one.similarity:.3f}")
        made = ("", "", "", "", "")
        if route is not None:
            price = "" if route.price is None else f"{route.price:g}"
            made = ("yes" if route.solved else "no", route.steps or "", "; ".join(route.tiers), price, route.reason)
        docked = hit.docked
        state = (docked.smiles, "" if docked.share is None else f"{docked.share:.2f}", docked.states)
        start = (hit.rank, one.row, one.name, one.smiles, *state, f"{docked.score:.3f}", checks)
        cells = {} if hit.admet is None else hit.admet.cells()
        rows.append((*start, *values, *alerts, *near, *made, *(cells.get(name, "") for name in predicted)))
    return csv_text((*head, *tail, *predicted), rows)


def fates(found: Screened) -> Iterator[tuple[Any, ...]]:
    """Every row of the library in order, and how far it came."""
    dropped = sorted(found.dropped, key=lambda one: one.row)
    gone = ((one.row, one.name, one.smiles, one.reason, "", one.cause) for one in dropped)
    return heapq.merge(gone, _candidates(found), key=lambda row: row[0])


def _candidates(found: Screened) -> Iterator[tuple[Any, ...]]:
    hits = {hit.candidate.row for hit in found.hits}
    for place, one in enumerate(found.candidates):
        answer = found.docking.answers.get(place)
        if answer is None:
            fate = ("not worth it", "", "")
        elif isinstance(answer, Docked):
            fate = ("hit" if one.row in hits else "docked", f"{answer.score:.3f}", "")
        else:
            fate = ("not docked", "", answer.cause)
        yield (one.row, one.name, one.smiles, *fate)


def _record(hit: Hit) -> str:
    """The best pose in the receptor's frame, as a record of an SD file."""
    fields = {
        "rank": hit.rank,
        "score": f"{hit.docked.score:.3f}",
        "smiles": hit.candidate.smiles,
        "failed_checks": " ".join(hit.judged.failed_checks) or "none",
    }
    told = "".join(f">  <{name}>\n{value}\n\n" for name, value in fields.items())
    return f"{hit.docked.poses[0].block.rstrip()}\n{told}$$$$\n"
