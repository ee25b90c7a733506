"""A study shows its results only if its design passes, or a reason stands in the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from study_data import PROTOCOL, controls, people, with_controls

from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.running import run_study
from bencao.evidence.study.steps import Stage
from bencao.kernel.errors import BencaoError


def test_a_sound_design_shows_its_estimates_in_the_same_bytes(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run(0.4).code == 0
    page, data = (tmp_path / "study.html").read_bytes(), (tmp_path / "study.json").read_bytes()
    found = json.loads(data)
    assert [step["persons"] for step in found["attrition"]] == [1200, 1080, 1080]
    assert found["estimates"][0]["method"] == "aipw"
    assert found["estimates"][0]["low"] > 0
    assert run(0.4).code == 0
    assert (page, data) == ((tmp_path / "study.html").read_bytes(), (tmp_path / "study.json").read_bytes())
    run(0.4, "--lang", "zh")
    assert "人群筛选" in (tmp_path / "study.html").read_text(encoding="utf-8")


def test_a_poor_design_hides_them_until_a_reason_is_given(run: Callable[..., Any], tmp_path: Path) -> None:
    # The outcome is not even read: it is no number here.
    assert run(4.0, success="secret").code == 1
    found = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    assert found["hidden"]
    assert found["estimates"] == []
    assert run(4.0, "--despite", "the board asked to see it").code == 0
    assert "the board asked to see it" in (tmp_path / "study.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "kind"), [({"a_day": 2}, "TimeZeroError"), ({"arm": 1}, "EmptyArm"), ({"success": 0}, "NoEvents")]
)
def test_what_a_study_cannot_use_is_said_and_nothing_is_written(
    run: Callable[..., Any], tmp_path: Path, changed: dict[str, int], kind: str
) -> None:
    answer = run(0.4, **changed)
    assert answer.code == 2
    assert answer.err.startswith(f"{kind}: ")
    assert not (tmp_path / "study.html").exists()


def test_a_prospective_study_runs_only_as_it_was_registered(
    run: Callable[..., Any], bencao: Callable[..., Any]
) -> None:
    refused = run(0.4, protocol="data: table\ndesign: prospective")
    assert refused.code == 2
    assert "is prospective and not registered" in refused.err
    assert bencao("evidence", "register", "protocol.yaml").code == 0
    assert run(0.4, protocol="data: table\ndesign: prospective").code == 0


def test_a_study_that_is_stopped_at_a_negative_control_ends_there() -> None:
    class Stopped(BencaoError):
        """Somebody gave it up."""

    def stop(stage: Stage, done: int, of: int) -> None:
        if stage == "controls":
            raise Stopped("the study was given up")

    protocol = Protocol.model_validate(yaml.safe_load(PROTOCOL + with_controls(1)))
    with pytest.raises(Stopped):
        run_study(protocol, people(0.4).assign(**controls(1, 0.0)), tell=stop)


def test_a_negative_control_is_estimated_as_the_outcome_is(run: Callable[..., Any], tmp_path: Path) -> None:
    draw = np.random.default_rng(9)
    control = "negative_controls: [{name: nail, column: nail}]\ndata: table"
    assert run(0.4, protocol=control, nail=draw.integers(0, 2, 1200)).code == 0
    (found,) = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))["negative_controls"]
    assert found["name"] == "nail"
    assert found["low"] < 0 < found["high"]


@pytest.mark.parametrize("asked", ["washout: 180", "grace: 14"])
def test_what_a_flat_table_does_not_tell_is_refused(bencao: Callable[..., Any], tmp_path: Path, asked: str) -> None:
    protocol = PROTOCOL.replace("  treatment:", f"  {asked}\n  treatment:")
    (tmp_path / "protocol.yaml").write_text(protocol, encoding="utf-8")
    people(0.4).to_csv(tmp_path / "people.csv", index=False)
    told = bencao("evidence", "study", "protocol.yaml", "people.csv", "-o", "study.html")
    assert told.code == 2
    assert f"strategies.{asked.partition(':')[0]}" in told.err
    assert not (tmp_path / "study.html").exists()
