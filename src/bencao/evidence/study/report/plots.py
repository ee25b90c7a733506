"""The plots of a design: who was left out, how alike the arms are before and after, and where they overlap."""

from __future__ import annotations

from collections.abc import Sequence

from bencao.evidence.diagnostics.design import Balance, Overlap
from bencao.kernel.drawing import COLOURS, Drawing, shortened, text_width, ticks_between

_MOST = 40  # covariates that are drawn
_NAME = 44  # letters of a covariate's name that are drawn
_QUIET = "#666666"


def flow_plot(steps: Sequence[tuple[str, int]], arms: Sequence[tuple[str, int]], left_out: str, title: str) -> str:
    """Boxes from all persons down to the arms, with how many each step leaves out.

    Parameters
    ----------
    steps : sequence of (str, int)
        What is asked for, and the persons left after it.
    arms : sequence of (str, int)
        Names and sizes.
    left_out : str
        With ``{n}``.
    title : str

    Returns
    -------
    str
        SVG.
    """
    rows = len(steps) + bool(arms)
    drawing = Drawing(760, 20 + 62 * rows, 10, 10, 10, 10, (0, 100), (rows, 0))
    for place, (name, persons) in enumerate(steps):
        _box(drawing, (2, 58), place, f"{name}: {persons:,}")
        if place:
            lost = steps[place - 1][1] - persons
            if lost:
                drawing.text(drawing.x(61), drawing.y(place + 0.1) + 4, left_out.format(n=f"{lost:,}"))
            _arrow(drawing, 30, place)
    for place, (name, persons) in enumerate(arms):
        left = 2 + 31 * place
        _box(drawing, (left, left + 25), len(steps), f"{name}: {persons:,}")
        _arrow(drawing, left + 12.5, len(steps))
    return drawing.svg(title)


def _box(drawing: Drawing, across: tuple[float, float], row: int, text: str) -> None:
    drawing.bar(across, (row + 0.22, row + 0.86), "#ffffff", text)
    room = int((drawing.x(across[1]) - drawing.x(across[0]) - 12) / 6.6)
    drawing.text(drawing.x(sum(across) / 2), drawing.y(row + 0.54) + 4, shortened(text, room), "middle")


def _arrow(drawing: Drawing, at: float, row: int) -> None:
    foot = row + 0.22
    drawing.line([(at, row - 0.14), (at, foot)])
    drawing.line([(at - 0.6, foot - 0.1), (at, foot), (at + 0.6, foot - 0.1)])


def love_plot(balance: Sequence[Balance], threshold: float, words: tuple[str, str, str], title: str) -> str:
    """Standardised differences before and after weighting, the greatest first (Love; Austin, Stat Med 2009, 28, 3083).

    Parameters
    ----------
    balance : sequence of Balance
        Forty are drawn.
    threshold : float
        Within which the arms count as alike.
    words : (str, str, str)
        Label of the axis, before, after.
    title : str

    Returns
    -------
    str
        SVG.
    """
    rows = sorted(balance, key=lambda one: (-max(abs(one.before), abs(one.after)), one.covariate))[:_MOST]
    finite = [abs(one) for row in rows for one in (row.before, row.after) if abs(one) < float("inf")]
    edge = 1.1 * max([*finite, 1.3 * threshold])
    left = max(text_width(shortened(row.covariate, _NAME)) for row in rows) + 30
    drawing = Drawing(760, 100 + 20 * len(rows), left, 20, 40, 50, (-edge, edge), (len(rows), 0))
    drawing.legend(words[1:])
    drawing.x_axis(words[0], ticks_between(-edge, edge, 8))
    for at, more in ((0.0, ""), (threshold, 'stroke-dasharray="4 3"'), (-threshold, 'stroke-dasharray="4 3"')):
        drawing.line([(at, 0), (at, len(rows))], _QUIET, more)
    for place, row in enumerate(rows):
        height = place + 0.5
        drawing.text(10, drawing.y(height) + 4, shortened(row.covariate, _NAME))
        ends = [min(max(one, -edge), edge) for one in (row.before, row.after)]
        drawing.line([(ends[0], height), (ends[1], height)], "#cccccc")
        for kind, (at, word, told) in enumerate(zip(ends, words[1:], (row.before, row.after), strict=True)):
            drawing.mark(at, height, COLOURS[kind], kind, f"{row.covariate}, {word}: {told:.3f}")
    return drawing.svg(title)


