"""Triage names the fields it rests on; what a case does not say is unknown and counts as the stricter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bencao.kernel.errors import InputError
from bencao.safety.case import case_of
from bencao.safety.commands import app
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import write_cases
from bencao.safety.triage import DEFAULT, read_answers, read_clocks, read_labels, triage

CRITERIA = "abcdef"


def report(met: str = "c", *more: Occurrence, receiver: str = "ZZFDA", kind: str = "1") -> list[Occurrence]:
    """A case with one suspect drug and one reaction that meets a criterion."""
    found = [
        Occurrence("N.1.4", (), receiver),
        Occurrence("C.1.1", (), "XX-ONE-1"),
        Occurrence("C.1.3", (), kind),
        Occurrence("C.1.4", (), "20260301"),
        Occurrence("C.1.5", (), "20260301"),
        Occurrence("E.i.1.2", (1,), "rash"),
        Occurrence("G.k.1", (1,), "1"),
        Occurrence("G.k.2.2", (1,), "warfarin"),
    ]
    found += [
        Occurrence(f"E.i.3.2{each}", (1,), "true" if each in met else "", "" if each in met else "NI")
        for each in CRITERIA
    ]
    return [*found, *more]


def test_a_serious_unlabelled_reaction_is_due_in_fifteen_days() -> None:
    found = triage(report(), ["US"], read_clocks(DEFAULT))
    assert found.serious.value == "yes"
    assert [(cite.element, cite.value) for cite in found.serious.cites] == [("E.i.3.2c", "true")]
    [due] = found.due
    assert (due.days, due.date) == (15, "2026-03-16")
    assert "314.80" in due.source


def test_a_death_in_china_is_due_at_once_and_what_is_not_serious_in_thirty_days() -> None:
    clocks = read_clocks(DEFAULT)
    assert triage(report("a"), ["CN"], clocks).due[0].days == 0
    assert triage(report(""), ["CN"], clocks).due[0].days == 30
    assert triage(report(""), ["US"], clocks).due[0].days is None


def test_a_criterion_that_is_missing_makes_seriousness_unknown_and_the_clock_the_stricter() -> None:
    given = [each for each in report("") if each.element != "E.i.3.2b"]
    found = triage(given, ["US"], read_clocks(DEFAULT))
    assert found.serious.value == "unknown"
    assert found.due[0].days == 15 and found.due[0].assumed


def test_what_the_label_lists_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "label.csv"
    path.write_text("drug,term,code,fatal,label\nWarfarin,Rash,,no,section 4.8\n", encoding="utf-8")
    [pair] = triage(report(), ["US"], read_clocks(DEFAULT), read_labels(path)).pairs
    assert pair.expected.value == "expected"
    assert triage(report(), ["US"], read_clocks(DEFAULT), read_labels(path)).due[0].days is None
    [fatal] = triage(report("a"), ["US"], read_clocks(DEFAULT), read_labels(path)).pairs
    assert fatal.expected.value == "unexpected"


def test_naranjo_counts_its_published_points(tmp_path: Path) -> None:
    """All answers for the drug: 1 + 2 + 1 + 2 + 2 + 1 + 1 + 1 + 1 + 1 (Naranjo et al. 1981)."""
    path = tmp_path / "answers.csv"
    told = {number: "no" if number in (5, 6) else "yes" for number in range(1, 11)}
    lines = [f"XX-ONE-1,1,1,naranjo_{number},{answer},chart" for number, answer in told.items()]
    path.write_text("\n".join(["safety_report_id,drug,reaction,question,answer,source", *lines]), encoding="utf-8")
    [pair] = triage(report(), ["US"], read_clocks(DEFAULT), answers=read_answers(path)).pairs
    assert (pair.naranjo.score, pair.naranjo.category) == (13, "definite")
    [blank] = triage(report(), ["US"], read_clocks(DEFAULT)).pairs
    assert (blank.naranjo.score, blank.naranjo.category) == (0, "doubtful")


def test_a_drug_taken_after_the_reaction_is_unlikely_its_cause() -> None:
    late = [Occurrence("E.i.4", (1,), "20260201"), Occurrence("G.k.4.r.4", (1, 1), "20260215")]
    [pair] = triage(report("c", *late), ["US"], read_clocks(DEFAULT)).pairs
    assert pair.who_umc.category == "unlikely"
    before = [Occurrence("E.i.4", (1,), "20260215"), Occurrence("G.k.4.r.4", (1, 1), "20260201")]
    [pair] = triage(report("c", *before), ["US"], read_clocks(DEFAULT)).pairs
    assert pair.who_umc.category == "possible"


def test_a_table_of_the_users_decides(tmp_path: Path) -> None:
    path = tmp_path / "clocks.tsv"
    head = DEFAULT.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f"{head}\nUS\tpostmarket\tany\tany\tany\t3\tour own procedure\n", encoding="utf-8")
    assert triage(report(""), ["US"], read_clocks(path)).due[0].days == 3


@pytest.mark.parametrize(
    "line", ["US\tpostmarket\tperhaps\tany\tany\t3\tx", "US\tpostmarket\tyes\tany\tany\tsoon\tx", "US\tyes"]
)
def test_a_wrong_row_of_the_table_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "clocks.tsv"
    path.write_text(DEFAULT.read_text(encoding="utf-8").splitlines()[0] + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2"):
        read_clocks(path)


def test_the_command_tells_a_case_as_json(tmp_path: Path) -> None:
    given = [each for each in report() if not each.element.startswith("N.1")]
    write_cases(tmp_path / "case.json", [case_of(given)])
    done = CliRunner().invoke(app, ["triage", str(tmp_path / "case.json"), "--region", "EU", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["serious"]["value"] == "yes" and told["due"][0]["days"] == 15
    assert CliRunner().invoke(app, ["triage", str(tmp_path / "case.json"), "--lang", "zh"]).exit_code == 0


def test_an_assessment_may_name_its_reaction_by_place() -> None:
    """As intake writes it: the drug's first assessment speaks of the second reaction."""
    second = [Occurrence("E.i.1.2", (2,), "bleeding"), Occurrence("G.k.9.i.1", (1, 1), "2")]
    given = report("", *second, Occurrence("G.k.9.i.4", (1, 1), "1"), Occurrence("G.k.9.i.3.1a", (1, 1), "3"))
    first, other = triage(given, ["US"], read_clocks(DEFAULT)).pairs
    assert (first.naranjo.answers[3].value, other.naranjo.answers[3].value) == ("unknown", "yes")
