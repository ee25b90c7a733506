"""A trial's effect, carried to persons unlike the trial's, is theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bencao.evidence.errors import EmptyArm, NoEvents, PositivityError, SeparationError, StudyDataError
from bencao.evidence.estimators.estimate import estimate
from bencao.evidence.transport.transporting import METHODS, transport
from bencao.evidence.transport.trial_and_target import TrialAndTarget, trial_and_target


def _drawn(seed: int, n: int = 600, shift: float = 0.7, curved: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The effect is 1 + a (+ a² - 1), with a around 0 in the trial and around the shift in the target."""
    draw = np.random.default_rng(seed)
    a, b = draw.normal(size=(2, n))
    arm = draw.integers(0, 2, n)
    effect = 1 + a + (a**2 - 1) * curved
    gain = arm * effect + a + 0.5 * b + draw.normal(size=n)
    trial = pd.DataFrame({"person": np.arange(n), "arm": arm, "gain": gain, "a": a, "b": b, "group": "x"})
    trial["success"] = (gain > 0).astype(int)
    trial["days"] = draw.exponential(np.exp(-0.3 * arm * (1 + a)) * 100, n) + 1
    trial["died"] = (trial.days < 200).astype(int)
    target = pd.DataFrame({"a": draw.normal(shift, 1, n), "b": draw.normal(size=n), "group": "x"})
    return trial, target


def _data(tables: tuple[Any, Any], outcome: str = "gain", kind: Any = "continuous", **told: Any) -> TrialAndTarget:
    named = {"treatment": "arm", "covariates": ["a", "b"], **told}
    return trial_and_target(*tables, outcome=outcome, kind=kind, **named)


def test_the_effect_is_the_targets_and_intervals_cover_it() -> None:
    drawings = 60
    found = [transport(_data(_drawn(seed, 300))) for seed in range(drawings)]
    for place in range(len(METHODS)):
        estimates = [one.estimates[place] for one in found]
        values = np.array([one.value for one in estimates])
        assert abs(values.mean() - 1.7) < 3 * values.std() / np.sqrt(drawings)
        errors = np.mean([one.standard_error for one in estimates])
        assert errors == pytest.approx(values.std(ddof=1), rel=0.3)  # 60 drawings tell a spread to 9 %
        assert np.mean([one.low < 1.7 < one.high for one in estimates]) > 0.86  # 95 % less three of its errors
    assert np.mean([one.in_trial.high < 1.7 for one in found]) > 0.6


def test_either_model_saves_the_doubly_robust_estimate() -> None:
    found = [transport(_data(_drawn(seed, curved=True))) for seed in range(12)]
    by_method = {method: np.mean([one.estimates[k].value for one in found]) for k, method in enumerate(METHODS)}
    truth = 1.7 + 0.49
    assert by_method["g_formula"] < truth - 0.2  # a line through a curve
    assert by_method["doubly_robust"] == pytest.approx(truth, abs=0.12)


def test_a_target_like_the_trial_gets_the_trials_answer() -> None:
    trial, _ = _drawn(1)
    data = _data((trial, trial))
    found = transport(data)
    whole = estimate(data.trial, "g_formula").value
    assert [one.value for one in found.estimates[1:]] == pytest.approx([whole, whole], abs=0.01)
    assert found.estimates[1].value == pytest.approx(whole, abs=1e-9)
    assert max(abs(one.before) for one in found.balance) < 1e-12


def test_weights_make_the_trial_like_the_target() -> None:
    found = transport(_data(_drawn(2, 3000)))
    assert max(abs(one.before) for one in found.balance) > 0.6
    assert max(abs(one.after) for one in found.balance) < 0.1
    assert max(found.effective) < 1500


def test_risks_and_times_are_transported_too() -> None:
    risk = transport(_data(_drawn(3, 2000), "success", "binary"))
    assert all(one.measure == "risk_difference" and -1 < one.low < one.high < 1 for one in risk.estimates)
    mean = transport(
        _data(_drawn(3, 2000), "died", "time_to_event", time="days"), measure="rmst_difference", horizon=90
    )
    assert all(one.value < mean.in_trial.value for one in mean.estimates)  # harm grows with a


def test_a_level_that_the_trial_never_saw_is_named() -> None:
    trial, target = _drawn(4)
    target["group"] = np.where(np.arange(len(target)) % 2, "x", "y")
    with pytest.raises(PositivityError, match="group=y"):
        _data((trial, target), covariates=["a", "group"])


def test_weights_that_explode_are_refused() -> None:
    with pytest.raises((PositivityError, SeparationError)) as told:
        transport(_data(_drawn(5, 200, shift=4.0)))
    assert told.value.mend


@pytest.mark.parametrize(
    ("changed", "kind", "told"),
    [
        ({"arm": 1}, EmptyArm, "arm"),
        ({"gain": np.nan}, StudyDataError, "gain"),
        ({"person": 1}, StudyDataError, "person"),
    ],
)
def test_a_trial_that_cannot_be_used_is_refused(changed: dict[str, Any], kind: type[Exception], told: str) -> None:
    trial, target = _drawn(6)
    with pytest.raises(kind, match=told):
        _data((trial.assign(**changed), target), person="person")


def test_a_word_among_numbers_is_found_in_the_table_and_row_where_it_stands() -> None:
    trial, target = _drawn(6)
    target["a"] = target.a.astype(object)
    target.loc[8, "a"] = "many"
    with pytest.raises(StudyDataError, match="target: a: row 9: 1 of 600 values are no numbers"):
        _data((trial, target))


def test_an_outcome_that_nobody_has_is_refused() -> None:
    trial, target = _drawn(6)
    with pytest.raises(NoEvents):
        _data((trial.assign(success=0), target), "success", "binary")


def test_the_command_writes_the_same_bytes_in_either_language(bencao: Callable[..., Any], tmp_path: Path) -> None:
    trial, target = _drawn(7)
    trial.to_csv(tmp_path / "trial.csv", index=False)
    target.to_parquet(tmp_path / "target.parquet")
    told = ["evidence", "transport", "trial.csv", "target.parquet", "--treatment", "arm", "--outcome", "gain"]
    told += ["--covariates", "a,b", "-o", "out.json"]
    answer = bencao(*told)
    assert answer.code == 0, answer.err
    first = (tmp_path / "out.json").read_bytes()
    found = json.loads(first)
    assert [one["method"] for one in found["estimates"]] == list(METHODS)
    chinese = bencao(*told, "--lang", "zh")
    assert "目标人群" in chinese.out and "doubly_robust" not in chinese.out and "…" not in chinese.out
    assert (tmp_path / "out.json").read_bytes() == first
    refused = bencao(*told, "--method", "magic")
    assert refused.code == 2
    assert refused.err.startswith("InputError: ")
