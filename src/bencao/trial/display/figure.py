"""Draw a declared figure from an analysis set."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from bencao.trial.display.analysis_set import PreparedSet, prepare
from bencao.trial.display.declaration import BoxFigure, Displays, SurvivalFigure
from bencao.trial.figures import box_plot, survival_plot, waterfall_plot


def draw_figure(number: str, displays: Displays, data: Mapping[str, pl.DataFrame]) -> str:
    """Draw one figure.

    Parameters
    ----------
    number : str
    displays : Displays
    data : mapping of str to polars DataFrame
        Every data set that the figure's analysis set names.

    Returns
    -------
    str
        SVG; titles and footnotes are the report's, not the drawing's.

    Raises
    ------
    SpecificationError
        Where the figure names what is not there.
    InputError
        Where there is nothing to draw.
    """
    figure = displays.figure(number)
    records = prepare(figure.set, displays.sets[figure.set], data)
    title, plot = f"Figure {number}: {' '.join(figure.title)}", figure.plot
    if isinstance(plot, SurvivalFigure):
        frame = _with(records, plot.time, plot.censored, plot.group)
        return survival_plot(
            frame, plot.time, plot.censored, plot.group, title=title, label=plot.label, event=plot.event
        )
    if isinstance(plot, BoxFigure):
        frame = _with(records, plot.value, plot.by, plot.group)
        return box_plot(frame, plot.value, plot.by, plot.group, title=title, label=plot.label)
    frame = _with(records, plot.value, plot.group)
    return waterfall_plot(frame, plot.value, plot.group, title=title, label=plot.label)


def _with(records: PreparedSet, *names: str) -> pl.DataFrame:
    """The set's records, once it is sure that they have the variables."""
    for name in names:
        records.variable(name)
    return records.frame
