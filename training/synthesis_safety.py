"""Check the reviewed lists of weapons, explosives, energetic groups and controlled drugs, and write their card.

Run as ``python training/synthesis_safety.py``; the lists are ``src/bencao/synthesis/models/safety/*.tsv``.
"""

from __future__ import annotations

import csv
from datetime import date

from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.synthesis.chemistry.molecule import inchikey
from bencao.synthesis.constraints.safety import LISTS_NAME, SAFETY_LISTS

SOURCES = {
    "chemical_weapons.tsv": "Chemical Weapons Convention, Annex on Chemicals, with the entries in force since 7 June "
    "2020; written for Bencao as SMILES and SMARTS",
    "energetic.tsv": "well-known explosives and energetic groups, written for Bencao; fewer than six carbon atoms for "
    "each group as in the rule of six that laboratories go by",
    "controlled.tsv": "main entries of the Single Convention on Narcotic Drugs, 1961, and the Convention on "
    "Psychotropic Substances, 1971; written for Bencao",
}


def read(name: str) -> list[dict[str, str]]:
    """Rows of a list."""
    with (SAFETY_LISTS / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def faults(rows: list[dict[str, str]]) -> list[str]:
    """What is wrong with a list: a molecule of another formula than its row says, or one that stands twice."""
    found = []
    seen: dict[str, str] = {}
    for row in rows:
        if row.get("kind", "molecule") == "pattern":
            continue
        smiles = row.get("text") or row["smiles"]
        formula = CalcMolFormula(Chem.MolFromSmiles(smiles))
        if formula != row["formula"]:
            found.append(f"{row['name']}: {formula} drawn, {row['formula']} expected")
        key = inchikey(smiles)[:14]
        if key in seen:
            found.append(f"{row['name']} is {seen[key]}")
        seen[key] = row["name"]
    return found


def main() -> None:
    lists = {name: read(name) for name in SOURCES}
    wrong = [fault for rows in lists.values() for fault in faults(rows)]
    if wrong:
        raise SystemExit("\n".join(wrong))
    write_card(
        SAFETY_LISTS,
        LISTS_NAME,
        version="1",
        task="molecule to the reason for which no route is planned to it, or for which a route is flagged",
        files=list(SOURCES),
        trained_on=[
            TrainingSource(source=source, licence="Apache-2.0", rows=len(lists[name]))
            for name, source in SOURCES.items()
        ],
        split="none",
        figures={f"rows of {name}": ModelFigure(value=len(rows)) for name, rows in lists.items()},
        script="training/synthesis_safety.py",
        made=date.today(),
        limits="alkyl groups of up to ten carbon atoms are not counted, so that a family reaches a little further; "
        "ricin is a protein and no entry; national lists, precursors of drugs and most analogues are not in it",
    )
    for name, rows in lists.items():
        print(f"{name:22} {len(rows):4}")


if __name__ == "__main__":
    main()
