"""A study's specification: read whole, or refused with the file and the line of what is wrong."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from bencao.trial.errors import SpecificationError
from bencao.trial.specification import (
    Codelist,
    Origin,
    Specification,
    Step,
    Study,
    Term,
    read_specification,
    write_workbook,
)

STUDY = """\
name: ABC123
include: [adae.yaml]
sources:
  dm: {path: dm.csv}
datasets:
  ADSL:
    class: SUBJECT LEVEL ANALYSIS DATASET
    keys: [USUBJID]
    build:
      - read: {source: dm}
      - - filter: {where: "AGE > 17"}
          note: Adults.
        - sort: {by: [USUBJID]}
    variables:
      - {name: USUBJID, label: Unique Subject Identifier, mandatory: true}
      - {name: AGE, label: Age, type: integer, origin: {type: Derived}, method: From birth to consent.}
"""
ADAE = """\
datasets:
  ADAE:
    variables:
      - like: ADSL
        names: [USUBJID, AGE]
      - {name: AESEQ, type: integer}
"""


def read(folder: Path, study: str = STUDY, adae: str = ADAE) -> Specification:
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    (folder / "adae.yaml").write_text(adae, encoding="utf-8")
    return read_specification(folder)


def test_steps_keep_their_order_and_a_list_within_is_spliced_in(tmp_path: Path) -> None:
    adsl = read(tmp_path).study.datasets["ADSL"]
    assert adsl.class_name == "SUBJECT LEVEL ANALYSIS DATASET"
    assert adsl.build == (
        Step(block="read", parameters={"source": "dm"}),
        Step(block="filter", parameters={"where": "AGE > 17"}, note="Adults."),
        Step(block="sort", parameters={"by": ["USUBJID"]}),
    )


def test_variables_taken_over_have_their_predecessor_as_origin(tmp_path: Path) -> None:
    usubjid, age, aeseq = read(tmp_path).study.datasets["ADAE"].variables
    assert (usubjid.name, usubjid.label, usubjid.mandatory) == ("USUBJID", "Unique Subject Identifier", True)
    assert age.origin == Origin(type="Predecessor", description="ADSL.AGE")
    assert not age.method
    assert aeseq.type == "integer"


def test_every_part_knows_its_file_and_line(tmp_path: Path) -> None:
    specification = read(tmp_path)
    assert specification.where("datasets", "ADSL", "build", 1) == "study.yaml: line 11"
    assert specification.where("datasets", "ADAE", "variables", 2, "type") == "adae.yaml: line 6"


@pytest.mark.parametrize(
    ("old", "new", "where", "cause"),
    [
        ("type: integer, origin", "type: number, origin", "study.yaml: line 16", "datasets.ADSL.variables.1.type"),
        ("keys: [USUBJID]", "keys: [SUBJID]", "study.yaml: line 6", "keys that are no variables"),
        ("label: Age, ", "label: Age, lable: x, ", "study.yaml: line 16", "lable"),
        ("name: ABC123", "name: ABC123\nname: ABC124", "study.yaml: line 2", "given twice"),
        ("label: Age,", "label: Age, codelist: AGES,", "study.yaml: line 16", "the study has no codelist AGES"),
        (
            '- filter: {where: "AGE > 17"}',
            "- sort: {}\n          filter: {}",
            "study.yaml: line 11",
            "one building block",
        ),
        ("[adae.yaml]", "[../adae.yaml]", "study.yaml: line 2", "no file within"),
        ("name: ABC123", "name: [", "study.yaml: line 3", "no YAML"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, old: str, new: str, where: str, cause: str) -> None:
    assert old in STUDY
    with pytest.raises(SpecificationError) as error:
        read(tmp_path, STUDY.replace(old, new, 1))
    assert error.value.where == where
    assert cause in error.value.cause


def test_a_data_set_may_not_be_given_by_two_files(tmp_path: Path) -> None:
    with pytest.raises(SpecificationError) as error:
        read(tmp_path, adae=ADAE.replace("ADAE", "ADSL"))
    assert error.value.where == "adae.yaml: line 2"
    assert "first at study.yaml: line 6" in error.value.cause


def test_a_folder_without_a_study_says_what_a_study_is(tmp_path: Path) -> None:
    with pytest.raises(SpecificationError, match=r"a study is a folder with a study\.yaml"):
        read_specification(tmp_path)


PILOT = Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot"


def test_a_workbook_reads_back_as_the_same_study_and_has_the_same_bytes(tmp_path: Path) -> None:
    study = read_specification(PILOT).study
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(study, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert read_specification(tmp_path / "one.xlsx").study == study


def test_texts_that_look_like_formulas_or_numbers_stay_texts(tmp_path: Path) -> None:
    terms = (
        Term(value="=1+1"),
        Term(value="1"),
        Term(value=1),
        Term(value=1.5),
        Term(value="NO", synonyms=("on", "1")),
    )
    study = Study(name="X", codelists={"A": Codelist(terms=terms)})
    write_workbook(study, tmp_path / "study.xlsx")
    assert read_specification(tmp_path / "study.xlsx").study == study


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "where", "cause"),
    [
        ("Variables", "D3", "number", "sheet Variables: line 3", "datasets.ADSL.variables.1.type"),
        ("Variables", "A2", "ADSX", "sheet Variables: line 2", "no dataset ADSX"),
        ("Steps", "C2", "{data", "sheet Steps: line 2", "parameters is no YAML"),
        ("Datasets", "B1", "lable", "sheet Datasets: line 1", "no column lable"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_named_with_sheet_and_row(
    tmp_path: Path, sheet: str, cell: str, value: str, where: str, cause: str
) -> None:
    path = tmp_path / "study.xlsx"
    write_workbook(read(tmp_path).study, path)
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    with pytest.raises(SpecificationError) as error:
        read_specification(path)
    assert where in error.value.where
    assert cause in error.value.cause
