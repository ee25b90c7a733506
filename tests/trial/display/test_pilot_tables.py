"""The pilot study's tables, from its ADaM data, against the published ones."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bencao.trial.display import Displays, Table, compute_table
from bencao.trial.display.analysis_set import record_of
from bencao.trial.rounding import round_half_away

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "trial"))

import golden_tables as golden


def cell(table: Table, *path: str, column: str) -> str:
    """Text of the cell in a row with these labels."""
    rows = [row for row in table.rows if row.path[-len(path) :] == path and row.cells]
    assert len(rows) == 1, [row.path for row in table.rows]
    return rows[0].cells[table.column_ids.index(column)].text.strip()


def test_all_thirty_tables_are_computed(pilot_tables: dict[str, Table]) -> None:
    assert len(pilot_tables) == 30
    assert all(any(cell.results for row in table.rows for cell in row.cells) for table in pilot_tables.values())


def test_every_cell_equals_the_published_one_or_is_listed_with_its_reason(
    pilot_tables: dict[str, Table], shared_data: Path
) -> None:
    cells = [
        compared
        for path in sorted((shared_data / "trial" / "golden_tlf").glob("*.rtf"))
        for compared in golden.compare(
            path.stem, golden.body_rows(path.read_text(encoding="latin-1")), pilot_tables[path.stem]
        )
    ]
    found = golden.figures(cells, golden.read_divergences(golden.DIVERGENCES))
    assert found["tables"] == 18
    assert found["n"] == 7113
    assert found["not_listed"] == 0
    assert found["equal_percent_without_wrong_references"] >= 99.5


def test_repeated_measures_are_sas_s(pilot_tables: dict[str, Table]) -> None:
    # SAS PROC MIXED's answers for week 24, cited in the replication's list of divergences.
    rows = pilot_tables["14-3.11"].rows
    means = [cell.results[0].value for cell in rows[0].cells]
    assert means == pytest.approx([2.3291, 1.7352, 1.5009], abs=5e-5)
    assert [cell.results[0].value for cell in rows[1].cells[1:]] == pytest.approx([0.5600, 0.4403], abs=5e-5)


def test_percentages_are_of_the_population_and_events_are_counted(
    pilot_tables: dict[str, Table], pilot_data: dict[str, pl.DataFrame]
) -> None:
    serious = pilot_data["ADAE"].filter(TRTEMFL="Y", AESER="Y", TRTAN=81.0)
    size = pilot_data["ADSL"].filter(SAFFL="Y", TRT01AN=81.0).height
    subjects = serious["USUBJID"].n_unique()
    expected = f"{subjects} ({round_half_away(100 * subjects / size, 1):4.1f}%)"
    table = pilot_tables["14-5.02"]
    assert cell(table, "ANY BODY SYSTEM", column="high") == expected
    assert cell(table, "ANY BODY SYSTEM", column="high_events") == f"[{serious.height}]"


def test_a_count_names_its_records_and_its_denominator_apart(
    pilot_tables: dict[str, Table], pilot_data: dict[str, pl.DataFrame]
) -> None:
    table, names = pilot_tables["14-5.01"], tuple(sorted(pilot_data))
    row = next(row for row in table.rows if row.path[-1] == "DIARRHOEA")
    shown = row.cells[table.column_ids.index("placebo")]
    direct = [record_of(int(number), names) for number in shown.direct]
    denominator = [record_of(int(number), names) for number in shown.denominator]
    assert {name for name, _ in direct} == {"ADAE"}
    assert {name for name, _ in denominator} == {"ADSL"}
    events = pilot_data["ADAE"][[place for _, place in direct]]
    assert events["USUBJID"].n_unique() == shown.results[0].value
    assert set(events["AEDECOD"]) == {"DIARRHOEA"} and set(events["TRTAN"]) == {0.0}
    assert len(denominator) == pilot_data["ADSL"].filter(TRT01AN=0.0).height


def test_a_picked_record_is_direct_and_those_it_was_picked_from_are_not(pilot_tables: dict[str, Table]) -> None:
    row = next(row for row in pilot_tables["14-6.06"].rows if row.path[-1] == "n")
    shown = row.cells[0]
    assert len(shown.direct) == shown.results[0].value
    assert len(shown.denominator) > 0
    assert not set(shown.direct) & set(shown.denominator)


def test_the_same_data_give_the_same_table_in_any_order_of_records(
    pilot_displays: Displays, pilot_data: dict[str, pl.DataFrame], pilot_tables: dict[str, Table]
) -> None:
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=4) for name, frame in pilot_data.items()}
    for number in ("14-2.01", "14-3.13", "14-6.06", "14-7.04"):
        again = compute_table(number, pilot_displays, shuffled)
        before = [[cell.text for cell in row.cells] for row in pilot_tables[number].rows]
        assert [[cell.text for cell in row.cells] for row in again.rows] == before


def test_rows_are_matched_by_label_before_by_number(pilot_tables: dict[str, Table]) -> None:
    table = pilot_tables["14-1.01"]
    shown = golden.our_rows(table)
    reference = [shown[0], ["Unknown", *shown[1][1:]], *shown[2:]]
    compared = golden.compare("14-1.01", reference[:1] + reference[2:], table)
    assert all(cell.equal for cell in compared)
    wrong = [["Safety", "1 (100%)", *shown[1][2:]]]
    assert [cell.equal for cell in golden.compare("14-1.01", wrong, table)] == [False, True, True, True]


def test_a_missing_row_counts_unequal(pilot_tables: dict[str, Table]) -> None:
    table = pilot_tables["14-1.01"]
    extra = [*golden.our_rows(table), ["Nowhere", "1", "2", "3", "6"]]
    assert sum(not cell.equal for cell in golden.compare("14-1.01", extra, table)) == 4


def test_no_record_is_named_twice_and_all_numbers_are_sorted(pilot_tables: dict[str, Table]) -> None:
    for table in pilot_tables.values():
        for row in table.rows:
            for _, shown in row.places():
                for numbers in (shown.direct, shown.denominator):
                    assert np.all(np.diff(numbers) > 0)
