"""The common data model as the room holds it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bencao.records import cdm_tables


def test_the_tables_of_the_specification_are_there() -> None:
    tables = cdm_tables()
    assert len(tables) == 39
    year = tables["person"].fields["year_of_birth"]
    assert year.required
    assert year.sql_type == "BIGINT"
    assert tables["death"].primary_key is None
    assert tables["visit_occurrence"].primary_key == "visit_occurrence_id"
    assert tables["measurement"].fields["unit_concept_id"].domain == "Unit"
    assert tables["person"].fields["gender_source_value"].length == 50


def test_what_a_field_points_to_exists() -> None:
    tables = cdm_tables()
    for table in tables.values():
        for field in table.fields.values():
            if field.foreign_table:
                assert field.foreign_field in tables[field.foreign_table].fields, field


def test_a_table_is_shown(bencao: Callable[..., Any]) -> None:
    answer = bencao("records", "model", "death", "--json")
    assert answer.code == 0
    assert {field["name"] for field in json.loads(answer.out)} >= {"person_id", "death_date", "cause_concept_id"}


def test_a_table_that_is_not_of_the_model_is_refused(bencao: Callable[..., Any]) -> None:
    answer = bencao("records", "model", "patients")
    assert answer.code == 2
    assert answer.err.startswith("InputError: no table patients")
