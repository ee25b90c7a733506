"""Strategies that last, over a database: its periods are those of a flat table, and so are its risks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hospital import BLEED, NEW, OLD, Person, protocol, write_hospital

from bencao.evidence.cohort import periods
from bencao.evidence.cohort.engines import open_engine
from bencao.evidence.cohort.entry import enter
from bencao.evidence.errors import ProtocolError
from bencao.evidence.longitudinal.emulation import Strategy, clones
from bencao.evidence.longitudinal.person_periods import person_periods
from bencao.evidence.longitudinal.risks import risks
from bencao.evidence.protocol.reading import read_protocol
from bencao.evidence.study.report.page import write_study_page
from bencao.evidence.study.running import run_study

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "evidence"))

from frailty_cohorts import draw

ENTRY, MARKER = 50, 60
AGAINST_NONE: dict[str, Any] = {
    "eligibility": {},
    "strategies": {"treatment": {"name": "new", "concepts": [NEW], "descendants": False}, "washout": 180, "grace": 0},
    "lasting": {"period": 30, "entry": {"name": "diagnosis", "concepts": [ENTRY], "descendants": False}, "grace": 1},
    "follow_up": {"days": 90},
    "thresholds": {"effective_at_end": 5},
    "outcome": {"kind": "time_to_event", "events": {"name": "b", "concepts": [BLEED], "descendants": False}},
    "covariates": [
        {"name": "age", "given_by": "age"},
        {
            "name": "marker",
            "given_by": "events",
            "varying": True,
            "events": {"name": "m", "concepts": [MARKER], "descendants": False},
            "days": [0, 0],
        },
    ],
}


def _hospital(folder: Path, table: pd.DataFrame) -> Path:
    """The person-periods as a hospital would hold them."""
    persons: dict[int, Person] = {}
    for number, rows in table.groupby("person"):
        begins = rows.period * 30
        drugs: list[tuple[int, int, int | None]] = [(NEW, day, day) for day in begins[rows.a == 1]]
        conditions = [(ENTRY, 0), *((MARKER, day) for day in begins[rows.high == 1])]
        conditions += [(BLEED, day + 5) for day in begins[rows.y == 1]]
        persons[int(number)] = (1940 + int(number) % 40, (-500, int(begins.max()) + 30), drugs, conditions)
    return write_hospital(folder, persons)


def test_a_database_gives_the_risks_of_its_flat_table(tmp_path: Path) -> None:
    table = draw(300, 3, seed=11, lost=0.5)
    table = table.assign(high=(table.marker > 0).astype(int), age=2015.4 - (1940 + table.person % 40))
    engine = open_engine(_hospital(tmp_path / "hospital", table))
    found = run_study(protocol(**AGAINST_NONE), engine)
    engine.close()
    named = {"person": "person", "period": "period", "treatment": "a", "event": "y"}
    data = person_periods(table, **named, baseline=["age"], varying=["high"])
    flat = risks(data, clones(data, Strategy("new", True, 1), Strategy("never", False)))
    assert dict(found.attrition)["have the entry event"] == 300
    assert found.curves[0] == pytest.approx(flat.treatment, abs=1e-4)  # ages differ by leap days
    assert found.estimates[0].value == pytest.approx(flat.difference.value, abs=1e-4)
    assert found.estimates[0].standard_error == pytest.approx(flat.difference.standard_error, rel=1e-2)
    assert [one.method for one in found.estimates] == ["clones", "crude"]
    assert found.ratio
    assert found.ratio.estimate.value == pytest.approx(np.log(found.curves[0][-1] / found.curves[1][-1]))
    error = found.estimates[0].standard_error / found.curves[1][-1]  # of the ratio, were the comparator's risk known
    assert found.ratio.estimate.standard_error > 0.5 * error
    for language, words in (("en", "Risk by the end of each period"), ("zh", "从不使用 new")):
        write_study_page(found, tmp_path / "study.html", language=language)
        assert words in (tmp_path / "study.html").read_text(encoding="utf-8")


def test_of_two_strategies_a_departure_ends_the_periods(tmp_path: Path) -> None:
    persons: dict[int, Person] = {
        1: (1970, (-500, 500), [(NEW, 0, 20), (NEW, 25, 60)], [(BLEED, 65)]),  # until day 70
        2: (1970, (-500, 500), [(OLD, 0, 20)], [(BLEED, 40)]),  # until day 30
        3: (1970, (-500, 45), [(OLD, 0, 90)], []),
    }
    engine = open_engine(write_hospital(tmp_path / "hospital", persons))
    asked = protocol(lasting={"period": 30})
    entered, _ = enter(engine, asked)
    rows = periods.read_periods(engine, asked, entered, asked.outcome.events)
    shown = rows[["person_id", "period", "treated", "event"]].astype(int).to_numpy().tolist()
    assert shown == [[1, 0, 1, 0], [1, 1, 1, 0], [1, 2, 1, 1], [2, 0, 0, 0], [3, 0, 0, 0], [3, 1, 0, 0]]
    blind = periods.read_periods(engine, asked, entered, None)
    assert not blind.event.any()
    engine.close()


def test_no_outcome_is_read_while_too_few_follow_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def peek(*told: Any) -> None:
        raise AssertionError("an outcome was read")

    monkeypatch.setattr(periods, "first_outcome", peek)
    table = draw(200, 3, seed=12).assign(high=0)
    table["high"] = (table.marker > 0).astype(int)
    engine = open_engine(_hospital(tmp_path / "hospital", table))
    found = run_study(protocol(**AGAINST_NONE | {"thresholds": {"effective_at_end": 1000}}), engine)
    assert found.hidden
    engine.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("washout: 365", "washout: 365\nlasting: {period: 30, entry: {name: e, concepts: [1]}}", "give a comparator"),
        ("kind: binary", "kind: time_to_event, washed_out: false", ""),
        ("washout: 365", "washout: 365\nlasting: {period: 30}", "kind: time_to_event"),
        (
            "outcome: {kind: binary,",
            "lasting: {period: 30}\nfollow_up: {analysed_as: on_treatment}\noutcome: {kind: time_to_event,",
            "per protocol already",
        ),
        ("{name: age, given_by: age}", "{name: age, given_by: age, varying: true}", "only what is given_by: events"),
    ],
)
def test_a_protocol_that_lasts_is_whole(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = """study: small
title: Small
strategies:
  treatment: {name: new, concepts: [10]}
  comparator: {name: old, concepts: [20]}
  washout: 365
outcome: {kind: binary, events: {name: bleeding, concepts: [30]}}
covariates: [{name: age, given_by: age}]
"""
    (tmp_path / "protocol.yaml").write_text(text.replace(old, new), encoding="utf-8")
    if not said:
        assert read_protocol(tmp_path / "protocol.yaml").outcome.kind == "time_to_event"
        return
    with pytest.raises(ProtocolError, match=said):
        read_protocol(tmp_path / "protocol.yaml")
