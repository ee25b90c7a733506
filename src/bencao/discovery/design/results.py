"""What a design leaves behind: the table of the best, everything that was scored, JSON and a page."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from rdkit.Chem.Draw import rdMolDraw2D

from bencao.discovery.design.breeding import molecule_of
from bencao.discovery.design.designing import Designed, Designs
from bencao.kernel import report
from bencao.kernel.files import csv_text, write_text

# Molecules that are drawn on the page.
_DRAWN = 24
_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Designed molecules",
        "short": "the best {best:,} of {scored:,} molecules that were scored",
        "ranking": "The best",
        "heads": ("rank", "SMILES", "score", "strange", "route", "steps", "from"),
        "limits": "Scores say how well the objectives are met and nothing else. Molecules have no stereo. `strange` "
        "counts surroundings of atoms that drug-like molecules do not have. A route is a plan, not a proof.",
        "facts": ("scored", "started from", "left out, no route", "best score", "with a route"),
        "drawn": "{rank}. score {score:.3f}",
        "found": "found",
        "none": "no route found",
    },
    "zh": {
        "title": "设计的分子",
        "short": "共打分 {scored:,} 个分子，列出最优 {best:,} 个",
        "ranking": "最优分子",
        "heads": ("名次", "SMILES", "得分", "异常环境", "路线", "步数", "原料来源"),
        "limits": "得分只表示满足目标的程度。分子不含立体信息。"
        "“异常环境”是类药分子中没有的原子环境数。路线是方案，不是证明。",
        "facts": ("已打分", "起始分子", "因无路线而排除", "最高得分", "有路线"),
        "drawn": "{rank}. 得分 {score:.3f}",
        "found": "已找到",
        "none": "未找到路线",
    },
}


def write_designs(found: Designs, out: Path, lang: report.Language = "en") -> tuple[Path, ...]:
    """Write ``designs.csv``, ``scored.csv``, ``design.json`` and ``report.html``.

    Parameters
    ----------
    found : Designs
    out : Path
        A folder that exists.
    lang : {"en", "zh"}
        Of the page.

    Returns
    -------
    tuple of Path

    Raises
    ------
    InputError
        Where a file cannot be written.
    """
    texts = {
        "designs.csv": _table(found),
        "scored.csv": csv_text(
            ("order", "smiles", "score"), ((n, *one) for n, one in enumerate(found.scored, start=1))
        ),
        "design.json": json.dumps(as_json(found), indent=1) + "\n",
        "report.html": report.render(_page(found, lang)),
    }
    for name, text in texts.items():
        write_text(out / name, text)
    return tuple(out / name for name in texts)


def as_json(found: Designs) -> dict[str, Any]:
    """The design but for the molecules that are not among the best."""
    return {
        "scored": len(found.scored),
        "started": found.started,
        "unsolved": found.unsolved,
        "objectives": list(found.terms),
        "best": [dataclasses.asdict(one) for one in found.best],
    }


def _table(found: Designs) -> str:
    head = ("rank", "smiles", "score", *found.terms, "strange", "route", "steps", "tiers", "route_reason")
    rows = []
    for one in found.best:
        made: tuple[Any, ...] = ("not looked for", "", "", "")
        if one.route:
            steps = "" if one.route.steps is None else one.route.steps
            made = (
                "found" if one.route.solved else "no route found",
                steps,
                "; ".join(one.route.tiers),
                one.route.reason,
            )
        parts = (f"{part:.4f}" for part in one.parts)
        rows.append((one.rank, one.smiles, f"{one.score:.6f}", *parts, one.strange, *made))
    return csv_text(head, rows)


def _page(found: Designs, lang: report.Language) -> report.Report:
    words = _WORDS[lang]
    best, scored = len(found.best), len(found.scored)
    solved = sum(bool(one.route and one.route.solved) for one in found.best)
    values = (scored, found.started, found.unsolved, round(max(score for _, score in found.scored), 4), solved)
    facts = report.Facts(tuple(zip(words["facts"], values, strict=True)))
    rows = tuple(_row(one, words) for one in found.best)
    parts = (report.Note(words["limits"]), facts, report.Table(words["heads"], rows))
    drawn = tuple(
        report.Figure(_drawing(one.smiles), words["drawn"].format(**vars(one))) for one in found.best[:_DRAWN]
    )
    short = words["short"].format(best=best, scored=scored)
    return report.Report(words["title"], (report.Section(words["ranking"], parts + drawn),), short, (), lang)


def _row(one: Designed, words: dict[str, Any]) -> tuple[Any, ...]:
    route = one.route
    said = None if route is None else words["found" if route.solved else "none"]
    tiers = ", ".join(route.tiers) if route else ""
    return (one.rank, one.smiles, round(one.score, 4), one.strange, said, route.steps if route else None, tiers or None)


def _drawing(smiles: str) -> str:
    drawer = rdMolDraw2D.MolDraw2DSVG(320, 220)
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, molecule_of(smiles))
    drawer.FinishDrawing()
    return str(drawer.GetDrawingText())
