"""Make the definition of the OMOP common data model 5.4 that the room `records` carries, from OHDSI's table of fields.

    python training/records_cdm.py ../shared/data/records/dqd/v5.4_Field_Level.csv

Keeps of each field its name, type, whether it is required, its keys and what they point to, in the order of the source.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "cdm" / "fields.tsv"
COLUMNS = {
    "table": "cdmTableName",
    "field": "cdmFieldName",
    "datatype": "cdmDatatype",
    "required": "isRequired",
    "primary_key": "isPrimaryKey",
    "foreign_table": "fkTableName",
    "foreign_field": "fkFieldName",
    "domain": "fkDomain",
    "concept_class": "fkClass",
}
FLAGS = ("required", "primary_key")


def main(source: Path) -> None:
    """Write the table of fields."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            kept = {name: row[column].strip() for name, column in COLUMNS.items()}
            kept |= {name: "1" if kept[name] == "Yes" else "0" for name in FLAGS}
            lower = ("table", "field", "datatype", "foreign_table", "foreign_field")
            kept |= {name: kept[name].lower() for name in lower}
            writer.writerow(kept.values())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
