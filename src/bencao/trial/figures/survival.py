"""Kaplan-Meier curves with the numbers at risk below them."""

from __future__ import annotations

import numpy as np
import polars as pl

from bencao.kernel.drawing import COLOURS, Drawing, ticks_between
from bencao.trial.figures.records import complete_records
from bencao.trial.statistics import KaplanMeier, kaplan_meier


def survival_plot(
    frame: pl.DataFrame, time: str, censored: str, group: str, *, title: str, label: str = "Time", event: str = "event"
) -> str:
    """Draw the share of subjects without the event over time.

    Parameters
    ----------
    frame : polars DataFrame
        A row a subject.
    time, censored, group : str
        Variables: time to event or censoring, not negative; 0 for an event and 1 for censoring, as ADTTE's CNSR; group.
    title, label : str
        Of the figure, and of the time axis with its unit.
    event : str
        Named on the vertical axis.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    InputError
        Where there is no complete row.
    """
    complete = complete_records(frame, time, censored, group, title=title)
    groups = complete[group].unique().sort().to_list()
    estimates = {}
    for name in groups:
        part = complete.filter(pl.col(group) == name)
        estimates[str(name)] = (kaplan_meier(part[time], part[censored] == 0), part)
    longest = float(complete[time].max())  # type: ignore[arg-type]
    ticks = ticks_between(0, longest)
    left = max(70.0, 24 + 7.0 * max(len(name) for name in estimates))
    drawing = Drawing(
        650 + left, 420 + 18 * len(groups), left, 20, 50, 70 + 18 * (len(groups) + 1), (0, longest), (0, 1)
    )
    drawing.x_axis(label, ticks)
    drawing.y_axis(f"Share without {event}", ticks_between(0, 1))
    drawing.legend([f"{name} (n={len(part)})" for name, (_, part) in estimates.items()])
    for place, (estimate, part) in enumerate(estimates.values()):
        _curve(drawing, estimate, part.filter(pl.col(censored) != 0)[time].to_list(), place)
    _at_risk(drawing, {name: part[time].to_numpy() for name, (_, part) in estimates.items()}, ticks)
    return drawing.svg(title)


def _curve(drawing: Drawing, estimate: KaplanMeier, censored: list[float], place: int) -> None:
    colour = COLOURS[place % len(COLOURS)]
    points, level = [(0.0, 1.0)], 1.0
    for moment, survival in zip(estimate.times.tolist(), estimate.survival.tolist(), strict=True):
        points += [(moment, level), (moment, survival)]
        level = survival
    points.append((estimate.last, level))
    drawing.line(points, colour, 'stroke-width="2"')
    for moment in sorted(censored):
        passed = int(np.searchsorted(estimate.times, moment, side="right"))
        height = float(estimate.survival[passed - 1]) if passed else 1.0
        drawing.shapes.append(
            f'<path d="M{drawing.x(moment):.2f} {drawing.y(height) - 4:.2f}v8" stroke="{colour}" class="censored"/>'
        )


def _at_risk(drawing: Drawing, times: dict[str, np.ndarray], ticks: tuple[float, ...]) -> None:
    top = drawing.height - drawing.bottom + 58
    drawing.text(6, top, "At risk", more='font-weight="bold"')
    for place, (name, values) in enumerate(times.items()):
        line = top + 18 * (place + 1)
        drawing.text(6, line, name)
        for tick in ticks:
            drawing.text(drawing.x(tick), line, str(int((values >= tick).sum())), "middle")
