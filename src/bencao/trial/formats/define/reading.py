"""Read define.xml 2.1 as a study's specification."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lxml import etree
from pydantic import ValidationError

from bencao.trial.errors import SpecificationError
from bencao.trial.formats.define import names
from bencao.trial.formats.define.elements import concept_of, given, short_name, text_of
from bencao.trial.formats.define.names import qualified
from bencao.trial.formats.define.part import typed
from bencao.trial.formats.define.results import ResultsReader, pages_of
from bencao.trial.specification import Study


def parse_define(path: str | os.PathLike[str]) -> Any:
    """Parse a define.xml 2.1; nothing outside the file is read.

    Returns
    -------
    lxml element
        The root.

    Raises
    ------
    SpecificationError
        Where the file cannot be read, is no XML, or is no define.xml 2.1.
    """
    # A fresh parser: entities are not resolved and nothing is fetched.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.parse(Path(path), parser).getroot()
    except OSError as error:
        raise SpecificationError("cannot be read", where=os.fspath(path), mend="check the path") from error
    except etree.XMLSyntaxError as error:
        raise SpecificationError(f"is no XML: {error.msg}", where=f"{path}: line {error.lineno}") from error
    if root.find(f"{qualified('Study')}/{qualified('MetaDataVersion')}") is None:
        raise SpecificationError("no ODM with a MetaDataVersion", where=os.fspath(path), mend="give a define.xml 2.1")
    if root.find(f".//{qualified('MetaDataVersion')}").get(qualified("def:DefineVersion")) is None:
        raise SpecificationError("no def:DefineVersion of 2.1", where=os.fspath(path), mend="give a define.xml 2.1")
    return root


def read_define(path: str | os.PathLike[str]) -> Study:
    """Read a define.xml 2.1.

    Parameters
    ----------
    path : path-like
        Written here, or elsewhere: names of codelists, standards and documents are their OIDs without the prefix.

    Returns
    -------
    Study
        Without what define.xml does not know, see `defined_part`.

    Raises
    ------
    SpecificationError
        Names file and line: no define.xml 2.1, a reference to what is not defined, or what a specification has no
        place for (two origins of a variable, a where clause over two data sets).
    """
    root = parse_define(path)
    reader = _Reader(root, Path(path))
    try:
        return Study.model_validate(reader.study())
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(map(str, first["loc"]))
        raise SpecificationError(f"{named}: {first['msg']}", where=str(path)) from error


class _Reader:
    """A parsed file with its definitions by OID."""

    def __init__(self, root: Any, path: Path) -> None:
        self.path = path
        self.root = root
        self.version = root.find(f"{qualified('Study')}/{qualified('MetaDataVersion')}")
        self.known = {
            name: {one.get("OID"): one for one in self.version.iterfind(qualified(name))}
            for name in (
                "ItemGroupDef",
                "ItemDef",
                "CodeList",
                "MethodDef",
                "def:CommentDef",
                "def:ValueListDef",
                "def:WhereClauseDef",
            )
        }
        crf = self.version.find(f"{qualified('def:AnnotatedCRF')}/{qualified('def:DocumentRef')}")
        self.annotated = crf.get("leafID") if crf is not None else None

    def wrong(self, element: Any, cause: str) -> SpecificationError:
        """An error at an element."""
        return SpecificationError(cause, where=f"{self.path}: line {element.sourceline}")

    def defined(self, kind: str, oid: str, at: Any) -> Any:
        """The definition that an OID names."""
        if oid not in self.known[kind]:
            raise self.wrong(at, f"no {kind} has the OID {oid}")
        return self.known[kind][oid]

    def whole(self, element: Any, name: str) -> int:
        """A whole number that an attribute gives, 0 where it is not there."""
        try:
            return int(element.get(name, "0"))
        except ValueError:
            raise self.wrong(element, f"{name} {element.get(name)!r} is no whole number") from None

    def ordered(self, element: Any) -> list[Any]:
        """The references to variables, in their order."""
        return sorted(element.iterfind(qualified("ItemRef")), key=lambda one: self.whole(one, "OrderNumber"))

    def study(self) -> dict[str, Any]:
        """The study as its model takes it."""
        variables = self.root.find(f"{qualified('Study')}/{qualified('GlobalVariables')}")
        told = {} if variables is None else {one.tag: (one.text or "").strip() for one in variables}
        return {
            "name": told.get(qualified("StudyName"), "") or self.root.find(qualified("Study")).get("OID", ""),
            "description": told.get(qualified("StudyDescription"), ""),
            "protocol": told.get(qualified("ProtocolName"), ""),
            "standards": {
                short_name(one.get("OID", "")): given(
                    name=one.get("Name"), type=one.get("Type"), version=one.get("Version"), status=one.get("Status"),
                    publishing_set=one.get("PublishingSet"),
                )
                for one in self.version.iterfind(f"{qualified('def:Standards')}/{qualified('def:Standard')}")
            },
            "codelists": {short_name(oid or ""): self.codelist(one) for oid, one in self.known["CodeList"].items()},
            "datasets": {
                one.get("Name"): self.dataset(one) for one in self.version.iterfind(qualified("ItemGroupDef"))
            },
            "documents": {
                self.document_name(one.get("ID", "")): {
                    "title": (one.findtext(qualified("def:title")) or "").strip(),
                    "href": one.get(qualified("xlink:href"), ""),
                }
                for one in self.version.iterfind(qualified("def:leaf"))
            },
            "analyses": self.analyses(),
        }  # fmt: skip

    def analyses(self) -> dict[str, dict[str, Any]]:
        """Analyses as the study's model takes them."""
        results = ResultsReader(
            defined=self.defined,
            conditions=lambda element, group: self.where_clauses(element, self.of_group(group)),
            comment=self.comment,
            text=text_of,
            document=self.document_name,
            wrong=self.wrong,
        )
        return results.analyses(self.version)

    def of_group(self, group: Any) -> dict[str, Any]:
        """Definitions of a data set's variables by OID."""
        return {
            one.get("ItemOID"): self.defined("ItemDef", one.get("ItemOID"), one)
            for one in group.iterfind(qualified("ItemRef"))
        }

    def document_name(self, leaf: str) -> str:
        """Name of a document: the annotated CRF has a fixed one."""
        return names.ANNOTATED_CRF if leaf == self.annotated else short_name(leaf)

    def dataset(self, group: Any) -> dict[str, Any]:
        """A data set as its model takes it."""
        references = self.ordered(group)
        of_group = self.of_group(group)
        keyed = sorted(
            (self.whole(one, "KeySequence"), of_group[one.get("ItemOID")].get("Name"))
            for one in references
            if one.get("KeySequence")
        )
        kind = group.find(qualified("def:Class"))
        return given(
            label=text_of(group),
            class_name=kind.get("Name") if kind is not None else None,
            structure=group.get(qualified("def:Structure")),
            purpose=group.get("Purpose"),
            standard=short_name(group.get(qualified("def:StandardOID"), "")),
            keys=[name for _, name in keyed],
            repeating=group.get("Repeating") == "Yes",
            reference=group.get("IsReferenceData") == "Yes",
            comment=self.comment(group),
            variables=[self.variable(one, of_group) for one in references],
        )

    def variable(self, reference: Any, of_group: dict[str, Any]) -> dict[str, Any]:
        """A variable as its model takes it."""
        item = of_group[reference.get("ItemOID")]
        listed = item.find(qualified("def:ValueListRef"))
        levels = []
        if listed is not None:
            values = self.defined("def:ValueListDef", listed.get("ValueListOID"), listed)
            ordered = self.ordered(values)
            levels = [
                {**self.item(one, self.defined("ItemDef", one.get("ItemOID"), one)), "where": where}
                for one in ordered
                for where in self.where_clauses(one, of_group)
            ]
        return {
            "name": item.get("Name"), "role": reference.get("Role", ""), **self.item(reference, item), "values": levels,
        }  # fmt: skip

    def where_clauses(self, reference: Any, of_group: dict[str, Any]) -> list[list[dict[str, Any]]]:
        """Conditions of each of a value level's where clauses; any one of them is enough."""
        found = []
        for one in reference.iterfind(qualified("def:WhereClauseRef")):
            clause = self.defined("def:WhereClauseDef", one.get("WhereClauseOID"), one)
            conditions = []
            for check in clause.iterfind(qualified("RangeCheck")):
                item = of_group.get(check.get(qualified("def:ItemOID")))
                if item is None:
                    raise self.wrong(check, f"{clause.get('OID')} compares what is no variable of the data set")
                texts = [(value.text or "").strip() for value in check.iterfind(qualified("CheckValue"))]
                conditions.append(
                    {
                        "variable": item.get("Name"),
                        "comparator": check.get("Comparator"),
                        "values": [self.value(text, item.get("DataType"), check) for text in texts],
                    }
                )
            found.append(conditions)
        return found

    def value(self, text: str, kind: str, at: Any) -> str | int | float:
        """A value of a codelist or a where clause."""
        try:
            return typed(text, kind)
        except ValueError:
            raise self.wrong(at, f"{text!r} is no {kind}") from None

    def item(self, reference: Any, item: Any) -> dict[str, Any]:
        """What a variable and a value level have in common."""
        origins = item.findall(qualified("def:Origin"))
        if len(origins) > 1:
            raise self.wrong(origins[1], f"a second origin of {item.get('OID')}, where a specification has one")
        coded = item.find(qualified("CodeListRef"))
        method = reference.get("MethodOID")
        return given(
            label=text_of(item),
            type=item.get("DataType"),
            length=item.get("Length"),
            significant_digits=item.get("SignificantDigits"),
            format=item.get(qualified("def:DisplayFormat")),
            codelist=short_name(coded.get("CodeListOID", "")) if coded is not None else None,
            origin=self.origin(origins[0]) if origins else None,
            method=text_of(self.defined("MethodDef", method, reference)) if method else None,
            comment=self.comment(item),
            mandatory=reference.get("Mandatory") == "Yes",
        )

    def origin(self, origin: Any) -> dict[str, Any]:
        """An origin, with the pages of the annotated CRF."""
        document = origin.find(qualified("def:DocumentRef"))
        listed = pages_of(document) if document is not None else None
        return given(type=origin.get("Type"), source=origin.get("Source"), description=text_of(origin), pages=listed)

    def comment(self, element: Any) -> str:
        """Text of the comment that an element refers to."""
        oid = element.get(qualified("def:CommentOID"))
        return text_of(self.defined("def:CommentDef", oid, element)) if oid else ""

    def codelist(self, codelist: Any) -> dict[str, Any]:
        """A codelist as its model takes it."""
        kind = codelist.get("DataType", "text")
        external = codelist.find(qualified("ExternalCodeList"))
        terms = [
            given(
                value=self.value(one.get("CodedValue", ""), kind, one),
                decode=text_of(one, "Decode"),
                code=concept_of(one),
                order=one.get("Rank"),
                extended=one.get(qualified("def:ExtendedValue")) == "Yes",
            )
            for one in codelist
            if one.tag in (qualified("CodeListItem"), qualified("EnumeratedItem"))
        ]
        told = {}
        if external is not None:
            told = {"dictionary": external.get("Dictionary"), "version": external.get("Version")}
            told["href"] = external.get("href")
        return given(
            label=codelist.get("Name"),
            type=kind,
            code=concept_of(codelist),
            standard=short_name(codelist.get(qualified("def:StandardOID"), "")),
            extensible=any(term["extended"] for term in terms),
            comment=self.comment(codelist),
            terms=terms,
            **told,
        )
