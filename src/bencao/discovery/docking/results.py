"""What a docking gives to keep: a table, the poses, the receptor, and a page with each best pose drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.discovery.docking.checks import Check, check_pose
from bencao.discovery.docking.diagram import interaction_diagram
from bencao.discovery.docking.docking import Docked
from bencao.discovery.docking.interactions import Interaction, interactions_of
from bencao.discovery.receptor.box import Box
from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel import report
from bencao.kernel.compute import Failure
from bencao.kernel.files import csv_text, write_text

_DRAWN = 25
_WORDS = {
    "en": {
        "title": "Docking to {source}",
        "ranking": "Ranking",
        "heads": ("ligand", "state", "score / kcal/mol", "shapes", "poses", "failed checks"),
        "caption": "Best pose of each ligand.",
        "contacts": ("residue", "contact", "atom", "distance / Å"),
        "limits": "Scores rank poses and are no affinities. A pose that fails a check is to be doubted.",
        "failed": ("ligand", "error", "cause", "mend"),
        "not": "Not docked",
    },
    "zh": {
        "title": "对接：{source}",
        "ranking": "排序",
        "heads": ("配体", "状态", "打分 / kcal/mol", "起始构象", "构象数", "未通过的检查"),
        "caption": "各配体的最优构象。",
        "contacts": ("残基", "作用", "原子", "距离 / Å"),
        "limits": "打分用于排序，不是亲和力。未通过检查的构象不可轻信。",
        "failed": ("配体", "错误", "原因", "处理办法"),
        "not": "未能对接",
    },
}


@dataclass(frozen=True)
class Judged:
    """A ligand's answer, with checks and contacts of its best pose."""

    answer: Docked | Failure
    checks: tuple[Check, ...] = ()
    interactions: tuple[Interaction, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether it was docked and the best pose passes every check."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def failed_checks(self) -> tuple[str, ...]:
        """Names of the checks the best pose fails."""
        return tuple(check.name for check in self.checks if not check.passed)

    def as_json(self) -> dict[str, Any]:
        """The answer as it stands in JSON."""
        if isinstance(self.answer, Failure):
            return {"error": self.answer.as_json()}
        return {
            "state": self.answer.smiles,
            "share": self.answer.share,
            "states": self.answer.states,
            "score": self.answer.score,
            "shapes": self.answer.shapes,
            "poses": len(self.answer.poses),
            "failed_checks": list(self.failed_checks),
            "interactions": [
                {
                    "residue": one.residue,
                    "kind": one.kind,
                    "atom": one.receptor_atom,
                    "distance": one.distance,
                    "ligand_atoms": list(one.ligand_atoms),
                }
                for one in self.interactions
            ],
        }


def judged(answer: Docked | Failure, receptor: Receptor) -> Judged:
    """Check the best pose of an answer and list its contacts."""
    if isinstance(answer, Failure):
        return Judged(answer)
    best = answer.poses[0].molecule
    return Judged(answer, check_pose(best, receptor), interactions_of(best, receptor))


def write_results(
    results: Sequence[tuple[tuple[str, str], Judged]], receptor: Receptor, box: Box, out: Path, lang: str = "en"
) -> tuple[Path, ...]:
    """Write ``scores.csv``, ``poses.sdf``, ``receptor.pdb`` and ``report.html`` into a folder.

    Raises
    ------
    InputError
        Where a file cannot be written.
    """
    ranked = sorted(results, key=lambda entry: (_rank(entry[1]), entry[0]))
    paths = tuple(out / name for name in ("scores.csv", "poses.sdf", "receptor.pdb", "report.html"))
    write_text(paths[0], _table(ranked))
    write_text(paths[1], "".join(_records(result.answer) for _, result in ranked if isinstance(result.answer, Docked)))
    write_text(paths[2], receptor.pdb)
    report.write(_page(ranked, receptor, box, "zh" if lang == "zh" else "en"), paths[3])
    return paths


def _rank(result: Judged) -> float:
    return result.answer.score if isinstance(result.answer, Docked) else math.inf


def _table(ranked: Sequence[tuple[tuple[str, str], Judged]]) -> str:
    head = ("name", "smiles", "state", "share", "score", "shapes", "poses", "failed_checks", "error", "cause", "mend")
    rows: list[tuple[object, ...]] = []
    for (name, smiles), result in ranked:
        answer = result.answer
        if isinstance(answer, Docked):
            checks = " ".join(result.failed_checks)
            share = "" if answer.share is None else f"{answer.share:.2f}"
            told = (answer.smiles, share, f"{answer.score:.3f}", answer.shapes, len(answer.poses), checks)
            rows.append((name, smiles, *told, "", "", ""))
        else:
            rows.append((name, smiles, "", "", "", "", "", "", answer.kind, answer.cause, answer.mend))
    return csv_text(head, rows)


def _records(docked: Docked) -> str:
    fields = ("rank", "score", "shape", "smiles")
    parts = []
    for rank, pose in enumerate(docked.poses, 1):
        values = (rank, f"{pose.score:.3f}", pose.shape, docked.smiles)
        told = "".join(f">  <{field}>\n{value}\n\n" for field, value in zip(fields, values, strict=True))
        parts.append(f"{pose.block.rstrip()}\n{told}$$$$\n")
    return "".join(parts)


def _page(
    ranked: Sequence[tuple[tuple[str, str], Judged]], receptor: Receptor, box: Box, lang: report.Language
) -> report.Report:
    words: dict[str, Any] = _WORDS[lang]
    docked = [(name, result, result.answer) for (name, _), result in ranked if isinstance(result.answer, Docked)]
    rows = []
    for name, result, answer in docked:
        failed = ", ".join(result.failed_checks) or None
        rows.append((name, answer.smiles, round(answer.score, 2), answer.shapes, len(answer.poses), failed))
    parts = (report.Note(words["limits"]), report.Table(words["heads"], tuple(rows), words["caption"]))
    sections = [report.Section(words["ranking"], parts)]
    for name, result, answer in docked[:_DRAWN]:
        contacts = tuple((one.residue, one.kind, one.receptor_atom, one.distance) for one in result.interactions)
        drawing = interaction_diagram(answer.poses[0].molecule, result.interactions, lang)
        sections.append(report.Section(name, (report.Figure(drawing), report.Table(words["contacts"], contacts))))
    failures = tuple(
        (name, result.answer.kind, result.answer.cause, result.answer.mend)
        for (name, _), result in ranked
        if isinstance(result.answer, Failure)
    )
    if failures:
        sections.append(report.Section(words["not"], (report.Table(words["failed"], failures),)))
    place = "{:.1f}, {:.1f}, {:.1f}; {:.1f} x {:.1f} x {:.1f} Å".format(*box.center, *box.size)
    provenance = (("receptor", receptor.source), ("box", place), ("pH", f"{receptor.ph:g}"))
    return report.Report(
        words["title"].format(source=receptor.source), tuple(sections), provenance=provenance, language=lang
    )
