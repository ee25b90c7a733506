"""What a file of displays may say, and what is said of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bencao.kernel.errors import InputError
from bencao.trial.display import Table, compute_table, read_displays
from bencao.trial.display.data import data_files, datasets_of
from bencao.trial.errors import SpecificationError

FILE = """\
study: S1
sets:
  ALL: {data: [ADSL], derive: {ARM: TRT01PN}}
  EVENTS: {data: [ADAE], lookup: [{data: ADSL, variables: [TRT01PN]}], derive: {ARM: TRT01PN}}
  WORST: {data: [ADAE], lookup: [{data: ADSL, variables: [TRT01PN]}], derive: {ARM: TRT01PN},
          pick: [{by: [USUBJID], order: [-AETOXGR]}]}
formats:
  percent: {text: "{subjects} ({percent:.1}%)", zero: "0"}
  mean: {text: "{mean:.1} ({sd:.2})"}
  p: {text: "{p:.3}"}
displays:
  - number: "1"
    title: [Events]
    population_label: All
    population: ALL
    columns:
      - {id: a, heading: ["A (N={N})"], arm: ARM = 0}
      - {id: b, heading: ["B (N={N})"], arm: ARM = 1}
      - {id: p, heading: [p], rows: none}
    blocks:
      - {set: ALL, label: Age, value: AGE, show: mean,
         tests: [{column: p, kind: anova, group: ARM, response: AGE, show: p}]}
      - {set: EVENTS, by: [{variable: AETERM, most: b}], show: percent, denominator: {set: ALL},
         tests: [{column: p, kind: fisher, rows: each, group: ARM, response: row, show: p}]}
      - {set: WORST, by: [{variable: AETOXGR}], show: percent, denominator: {set: ALL}}
"""
DATA = {
    "ADSL": pl.DataFrame(
        {"USUBJID": ["1", "2", "3", "4"], "TRT01PN": [0.0, 0.0, 1.0, 1.0], "AGE": [50.0, None, 61.0, 70.5]}
    ),
    "ADAE": pl.DataFrame(
        {
            "USUBJID": ["1", "1", "3", "4", "4"],
            "AETERM": ["Cough", "Pain", "Cough", "Cough", "Cough"],
            "AETOXGR": ["1", "2", "3", "1", "2"],
        }
    ),
}


def read(folder: Path, text: str = FILE):
    path = folder / "displays.yaml"
    path.write_text(text)
    return read_displays(path)


def body(table: Table) -> list[tuple[str, ...]]:
    return [(*row.labels, *(cell.text for cell in row.cells)) for row in table.rows]


def test_a_table_is_what_its_declaration_says(tmp_path: Path) -> None:
    table = compute_table("1", read(tmp_path), DATA)
    assert table.header == (("", "A (N=2)", "B (N=2)", "p"),)
    assert body(table) == [
        # By hand: F = 165.375 / 45.125 on 1 and 1 degrees of freedom.
        ("Age", "50.0 ()", "65.8 (6.72)", "0.306"),
        ("Cough", "1 (50.0%)", "2 (100.0%)", "1.000"),
        ("Pain", "1 (50.0%)", "0", "1.000"),
        ("2", "1 (50.0%)", "1 (50.0%)", ""),
        ("3", "0", "1 (50.0%)", ""),
    ]


def test_records_behind_a_cell_are_those_of_the_data_set_and_of_what_was_looked_up(tmp_path: Path) -> None:
    table = compute_table("1", read(tmp_path), DATA)
    names, rows = sorted(DATA), 1 << 32
    adae, adsl = names.index("ADAE") * rows, names.index("ADSL") * rows
    age, cough = table.rows[0], table.rows[1]
    assert age.cells[0].direct.tolist() == [adsl]  # the age that is missing is of no record
    assert cough.cells[1].direct.tolist() == [adae + 2, adae + 3, adae + 4, adsl + 2, adsl + 3]
    assert cough.cells[0].denominator.tolist() == [adsl + 1]  # of two subjects, the one who had no cough
    worst = table.rows[3].cells[1]
    assert worst.direct.tolist() == [adae + 4, adsl + 3]
    assert adae + 3 in worst.denominator  # the milder event it was picked from


@pytest.mark.parametrize(
    ("change", "at", "said"),
    [
        (("show: mean,", "show: median,"), "number:", "no format 'median'"),
        (("set: EVENTS, by", "set: EVENT, by"), "number:", "no analysis set 'EVENT'"),
        (("most: b", "most: c"), "number:", "no column 'c'"),
        (("rows: none}", "row: none}"), "row: none", "row: Extra inputs"),
        (("kind: anova", "kind: ancova"), "kind: ancova", "kind: Input should be"),
        (("study: S1", "study: [S1"), "sets:", "cannot be read"),
    ],
)
def test_what_cannot_be_declared_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], at: str, said: str
) -> None:
    text = FILE.replace(*change)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if at in line)
    with pytest.raises(SpecificationError, match=said) as caught:
        read(tmp_path, text)
    assert caught.value.where.endswith(f"displays.yaml: line {line}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("value: AGE", "value: AGEE"), "no variable AGEE"),
        (("variable: AETERM", "variable: AEDECOD"), "no variable AEDECOD"),
        (("arm: ARM = 1", "arm: ARMS = 1"), "ARMS"),
        (("arm: ARM = 1", "arm: ARM + 1"), "no condition"),
        (("data: [ADAE], lookup", "data: [ADCM], lookup"), "no data set ADCM"),
        (("{mean:.1}", "{mode:.1}"), "no statistic 'mode'"),
    ],
)
def test_what_the_data_do_not_have_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(SpecificationError, match=said):
        compute_table("1", read(tmp_path, FILE.replace(*change)), DATA)


def test_a_number_that_is_no_table_s_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SpecificationError, match="no table 2; give one of 1"):
        compute_table("2", read(tmp_path), DATA)


def test_data_sets_are_found_in_the_first_folder_that_has_one(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        DATA["ADSL"].write_parquet(tmp_path / name / "adsl.parquet")
    names = datasets_of(read(tmp_path))
    assert names == ("ADAE", "ADSL")
    with pytest.raises(InputError, match="no file of data set ADAE"):
        data_files(names, [tmp_path / "one", tmp_path / "two"])
    DATA["ADAE"].write_parquet(tmp_path / "two" / "adae.parquet")
    found = data_files(names, [tmp_path / "one", tmp_path / "two"])
    assert [path.parent.name for path in found.values()] == ["two", "one"]
