"""Analyses and displays in a specification: typed, refused with file and line, and the same in YAML and Excel."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.trial.display import compute_table, read_displays
from bencao.trial.errors import SpecificationError
from bencao.trial.specification import Study, read_specification, write_specification, write_workbook

PILOT = Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot"
STUDY = """\
name: ABC
documents: {sap: {title: Analysis Plan, href: sap.pdf}}
datasets:
  ADSL: {variables: [{name: USUBJID}, {name: TRT01P}, {name: SAFFL}, {name: AGE, type: integer}]}
analyses:
  AGE:
    display: Table 1
    label: Age of the subjects
    data: [{dataset: ADSL, where: [{variable: AGE, comparator: GE, values: [18]}], variables: [AGE]}]
    population: {where: [{variable: SAFFL, values: ["Y"]}]}
    method: Mean.
    documents: [{document: sap, pages: "3 4"}]
    reason: SPECIFIED IN SAP
    purpose: EXPLORATORY OUTCOME MEASURE
displays:
  sets: {ALL: {data: [ADSL], where: SAFFL = 'Y'}}
  formats: {mean: {text: "{mean:4.1}"}}
  displays:
    - number: "1"
      title: [Age]
      population_label: Safety
      population: ALL
      columns: [{id: all, heading: ["All (N={N})"]}]
      blocks:
        - {set: ALL, value: AGE, rows: [{label: Mean, show: mean}]}
