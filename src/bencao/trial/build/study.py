"""Build the data sets of a study from its specification and its sources."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import polars as pl

from bencao.kernel.errors import BencaoError
from bencao.kernel.tables import Frame, Store, open_store
from bencao.trial.build.conform import conform
from bencao.trial.build.plan import BoundStep, Plan, bind_steps, blocks_of, located, plan_dataset
from bencao.trial.dataset import Dataset
from bencao.trial.errors import SpecificationError
from bencao.trial.formats import read_datasets
from bencao.trial.specification import Specification, read_specification

_SHOWN = 3


@dataclass(frozen=True)
class Built:
    """What a build gave.

    Attributes
    ----------
    specification : Specification
    datasets : dict of str to Dataset
        Those to keep, in the order of the specification, each followed by its supplemental qualifiers.
    read : tuple of Path
        Files that were read, specification and functions among them.
    """

    specification: Specification
    datasets: dict[str, Dataset]
    read: tuple[Path, ...]


def build_study(
    study: str | os.PathLike[str] | Specification,
    *,
    roots: Mapping[str, str | os.PathLike[str]] | None = None,
    only: Iterable[str] = (),
    store: str = "polars:",
) -> Built:
    """Build the data sets of a study.

    Parameters
    ----------
    study : path-like or Specification
        The study's folder, which holds ``study.yaml``.
    roots : mapping of str to path-like
        Folder of each root that sources name, such as ``raw``.
    only : iterable of str
        Data sets to build, with those that they need; all where empty.
    store : str
        Table store that runs the plans, see `bencao.kernel.tables.open_store`.

    Returns
    -------
    Built

    Raises
    ------
    SpecificationError
        Names file and line of the YAML.
    DateParseError, CodelistError, DuplicateKeyError
        Name the records.
    """
    specification = study if isinstance(study, Specification) else read_specification(study)
    blocks = blocks_of(specification)
    bound = {name: bind_steps(specification, name, blocks) for name in specification.study.datasets}
    wanted = _needed(specification, bound, tuple(only))
    engine = open_store(store)
    paths = {name: _source_path(specification, name, roots or {}) for name in _sources(specification, bound, wanted)}
    tables = {name: _scan(specification, engine, name, path) for name, path in paths.items()}
    built: dict[str, Dataset] = {}
    for name in wanted:
        plan = plan_dataset(specification, name, bound[name], tables)
        for dataset in conform(specification, name, _run(specification, name, engine, plan)):
            built[dataset.name] = dataset
            tables[dataset.name] = engine.put(dataset.name, dataset.frame)
    datasets = specification.study.datasets
    kept = {
        each: built[each]
        for name, dataset in datasets.items()
        for each in (name, f"SUPP{name}")
        if dataset.keep and each in built
    }
    functions = [specification.folder / name for name in specification.study.functions]
    return Built(specification, kept, (*specification.files, *functions, *paths.values()))


def _run(specification: Specification, name: str, store: Store, plan: Plan) -> pl.DataFrame:
    try:
        frame, *failed = store.collect([plan.frame, *(check.records.head(_SHOWN + 1) for check in plan.checks)])
    except Exception as error:
        raise SpecificationError(
            f"{name} cannot be built: {str(error).strip().splitlines()[0]}", where=specification.where("datasets", name)
        ) from error
    for check, records in zip(plan.checks, failed, strict=True):
        if len(records):
            shown = "; ".join(str(row) for row in records.head(_SHOWN).to_dicts())
            more = " and more" if len(records) > _SHOWN else ""
            raise check.kind(f"{name}: {check.step.block.name} cannot take {shown}{more}", where=check.step.where)
    return frame


def _needed(
    specification: Specification, bound: Mapping[str, tuple[BoundStep, ...]], only: tuple[str, ...]
) -> list[str]:
    """Order data sets so that each comes after those it reads, and leave out what nobody asks for."""
    datasets, sources = specification.study.datasets, specification.study.sources
    needs: dict[str, list[str]] = {}
    for name, steps in bound.items():
        needs[name] = []
        for step in steps:
            for table in step.tables:
                parent = table.removeprefix("SUPP")
                if table in datasets or parent in datasets:
                    needs[name].append(table if table in datasets else parent)
                elif table not in sources:
                    raise SpecificationError(
                        f"no source or data set {table}",
                        where=step.where,
                        mend=f"the study has {', '.join([*sources, *datasets])}",
                    )
    if unknown := [name for name in only if name not in datasets]:
        cause = f"the study has no data set {', '.join(unknown)}"
        raise SpecificationError(cause, mend=f"it has {', '.join(datasets)}")
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        where = specification.where("datasets", error.args[1][0])
        raise SpecificationError(f"data sets need each other: {circle}", where=where) from error
    wanted = set(only or datasets)
    for name in reversed(order):
        if name in wanted:
            wanted.update(needs[name])
    return [name for name in order if name in wanted]


def _sources(specification: Specification, bound: Mapping[str, tuple[BoundStep, ...]], wanted: list[str]) -> list[str]:
    read = {table for name in wanted for step in bound[name] for table in step.tables}
    return [name for name in specification.study.sources if name in read]


def _source_path(specification: Specification, name: str, roots: Mapping[str, str | os.PathLike[str]]) -> Path:
    source = specification.study.sources[name]
    where = specification.where("sources", name)
    if source.root and source.root not in roots:
        raise SpecificationError(
            f"the source {name} lies in {source.root}, and no folder is given for it",
            where=where,
            mend=f"give --root {source.root}=FOLDER",
        )
    path = (Path(roots[source.root]) if source.root else specification.folder) / source.path
    if not path.is_file():
        raise SpecificationError(f"the source {name} is not there: {path}", where=where)
    return path


def _scan(specification: Specification, store: Store, name: str, path: Path) -> Frame:
    source = specification.study.sources[name]
    try:
        frame = store.scan(path) if path.suffix in (".csv", ".parquet") else _taken_in(store, name, path)
    except BencaoError as error:
        raise located(error, specification.where("sources", name)) from error
    have = frame.collect_schema().names()
    if missing := [old for old in source.columns.values() if old not in have]:
        raise SpecificationError(
            f"{path.name} has no column {', '.join(missing)}",
            where=specification.where("sources", name, "columns"),
            mend=f"it has {', '.join(have)}",
        )
    return store.rename(frame, {old: new for new, old in source.columns.items()})


def _taken_in(store: Store, name: str, path: Path) -> Frame:
    """Read a file that only `bencao.trial.formats` can read, such as a transport file."""
    datasets = read_datasets(path)
    if len(datasets) != 1:
        raise SpecificationError(f"{path.name} holds {len(datasets)} data sets", mend="a source is a file of one")
    return store.put(f"source_{name}", datasets[0].frame)
