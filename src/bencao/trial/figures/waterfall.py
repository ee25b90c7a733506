"""Best change of each subject, from the greatest growth to the greatest shrinkage."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bencao.kernel.drawing import COLOURS, Drawing, ticks_between
from bencao.trial.figures.records import complete_records

# Progression and partial response of target lesions (RECIST 1.1, Eisenhauer et al., Eur. J. Cancer 2009, 45, 228).
RECIST = (20.0, -30.0)


def waterfall_plot(
    frame: pl.DataFrame,
    value: str,
    group: str,
    *,
    title: str,
    label: str = "Best change from baseline (%)",
    subject: str = "USUBJID",
    thresholds: Sequence[float] = RECIST,
) -> str:
    """Draw a bar for each subject, the greatest value first.

    Parameters
    ----------
    frame : polars DataFrame
        A row a subject.
    value, group, subject : str
        Variables: the bar; its colour; who it is of.
    title, label : str
        Of the figure, and of the value with its unit.
    thresholds : sequence of float
        Values with a line across.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    InputError
        Where there is no value, or a subject has two.
    """
    complete = complete_records(frame, value, group, subject, title=title, once=subject)
    bars = complete.sort([value, subject], descending=[True, False])
    groups = complete[group].unique().sort().to_list()
    values = [0.0, *thresholds, *bars[value].cast(pl.Float64).to_list()]
    low, high = min(values), max(values)
    spare = 0.05 * (high - low)
    drawing = Drawing(760, 420, 70, 20, 50, 40, (0, len(bars)), (low - spare, high + spare))
    drawing.y_axis(label, ticks_between(low - spare, high + spare, 8))
    drawing.legend([str(name) for name in groups])
    for place, (number, name, who) in enumerate(bars.select(value, group, subject).iter_rows()):
        colour = COLOURS[groups.index(name) % len(COLOURS)]
        drawing.bar((place + 0.1, place + 0.9), (0, number), colour, f"{who}, {name}: {number:.10g}")
    drawing.line([(0, 0), (len(bars), 0)])
    for threshold in thresholds:
        drawing.line([(0, threshold), (len(bars), threshold)], "#666666", 'stroke-dasharray="4 3"')
    return drawing.svg(title)
