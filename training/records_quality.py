"""Make the catalogue of checks that the room `records` carries, from the tables of OHDSI's Data Quality Dashboard.

    python training/records_quality.py ../shared/data/records/dqd

One row a check: what it looks at, the value it compares with, and per cent of rows that may violate it.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "quality" / "checks.tsv"
COLUMNS = (
    "id",
    "name",
    "level",
    "table",
    "field",
    "concept",
    "concept_name",
    "value",
    "threshold",
    "severity",
    "category",
    "context",
    "subcategory",
)
Row = dict[str, str]


def _yes(column: str) -> Callable[[Row], bool]:
    return lambda row: row[column] == "Yes"


def _given(column: str) -> Callable[[Row], bool]:
    return lambda row: row[column] != ""


# Which rows of the tables a check is made of, and what it compares with.
APPLIES: dict[str, Callable[[Row], bool]] = {
    "cdmTable": lambda row: True,
    "cdmField": lambda row: True,
    "cdmDatatype": lambda row: row["cdmDatatype"] == "integer",
    "fkDomain": lambda row: row["isForeignKey"] == "Yes" and row["fkDomain"] != "",
    "fkClass": lambda row: row["isForeignKey"] == "Yes" and row["fkClass"] != "",
    "plausibleValueLow": _given("plausibleValueLow"),
    "plausibleValueHigh": _given("plausibleValueHigh"),
    "plausibleGender": _given("plausibleGender"),
    "plausibleGenderUseDescendants": _given("plausibleGenderUseDescendants"),
    "plausibleUnitConceptIds": _given("plausibleUnitConceptIds"),
}
VALUES: dict[str, Callable[[Row], str]] = {
    "isForeignKey": lambda row: f"{row['fkTableName']}.{row['fkFieldName']}".lower(),
    "fkDomain": lambda row: row["fkDomain"],
    "fkClass": lambda row: row["fkClass"],
    "sourceValueCompleteness": lambda row: row["standardConceptFieldName"].lower(),
    "plausibleValueLow": lambda row: _bound(row["plausibleValueLow"]),
    "plausibleValueHigh": lambda row: _bound(row["plausibleValueHigh"]),
    "plausibleTemporalAfter": lambda row: (
        f"{row['plausibleTemporalAfterTableName']}.{row['plausibleTemporalAfterFieldName']}".lower()
    ),
    "plausibleStartBeforeEnd": lambda row: row["plausibleStartBeforeEndFieldName"].lower(),
    "plausibleGender": lambda row: row["plausibleGender"],
    "plausibleGenderUseDescendants": lambda row: row["plausibleGenderUseDescendants"],
    "plausibleUnitConceptIds": lambda row: row["plausibleUnitConceptIds"],
}


def main(folder: Path) -> None:
    """Write the catalogue."""
    tables = {level: _rows(folder / f"v5.4_{level.title()}_Level.csv") for level in ("TABLE", "FIELD", "CONCEPT")}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for described in _rows(folder / "v5.4_Check_Descriptions.csv"):
            writer.writerows(_checks(described, tables[described["checkLevel"]]))


def _checks(described: Row, rows: list[Row]) -> Iterator[Row]:
    name = described["checkName"]
    applies = APPLIES.get(name) or _yes(name)
    for row in rows:
        if applies(row):
            field, concept = row.get("cdmFieldName", ""), row.get("conceptId", "")
            parts = [described["checkLevel"], name, row["cdmTableName"], field, concept]
            yield {
                "id": "_".join(re.sub(r"[ ,]+", "-", part) for part in parts if part).lower(),
                "name": name,
                "level": described["checkLevel"],
                "table": row["cdmTableName"].lower(),
                "field": field.lower(),
                "concept": concept.replace(" ", ""),
                "concept_name": row.get("conceptName", ""),
                "value": VALUES[name](row) if name in VALUES else "",
                "threshold": row.get(f"{name}Threshold", "") or "0",
                "severity": described["severity"],
                "category": described["kahnCategory"],
                "context": described["kahnContext"],
                "subcategory": described["kahnSubcategory"],
            }


def _bound(text: str) -> str:
    """A bound in words of our own: a number, an ISO date, ``tomorrow`` or ``next_year``."""
    if text == "DATEADD(dd,1,GETDATE())":
        return "tomorrow"
    if text == "YEAR(GETDATE())+1":
        return "next_year"
    quoted = re.fullmatch(r"'(\d{4})(\d{2})(\d{2})'", text)
    return "-".join(quoted.groups()) if quoted else str(float(text))


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
