"""Analysis Results Metadata 1.0, CDISC's extension of define.xml: written from analyses, read, and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bencao.trial.errors import SpecificationError
from bencao.trial.formats.define import names
from bencao.trial.formats.define.elements import description, document_reference, element, where_clause
from bencao.trial.formats.define.names import qualified
from bencao.trial.specification import Analysis, Condition, DocumentReference, Study

# What results refer to and need, as `checking` has it for the rest of define.xml.
RESULT_REFERENCES = (
    ("arm:AnalysisResult", "ParameterOID", "ItemDef"),
    ("arm:AnalysisDataset", "ItemGroupOID", "ItemGroupDef"),
    ("arm:AnalysisVariable", "ItemOID", "ItemDef"),
    ("arm:AnalysisDatasets", "def:CommentOID", "def:CommentDef"),
)
RESULT_REQUIRED = {
    "arm:ResultDisplay": ("OID", "Name"),
    "arm:AnalysisResult": ("OID", "AnalysisReason", "AnalysisPurpose"),
    "arm:AnalysisDataset": ("ItemGroupOID",),
    "arm:AnalysisVariable": ("ItemOID",),
}


class ResultsWriter:
    """Collects the where clauses and comments that analyses refer to while they are written."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.where_clauses: list[Any] = []
        self.comments: list[Any] = []

    def displays(self) -> list[Any]:
        """arm:AnalysisResultDisplays, a display for each name that analyses have; nothing where there are none."""
        grouped: dict[str, list[tuple[str, Analysis]]] = {}
        for name, analysis in self.study.analyses.items():
            grouped.setdefault(analysis.display.name, []).append((name, analysis))
        displays = []
        for number, (name, analyses) in enumerate(grouped.items(), start=1):
            shown = analyses[0][1].display
            displays.append(
                element(
                    "arm:ResultDisplay",
                    {"OID": f"RD.{number}", "Name": name},
                    [
                        *description(shown.title),
                        *_documents(shown.documents),
                        *(self._result(key, analysis) for key, analysis in analyses),
                    ],
                )
            )
        return [element("arm:AnalysisResultDisplays", children=displays)] if displays else []

    def _result(self, key: str, analysis: Analysis) -> Any:
        oid = f"AR.{key}"
        first = analysis.data[0].dataset
        datasets = [
            self._dataset(f"WC.{oid}.{place}", one.dataset, one.where, one.variables, oid)
            for place, one in enumerate(analysis.data, start=1)
        ]
        if analysis.population:
            population = analysis.population
            datasets.append(self._dataset(f"WC.{oid}.POPULATION", population.dataset, population.where, (), oid))
        comment = ""
        if analysis.comment:
            comment = f"COM.{oid}"
            self.comments.append(element("def:CommentDef", {"OID": comment}, description(analysis.comment)))
        children = [
            *description(analysis.label),
            element("arm:AnalysisDatasets", {"def:CommentOID": comment}, datasets),
        ]
        if analysis.method:
            told = [*description(analysis.method), *_documents(analysis.documents)]
            children.append(element("arm:Documentation", children=told))
        if analysis.program:
            program = element("arm:ProgrammingCode", {"Context": analysis.program.context})
            if analysis.program.code:
                program.append(element("arm:Code"))
                program[-1].text = analysis.program.code
            program.extend(_documents(analysis.program.documents))
            children.append(program)
        parameter = names.item(first, analysis.parameter) if analysis.parameter else None
        return element(
            "arm:AnalysisResult",
            {"OID": oid, "ParameterOID": parameter, "AnalysisReason": analysis.reason,
             "AnalysisPurpose": analysis.purpose},
            children,
        )  # fmt: skip

    def _dataset(
        self, clause: str, dataset: str, where: tuple[Condition, ...], variables: Iterable[str], analysis: str
    ) -> Any:
        kept = self.study.datasets.get(dataset)
        known = {variable.name for variable in kept.variables} if kept else set()
        for name in (*(condition.variable for condition in where), *variables):
            if name not in known:
                raise SpecificationError(
                    f"the analysis {analysis[3:]} is of {dataset}.{name}, which define.xml does not list",
                    where=self.study.name,
                    mend="keep the data set, and the variable in it",
                )
        children = []
        if where:
            self.where_clauses.append(where_clause(clause, dataset, where))
            children.append(element("def:WhereClauseRef", {"WhereClauseOID": clause}))
        children += [element("arm:AnalysisVariable", {"ItemOID": names.item(dataset, name)}) for name in variables]
        return element("arm:AnalysisDataset", {"ItemGroupOID": names.item_group(dataset)}, children)


def _documents(references: Iterable[DocumentReference]) -> list[Any]:
    return [document_reference(one.document, one.pages) for one in references]


