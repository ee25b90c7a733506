"""Weights for what varies give the truth that comparing person-time by its treatment does not."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from frailty_cohorts import EFFECT, HAZARDS, draw, risk

from bencao.evidence.errors import EmptyArm, NoEvents, PositivityError, StudyDataError, TimeZeroError
from bencao.evidence.estimators.modelled.propensity import logistic
from bencao.evidence.longitudinal.emulation import Strategy, clones, trials
from bencao.evidence.longitudinal.intervals import contrast_interval
from bencao.evidence.longitudinal.person_periods import PersonPeriods, person_periods
from bencao.evidence.longitudinal.risks import risks
from bencao.evidence.longitudinal.structural import marginal_structural_model
from bencao.evidence.protocol.reading import read_protocol

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "evidence.md"
ALWAYS, NEVER = Strategy("always", True), Strategy("never", False)


def _data(table: pd.DataFrame, **told: Any) -> PersonPeriods:
    asked = {"person": "person", "period": "period", "treatment": "a", "event": "y", "varying": ["marker"]} | told
    return person_periods(table, **asked)


def test_a_structural_model_finds_the_effect_that_a_crude_one_misses() -> None:
    data = _data(draw(6000, 5, seed=1))
    found = marginal_structural_model(data)
    assert abs(found.value - EFFECT) < 3 * found.standard_error
    assert found.standard_error < 0.12
    crude = logistic(np.column_stack([np.ones(len(data.event)), data.treatment]), data.event)[1]
    assert abs(crude - EFFECT) > 4 * found.standard_error


def test_clones_find_the_risks_of_always_and_never() -> None:
    data = _data(draw(6000, 4, seed=2))
    found = risks(data, clones(data, ALWAYS, NEVER))
    truth = risk([1] * 4) - risk([0] * 4)
    assert abs(found.difference.value - truth) < 3 * found.difference.standard_error
    assert found.difference.standard_error < 0.05
    naive = _naive(data)
    assert abs(naive - truth) > 2 * found.difference.standard_error
    assert found.comparator[0] == pytest.approx(risk([0]), abs=0.03)


def test_loss_that_the_marker_moves_is_weighed_back() -> None:
    data = _data(draw(6000, 5, seed=3, lost=1.0))
    found = risks(data, clones(data, ALWAYS, NEVER)).difference
    assert data.lost.sum() > 1000
    assert abs(found.value - (risk([1] * 5) - risk([0] * 5))) < 3 * found.standard_error


def test_a_grace_lets_people_start_as_they_do() -> None:
    data = _data(draw(6000, 5, seed=4))
    found = risks(data, clones(data, Strategy("within two", True, grace=2), NEVER))
    told = draw(200_000, 5, seed=5, rule="grace")  # the strategy itself, imposed
    truth = told.y.sum() / 200_000 - risk([0] * 5)
    assert abs(found.difference.value - truth) < 3 * found.difference.standard_error + 0.002
    assert found.difference.standard_error < 0.04
    assert found.treatment[-1] > risk([1] * 5) + 0.02  # later than at once


def test_trials_in_sequence_find_the_effect_of_starting() -> None:
    table = draw(4000, 4, seed=6)
    data = _data(table)
    found = risks(data, trials(data), periods=2)
    assert abs(found.difference.value - _truth_of_trials()) < 3 * found.difference.standard_error + 0.002
    assert found.difference.standard_error < 0.02
    first = risks(data, clones(data, ALWAYS, NEVER), periods=2)
    assert found.difference.standard_error < first.difference.standard_error  # more trials, more precise
    as_meant = risks(data, trials(data, "intention_to_treat"), periods=2)
    assert found.difference.value < as_meant.difference.value < 0  # departures dilute


def test_intervals_cover() -> None:
    truth = risk([1] * 3) - risk([0] * 3)
    covered = 0
    for seed in range(40):
        data = _data(draw(800, 3, seed=100 + seed))
        found = risks(data, clones(data, ALWAYS, NEVER)).difference
        covered += found.low <= truth <= found.high
    assert covered >= 34  # of 40 at 95 %: fewer happen once in 300


def test_an_interval_is_the_normal_one_where_many_tell_and_wider_upwards_where_few_do() -> None:
    signs = np.where(np.arange(4000) % 2, 1.0, -1.0)
    halves = np.where(np.arange(4000) < 2000, 1.0, -1.0)
    many = np.column_stack([signs, halves]) * 0.02 / np.sqrt(4000)  # each risk has a standard error of 0.02
    half = 1.96 * 0.02 * np.sqrt(2)
    assert contrast_interval((0.2, 0.3), many) == pytest.approx((-0.1 - half, -0.1 + half), abs=0.002)
    few = many.copy()
    few[:, 0], few[:4, 0] = 0, 0.01  # the same of the first risk, in four persons
    low, high = contrast_interval((0.05, 0.3), few)
    assert -0.25 - low < half < 0.07 < high + 0.25
    nobody = contrast_interval((0.0, 0.3), many * [0, 1])
    assert nobody == pytest.approx((-0.3 - 1.96 * 0.02, -0.3 + 1.96 * 0.02), abs=0.002)


@pytest.mark.parametrize(
    ("change", "kind", "where"),
    [
        (lambda rows: rows.assign(base=rows.period), TimeZeroError, "base: changes after time zero"),
        (lambda rows: rows.assign(base=1.0, when=rows.period + 1), TimeZeroError, "marker: .* later period"),
        (lambda rows: rows[rows.period > 0].assign(base=1.0), TimeZeroError, "period: .* could not have had"),
        (lambda rows: rows[rows.period != 1].assign(base=1.0), StudyDataError, "period: .* missing"),
        (lambda rows: rows.assign(base=1.0, y=1), StudyDataError, "y: .* follow the event"),
        (lambda rows: rows.assign(base=1.0, y=0), NoEvents, "y"),
        (lambda rows: rows.assign(base=1.0, a=rows.a + 1), StudyDataError, "a: holds other values"),
    ],
)
def test_no_time_is_immortal_and_what_is_amiss_is_named(change: Any, kind: type[Exception], where: str) -> None:
    rows = change(draw(200, 3, seed=7))
    if "when" not in rows:
        rows = rows.assign(when=rows.period)
    with pytest.raises(kind, match=where):
        _data(rows, baseline=["base"], measured_in={"marker": "when"})


def test_a_strategy_that_nobody_follows_is_named() -> None:
    data = _data(draw(200, 3, seed=8).assign(a=0))
    with pytest.raises(EmptyArm, match="always"):
        clones(data, ALWAYS, NEVER)
    with pytest.raises(EmptyArm, match="arm 1"):
        trials(data)


def _nearly_forced(seed: int, pull: float, n: int = 400) -> pd.DataFrame:
    """Three periods in which the marker decides treatment all but wholly."""
    draws = np.random.default_rng(seed)
    lasting, here, rows = draws.normal(size=n), np.ones(n, dtype=bool), []
    for period in range(3):
        marker = lasting + 0.3 * draws.normal(size=n)
        treated = (pull * marker + draws.logistic(size=n) > 0).astype(int)
        event = here & (draws.random(n) < 0.1)
        told = {"person": np.arange(n), "period": period, "a": treated, "y": event.astype(int), "marker": marker}
        rows.append(pd.DataFrame(told)[here])
        here = here & ~event
    return pd.concat(rows, ignore_index=True)


def test_a_risk_that_hangs_on_a_person_or_two_is_refused_and_says_in_which_period(
    bencao: Callable[..., Any], tmp_path: Path
) -> None:
    rows = _nearly_forced(2, 4.0)
    data = _data(rows)
    told = r"period 2 of the comparator: of 119 persons 1\.5 count in effect, and one carries 82% of their weight"
    for emulation in (clones(data, ALWAYS, NEVER), trials(data)):
        with pytest.raises(PositivityError, match=told):
            risks(data, emulation)
        assert risks(data, emulation, periods=1).difference.standard_error > 0
    rows.to_csv(tmp_path / "periods.csv", index=False)
    columns = ["--treatment", "a", "--event", "y", "--varying", "marker"]
    refused = bencao("evidence", "lasting", "periods.csv", *columns, "-o", "out.json")
    assert (refused.code, refused.out, (tmp_path / "out.json").exists()) == (2, "", False)
    assert refused.err.startswith("PositivityError: period 2 of the comparator: ")


def test_a_structural_model_that_hangs_on_a_person_or_two_is_refused() -> None:
    data = _data(_nearly_forced(1, 10.0))
    with pytest.raises(PositivityError, match=r"periods with treatment: of 234 persons 3\.5 count in effect"):
        marginal_structural_model(data)


def _naive(data: PersonPeriods) -> float:
    """Difference of risks between those who happened to follow each strategy, unweighted."""
    emulation = clones(data, ALWAYS, NEVER)
    found = []
    for arm in (1, 0):
        own = emulation.arm == arm
        hazards = [data.event[emulation.row[own & (emulation.follow == one)]].mean() for one in range(data.last + 1)]
        found.append(1 - np.prod(1 - np.array(hazards)))
    return float(found[0] - found[1])


def _truth_of_trials() -> float:
    """Starting and going on against not, over two periods, in those whom trials enrol, by imposing both on them."""
    table = draw(150_000, 4, seed=9)
    enrolled = table[table.groupby("person").a.cumsum() - table.a == 0]
    found = []
    for arm in (1, 0):
        after = enrolled.survival * (1 - HAZARDS[arm])
        first = (after < enrolled.frailty).mean()
        on = enrolled[(enrolled.period < 3) & (after >= enrolled.frailty)]
        second = (on.survival * (1 - HAZARDS[arm]) ** 2 < on.frailty).mean()
        found.append(1 - (1 - first) * (1 - second))
    return float(found[0] - found[1])


def test_the_manual_s_commands_run(bencao: Callable[..., Any], tmp_path: Path) -> None:
    section = MANUAL.read_text(encoding="utf-8").partition("## Treatments that last\n")[2]
    block = re.search(r"```sh\n(.*?)\n```", section, re.DOTALL)
    assert block
    table = draw(1000, 3, seed=10).rename(columns={"a": "treated", "y": "event"})
    table.to_csv(tmp_path / "periods.csv", index=False)
    answers = [bencao(*shlex.split(line)[1:]) for line in block[1].splitlines()]
    assert [answer.code for answer in answers] == [0, 0, 0], [answer.err for answer in answers]
    for answer, said in zip(answers, ("difference of risks", "difference of risks", "对数比值比"), strict=True):
        assert said in answer.out
    found = json.loads((tmp_path / "clones.json").read_text(encoding="utf-8"))
    assert found["estimate"]["value"] < 0
    assert len(found["treatment"]) == 3


def test_the_manual_s_strategies_that_last_are_whole(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    told = yaml.safe_load(blocks[0])
    told |= yaml.safe_load(next(block for block in blocks if "lasting:" in block))
    told["outcome"]["kind"] = "time_to_event"
    (tmp_path / "protocol.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    assert read_protocol(tmp_path / "protocol.yaml").strategies.comparator_name == "never celecoxib"
