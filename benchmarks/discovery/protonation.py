"""How often the state of charge that a ligand is given is the one that its measured pKa say.

python benchmarks/discovery/protonation.py FILE [--ph 7.4] [--json] [--predictions FILE]

FILE is a table with the columns `name`, `acid`, `base` (SMILES of the two forms) and `pka`, one row for each measured
constant; several rows of one name are steps of one molecule. The form that prevails at the pH is known where no
constant is within half a unit of it; molecules nearer are counted apart. The peer in the same run is to leave each
molecule neutral.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path

from rdkit import Chem
from rich.console import Console
from rich.table import Table
from scipy.stats import binomtest

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
    if arguments.json:
        print(json.dumps(figures))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3g}")
    Console().print(table)


def judge(file: Path, ph: float) -> list[dict[str, object]]:
    """For each molecule the measured and the given charge."""
    steps: dict[str, list[tuple[float, Chem.Mol, Chem.Mol]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            forms = [Chem.MolFromSmiles(row[form]) for form in ("acid", "base")]
            steps[row["name"]].append((float(row["pka"]), forms[0], forms[1]))
    rows: list[dict[str, object]] = []
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
                "listed": any(one.charge == Chem.GetFormalCharge(form) for one in states),
            }
        )
    return rows


def summary(rows: list[dict[str, object]], ph: float) -> dict[str, float]:
    """Shares of the molecules, with 95 % intervals (Clopper and Pearson)."""
    sure = [row for row in rows if float(str(row["nearest"])) > _NEAR]
    figures: dict[str, float] = {"n": len(sure), "within_half_a_unit": len(rows) - len(sure), "ph": ph}
    shares = {
        "charge_right": [row["given"] == row["measured"] for row in sure],
        "charge_among_states": [bool(row["listed"]) for row in sure],
        "neutral_right": [row["measured"] == 0 for row in sure],
    }
    for name, hits in shares.items():
        interval = binomtest(sum(hits), len(hits)).proportion_ci()
        figures |= {name: sum(hits) / len(hits), f"{name}_low": interval.low, f"{name}_high": interval.high}
    return figures | {"states_a_molecule": sum(len(list(row["states"])) for row in rows) / len(rows)}  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
