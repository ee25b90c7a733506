"""Make the table of the data elements of E2B(R3): numbers, lengths, types, codes, null flavours, conformance.

python training/safety_elements.py ../shared/data/safety/e2b/icsr_data_elements.csv

Facts of the ICH E2B(R3) implementation guide and of FDA's technical specification, from FDA's published table.
"""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path

from bencao.kernel.files import write_text

OUT = Path(__file__).resolve().parents[1] / "src" / "bencao" / "safety" / "e2b" / "elements.tsv"
COLUMNS = ("number", "name", "length", "type", "codes", "ich", "postmarket", "premarket", "nulls", "root")
NULLS = ("NI", "MSK", "UNK", "NA", "ASKU", "NASK", "NINF", "PINF", "OTH")
CONFORMANCE = {"Required": "required", "Conditional-Required": "conditional", "Optional": "optional"}
_CODE = re.compile(r"(?:^|[\s,>])(?:(\d{1,2}|C\d{4,6})\s*=\s*(?=[\w'])|(\d{1,2})-(?=[A-Z]))")


def element(row: list[str]) -> dict[str, str] | None:
    """A line of the table; None for a heading."""
    row = [" ".join(cell.split()) for cell in row] + [""] * 40
    number = row[2].rstrip(".")
    if not re.fullmatch(r"(?:FDA\.)?[A-HN](?:\.[0-9a-z]+)+", number) or (
        row[3].startswith("Device Manufacturer") and not row[4]
    ):
        return None
    text, kind = row[6], row[5]
    nulls = {name for name, told in zip(NULLS, row[20:29], strict=True) if told == "Yes"}
    nulls |= {name for name in NULLS if re.search(rf"nullFlavor:[^.]*\b{name}\b", text)}
    codes = (
        dict.fromkeys(one or other for one, other in _CODE.findall(re.sub(r"<code>\s*=\s*C\d+", "", text)))
        if row[4] in ("1", "2", "10")
        else {}
    )
    if kind == "Boolean":
        codes = dict.fromkeys(word for word in ("false", "true") if word in text)
    return {
        "number": number,
        "name": row[3],
        "length": row[4] if row[4].isdecimal() else "",
        "type": {
            "Date/Time": "date",
            "N": "number",
            "A": "letters",
            "AN": "text",
            "Boolean": "boolean",
            "B64": "base64",
        }.get(kind, ""),
        "codes": " ".join(codes),
        "ich": CONFORMANCE.get(row[7], ""),
        "postmarket": CONFORMANCE.get(row[9], ""),
        "premarket": CONFORMANCE.get(row[11], ""),
        "nulls": " ".join(name for name in NULLS if name in nulls),
        "root": next(iter(re.findall(r"\d+(?:\.\d+){3,}", row[29])), ""),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    with arguments.table.open(encoding="utf-8-sig", newline="") as handle:
        found = [made for row in csv.reader(handle) if len(row) > 4 and (made := element(row))]
    lines = ["\t".join(COLUMNS), *("\t".join(each[column] for column in COLUMNS) for each in found)]
    write_text(arguments.out, "\n".join(lines) + "\n")
    print(f"{len(found)} data elements")


if __name__ == "__main__":
    main()
