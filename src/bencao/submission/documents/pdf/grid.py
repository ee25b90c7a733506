"""Ruled lines to tables: rows and columns, with cells that reach over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bencao.submission.documents.pdf.page import Rule

_NEAR = 3.0  # points


@dataclass(frozen=True)
class Cell:
    """A cell: its first row and column, how many it reaches over, and its box."""

    row: int
    column: int
    rows: int
    columns: int
    x0: float
    x1: float
    y0: float
    y1: float


@dataclass(frozen=True)
class Grid:
    """A table's columns (left to right) and rows (top to bottom) by their borders, and its cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """The tables that lines rule; a frame around a single cell is none."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touched = [group for group in groups if any(_touch(rule, other) for other in group)]
        merged = [rule, *(one for group in touched for one in group)]
        groups = [group for group in groups if not any(group is one for one in touched)] + [merged]
    return [grid for group in groups if (grid := _grid(group)) is not None]


def _touch(one: Rule, two: Rule) -> bool:
    return (
        one.x0 <= two.x1 + _NEAR and two.x0 <= one.x1 + _NEAR and one.y0 <= two.y1 + _NEAR and two.y0 <= one.y1 + _NEAR
    )


def _grid(rules: list[Rule]) -> Grid | None:
    across = [rule for rule in rules if rule.y0 == rule.y1]
    upright = [rule for rule in rules if rule.x0 == rule.x1]
    xs, ys = _places([rule.x0 for rule in upright]), _places([rule.y0 for rule in across])[::-1]
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) < 6:
        return None

    def walled(x: float, low: float, high: float) -> bool:
        middle = (low + high) / 2
        return any(abs(rule.x0 - x) <= _NEAR and rule.y0 - _NEAR <= middle <= rule.y1 + _NEAR for rule in upright)

    def floored(y: float, left: float, right: float) -> bool:
        middle = (left + right) / 2
        return any(abs(rule.y0 - y) <= _NEAR and rule.x0 - _NEAR <= middle <= rule.x1 + _NEAR for rule in across)

    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            right, low = column + 1, row + 1
            while right < len(xs) - 1 and (row, right) not in taken and not walled(xs[right], ys[row + 1], ys[row]):
                right += 1
            while low < len(ys) - 1 and not any(
                floored(ys[low], xs[place], xs[place + 1]) for place in range(column, right)
            ):
                low += 1
            taken |= {(one, two) for one in range(row, low) for two in range(column, right)}
            cells.append(Cell(row, column, low - row, right - column, xs[column], xs[right], ys[low], ys[row]))
    return Grid(tuple(xs), tuple(ys), tuple(cells))


def _places(values: list[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places
