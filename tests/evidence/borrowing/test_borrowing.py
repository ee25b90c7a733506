"""Borrowed controls sharpen an answer where they agree, and cannot mislead it beyond a limit where they do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bencao.evidence.borrowing.hybrid_arm import METHODS, borrow, hybrid_data
from bencao.evidence.borrowing.limits import commensurate, largest_share, power_prior, worst_type_1
from bencao.evidence.errors import EmptyArm, PositivityError, SeparationError, StudyDataError
from bencao.evidence.estimators.data.adam import read_adam


def _drawn(seed: int, drift: float = 0.0, effect: float = 0.0, shift: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    draw = np.random.default_rng(seed)
    arm = np.arange(150) % 3 > 0
    a = draw.normal(size=150)
    trial = pd.DataFrame({"arm": arm.astype(int), "a": a, "gain": a + effect * arm + draw.normal(size=150)})
    other = draw.normal(shift, 1, 100)
    external = pd.DataFrame({"a": other, "gain": other + drift + draw.normal(size=100)})
    for table in (trial, external):
        table["days"] = draw.exponential(100, len(table))
        table["died"] = (table.days < 150).astype(int)
        table["success"] = (table.gain > 0).astype(int)
    return trial, external


def _data(tables: tuple[Any, Any], outcome: str = "gain", kind: Any = "continuous", **told: str) -> Any:
    return hybrid_data(*tables, treatment="arm", outcome=outcome, covariates=["a"], kind=kind, **told)


@pytest.mark.parametrize("rule", [power_prior, commensurate])
def test_the_worst_error_is_what_drawing_finds(rule: Any) -> None:
    treated, own, external = 0.01, 0.02, 0.01
    worst = worst_type_1(rule, treated, own, external)
    draw = np.random.default_rng(1)
    mean_own, other = draw.normal(0, own**0.5, 40_000), draw.normal(worst.drift, external**0.5, 40_000)
    weight, variance = rule(other - mean_own, own, external)
    z = (draw.normal(0, treated**0.5, 40_000) - mean_own - weight * (other - mean_own)) / np.sqrt(treated + variance)
    assert (np.abs(z) > 1.959964).mean() == pytest.approx(worst.type_1, abs=0.005)  # three errors of the drawing
    share = largest_share(rule, treated, own, external)
    assert worst.type_1 > 0.07 and 0 < share < 1
    assert worst_type_1(rule, treated, own, external, share).type_1 <= 0.07


@pytest.mark.parametrize("rule", [power_prior, commensurate])
def test_a_small_share_lets_go_of_conflict_no_later_than_a_large_one(rule: Any) -> None:
    differences = np.array([0.0, 0.5])  # none, and three standard errors
    kept = [np.divide(*rule(differences, 0.02, 0.01, share)[0][::-1]) for share in (0.1, 1.0)]
    assert kept[0] < 0.4 and kept[0] <= kept[1] + 0.2


@pytest.mark.parametrize("method", METHODS)
def test_the_limit_holds_under_the_worst_drift_and_helps_without_one(method: Any) -> None:
    draws = 25
    worst = borrow(_data(_drawn(0)), method).drift
    drifting = [borrow(_data(_drawn(seed, worst)), method) for seed in range(draws)]
    rejected = np.mean([not one.estimate.low <= 0 <= one.estimate.high for one in drifting])
    assert rejected <= 0.07 + 3 * np.sqrt(0.07 * 0.93 / draws)
    assert all(one.type_1 <= 0.07 and one.share <= 1 for one in drifting)
    agreeing = [borrow(_data(_drawn(seed)), method) for seed in range(5)]
    assert np.mean([one.estimate.standard_error / one.alone.standard_error for one in agreeing]) < 0.99
    assert np.mean([one.borrowed for one in agreeing]) > 1


@pytest.mark.parametrize("method", METHODS)
def test_controls_in_plain_conflict_are_let_go(method: Any) -> None:
    found = borrow(_data(_drawn(2, drift=6.0, effect=1.0)), method)
    assert found.conflict > 5
    assert abs(found.estimate.value - found.alone.value) < 0.1
    assert found.estimate.low < 1 < found.estimate.high


def test_strata_take_away_a_drift_that_covariates_tell() -> None:
    shifted = [_data(_drawn(seed, shift=1.0)) for seed in range(4)]
    plain = np.mean([borrow(one, "power_prior").conflict for one in shifted])
    strata = np.mean([borrow(one, "propensity").conflict for one in shifted])
    assert plain > 3
    assert abs(strata) < plain / 3


def test_controls_unlike_anybody_in_the_trial_are_refused() -> None:
    with pytest.raises((PositivityError, SeparationError)):
        borrow(_data(_drawn(3, shift=20.0)), "propensity")


def test_risks_and_times_borrow_too() -> None:
    assert borrow(_data(_drawn(4), "success", "binary")).estimate.measure == "risk_difference"
    found = borrow(_data(_drawn(4), "died", "time_to_event", time="days"))
    assert -1 < found.estimate.low < found.estimate.high < 1


def test_what_cannot_be_used_is_refused() -> None:
    trial, external = _drawn(5)
    with pytest.raises(EmptyArm):
        _data((trial.assign(arm=0), external))
    with pytest.raises(StudyDataError, match="external: gain"):
        _data((trial, external.drop(columns="gain")))
    with pytest.raises(StudyDataError, match="missing"):
        _data((trial, external.assign(gain=np.nan)))
    with pytest.raises(StudyDataError, match="above the level"):
        borrow(_data((trial, external)), limit=0.04)


def _adam(folder: Path) -> None:
    persons = [f"01-{number:03}" for number in range(40)]
    subjects = pd.DataFrame({"USUBJID": persons, "ITTFL": ["Y"] * 39 + ["N"], "AGE": np.arange(40) % 7 + 50.0})
    subjects["TRT01P"] = ["Active", "Placebo"] * 20
    subjects.to_parquet(folder / "adsl.parquet")
    times = pd.DataFrame(
        {"USUBJID": persons, "PARAMCD": "OS", "AVAL": np.arange(1.0, 41), "CNSR": [0.0, 0.0, 1.0, 0.0] * 10}
    )
    pd.concat([times, times.assign(PARAMCD="PFS")]).to_parquet(folder / "adtte.parquet")


def test_a_trials_data_sets_become_one_row_a_person(bencao: Callable[..., Any], tmp_path: Path) -> None:
    _adam(tmp_path)
    told = ["evidence", "adam", "adsl.parquet", "adtte.parquet", "--parameter", "OS", "--treatment", "Active"]
    answer = bencao(*told, "--control", "Placebo", "--covariates", "AGE", "-o", "trial.csv")
    assert answer.code == 0, answer.err
    table = pd.read_csv(tmp_path / "trial.csv")
    assert list(table.columns) == ["USUBJID", "arm", "outcome", "time", "AGE"]
    assert (len(table), table.arm.sum(), table.outcome.sum()) == (39, 20, 29)
    table.assign(arm=0).to_csv(tmp_path / "lent.csv", index=False)
    borrowed = bencao(
        *(
            "evidence",
            "borrow",
            "trial.csv",
            "lent.csv",
            "--treatment",
            "arm",
            "--outcome",
            "outcome",
            "--time",
            "time",
        ),
        *(
            "--kind",
            "time_to_event",
            "--covariates",
            "AGE",
            "--method",
            "power_prior",
            "-o",
            "out.json",
            "--lang",
            "zh",
        ),
    )
    assert borrowed.code == 0, borrowed.err
    assert "外部对照" in borrowed.out and "幂先验" in borrowed.out and "power_prior" not in borrowed.out
    assert json.loads((tmp_path / "out.json").read_text())[0]["type_1"] <= 0.07
    wrong = bencao(*told, "--control", "Nobody", "-o", "none.csv")
    assert wrong.code == 2 and wrong.err.startswith("StudyDataError: ")
    assert not (tmp_path / "none.csv").exists()


def test_transport_files_are_read_as_the_trial_room_writes_them(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="cannot run here: pyreadstat is not installed")
    _adam(tmp_path)
    for name in ("adsl", "adtte"):
        table = pd.read_parquet(tmp_path / f"{name}.parquet")
        pyreadstat.write_xport(table, str(tmp_path / f"{name}.xpt"), file_format_version=5, table_name=name.upper())
    named: Any = {"parameter": "OS", "treatment": "Active", "control": "Placebo", "covariates": ["AGE"]}
    one, other = (
        read_adam(tmp_path / f"adsl.{form}", tmp_path / f"adtte.{form}", **named) for form in ("xpt", "parquet")
    )
    pd.testing.assert_frame_equal(one, other, check_dtype=False)
    (tmp_path / "adsl.xpt").write_bytes(b"no transport file")
    with pytest.raises(StudyDataError, match="no transport file"):
        read_adam(tmp_path / "adsl.xpt", tmp_path / "adtte.xpt", **named)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"parameter": "NONE"}, "NONE"),
        ({"arm": "TRT02P"}, "TRT02P"),
        ({"records": {"AVISIT": "Week 1"}}, "AVISIT"),
        ({"covariates": ["SEX"]}, "SEX"),
    ],
)
def test_what_a_data_set_lacks_is_named(named: dict[str, Any], told: str, tmp_path: Path) -> None:
    _adam(tmp_path)
    asked: Any = {"parameter": "OS", "treatment": "Active", "control": "Placebo", **named}
    with pytest.raises(StudyDataError, match=told):
        read_adam(tmp_path / "adsl.parquet", tmp_path / "adtte.parquet", **asked)
