"""Elements of define.xml that many parts are made of, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from bencao.trial.formats.define import names
from bencao.trial.formats.define.names import attribute, qualified
from bencao.trial.specification import Condition


def element(name: str, attributes: dict[str, Any] | None = None, children: Iterable[Any] = ()) -> Any:
    """Make an element; attributes without a value are left out."""
    told = {attribute(key): str(value) for key, value in (attributes or {}).items() if value not in (None, "")}
    made = etree.Element(qualified(name), told, nsmap=names.NAMESPACES)
    made.extend(children)
    return made


def description(text: str, name: str = "Description") -> list[Any]:
    """Make a Description, or a Decode, in English; none of an empty text."""
    if not text:
        return []
    translated = element("TranslatedText", {"xml:lang": "en"})
    translated.text = text
    return [element(name, children=[translated])]


def document_reference(document: str, pages: str) -> Any:
    """Refer to a document of the study, and to pages of it."""
    told = [element("def:PDFPageRef", {"Type": "PhysicalRef", "PageRefs": pages})] if pages else []
    return element("def:DocumentRef", {"leafID": f"LF.{document}"}, told)


def where_clause(oid: str, dataset: str, where: Iterable[Condition]) -> Any:
    """Define a where clause over variables of a data set."""
    checks = []
    for one in where:
        item = names.item(dataset, one.variable)
        check = element("RangeCheck", {"Comparator": one.comparator, "SoftHard": "Soft", "def:ItemOID": item})
        for value in one.values:
            check.append(element("CheckValue"))
            check[-1].text = str(value)
        checks.append(check)
    return element("def:WhereClauseDef", {"OID": oid}, checks)


def given(**parts: Any) -> dict[str, Any]:
    """Keep what is not None."""
    return {name: value for name, value in parts.items() if value is not None}


def short_name(oid: str) -> str:
    """Name of what has an OID such as ``CL.AESEV``, also where it is written ``CL_AESEV``."""
    for prefix in ("CL", "STD", "LF"):
        if oid[: len(prefix) + 1] in (f"{prefix}.", f"{prefix}_") and len(oid) > len(prefix) + 1:
            return oid[len(prefix) + 1 :]
    return oid


def text_of(described: Any, name: str = "Description") -> str:
    """Text of an element's Description, or Decode."""
    text = described.findtext(f"{qualified(name)}/{qualified('TranslatedText')}")
    return (text or "").strip()


def concept_of(coded: Any) -> str:
    """Code of the NCI concept that an element names."""
    for one in coded.iterfind(qualified("Alias")):
        if one.get(attribute("Context")) == names.NCI:
            return str(one.get("Name", ""))
    return ""
