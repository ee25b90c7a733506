"""Box plots of a variable by group, at each visit."""

from __future__ import annotations

import polars as pl

from bencao.kernel.drawing import COLOURS, Drawing, ticks_between
from bencao.trial.figures.records import complete_records
from bencao.trial.statistics import quantile


def box_plot(frame: pl.DataFrame, value: str, by: str, group: str, *, title: str, label: str) -> str:
    """Draw quartiles, whiskers and what lies beyond.

    A box reaches from the first to the third quartile with a line at the median, as PROC UNIVARIATE defines them; its
    whiskers to the last values within 1.5 times its height; a circle is a value beyond (Tukey, 1977).

    Parameters
    ----------
    frame : polars DataFrame
        A row a value.
    value, by, group : str
        Variables: what is drawn; what stands along the axis, in order; groups side by side.
    title, label : str
        Of the figure, and of the value with its unit.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    InputError
        Where there is no value.
    """
    complete = complete_records(frame, value, by, group, title=title)
    places, groups = (complete[name].unique().sort().to_list() for name in (by, group))
    low, high = (float(edge) for edge in (complete[value].min(), complete[value].max()))  # type: ignore[arg-type]
    spare = 0.05 * (high - low) or 1.0
    drawing = Drawing(760, 420, 70, 20, 50, 60, (0, len(places)), (low - spare, high + spare))
    drawing.x_axis(by, ())
    drawing.y_axis(label, ticks_between(low - spare, high + spare))
    drawing.legend([str(name) for name in groups])
    wide = 0.8 / len(groups)
    for place, at in enumerate(places):
        drawing.text(drawing.x(place + 0.5), drawing.height - drawing.bottom + 18, _named(at), "middle")
        for number, name in enumerate(groups):
            part = complete.filter(pl.col(by) == at, pl.col(group) == name)[value].cast(pl.Float64).sort().to_list()
            if part:
                left = place + 0.1 + number * wide
                _box(drawing, part, (left, left + 0.85 * wide), COLOURS[number % len(COLOURS)], f"{name}, {_named(at)}")
    return drawing.svg(title)


def _named(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _box(drawing: Drawing, values: list[float], x: tuple[float, float], colour: str, name: str) -> None:
    q1, middle, q3 = (quantile(values, share) or 0.0 for share in (0.25, 0.5, 0.75))
    reach = 1.5 * (q3 - q1)
    inside = [each for each in values if q1 - reach <= each <= q3 + reach]
    centre = (x[0] + x[1]) / 2
    drawing.line([(centre, min(inside)), (centre, q1)])
    drawing.line([(centre, q3), (centre, max(inside))])
    note = f"{name}: n {len(values)}, median {middle:.10g}, quartiles {q1:.10g} and {q3:.10g}"
    drawing.bar(x, (q1, q3), colour, note)
    drawing.line([(x[0], middle), (x[1], middle)], "#ffffff", 'stroke-width="2"')
    for each in values:
        if each < q1 - reach or each > q3 + reach:
            drawing.mark(centre, each, colour, 0, f"{name}: {each:.10g}")
