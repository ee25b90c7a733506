"""Makes the product's own tables of the eCTD: elements with their folders, headings and codes, from the official files.

    python training/submission_regions.py ../shared/data/submission --activities FILE --dependencies FILE

What is taken over are facts: names, numbers, order, attributes and codes. The official files stay with the user, who
imports them. FILE is NMPA's cv-regulatory-activity-type.xml and depend-apt-rat-sqt.xml, which the data at hand lacks.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent / "src/bencao/submission/ectd/region/tables"
XS = "{http://www.w3.org/2001/XMLSchema}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
ROOT = "m1-administrative-information-and-prescribing-information"


def main() -> None:
    """Write every table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--activities", type=Path, required=True)
    arguments.add_argument("--dependencies", type=Path, required=True)
    given = arguments.parse_args()
    TABLES.mkdir(parents=True, exist_ok=True)
    nmpa = given.data / "nmpa"
    folders = {row["element"]: row["folder"] for row in rows(HERE / "ich_folders.tsv")}
    listing("ich_elements.tsv", ich_elements(given.data / "ich/ich-ectd-3-2.dtd", nmpa, folders))
    listing("cn_elements.tsv", cn_elements(nmpa / "cn-regional-1-0.xsd", given.data / "cn_m1_headings_zh.tsv"))
    vocabularies = [nmpa / f"cv-{name}-type.xml" for name in ("application", "product", "sequence")]
    listing("cn_codes.tsv", (row for path in [*vocabularies, given.activities] for row in codes(path)))
    listing("cn_dependencies.tsv", dependencies(given.dependencies))
    listing("cn_extensions.tsv", extensions(nmpa / "node-extension-property_CN.xml"))
    listing("stf_values.tsv", tag_values(nmpa / "valid-values.xml"))


def rows(path: Path) -> list[dict[str, str]]:
    """A table with a header."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def listing(name: str, found: Iterable[dict[str, str]]) -> None:
    """Write a table."""
    found = list(found)
    with (TABLES / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(found[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    print(f"{name}: {len(found)}")


def ich_elements(definition: Path, nmpa: Path, folders: dict[str, str]) -> Iterator[dict[str, str]]:
    """Elements of modules 1 to 5 in the order of the definition."""
    text = re.sub(r"<!--.*?-->", "", definition.read_text(encoding="utf-8"), flags=re.DOTALL)
    content = dict(re.findall(r"<!ELEMENT\s+(\S+)\s+(.*?)>", text, re.DOTALL))
    attributes = dict(re.findall(r"<!ATTLIST\s+(\S+)\s+(.*?)>", text, re.DOTALL))
    headings = {
        element.get("name"): (element.get("structureno"), *(words(element, language) for language in ("en", "zh")))
        for element in etree.parse(nmpa / "element-property_ICH.xml").iter("element")
    }

    def walk(name: str, parent: str, repeats: bool) -> Iterator[dict[str, str]]:
        number, english, chinese = headings[name]
        own = re.findall(r"([a-z-]+)\s+CDATA\s+#(REQUIRED|IMPLIED)", attributes[name])
        yield {
            "element": name,
            "parent": parent,
            "number": number,
            "en": english,
            "zh": chinese,
            "repeats": "y" if repeats else "",
            "extension": "y" if "node-extension" in content[name] else "",
            "required": " ".join(key for key, need in own if need == "REQUIRED"),
            "optional": " ".join(key for key, need in own if need == "IMPLIED"),
            "folder": folders[name],
        }
        for child, sign in re.findall(r"(m\d[a-z0-9-]*)([?*+]?)", content[name]):
            yield from walk(child, name, sign in "*+" and sign != "")

    for child, _ in re.findall(r"(m\d[a-z0-9-]*)([?*+]?)", content["ectd:ectd"]):
        yield from walk(child, "", False)


def cn_elements(schema: Path, chinese: Path) -> Iterator[dict[str, str]]:
    """Elements of China's module 1 in the order of the schema."""
    in_chinese = {row["ctd_no"]: row["zh"] for row in rows(chinese)}
    in_english = {row["ctd_no"]: row["en"] for row in rows(HERE / "m1_headings_en.tsv")}
    content = etree.parse(schema).find(f".//{XS}complexType[@name='cn-content']")

    def walk(node: etree._Element, parent: str) -> Iterator[dict[str, str]]:
        for element in node.findall(f"{XS}sequence/{XS}element"):
            name = element.get("name")
            number = name.removeprefix("cn-").replace("-", ".")
            inner = element.find(f"{XS}complexType")
            yield {
                "element": name,
                "parent": parent,
                "number": number,
                "en": in_english.get(number, ""),
                "zh": in_chinese.get(number, ""),
                "leaves": "" if inner is not None else "y",
                "folder": f"m1/cn/{int(number.split('.')[1]):02d}",
            }
            if inner is not None:
                yield from walk(inner, name)

    yield from walk(content, "")


def codes(path: Path) -> Iterator[dict[str, str]]:
    """Codes of one controlled vocabulary."""
    vocabulary = etree.parse(path).getroot()
    for version in vocabulary.iter("version"):
        for code in version.iter("code"):
            yield {
                "list": vocabulary.get("name"),
                "code": code.get("name"),
                "version": version.get("number"),
                "en": words(code, "en"),
                "zh": words(code, "zh"),
            }


def dependencies(path: Path) -> Iterator[dict[str, str]]:
    """Which sequence types an activity may have, and which activities an application."""
    for application in etree.parse(path).findall("version/code"):
        for activity in application.findall("code"):
            for sequence in activity.findall("code"):
                yield {
                    "application": application.get("name"),
                    "activity": activity.get("name"),
                    "sequence": sequence.get("name"),
                }


def extensions(path: Path) -> Iterator[dict[str, str]]:
    """Titles that a node extension of 3.2.R may have."""
    for element in etree.parse(path).iter("element"):
        yield {"number": element.get("structureno"), "zh": words(element, "zh")}


def tag_values(path: Path) -> Iterator[dict[str, str]]:
    """Values of a study's categories, properties and file tags, with the version that brought them."""
    version = "3"
    for kind in etree.parse(path).getroot():
        if not isinstance(kind.tag, str):
            continue
        for value in kind:
            if not isinstance(value.tag, str):
                if told := re.search(r"below added\s+v(\d)", value.text):
                    version = told[1]
                elif "above added" in value.text:
                    version = "3"
                continue
            name = kind.get("name") or ""
            yield {
                "kind": kind.tag,
                "name": name,
                "value": value.get("value"),
                "realm": value.get("realm"),
                "version": version,
            }


def words(element: etree._Element, language: str) -> str:
    """Description in a language."""
    return next((one.text for one in element.findall("description") if one.get(LANGUAGE) == language), "") or ""


if __name__ == "__main__":
    main()
