"""Dataset-JSON 1.1 and parquet: what is written, what comes back, and what is refused."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bencao.kernel.errors import InputError
from bencao.trial.dataset import Dataset, Variable
from bencao.trial.formats import read_datasets, write_dataset

VARIABLES = (
    Variable("USUBJID", "Unique Subject Identifier", "text", 11),
    Variable("AESEQ", "Sequence Number", "integer", 8),
    Variable("AEDOSE", "Dose", "float"),
    Variable("AESTDTC", "Start Date/Time of Adverse Event", "date"),
    Variable("ASTDT", "Analysis Start Date", "date", None, "DATE9."),
    Variable("ASTDTM", "Analysis Start Date/Time", "datetime", None, "DATETIME20."),
    Variable("ASTTM", "Analysis Start Time", "time", None, "TIME8."),
)
FRAME = pl.DataFrame(
    {
        "USUBJID": ["01-701-1015", "01-701-1023"],
        "AESEQ": [1, 2],
        "AEDOSE": [0.1, None],
        "AESTDTC": ["2014-01", None],
        "ASTDT": [date(2014, 1, 1), None],
        "ASTDTM": [datetime(2014, 1, 1, 12, 30), datetime(2014, 1, 1, 1, 2, 3, 400000)],
        "ASTTM": [time(12, 30), None],
    }
)
AE = Dataset("AE", FRAME, VARIABLES, "Adverse Events", ("USUBJID", "AESEQ"))


def test_a_document_has_the_attributes_of_the_specification(tmp_path: Path) -> None:
    write_dataset(AE, tmp_path / "ae.json")
    found = json.loads((tmp_path / "ae.json").read_text(encoding="utf-8"))
    assert found.pop("rows") == [
        ["01-701-1015", 1, 0.1, "2014-01", "2014-01-01", "2014-01-01T12:30:00", "12:30:00"],
        ["01-701-1023", 2, None, None, None, "2014-01-01T01:02:03.4", None],
    ]
    columns = found.pop("columns")
    assert found == {
        "datasetJSONCreationDateTime": "1960-01-01T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG.AE",
        "records": 2,
        "name": "AE",
        "label": "Adverse Events",
    }
    assert columns[1] == {
        "itemOID": "IT.AE.AESEQ", "name": "AESEQ", "label": "Sequence Number", "dataType": "integer", "length": 8,
        "keySequence": 2,
    }  # fmt: skip
    assert [column["dataType"] for column in columns] == [
        "string", "integer", "float", "date", "date", "datetime", "time",
    ]  # fmt: skip
    assert [column.get("targetDataType") for column in columns] == [None] * 4 + ["integer"] * 3


@pytest.mark.parametrize("suffix", [".json", ".ndjson", ".parquet"])
def test_a_data_set_comes_back_whole_and_is_written_the_same_again(suffix: str, tmp_path: Path) -> None:
    write_dataset(AE, tmp_path / f"ae{suffix}")
    (back,) = read_datasets(tmp_path / f"ae{suffix}")
    assert_frame_equal(back.frame, FRAME)
    assert (back.name, back.label, back.keys, back.variables) == (AE.name, AE.label, AE.keys, AE.variables)
    write_dataset(back, tmp_path / f"again{suffix}")
    assert (tmp_path / f"again{suffix}").read_bytes() == (tmp_path / f"ae{suffix}").read_bytes()


def test_a_line_of_ndjson_is_a_record(tmp_path: Path) -> None:
    write_dataset(AE, tmp_path / "ae.ndjson")
    lines = (tmp_path / "ae.ndjson").read_text(encoding="utf-8").splitlines()
    assert [type(json.loads(line)) for line in lines] == [dict, list, list]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none() | st.text(min_size=1),
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.dates(),
            st.none() | st.datetimes(),
            st.none() | st.times(),
        ),
        max_size=5,
    ),
    st.sampled_from([".json", ".ndjson", ".parquet"]),
)
def test_any_values_come_back(tmp_path_factory: pytest.TempPathFactory, rows, suffix: str) -> None:
    schema = {"A": pl.String, "I": pl.Int64, "F": pl.Float64, "D": pl.Date, "M": pl.Datetime("us"), "T": pl.Time}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    types = ("text", "integer", "float", "date", "datetime", "time")
    variables = tuple(Variable(name, data_type=kind) for name, kind in zip(schema, types, strict=True))
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    write_dataset(Dataset("XX", frame, variables), path)
    assert_frame_equal(read_datasets(path)[0].frame, frame)


def test_whole_numbers_held_as_floats_are_written_as_the_integers_they_are_said_to_be(tmp_path: Path) -> None:
    path, frame = tmp_path / "vs.json", pl.DataFrame({"VSSEQ": [1.0, 2.0]})
    write_dataset(Dataset("VS", frame, (Variable("VSSEQ", data_type="integer"),)), path)
    assert json.loads(path.read_text())["rows"] == [[1], [2]]
    with pytest.raises(InputError, match=r"VS: record 1: value 1\.5 of VSSEQ is no integer"):
        write_dataset(Dataset("VS", pl.DataFrame({"VSSEQ": [1.5]}), (Variable("VSSEQ", data_type="integer"),)), path)


DATE = {"itemOID": "IT.AE.X", "name": "X", "label": "", "dataType": "date", "targetDataType": "integer"}


def damaged(**changes: object) -> dict[str, object]:
    told: dict[str, object] = {
        "datasetJSONCreationDateTime": "2024-01-01T00:00:00", "datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.AE",
        "records": 1, "name": "AE", "label": "", "rows": [[1]],
        "columns": [{"itemOID": "IT.AE.X", "name": "X", "label": "", "dataType": "integer"}],
    }  # fmt: skip
    told |= changes
    return {key: value for key, value in told.items() if value is not None}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (damaged(datasetJSONVersion="1.0.0"), "datasetJSONVersion"),
        (damaged(name=None), "name: Field required"),
        (damaged(records=2), "1 rows, records says 2"),
        (damaged(rows=[[1, 2]]), "row 1: no list of 1 values"),
        (damaged(rows=[["one"]]), "values of X that are not of type integer"),
        (damaged(columns=[DATE], rows=[["2014-02-30"]]), "values of X that are not of type date"),
        ([], "no Dataset-JSON 1.1"),
    ],
)  # fmt: skip
def test_what_is_no_dataset_json_is_an_answer(document: object, said: str, tmp_path: Path) -> None:
    path = tmp_path / "ae.json"
    path.write_text(json.dumps(document))
    with pytest.raises(InputError, match=said):
        read_datasets(path)


def test_labels_of_parquet_are_arrow_metadata_that_others_write_and_read(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    write_dataset(AE, tmp_path / "ae.parquet")
    schema = pq.read_schema(tmp_path / "ae.parquet")
    assert schema.metadata[b"label"] == b"Adverse Events"
    assert schema.field("AESTDTC").metadata[b"label"] == b"Start Date/Time of Adverse Event"