class ResultsReader:
    """Reads arm:AnalysisResultDisplays with what the reader of the file knows.

    Parameters
    ----------
    defined : callable
        The definition of an element's name with an OID, for an element; raises `SpecificationError` where none is.
    conditions : callable
        The conditions of each where clause that an element of a data set refers to.
    comment, text : callable
        Of an element: the comment that it refers to; its description.
    document : callable
        Name of a document, of its leaf.
    wrong : callable
        An error at an element.
    """

    def __init__(
        self,
        *,
        defined: Callable[[str, str, Any], Any],
        conditions: Callable[[Any, Any], list[list[dict[str, Any]]]],
        comment: Callable[[Any], str],
        text: Callable[[Any], str],
        document: Callable[[str], str],
        wrong: Callable[[Any, str], SpecificationError],
    ) -> None:
        self._defined, self._conditions, self._comment = defined, conditions, comment
        self._text, self._document, self._wrong = text, document, wrong

    def analyses(self, version: Any) -> dict[str, dict[str, Any]]:
        """Analyses as the study's model takes them, by their OID without ``AR.``."""
        found: dict[str, dict[str, Any]] = {}
        for display in version.iter(qualified("arm:ResultDisplay")):
            shown = {"name": display.get("Name"), "title": self._text(display), "documents": self._references(display)}
            for result in display.iterfind(qualified("arm:AnalysisResult")):
                key = result.get("OID", "").removeprefix("AR.")
                if key in found:
                    raise self._wrong(result, f"a second analysis with the OID {result.get('OID')}")
                found[key] = {"display": shown, **self._result(result)}
        return found

    def _result(self, result: Any) -> dict[str, Any]:
        datasets = result.find(qualified("arm:AnalysisDatasets"))
        data: list[dict[str, Any]] = []
        population = None
        for one in () if datasets is None else datasets.iterfind(qualified("arm:AnalysisDataset")):
            told = self._dataset(one)
            if told["variables"]:
                data.append(told)
            elif population is None:
                population = {"dataset": told["dataset"], "where": told["where"]}
            else:
                raise self._wrong(one, "a second data set without variables, where a specification has one population")
        parameter = result.get("ParameterOID")
        described = result.find(qualified("arm:Documentation"))
        program = result.find(qualified("arm:ProgrammingCode"))
        return {
            "label": self._text(result),
            "data": data,
            "population": population,
            "parameter": self._defined("ItemDef", parameter, result).get("Name") if parameter else None,
            "method": "" if described is None else self._text(described),
            "documents": [] if described is None else self._references(described),
            "program": None if program is None else self._program(program),
            "reason": result.get("AnalysisReason"),
            "purpose": result.get("AnalysisPurpose"),
            "comment": "" if datasets is None else self._comment(datasets),
        }

    def _dataset(self, dataset: Any) -> dict[str, Any]:
        group = self._defined("ItemGroupDef", dataset.get("ItemGroupOID"), dataset)
        variables = dataset.iterfind(qualified("arm:AnalysisVariable"))
        clauses = self._conditions(dataset, group)
        if len(clauses) > 1:
            raise self._wrong(dataset, "a second where clause of a data set")
        return {
            "dataset": group.get("Name"),
            "where": clauses[0] if clauses else [],
            "variables": [self._defined("ItemDef", one.get("ItemOID"), one).get("Name") for one in variables],
        }

    def _program(self, program: Any) -> Mapping[str, Any]:
        code = program.findtext(qualified("arm:Code")) or ""
        return {"context": program.get("Context", ""), "code": code, "documents": self._references(program)}

    def _references(self, element: Any) -> list[dict[str, str]]:
        return [
            {"document": self._document(one.get("leafID", "")), "pages": pages_of(one)}
            for one in element.iterfind(qualified("def:DocumentRef"))
        ]


def result_faults(root: Any) -> Iterator[tuple[Any, str, str]]:
    """What is wrong with results: element, rule and cause."""
    groups = {
        group.get("OID"): {one.get("ItemOID") for one in group.iterfind(qualified("ItemRef"))}
        for group in root.iter(qualified("ItemGroupDef"))
    }
    for name in ("arm:ResultDisplay", "arm:AnalysisResult"):
        elements = list(root.iter(qualified(name)))
        times = Counter(one.get("OID") for one in elements)
        for one in elements:
            if times[one.get("OID")] > 1:
                yield one, "unique", f"{name} {one.get('OID')} is defined twice"
            if not (one.findtext(f"{qualified('Description')}/{qualified('TranslatedText')}") or "").strip():
                yield one, "description", f"{name} {one.get('OID')} has no Description"
    for display in root.iter(qualified("arm:ResultDisplay")):
        if display.find(qualified("arm:AnalysisResult")) is None:
            yield display, "results", f"{display.get('Name')} shows no arm:AnalysisResult"
    for result in root.iter(qualified("arm:AnalysisResult")):
        datasets = list(result.iter(qualified("arm:AnalysisDataset")))
        if not datasets:
            yield result, "results", f"{result.get('OID')} has no arm:AnalysisDataset"
        for dataset in datasets:
            of_group = groups.get(dataset.get("ItemGroupOID"), set())
            for one in dataset.iterfind(qualified("arm:AnalysisVariable")):
                if one.get("ItemOID") not in of_group:
                    cause = f"{one.get('ItemOID')} is no variable of {dataset.get('ItemGroupOID')}"
                    yield one, "results", cause


def pages_of(reference: Any) -> str:
    """Pages of a document that a reference names."""
    pages = reference.find(qualified("def:PDFPageRef"))
    if pages is None:
        return ""
    return pages.get("PageRefs") or "-".join(filter(None, (pages.get("FirstPage"), pages.get("LastPage"))))
