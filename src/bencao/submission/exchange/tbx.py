"""TBX (ISO 30042): concepts with their terms in each language; the 2008 and 2019 forms read, the latter written."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from bencao.kernel.files import write_bytes
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.plain_text import read_text
from bencao.submission.exchange.safe_xml import XML_LANG, local, parse_file, to_bytes

_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_FORBIDDEN = ("deprecatedTerm-admn-sts", "supersededTerm-admn-sts", "notRecommended", "obsolete")


@dataclass(frozen=True, slots=True)
class Name:
    """A term of a concept: its language, its text, and whether it may not be used."""

    language: str
    text: str
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept with its names."""

    id: str
    names: tuple[Name, ...]


def read_terms(path: str | os.PathLike[str]) -> list[Concept]:
    """Read a TBX file, or a table (.tsv, .csv) with one column a language; several names stand apart by ``|``.

    Raises
    ------
    InputError, DocumentError, UnsafeFile
        Where the file cannot be read or is no termbase.
    """
    if Path(path).suffix.lower() in (".tsv", ".csv"):
        return _from_table(path)
    root = parse_file(path)
    where = os.fspath(path)
    if local(root) not in ("tbx", "martif"):
        raise DocumentError(f"is <{local(root)}>, not <tbx> or <martif>", where=where, mend="give a TBX file")
    return [
        Concept(entry.get("id", str(number)), tuple(_names(entry)))
        for number, entry in enumerate(root.iter("{*}conceptEntry", "{*}termEntry"), start=1)
    ]


def write_tbx(concepts: Sequence[Concept], path: str | os.PathLike[str]) -> None:
    """Write concepts as TBX-Basic of 2019; reading it again gives equal ones."""
    root = etree.Element(f"{{{_NAMESPACE}}}tbx", nsmap={None: _NAMESPACE})
    for key, value in (("style", "dct"), ("type", "TBX-Basic"), (XML_LANG, "en")):
        root.set(key, value)
    header = etree.SubElement(root, f"{{{_NAMESPACE}}}tbxHeader")
    description = etree.SubElement(etree.SubElement(header, f"{{{_NAMESPACE}}}fileDesc"), f"{{{_NAMESPACE}}}sourceDesc")
    etree.SubElement(description, f"{{{_NAMESPACE}}}p").text = "bencao"
    body = etree.SubElement(etree.SubElement(root, f"{{{_NAMESPACE}}}text"), f"{{{_NAMESPACE}}}body")
    for concept in concepts:
        entry = etree.SubElement(body, f"{{{_NAMESPACE}}}conceptEntry", id=concept.id)
        for language in dict.fromkeys(name.language for name in concept.names):
            section = etree.SubElement(entry, f"{{{_NAMESPACE}}}langSec")
            section.set(XML_LANG, language)
            for name in concept.names:
                if name.language == language:
                    term = etree.SubElement(section, f"{{{_NAMESPACE}}}termSec")
                    etree.SubElement(term, f"{{{_NAMESPACE}}}term").text = name.text
                    if name.forbidden:
                        note = etree.SubElement(term, f"{{{_NAMESPACE}}}termNote", type="administrativeStatus")
                        note.text = _FORBIDDEN[0]
    write_bytes(path, to_bytes(root))


def _names(entry: Any) -> list[Name]:
    names = []
    for section in entry.iter("{*}langSec", "{*}langSet"):
        language = section.get(XML_LANG, "")
        for term in section.iter("{*}term"):
            around = term.getparent()
            notes = [note.text or "" for note in around.iter("{*}termNote", "{*}administrativeStatus")]
            text = "".join(term.itertext()).strip()
            names.append(Name(language, text, any(note.strip() in _FORBIDDEN for note in notes)))
    return names


def _from_table(path: str | os.PathLike[str]) -> list[Concept]:
    text = io.StringIO(read_text(path), newline="")
    tabbed = Path(path).suffix.lower() == ".tsv"
    rows = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE) if tabbed else csv.DictReader(text)
    languages = [name for name in rows.fieldnames or [] if name.partition("-")[0] in ("en", "zh")]
    if len(languages) < 2:
        raise DocumentError(
            "has no columns named en and zh", where=os.fspath(path), mend="name the columns by their languages"
        )
    return [
        Concept(
            row.get("id") or str(number),
            tuple(
                Name(language, name.strip())
                for language in languages
                for name in (row[language] or "").split("|")
                if name.strip()
            ),
        )
        for number, row in enumerate(rows, start=2)
    ]
