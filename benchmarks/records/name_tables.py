"""Vocabularies with labelled terms for `standard_names.py`, from data that others published.

python benchmarks/records/name_tables.py icd10cm OUT [--terms N] [--seed N]
python benchmarks/records/name_tables.py loinc OUT --omop ZIP [--seed N]

icd10cm: the inclusion terms of ICD-10-CM, which its editors print below a code's title, are the terms; the titles are
the vocabulary (package simple-icd-10-cm). Terms that are a title, or that point to other codes, are left out.

loinc: names in LOINC's long form (``Component [Property] in Specimen``) of an OMOP database are the keys; of each test
five writings are made from its component, with a unit of its property and its specimen: as it is, in capitals with the
specimen before it, with a slip of the pen, with its words turned round, and in British spelling. That is how well the
code stands such changes, not how wards write.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bencao.records.normalisation.ranking.phrases import plain
from bencao.records.normalisation.vocabulary import ICD10_CM, open_vocabulary

_POINTS = re.compile(r"classifiable|conditions? in [A-Z]\d\d|[A-Z]\d\d-|\d-,")
_LONG_NAME = re.compile(r"(?P<component>[^\[]+?) \[(?P<property>[^\]]+)\](?: (?:in|of) (?P<specimen>.+?))?(?: by .+)?")
# Property in LOINC's long names -> in its table, and units of it.
_UNITS = {
    "mass/volume": ("MCnc", "mg/dL", "g/L"),
    "moles/volume": ("SCnc", "mmol/L", "umol/L"),
    "enzymatic activity/volume": ("CCnc", "U/L"),
    "#/volume": ("NCnc", "10*9/L", "10*3/uL"),
    "volume fraction": ("VFr", "%"),
}
_BRITISH = (("Hemo", "Haemo"), ("hemo", "haemo"), ("Estr", "Oestr"), ("Leuko", "Leuco"))


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=("icd10cm", "loinc"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--omop", type=Path)
    parser.add_argument("--terms", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    draw = random.Random(arguments.seed)
    if arguments.which == "icd10cm":
        rows = sorted(_inclusion_terms())
        _write(
            arguments.out / "icd10cm_terms.csv", ("term", "code"), draw.sample(rows, min(arguments.terms, len(rows)))
        )
        return
    tests = sorted(set(_tests(arguments.omop)))
    heads = ("key", "component", "property", "specimen", "unit")
    _write(arguments.out / "loinc.csv", heads, [(*one, "") for one in tests])
    _write(
        arguments.out / "loinc_terms.csv",
        ("term", "unit", "specimen", "code", "writing"),
        [row for test in tests for row in _writings(*test, draw)],
    )


def _inclusion_terms() -> Iterator[tuple[str, str]]:
    import simple_icd_10_cm

    known = open_vocabulary(ICD10_CM)
    titles = {plain(name) for name in known.names}
    for code in known.places:
        for term in simple_icd_10_cm.get_inclusion_term(code):
            if plain(term) not in titles and not _POINTS.search(term):
                yield term, code


def _tests(path: Path) -> Iterator[tuple[str, str, str, str]]:
    with zipfile.ZipFile(path) as archive, archive.open("CONCEPT.csv") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
            found = _LONG_NAME.fullmatch(row["concept_name"])
            if row["vocabulary_id"] == "LOINC" and found and found["property"].lower() in _UNITS:
                name = _UNITS[found["property"].lower()][0]
                yield row["concept_code"], found["component"], name, found["specimen"] or ""


def _writings(
    key: str, component: str, measured: str, specimen: str, draw: random.Random
) -> Iterator[tuple[str, str, str, str, str]]:
    unit = draw.choice(next(units for name, *units in _UNITS.values() if name == measured))
    at = draw.randrange(1, max(2, len(component) - 1))
    slip = component[: at - 1] + component[at : at + 1] + component[at - 1] + component[at + 1 :]
    turned = " ".join(reversed(re.split(r"[ .,]+", component)))
    british = component
    for one, other in _BRITISH:
        british = british.replace(one, other)
    written = {
        "as it is": component,
        "capitals": f"{specimen.split(' or ')[0]} {component}".strip().upper(),
        "slip": slip,
        "turned": turned,
        "British": british,
    }
    for name, text in written.items():
        if name == "as it is" or text != component:
            yield text, unit, specimen, key, name


def _write(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])


if __name__ == "__main__":
    main()
