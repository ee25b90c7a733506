"""What is done to each column of the common data model before it may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from bencao.records.cdm.definition import cdm_tables

AGE, INDEX, STATE, ZIP3 = "age_at_index", "index_date", "state", "zip3"
OLDEST = 89  # years; older ages are told as one group (45 CFR 164.514(b)(2)(i)(C))


class Treatment(Enum):
    """What is done to a column; the value is how the data card calls it."""

    PERSON = "pseudonym of the person"
    PSEUDONYM = "keyed pseudonym"
    SHIFTED = "moved by the person's days"
    QUASI = "generalised to reach k"
    CODE = "withheld where too few hold it"
    NUMBER = "as it is"
    TEXT = "free text, de-identified"
    IDENTIFIER = "never released"


@dataclass(frozen=True)
class Released:
    """A table that can be released.

    Attributes
    ----------
    start : str
        The column that says when a row happened.
    concept, source_value : str
        Where its meaning stands: as concept id, and as the source's code; empty where it has none.
    """

    start: str
    concept: str = ""
    source_value: str = ""


TABLES: Mapping[str, Released] = {
    "person": Released(""),
    "observation_period": Released("observation_period_start_date"),
    "visit_occurrence": Released("visit_start_date", "visit_concept_id", "visit_source_value"),
    "visit_detail": Released("visit_detail_start_date", "visit_detail_concept_id", "visit_detail_source_value"),
    "condition_occurrence": Released("condition_start_date", "condition_concept_id", "condition_source_value"),
    "drug_exposure": Released("drug_exposure_start_date", "drug_concept_id", "drug_source_value"),
    "procedure_occurrence": Released("procedure_date", "procedure_concept_id", "procedure_source_value"),
    "device_exposure": Released("device_exposure_start_date", "device_concept_id", "device_source_value"),
    "measurement": Released("measurement_date", "measurement_concept_id", "measurement_source_value"),
    "observation": Released("observation_date", "observation_concept_id", "observation_source_value"),
    "specimen": Released("specimen_date", "specimen_concept_id", "specimen_source_value"),
    "death": Released("death_date"),
    "condition_era": Released("condition_era_start_date", "condition_concept_id"),
    "drug_era": Released("drug_era_start_date", "drug_concept_id"),
    "dose_era": Released("dose_era_start_date", "drug_concept_id"),
    "note": Released("note_date"),
}
# Where events are looked for, if a request names no tables; eras only repeat what their occurrences say.
SEARCHED = tuple(name for name, one in TABLES.items() if one.source_value)

_IDENTIFIERS = frozenset(
    [
        "person_source_value",
        "birth_datetime",
        "year_of_birth",
        "month_of_birth",
        "day_of_birth",
        "location_id",
        "unique_device_id",
        "production_id",
        "lot_number",
        "specimen_source_id",
        "specimen_source_value",
        "visit_source_value",
        "visit_detail_source_value",
        "note_source_value",
        "gender_source_value",
        "race_source_value",
        "ethnicity_source_value",
        "measurement_time",
    ]
)
_TEXT = frozenset(["note_text", "note_title", "value_as_string", "value_source_value", "sig", "stop_reason"])
_QUASI = frozenset((AGE, STATE, ZIP3, "gender_concept_id", "race_concept_id", "ethnicity_concept_id", "care_site_id"))


def treatment_of(table: str, column: str) -> Treatment | None:
    """What is done to a column of a table that can be released; None where there is no such column."""
    return _treatments(table).get(column)


@cache
def _treatments(table: str) -> Mapping[str, Treatment]:
    found = {name: _treatment(table, name) for name in cdm_tables()[table].fields}
    if table == "person":
        found |= {AGE: Treatment.QUASI, STATE: Treatment.QUASI, ZIP3: Treatment.QUASI, INDEX: Treatment.SHIFTED}
    return found


def _treatment(table: str, name: str) -> Treatment:
    datatype = cdm_tables()[table].fields[name].datatype
    if name == "person_id":
        return Treatment.PERSON
    if name in _IDENTIFIERS:
        return Treatment.IDENTIFIER
    if table == "person":  # what it holds beside quasi-identifiers would tell persons apart
        return Treatment.QUASI if name in _QUASI else Treatment.IDENTIFIER
    if name in _TEXT:
        return Treatment.TEXT
    if datatype in ("date", "datetime"):
        return Treatment.SHIFTED
    if name.endswith("_concept_id"):
        return Treatment.CODE
    if name.endswith("_id"):
        return Treatment.PSEUDONYM
    return Treatment.CODE if datatype.startswith("varchar") else Treatment.NUMBER


def ladder_of(column: str) -> tuple[int | str, ...]:
    """Steps by which a column of ``person`` is made coarser: widths in years, and ``*``, where all are alike."""
    return (5, 10, 20, "*") if column == AGE else ("*",)


def kind_of(column: str) -> str:
    """What an id is of, so that it gets one pseudonym wherever it stands: ``preceding_visit_detail_id`` is a visit."""
    for name in ("visit_detail", "visit_occurrence", "care_site", "provider"):
        if column.endswith(f"{name}_id"):
            return name
    return column.removesuffix("_id")
