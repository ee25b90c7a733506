"""Estimates with their intervals, one a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

from bencao.kernel.drawing import COLOURS, Drawing, shortened, text_width, ticks_between
from bencao.kernel.errors import InputError

_LINE = 24.0
_LABEL = 34  # letters of a label that are drawn; the note has all


@dataclass(frozen=True)
class ForestRow:
    """A line of a forest plot; without an estimate it is a heading.

    Attributes
    ----------
    label : str
    estimate, lower, upper : float or None
    colour : int
        Place in `COLOURS`.
    """

    label: str
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    colour: int = 0


def in_two_decimals(estimate: float, lower: float, upper: float) -> str:
    """An estimate with its limits, as a ratio is written."""
    return f"{estimate:.2f} ({lower:.2f} to {upper:.2f})"


def forest_plot(
    rows: Sequence[ForestRow],
    *,
    title: str,
    label: str,
    reference: float = 1.0,
    logarithmic: bool = True,
    shown: Callable[[float, float, float], str] = in_two_decimals,
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
    shown : callable
        From estimate, lower and upper to what stands at the end of the line.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    InputError
        Where nothing is estimated, a limit is missing or wrong way round, or a ratio is not positive.
    """
    texts = [shown(*limits) for row in rows if (limits := _limits(row, logarithmic))]
    if not texts:
        raise InputError("nothing is estimated", where=title, mend="give a row with an estimate")
    values = [reference, *(one for row in rows for one in _limits(row, logarithmic) or ())]
    low, high = min(values), max(values)
    edges = (low / 1.15, high * 1.15) if logarithmic else (low - 0.05 * (high - low), high + 0.05 * (high - low))
    left = max(text_width(shortened(row.label, _LABEL)) for row in rows) + 30
    drawing = Drawing(
        *(760, 110 + _LINE * len(rows)),
        *(left, max(map(text_width, texts)) + 30, 40, 60),
        *(edges, (len(rows), 0)),
        log if logarithmic else float,
    )
    drawing.x_axis(label, _ratios(*edges) if logarithmic else ticks_between(*edges))
    drawing.line([(reference, 0), (reference, len(rows))], "#666666", 'stroke-dasharray="4 3"')
    for place, row in enumerate(rows):
        _draw(drawing, row, place + 0.5, shown)
    return drawing.svg(title)


def _limits(row: ForestRow, logarithmic: bool) -> tuple[float, float, float] | None:
    """Estimate, lower and upper; None of a heading."""
    if row.estimate is None:
        return None
    if row.lower is None or row.upper is None or not row.lower <= row.estimate <= row.upper:
        raise InputError(f"limits {row.lower} and {row.upper} of {row.estimate}", where=row.label)
    if logarithmic and row.lower <= 0:
        raise InputError(f"a ratio of {row.lower} has no logarithm", where=row.label, mend="draw it on a plain axis")
    return row.estimate, row.lower, row.upper


def _draw(drawing: Drawing, row: ForestRow, height: float, shown: Callable[[float, float, float], str]) -> None:
    at = drawing.y(height)
    bold = 'font-weight="bold"' if row.estimate is None else ""
    drawing.text(10, at + 4, shortened(row.label, _LABEL), more=bold)
    if row.estimate is None or row.lower is None or row.upper is None:
        return
    text, colour = shown(row.estimate, row.lower, row.upper), COLOURS[row.colour % len(COLOURS)]
    drawing.line([(row.lower, height), (row.upper, height)], colour, 'stroke-width="2"')
    drawing.mark(row.estimate, height, colour, 1, f"{row.label}: {text}")
    drawing.text(drawing.width - 10, at + 4, text, "end")


def _ratios(low: float, high: float) -> tuple[float, ...]:
    """Doublings and halvings of 1 within the edges, as a ratio is read; powers of ten where those are too many."""
    base, most = (10.0, 12) if high / low > 2.0**9 else (2.0, 9)
    found = tuple(base**power for power in range(-most, most + 1) if low <= base**power <= high)
    return found if len(found) > 2 else ticks_between(low, high)
