"""Make what the submission room knows by itself: headings of the dossier, clinical abbreviations and terms.

python training/submission_memory.py DATA [-o FOLDER] [--made YYYY-MM-DD]

DATA is the folder of ctd_headings_zh_en.tsv, cn_m1_headings_zh.tsv, abbr.json and tico19_terms. The English of China's
Module 1 headings is ours, in m1_headings_en.tsv beside this script.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from datetime import date
from pathlib import Path

from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.submission.exchange import Memory, Note, Unit, Variant, write_tmx
from bencao.submission.exchange.tbx import Concept, Name, write_tbx

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "bencao" / "submission" / "models" / "translation"
_APPLIES = re.compile(r"（[^（）]*）$")
_MODULE = re.compile(r"^(?:Module \d: |模块\d：)")
_ABBREVIATION = re.compile(r"（[A-Z]+）$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HEADER = (
    ("creationtool", "bencao"),
    ("creationtoolversion", "1"),
    ("segtype", "phrase"),
    ("o-tmf", "bencao"),
    ("adminlang", "en"),
    ("srclang", "*all*"),
    ("datatype", "plaintext"),
)


def main() -> None:
    """Read, make, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=FOLDER)
    parser.add_argument("--made", type=date.fromisoformat, default=date.today())
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    common, china = common_headings(given.data), china_headings(given.data)
    plain = [without for unit in (*common, *china) if (without := _without_condition(unit))]
    write_tmx(Memory((*common, *china, *plain), _HEADER), given.out / "headings.tmx")
    abbreviations, terms = abbreviation_concepts(given.data), tico_concepts(given.data)
    write_tbx([*abbreviations, *terms], given.out / "terms.tbx")
    write_card(
        given.out,
        "translation-memory",
        version="1",
        task="headings of the CTD and of China's Module 1, clinical abbreviations and terms, English and Chinese",
        files=("headings.tmx", "terms.tbx"),
        trained_on=(
            TrainingSource(source="ICH and NMPA heading names (ctd_headings_zh_en.tsv)", licence="facts", rows=159),
            TrainingSource(source="NMPA Module 1 heading names (cn_m1_headings_zh.tsv)", licence="facts", rows=70),
            TrainingSource(source="clinical abbreviations (abbr.json)", licence="MIT", rows=258),
            TrainingSource(source="TICO-19 terminologies (tico19_terms)", licence="CC0", rows=len(terms)),
        ),
        split="none",
        figures={
            "CTD headings": ModelFigure(value=len(common)),
            "Module 1 headings": ModelFigure(value=len(china)),
            "abbreviations": ModelFigure(value=len(abbreviations)),
            "terms": ModelFigure(value=len(terms)),
        },
        script="training/submission_memory.py",
        made=given.made,
        limits="English CTD headings come from element names, so their punctuation may differ from the guideline's; "
        "the English of Module 1 headings is no official translation; terms are of one epidemic and of oncology",
    )


def common_headings(data: Path) -> list[Unit]:
    """Headings of the CTD; where the table names one section twice, the entry of its introduction is left out."""
    rows = _rows(data / "ctd_headings_zh_en.tsv")
    units = []
    for row in rows:
        twice = [other for other in rows if other["ctd_no"] == row["ctd_no"]]
        if len(twice) > 1 and row["en_from_element_name"] == "introduction":
            continue
        english = row["en_from_element_name"].replace("and or", "and/or")
        english = english[0].upper() + english[1:]
        if row["zh"].startswith("模块"):
            english = f"Module {row['ctd_no']}: {english}"
        units.append(_unit(row["ctd_no"], english, row["zh"]))
    return units


def china_headings(data: Path) -> list[Unit]:
    """Headings of China's Module 1."""
    english = {row["ctd_no"]: row["en"] for row in _rows(Path(__file__).with_name("m1_headings_en.tsv"))}
    return [_unit(row["ctd_no"], english[row["ctd_no"]], row["zh"]) for row in _rows(data / "cn_m1_headings_zh.tsv")]


def abbreviation_concepts(data: Path) -> list[Concept]:
    """Abbreviations of one meaning that have a Chinese name."""
    concepts = []
    for entry in json.loads((data / "abbr.json").read_text(encoding="utf-8")):
        content = entry["content"]
        if isinstance(content, list):
            if len(content) > 1:
                continue
            content = content[0]
        short, full, chinese = entry["name"].strip(), content["full_name"].strip(), content["description"].strip()
        if not full or not _HAN.search(chinese) or len(short) < 2:
            continue
        names = (Name("en", full), Name("en", short), Name("zh", chinese), Name("zh", short))
        concepts.append(Concept(f"a{len(concepts) + 1}", names))
    return concepts


def tico_concepts(data: Path) -> list[Concept]:
    """Terms of both TICO-19 terminologies whose two sides differ."""
    concepts = []
    for path in sorted((data / "tico19_terms").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                sides = {"en": row["sourceString"], "zh": row["targetString"]}
                if row["sourceLang"].startswith("zh"):
                    sides = {"en": row["targetString"], "zh": row["sourceString"]}
                names = [Name(language, name) for language, text in sides.items() for name in _alternatives(text)]
                said = {name.text for name in names if name.language == "zh"}
                if not said or not all(_HAN.search(name) for name in said) or len(sides["en"]) < 3:
                    continue
                concepts.append(Concept(f"t{len(concepts) + 1}", tuple(names)))
    return concepts


def _without_condition(unit: Unit) -> Unit | None:
    """The heading without the condition that its Chinese name ends with, （如适用）, or without "Module 3:"."""
    english, chinese = (_MODULE.sub("", str(variant.content[0])) for variant in unit.variants)
    short = _APPLIES.sub("", chinese)
    if english != unit.variants[0].content[0]:
        return Unit((Variant("en", (english,)), Variant("zh", (short,))), f"{unit.id}-short", (), unit.notes)
    if short == chinese or not short or _ABBREVIATION.search(chinese):
        return None
    variants = (Variant("en", (english,)), Variant("zh", (short,)))
    return Unit(variants, f"{unit.id}-short", unit.attributes, unit.notes)


def _alternatives(text: str) -> list[str]:
    return [name for part in text.split(" : ") if (name := re.sub(r"\[.*?\]", "", part).strip())]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def _unit(number: str, english: str, chinese: str) -> Unit:
    note = (Note("prop", number, (("type", "ctd_no"),)),)
    return Unit((Variant("en", (english,)), Variant("zh", (chinese,))), f"ctd-{number}", (), note)


if __name__ == "__main__":
    main()
