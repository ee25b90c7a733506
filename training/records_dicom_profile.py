"""Make the table of the DICOM confidentiality profile that the room `records` carries.

    python training/records_dicom_profile.py dicomfields_2026c.py

The actions are those of DICOM PS3.15 2026c, table E.1-1, column Basic Profile, as dicom-anonymizer 2.1.0 (BSD) lists
them; keywords come from pydicom's dictionary. What the standard says of groups (private, curves, overlays) is a rule in
the code.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from pydicom.datadict import dictionary_has_tag, keyword_for_tag

TARGET = (
    Path(__file__).resolve().parent.parent
    / "src"
    / "bencao"
    / "records"
    / "models"
    / "deidentify"
    / "dicom_profile.tsv"
)
LISTS = {
    "D_TAGS": "D", "Z_TAGS": "Z", "X_TAGS": "X", "U_TAGS": "U", "Z_D_TAGS": "Z/D", "X_Z_TAGS": "X/Z", "X_D_TAGS": "X/D",
    "X_Z_D_TAGS": "X/Z/D", "X_Z_U_STAR_TAGS": "X/Z/U*",
}  # fmt: skip


def main(source: Path) -> None:
    """Write tag, keyword and action, a line an attribute."""
    told = runpy.run_path(str(source))
    rows = []
    for name, action in LISTS.items():
        for tag in told[name]:
            if len(tag) != 2:
                continue
            number = tag[0] << 16 | tag[1]
            keyword = keyword_for_tag(number) if dictionary_has_tag(number) else ""
            rows.append((f"{number:08x}", keyword, action))
    lines = ["tag\tkeyword\taction", *("\t".join(row) for row in sorted(set(rows)))]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
