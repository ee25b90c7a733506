"""Estimates with their intervals, one a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from bencao.kernel.drawing import COLOURS, Drawing, ticks_between
from bencao.kernel.errors import InputError

_LINE = 24.0


@dataclass(frozen=True)
class ForestRow:
    """A line of a forest plot; without an estimate it is a heading.

    Attributes
    ----------
    label : str
    estimate, lower, upper : float or None
    """

    label: str
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None


def forest_plot(
    rows: Sequence[ForestRow], *, title: str, label: str, reference: float = 1.0, logarithmic: bool = True
) -> str:
    """Draw estimates and confidence intervals around a line of no difference.

    Parameters
    ----------
    rows : sequence of ForestRow
        From the top.
    title, label : str
        Of the figure, and of the axis: what is estimated.
    reference : float
        Where there is no difference: 1 for a ratio, 0 for a difference.
    logarithmic : bool
        Whether the axis is, as a ratio's should be.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    InputError
        Where nothing is estimated, a limit is missing or wrong way round, or a ratio is not positive.
    """
    shown = [row for row in rows if row.estimate is not None]
    values = [reference]
    for row in shown:
        limits = (row.lower, row.estimate, row.upper)
        if None in limits or not row.lower <= row.estimate <= row.upper:  # type: ignore[operator]
            raise InputError(f"limits {row.lower} and {row.upper} of {row.estimate}", where=row.label)
        if logarithmic and row.lower <= 0:  # type: ignore[operator]
            raise InputError(
                f"a ratio of {row.lower} has no logarithm", where=row.label, mend="draw it on a plain axis"
            )
        values += [row.lower, row.upper]  # type: ignore[list-item]
    if not shown:
        raise InputError("nothing is estimated", where=title, mend="give a row with an estimate")
    low, high = min(values), max(values)
    edges = (low / 1.15, high * 1.15) if logarithmic else (low - 0.05 * (high - low), high + 0.05 * (high - low))
    height = 110 + _LINE * len(rows)
    drawing = Drawing(760, height, 230, 180, 40, 60, edges, (len(rows), 0), log if logarithmic else float)
    drawing.x_axis(label, _ratios(*edges) if logarithmic else ticks_between(*edges))
    drawing.line([(reference, 0), (reference, len(rows))], "#666666", 'stroke-dasharray="4 3"')
    for place, row in enumerate(rows):
        _draw(drawing, row, place + 0.5)
    return drawing.svg(title)


def _draw(drawing: Drawing, row: ForestRow, height: float) -> None:
    at = drawing.y(height)
    bold = 'font-weight="bold"' if row.estimate is None else ""
    drawing.text(10, at + 4, row.label, more=bold)
    if row.estimate is None or row.lower is None or row.upper is None:
        return
    text = f"{row.estimate:.2f} ({row.lower:.2f} to {row.upper:.2f})"
    drawing.line([(row.lower, height), (row.upper, height)], COLOURS[0], 'stroke-width="2"')
    drawing.mark(row.estimate, height, COLOURS[0], 1, f"{row.label}: {text}")
    drawing.text(drawing.width - 10, at + 4, text, "end")


def _ratios(low: float, high: float) -> tuple[float, ...]:
    """Doublings and halvings of 1 within the edges, as a ratio is read."""
    return tuple(2.0**power for power in range(-10, 11) if low <= 2.0**power <= high)
