"""A request that cannot be met names its file and the key to correct."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from release_hospital import REQUEST

from bencao.kernel.errors import InputError
from bencao.records.cdm.definition import cdm_tables
from bencao.records.release.columns import TABLES, Treatment, treatment_of
from bencao.records.release.request import read_request


def read(folder: Path, text: str) -> Any:
    (folder / "request.yaml").write_text(text, encoding="utf-8")
    return read_request(folder / "request.yaml")


def test_a_request_is_read(tmp_path: Path) -> None:
    request = read(tmp_path, REQUEST)
    assert request.concept_sets["diabetes"].descendants
    assert request.privacy.minimum_cell == 11


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("name: diabetes\n", "name: a/b\n"), "request.yaml: name: "),
        (("database: hospital\n", ""), "request.yaml: database: Field required"),
        (("cohort:", "cohorts:"), "request.yaml: cohorts: "),
        (("{any_of: [diabetes]}", "{any_of: [asthma]}"), "request.yaml: cohort.entry.any_of: there is no"),
        (("{any_of: [diabetes]}", "{any_of: []}"), "request.yaml: cohort.entry.any_of: "),
        (("[diabetes]}", "[diabetes], tables: [person]}"), "request.yaml: cohort.entry.tables: person is no table of"),
        (("{concepts: [443238]}", "{}"), "request.yaml: concept_sets.diabetes: give concepts or codes"),
        (("{concepts: [443238]}", "{codes: ['*']}"), "request.yaml: concept_sets.diabetes: a code has no sign"),
        (("cohort:", "cohort:\n  from: 2020-01-01\n  to: 2019-01-01"), "request.yaml: cohort: `from` is later"),
        (("cohort:", "cohort:\n  include: [{set: diabetes, days: [5, 1]}]"), "request.yaml: cohort.include.0.days: "),
        (("cohort:", "cohort:\n  exclude: [{set: asthma}]"), "request.yaml: cohort.exclude.0.set: there is no"),
        (("  measurement:", "  cost: [cost_id]\n  measurement:"), "request.yaml: tables.cost: no such table"),
        (
            ("[visit_occurrence_id, visit", "[visit, visit"),
            "request.yaml: tables.visit_occurrence.0: visit_occ",
        ),
        (("gender_concept_id]", "birth_datetime]"), "request.yaml: tables.person.1: person.birth_datetime identifies"),
        (("gender_concept_id]", "age_at_index]"), "request.yaml: tables.person: a column is named twice"),
        (("unit_source_value]", "value_source_value]"), "request.yaml: tables.measurement.4: .* is free text"),
        (("withhold", "withhold, k: 1"), "request.yaml: privacy.k: "),
        (("withhold", "hide"), "request.yaml: privacy.small_cells: "),
        (("withhold", "withhold, ladders: {state: ['*']}"), "request.yaml: privacy.ladders.state: is no released"),
        (
            ("withhold", "withhold, ladders: {age_at_index: [0]}"),
            "request.yaml: privacy.ladders.age_at_index: ",
        ),
        (("name: diabetes", "name: [diabetes"), "request.yaml: line 3: is no YAML"),
    ],
)
def test_an_error_names_file_and_key(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    assert change[0] in REQUEST
    with pytest.raises(InputError, match=told):
        read(tmp_path, REQUEST.replace(change[0], change[1], 1))


@pytest.mark.parametrize("text", ["", "[]", "- 1", "name", "\x00", "{" * 900])
def test_what_is_no_request_is_refused_in_one_line(bencao: Callable[..., Any], tmp_path: Path, text: str) -> None:
    (tmp_path / "request.yaml").write_text(text, encoding="utf-8")
    answer = bencao("records", "release", "request.yaml", "-o", "extract")
    assert answer.code == 2
    assert answer.err.startswith("InputError: request.yaml: ")
    assert len(answer.err.splitlines()) == 1


def test_a_request_that_is_absent_or_names_no_database_is_refused(bencao: Callable[..., Any], tmp_path: Path) -> None:
    assert bencao("records", "release", "request.yaml", "-o", "extract").code == 2
    (tmp_path / "request.yaml").write_text(REQUEST, encoding="utf-8")
    answer = bencao("records", "release", "request.yaml", "-o", "extract")
    assert answer.code == 2
    assert answer.err.startswith("SourceError: hospital: is absent")
    assert not (tmp_path / "extract").exists()


# Fields of the released tables in which OMOP CDM 5.4 holds what tells a person, a device, a place or a day of birth.
DIRECT = {
    "person": "person_source_value birth_datetime year_of_birth month_of_birth day_of_birth location_id provider_id "
    "gender_source_value race_source_value ethnicity_source_value",
    "visit_occurrence": "visit_source_value",
    "device_exposure": "unique_device_id production_id",
    "drug_exposure": "lot_number",
    "specimen": "specimen_source_id",
    "note": "note_source_value",
}


def test_no_direct_identifier_can_be_asked_for() -> None:
    for table, columns in DIRECT.items():
        for column in columns.split():
            assert treatment_of(table, column) is Treatment.IDENTIFIER, f"{table}.{column}"


def test_no_date_id_or_text_leaves_as_it_is() -> None:
    for table in TABLES:
        for name, field in cdm_tables()[table].fields.items():
            treatment = treatment_of(table, name)
            if field.datatype in ("date", "datetime"):
                assert treatment in (Treatment.SHIFTED, Treatment.IDENTIFIER), f"{table}.{name}"
            if field.primary_key or (name.endswith("_id") and not name.endswith("_concept_id")):
                assert treatment in (Treatment.PERSON, Treatment.PSEUDONYM, Treatment.IDENTIFIER, Treatment.QUASI)
            if field.datatype.startswith("varchar"):
                assert treatment in (Treatment.CODE, Treatment.TEXT, Treatment.IDENTIFIER), f"{table}.{name}"
