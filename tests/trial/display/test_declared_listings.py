"""Declared listings: what is printed where, page by page, and the record behind each cell."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from typer.testing import CliRunner

from bencao.trial.commands import app
from bencao.trial.display import Displays, Table, compute_listing, read_displays
from bencao.trial.display.data import data_files, datasets_of, read_data
from bencao.trial.display.render import rendered
from bencao.trial.errors import SpecificationError
from bencao.trial.trace import Lineage, trace_cell

PILOT = Path(__file__).resolve().parents[3] / "benchmarks" / "trial" / "pilot"


def declared(**changes: object) -> Displays:
    listing = {
        "number": "16-1",
        "title": ["Events"],
        "population_label": "All",
        "set": "EVENTS",
        "order": ["ARM", "USUBJID", "ASTDT"],
        "page_by": [{"label": "Arm", "value": "ARM"}],
        "together": ["subject"],
        "lines": 5,
        "columns": [
            {"id": "subject", "heading": ["Subject"], "value": "USUBJID", "width": 20, "group": True},
            {"id": "term", "heading": ["Event", "as reported"], "value": "AETERM", "width": 12},
            {"id": "start", "heading": ["Event", "start"], "value": "ASTDT", "width": 12, "dates": "date9"},
            {"id": "value", "heading": ["Value"], "value": "AVAL", "width": 8, "decimals": 1},
        ],
        **changes,
    }
    return Displays.model_validate(
        {"study": "S", "sets": {"EVENTS": {"data": ["ADAE"]}}, "formats": {}, "displays": [], "listings": [listing]}
    )


def events(*rows: tuple[str, str, str, date | None, float | None]) -> dict[str, pl.DataFrame]:
    return {"ADAE": pl.DataFrame(rows, schema=["ARM", "USUBJID", "AETERM", "ASTDT", "AVAL"], orient="row")}


def printed(table: Table) -> list[tuple[str, ...]]:
    return [(*row.labels, *(cell.text for cell in row.cells)) for row in table.rows]


def test_values_are_printed_in_order_and_a_subject_once() -> None:
    data = events(
        ("A", "02", "rash", date(2024, 3, 2), 2.25),
        ("A", "01", "fall", None, None),
        ("A", "01", "fever", date(2024, 1, 9), 1.0),
    )
    table = compute_listing("16-1", declared(), data)
    assert printed(table) == [
        ("01", "fever", "09JAN2024", "1.0"),
        ("", "fall", "", ""),
        ("02", "rash", "02MAR2024", "2.3"),
    ]
    assert table.header == (("", "Event", "Event", ""), ("Subject", "as reported", "start", "Value"))


def test_each_arm_starts_a_page_and_says_so() -> None:
    data = events(("B", "03", "a", None, None), ("A", "01", "b", None, None), ("A", "02", "c", None, None))
    table = compute_listing("16-1", declared(), data)
    assert [(page.first, page.above) for page in table.pages] == [(0, ("Arm: A",)), (2, ("Arm: B",))]


def test_a_subject_stays_on_one_page_where_it_holds_it() -> None:
    rows = [("A", subject, "event", None, None) for subject in ("01", "01", "01", "02", "02", "02")]
    table = compute_listing("16-1", declared(), events(*rows))
    assert [page.first for page in table.pages] == [0, 3]
    assert [row.labels for row in table.rows] == [("01",), ("",), ("",), ("02",), ("",), ("",)]


def test_what_a_page_does_not_hold_goes_on_and_says_so() -> None:
    rows = [("A", "01", "event", None, None)] * 12
    table = compute_listing("16-1", declared(), events(*rows))
    assert [page.first for page in table.pages] == [0, 5, 10]
    assert [table.rows[page.first].labels for page in table.pages] == [
        ("01",),
        ("01 (continued)",),
        ("01 (continued)",),
    ]


def test_a_long_text_takes_the_lines_that_it_is_wrapped_into() -> None:
    rows = [("A", f"0{number}", "one two three four", None, None) for number in range(4)]
    table = compute_listing("16-1", declared(), events(*rows))
    assert [page.first for page in table.pages] == [0, 2]  # two lines each, five on a page


def test_an_empty_listing_has_no_rows_and_still_prints() -> None:
    table = compute_listing("16-1", declared(order=[], page_by=[]), events(("A", "01", "x", None, None)) | {
        "ADAE": events(("A", "01", "x", None, None))["ADAE"].head(0)
    })  # fmt: skip
    assert table.rows == ()
    assert all(rendered(table, declared(), form) for form in ("rtf", "docx", "html"))


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"together": ["term"]}, "no group column"),
        ({"columns": [{"id": "a", "heading": ["A"], "value": "A", "width": 200}]}, "less than or equal to 135"),
        ({"columns": [{"id": name, "heading": ["A"], "value": "A", "width": 70} for name in "ab"]}, "a line holds 135"),
        ({"columns": [{"id": "a", "heading": ["A"], "value": "A", "width": 7}] * 2}, "one id"),
        ({"lines": 1}, "greater than or equal to 4"),
        ({"set": "NONE"}, "no analysis set 'NONE'"),
    ],
)
def test_a_wrong_listing_is_named_with_its_line(tmp_path: Path, change: dict[str, object], cause: str) -> None:
    content = declared().model_dump(mode="json", exclude_defaults=True)
    content["listings"][0] = {**content["listings"][0], "together": [], **change}
    content |= {"formats": {}, "displays": []}
    path = tmp_path / "displays.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SpecificationError, match=cause) as raised:
        read_displays(path)
    assert "line" in raised.value.where


def test_a_variable_that_is_not_there_is_named() -> None:
    with pytest.raises(SpecificationError, match="NOWHERE"):
        compute_listing("16-1", declared(order=["NOWHERE"]), events(("A", "01", "x", None, None)))


def test_every_page_is_a_page_of_the_file() -> None:
    import docx

    rows = [("A", f"{number:02}", "event", date(2024, 1, 1), 1.0) for number in range(12)]
    table = compute_listing("16-1", declared(), events(*rows, ("B", "99", "<b>", None, None)))
    assert len(table.pages) == 4
    rtf = rendered(table, declared(), "rtf").decode("ascii")
    assert rtf.count(r"\pagebb") == 3
    assert rtf.count(r"\trhdr") == 8  # two lines of the header on each
    document = docx.Document(io.BytesIO(rendered(table, declared(), "docx")))
    assert [len(each.rows) for each in document.tables] == [7, 7, 4, 3]
    html = rendered(table, declared(), "html").decode()
    assert "&lt;b&gt;" in html and "Listing 16-1" in html


@pytest.fixture(scope="module")
def listings(pilot_folders: list[Path], pilot_displays: Displays) -> dict[str, tuple[Table, dict[str, pl.DataFrame]]]:
    made = {}
    for listing in pilot_displays.listings:
        data = read_data(data_files(datasets_of(pilot_displays, [listing.number]), pilot_folders))
        made[listing.number] = compute_listing(listing.number, pilot_displays, data), data
    return made


def test_the_pilots_listings_have_a_row_for_each_record(
    listings: dict[str, tuple[Table, dict[str, pl.DataFrame]]],
) -> None:
    events_listed, data = listings["16-2.7"]
    assert len(events_listed.rows) == data["ADAE"].filter(pl.col("SAFFL") == "Y").height == 1191
    behind = [int(row.cells[0].direct[0]) for row in events_listed.rows]
    assert sorted(behind) == sorted(set(behind)), "a record is listed twice"
    discontinued, data = listings["16-2.1"]
    assert len(discontinued.rows) == data["ADSL"].filter(ITTFL="Y", DISCONFL="Y").height == 144


def test_a_cell_is_traced_to_its_record(
    listings: dict[str, tuple[Table, dict[str, pl.DataFrame]]], pilot_displays: Displays
) -> None:
    table, data = listings["16-2.7"]
    row = next(place for place, each in enumerate(table.rows) if each.labels[0] == "01-718-1170")
    found = trace_cell(table, f"R{row + 1}C4", pilot_displays, data, Lineage(datasets={}))
    [record] = found.direct
    assert (record.dataset, dict(record.keys)["USUBJID"]) == ("ADAE", "01-718-1170")
    assert found.path[0] == "01-718-1170"
    assert not found.denominator


def test_the_commands_write_and_trace_a_listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pilot_folders: list[Path]
) -> None:
    monkeypatch.chdir(tmp_path)
    data = [argument for folder in pilot_folders for argument in ("--data", str(folder))]
    done = CliRunner().invoke(app, ["listings", str(PILOT), "-o", "listings", *data, "--only", "16-2.1"])
    assert done.exit_code == 0, done.output
    assert {path.name for path in Path("listings").iterdir()} == {"16-2.1.rtf", "16-2.1.docx", "16-2.1.html"}
    traced = CliRunner().invoke(app, ["trace", "16-2.1", "R1C8", "--study", str(PILOT), *data])
    assert traced.exit_code == 0, traced.output
    assert "Listing 16-2.1 R1C8" in traced.output and "DM" in traced.output
    refused = CliRunner().invoke(app, ["listings", str(PILOT), "-o", "none", *data, "--only", "16-9"])
    assert isinstance(refused.exception, SpecificationError) and not Path("none").exists()
