"""How often the state of charge that a ligand is given is the one that its measured pKa say.

python benchmarks/discovery/protonation.py FILE [--ph 7.4] [--json] [--predictions FILE]

FILE is a table with the columns `name`, `acid`, `base` (SMILES of the two forms) and `pka`, one row for each measured
constant; several rows of one name are steps of one molecule. The form that prevails at the pH is known where no
constant is within half a unit of it; molecules nearer are counted apart. The peers in the same run are to leave each
molecule neutral, and Dimorphite-DL where it is installed (which ranks its states by name, not by share).
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rdkit import Chem
from scipy.stats import binomtest
from showing import show

from bencao.discovery.ligands.protomers import protomers
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.molecules.standardising import standard_parent
from bencao.kernel.files import write_text

_NEAR = 0.5


def main() -> None:
    """Compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--ph", type=float, default=7.4)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    rows = judge(arguments.file, arguments.ph)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(row) + "\n" for row in rows))
    figures = summary(rows, arguments.ph)
    show(figures, arguments.json, "{:.3g}".format)


def judge(file: Path, ph: float) -> list[dict[str, Any]]:
    """For each molecule the measured and the given charge."""
    steps: dict[str, list[tuple[float, Chem.Mol, Chem.Mol]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            forms = [Chem.MolFromSmiles(row[form]) for form in ("acid", "base")]
            steps[row["name"]].append((float(row["pka"]), forms[0], forms[1]))
    rows: list[dict[str, Any]] = []
    for name, known in steps.items():
        known.sort(key=lambda step: step[0])
        left = [step for step in known if step[0] > ph]
        form = left[0][1] if left else known[-1][2]
        parent = standard_parent(LibraryRow(0, Chem.MolToSmiles(form)).molecule())
        states = protomers(parent, ph)
        rows.append(
            {
                "name": name,
                "measured": Chem.GetFormalCharge(form),
                "given": states[0].charge,
                "states": [{"smiles": one.smiles, "share": round(one.share, 3)} for one in states],
                "nearest": min(abs(step[0] - ph) for step in known),
                "peer": _peer(Chem.MolToSmiles(parent), ph),
                "listed": any(one.charge == Chem.GetFormalCharge(form) for one in states),
            }
        )
    return rows


def _peer(smiles: str, ph: float) -> list[int] | None:
    """Charges of the states that Dimorphite-DL gives; None where it is not installed."""
    if find_spec("dimorphite_dl") is None:
        return None
    from dimorphite_dl import protonate_smiles

    found = protonate_smiles(smiles, ph_min=ph, ph_max=ph, precision=1.0)
    return [Chem.GetFormalCharge(Chem.MolFromSmiles(one)) for one in found]


def summary(rows: list[dict[str, Any]], ph: float) -> dict[str, float]:
    """Shares of the molecules, with 95 % intervals (Clopper and Pearson)."""
    sure = [row for row in rows if row["nearest"] > _NEAR]
    figures: dict[str, float] = {"n": len(sure), "within_half_a_unit": len(rows) - len(sure), "ph": ph}
    shares = {
        "charge_right": [row["given"] == row["measured"] for row in sure],
        "charge_among_states": [row["listed"] for row in sure],
        "neutral_right": [row["measured"] == 0 for row in sure],
    }
    counts = {"states_a_molecule": [len(row["states"]) for row in rows]}
    if rows[0]["peer"] is not None:
        shares["dimorphite_among_states"] = [row["measured"] in row["peer"] for row in sure]
        counts["dimorphite_states_a_molecule"] = [len(row["peer"]) for row in rows]
    for name, hits in shares.items():
        interval = binomtest(sum(hits), len(hits)).proportion_ci()
        figures |= {name: sum(hits) / len(hits), f"{name}_low": interval.low, f"{name}_high": interval.high}
    return figures | {name: sum(number) / len(number) for name, number in counts.items()}


if __name__ == "__main__":
    main()
