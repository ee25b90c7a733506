"""The plan of a data set: its steps bound to building blocks, compiled to one lazy frame and the checks of it."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from bencao.kernel.errors import BencaoError, InputError
from bencao.trial.derive import BLOCKS, ERRORS, Block, Frame, block_of
from bencao.trial.errors import SpecificationError
from bencao.trial.specification import Codelist, Specification

Key = str | int


@dataclass(frozen=True)
class BoundStep:
    """A step with its block and its checked parameters; `where` is its file and line."""

    block: Block
    parameters: Mapping[str, Any]
    where: str

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables it reads."""
        return self.block.tables_of(self.parameters)


@dataclass(frozen=True)
class Check:
    """Records that a step could not do right: an error of `kind` if there are any."""

    kind: type[InputError]
    records: Frame
    step: BoundStep


@dataclass(frozen=True)
class Plan:
    """The lazy frame of a data set and what must hold of it."""

    frame: Frame
    checks: tuple[Check, ...]


def blocks_of(specification: Specification) -> dict[str, Block]:
    """Give the building blocks that a study may use: the room's and the public functions of its own files.

    Raises
    ------
    SpecificationError
        Where a file cannot be imported, or one of its functions is no building block.
    """
    blocks = dict(BLOCKS)
    for index, name in enumerate(specification.study.functions):
        where = specification.where("functions", index)
        module = _imported(specification.folder / name, where)
        for function in _public_functions(module):
            if function.__name__ in blocks:
                raise SpecificationError(f"{name}: {function.__name__} is a building block already", where=where)
            try:
                blocks[function.__name__] = block_of(function)
            except SpecificationError as error:
                raise located(error, where) from error
    return blocks


def bind_steps(specification: Specification, name: str, blocks: Mapping[str, Block]) -> tuple[BoundStep, ...]:
    """Find the block of each step of a data set and check its parameters.

    Raises
    ------
    SpecificationError
        Names the step's file and line.
    """
    dataset = specification.study.datasets[name]
    bound = []
    for index, step in enumerate(dataset.build):
        where = specification.where("datasets", name, "build", index)
        if step.block not in blocks:
            raise SpecificationError(
                f"no building block {step.block}", where=where, mend=f"the study may use {', '.join(sorted(blocks))}"
            )
        block = blocks[step.block]
        if block.begins != (index == 0):
            problem = "begins a build" if block.begins else "needs a frame: a build begins with read or stack"
            raise SpecificationError(f"{step.block} {problem}", where=where)
        try:
            bound.append(BoundStep(block, block.read(step.parameters), where))
        except SpecificationError as error:
            raise located(error, where) from error
    return tuple(bound)


def plan_dataset(
    specification: Specification, name: str, steps: tuple[BoundStep, ...], tables: Mapping[str, Frame]
) -> Plan:
    """Compile the steps of a data set; nothing is read or computed yet.

    Parameters
    ----------
    specification : Specification
    name : str
        Of the data set.
    steps : tuple of BoundStep
    tables : mapping of name to frame
        Every source and data set that the steps read.

    Returns
    -------
    Plan

    Raises
    ------
    SpecificationError
        Names the step's file and line: an unknown variable, an expression that is none, a wrong type.
    """
    frame: Frame | None = None
    checks: list[Check] = []
    for step in steps:
        arguments = _resolved(step, specification.study.codelists, tables)
        inputs = () if frame is None else (frame,)
        try:
            if step.block.failures is not None:
                records = step.block.failures(*inputs, **arguments)
                records.collect_schema()
                checks.append(Check(ERRORS[step.block.name], records, step))
            frame = step.block.function(*inputs, **arguments)
            frame.collect_schema()
        except BencaoError as error:
            raise located(error, step.where) from error
        except Exception as error:  # whatever an engine or a study's own function raises is an error of the step
            problem = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise SpecificationError(f"{step.block.name} of {name} fails: {problem}", where=step.where) from error
    if frame is None:
        raise SpecificationError(f"{name} has no build", where=specification.where("datasets", name))
    return Plan(frame, tuple(checks))


def located(error: BencaoError, where: str) -> BencaoError:
    """Give the error a place in a file, where it has none yet."""
    return error if error.where else type(error)(error.cause, where=where, mend=error.mend)


def _resolved(step: BoundStep, codelists: Mapping[str, Codelist], tables: Mapping[str, Frame]) -> dict[str, Any]:
    arguments = dict(step.parameters)
    for parameter in step.block.tables & arguments.keys():
        named = arguments[parameter]
        arguments[parameter] = [tables[name] for name in named] if isinstance(named, list) else tables[named]
    for parameter in step.block.codelists & arguments.keys():
        if arguments[parameter] not in codelists:
            raise SpecificationError(f"the study has no codelist {arguments[parameter]}", where=step.where)
        arguments[parameter] = codelists[arguments[parameter]]
    return arguments


def _imported(path: Path, where: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(f"study_{path.stem}", path)
    if found is None or found.loader is None:
        raise SpecificationError(f"{path.name} is no Python file", where=where)
    module = importlib.util.module_from_spec(found)
    try:
        found.loader.exec_module(module)
    except Exception as error:
        cause = f"{path.name} cannot be imported: {type(error).__name__}: {error}"
        raise SpecificationError(cause, where=where) from error
    return module


def _public_functions(module: ModuleType) -> Iterator[Callable[..., Frame]]:
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
            yield function
