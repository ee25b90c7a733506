"""Check the structure of a define.xml 2.1: references, required parts, allowed values, and what types ask for."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from lxml import etree

from bencao.trial.dataset import DataType
from bencao.trial.errors import SpecificationError
from bencao.trial.formats.define.names import attribute, qualified
from bencao.trial.formats.define.reading import parse_define
from bencao.trial.formats.define.results import RESULT_REFERENCES, RESULT_REQUIRED, result_faults
from bencao.trial.specification.model import OriginSource, OriginType


@dataclass(frozen=True, order=True)
class DefineFinding:
    """Something wrong in a define.xml.

    Attributes
    ----------
    line : int
    rule : str
        Which check; ``schema`` for one of the XSD.
    cause : str
    """

    line: int
    rule: str
    cause: str


# Attribute of an element that refers, and the element whose OID (of a leaf: ID) it must be.
_REFERENCES = (
    ("ItemRef", "ItemOID", "ItemDef"),
    ("ItemRef", "MethodOID", "MethodDef"),
    ("RangeCheck", "def:ItemOID", "ItemDef"),
    ("CodeListRef", "CodeListOID", "CodeList"),
    ("def:ValueListRef", "ValueListOID", "def:ValueListDef"),
    ("def:WhereClauseRef", "WhereClauseOID", "def:WhereClauseDef"),
    ("def:DocumentRef", "leafID", "def:leaf"),
    ("ItemGroupDef", "def:ArchiveLocationID", "def:leaf"),
    ("ItemGroupDef", "def:StandardOID", "def:Standard"),
    ("CodeList", "def:StandardOID", "def:Standard"),
    *((name, "def:CommentOID", "def:CommentDef") for name in ("ItemGroupDef", "ItemDef", "CodeList", "def:Standard")),
    *RESULT_REFERENCES,
)
_DEFINED = ("ItemDef", "MethodDef", "CodeList", "def:ValueListDef", "def:WhereClauseDef", "def:CommentDef")
_REQUIRED = {
    "ODM": ("FileType", "FileOID", "ODMVersion", "CreationDateTime", "def:Context"),
    "Study": ("OID",),
    "MetaDataVersion": ("OID", "Name", "def:DefineVersion"),
    "ItemGroupDef": (
        "OID", "Name", "Repeating", "IsReferenceData", "Purpose", "def:Structure", "def:ArchiveLocationID",
    ),
    "ItemRef": ("ItemOID", "Mandatory"),
    "ItemDef": ("OID", "Name", "DataType"),
    "CodeList": ("OID", "Name", "DataType"),
    "CodeListItem": ("CodedValue",),
    "EnumeratedItem": ("CodedValue",),
    "ExternalCodeList": ("Dictionary",),
    "MethodDef": ("OID", "Name", "Type"),
    "RangeCheck": ("Comparator", "SoftHard", "def:ItemOID"),
    "def:Origin": ("Type",),
    "def:Standard": ("OID", "Name", "Type", "Version", "Status"),
    "def:leaf": ("ID", "xlink:href"),
    "def:PDFPageRef": ("Type",),
    **RESULT_REQUIRED,
}  # fmt: skip
_YES_NO = ("Yes", "No")
_ALLOWED = {
    ("ODM", "def:Context"): ("Submission", "Other"),
    ("ItemGroupDef", "Repeating"): _YES_NO,
    ("ItemGroupDef", "IsReferenceData"): _YES_NO,
    ("ItemGroupDef", "Purpose"): ("Tabulation", "Analysis"),
    ("ItemRef", "Mandatory"): _YES_NO,
    ("ItemDef", "DataType"): get_args(DataType),
    ("CodeList", "DataType"): ("text", "integer", "float"),
    ("RangeCheck", "Comparator"): ("LT", "LE", "GT", "GE", "EQ", "NE", "IN", "NOTIN"),
    ("RangeCheck", "SoftHard"): ("Soft", "Hard"),
    ("MethodDef", "Type"): ("Computation", "Imputation"),
    ("def:Origin", "Type"): get_args(OriginType),
    ("def:Origin", "Source"): get_args(OriginSource),
    ("def:Standard", "Type"): ("IG", "CT"),
    ("def:Standard", "Status"): ("Draft", "Provisional", "Final"),
    ("def:PDFPageRef", "Type"): ("PhysicalRef", "NamedDestination"),
}
# In this order they stand in a MetaDataVersion.
_ORDER = (
    "Description", "def:Standards", "def:AnnotatedCRF", "def:SupplementalDoc", "def:ValueListDef",
    "def:WhereClauseDef", "ItemGroupDef", "ItemDef", "CodeList", "MethodDef", "def:CommentDef", "def:leaf",
    "arm:AnalysisResultDisplays",
)  # fmt: skip
_LENGTH_TYPES = ("text", "integer", "float")


def check_define(
    path: str | os.PathLike[str], schema: str | os.PathLike[str] | None = None
) -> tuple[DefineFinding, ...]:
    """Check the structure of a define.xml 2.1.

    Parameters
    ----------
    path : path-like
    schema : path-like, optional
        CDISC's ``define2-1-0.xsd``, or ``arm1-0-0.xsd`` for results, beside the files it includes: it is heeded too.

    Returns
    -------
    tuple of DefineFinding
        By line; none where all is well.

    Raises
    ------
    SpecificationError
        Where the file is no define.xml 2.1, or the schema cannot be read.
    """
    root = parse_define(path)
    found = [finding for check in _CHECKS for finding in check(root)]
    found += [DefineFinding(element.sourceline, rule, cause) for element, rule, cause in result_faults(root)]
    if schema is not None:
        try:
            compiled = etree.XMLSchema(etree.parse(os.fspath(schema)))
        except (OSError, etree.LxmlError) as error:
            raise SpecificationError(
                f"no XML schema: {error}",
                where=os.fspath(schema),
                mend="give define2-1-0.xsd among the files it includes",
            ) from error
        compiled.validate(root)
        found += [DefineFinding(error.line, "schema", error.message) for error in compiled.error_log]
    return tuple(sorted(set(found)))


def _all(root: Any, name: str) -> Iterator[Any]:
    yield from root.iter(qualified(name))


def _name(element: Any) -> str:
    return str(element.get("OID") or element.get("ID") or element.get("Name") or element.get("CodedValue") or "")


def _required(root: Any) -> Iterator[DefineFinding]:
    for name, attributes in _REQUIRED.items():
        for element in _all(root, name):
            for one in attributes:
                if not element.get(attribute(one)):
                    yield DefineFinding(element.sourceline, "required", f"{name} {_name(element)} has no {one}")


def _allowed(root: Any) -> Iterator[DefineFinding]:
    for (name, one), values in _ALLOWED.items():
        for element in _all(root, name):
            value = element.get(attribute(one))
            if value is not None and value not in values:
                cause = f"{one} {value!r} of {name} {_name(element)}, expected {', '.join(values)}"
                yield DefineFinding(element.sourceline, "allowed", cause)


def _references(root: Any) -> Iterator[DefineFinding]:
    known = {name: {_name(one) for one in _all(root, name)} for name in {target for _, _, target in _REFERENCES}}
    used = set()
    for name, one, target in _REFERENCES:
        for element in _all(root, name):
            oid = element.get(attribute(one))
            used.add((target, oid))
            if oid is not None and oid not in known[target]:
                yield DefineFinding(element.sourceline, "reference", f"{one} {oid} of {name}: no such {target}")
    for name in _DEFINED:
        for element in _all(root, name):
            if (name, element.get("OID")) not in used:
                yield DefineFinding(element.sourceline, "unused", f"nothing refers to {name} {element.get('OID')}")


def _unique(root: Any) -> Iterator[DefineFinding]:
    for name in ("ItemGroupDef", *_DEFINED, "def:Standard", "def:leaf"):
        times = Counter(_name(one) for one in _all(root, name))
        for element in _all(root, name):
            if times[_name(element)] > 1:
                yield DefineFinding(element.sourceline, "unique", f"{name} {_name(element)} is defined twice")
    for group in _all(root, "ItemGroupDef"):
        numbers = Counter(one.get("OrderNumber") for one in group.iterfind(qualified("ItemRef")))
        for number in [number for number, times in numbers.items() if number is not None and times > 1]:
            yield DefineFinding(group.sourceline, "unique", f"OrderNumber {number} twice in {_name(group)}")
    for codelist in _all(root, "CodeList"):
        coded = Counter(one.get("CodedValue") for one in codelist if one.get("CodedValue") is not None)
        for value in [value for value, times in coded.items() if times > 1]:
            yield DefineFinding(codelist.sourceline, "unique", f"value {value!r} twice in {_name(codelist)}")


def _order(root: Any) -> Iterator[DefineFinding]:
    places = {qualified(name): place for place, name in enumerate(_ORDER)}
    for version in _all(root, "MetaDataVersion"):
        before = -1
        for element in version:
            place = places.get(element.tag)
            if place is not None and place < before:
                name = etree.QName(element).localname
                yield DefineFinding(element.sourceline, "order", f"{name} stands after {_ORDER[before]}")
            before = max(before, place if place is not None else before)


def _data_sets(root: Any) -> Iterator[DefineFinding]:
    for group in _all(root, "ItemGroupDef"):
        name, line = group.get("Name", ""), group.sourceline
        if group.find(qualified("def:Class")) is None:
            yield DefineFinding(line, "class", f"{name} has no def:Class")
        if not group.get(qualified("def:StandardOID")) and group.get(qualified("def:IsNonStandard")) != "Yes":
            yield DefineFinding(line, "standard", f"{name} names no standard and is not said to follow none")
        if len(name) > 8:
            yield DefineFinding(line, "length", f"name {name} of a data set has over 8 characters")
        references = group.findall(qualified("ItemRef"))
        if not references:
            yield DefineFinding(line, "empty", f"{name} has no variables")
        keys = sorted(int(one.get("KeySequence")) for one in references if (one.get("KeySequence") or "").isdigit())
        if references and (not keys or keys != list(range(1, len(keys) + 1))):
            yield DefineFinding(line, "keys", f"KeySequence of {name} does not count from 1: {keys}")
        yield from _described(group, name)


def _described(element: Any, name: str) -> Iterator[DefineFinding]:
    text = element.findtext(f"{qualified('Description')}/{qualified('TranslatedText')}")
    if not (text or "").strip():
        yield DefineFinding(element.sourceline, "description", f"{name} has no Description")
    elif element.tag != qualified("MethodDef") and len(text.strip()) > 40:
        yield DefineFinding(element.sourceline, "length", f"label of {name} has over 40 characters")


def _variables(root: Any) -> Iterator[DefineFinding]:
    items = {one.get("OID"): one for one in _all(root, "ItemDef")}
    for reference in _all(root, "ItemRef"):
        item = items.get(reference.get("ItemOID"))
        if item is None:
            continue  # said by the check of references
        of_group = reference.getparent().tag == qualified("ItemGroupDef")
        name, line = item.get("OID", ""), item.sourceline
        if of_group:
            yield from _described(item, name)
            if len(item.get("Name", "")) > 8:
                yield DefineFinding(line, "length", f"name of {name} has over 8 characters")
        elif reference.find(qualified("def:WhereClauseRef")) is None:
            yield DefineFinding(reference.sourceline, "value level", f"{name} has no where clause")
        yield from _typed(item, name)
        yield from _origin(item, reference, of_group)


def _typed(item: Any, name: str) -> Iterator[DefineFinding]:
    kind, length = item.get("DataType"), item.get("Length")
    if kind in _LENGTH_TYPES and not length:
        yield DefineFinding(item.sourceline, "length", f"{name} is of type {kind} and has no Length")
    if kind not in _LENGTH_TYPES and length:
        yield DefineFinding(item.sourceline, "length", f"{name} is of type {kind}, which has no Length")
    if kind == "float" and not item.get("SignificantDigits"):
        yield DefineFinding(item.sourceline, "digits", f"{name} is of type float and has no SignificantDigits")
    if kind != "float" and item.get("SignificantDigits"):
        yield DefineFinding(item.sourceline, "digits", f"{name} is of type {kind}, which has no SignificantDigits")


def _origin(item: Any, reference: Any, of_group: bool) -> Iterator[DefineFinding]:
    name, origins = item.get("OID", ""), item.findall(qualified("def:Origin"))
    if of_group and not origins and item.find(qualified("def:ValueListRef")) is None:
        yield DefineFinding(item.sourceline, "origin", f"{name} has no def:Origin")
    for origin in origins:
        kind = origin.get("Type")
        if kind == "Derived" and not reference.get("MethodOID") and item.find(qualified("def:ValueListRef")) is None:
            yield DefineFinding(reference.sourceline, "method", f"{name} is derived and has no method")
        if kind == "Predecessor" and origin.find(qualified("Description")) is None:
            yield DefineFinding(origin.sourceline, "origin", f"{name} has a predecessor that is not named")


def _codelists(root: Any) -> Iterator[DefineFinding]:
    kinds = {qualified(name): name for name in ("CodeListItem", "EnumeratedItem", "ExternalCodeList")}
    for codelist in _all(root, "CodeList"):
        held = {kinds[one.tag] for one in codelist if one.tag in kinds}
        if len(held) != 1:
            cause = f"{_name(codelist)} holds {' and '.join(sorted(held)) or 'nothing'}"
            yield DefineFinding(codelist.sourceline, "codelist", cause)
    for term in _all(root, "CodeListItem"):
        if term.find(qualified("Decode")) is None:
            yield DefineFinding(term.sourceline, "codelist", f"{term.get('CodedValue')} has no Decode")


def _clauses(root: Any) -> Iterator[DefineFinding]:
    for check in _all(root, "RangeCheck"):
        values = len(check.findall(qualified("CheckValue")))
        if values != 1 and check.get("Comparator") not in ("IN", "NOTIN"):
            cause = f"{check.get('Comparator')} of {_name(check.getparent())} has {values} values, expected 1"
            yield DefineFinding(check.sourceline, "where clause", cause)
    for method in _all(root, "MethodDef"):
        yield from _described(method, method.get("OID", ""))


_CHECKS: tuple[Callable[[Any], Iterator[DefineFinding]], ...] = (
    _required, _allowed, _references, _unique, _order, _data_sets, _variables, _codelists, _clauses,
)  # fmt: skip
