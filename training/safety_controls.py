"""Make the lists of controls that `bencao safety evaluate` ships, from the published reference sets.

python training/safety_controls.py [--data ../shared/data/safety/refsets] [--out FOLDER]

Outcomes are called by plain names, and safety_outcome_terms.tsv, written for Bencao, says by which terms reports may
tell them.
"""

from __future__ import annotations

import argparse
import csv
from datetime import date
from pathlib import Path

from bencao.kernel.files import write_text
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.safety.signals.calibration.controls import CONTROLS, DRUGS, EVENTS, MODELS, NAME

ROOT = Path(__file__).resolve().parents[1]
TERMS = Path(__file__).with_name("safety_outcome_terms.tsv")
OUTCOMES = {
    "OMOP Acute Liver Failure 1": "acute liver failure",
    "OMOP Acute Renal Failure 1": "acute renal failure",
    "OMOP Acute myocardial Infarction  1": "acute myocardial infarction",
    "HOI Upper GI #3": "upper gastrointestinal bleeding",
    "Anaphylaxis #1": "anaphylaxis",
    "Cardiac Valve Fibrosis #1": "cardiac valve fibrosis",
    "Leukopenia Including Neutropenia and Agranulocytosis": "leukopenia",
    "OMOP Aplastic Anemia 1": "aplastic anaemia",
    "Rhabdomyolysis #1": "rhabdomyolysis",
    "Stevens-Johnson Syndrome #1": "stevens-johnson syndrome",
}
SOURCES = {
    "omop": ("raw_omopReferenceSet.csv", "OMOP reference set (Ryan et al., Drug Saf. 2013)"),
    "eu-adr": ("raw_euadrReferenceSet.csv", "EU-ADR reference set (Coloma et al., Drug Saf. 2013)"),
    "ohdsi": ("raw_ohdsiNegativeControls.csv", "OHDSI negative controls (Schuemie et al., PNAS 2018)"),
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def controls(folder: Path) -> list[tuple[str, str, str, str]]:
    """Set, drug, outcome and whether positive, each pair once."""
    found: dict[tuple[str, str, str], str] = {}
    for name in ("omop", "eu-adr"):
        for row in rows_of(folder / SOURCES[name][0]):
            found[name, row["exposureName"].lower(), OUTCOMES[row["outcomeName"]]] = row["groundTruth"]
    for row in rows_of(folder / SOURCES["ohdsi"][0]):
        found["ohdsi", row["targetName"].lower(), row["outcomeName"].lower()] = "0"
    return [(*key, positive) for key, positive in sorted(found.items())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/safety/refsets")
    parser.add_argument("--out", type=Path, default=MODELS)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    made = controls(arguments.data)
    lines = ("\t".join(row) + "\n" for row in made)
    write_text(arguments.out / CONTROLS, "set\tdrug\toutcome\tpositive\n" + "".join(lines))
    write_text(arguments.out / EVENTS, TERMS.read_text(encoding="utf-8"))
    names = sorted(
        {
            (row["us_name"].lower(), row["au_name"].lower())
            for row in rows_of(arguments.data / "drug_name_crosswalk.csv")
        }
    )
    write_text(arguments.out / DRUGS, "name\tother\n" + "".join(f"{one}\t{other}\n" for one, other in names))
    sizes = {name: sum(row[0] == name for row in made) for name in SOURCES}
    write_card(
        arguments.out,
        NAME,
        version="1",
        task="pairs of a drug and an outcome that are held to go together, or not to; terms of the outcomes; names",
        files=[CONTROLS, EVENTS, DRUGS],
        trained_on=[
            TrainingSource(source=source, licence="Apache-2.0", rows=sizes[name])
            for name, (_, source) in SOURCES.items()
        ]
        + [
            TrainingSource(source="safety_outcome_terms.tsv, written for Bencao", licence="Apache-2.0", rows=len(names))
        ],
        split="nothing is fitted",
        figures={f"controls of {name}": ModelFigure(value=size) for name, size in sizes.items()},
        script="training/safety_controls.py",
        made=date.today(),
        limits="made for claims and records, some pairs since judged otherwise; the outcomes' terms are plain words of "
        "ours, not a MedDRA query: give your own with --event-terms where you have MedDRA",
    )
    print(sizes)


if __name__ == "__main__":
    main()