def overlap_plot(overlap: Sequence[Overlap], arms: tuple[str, str], axes: tuple[str, str], title: str) -> str:
    """Shares of both arms by preference score, the treatment above the line and the comparator below.

    Parameters
    ----------
    overlap : sequence of Overlap
    arms, axes : (str, str)
        Names of treatment and comparator; labels of score and share.
    title : str

    Returns
    -------
    str
        SVG; the part from 0.3 to 0.7, in which neither arm is preferred, is shaded.
    """
    top = 1.1 * max(max(one.treatment, one.comparator) for one in overlap)
    drawing = Drawing(760, 340, 60, 20, 40, 50, (0, 1), (-top, top))
    band, tall = drawing.x(0.7) - drawing.x(0.3), drawing.height - drawing.top - drawing.bottom
    place = f'x="{drawing.x(0.3):.2f}" y="{drawing.top:.2f}" width="{band:.2f}" height="{tall:.2f}"'
    drawing.shapes.append(f'<rect {place} fill="#f1f1ec"/>')
    drawing.legend(arms)
    for one in overlap:
        for kind, share in enumerate((one.treatment, one.comparator)):
            if share:
                note = f"{arms[kind]}, {one.low:.2f}–{one.high:.2f}: {share:.1%}"
                drawing.bar((one.low, one.high), (0, share if kind == 0 else -share), COLOURS[kind], note)
    drawing.line([(0, 0), (1, 0)])
    drawing.x_axis(axes[0], ticks_between(0, 1, 10))
    drawing.y_axis(axes[1], [])
    for tick in ticks_between(0, top, 3):
        for sign in (1, -1) if tick else (1,):
            drawing.text(drawing.left - 8, drawing.y(sign * tick) + 4, f"{tick:.0%}", "end")
    return drawing.svg(title)


def window_plot(windows: Sequence[tuple[str, tuple[int | None, int]]], label: str, title: str) -> str:
    """The design on a line of days: one bar a window, follow-up in another colour (Schneeweiss et al., Ann Intern Med
    2019, 170, 398).

    Parameters
    ----------
    windows : sequence of (str, (int or None, int))
        Names, with first and last day from time zero; an open first is drawn to the edge with dots.
    label, title : str

    Returns
    -------
    str
        SVG.
    """
    days = [day for _, pair in windows for day in pair if day is not None]
    low, high = min([*days, -30]), max([*days, 30])
    margin = 0.08 * (high - low)
    left = max(text_width(shortened(name, 30)) for name, _ in windows) + 30
    edges = (low - margin, high + 0.4 * margin)
    drawing = Drawing(760, 80 + 26 * len(windows), left, 20, 20, 50, edges, (len(windows), 0))
    for place, (name, (first, last)) in enumerate(windows):
        begin = low - 0.6 * margin if first is None else first
        colour = COLOURS[1] if last > 0 else COLOURS[0]
        drawing.text(10, drawing.y(place + 0.5) + 4, shortened(name, 30))
        end = max(last, begin + 0.006 * (high - low))  # a window of a day is seen too
        drawing.bar((begin, end), (place + 0.25, place + 0.75), colour, f"{name}: {first}, {last}")
        if first is None:
            drawing.text(drawing.x(begin) - 3, drawing.y(place + 0.5) + 4, "…", "end")
    drawing.line([(0, 0), (0, len(windows))], _QUIET, 'stroke-dasharray="4 3"')
    drawing.x_axis(label, ticks_between(*edges, 8))
    return drawing.svg(title)
