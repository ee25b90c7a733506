"""A vocabulary in MedDRA's file layout, of terms and codes of our own: MedDRA itself is not free to ship."""

from __future__ import annotations

from pathlib import Path

TERMS = {  # PT: its LLTs; a star marks one that is no longer current
    "Headache": ("Headache", "Head pain", "Cephalgia", "*Pain in head NOS"),
    "Nausea": ("Nausea", "Feeling sick", "Queasy"),
    "Oedema peripheral": ("Oedema peripheral", "Swollen ankles", "Ankle oedema"),
    "Rash": ("Rash", "Skin rash", "Rash NOS"),
    "Myocardial infarction": ("Myocardial infarction", "Heart attack"),
}


def write_meddra(folder: Path, version: str = "99.1") -> Path:
    """Write llt.asc, pt.asc, mdhier.asc and meddra_release.asc."""
    folder.mkdir(parents=True, exist_ok=True)
    pts, llts, places = [], [], []
    for number, (pt, names) in enumerate(TERMS.items(), 1):
        pts.append(f"{1000 + number}${pt}$$900$$$$$$$")
        for place, name in enumerate(names):
            code = 1000 + number if place == 0 else 2000 + 10 * number + place
            llts.append(f"{code}${name.lstrip('*')}${1000 + number}$$$$$$${'N' if name[0] == '*' else 'Y'}$$")
        for flag, soc in (("Y", 900 + number % 2), ("N", 950)):
            places.append(f"{1000 + number}$700$800${soc}${pt}$HLT$HLGT$SOC {soc}$S$$900${flag}$")
    lines = {"pt.asc": pts, "llt.asc": llts, "mdhier.asc": places, "meddra_release.asc": [f"{version}$English$$$$"]}
    for name, rows in lines.items():
        (folder / name).write_text("".join(f"{row}\r\n" for row in rows), encoding="utf-8")
    return folder
