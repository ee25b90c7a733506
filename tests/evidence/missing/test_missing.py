"""Missing values are imputed so that intervals still cover; what is declared in a protocol is told in its study."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import Estimate, estimate
from bencao.evidence.missing.chained_equations import Variable, impute
from bencao.evidence.missing.pooling import pool


def _drawn(seed: int, n: int = 250) -> tuple[dict[str, Any], Any]:
    """The effect is 1; the confounder is missing more often in the treated with a high outcome (at random)."""
    draw = np.random.default_rng(seed)
    x, b = draw.normal(size=(2, n))
    arm = (0.8 * x + draw.logistic(size=n) > 0).astype(float)
    y = arm + x + 0.5 * b + draw.normal(size=n)
    gone = draw.random(n) < 1 / (1 + np.exp(-(y + arm - 1.5)))
    return {"arm": arm, "y": y, "b": b, "x": np.where(gone, np.nan, x)}, gone


def _effect(values: dict[str, Any]) -> Estimate:
    table = pd.DataFrame(values)
    data = study_data(table, treatment="arm", outcome="y", covariates=["x", "b"], kind="continuous")
    return estimate(data, "g_formula")


def test_intervals_over_imputations_cover_where_complete_cases_do_not() -> None:
    drawings = 40
    covered, bare = 0, []
    for seed in range(drawings):
        told, gone = _drawn(seed)
        names = list(told)
        sets = impute([Variable(name, told[name]) for name in names], imputations=8, iterations=4, seed=seed)
        found = pool([_effect(dict(zip(names, one.T, strict=True))) for one in sets], 247).estimate
        covered += found.low < 1 < found.high
        bare.append(_effect({name: values[~gone] for name, values in told.items()}).value)
    assert covered >= 0.95 * drawings - 3 * np.sqrt(drawings * 0.95 * 0.05)
    assert abs(np.mean(bare) - 1) > 0.15


def test_imputations_repeat_keep_what_is_known_and_differ_from_each_other() -> None:
    told, gone = _drawn(3)
    variables = [Variable(name, values) for name, values in told.items()]
    one, two = (impute(variables, imputations=2, iterations=2, seed=7) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert np.array_equal(one[0][~gone, 3], told["x"][~gone])
    assert set(one[0][:, 3]) <= set(told["x"][~gone])  # matched: each value is a person's
    assert not np.array_equal(one[0], one[1])
    with pytest.raises(StudyDataError, match="3 values are known"):
        impute([Variable("x", np.where(np.arange(50) < 3, 1.0, np.nan)), Variable("y", np.arange(50.0))])


def test_rubins_rules_give_the_degrees_of_freedom_of_barnard_and_rubin() -> None:
    def told(value: float) -> Estimate:
        return Estimate("ipw", "ate", "difference", value, 2.0, value - 4, value + 4, 30)

    found = pool([told(one) for one in (9.0, 10.0, 11.0, 12.0, 13.0)], 28)
    # By hand: W 4, B 2.5, T 7, share 3/7; 4 / share^2 = 21.78; 29/31 * 28 * 4/7 = 14.97; together 8.87.
    assert found.estimate.value == 11 and found.estimate.standard_error == pytest.approx(np.sqrt(7))
    assert found.freedom == pytest.approx(8.871, abs=0.002)
    assert found.missing_information == pytest.approx((0.75 + 2 / 11.871) / 1.75, abs=1e-3)
    assert pool([told(9.0)] * 3, 28).freedom == pytest.approx(29 / 31 * 28)


PROTOCOL = """study: gaps
title: Gaps
data: table
person: id
strategies:
  treatment: {name: new, column: arm, value: 1}
  comparator: {name: old, column: arm, value: 0}
outcome: {kind: KIND, events: {name: gain, column: y}}
covariates: [{name: x}, {name: b}]
analysis: {primary: g_formula, others: []}
"""
ASKED = """missing_data: {covariates: [x], outcome: true, deltas: [-6, -1], imputations: 3, iterations: 2}
sensitivity:
  - name: smoking
    bias: confounding
    ranges: {confounder_ratio: [1.5, 2, 3], among_exposed: [0.3, 0.4, 0.5], among_unexposed: [0.1, 0.2, 0.3]}
  - {name: records, bias: misclassification, ranges: {sensitivity: [0.8, 0.9, 1], specificity: [0.97, 0.98, 0.99]}}
"""


@pytest.mark.parametrize("kind", ["continuous", "binary"])
def test_a_study_computes_what_its_protocol_asks(kind: str, bencao: Callable[..., Any], tmp_path: Path) -> None:
    told, _ = _drawn(5, 500)
    gone = np.random.default_rng(1).random(500) < 0.3
    y = told["y"] if kind == "continuous" else (told["y"] > 0.5).astype(float)
    table = pd.DataFrame({**told, "y": np.where(gone, np.nan, y), "id": range(500)})
    table.to_csv(tmp_path / "people.csv", index=False)
    (tmp_path / "protocol.yaml").write_text(PROTOCOL.replace("KIND", kind))
    ask = ("evidence", "study", "protocol.yaml", "people.csv", "-o", "study.html", "--despite", "to see it")
    refused = bencao(*ask)
    assert refused.code == 2 and "x: row" in refused.err and "missing_data:" in refused.err
    (tmp_path / "protocol.yaml").write_text(PROTOCOL.replace("KIND", kind) + ASKED)
    assert (answer := bencao(*ask)).code == 0, answer.err
    found = json.loads((tmp_path / "study.json").read_text())
    (primary,), imputed = found["estimates"], found["imputed"]
    assert dict(imputed["missing"]) == {"x": int(np.isnan(told["x"]).sum()), "y": int(gone.sum())}
    assert primary["n"] == 500 and primary["low"] > 0 and 0 < imputed["missing_information"] < 1
    (first, lowest), (second, lower) = imputed["shifted"]
    assert (first, second) == (-6, -1) and lowest["value"] < lower["value"] < primary["value"]
    smoking, records = found["sensitivity"]
    assert 1 < smoking["corrected"]["ratio"] < np.exp(found["ratio"]["estimate"]["value"])
    assert (records["corrected"] is None) == (kind == "continuous")
    if kind == "continuous":
        assert imputed["tipping"] == -6 and "binary outcome" in records["refused"]
    page = (tmp_path / "study.html").read_text()
    assert "smoking" in page and "Imputed" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("missing_data: {covariates: [z]}", "z is none of the covariates"),
        ("missing_data: {covariates: [x], deltas: [1]}", "deltas go with outcome"),
        ("missing_data: {}", "name covariates"),
        ("sensitivity: [{name: s, bias: selection, ranges: {exposed_cases: [1, 1, 1]}}]", "give ranges of"),
        (ASKED.replace("[0.3, 0.4, 0.5]", "[0.3, 0.4, 5]"), "is no chance"),
        (ASKED.replace("[0.3, 0.4, 0.5]", "[0.5, 0.4, 0.3]"), "rising numbers"),
    ],
)
def test_a_protocol_that_asks_amiss_is_refused(
    asked: str, said: str, bencao: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "protocol.yaml").write_text(PROTOCOL.replace("KIND", "continuous") + asked)
    answer = bencao("evidence", "check", "protocol.yaml")
    assert answer.code == 2 and said in answer.err, answer.err
