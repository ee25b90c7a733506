"""A computed table as RTF, DOCX, HTML and ARS JSON: each holds what was computed, and is the same every time."""

from __future__ import annotations

import io
import json
import re
import sys
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.trial.display import Displays, Table
from bencao.trial.display.render import FORMS, docx_of, html_of, rendered, reporting_event, rtf_of
from bencao.trial.display.render.layout import spans
from bencao.trial.display.render.rtf import escaped

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "trial"))

import golden_tables as golden


@pytest.mark.parametrize("number", ["14-1.03", "14-3.01", "14-5.01", "14-6.05", "14-7.01"])
def test_the_rtf_reads_back_as_the_table(pilot_tables: dict[str, Table], number: str) -> None:
    table = pilot_tables[number]
    width = table.stubs + len(table.column_ids)
    expected = [row + [""] * (width - len(row)) for row in golden.our_rows(table)]
    assert golden.body_rows(rtf_of(table)) == expected


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=("Cc", "Cs"))))
def test_any_text_survives_rtf(text: str) -> None:
    row = rf"\trowd\cellx100\pard\intbl\ql {escaped(text)}\cell\row"
    read = golden.body_rows(row)[0][0]
    assert escaped(text).isascii()
    # Characters beyond the basic plane are two code units, which the reader leaves apart.
    assert read.encode("utf-16-le", "surrogatepass").decode("utf-16-le") == text.strip()


@pytest.mark.parametrize("number", ["14-2.01", "14-5.01"])
def test_the_document_holds_every_text(pilot_tables: dict[str, Table], number: str) -> None:
    docx = pytest.importorskip("docx", reason="cannot run here: python-docx is not installed")
    table = pilot_tables[number]
    document = docx.Document(io.BytesIO(docx_of(table)))
    assert f"Table {number}" in document.sections[0].header.paragraphs[0].text
    read = [[cell.text for cell in row.cells] for row in document.tables[0].rows][len(table.header) :]
    assert [[text.strip() for text in row] for row in read] == [
        row + [""] * (len(read[0]) - len(row)) for row in golden.our_rows(table)
    ]


def test_the_page_gives_every_cell_an_address_and_its_unrounded_value(pilot_tables: dict[str, Table]) -> None:
    page = html_of(pilot_tables["14-2.01"])
    found = re.search(r'<td id="R2C3" class="n" title="mean ([\d.]+)">\s*([\d.]+)</td>', page)
    assert found and float(found[1]) == pytest.approx(float(found[2]), abs=0.05)
    assert "&lt;65 yrs" in page and "<65 yrs" in unescape(page)


def test_every_table_is_valid_ars_and_holds_every_result(
    pilot_tables: dict[str, Table], pilot_displays: Displays, shared_data: Path
) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="cannot run here: jsonschema is not installed")
    schema = json.loads((shared_data / "trial" / "ars" / "ars_ldm.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for number, table in pilot_tables.items():
        event = json.loads(rendered(table, pilot_displays, "json"))
        # The two long tables take the validator many seconds each, and say nothing that the short do not.
        if len(table.rows) < 100:
            validator.validate(event)
        results = [result for analysis in event["analyses"] for result in analysis["results"]]
        expected = [result for row in table.rows for _, cell in row.places() for result in cell.results]
        assert len(results) == len(expected), number
        assert sorted(result["formattedValue"] for result in results) == sorted(result.text for result in expected)
        operations = {each["id"] for method in event["methods"] for each in method["operations"]}
        assert {result["operationId"] for result in results} <= operations


def test_the_analysis_results_name_purpose_and_groups(pilot_tables: dict[str, Table], pilot_displays: Displays) -> None:
    event = reporting_event(pilot_tables["14-3.01"], pilot_displays)
    assert {each["purpose"]["controlledTerm"] for each in event["analyses"]} == {"PRIMARY OUTCOME MEASURE"}
    columns, rows = ({group["id"] for group in each["groups"]} for each in event["analysisGroupings"])
    for analysis in event["analyses"]:
        for result in analysis["results"]:
            assert {group["groupId"] for group in result["resultGroups"]} <= columns | rows


@pytest.mark.parametrize("form", FORMS)
def test_the_same_table_gives_the_same_bytes(
    pilot_tables: dict[str, Table], pilot_displays: Displays, form: str
) -> None:
    table = pilot_tables["14-1.02"]
    assert rendered(table, pilot_displays, form) == rendered(table, pilot_displays, form)


def test_equal_neighbours_above_the_last_line_of_a_header_join() -> None:
    assert spans(("", "A", "A", "B"), last=False) == (("", 1), ("A", 2), ("B", 1))
    assert spans(("n", "n"), last=True) == (("n", 1), ("n", 1))
