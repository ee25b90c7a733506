"""What of a study's specification define.xml has a place for."""

from __future__ import annotations

from collections.abc import Mapping

from bencao.trial.formats.define.methods import method_of
from bencao.trial.specification import (
    Analysis,
    Codelist,
    Condition,
    DatasetSpecification,
    Origin,
    Step,
    Study,
    Term,
    ValueLevel,
    VariableSpecification,
    titles_of,
)

# SUPP-- of SDTMIG 3.4, section 8.4: name, label, length, whether it must be there, role.
_SUPPLEMENTAL = (
    ("STUDYID", "Study Identifier", 20, True, "Identifier"),
    ("RDOMAIN", "Related Domain Abbreviation", 2, True, "Identifier"),
    ("USUBJID", "Unique Subject Identifier", 40, True, "Identifier"),
    ("IDVAR", "Identifying Variable", 8, False, "Identifier"),
    ("IDVARVAL", "Identifying Variable Value", 40, False, "Identifier"),
    ("QNAM", "Qualifier Variable Name", 8, True, "Topic"),
    ("QLABEL", "Qualifier Variable Label", 40, True, "Synonym Qualifier"),
    ("QVAL", "Data Value", 200, True, "Result Qualifier"),
    ("QORIG", "Origin", 20, True, "Record Qualifier"),
    ("QEVAL", "Evaluator", 40, False, "Record Qualifier"),
)
_SUPPLEMENTAL_KEYS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")


def defined_part(study: Study) -> Study:
    """Keep what define.xml carries, so that reading a written define.xml gives exactly this.

    Left out are how data sets are built (sources, functions, steps), displays but for the titles of those that show an
    analysis, data sets that are not kept and codelists that only building needs, `core` of a variable, and of a
    codelist synonyms and whether it is extensible, unless a term extends it. A derived variable without a method gets
    the words of the steps that set it.
    Supplemental variables become value levels of QVAL in SUPP--.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Study
    """
    datasets: dict[str, DatasetSpecification] = {}
    for name, dataset in study.datasets.items():
        if dataset.keep:
            datasets[name] = _dataset(dataset)
            supplemental = [
                _with_method(variable, dataset.build) for variable in dataset.variables if variable.supplemental
            ]
            if supplemental and f"SUPP{name}" not in study.datasets:
                datasets[f"SUPP{name}"] = _supplemental(name, dataset, supplemental)
    used = {
        codelist
        for dataset in datasets.values()
        for variable in dataset.variables
        for codelist in (variable.codelist, *(value.codelist for value in variable.values))
    }
    titles = titles_of(study.displays) if study.displays else {}
    return study.model_copy(
        update={
            "protocol": study.protocol or study.name,
            "sources": {},
            "functions": (),
            "analyses": {name: _analysis(one, datasets, titles) for name, one in study.analyses.items()},
            "displays": None,
            "datasets": datasets,
            "codelists": {name: _codelist(name, one) for name, one in study.codelists.items() if name in used},
        }
    )


def _analysis(analysis: Analysis, datasets: Mapping[str, DatasetSpecification], titles: Mapping[str, str]) -> Analysis:
    def conditions(dataset: str, where: tuple[Condition, ...]) -> tuple[Condition, ...]:
        variables = datasets[dataset].variables if dataset in datasets else ()
        types = {variable.name: variable.type for variable in variables}
        return tuple(_condition(one, types) for one in where)

    display, population = analysis.display, analysis.population
    title = display.title or titles.get(display.name, "") or display.name
    update: dict[str, object] = {
        "display": display.model_copy(update={"title": title}),
        "data": tuple(one.model_copy(update={"where": conditions(one.dataset, one.where)}) for one in analysis.data),
    }
    if population:
        where = conditions(population.dataset, population.where)
        update["population"] = population.model_copy(update={"where": where})
    return analysis.model_copy(update=update)


def _dataset(dataset: DatasetSpecification) -> DatasetSpecification:
    kept = [variable for variable in dataset.variables if not variable.supplemental]
    types = {variable.name: variable.type for variable in kept}
    return dataset.model_copy(
        update={
            "build": (),
            "variables": tuple(_variable(_with_method(variable, dataset.build), types) for variable in kept),
        }
    )


def _with_method(variable: VariableSpecification, build: tuple[Step, ...]) -> VariableSpecification:
    derived = variable.origin is not None and variable.origin.type == "Derived"
    if variable.method or not derived:
        return variable
    return variable.model_copy(update={"method": method_of(variable.name, build)})


def _variable(variable: VariableSpecification, types: Mapping[str, str]) -> VariableSpecification:
    values = tuple(
        level.model_copy(update={"where": tuple(_condition(one, types) for one in level.where)})
        for level in variable.values
    )
    return variable.model_copy(update={"core": "", "values": values})


def _condition(condition: Condition, types: Mapping[str, str]) -> Condition:
    kind = types.get(condition.variable, "text")
    return condition.model_copy(update={"values": tuple(typed(str(value), kind) for value in condition.values)})


def typed(text: str, kind: str) -> str | int | float:
    """Value of a codelist or a where clause as its type has it; raises ValueError where it is none."""
    return int(text) if kind == "integer" else float(text) if kind == "float" else text


def _supplemental(
    name: str, dataset: DatasetSpecification, variables: list[VariableSpecification]
) -> DatasetSpecification:
    levels = tuple(
        ValueLevel(
            where=(Condition(variable="QNAM", values=(variable.name,)),),
            **{field: getattr(variable, field) for field in ValueLevel.model_fields if field != "where"},
        )
        for variable in variables
    )
    lengths = {variable.name: variable.length for variable in dataset.variables}
    columns = tuple(
        VariableSpecification(
            name=column, label=label, length=lengths.get(column) or length, mandatory=mandatory, role=role,
            origin=None if column == "QVAL" else Origin(type="Assigned", source="Sponsor"),
            values=levels if column == "QVAL" else (),
        )
        for column, label, length, mandatory, role in _SUPPLEMENTAL
    )  # fmt: skip
    return DatasetSpecification(
        label=f"Supplemental Qualifiers for {name}",
        structure="One record per supplemental qualifier per related parent domain record",
        purpose=dataset.purpose,
        standard=dataset.standard,
        keys=_SUPPLEMENTAL_KEYS,
        variables=columns,
    ).model_copy(update={"class_name": "RELATIONSHIP"})


def _codelist(name: str, codelist: Codelist) -> Codelist:
    decoded = any(term.decode for term in codelist.terms)
    terms = tuple(
        Term(
            value=typed(str(term.value), codelist.type),
            decode=term.decode or (str(term.value) if decoded else ""),
            code=term.code,
            order=term.order,
            extended=term.extended,
        )
        for term in codelist.terms
    )
    update = {"label": codelist.label or name, "terms": terms, "extensible": any(term.extended for term in terms)}
    return codelist.model_copy(update=update)
