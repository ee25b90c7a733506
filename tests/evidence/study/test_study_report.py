"""What a reader sees of a study, in both languages; and that nobody sees what is kept back."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from study_data import PROTOCOL, controls, people, with_controls

from bencao.evidence.calibration.controls import Control
from bencao.evidence.calibration.emulation import Ratio
from bencao.evidence.calibration.trust import calibrate
from bencao.evidence.diagnostics.design import Balance, Design
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.protocol.reporting import reporting_items
from bencao.evidence.study.estimating import AsRatio
from bencao.evidence.study.report.page import study_report
from bencao.evidence.study.report.plots import flow_plot, love_plot
from bencao.evidence.study.study import Study
from bencao.evidence.study.trusting import trusted
from bencao.kernel.report import render

EXTRA = """emulates: {closeness: close, why: active comparator, trial: NSW}
reporting: {STROBE 22: Paid by nobody}
"""


def _read(tmp_path: Path) -> tuple[str, dict[str, Any]]:
    page = (tmp_path / "study.html").read_text(encoding="utf-8")
    return page, json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            ["Attrition", "adult", "not stated", "standardised difference", "preference score", "least effect found",
             "All estimators", "doubly robust (AIPW)", "Expected of a trial", "By close emulations and own controls",
             "Trust: ", "call its emulation close: active comparator", "E-value", "Comparators, and why these",
             "Time zero and what defines it", "Paid by nobody", "Nothing is imputed"],
        ),
        (
            "zh",
            ["人群筛选", "未说明", "标准化差异", "偏好评分", "可检出的最小效应", "全部估计方法", "双重稳健（AIPW）",
             "预期随机试验所得", "按贴近试验的模拟及自身阴性对照", "可信程度：",
             "称其对试验的模拟为“贴近”：active comparator",
             "E 值", "对照组及其理由", "零时点及其定义", "Paid by nobody", "未作插补"],
        ),
    ],
)  # fmt: skip
def test_a_reader_sees_the_whole_study(run: Callable[..., Any], tmp_path: Path, lang: str, said: list[str]) -> None:
    told = f"{with_controls(6)}\n{EXTRA}data: table"
    answer = run(0.4, "--lang", lang, protocol=told, **controls(6, 0.1))
    assert answer.code == 0
    assert {"en": "Trust: ", "zh": "可信程度："}[lang] in answer.out
    page, found = _read(tmp_path)
    for words in said:
        assert words in page, words
    # Flow, love plot, overlap, negative controls, estimators, calibrated intervals.
    assert page.count("<svg") == 6
    primary = found["estimates"][0]
    points = f"{100 * primary['value']:+.1f}"
    assert points in page
    calibrated = found["trust"]["answer"]["calibrated"]
    assert f"{calibrated['ratio']:.2f}" in page and f"{calibrated['high']:.2f}" in page
    assert (
        len(found["reporting"]) == len(reporting_items()) == page.count("<td>STROBE ") + page.count("<td>RECORD") + 29
    )
    funding = next(one for one in found["reporting"] if one["item"] == "STROBE 22")
    assert funding["told"] == {"en": "Paid by nobody", "zh": "Paid by nobody"}


def test_the_calibrated_interval_is_what_the_controls_and_the_emulations_make_of_the_raw_one(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    assert run(0.4, protocol=f"{with_controls(6)}\n{EXTRA}data: table", **controls(6, 0.1)).code == 0
    page, data = (tmp_path / "study.html").read_bytes(), (tmp_path / "study.json").read_bytes()
    found = json.loads(data)
    ratio = found["ratio"]["estimate"]
    raw = Ratio(*(math.exp(ratio[key]) for key in ("value", "low", "high")))
    own = [Control(one["name"], one["value"], one["standard_error"]) for one in found["negative_control_ratios"]]
    assert len(own) == 6
    trust = found["trust"]
    expected = calibrate(raw, "close", own)
    assert trust["answer"]["calibrated"] == pytest.approx(vars(expected.calibrated))
    assert trust["answer"]["by_controls"] == pytest.approx(vars(expected.by_controls))
    for closeness in ("close", "loose"):
        assert trust[closeness]["calibrated"] == pytest.approx(vars(calibrate(raw, closeness).calibrated))
    # All that hides in the programme raises the controls, so that the answer is moved down, and is wider.
    assert trust["answer"]["controls"]["mean"] > 0.1
    assert trust["answer"]["by_controls"]["ratio"] < raw.ratio
    assert trust["answer"]["calibrated"]["high"] / trust["answer"]["calibrated"]["low"] > raw.high / raw.low
    assert run(0.4, protocol=f"{with_controls(6)}\n{EXTRA}data: table", **controls(6, 0.1)).code == 0
    assert (page, data) == ((tmp_path / "study.html").read_bytes(), (tmp_path / "study.json").read_bytes())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_of_the_outcome_is_on_the_page_while_the_design_fails(
    run: Callable[..., Any], tmp_path: Path, lang: str
) -> None:
    secret = {"success": "secret", **dict.fromkeys(controls(6, 0), "secret")}
    answer = run(4.0, "--lang", lang, protocol=f"{with_controls(6)}\ndata: table", **secret)
    assert answer.code == 1
    assert {"en": "results are kept back", "zh": "结果暂不显示"}[lang] in answer.out
    page, found = _read(tmp_path)
    assert "secret" not in page
    assert page.count("<svg") == 3  # flow, balance, overlap
    assert ("Trust" in page, "可信程度" in page) == (False, False)
    assert [found[key] for key in ("ratio", "trust", "detectable")] == [None, None, None]
    assert found["estimates"] == found["negative_controls"] == found["negative_control_ratios"] == []
    answers = {one["item"]: one["told"]["en"] for one in found["reporting"]}
    assert {answers[item] for item in ("STROBE 15", "STROBE 16", "STROBE 20")} == {"kept back until diagnostics pass"}


def test_results_stay_hidden_while_the_negative_controls_err_too_much(run: Callable[..., Any], tmp_path: Path) -> None:
    told = f"{with_controls(6)}\ndata: table"
    assert run(0.4, protocol=told, **controls(6, 1.5)).code == 1
    page, found = _read(tmp_path)
    check = found["diagnostics"][-1]
    assert (check["name"], check["passed"]) == ("systematic_error", False)
    assert len(found["negative_control_ratios"]) == 6  # what is wrong is shown
    assert found["estimates"] == [] and found["trust"] is None
    assert "doubly robust (AIPW): " not in page
    assert run(0.4, "--despite", "to see how much", protocol=told, **controls(6, 1.5)).code == 0
    page, found = _read(tmp_path)
    assert found["trust"]["degree"] == "low"
    assert "Trust: low, whatever the interval says" in page


def test_few_controls_do_not_calibrate_and_that_is_said(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run(0.4, protocol=f"{with_controls(2)}\ndata: table", **controls(2, 0.0)).code == 0
    page, found = _read(tmp_path)
    assert found["trust"]["answer"]["controls"] is None
    assert "2 negative controls have a ratio; from 5 on" in page
    assert "the study&#39;s own systematic error is not known" in page


def test_a_difference_of_means_is_calibrated_in_its_own_unit(run: Callable[..., Any], tmp_path: Path) -> None:
    known = people(0.4)
    chance = np.random.default_rng(6).normal(size=len(known))
    pounds = 100 * known.arm + 200 * known.a + 300 * known.b + 50 * chance
    assert run(0.4, kind="continuous", success=pounds).code == 0
    page, found = _read(tmp_path)
    trust, primary = found["trust"], found["estimates"][0]
    assert trust["measure"] == "log_ratio_of_difference"
    adults = pounds[known.adult == 1]
    assert trust["unit"] == pytest.approx(adults.std() / 0.91)
    assert trust["answer"]["raw"]["ratio"] == pytest.approx(math.exp(primary["value"] / trust["unit"]))
    low, high = (trust["unit"] * math.log(trust["answer"]["calibrated"][end]) for end in ("low", "high"))
    assert low < primary["low"] and high > primary["high"]
    assert f"({low:+,.4g} to {high:+,.4g})".replace("-", "−") in page
    assert found["detectable"]["measure"] == "difference"


def test_no_more_is_trusted_than_the_primary_estimate_bears_out() -> None:
    def found(low: float) -> Study:
        difference = Estimate("matching", "ate", "risk_difference", 0.4, 0.1, low, 0.8, 900)
        ratio = Estimate("ipw", "ate", "log_risk_ratio", 1.5, 0.1, 1.3, 1.7, 900)
        asked = Protocol.model_validate(yaml.safe_load(PROTOCOL))
        design = Design((), (), (450.0, 450.0), (450, 450))
        return Study(asked, (("all", 900),), design, (), (difference,), ratio=AsRatio(ratio))

    degrees = [trusted(found(low)) for low in (0.1, -0.1)]
    assert [one.degree for one in degrees if one] == ["high", "moderate"]
    page = render(study_report(found(-0.1)))
    assert "that of the primary estimate includes 0" in page
    assert "since the primary estimator (matching) gives none" in page
    assert "可信程度：中" in render(study_report(found(-0.1), language="zh"))


def test_a_time_to_event_has_a_hazard_ratio_and_its_controls_risk_ratios(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    days = np.random.default_rng(6).uniform(1, 500, 1200).round(1)
    told = f"{with_controls(5)}\nfollow_up: {{days: 365}}\ndata: table"
    assert run(0.4, protocol=told, kind="time_to_event, time: days", days=days, **controls(5, 0.0)).code == 0
    page, found = _read(tmp_path)
    ratio = found["ratio"]["estimate"]
    assert (ratio["measure"], ratio["method"]) == ("log_hazard_ratio", "ipw")
    assert {one["measure"] for one in found["negative_control_ratios"]} == {"log_risk_ratio"}
    assert found["detectable"]["measure"] == "hazard_ratio"
    assert "The hazard ratio is by inverse probability weighting, since the primary estimator" in page
    assert "their risk ratios calibrate a hazard ratio" in page


def test_every_version_of_an_amended_protocol_and_what_was_changed_is_shown(
    run: Callable[..., Any], bencao: Callable[..., Any], tmp_path: Path
) -> None:
    assert run(0.4).code == 0
    assert "This protocol is not registered" in (tmp_path / "study.html").read_text(encoding="utf-8")
    assert bencao("evidence", "register", "protocol.yaml").code == 0
    amended = "data: table\nanalysis: {primary: ipw, others: [crude]}"
    assert run(0.4, protocol=amended).code == 0
    assert "differs from the last registered version" in (tmp_path / "study.html").read_text(encoding="utf-8")
    assert bencao("evidence", "register", "protocol.yaml", "--reason", "ipw is what the trial used").code == 0
    assert run(0.4, protocol=amended).code == 0
    page, found = _read(tmp_path)
    assert [one["number"] for one in found["versions"]] == [1, 2]
    assert "ipw is what the trial used" in page and "What version 2 changed of version 1" in page
    row = re.search(r"<td>analysis\.primary</td>\s*<td>([^<]*)</td>\s*<td>([^<]*)</td>", page)
    assert row and (row[1], row[2]) == ("&#34;aipw&#34;", "&#34;ipw&#34;")


def test_an_item_that_no_guideline_has_is_refused(run: Callable[..., Any]) -> None:
    answer = run(0.4, protocol="reporting: {STROBE 99: x}\ndata: table")
    assert answer.code == 2
    assert "STROBE 99 is no item" in answer.err


def test_plots_say_what_they_show_to_who_rests_on_them() -> None:
    love = love_plot([Balance("age", 0.4, 0.02), Balance("sex", 2.5, -0.01)], 0.1, ("d", "before", "after"), "Love")
    assert "age, before: 0.400" in love and "sex, before: 2.500" in love
    flow = flow_plot([("all", 1200), ("adult", 1080)], [("one", 600), ("none", 480)], "left out: {n}", "Flow")
    assert "adult: 1,080" in flow and "left out: 120" in flow and "none: 480" in flow


def test_the_benchmark_of_calibrated_studies_scores_whole_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[3] / "benchmarks" / "evidence"))
    import calibrated_studies

    drawn = calibrated_studies.draw("shared", 3000, 8, np.random.default_rng(3))
    scored = pd.DataFrame([{"scenario": "shared", "set": 0, **calibrated_studies.score(drawn)}])
    found = calibrated_studies.summarise(scored)
    # What is hidden raises the raw ratio; the controls take a part of that away.
    assert found["n"] == 1 and found["shared_raw_bias"] > found["shared_controls_bias"]
    assert found["shared_controls_width"] > found["shared_raw_width"]
