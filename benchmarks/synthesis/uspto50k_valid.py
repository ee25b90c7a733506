"""Write the validation split of USPTO-50k as the CSV that the benchmarks read.

python benchmarks/synthesis/uspto50k_valid.py OUT.csv [--from-reactions TABLE] [--source NAME]
"""

from __future__ import annotations

import argparse
import csv
import io
import lzma
from pathlib import Path

from command import run

from bencao.kernel.files import write_text

REACTIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "synthesis" / "reactions.tsv.xz"


def rows_of_source(table: Path, source: str) -> list[tuple[str, str, str]]:
    """Class, id and reaction SMILES of the rows of one source."""
    with lzma.open(table, "rt", encoding="utf-8") if table.suffix == ".xz" else table.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return [(row["class"], row["source_id"], row["reaction"]) for row in rows if row["source"] == source]


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--from-reactions", type=Path, default=REACTIONS, help="table of the development data")
    parser.add_argument("--source", default="uspto50k-valid")
    arguments = parser.parse_args()
    rows = rows_of_source(arguments.from_reactions, arguments.source)
    if not rows:
        raise SystemExit(f"{arguments.from_reactions}: no row of source {arguments.source}")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("class", "id", "rxn_smiles"), *rows])
    write_text(arguments.out, text.getvalue())
    print(f"{len(rows)} reactions")


if __name__ == "__main__":
    run(main)
