"""Keep the figures that an extract with free text, and the card of the network, tell of de-identification.

    for split in hospital clinic; do
        python benchmarks/records/deidentify.py --split $split --json; done | python training/records_recall.py

To be run again whenever what finds identifiers has changed.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src/bencao/records/models/deidentify"
TARGET, CARD = FOLDER / "recall.tsv", FOLDER / "running.card.json"
ROWS = (
    *((language, "all", f"{language}_recall") for language in ("zh", "en")),
    *((language, name, f"{language}_{name}_recall") for language in ("zh", "en") for name in ("name", "date")),
)


def main() -> None:
    """Write notes, language, category, recall, its interval and the number of identifiers; then the card."""
    splits = [json.loads(line) for line in sys.stdin]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(("notes", "language", "category", "recall", "low", "high", "n"))
        for figures in splits:
            for language, category, key in ROWS:
                told = (f"{figures[key + part]:.3f}" for part in ("", "_low", "_high"))
                writer.writerow((figures["split"], language, category, *told, figures[f"{key}_n"]))
    card = json.loads(CARD.read_text(encoding="utf-8"))
    card["figures"] = {
        f"{figures['split']}_{key}": {
            "value": round(figures[key], 4),
            "n": figures[f"{key}_n"],
            "interval": [round(figures[f"{key}_{end}"], 4) for end in ("low", "high")],
        }
        for figures in splits
        for key in ("recall", "name_recall", "other_redacted")
    }
    CARD.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
