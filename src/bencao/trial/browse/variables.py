"""The specification of one data set, variable by variable."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.trial.browse.overview import steps_behind
from bencao.trial.browse.study import OpenStudy
from bencao.trial.errors import SpecificationError
from bencao.trial.formats.define.methods import method_of
from bencao.trial.specification import DatasetSpecification, Origin, Step, VariableSpecification


@dataclass(frozen=True)
class VariableRow:
    """A variable for a reader.

    Attributes
    ----------
    name, label, type, codelist : str
    origin : str
        Such as ``Derived (Sponsor)`` or ``Collected, p. 6``.
    derived : str
        The specified method, else the words of the steps that set it, else its predecessor, else the words of steps
        of data sets that only serve to build this one.
    key, supplemental : bool
    """

    name: str
    label: str
    type: str
    codelist: str
    origin: str
    derived: str
    key: bool
    supplemental: bool


@dataclass(frozen=True)
class DatasetView:
    """A data set's specification.

    Attributes
    ----------
    name, label, class_name, structure : str
    variables : tuple of VariableRow
    codelists : dict of str to tuple of (value, decode)
        Of the variables; empty for a dictionary.
    """

    name: str
    label: str
    class_name: str
    structure: str
    variables: tuple[VariableRow, ...]
    codelists: dict[str, tuple[tuple[str, str], ...]]


def show_dataset(study: OpenStudy, name: str) -> DatasetView:
    """Give the specification of a data set.

    Parameters
    ----------
    study : OpenStudy
    name : str

    Returns
    -------
    DatasetView

    Raises
    ------
    SpecificationError
        The study has no such data set.
    """
    specified = study.specification.study
    if name not in specified.datasets:
        known = ", ".join(specified.datasets)
        raise SpecificationError(f"the study has no data set {name}", mend=f"it has {known}")
    dataset = specified.datasets[name]
    named = dict.fromkeys(variable.codelist for variable in dataset.variables if variable.codelist)
    steps = tuple(steps_behind(specified, name))
    return DatasetView(
        name,
        dataset.label,
        dataset.class_name,
        dataset.structure,
        tuple(_row(variable, dataset, steps) for variable in dataset.variables),
        {each: tuple((str(term.value), term.decode) for term in specified.codelists[each].terms) for each in named},
    )


def _row(variable: VariableSpecification, dataset: DatasetSpecification, steps: tuple[Step, ...]) -> VariableRow:
    origin = variable.origin
    described = origin.description if origin else ""
    derived = variable.method or method_of(variable.name, dataset.build) or described or method_of(variable.name, steps)
    return VariableRow(
        variable.name,
        variable.label,
        f"{variable.type} {variable.length}" if variable.length else variable.type,
        variable.codelist,
        _origin_in_words(origin) if origin else "",
        derived,
        variable.name in dataset.keys,
        variable.supplemental,
    )


def _origin_in_words(origin: Origin) -> str:
    source = f" ({origin.source})" if origin.source else ""
    return f"{origin.type}{source}" + (f", p. {origin.pages}" if origin.pages else "")
