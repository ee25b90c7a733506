"""Biases that are known are taken out again; E-values are the published ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bencao.evidence.bias.corrections import (
    Counts,
    without_confounding,
    without_misclassification,
    without_selection,
)
from bencao.evidence.bias.drawing import draw_corrections
from bencao.evidence.bias.e_value import e_value
from bencao.evidence.errors import StudyDataError


# VanderWeele and Ding, Annals of Internal Medicine 2017, 167, 268: infant feeding, and leukaemia.
@pytest.mark.parametrize(("told", "point", "limit"), [((3.9, 1.8, 8.7), 7.26, 3.0), ((0.80, 0.71, 0.91), 1.81, 1.43)])
def test_e_values_are_the_published_ones(told: Any, point: float, limit: float) -> None:
    found = e_value(*told)
    assert (found.point, found.limit) == pytest.approx((point, limit), abs=0.006)


def test_a_common_outcome_and_a_difference_are_turned_into_risk_ratios() -> None:
    assert e_value(4.0, 1.5, 9.0, "odds_ratio").ratio == 2.0
    assert e_value(4.0, 1.5, 9.0, "odds_ratio", rare=True).ratio == 4.0
    assert 1 < e_value(2.0, 1.5, 2.5, "hazard_ratio").ratio < 2.0
    assert e_value(0.5, 0.1, 0.9, "standardised_difference").ratio == pytest.approx(np.exp(0.455))
    assert e_value(1.2, 0.9, 1.5).limit == 1.0


@pytest.mark.parametrize("told", [(2.0, 3.0, 4.0), (0.5, -1.0, 2.0), (float("nan"), 1.0, 2.0)])
def test_what_is_no_estimate_has_no_e_value(told: Any) -> None:
    with pytest.raises(StudyDataError):
        e_value(*told)


def test_a_confounder_of_known_strength_is_taken_out() -> None:
    exposed, unexposed = 0.6 * 3 + 0.4, 0.2 * 3 + 0.8  # its risk ratio 3, prevalences 0.6 and 0.2; no effect
    assert without_confounding(exposed / unexposed, 3.0, 0.6, 0.2) == pytest.approx(1.0)


@pytest.mark.parametrize("of", ["exposure", "outcome"])
def test_wrong_records_are_put_right(of: str) -> None:
    true, se, sp = Counts(300.0, 200.0, 400.0, 600.0), 0.8, 0.95

    def recorded(yes: float, no: float) -> tuple[float, float]:
        return se * yes + (1 - sp) * no, (1 - se) * yes + sp * no

    a, b, c, d = true.exposed_cases, true.unexposed_cases, true.exposed_others, true.unexposed_others
    if of == "exposure":
        (a, b), (c, d) = recorded(a, b), recorded(c, d)
    else:
        (a, c), (b, d) = recorded(a, c), recorded(b, d)
    seen = Counts(a, b, c, d)
    assert abs(seen.odds_ratio - true.odds_ratio) > 0.3
    found = without_misclassification(seen, sensitivity=se, specificity=sp, of=of)
    assert found.odds_ratio == pytest.approx(true.odds_ratio)
    assert found.risk_ratio == pytest.approx(true.risk_ratio)


def test_records_that_the_counts_rule_out_are_refused() -> None:
    with pytest.raises(StudyDataError, match="rule these out"):
        without_misclassification(Counts(10, 490, 20, 480), sensitivity=0.9, specificity=0.9)
    with pytest.raises(StudyDataError, match="no more than 1"):
        without_misclassification(Counts(10, 490, 20, 480), sensitivity=0.5, specificity=0.5)
    with pytest.raises(StudyDataError, match="from 0 to 1"):
        without_selection(1.0, 1.2, 0.5, 0.5, 0.5)


def test_drawings_hold_the_bias_and_chance_and_repeat() -> None:
    ranges = {"ratio": (2.0, 3.0, 4.0), "exposed": (0.5, 0.55, 0.65, 0.7), "unexposed": (0.2, 0.2, 0.2)}

    def corrected(drawn: Any) -> Any:
        return without_confounding(11 / 7, drawn["ratio"], drawn["exposed"], drawn["unexposed"])

    found = draw_corrections(corrected, ranges, 0.1)
    assert found == draw_corrections(corrected, ranges, 0.1)
    assert found.ratio == pytest.approx(1.0, abs=0.03)
    assert found.low < found.systematic_low < 1 < found.systematic_high < found.high
    sure = draw_corrections(corrected, {**ranges, "ratio": (3, 3, 3), "exposed": (0.6, 0.6, 0.6)}, 0.1, draws=100_000)
    assert (sure.low, sure.high) == pytest.approx((np.exp(-0.196), np.exp(0.196)), rel=0.01)
    with pytest.raises(StudyDataError, match="exposed"):
        draw_corrections(corrected, {**ranges, "exposed": (0.7, 0.5, 0.6)}, 0.1)


def test_the_command_says_it_in_either_language(bencao: Callable[..., Any]) -> None:
    assert "1.81" in bencao("evidence", "e-value", "0.80", "0.71", "0.91").out
    assert "未测量的混杂因素" in bencao("evidence", "e-value", "0.80", "0.71", "0.91", "--lang", "zh").out
    assert json.loads(bencao("evidence", "e-value", "0.8", "0.71", "0.91", "--json").out)["limit"] < 1.5
    refused = bencao("evidence", "e-value", "2", "3", "4")
    assert refused.code == 2 and refused.err.startswith("StudyDataError: ")
