"""Effects that are known are found; what cannot be estimated is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bencao.evidence.errors import EmptyArm, EstimationError, NoEvents, SeparationError, StudyDataError
from bencao.evidence.estimators.compared.self_controlled import self_controlled_case_series
from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import Settings, estimate
from bencao.evidence.estimators.survival.pseudo_observations import pseudo_observations
from bencao.kernel.errors import BencaoError

ADJUSTED = ("ipw", "overlap", "entropy", "g_formula", "aipw", "tmle", "matching", "stratification")


def _persons(n: int = 1500, seed: int = 3) -> pd.DataFrame:
    """A confounded treatment whose effect is 1 in everybody; crude it is about 1.5."""
    draw = np.random.default_rng(seed)
    a, b = draw.normal(size=(2, n))
    push = draw.integers(0, 2, n)
    hidden = draw.normal(size=n)
    treated = (0.7 * a + 1.5 * push - 0.75 + hidden > 0).astype(int)
    before = a + draw.normal(size=n)
    return pd.DataFrame(
        {
            "person": np.arange(n),
            "treated": treated,
            "gain": treated + a + 0.5 * b + draw.normal(size=n),
            "confounded_gain": treated + a + hidden + draw.normal(size=n),
            "a": a,
            "b": b,
            "push": push,
            "before": before,
            "after": before + treated + 0.5 * a + draw.normal(size=n),
        }
    )


def _data(table: pd.DataFrame, outcome: str = "gain", kind: Any = "continuous", **named: str) -> Any:
    return study_data(table, treatment="treated", outcome=outcome, covariates=["a", "b"], kind=kind, **named)


@pytest.mark.parametrize("estimand", ["ate", "att"])
@pytest.mark.parametrize("method", ADJUSTED)
def test_adjustment_finds_the_effect_that_the_crude_difference_misses(method: Any, estimand: Any) -> None:
    data = _data(_persons())
    assert estimate(data, "crude").low > 1.1
    found = estimate(data, method, Settings(estimand))
    assert found.low < 1 < found.high
    assert found.high - found.low < 0.5


def test_forests_with_cross_fitting_find_it_too_and_the_same_each_time() -> None:
    data = _data(_persons(600))
    found = [estimate(data, "aipw", Settings(learner="forest", folds=2)) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].low < 1 < found[0].high


def test_an_instrument_finds_what_hidden_confounding_hides() -> None:
    table = _persons(4000)
    assert estimate(_data(table, "confounded_gain"), "aipw").low > 1.2
    found = estimate(_data(table, "confounded_gain", instrument="push"), "instrument")
    assert found.low < 1 < found.high
    noise = table.assign(push=np.random.default_rng(0).integers(0, 2, len(table)))
    with pytest.raises(EstimationError, match="weak"):
        estimate(_data(noise, "confounded_gain", instrument="push"), "instrument")


def test_a_difference_in_differences_takes_off_what_was_there_before() -> None:
    found = estimate(_data(_persons(), "after", before="before"), "difference_in_differences")
    assert found.low < 1 < found.high


def test_doubly_robust_estimates_equal_those_of_doubleml() -> None:
    doubleml = pytest.importorskip("doubleml", reason="DoubleML is not installed")
    from sklearn.linear_model import LinearRegression, LogisticRegression

    table = _persons(1000)
    peer = doubleml.DoubleMLIRM(
        doubleml.DoubleMLData(table[["gain", "treated", "a", "b"]], "gain", "treated", ["a", "b"]),
        LinearRegression(),
        LogisticRegression(C=1e6),
        n_folds=5,
    )
    peer.fit()
    found = estimate(_data(table), "aipw")
    # Folds differ, so that they agree to a small part of the standard error.
    assert abs(found.value - peer.coef[0]) < 0.2 * found.standard_error
    assert found.standard_error == pytest.approx(peer.se[0], rel=0.05)


def test_nhefs_gives_the_book_s_weight_gain(shared_data: Path) -> None:
    """What If, chapters 12 and 13: 3.4 (2.4 to 4.5) by IPW, 3.5 (2.6 to 4.5) by standardisation."""
    table = pd.read_csv(shared_data / "evidence" / "causal" / "nhefs_complete.csv")
    bent = {f"{name}2": table[name] ** 2 for name in ("age", "wt71", "smokeintensity", "smokeyrs")}
    levels = {name: table[name].astype(float).astype(str) for name in ("education", "exercise", "active")}
    covariates = ["sex", "race", "age", "wt71", "smokeintensity", "smokeyrs", *bent, *levels]
    data = study_data(
        table.assign(**bent, **levels), treatment="qsmk", outcome="wt82_71", covariates=covariates, kind="continuous"
    )
    assert round(estimate(data, "ipw").value, 1) == 3.4
    assert 3.4 <= estimate(data, "g_formula").value <= 3.6


def _survivors(n: int = 1500) -> pd.DataFrame:
    draw = np.random.default_rng(8)
    a, b = draw.normal(size=(2, n))
    treated = (a + draw.logistic(size=n) > 0).astype(int)
    latent = draw.exponential(100 * np.exp(-0.5 * treated - 0.6 * a))
    end = draw.uniform(60, 200, n)
    return pd.DataFrame(
        {"treated": treated, "a": a, "b": b, "days": np.minimum(latent, end), "died": (latent <= end).astype(int)}
    )


def test_pseudo_observations_average_to_kaplan_meier() -> None:
    from lifelines import KaplanMeierFitter

    table = _survivors(400)
    data = _data(table, "died", "time_to_event", time="days")
    risk = pseudo_observations(data, "risk_difference", 60)
    mean = pseudo_observations(data, "rmst_difference", 60)
    for arm in (0, 1):
        rows = table.treated == arm
        curve = KaplanMeierFitter().fit(table.days[rows], table.died[rows])
        assert risk[rows].mean() == pytest.approx(1 - float(curve.predict(60)), abs=1e-9)
        times = np.linspace(0, 60, 60_001)
        area = float(np.asarray(curve.predict(times[:-1])).mean() * 60)
        assert mean[rows].mean() == pytest.approx(area, abs=0.01)


def test_weighted_hazards_risks_and_means_agree_on_the_direction() -> None:
    data = _data(_survivors(), "died", "time_to_event", time="days")
    hazard = estimate(data, "ipw", measure="log_hazard_ratio")
    risk = estimate(data, "aipw", measure="risk_difference", horizon=60)
    mean = estimate(data, "g_formula", measure="rmst_difference", horizon=60)
    crude = estimate(data, "crude", measure="log_hazard_ratio")
    assert 0 < hazard.low < hazard.high < crude.value
    assert risk.low > 0 > mean.high


def test_a_case_series_compares_a_person_with_himself() -> None:
    draw = np.random.default_rng(5)
    rows = []
    for person in range(1500):
        base = np.exp(draw.normal() - 6)
        for exposed, days in ((0, 300), (1, 60)):
            events = draw.poisson(base * days * (3.0 if exposed else 1.0))
            rows.append({"person": person, "days": days, "events": events, "exposed": exposed})
    found = self_controlled_case_series(
        pd.DataFrame(rows), person="person", days="days", events="events", exposed="exposed"
    )
    assert found.low < np.log(3) < found.high


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"treated": 1}, EmptyArm),
        ({"gain": 0}, NoEvents),
        ({"a": 4.0}, StudyDataError),
        ({"a": np.nan}, StudyDataError),
        ({"person": 7}, StudyDataError),
        ({"treated": 2}, StudyDataError),
    ],
)
def test_what_no_estimator_can_use_is_refused(change: dict[str, Any], kind: type[BencaoError]) -> None:
    table = _persons(100).assign(gain=lambda one: (one.gain > 0).astype(int)).assign(**change)
    with pytest.raises(kind) as error:
        _data(table, kind="binary", person="person")
    assert error.value.mend


def test_negative_times_and_separation_are_refused() -> None:
    with pytest.raises(StudyDataError, match="negative"):
        _data(_survivors(50).assign(days=-1.0), "died", "time_to_event", time="days")
    table = _persons(200)
    with pytest.raises(SeparationError):
        estimate(_data(table.assign(a=table.treated + table.b / 100)), "ipw")
    with pytest.raises(BencaoError):
        estimate(_data(table.assign(b=table.a * 2)), "g_formula")


def test_the_command_writes_estimates_and_its_ledger_entry(bencao: Callable[..., Any], tmp_path: Path) -> None:
    _persons(300).to_csv(tmp_path / "people.csv", index=False)
    told = ("--treatment", "treated", "--outcome", "gain", "--covariates", "a,b", "--method", "ipw,aipw")
    answer = bencao("evidence", "estimate", "people.csv", *told, "-o", "effects.json", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert [one["method"] for one in found] == ["ipw", "aipw"]
    assert json.loads((tmp_path / "effects.json").read_text()) == found
    assert "evidence estimate" in bencao("ledger", "trace", "effects.json").out
    refused = bencao("evidence", "estimate", "people.csv", *told[:-1], "magic")
    assert refused.code == 2
    assert refused.err.startswith("InputError: method: no estimator magic")
    shown = {lang: bencao("evidence", "estimate", "people.csv", *told, "--lang", lang).out for lang in ("en", "zh")}
    assert shown["zh"].count("估计值") == 1
    for lang, words in (("en", ("AIPW", "means", " to ")), ("zh", ("双重稳健", "全部人员", "均值差", "至"))):
        assert all(one in shown[lang] for one in words)
        assert not {"ipw", "ate", "…"} & set(shown[lang].split())


@pytest.mark.parametrize("method", ["ipw", "entropy", "g_formula", "aipw"])
def test_a_risk_ratio_is_found_that_the_crude_one_misses(method: Any) -> None:
    draw = np.random.default_rng(8)
    a, b = draw.normal(size=(2, 6000))
    treated = (a + draw.logistic(size=6000) > 0).astype(int)
    risk = np.clip(0.2 * np.exp(0.4 * a), 0, 0.45)
    sick = (draw.uniform(size=6000) < np.where(treated == 1, 1.5 * risk, risk)).astype(int)  # the ratio is 1.5
    data = _data(pd.DataFrame({"treated": treated, "a": a, "b": b, "sick": sick}), "sick", "binary")
    crude = estimate(data, "crude", measure="log_risk_ratio")
    assert crude.value == pytest.approx(np.log(sick[treated == 1].mean() / sick[treated == 0].mean()))
    assert crude.low > np.log(1.5)
    found = estimate(data, method, measure="log_risk_ratio")
    assert found.low < np.log(1.5) < found.high
    assert found.high - found.low < 0.35


@pytest.mark.parametrize(("method", "kind"), [("matching", "binary"), ("ipw", "continuous")])
def test_what_gives_no_risk_ratio_says_so(method: Any, kind: str) -> None:
    table = _persons(200).assign(sick=lambda rows: (rows.gain > 0).astype(int))
    with pytest.raises(BencaoError, match="gives no risk ratio"):
        estimate(_data(table, "sick", kind), method, measure="log_risk_ratio")
    with pytest.raises(EstimationError, match="a risk of 0"):
        estimate(
            _data(table.assign(sick=table.sick * table.treated), "sick", "binary"), "crude", measure="log_risk_ratio"
        )
