"""The data sets of a study: what each is, how many records it has, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bencao.kernel.errors import BencaoError
from bencao.trial.browse.study import OpenStudy
from bencao.trial.conformance import ADAM
from bencao.trial.derive import BLOCKS
from bencao.trial.specification import Step, Study


@dataclass(frozen=True)
class DatasetRow:
    """A data set in the overview.

    Attributes
    ----------
    name, label, structure : str
    keys : tuple of str
    sources : tuple of str
        Sources and data sets that its build reads, through those that only serve to build it.
    file : str
        With its folder; empty where its data are not given.
    records, variables : int or None
        None where its data are not given or cannot be read.
    specified : bool
        False for data that the specification does not describe.
    fault : str
        Why its data cannot be read.
    """

    name: str
    label: str
    structure: str
    keys: tuple[str, ...]
    sources: tuple[str, ...]
    file: str
    records: int | None
    variables: int | None
    specified: bool
    fault: str = ""


@dataclass(frozen=True)
class Overview:
    """A study at a glance.

    Attributes
    ----------
    name, description : str
    standards : tuple of str
    datasets : tuple of DatasetRow
        Those of the specification in its order, then what else is among the data.
    tables : tuple of (number, title)
        Then the listings.
    rules : tuple of str
        What `show_findings` can be asked for.
    """

    name: str
    description: str
    standards: tuple[str, ...]
    datasets: tuple[DatasetRow, ...]
    tables: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]


def show_overview(study: OpenStudy) -> Overview:
    """Give the overview of a study; a file that cannot be read is a row that says so.

    Parameters
    ----------
    study : OpenStudy

    Returns
    -------
    Overview
    """
    specified = study.specification.study
    kept = [name for name, dataset in specified.datasets.items() if dataset.keep]
    displays = study.displays
    tables = [(each.number, " ".join(each.title)) for each in displays.displays] if displays else []
    listings = [(each.number, " ".join(each.title)) for each in displays.listings] if displays else []
    return Overview(
        specified.name,
        specified.description,
        tuple(f"{standard.name} {standard.version}" for standard in specified.standards.values()),
        tuple(_row(study, name) for name in (*kept, *(name for name in study.files if name not in kept))),
        (*tables, *listings),
        (ADAM, *map(str, study.places.rules)),
    )


def _row(study: OpenStudy, name: str) -> DatasetRow:
    specified = study.specification.study
    told = specified.datasets.get(name)
    records = variables = None
    fault = ""
    label = told.label if told else ""
    if name in study.files:
        try:
            dataset = study.dataset(name)
        except BencaoError as error:
            fault = str(error)
        else:
            records, variables = dataset.frame.height, dataset.frame.width
            label = label or dataset.label
    if not label:
        source = specified.sources.get(name.lower())
        label = source.label if source else ""
    return DatasetRow(
        name,
        label,
        told.structure if told else "",
        told.keys if told else (),
        sources_of_dataset(specified, name),
        "/".join(study.files[name].parts[-2:]) if name in study.files else "",
        records,
        variables,
        told is not None,
        fault,
    )


def sources_of_dataset(study: Study, name: str) -> tuple[str, ...]:
    """Name what the build of a data set reads; data sets that are not kept give way to what they read themselves.

    Parameters
    ----------
    study : Study
    name : str

    Returns
    -------
    tuple of str
        In the order in which the steps name them. What only a function of the study's own reads is not known.
    """
    read = (table for step in steps_behind(study, name) for table in _tables_of(step))
    return tuple(table for table in dict.fromkeys(read) if table != name and not _only_serves(study, table))


def steps_behind(study: Study, name: str) -> Iterator[Step]:
    """The steps of a data set, then those of the data sets that only serve to build it."""
    waiting = [name]
    for each in waiting:
        for step in study.datasets[each].build if each in study.datasets else ():
            yield step
            waiting += [table for table in _tables_of(step) if _only_serves(study, table) and table not in waiting]


def _only_serves(study: Study, name: str) -> bool:
    return name in study.datasets and not study.datasets[name].keep


def _tables_of(step: Step) -> Iterator[str]:
    for parameter in BLOCKS[step.block].tables if step.block in BLOCKS else ():
        named = step.parameters.get(parameter, ())
        yield from [named] if isinstance(named, str) else named
