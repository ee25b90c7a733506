"""The plots of a screen: how many each stage left, and where the hits stand among all scores."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from bencao.kernel.drawing import COLOURS, Drawing, ticks_between

_STEP = 0.5


def funnel_plot(stages: Sequence[tuple[str, int]], label: str, title: str) -> str:
    """Bars of how many molecules stand before and after each stage, as an SVG; the axis is logarithmic."""
    most = max(count for _, count in stages)
    high = 10.0 ** math.ceil(math.log10(max(most, 2)))
    drawing = Drawing(720, 70 + 34 * len(stages), 150, 60, 10, 50, (1.0, high), (0, len(stages)), math.log10)
    for place, (name, count) in enumerate(stages):
        level = len(stages) - 1 - place
        if count > 1:
            drawing.bar((1.0, float(count)), (level + 0.2, level + 0.8), COLOURS[0], f"{name} {count:,}")
        drawing.text(drawing.left - 10, drawing.y(level + 0.5) + 4, name, "end")
        drawing.text(drawing.x(max(count, 1)) + 8, drawing.y(level + 0.5) + 4, f"{count:,}")
    drawing.x_axis(label, [10.0**power for power in range(round(math.log10(high)) + 1)])
    return drawing.svg(title)


def score_plot(scores: Sequence[float], hits: Sequence[float], axes: tuple[str, str], title: str) -> str:
    """A histogram of docking scores in steps of 0.5 kcal/mol, the short list in another colour, as an SVG."""
    low, high = _STEP * math.floor(min(scores) / _STEP), _STEP * (math.floor(max(scores) / _STEP) + 1)
    edges = np.arange(low, high + _STEP / 2, _STEP)
    all_counts, hit_counts = (np.histogram(values, edges)[0].tolist() for values in (scores, hits))
    drawing = Drawing(720, 300, 60, 20, 20, 50, (low, high), (0, max(all_counts) * 1.05))
    for left, count, chosen in zip(edges.tolist(), all_counts, hit_counts, strict=False):
        for height, colour in ((count, COLOURS[5]), (chosen, COLOURS[1])):
            if height:
                drawing.bar((left, left + _STEP), (0, height), colour, f"{left:g}: {height}")
    drawing.x_axis(axes[0], ticks_between(low, high, 10))
    drawing.y_axis(axes[1], [tick for tick in ticks_between(0, max(all_counts), 5) if tick == int(tick)])
    return drawing.svg(title)
