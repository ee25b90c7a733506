"""The pictures of the signal explorer, as options of ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bencao.safety.browse.signals import Branch, Moment, Point

_GREEN, _AMBER, _GREY = "#2c6e54", "#c77d0a", "#9aa5a0"


def volcano(points: Sequence[Point], words: dict[str, str]) -> dict[str, Any]:
    """Strength of every pair against its chance."""

    def series(flagged: bool, colour: str) -> dict[str, Any]:
        data = [
            {"value": [round(point.x, 3), round(point.y, 3)], "name": f"{point.drug} · {point.event} (n {point.n:,})"}
            for point in points
            if point.flagged is flagged
        ]
        return {"type": "scatter", "symbolSize": 6, "itemStyle": {"color": colour, "opacity": 0.7}, "data": data}

    return {
        "animation": False,
        "grid": {"left": 60, "right": 20, "top": 16, "bottom": 46},
        "tooltip": {"formatter": "{b}"},
        "xAxis": {"name": words["x"], "nameLocation": "middle", "nameGap": 28, "type": "value"},
        "yAxis": {"name": words["y"], "nameLocation": "middle", "nameGap": 40, "type": "value", "min": 0},
        "series": [series(False, _GREY), series(True, _AMBER)],
    }


def forest(branches: Sequence[Branch]) -> dict[str, Any]:
    """Each event's information component with its interval, the strongest on top."""
    events = [f"{branch.event} ({branch.n:,})" for branch in reversed(branches)]
    shown = list(reversed(branches))
    return {
        "animation": False,
        "grid": {"left": 10, "right": 20, "top": 10, "bottom": 30, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "name": "IC", "nameLocation": "middle", "nameGap": 24},
        "yAxis": {"type": "category", "data": events, "axisLabel": {"width": 260, "overflow": "truncate"}},
        "series": [*_interval([(branch.low, branch.ic, branch.high) for branch in shown], horizontal=True)],
    }


def trend(moments: Sequence[Moment]) -> dict[str, Any]:
    """A pair's information component by period."""
    return {
        "animation": False,
        "grid": {"left": 50, "right": 20, "top": 16, "bottom": 40},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [moment.period for moment in moments]},
        "yAxis": {"type": "value", "name": "IC"},
        "series": [*_interval([(moment.low, moment.ic, moment.high) for moment in moments], horizontal=False)],
    }


def _interval(values: Sequence[tuple[float, float, float]], horizontal: bool) -> list[dict[str, Any]]:
    """An estimate as a point on the line of its interval."""
    line = {
        "type": "custom",
        "name": "95 %",
        "silent": True,
        ":renderItem": _HORIZONTAL if horizontal else _VERTICAL,
        "encode": {"x": [1, 2], "y": 0} if horizontal else {"x": 0, "y": [1, 2]},
        "data": [[place, round(low, 3), round(high, 3)] for place, (low, _, high) in enumerate(values)],
    }
    middle = [[round(ic, 3), place] if horizontal else [place, round(ic, 3)] for place, (_, ic, _) in enumerate(values)]
    return [line, {"type": "scatter", "name": "IC", "symbolSize": 8, "itemStyle": {"color": _GREEN}, "data": middle}]


# ECharts has no error bars: each is drawn by a function, a line between two points of the plot.
_LINE = "({type:'line',shape:{x1:a[0],y1:a[1],x2:b[0],y2:b[1]},style:{stroke:'#2c6e54',lineWidth:2}})"
_HORIZONTAL = (
    "(p,api)=>{const a=api.coord([api.value(1),api.value(0)]);const b=api.coord([api.value(2),api.value(0)]);"
    f"return {_LINE}}}"
)
_VERTICAL = (
    "(p,api)=>{const a=api.coord([api.value(0),api.value(1)]);const b=api.coord([api.value(0),api.value(2)]);"
    f"return {_LINE}}}"
)
