"""Reports of one event are found, those that are only alike are not, and each pair says why."""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "safety"))
import synthetic_reports

from bencao.kernel.errors import InputError
from bencao.safety.case import case_of
from bencao.safety.commands import app
from bencao.safety.duplicates import Settings, find_duplicates, records_of, records_of_tables
from bencao.safety.duplicates.clusters import complete_link, connected
from bencao.safety.duplicates.records import normalised
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import write_cases


def report(name: str, drug: str, reaction: str, onset: str, age: str, sex: str = "2") -> list[Occurrence]:
    return [
        Occurrence("C.1.1", (), name),
        Occurrence("D.5", (), sex),
        Occurrence("D.2.2a", (), age),
        Occurrence("D.2.2b", (), "a"),
        Occurrence("E.i.1.2", (1,), reaction),
        Occurrence("E.i.4", (1,), onset),
        Occurrence("E.i.9", (1,), "SE"),
        Occurrence("G.k.2.2", (1,), drug),
    ]


@pytest.fixture(scope="module")
def world() -> synthetic_reports.World:
    return synthetic_reports.make(20_000, seed=5)


def test_most_events_told_twice_are_found_and_few_others(world: synthetic_reports.World) -> None:
    matched = find_duplicates(records_of_tables(world.cases, world.items))
    pairs = [(int(a[1:]), int(b[1:])) for each in matched.clusters for a, b in combinations(each, 2)]
    right = sum(world.event[a] == world.event[b] for a, b in pairs)
    events = world.event.tolist()
    true = sum(events.count(event) - 1 for event in set(events) if events.count(event) == 2)
    assert right / len(pairs) > 0.85
    assert right / true > 0.7


def test_the_same_cases_give_the_same_answer_on_any_number_of_threads(world: synthetic_reports.World) -> None:
    cases, items = world.cases.head(3_000), world.items.filter(world.items["case"] < 3_000)
    one = find_duplicates(records_of_tables(cases, items), Settings(threads=1))
    two = find_duplicates(records_of_tables(cases, items), Settings(threads=2))
    assert one.matches == two.matches and one.clusters == two.clusters


def test_a_pair_says_what_speaks_for_it_and_a_campaign_is_none() -> None:
    campaign = [
        report(f"CAMPAIGN-{n}", "vaccine x", "fever", "20240510", str(12 + n % 5), "12"[n % 2]) for n in range(60)
    ]
    others = [
        report(f"OTHER-{n}", f"drug {n % 90}", f"reaction {n % 70}", f"20230{1 + n % 9}{10 + n % 18}", str(20 + n % 60))
        for n in range(1_500)
    ]
    twice = [
        report("SITE-1", "Warfarin 5 mg", "rash", "20240302", "54"),
        report("SITE-2", "warfarin", "rash", "20240302", "54"),
    ]
    matched = find_duplicates(records_of(map(case_of, [*campaign, *others, *twice])))
    assert ("SITE-1", "SITE-2") in matched.clusters
    assert not [each for each in matched.clusters if any(name.startswith("CAMPAIGN") for name in each)]
    [pair] = [each for each in matched.matches if each.one == "SITE-1"]
    assert {name for name, weight in pair.weights if weight > 0} >= {"drugs", "reactions", "onset", "age"}
    assert pair.probability > 0.75 and pair.cluster >= 0


def test_the_command_writes_pairs_that_can_be_reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cases = [report(f"OTHER-{n}", f"drug {n}", f"reaction {n}", "20230110", str(20 + n % 60)) for n in range(80)]
    cases += [
        report("SITE-1", "warfarin", "rash", "20240302", "54"),
        report("SITE-2", "warfarin", "rash", "20240302", "54"),
    ]
    write_cases(tmp_path / "inbox.jsonl", [case_of(each) for each in cases])
    done = CliRunner().invoke(app, ["duplicates", "inbox.jsonl", "-o", "pairs.jsonl", "--lang", "zh"])
    assert done.exit_code == 0, done.output
    [pair] = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (pair["a"], pair["b"]) == ("SITE-1", "SITE-2")
    assert {"field": "药品", "said": "一致"}.items() <= next(
        each for each in pair["fields"] if each["field"] == "药品"
    ).items()


def test_two_cases_of_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_cases(tmp_path / "inbox.jsonl", [case_of(report("SITE-1", "a", "b", "20240302", "5"))] * 2)
    done = CliRunner().invoke(app, ["duplicates", "inbox.jsonl", "-o", "pairs.jsonl"])
    assert isinstance(done.exception, InputError) and "SITE-1" in str(done.exception)
    assert not (tmp_path / "pairs.jsonl").exists()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Warfarin 5 mg tablets", "warfarin"),
        ("ＡＳＰＩＲＩＮ", "aspirin"),
        ("阿司匹林 100毫克 片", "阿司匹林"),
        ("Co-trimoxazole.", "co trimoxazole"),
    ],
)
def test_a_drug_is_known_without_its_strength(told: str, expected: str) -> None:
    assert normalised(told) == expected


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] < pair[1]), unique=True))
def test_every_two_of_a_cluster_are_a_pair(pairs: list[tuple[int, int]]) -> None:
    clusters = complete_link(pairs, [1.0] * len(pairs))
    assert all(pair in set(pairs) for each in clusters for pair in combinations(each, 2))
    assert len({case for each in clusters for case in each}) == sum(map(len, clusters))
    hanging = connected(pairs)
    assert all(any(set(each) <= set(group) for group in hanging) for each in clusters)
