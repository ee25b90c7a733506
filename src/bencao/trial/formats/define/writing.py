"""Write a study's specification as define.xml 2.1."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from lxml import etree

from bencao.kernel.files import write_bytes
from bencao.trial.errors import SpecificationError
from bencao.trial.formats.define import names
from bencao.trial.formats.define.elements import description, document_reference, element, where_clause
from bencao.trial.formats.define.part import defined_part
from bencao.trial.formats.define.results import ResultsWriter
from bencao.trial.formats.stamp import CREATED
from bencao.trial.specification import (
    Codelist,
    DatasetSpecification,
    Origin,
    Study,
    Term,
    ValueLevel,
    VariableSpecification,
)


def write_define(study: Study, path: str | os.PathLike[str], created: datetime = CREATED) -> None:
    """Write define.xml 2.1, the same bytes from run to run.

    Parameters
    ----------
    study : Study
        Of it, what `defined_part` keeps.
    path : path-like
    created : datetime
        CreationDateTime; the same for all files unless told otherwise.

    Raises
    ------
    SpecificationError
        Where a value level compares a variable that the data set has not, an analysis is of what is not kept, pages of
        an annotated CRF are named and no document ``acrf``, or a text holds characters that XML has no place for.
    InputError
        Where the file cannot be written.
    """
    try:
        root = _Writer(defined_part(study)).document(created)
    except ValueError as error:  # lxml's, of control characters; or a value that its type does not take
        raise SpecificationError(str(error), where=study.name, mend="take it out of the text") from error
    write_bytes(path, etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


class _Writer:
    """Collects the definitions that data sets and variables refer to while they are written."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.value_lists: list[Any] = []
        self.where_clauses: list[Any] = []
        self.items: list[Any] = []
        self.methods: list[Any] = []
        self.comments: list[Any] = []

    def document(self, created: datetime) -> Any:
        """The root element."""
        study = self.study
        groups = [self._item_group(name, dataset) for name, dataset in study.datasets.items()]
        results = ResultsWriter(study)
        displays = results.displays()
        codelists = [self._codelist(name, codelist) for name, codelist in study.codelists.items()]
        version = element(
            "MetaDataVersion",
            {"OID": f"MDV.{study.name}", "Name": f"Study {study.name}, Data Definitions",
             "def:DefineVersion": names.DEFINE_VERSION},
            [*self._standards(), *self._document_references(), *self.value_lists, *self.where_clauses,
             *results.where_clauses, *groups, *self.items, *codelists, *self.methods, *self.comments,
             *results.comments, *self._leaves(), *displays],
        )  # fmt: skip
        variables = element("GlobalVariables")
        for name, text in (
            ("StudyName", study.name), ("StudyDescription", study.description), ("ProtocolName", study.protocol),
        ):  # fmt: skip
            variables.append(element(name))
            variables[-1].text = text
        return element(
            "ODM",
            {"FileType": "Snapshot", "FileOID": f"DEF.{study.name}", "ODMVersion": "1.3.2",
             "CreationDateTime": created.isoformat(), "def:Context": "Submission"},
            [element("Study", {"OID": study.name}, [variables, version])],
        )  # fmt: skip

    def _standards(self) -> list[Any]:
        listed = [
            element(
                "def:Standard",
                {"OID": f"STD.{key}", "Name": one.name, "Type": one.type, "PublishingSet": one.publishing_set,
                 "Version": one.version, "Status": one.status},
            )
            for key, one in self.study.standards.items()
        ]  # fmt: skip
        return [element("def:Standards", children=listed)] if listed else []

    def _document_references(self) -> list[Any]:
        found = []
        others = [key for key in self.study.documents if key != names.ANNOTATED_CRF]
        for name, keys in (
            ("def:AnnotatedCRF", [names.ANNOTATED_CRF] if names.ANNOTATED_CRF in self.study.documents else []),
            ("def:SupplementalDoc", others),
        ):
            if keys:
                found.append(
                    element(name, children=[element("def:DocumentRef", {"leafID": f"LF.{key}"}) for key in keys])
                )
        return found

    def _leaves(self) -> list[Any]:
        return [_leaf(f"LF.{key}", one.href, one.title) for key, one in self.study.documents.items()]

    def _item_group(self, name: str, dataset: DatasetSpecification) -> Any:
        references = [
            self._item(name, dataset, variable, order) for order, variable in enumerate(dataset.variables, start=1)
        ]
        file = f"{name.lower()}.xpt"
        leaf_id = f"LF.{names.item_group(name)}"
        domain = (name[4:] if name.startswith("SUPP") else name) if dataset.purpose == "Tabulation" else ""
        return element(
            "ItemGroupDef",
            {"OID": names.item_group(name), "Name": name, "Domain": domain, "SASDatasetName": name,
             "Repeating": _yes(dataset.repeating), "IsReferenceData": _yes(dataset.reference),
             "Purpose": dataset.purpose, "def:Structure": dataset.structure,
             "def:CommentOID": self._comment(name, dataset.comment), "def:ArchiveLocationID": leaf_id,
             **_standard(dataset.standard)},
            [*description(dataset.label), *references,
             *([element("def:Class", {"Name": dataset.class_name})] if dataset.class_name else []),
             _leaf(leaf_id, file, file)],
        )  # fmt: skip

    def _item(self, name: str, dataset: DatasetSpecification, variable: VariableSpecification, order: int) -> Any:
        oid = names.item(name, variable.name)
        value_list = f"VL.{name}.{variable.name}" if variable.values else ""
        self.items.append(self._item_definition(oid, variable.name, variable, value_list))
        if variable.values:
            known = {one.name for one in dataset.variables}
            levels = [
                self._level(name, variable.name, level, number, known)
                for number, level in enumerate(variable.values, start=1)
            ]
            self.value_lists.append(element("def:ValueListDef", {"OID": value_list}, levels))
        key = dataset.keys.index(variable.name) + 1 if variable.name in dataset.keys else None
        return self._item_reference(oid, variable, order, {"KeySequence": key, "Role": variable.role})

    def _level(self, name: str, variable: str, level: ValueLevel, number: int, known: set[str]) -> Any:
        oid, clause = names.item(name, variable, number), f"WC.{name}.{variable}.{number}"
        unknown = [one.variable for one in level.where if one.variable not in known]
        if unknown:
            raise SpecificationError(
                f"a value level of {variable} compares {', '.join(unknown)}, which {name} has not",
                where=f"{self.study.name}: {name}",
                mend="give the variable to the data set",
            )
        self.where_clauses.append(where_clause(clause, name, level.where))
        self.items.append(self._item_definition(oid, variable, level, ""))
        reference = self._item_reference(oid, level, number, {})
        reference.append(element("def:WhereClauseRef", {"WhereClauseOID": clause}))
        return reference

    def _item_reference(
        self, oid: str, item: VariableSpecification | ValueLevel, order: int, more: dict[str, Any]
    ) -> Any:
        told = {"ItemOID": oid, "OrderNumber": order, "Mandatory": _yes(item.mandatory), **more}
        if item.method:
            told["MethodOID"] = f"MT.{oid[3:]}"
            subject = oid[3:]
            self.methods.append(
                element(
                    "MethodDef",
                    {"OID": told["MethodOID"], "Name": f"Method of {subject}", "Type": "Computation"},
                    description(item.method),
                )
            )
        return element("ItemRef", told)

    def _item_definition(self, oid: str, name: str, item: VariableSpecification | ValueLevel, value_list: str) -> Any:
        children = description(item.label)
        if item.codelist:
            children.append(element("CodeListRef", {"CodeListOID": f"CL.{item.codelist}"}))
        if item.origin:
            children.append(self._origin(item.origin, oid))
        if value_list:
            children.append(element("def:ValueListRef", {"ValueListOID": value_list}))
        return element(
            "ItemDef",
            {"OID": oid, "Name": name, "DataType": item.type, "Length": item.length,
             "SignificantDigits": item.significant_digits, "SASFieldName": name[:8],
             "def:DisplayFormat": item.format, "def:CommentOID": self._comment(oid[3:], item.comment)},
            children,
        )  # fmt: skip

    def _origin(self, origin: Origin, oid: str) -> Any:
        made = element("def:Origin", {"Type": origin.type, "Source": origin.source})
        made.extend(description(origin.description))
        if origin.pages:
            if names.ANNOTATED_CRF not in self.study.documents:
                raise SpecificationError(
                    f"{oid[3:]} comes from pages {origin.pages}, and there is no document {names.ANNOTATED_CRF}",
                    where=self.study.name,
                    mend="give the annotated CRF under documents:",
                )
            made.append(document_reference(names.ANNOTATED_CRF, origin.pages))
        return made

    def _comment(self, subject: str, text: str) -> str:
        if not text:
            return ""
        self.comments.append(element("def:CommentDef", {"OID": f"COM.{subject}"}, description(text)))
        return f"COM.{subject}"

    def _codelist(self, name: str, codelist: Codelist) -> Any:
        if codelist.dictionary:
            told = {"Dictionary": codelist.dictionary, "Version": codelist.version, "href": codelist.href}
            children = [element("ExternalCodeList", told)]
        else:
            decoded = any(term.decode for term in codelist.terms)
            children = [_term(term, order, decoded) for order, term in enumerate(codelist.terms, start=1)]
        return element(
            "CodeList",
            {"OID": f"CL.{name}", "Name": codelist.label, "DataType": codelist.type,
             "def:CommentOID": self._comment(f"CL.{name}", codelist.comment),
             **(_standard(codelist.standard) if not codelist.dictionary else {})},
            [*children, *_alias(codelist.code)],
        )  # fmt: skip


def _standard(key: str) -> dict[str, str]:
    return {"def:StandardOID": f"STD.{key}"} if key else {"def:IsNonStandard": "Yes"}


def _term(term: Term, order: int, decoded: bool) -> Any:
    told = {"CodedValue": term.value, "OrderNumber": order, "Rank": term.order}
    told |= {"def:ExtendedValue": "Yes"} if term.extended else {}
    decode = description(term.decode, "Decode") if decoded else []
    return element("CodeListItem" if decoded else "EnumeratedItem", told, [*decode, *_alias(term.code)])


def _alias(code: str) -> list[Any]:
    return [element("Alias", {"Context": names.NCI, "Name": code})] if code else []


def _leaf(oid: str, href: str, title: str) -> Any:
    titled = element("def:title")
    titled.text = title
    return element("def:leaf", {"ID": oid, "xlink:href": href}, [titled])
