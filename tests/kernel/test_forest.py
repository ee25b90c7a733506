"""A forest's axis can be read whatever its range, and its words fit."""

from __future__ import annotations

import re

import pytest

from bencao.kernel.drawing import shortened, text_width
from bencao.kernel.forest import ForestRow, forest_plot


@pytest.mark.parametrize(
    ("lower", "upper", "ticks"),
    [
        (0.9, 1.3, ["0.8", "1", "1.2", "1.4"]),
        (0.2, 3.0, ["0.25", "0.5", "1", "2"]),
        (0.002, 900.0, ["0.01", "0.1", "1", "10", "100", "1000"]),
    ],
)
def test_ticks_of_a_ratio_are_few_and_round(lower: float, upper: float, ticks: list[str]) -> None:
    drawing = forest_plot([ForestRow("all", 1.0, lower, upper)], title="Ratios", label="ratio")
    assert re.findall(r'text-anchor="middle"[^>]*>([\d.]+)<', drawing) == ticks


def test_a_label_that_is_too_long_is_cut_but_read_in_full_where_the_pointer_rests() -> None:
    name = "一个非常长的阴性对照名称，" * 4
    drawing = forest_plot([ForestRow(name, 1.0, 0.5, 2.0)], title="Ratios", label="ratio")
    assert f"<title>{name}: 1.00 (0.50 to 2.00)</title>" in drawing
    assert "…</text>" in drawing
    assert text_width(shortened(name, 20)) <= 20 * 6.6
    assert shortened("short", 20) == "short"
