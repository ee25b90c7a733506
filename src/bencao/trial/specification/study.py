"""A study's specification, whole, and what its parts may name of each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from bencao.trial.display.declaration import Displays, data_of, first_unknown, sets_of
from bencao.trial.specification.analysis import Analysis
from bencao.trial.specification.model import (
    Codelist,
    Condition,
    DatasetSpecification,
    Document,
    Name,
    Source,
    Standard,
)

Path = tuple[str | int, ...]


class Study(BaseModel):
    """A study, whole.

    Attributes
    ----------
    name : str
        As in STUDYID.
    description, protocol : str
    standards : dict of str to Standard
    sources : dict of str to Source
    functions : tuple of str
        Python files in the study's folder whose public functions are building blocks too.
    codelists : dict of str to Codelist
    datasets : dict of str to DatasetSpecification
        In the order in which define.xml lists them.
    documents : dict of str to Document
    analyses : dict of str to Analysis
        In the order in which define.xml lists them.
    displays : Displays or None
        Tables and figures; in YAML also the name of the file that declares them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str = ""
    protocol: str = ""
    standards: dict[str, Standard] = {}
    sources: dict[Name, Source] = {}
    functions: tuple[str, ...] = ()
    codelists: dict[str, Codelist] = {}
    datasets: dict[Name, DatasetSpecification] = {}
    documents: dict[str, Document] = {}
    analyses: dict[str, Analysis] = {}
    displays: Displays | None = None

    @model_validator(mode="before")
    @classmethod
    def _displays_are_of_this_study(cls, given: Any) -> Any:
        # `shared` only holds what aliases repeat, and they are read by now.
        if isinstance(given, dict) and isinstance(given.get("displays"), dict):
            displays = {key: value for key, value in given["displays"].items() if key != "shared"}
            return {**given, "displays": {"study": given.get("name"), **displays}}
        return given

    @model_validator(mode="after")
    def _known_names(self) -> Study:
        for name, dataset in self.datasets.items():
            if dataset.standard and dataset.standard not in self.standards:
                raise _unknown("standard", dataset.standard, ("datasets", name, "standard"))
            for index, variable in enumerate(dataset.variables):
                for codelist in {variable.codelist, *(value.codelist for value in variable.values)} - {""}:
                    if codelist not in self.codelists:
                        raise _unknown("codelist", codelist, ("datasets", name, "variables", index, "codelist"))
        if self.displays and self.displays.study != self.name:
            raise _wrong(f"the displays are of the study {self.displays.study}", ("displays", "study"))
        if self.displays and (wrong := first_unknown(self.displays)):
            path, cause = wrong
            raise _wrong(cause, ("displays", *path))
        for name, analysis in self.analyses.items():
            for kind, named, path in _unknown_of(analysis, self):
                raise _unknown(kind, named, ("analyses", name, *path))
            for cause, path in _not_shown(analysis, self.displays):
                raise _wrong(cause, ("analyses", name, *path))
            first = next(each for each in self.analyses.values() if each.display.name == analysis.display.name)
            if analysis.display != first.display:
                path = ("analyses", name, "display")
                raise PydanticCustomError(
                    "two_displays",
                    "{name} has another title or place here than before",
                    {"name": first.display.name, "path": path},
                )
        return self


def titles_of(displays: Displays) -> dict[str, str]:
    """Give the title of each table and figure by what it is called, such as ``Table 14-3.01``."""
    tables = {f"Table {table.number}": " ".join(table.title) for table in displays.displays}
    return tables | {f"Figure {figure.number}": " ".join(figure.title) for figure in displays.figures}


def _not_shown(analysis: Analysis, displays: Displays | None) -> Iterator[tuple[str, Path]]:
    """What an analysis says that the displays do not: cause and where in the analysis."""
    if displays is None:
        return
    name = analysis.display.name
    if name not in titles_of(displays):
        yield f"the study has no display {name}", ("display",)
        return
    tables = {f"Table {table.number}": sets_of(table) for table in displays.displays}
    figures = {f"Figure {figure.number}": {figure.set} for figure in displays.figures}
    read = data_of(displays, (tables | figures)[name])
    for place, data in enumerate(analysis.data):
        if data.dataset not in read:
            yield f"{name} is made of {', '.join(read)} and not of {data.dataset}", ("data", place, "dataset")


def _unknown_of(analysis: Analysis, study: Study) -> Iterator[tuple[str, str, Path]]:
    """What an analysis names that the study has not: kind, name and where in the analysis."""
    for place, data in enumerate(analysis.data):
        at: Path = ("data", place)
        yield from _unknown_variables(study, data.dataset, data.where, data.variables, at)
    if analysis.population:
        yield from _unknown_variables(
            study, analysis.population.dataset, analysis.population.where, (), ("population",)
        )
    if analysis.parameter:
        yield from _unknown_variables(study, analysis.data[0].dataset, (), (analysis.parameter,), ("parameter",))
    program = analysis.program.documents if analysis.program else ()
    for at, references in (
        (("documents",), analysis.documents),
        (("program", "documents"), program),
        (("display", "documents"), analysis.display.documents),
    ):
        for place, reference in enumerate(references):
            if reference.document not in study.documents:
                yield "document", reference.document, (*at, place, "document")


def _unknown_variables(
    study: Study, dataset: str, where: tuple[Condition, ...], variables: tuple[str, ...], at: Path
) -> Iterator[tuple[str, str, Path]]:
    if dataset not in study.datasets:
        yield "data set", dataset, (*at, "dataset")
        return
    known = {variable.name for variable in study.datasets[dataset].variables}
    for place, condition in enumerate(where):
        if condition.variable not in known:
            yield "variable", f"{dataset}.{condition.variable}", (*at, "where", place, "variable")
    for place, name in enumerate(variables):
        if name not in known:
            yield "variable", f"{dataset}.{name}", (*at, "variables", place)


def _unknown(kind: str, name: str, path: Path) -> PydanticCustomError:
    return PydanticCustomError(
        "unknown_name", "the study has no {kind} {name}", {"kind": kind, "name": name, "path": path}
    )


def _wrong(cause: str, path: Path) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{cause}", {"cause": cause, "path": path})
