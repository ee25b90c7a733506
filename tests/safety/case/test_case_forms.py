"""Cases as JSON and CSV lose nothing, and say where a form is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filled_reports import reports
from hypothesis import HealthCheck, given, settings

from bencao.kernel.errors import InputError
from bencao.safety.case import Case, Drug, Field, Source, case_of, occurrences
from bencao.safety.case.json_form import from_json, to_json
from bencao.safety.case.table_form import from_table, write_table
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import read_cases, write_cases

_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@settings(max_examples=25, deadline=None, suppress_health_check=_SLOW)
@given(reports())
def test_json_holds_every_value_and_source(report: list[Occurrence]) -> None:
    case = case_of(report, Source("mail.eml", 3, 9, "rule"))
    assert from_json(json.loads(json.dumps(to_json(case), ensure_ascii=False))) == case


@settings(max_examples=25, deadline=None, suppress_health_check=_SLOW)
@given(reports())
def test_a_table_holds_every_value(tmp_path: Path, report: list[Occurrence]) -> None:
    path = tmp_path / "cases.csv"
    other = [Occurrence("C.1.1", (), "XX-TWO-2")]
    with path.open("wb") as stream:
        write_table(stream, [case_of(report), case_of(other)])
    found = [case for case in from_table(path) if isinstance(case, Case)]
    assert [set(occurrences(case)) for case in found] == [set(report), set(other)]


@pytest.mark.parametrize("suffix", [".xml", ".json", ".jsonl", ".csv"])
def test_a_file_of_any_format_gives_the_cases_back(tmp_path: Path, suffix: str) -> None:
    cases = [case_of([Occurrence("C.1.1", (), f"XX-ONE-{n}"), Occurrence("D.5", (), "", "UNK")]) for n in (1, 2)]
    path = tmp_path / f"cases{suffix}"
    write_cases(path, cases, [Occurrence("N.1.1", (), "1")])
    found = [each.case for each in read_cases(path) if each.case]
    assert [set(occurrences(case)) for case in found] == [set(occurrences(case)) for case in cases]


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ({"patients": {}}, ""),
        ({"patient": {"agee": "48"}}, "patient"),
        ({"drugs": {"name": "aspirin"}}, "drugs"),
        ({"drugs": [{"name": 5}]}, "drugs[1].name"),
        ({"drugs": [{"name": {"value": "x", "null_flavor": "NI"}}]}, "drugs[1].name"),
        ({"patient": {"age": {"value": "4", "source": {"start": "one"}}}}, "patient.age.source.start"),
        ({"further": [{"element": "G.k#id", "repeats": [0]}]}, "further[1]"),
        ([], ""),
    ],
)
def test_a_wrong_form_is_named_by_its_place(form: object, where: str) -> None:
    with pytest.raises(InputError) as caught:
        from_json(form)
    assert caught.value.where == where and caught.value.mend


def test_a_bad_row_is_a_row_and_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("C.1.1,E.i.2.1b[1]\nXX-1,10019211\nXX-2\nXX-3,nullFlavor:UNK\n", encoding="utf-8")
    good, bad, last = from_table(path)
    assert isinstance(good, Case) and isinstance(last, Case) and isinstance(bad, InputError)
    assert bad.where.endswith("row 3")
    assert last.reactions[0].meddra_code == Field("", "UNK", Source("cases.csv: row 4", rule="table"))


@pytest.mark.parametrize("column", ["C.9.9", "E.i.2.1b", "C.1.1[1]", "E.i.2.1b[0]"])
def test_a_column_that_names_no_data_element_is_refused(tmp_path: Path, column: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(f'C.1.1,"{column}"\nXX-1,x\n', encoding="utf-8")
    with pytest.raises(InputError, match="no data element"):
        from_table(path)


def test_a_case_made_by_hand_keeps_where_its_values_come_from() -> None:
    case = Case(drugs=(Drug(name=Field("aspirin", source=Source("mail.eml", 120, 127, "lexicon"))),))
    assert from_json(to_json(case)).drugs[0].name.source == Source("mail.eml", 120, 127, "lexicon")
