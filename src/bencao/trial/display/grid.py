"""Compute a declared display: rows by columns, each cell a slice of an analysis set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from bencao.trial.display.analysis_set import Positions, PreparedSet, SetStore
from bencao.trial.display.comparison import compare, fit
from bencao.trial.display.declaration import Block, By, Column, Display, Displays, RowSpec, Size, Test
from bencao.trial.display.formats import cell_text, statistics_of
from bencao.trial.display.statistic import COUNTS, statistics_of_slice
from bencao.trial.display.table import NO_RECORDS, Cell, Numbers, Result, Row, Table
from bencao.trial.errors import SpecificationError

Value = str | float
# Texts that wait for the next row, and numbers of subjects among them.
_Labels = dict[int, str | Cell]
# Key of what no column restricts.
_WHOLE = ""


@dataclass(frozen=True, eq=False)
class _Slices:
    """Records by column at one place in the tree of rows, and what percentages are of."""

    direct: dict[str, Positions]
    denominator: dict[str, Positions]


@dataclass(frozen=True)
class _Place:
    """Where in the tree of rows one stands."""

    fixed: dict[str, Value]
    path: tuple[str, ...]
    repeated: _Labels = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Run:
    """One block under way."""

    display: Display
    displays: Displays
    store: SetStore
    block: Block

    @property
    def records(self) -> PreparedSet:
        return self.store[self.block.set]

    @property
    def whole(self) -> PreparedSet:
        return self.store[self.block.denominator.set or self.block.set]

    def records_of(self, column: Column) -> PreparedSet:
        return self.store[column.set or self.block.set]

    def within(self) -> tuple[str, ...]:
        """Variables of `by` that hold for the denominator."""
        declared = self.block.denominator
        if declared.within is not None:
            return declared.within
        return () if declared.set else tuple(level.variable for level in self.block.by)


def compute_table(number: str, displays: Displays, data: Mapping[str, pl.DataFrame]) -> Table:
    """Compute one table.

    Parameters
    ----------
    number : str
    displays : Displays
    data : mapping of str to polars DataFrame
        Every data set that the display names.

    Returns
    -------
    Table

    Raises
    ------
    SpecificationError
        Where the display names what is not there.
    EstimationError
        Where the data do not allow a model.
    """
    display = displays.display(number)
    store = SetStore(displays, data)
    rows: list[Row] = []
    for place, block in enumerate(display.blocks):
        run = _Run(display, displays, store, block)
        rows += [replace(row, block=place) for row in (_model_rows(run) if block.model else _block_rows(run))]
    return Table(
        displays.study,
        number,
        display.title,
        display.population_label,
        display.footnotes,
        _header(display, store),
        tuple(column.id for column in display.columns),
        tuple(rows),
        len(display.stubs),
    )


def _header(display: Display, store: SetStore) -> tuple[tuple[str, ...], ...]:
    depth = max(len(column.heading) for column in display.columns)
    headings = []
    for column in display.columns:
        lines = column.heading
        if any("{N}" in line for line in lines):
            population = store[column.population or display.population]
            size = population.subjects(population.chosen(population.all, column.arm))
            lines = tuple(line.replace("{N}", str(size)) for line in lines)
        headings.append(("",) * (depth - len(lines)) + lines)
    empty = ("",) * len(display.stubs)
    return tuple(
        (*(display.stubs if level == depth - 1 else empty), *(lines[level] for lines in headings))
        for level in range(depth)
    )


def _block_rows(run: _Run) -> Iterator[Row]:
    block = run.block
    pending: _Labels = {}
    path: tuple[str, ...] = ()
    if block.label:
        path = (block.label,)
        if block.heading == "row":
            yield _heading(run, 0, block.label, path)
        else:
            pending[0] = block.label
    yield from _level_rows(run, 0, _sliced(run), _Place({}, path), pending)


def _sliced(run: _Run) -> _Slices:
    block, of = run.block, run.block.denominator
    direct = {_WHOLE: run.records.chosen(run.records.all, block.where)}
    whole = run.whole.chosen(run.whole.all, of.where, "TRUE" if of.set else block.where)
    denominator = {_WHOLE: whole}
    for column in run.display.columns:
        records = run.records_of(column)
        base = records.all if column.set else direct[_WHOLE]
        direct[column.id] = records.chosen(base, column.arm, column.where, column.numerator)
        if column.rows != "none" and column.set is None:
            conditions = (column.arm,) if of.set else (column.arm, column.where)
            denominator[column.id] = run.whole.chosen(whole, *conditions)
    return _Slices(direct, denominator)


def _heading(run: _Run, stub: int, label: str, path: tuple[str, ...]) -> Row:
    labels = tuple(label if place == stub else "" for place in range(len(run.display.stubs)))
    return Row(labels, path, ())


def _level_rows(run: _Run, depth: int, slices: _Slices, place: _Place, pending: _Labels) -> Iterator[Row]:
    if depth == len(run.block.by):
        whole_levels = bool(run.block.by) and run.block.by[-1].heading == "cells"
        if run.block.rows or not whole_levels:
            yield from _leaf_rows(run, run.block.rows or (RowSpec(),), slices, place, pending)
        return
    level = run.block.by[depth]
    for value, label in _values(run, level, slices):
        inner = _inner(run, level, value, slices)
        text = " " * level.indent + label
        repeated = place.repeated | ({level.stub: text} if level.repeat else {})
        here = _Place({**place.fixed, level.variable: value}, (*place.path, label.strip()), repeated)
        if level.heading == "row":
            yield _heading(run, level.stub, text, here.path)
        else:
            pending[level.stub] = text
        if level.heading == "cells":
            yield from _leaf_rows(run, (RowSpec(),), inner, here, pending)
        if level.size:
            pending[level.size.stub] = _size_cell(run, level, level.size, value)
        yield from _level_rows(run, depth + 1, inner, here, pending)


def _inner(run: _Run, level: By, value: Value, slices: _Slices) -> _Slices:
    """What is left of every slice at a value of a level."""
    direct = dict(slices.direct)
    columns = {column.id: column for column in run.display.columns}
    for name, positions in slices.direct.items():
        column = columns.get(name)
        if column is None or column.set is None or level.variable in column.within:
            records = run.records if column is None else run.records_of(column)
            direct[name] = _at(records, level.variable, value, positions)
    if level.variable not in run.within():
        return _Slices(direct, slices.denominator)
    denominator = {
        name: _at(run.whole, level.variable, value, positions) for name, positions in slices.denominator.items()
    }
    return _Slices(direct, denominator)


def _at(records: PreparedSet, variable: str, value: Value, positions: Positions) -> Positions:
    part = records.parted(variable).get(value, NO_RECORDS)
    return np.intersect1d(positions, part, assume_unique=True)


def _size_cell(run: _Run, level: By, size: Size, value: Value) -> Cell:
    population = run.store[size.set]
    positions = _at(population, level.variable, value, population.all)
    count = population.subjects(positions)
    return Cell(str(count), "count", (Result("subjects", count, str(count)),), population.numbers(positions))


def _values(run: _Run, level: By, slices: _Slices) -> list[tuple[Value, str]]:
    """Values of a level in order, each with its label."""
    if level.values is not None:
        return list(level.values.items())
    positions = slices.direct[_WHOLE]
    frame = pl.DataFrame(
        {
            "value": run.records.variable(level.variable)[positions],
            "label": run.records.evaluated(level.label or level.variable)[positions].cast(pl.String),
            **{f"order {name}": run.records.variable(name)[positions] for name in level.order},
        }
    ).drop_nulls("value")
    found = frame.group_by("value", maintain_order=True).agg(pl.col("label").first(), pl.col("^order .*$").min())
    if level.most:
        most = slices.direct[level.most]
        sizes = [run.records.subjects(_at(run.records, level.variable, value, most)) for value in found["value"]]
        found = found.with_columns(pl.Series("size", sizes, dtype=pl.Int64)).sort(
            ["size", "label"], descending=[True, False]
        )
    else:
        found = found.sort([*(f"order {name}" for name in level.order), "label"])
    return list(zip(found["value"].to_list(), found["label"].to_list(), strict=True))


def _leaf_rows(
    run: _Run, specs: tuple[RowSpec, ...], slices: _Slices, place: _Place, pending: _Labels
) -> Iterator[Row]:
    first = True
    for spec in specs:
        chosen = _chosen(run, spec, slices)
        shown = [column.id for column in run.display.columns if column.rows == "all"]
        if run.block.drop_empty and not any(len(chosen[name]) for name in shown):
            continue
        labels: _Labels = place.repeated | pending
        pending.clear()
        if spec.label:
            labels[run.block.stub] = " " * run.block.indent + spec.label
        texts = [labels.get(stub, "") for stub in range(len(run.display.stubs))]
        yield Row(
            tuple(text.text if isinstance(text, Cell) else text for text in texts),
            (*place.path, spec.label) if spec.label else place.path,
            _cells(run, spec, chosen, slices, place.fixed, first),
            tuple((stub, label) for stub, label in sorted(labels.items()) if isinstance(label, Cell)),
            _group(place, spec),
        )
        first = False


def _chosen(run: _Run, spec: RowSpec, slices: _Slices) -> dict[str, Positions]:
    other = {column.id for column in run.display.columns if column.set is not None}
    return {
        name: positions if name in other else run.records.chosen(positions, spec.where)
        for name, positions in slices.direct.items()
    }


def _cells(
    run: _Run,
    spec: RowSpec,
    chosen: dict[str, Positions],
    slices: _Slices,
    fixed: Mapping[str, Value],
    first: bool,
) -> tuple[Cell, ...]:
    tests = {
        test.column: test
        for test in run.block.tests
        if test.rows in ("each", spec.label) or (test.rows == "first" and first)
    }
    cells = []
    for column in run.display.columns:
        if column.id in tests:
            cells.append(_test_cell(run, tests[column.id], chosen[_WHOLE], slices, fixed))
        elif column.rows == "none" or (column.rows == "first" and not first):
            cells.append(Cell(""))
        else:
            cells.append(_slice_cell(run, column, spec, chosen[column.id], slices.denominator.get(column.id), fixed))
    return tuple(cells)


def _group(place: _Place, spec: RowSpec) -> tuple[tuple[str, str], ...]:
    condition = (("", spec.where),) if spec.where != "TRUE" else ()
    return (*((name, str(value)) for name, value in place.fixed.items()), *condition)


def _slice_cell(
    run: _Run,
    column: Column,
    spec: RowSpec,
    positions: Positions,
    denominator: Positions | None,
    fixed: Mapping[str, Value],
) -> Cell:
    show = column.show or spec.show or run.block.show
    if show is None:
        return Cell("")
    form = run.displays.formats[show]
    names = statistics_of(form)
    value = column.value or spec.value or run.block.value
    records = run.records_of(column)
    of = positions if denominator is None else denominator
    counted = "percent" in names
    whole = (records if denominator is None else run.whole).subjects(of) if counted else 0
    try:
        text, results = cell_text(form, statistics_of_slice(names, records, positions, value, whole))
    except SpecificationError as error:
        raise SpecificationError(
            error.cause, where=error.where or f"table {run.display.number}", mend=error.mend
        ) from error
    described = value is not None and not set(names) & set(COUNTS)
    used = positions[records.variable(value)[positions].is_not_null().to_numpy()] if described and value else positions
    direct = records.numbers(used)
    behind = [records.considered(column.arm, fixed)]
    if counted and denominator is not None:
        within = {name: value for name, value in fixed.items() if name in run.within()}
        behind += [run.whole.numbers(of), run.whole.considered(column.arm, within)]
    return Cell(text, "descriptive" if described else "count", results, direct, _without(behind, direct))


def _without(parts: list[Numbers], direct: Numbers) -> Numbers:
    return np.setdiff1d(np.unique(np.concatenate(parts)), direct, assume_unique=True)


def _test_cell(run: _Run, test: Test, positions: Positions, slices: _Slices, fixed: Mapping[str, Value]) -> Cell:
    form = run.displays.formats[test.show]
    if test.response == "row":
        whole = _of_groups(run.whole, test, slices.denominator[_WHOLE])
        used = _of_groups(run.records, test, positions)
        asked = (
            run.whole.frame[whole]
            .unique("USUBJID", maintain_order=True)
            .select(test.group, pl.col("USUBJID").is_in(run.records.frame["USUBJID"][used].implode()).alias("row"))
        )
        within = {name: value for name, value in fixed.items() if name in run.within()}
        behind = [run.whole.numbers(whole), run.whole.considered("TRUE", within)]
    else:
        used = _of_groups(run.records, test, run.records.chosen(slices.direct[_WHOLE], test.where))
        asked, behind = run.records.frame[used], []
    text, results = cell_text(form, compare(test, asked))
    direct = run.records.numbers(used)
    return Cell(text, test.kind, results, direct, _without([run.records.considered("TRUE", fixed), *behind], direct))


def _of_groups(records: PreparedSet, test: Test, positions: Positions) -> Positions:
    if not test.groups:
        return positions
    wanted = [records.parted(test.group).get(group, NO_RECORDS) for group in test.groups]
    return np.intersect1d(positions, np.concatenate(wanted))


def _model_rows(run: _Run) -> Iterator[Row]:
    block, records = run.block, run.records
    assert block.model is not None
    fitted = fit(block.model, records.frame[records.chosen(records.all, block.where)])
    used = records.chosen(records.all, block.where)[fitted.used]
    direct = records.numbers(used)
    denominator = _without([records.considered("TRUE", {})], direct)
    for spec in block.model_rows:
        cells = []
        for column in run.display.columns:
            asked = spec.cells.get(column.id)
            if asked is None:
                cells.append(Cell(""))
                continue
            text, results = cell_text(run.displays.formats[asked.show], fitted.answer(asked))
            cells.append(Cell(text, block.model.kind, results, direct, denominator))
        labels = (" " * block.indent + spec.label, *("",) * (len(run.display.stubs) - 1))
        yield Row(labels, (block.label, spec.label.strip()) if block.label else (spec.label.strip(),), tuple(cells))
