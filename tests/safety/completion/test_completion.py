"""From a draft to a message that FDA's rules find nothing in, by a form that a person fills in."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bencao.cli import app
from bencao.kernel.errors import InputError
from bencao.safety.case import Case, Dosage, Drug, Field, Identification, Reaction, Source
from bencao.safety.case.administration import Administration
from bencao.safety.completion import completed, form_of
from bencao.safety.exchange import read_cases, read_header, write_cases
from bencao.safety.validation import Background, validate

sys.path.insert(0, str(Path(__file__).parent))
from filled_form import filled

NOW = Background("20260401000000")


def draft() -> Case:
    told = Source("mail.eml", 3, 9, "rule:dates")
    return Case(
        administration=Administration(
            identification=Identification(report_type=Field("1"), first_received=Field("20260310", source=told))
        ),
        reactions=(Reaction(reported=Field("rash"), reported_language=Field("eng")),),
        drugs=(Drug(role=Field("1"), name=Field("Warfarin"), dosages=(Dosage(start=Field("20260302")),)),),
    )


def rows_of(form: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(form)))


def test_the_form_asks_for_every_element_that_a_rule_finds_lacking() -> None:
    asked = {(row["element"], row["rule"]) for row in rows_of(form_of([draft()], (), "US", NOW))}
    assert {
        ("C.1.1", "ICH.C.1.1.required"),
        ("N.1.4", "ICH.N.1.4.required"),
        ("E.i.2.1b", "ICH.E.i.2.1b.required"),
    } <= asked
    row = next(row for row in rows_of(form_of([draft()], (), "US", NOW)) if row["element"] == "D.1")
    assert (row["case"], row["allowed"]) == ("1", "text, up to 60 characters, or null flavour ASKU MSK NA NASK UNK")


def test_what_two_cases_share_is_asked_once() -> None:
    rows = rows_of(form_of([draft(), draft()], (), "US", NOW))
    assert [row["case"] for row in rows if row["element"] == "N.1.4"] == ["0"]
    assert [row["case"] for row in rows if row["element"] == "C.1.1"] == ["1", "2"]


def test_a_filled_form_makes_a_message_that_nothing_is_found_in(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text(filled(form_of([draft()], (), "US", NOW)), encoding="utf-8")
    (case,), header = completed([draft()], (), path)
    write_cases(tmp_path / "message.xml", [case], header)
    (read,) = read_cases(tmp_path / "message.xml")
    assert read.case is not None
    told = [*read_header(tmp_path / "message.xml"), *_occurrences(read.case)]
    assert validate(told, "US", NOW).findings == ()


def _occurrences(case: Case) -> list[object]:
    from bencao.safety.case import occurrences

    return list(occurrences(case))


def test_what_a_person_wrote_names_the_forms_row_and_the_rest_keeps_its_source(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text("case,element,repeats,value,null_flavor\n1,E.i.7,1,1,\n1,D.1,,,MSK\n", encoding="utf-8")
    (case,), _ = completed([draft()], (), path)
    assert case.reactions[0].outcome == Field("1", source=Source("form.csv: row 2"))
    assert case.patient.name.null_flavor == "MSK"
    before = draft().administration.identification.first_received
    assert case.administration.identification.first_received == before
    assert replace(case.reactions[0], outcome=Field()) == draft().reactions[0]


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ("2,E.i.7,1,1,", "no case '2'"),
        ("1,E.i.77,1,1,", "no data element"),
        ("1,E.i.7,,1,", "does not repeat"),
        ("1,E.i.7,1,9,", "cannot hold '9'"),
        ("1,D.1,,X,MSK", "a value and a null flavour"),
        ("1,C.1.1,,,NI", "cannot hold 'NI'"),
        ("1,C.3.4.5,,USA,", "cannot hold 'USA'"),
    ],
)
def test_what_a_field_cannot_hold_is_named_with_its_row(tmp_path: Path, row: str, cause: str) -> None:
    path = tmp_path / "form.csv"
    path.write_text(f"case,element,repeats,value,null_flavor\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=cause) as raised:
        completed([draft()], (), path)
    assert raised.value.where == f"{path}: row 2"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["safety", "complete", *arguments])


def test_the_command_asks_and_completes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_cases(tmp_path / "case.json", [draft()])
    assert run("case.json", "--form", "form.csv", "--as-of", "20260401").exit_code == 0
    Path("filled.csv").write_text(filled(Path("form.csv").read_text(encoding="utf-8")), encoding="utf-8")
    assert run("case.json", "--with", "filled.csv", "-o", "message.xml").exit_code == 0
    checked = CliRunner().invoke(app, ["safety", "validate", "message.xml", "--region", "US", "--as-of", "20260401"])
    assert checked.exit_code == 0, checked.output


def test_a_refused_value_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_cases(tmp_path / "case.json", [draft()])
    Path("filled.csv").write_text("case,element,repeats,value,null_flavor\n1,E.i.7,1,9,\n", encoding="utf-8")
    assert run("case.json", "--with", "filled.csv", "-o", "message.xml").exit_code != 0
    assert not Path("message.xml").exists()