"""


def study(folder: Path, text: str = STUDY) -> Path:
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return folder


def test_displays_in_study_yaml_make_tables(tmp_path: Path) -> None:
    displays = read_displays(study(tmp_path) / "study.yaml")
    data = pl.DataFrame({"USUBJID": ["1", "2", "3"], "SAFFL": ["Y", "Y", "N"], "AGE": [60, 71, 99]})
    table = compute_table("1", displays, {"ADSL": data})
    assert table.rows[0].cells[0].text.strip() == "65.5"


def test_an_analysis_says_what_is_analysed_of_whom_and_why(tmp_path: Path) -> None:
    analysis = read_specification(study(tmp_path)).study.analyses["AGE"]
    assert (analysis.display.name, analysis.data[0].variables, analysis.purpose) == (
        "Table 1", ("AGE",), "EXPLORATORY OUTCOME MEASURE",
    )  # fmt: skip
    assert analysis.population is not None
    assert (analysis.population.dataset, analysis.population.where[0].values) == ("ADSL", ("Y",))


@pytest.mark.parametrize(
    ("old", "new", "line", "cause"),
    [
        ("reason: SPECIFIED IN SAP", "reason: Specified in SAP", 13, "write SPECIFIED IN SAP"),
        ("purpose: EXPLORATORY", "purpose: EXPLORATARY", 14, "write EXPLORATORY OUTCOME MEASURE"),
        ("    reason: SPECIFIED IN SAP\n", "", 6, "reason: Field required"),
        ("[{dataset: ADSL, where", "[{dataset: ADSX, where", 9, "no data set ADSX"),
        ("variables: [AGE]}]", "variables: [AGEX]}]", 9, "no variable ADSL.AGEX"),
        ("variables: [AGE]}]", "variables: []}]", 9, "analyses.AGE.data.0.variables"),
        ("variable: SAFFL, values", "variable: SAFTY, values", 10, "no variable ADSL.SAFTY"),
        ("    method: Mean.\n", "    parameter: PARAMCD\n", 6, "documents describe the method"),
        ("    method: Mean.", "    parameter: PARAMCD\n    method: Mean.", 11, "no variable ADSL.PARAMCD"),
        ("document: sap, ", "document: plan, ", 12, "no document plan"),
        ("display: Table 1", "display: Table 2", 7, "no display Table 2"),
        ("    method: Mean.", "    method: Mean.\n    methods: Mean.", 12, "methods"),
        ("show: mean}]", "show: median}]", 19, "table 1: there is no format 'median'"),
        ("blocks:", "block:", 19, "displays.displays.0.blocks: Field required"),
        ("{ALL: {data: [ADSL]", "{ALL: {data: [ADAE]", 9, "Table 1 is made of ADAE and not of ADSL"),
        ("  sets:", "  study: XYZ\n  sets:", 16, "the displays are of the study XYZ"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, cause: str) -> None:
    assert old in STUDY
    with pytest.raises(SpecificationError) as error:
        read_specification(study(tmp_path, STUDY.replace(old, new)))
    assert error.value.where == f"study.yaml: line {line}"
    assert cause in error.value.cause


def test_a_sponsors_own_reason_is_taken(tmp_path: Path) -> None:
    text = STUDY.replace("reason: SPECIFIED IN SAP", "reason: ASKED FOR BY THE MONITORING COMMITTEE")
    assert read_specification(study(tmp_path, text)).study.analyses["AGE"].reason.startswith("ASKED")


def test_what_is_wrong_in_a_file_of_displays_is_named_with_that_file(tmp_path: Path) -> None:
    head, displays = STUDY.split("displays:\n", 1)
    (tmp_path / "tables.yaml").write_text("study: ABC\n" + displays.replace("  ", "", 1).replace("\n  ", "\n"))
    assert read_specification(study(tmp_path, head + "displays: tables.yaml\n")).study.displays
    text = (tmp_path / "tables.yaml").read_text()
    (tmp_path / "tables.yaml").write_text(text.replace("population: ALL", "population: NONE"))
    with pytest.raises(SpecificationError) as error:
        read_specification(tmp_path)
    assert error.value.where == "tables.yaml: line 5"
    with pytest.raises(SpecificationError, match="no file within"):
        read_specification(study(tmp_path, head + "displays: ../tables.yaml\n"))


def test_two_titles_of_one_display_are_refused(tmp_path: Path) -> None:
    again = STUDY[STUDY.index("    label: Age") : STUDY.index("displays:\n")]
    second = "  AGE2:\n    display: {name: Table 1, title: Other}\n"
    with pytest.raises(SpecificationError, match="Table 1 has another title"):
        read_specification(study(tmp_path, STUDY.replace("displays:\n", second + again + "displays:\n", 1)))


def test_the_pilots_analyses_and_30_tables_are_in_its_specification_and_come_back(tmp_path: Path) -> None:
    pilot = read_specification(PILOT)
    assert pilot.study.displays is not None
    assert (len(pilot.study.displays.displays), len(pilot.study.analyses)) == (30, 7)
    assert pilot.study.displays == read_displays(PILOT / "displays.yaml").model_copy(update={"shared": None})
    assert pilot.where("displays", "displays", 0) == "displays.yaml: line 286"
    write_specification(pilot.study, tmp_path)
    assert read_specification(tmp_path).study == pilot.study
    write_workbook(pilot.study, tmp_path / "pilot.xlsx")
    assert read_specification(tmp_path / "pilot.xlsx").study == pilot.study
    assert read_displays(tmp_path / "pilot.xlsx") == pilot.study.displays
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "row", "cause"),
    [
        ("Analyses", "B2", "Table 7", 2, "no display Table 7"),
        ("Display columns", "A2", "2", 2, "no number 2"),
        ("Display blocks", "B2", "SOME", 2, "there is no analysis set 'SOME'"),
        ("Cell formats", "B2", None, 2, "displays.formats.mean.text: Field required"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_named_with_its_sheet(
    tmp_path: Path, sheet: str, cell: str, value: str | None, row: int, cause: str
) -> None:
    path = tmp_path / "study.xlsx"
    write_workbook(read_specification(study(tmp_path)).study, path)
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    with pytest.raises(SpecificationError) as error:
        read_specification(path)
    assert cause in error.value.cause
    # A display is named by its own row, whatever part of it is wrong.
    assert f"sheet {sheet if sheet != 'Display blocks' else 'Displays'}: line {row}" in error.value.where


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)
SOME = TEXTS.filter(bool)
NAMES = st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True)
VALUES = st.lists(st.integers(0, 9) | TEXTS, min_size=1, max_size=3)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Studies with analyses of every part, and tables of one column and block."""
    variables = draw(st.lists(NAMES, unique=True, min_size=1, max_size=3))
    where = st.lists(st.builds(dict, variable=st.sampled_from(variables), values=VALUES), max_size=2)
    pages = st.lists(st.builds(dict, document=st.just("sap"), pages=st.sampled_from(["", "1 2"])), max_size=2)
    names = draw(st.lists(st.sampled_from(["Table 1", "Table 1.10", "Figure 1"]), unique=True, max_size=3))
    analyses = {
        draw(NAMES): {
            "display": {"name": name, "title": draw(TEXTS), "documents": draw(pages)},
            "label": draw(SOME), "method": "How " + draw(TEXTS), "documents": draw(pages),
            "data": [{"dataset": "ADSL", "where": draw(where), "variables": variables[:1]}],
            "population": draw(st.none() | st.builds(dict, where=where)), "comment": draw(TEXTS),
            "parameter": draw(st.sampled_from([None, variables[-1]])),
            "program": draw(st.none() | st.builds(dict, context=TEXTS, code=TEXTS, documents=pages)),
            "reason": "DATA DRIVEN", "purpose": "PRIMARY OUTCOME MEASURE",
        }
        for name in names
    }  # fmt: skip
    formats = {
        "f": {"text": draw(SOME), "zero": draw(st.none() | TEXTS), "below": draw(st.none() | st.just([1, "<1"]))}
    }
    table = {
        "title": [draw(TEXTS)], "population_label": draw(SOME), "population": "ALL",
        "columns": [{"id": "a", "heading": [draw(TEXTS)], "value": draw(st.none() | TEXTS)}],
        "blocks": [{"set": "ALL", "where": draw(SOME), "show": "f",
                    "by": [{"variable": "ARM", "values": {1.0: draw(TEXTS), "1": "text"}}]}],
    }  # fmt: skip
    figure = {"title": ["T"], "population_label": "All", "set": "ALL",
              "plot": {"kind": "box", "value": "V", "by": "B", "group": "G", "label": draw(TEXTS)}}  # fmt: skip
    displays = {
        "sets": {"ALL": {"data": ["ADSL"], "derive": {"ARM": draw(TEXTS)}}}, "formats": formats,
        "displays": [{"number": number, **table} for number in ("1", "1.10")], "figures": [{"number": "1", **figure}],
    }  # fmt: skip
    return Study.model_validate(
        {
            "name": "ABC", "documents": {"sap": {"title": "Plan", "href": "sap.pdf"}}, "analyses": analyses,
            "datasets": {"ADSL": {"variables": [{"name": name} for name in variables]}}, "displays": displays,
        }
    )  # fmt: skip


def test_a_workbook_refuses_an_empty_text_that_it_could_not_give_back(tmp_path: Path) -> None:
    text = STUDY.replace("population_label: Safety", "population_label: ''")
    with pytest.raises(SpecificationError, match="population_label is an empty text"):
        write_workbook(read_specification(study(tmp_path, text)).study, tmp_path / "study.xlsx")
    assert not (tmp_path / "study.xlsx").exists()


@settings(max_examples=20, deadline=None)
@given(studies())
def test_any_analyses_and_displays_come_back(tmp_path_factory: pytest.TempPathFactory, study: Study) -> None:
    folder = tmp_path_factory.getbasetemp() / "any_analyses"
    write_specification(study, folder)
    assert read_specification(folder).study == study
    write_workbook(study, folder / "study.xlsx")
    assert read_specification(folder / "study.xlsx").study == study
