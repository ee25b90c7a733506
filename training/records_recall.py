"""Keep the figures that an extract with free text tells of its de-identification.

    python benchmarks/records/deidentify.py --split clinic --json | python training/records_recall.py

To be run again whenever what finds identifiers has changed.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/bencao/records/models/deidentify/recall.tsv"
ROWS = (
    *((language, "all", f"{language}_recall") for language in ("zh", "en")),
    *((language, name, f"{language}_{name}_recall") for language in ("zh", "en") for name in ("name", "date")),
)


def main() -> None:
    """Write language, category, recall, its interval and the number of identifiers, a line a figure."""
    figures = json.load(sys.stdin)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(("language", "category", "recall", "low", "high", "n"))
        for language, category, key in ROWS:
            told = (f"{figures[key + part]:.3f}" for part in ("", "_low", "_high"))
            writer.writerow((language, category, *told, figures[f"{key}_n"]))


if __name__ == "__main__":
    main()
