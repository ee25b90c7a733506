"""A protocol finds in a database the persons, the time zero and the follow-up that it asks for, and no other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hospital import BLEED, NEW, OLD, ULCER, ZERO, Person, protocol, write_hospital

from bencao.evidence.cohort import building
from bencao.evidence.cohort.building import build_cohort
from bencao.evidence.cohort.cohort import ARM, OUTCOME, TIME
from bencao.evidence.cohort.engines import open_engine
from bencao.evidence.cohort.entry import enter
from bencao.evidence.errors import StudyDataError
from bencao.evidence.study.running import run_study

LONG = (-500, 500)
PERSONS: dict[int, Person] = {
    1: (1970, LONG, [(NEW, 0, 20)], [(BLEED, 50)]),
    2: (1970, LONG, [(21, 0, 20)], [(BLEED, -3), (BLEED, 100)]),  # by a descendant; on the last day
    3: (1970, LONG, [(NEW, -100, -90), (NEW, 0, 20)], []),  # enters on the first of both
    4: (1970, (-100, 500), [(NEW, 0, 20)], []),  # a washout that nobody observed
    5: (2000, LONG, [(OLD, 0, 20)], []),  # 15 years old
    6: (1970, LONG, [(OLD, 0, 20)], [(ULCER, -30)]),
    7: (1970, LONG, [(OLD, 0, 20), (NEW, 0, 20)], []),  # both on one day
    8: (1970, (-500, 30), [(OLD, 0, 20)], [(BLEED, 40)]),  # not observed any more when it happens
    9: (1970, LONG, [], [(BLEED, 1)]),
    10: (1970, LONG, [(NEW, -400, -210), (OLD, 0, 20)], [(BLEED, 0)]),  # a washout just long enough; at time zero
    11: (1970, LONG, [(NEW, -300, -100), (OLD, 0, 20)], [(ULCER, 5)]),  # used NEW until day -100, and enters then
}


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of these persons."""
    return write_hospital(tmp_path_factory.mktemp("small") / "hospital", PERSONS)


def _entered(folder: Path, engine: str = "duckdb:", **changed: Any) -> tuple[pd.DataFrame, dict[str, int]]:
    opened = open_engine(folder, engine)
    try:
        asked = protocol(**changed)
        cohort = build_cohort(asked, opened)
        found, _ = cohort.read(asked.outcome.events, False)
        shown = found[[one for one in (OUTCOME, TIME) if one in found]]
        people = pd.concat([cohort.people.set_index("person_id"), shown.set_index(cohort.people.person_id)], axis=1)
        return people.assign(day=people.day - (pd.Timestamp(ZERO) - pd.Timestamp(0)).days), dict(cohort.attrition)
    finally:
        opened.close()


def _chosen(folder: Path, engine: str) -> tuple[pd.DataFrame, Any]:
    """Who enters, in the engine alone: every query costs Spark seconds."""
    opened = open_engine(folder, engine)
    entered, attrition = enter(opened, protocol())
    found = opened.rows(entered).sort_values("person_id", ignore_index=True)
    opened.close()
    assert len(found) == 6
    return found, attrition


def test_each_person_enters_on_the_first_day_that_meets_everything(hospital: Path) -> None:
    people, attrition = _entered(hospital)
    assert people[[ARM, "day"]].astype(int).T.to_dict("list") == {
        1: [1, 0],
        2: [0, 0],
        3: [1, -100],
        8: [0, 0],
        10: [0, 0],  # at -400 nobody had observed the washout
        11: [1, -300],
    }
    assert attrition == {
        "persons": 11,
        "start a strategy": 10,
        "start one strategy only": 9,
        "observed 180 days before": 8,
        "neither strategy 180 days before": 8,
        "18 years or older": 7,
        "80 years or younger": 7,
        "exclude ulcer": 6,
    }
    assert people.age[1] == pytest.approx(45.4, abs=0.05)  # from 1 January 1970
    assert people.sex[1] == "female"


def test_outcomes_count_in_follow_up_only(hospital: Path) -> None:
    people, _ = _entered(hospital)
    assert people[[OUTCOME, TIME]].astype(int).T.to_dict("list") == {
        1: [1, 50],
        2: [1, 100],
        3: [0, 100],
        8: [0, 30],
        10: [0, 100],
        11: [0, 100],
    }
    late = {"follow_up": {"days": 100, "starts": 51}}
    assert _entered(hospital, **late)[0][OUTCOME].to_dict() == {1: 0, 2: 1, 3: 0, 8: 0, 10: 0, 11: 0}


def test_who_had_the_outcome_before_can_be_left_out_by_that_alone(hospital: Path) -> None:
    outcome = {
        "kind": "time_to_event",
        "events": {"name": "bleeding", "concepts": [BLEED]},
        "washed_out": True,
    }
    people, attrition = _entered(hospital, outcome=outcome)
    assert list(people.index) == [1, 3, 8, 11]
    assert attrition["exclude bleeding"] == 4


