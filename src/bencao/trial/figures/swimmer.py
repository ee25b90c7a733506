"""Each subject's time on treatment as a lane, with what happened along it."""

from __future__ import annotations

import polars as pl

from bencao.kernel.drawing import COLOURS, Drawing, ticks_between
from bencao.trial.figures.records import complete_records

_LANE = 16.0


def swimmer_plot(
    lanes: pl.DataFrame,
    events: pl.DataFrame,
    *,
    duration: str,
    group: str,
    time: str,
    event: str,
    title: str,
    label: str = "Day",
    subject: str = "USUBJID",
) -> str:
    """Draw a lane for each subject, the longest on top, and a sign for each event.

    Parameters
    ----------
    lanes : polars DataFrame
        A row a subject, with its `duration` and `group`.
    events : polars DataFrame
        A row an event, with the subject, its `time` and its kind in `event`; those of other subjects are left out.
    duration, group, time, event, subject : str
        Variables.
    title, label : str
        Of the figure, and of the time with its unit.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    InputError
        Where there is no lane, or a subject has two.
    """
    complete = complete_records(lanes, duration, group, subject, title=title, once=subject)
    ordered = complete.sort([duration, subject], descending=[True, False])
    known = events.drop_nulls([time, event]).join(ordered.select(subject), on=subject, how="semi")
    groups, kinds = (frame[name].unique().sort().to_list() for frame, name in ((complete, group), (known, event)))
    longest = max([*ordered[duration].cast(pl.Float64).to_list(), *known[time].cast(pl.Float64).to_list()])
    height = 130 + _LANE * len(ordered)
    drawing = Drawing(760, height, 110, 20, 70, 60, (0, longest), (len(ordered), 0))
    drawing.x_axis(label, ticks_between(0, longest))
    drawing.legend([str(name) for name in groups])
    _signs(drawing, kinds)
    for place, (who, long, name) in enumerate(ordered.select(subject, duration, group).iter_rows()):
        colour = COLOURS[groups.index(name) % len(COLOURS)]
        drawing.bar((0, long), (place + 0.2, place + 0.8), colour, f"{who}, {name}: {long:.10g}")
        drawing.text(104, drawing.y(place + 0.5) + 4, str(who)[-14:], "end")
        for at, kind in known.filter(pl.col(subject) == who).sort(time, event).select(time, event).iter_rows():
            drawing.mark(at, place + 0.5, "#000000", kinds.index(kind), f"{who}: {kind}, {at:.10g}")
    return drawing.svg(title)


def _signs(drawing: Drawing, kinds: list[object]) -> None:
    """What each sign means, in a line above the groups."""
    at = drawing.left
    for place, kind in enumerate(kinds):
        drawing.text(at + 10, 24, str(kind))
        left, top = drawing.x_range[0], drawing.y_range[1]
        # The sign stands beside its name, outside the units of the data.
        drawing.shapes.append(f'<g transform="translate({at - drawing.x(left):.2f} {20 - drawing.y(top):.2f})">')
        drawing.mark(left, top, "#000000", place)
        drawing.shapes.append("</g>")
        at += 34 + 7 * len(str(kind))
