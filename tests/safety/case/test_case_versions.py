"""Two versions of a case are compared part by part, and values that cannot be are named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bencao.safety.case import case_of
from bencao.safety.case.plausibility import implausible
from bencao.safety.case.versions import changes, version
from bencao.safety.e2b.occurrence import Occurrence

NOW = datetime(2026, 6, 15, tzinfo=UTC)


def drugs(*names: str) -> list[Occurrence]:
    found = [Occurrence("C.1.1", (), "XX-ONE-1"), Occurrence("C.1.8.1", (), "XX-ONE-1")]
    for place, name in enumerate(names, 1):
        found += [Occurrence("G.k.2.2", (place,), name), Occurrence("G.k.4.r.1a", (place, 1), str(len(name)))]
    return found


def test_one_more_drug_in_front_is_one_drug_more() -> None:
    found = changes(case_of(drugs("aspirin", "warfarin")), case_of(drugs("heparin", "aspirin", "warfarin")))
    assert [(each.kind, each.element, each.repeats, each.new) for each in found] == [
        ("added", "G.k.2.2", (1,), "heparin"),
        ("added", "G.k.4.r.1a", (1, 1), "7"),
    ]


def test_a_drug_taken_out_is_gone_and_no_other_changed() -> None:
    found = changes(case_of(drugs("heparin", "aspirin")), case_of(drugs("aspirin")))
    assert {(each.kind, each.element, each.old) for each in found} == {
        ("removed", "G.k.2.2", "heparin"),
        ("removed", "G.k.4.r.1a", "7"),
    }


def test_a_value_that_becomes_unknown_is_a_change() -> None:
    old = case_of([*drugs("aspirin"), Occurrence("D.5", (), "1")])
    new = case_of([*drugs("aspirin"), Occurrence("D.5", (), "", "UNK")])
    [found] = changes(old, new)
    assert (found.element, found.name, found.old, found.new) == ("D.5", "Sex", "1", "(UNK)")


@pytest.mark.parametrize(("told", "expected"), [("", "follow-up"), ("1", "nullification"), ("2", "amendment")])
def test_what_a_newer_report_is(told: str, expected: str) -> None:
    new = drugs("aspirin") + ([Occurrence("C.1.11.1", (), told)] if told else [])
    assert version(case_of(drugs("aspirin")), case_of(new)) == expected


def test_another_case_is_not_a_version() -> None:
    assert version(case_of(drugs("aspirin")), case_of([Occurrence("C.1.8.1", (), "XX-TWO-2")])) == "another case"


@pytest.mark.parametrize(
    ("element", "value", "cause"),
    [
        ("C.1.4", "20260701", "future"),
        ("C.1.4", "2027", "future"),
        ("C.1.4", "20260230", "no such day"),
        ("C.1.4", "20261301", "no such month"),
        ("C.1.4", "yesterday", "no date"),
        ("C.1.4", "17760704", "living memory"),
        ("D.2.2a", "320", "beyond any person's"),
        ("D.2.2a", "young", "no number"),
        ("D.3", "7000", "beyond any person's"),
        ("D.4", "nan", "no measure"),
    ],
)
def test_a_value_that_cannot_be_is_named(element: str, value: str, cause: str) -> None:
    [found] = implausible([Occurrence(element, (), value)], NOW)
    assert cause in found.cause and found.where == element and found.mend


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("C.1.4", "2026"),
        ("C.1.4", "202606"),
        ("C.1.4", "20260616"),
        ("C.1.4", "20260615101010.1234-0500"),
        ("D.3", "71.5"),
    ],
)
def test_a_value_that_can_be_is_left_alone(element: str, value: str) -> None:
    assert not implausible([Occurrence(element, (), value)], NOW)


def test_an_age_is_judged_by_its_unit() -> None:
    days = [Occurrence("D.2.2a", (), "320"), Occurrence("D.2.2b", (), "d")]
    assert not implausible(days, NOW)
    assert implausible([days[0], Occurrence("D.2.2b", (), "a")], NOW)
