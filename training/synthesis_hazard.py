"""Derive the table of hazard scores that the constraints of a plan use.

Run as ``python training/synthesis_hazard.py``; it writes ``src/bencao/synthesis/models/hazard/``.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from rdkit import Chem

from bencao.kernel.files import write_text
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.synthesis.chemistry.molecule import TargetError, inchikey
from bencao.synthesis.constraints.hazard import HAZARD_TABLE, TABLE_NAME

DATA = Path(__file__).resolve().parents[2] / "shared/data/synthesis/pathfinder_toxicity_ghs.json.gz"
CLASSIFIED = ("A", "B")  # P is predicted from structural alerts, C not classified


def fault(compound: dict[str, Any]) -> str:
    """Why a compound is left out; empty where it is not."""
    if compound["tier"] not in CLASSIFIED or compound["hazard_score"] is None:
        return "predicted or not classified"
    if not compound["smiles"]:
        return "no structure"
    molecule = Chem.MolFromSmiles(compound["smiles"])
    if molecule is None:
        return "structure cannot be read"
    # The parent of a salt is another substance (sodium hydroxide's is water), and metals are no reactants here.
    if len(Chem.GetMolFrags(molecule)) > 1:
        return "salt or mixture"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the scored compounds, JSON, gzip")
    parser.add_argument("--out", type=Path, default=HAZARD_TABLE)
    arguments = parser.parse_args()
    with gzip.open(arguments.data, "rt", encoding="utf-8") as handle:
        compounds = json.load(handle)["compounds"]
    rows: dict[str, tuple[float, str, str]] = {}
    left_out: Counter[str] = Counter()
    for compound in compounds:
        reason = fault(compound)
        try:
            key = "" if reason else inchikey(compound["smiles"])
        except TargetError as error:
            key, reason = "", error.code
        if not key:
            left_out[reason or "no InChIKey"] += 1
            continue
        # Of one substance listed twice the higher score stays.
        entry = (float(compound["hazard_score"]), compound["tier"], compound["name"])
        rows[key] = max(rows.get(key, entry), entry)
    lines = [f"{key}\t{score}\t{source}\t{name}" for key, (score, source, name) in sorted(rows.items())]
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_text(arguments.out / "ghs.tsv", "\n".join(["inchikey\tscore\tsource\tname", *lines, ""]))
    write_card(
        arguments.out,
        TABLE_NAME,
        version="1",
        task="standard InChIKey to a hazard score from 0 to 1: severities summed over independent GHS hazard classes, "
        "over 77; source A is Annex VI of the CLP Regulation, B notified classifications and safety data sheets",
        files=["ghs.tsv"],
        trained_on=[
            TrainingSource(
                source="PathFinder's table of GHS/CLP hazard scores (pathfinder_toxicity_ghs.json)",
                licence="MIT",
                rows=len(compounds),
            )
        ],
        split="none",
        figures={"molecules": ModelFigure(value=len(rows))}
        | {f"left out: {reason}": ModelFigure(value=count) for reason, count in sorted(left_out.items())},
        script="training/synthesis_hazard.py",
        made=date.today(),
        limits="a few hundred laboratory chemicals; what is not in it may be as dangerous as any; a sum over "
        "classes is no measure of how severe the worst of them is (phosgene scores below toluene)",
    )
    print(len(rows), dict(left_out))


if __name__ == "__main__":
    main()