def test_on_treatment_follow_up_ends_with_supply_grace_or_a_switch(tmp_path: Path) -> None:
    persons: dict[int, Person] = {
        1: (1970, LONG, [(NEW, 0, 20), (NEW, 31, 40), (NEW, 60, 70)], []),  # a gap of ten days, then one of nineteen
        2: (1970, LONG, [(OLD, 0, 5), (OLD, 17, 30)], []),  # a gap of eleven
        3: (1970, LONG, [(OLD, 0, 90), (NEW, 40, 50)], [(BLEED, 45)]),
        4: (1970, LONG, [(NEW, 0, None)], []),
        5: (1970, LONG, [(NEW, 0, 50), (NEW, 5, 9), (NEW, 55, 60)], []),  # one supply within another
    }
    folder = write_hospital(tmp_path / "hospital", persons)
    people, _ = _entered(folder, follow_up={"days": 100, "analysed_as": "on_treatment"})
    assert people[TIME].astype(int).to_dict() == {1: 50, 2: 15, 3: 39, 4: 10, 5: 70}
    assert not people[OUTCOME].any()


def test_covariates_by_domain_and_window(hospital: Path) -> None:
    asked = [
        {"name": "bled", "given_by": "events", "events": {"name": "b", "concepts": [BLEED]}, "days": [-30, 0]},
        {"name": "c", "given_by": "domain", "domain": "condition", "days": [None, 0], "least": 1},
    ]
    people, _ = _entered(hospital, covariates=asked)
    assert people.bled.to_dict() == {1: 0, 2: 1, 3: 0, 8: 0, 10: 1, 11: 0}
    assert people[f"c={BLEED}"].tolist() == people.bled.tolist()
    drugs = [{"name": "d", "given_by": "domain", "domain": "drug", "days": [None, 0], "least": 1}]
    with pytest.raises(StudyDataError, match="no concept of the domain drug"):  # but the strategies' own
        _entered(hospital, covariates=drugs)


def test_covariates_by_domain_bear_the_vocabulary_s_names(hospital: Path, tmp_path: Path) -> None:
    shutil.copytree(hospital, tmp_path / "named")
    named = pd.DataFrame({"concept_id": [BLEED, ULCER], "concept_name": ["Gastric bleeding", None]})
    named.to_parquet(tmp_path / "named" / "concept.parquet")
    asked = [{"name": "c", "given_by": "domain", "domain": "condition", "days": [None, 0], "least": 1}]
    people, _ = _entered(tmp_path / "named", covariates=asked)
    assert f"c={BLEED} Gastric bleeding" in people.columns


def test_a_table_that_is_absent_is_named(hospital: Path, tmp_path: Path) -> None:
    shutil.copytree(hospital, tmp_path / "hospital")
    (tmp_path / "hospital" / "concept_ancestor.parquet").unlink()
    with pytest.raises(StudyDataError, match="concept_ancestor is absent"):
        _entered(tmp_path / "hospital")


def test_no_outcome_is_read_before_the_design_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    persons: dict[int, Person] = {n: (1940 + n, LONG, [((NEW, OLD)[n % 3 > 0], 0, 9)], []) for n in range(30)}
    opened = open_engine(write_hospital(tmp_path / "hospital", persons))

    def peek(*told: Any) -> None:
        raise AssertionError("an outcome was read")

    monkeypatch.setattr(building, "read_outcome", peek)
    assert run_study(protocol(thresholds={"standardised_difference": 1e-9}), opened).hidden
    opened.close()


def test_spark_finds_the_persons_that_duckdb_finds(hospital: Path) -> None:
    pytest.importorskip("pyspark", reason="cannot run here: pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("cannot run here: Java is not installed")
    (duck, counts), (spark, same) = (_chosen(hospital, engine) for engine in ("duckdb:", "spark:local[2]"))
    assert counts == same
    pd.testing.assert_frame_equal(duck, spark, check_dtype=False)


@pytest.mark.parametrize(
    ("source", "engine", "said"),
    [
        ("nowhere", "duckdb:", "SourceError: nowhere: is absent"),
        ("empty", "duckdb:", "SourceError: empty: holds none of the model's tables"),
        ("hospital", "oracle:", "EngineMissing: oracle:: no engine oracle for cohorts"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_line(
    hospital: Path, bencao: Callable[..., Any], tmp_path: Path, source: str, engine: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "hospital").symlink_to(hospital)
    (tmp_path / "protocol.yaml").write_text(json.dumps(protocol().model_dump(mode="json")), encoding="utf-8")
    answer = bencao("evidence", "study", "protocol.yaml", source, "-o", "study.html", "--engine", engine)
    assert answer.code == 2
    assert answer.err.startswith(said), answer.err
    assert len(answer.err.splitlines()) == 1
    assert not (tmp_path / "study.html").exists()
