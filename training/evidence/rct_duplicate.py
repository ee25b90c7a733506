"""Re-key the published results of RCT-DUPLICATE into the table that calibrates studies.

    python training/evidence/rct_duplicate.py RESULTS_CSV COVARIATES_CSV

Published facts: the hazard ratios of trials and of their emulations with 95 % intervals, and how close the emulation
was (Wang et al., JAMA 2023, 329, 1376, with the correction of 2024). A trial without a pooled primary
estimate is left out.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from bencao.evidence.calibration.emulation import CITATION

TARGET = Path(__file__).parents[2] / "src/bencao/evidence/models/calibration/rct_duplicate.csv"
RESULT = re.compile(r"([\d.]+) \(([\d.]+), ([\d.]+)\)")
KINDS = {"RCT result": "trial", "Pooled primary database study result": "records"}
PARTS = ("ratio", "low", "high")


def rekey(results: Path, covariates: Path) -> list[dict[str, str]]:
    """A row a trial that has both estimates."""
    with covariates.open(encoding="utf-8-sig", newline="") as file:
        close = {row["Trial"]: row["close_emulation"] == "Y" for row in csv.DictReader(file, delimiter=";")}
    rows: dict[str, dict[str, str]] = {}
    with results.open(encoding="utf-8-sig", newline="") as file:
        for told in csv.DictReader(file, delimiter=";"):
            found = RESULT.match(told["pe_95ci"])
            if told["Type"] in KINDS and found:
                row = rows.setdefault(
                    told["Trial"], {"trial": told["Trial"], "closeness": "close" if close[told["Trial"]] else "loose"}
                )
                row |= {
                    f"{KINDS[told['Type']]}_{part}": value for part, value in zip(PARTS, found.groups(), strict=True)
                }
    return [row for row in rows.values() if "trial_ratio" in row and "records_ratio" in row]


if __name__ == "__main__":
    rows = rekey(Path(sys.argv[1]), Path(sys.argv[2]))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {CITATION}. Published facts, re-keyed by training/evidence/rct_duplicate.py\n")
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
