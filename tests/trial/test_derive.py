"""Building blocks: each example in their documentation holds, and what they promise of any data."""

from __future__ import annotations

import calendar
import doctest
import importlib
import inspect
import pkgutil
from datetime import date, timedelta

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bencao.trial.derive
from bencao.trial import round_half_away
from bencao.trial.derive import BLOCKS, Frame, expression
from bencao.trial.derive.dates import iso_date, iso_date_failures, study_day, to_date
from bencao.trial.derive.expression import variables_of
from bencao.trial.derive.findings import baseline, baseline_record, carry_forward, previous
from bencao.trial.derive.rows import flag
from bencao.trial.errors import SpecificationError

MODULES = [module.name for module in pkgutil.iter_modules(bencao.trial.derive.__path__)]
RECORDS = st.tuples(st.integers(1, 3), st.integers(-5, 5), st.floats(0, 9))
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def lazy(**columns: object) -> Frame:
    return nw.from_native(pl.LazyFrame(columns))


def values(frame: Frame, name: str) -> list[object]:
    return list(frame.collect()[name].to_list())


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(f"bencao.trial.derive.{name}"))
    assert not failed


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_each_block_has_an_example_in_yaml_and_in_python(name: str) -> None:
    text = inspect.getdoc(BLOCKS[name].function) or ""
    assert "YAML: " in text
    assert ">>> " in text


def test_the_value_before_is_of_the_records_that_count() -> None:
    visits = lazy(
        ID=[1, 1, 1, 1, 2], DY=[1, 8, 9, 15, 20], PLANNED=["Y", "Y", None, "Y", "Y"], V=[5.0, None, 7.0, 8.0, 9.0]
    )
    told = previous(visits, of="V", into="BEFORE", by=["ID"], order=["DY"], where="PLANNED is not None")
    assert values(told.sort("DY"), "BEFORE") == [None, 5.0, None, None, None]
    told = previous(visits, of="V", into="BEFORE", by=["ID"], order=["DY"])
    assert values(told.sort("DY"), "BEFORE") == [None, 5.0, None, 7.0, None]


@settings(max_examples=10, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=200))
def test_a_whole_date_is_read_in_any_layout(days: list[date]) -> None:
    layouts = {"MM/DD/YYYY": "%m/%d/%Y", "DD-MON-YYYY": "%d-%b-%Y", "YYYY-MM-DD": "%Y-%m-%d"}
    raw = lazy(D=[day.strftime(form) for form in layouts.values() for day in days])
    expected = [day.isoformat() for day in days] * 3
    assert values(iso_date(raw, of="D", into="DTC", layouts=list(layouts)), "DTC") == expected


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2002-10", "2002-10"),
        ("2002", "2002"),
        ("UN-OCT-2002", "2002-10"),
        ("UN-UNK-2002", "2002"),
        ("15-UNK-2002", "2002----15"),
        ("29-Feb-2012", "2012-02-29"),
    ],
)
def test_a_date_stays_as_exact_as_it_is_known(written: str, iso: str) -> None:
    raw = lazy(D=[written])
    assert values(iso_date(raw, of="D", into="DTC", layouts=["DD-MON-YYYY"]), "DTC") == [iso]
    assert not len(iso_date_failures(raw, of="D", into="DTC", layouts=["DD-MON-YYYY"]).collect())


@pytest.mark.parametrize("written", ["31-Feb-2014", "29-Feb-2014", "00-Mar-2014", "05-Foo-2014", "5/3/2014", "2014-13"])
def test_what_is_no_date_is_found_with_its_record(written: str) -> None:
    raw = lazy(ID=[1, 2, 3], D=["05-Mar-2014", written, None])
    failures = iso_date_failures(raw, of="D", into="DTC", layouts=["DD-MON-YYYY"])
    assert values(failures, "ID") == [2]


@settings(max_examples=50, deadline=None)
@given(DAYS, DAYS)
def test_there_is_no_study_day_zero_and_days_differ_as_dates_do(day: date, first: date) -> None:
    (number,) = values(study_day(lazy(D=[day], R=[first]), of="D", reference="R", into="DY"), "DY")
    assert number != 0
    assert first + timedelta(days=number - (1 if number > 0 else 0)) == day


def test_the_last_day_of_a_month_is_the_calendars() -> None:
    months = [(year, month) for year in range(1900, 2101) for month in range(1, 13)]
    ae = lazy(DTC=[f"{year}-{month:02}" for year, month in months])
    last = [date(year, month, calendar.monthrange(year, month)[1]) for year, month in months]
    assert values(to_date(ae, of="DTC", into="DT", impute="last"), "DT") == last


def test_an_imputed_start_is_moved_to_the_first_dose_only_where_the_known_parts_allow_it() -> None:
    ae = lazy(DTC=["2014-02", "2014-01", "2014", "2014-02-01"], TRTSDT=[date(2014, 2, 10)] * 4)
    imputed = to_date(ae, of="DTC", into="DT", impute="first", not_before="TRTSDT", flag="DTF")
    assert values(imputed, "DT") == [date(2014, 2, 10), date(2014, 1, 1), date(2014, 2, 10), date(2014, 2, 1)]
    assert values(imputed, "DTF") == ["D", "D", "M", None]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1), st.integers(0, 4))
def test_an_expression_rounds_as_the_rounding_of_the_room_does(numbers: list[float], digits: int) -> None:
    data = lazy(V=numbers)
    rounded = values(data.select(R=expression(f"round(V, {digits})", data)), "R")
    assert rounded == [round_half_away(number, digits) for number in numbers]


@given(st.lists(st.integers(-10_000, 10_000), min_size=1), st.integers(1, 1000))
def test_a_quotient_is_the_nearest_double(numbers: list[int], divisor: int) -> None:
    data = lazy(V=numbers)
    assert values(data.select(Q=expression(f"V / {divisor}", data)), "Q") == [number / divisor for number in numbers]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("A + 1", [2, None, 4]),
        ("'low' if A < 2 else 'high'", ["low", "high", "high"]),
        ("A is None", [False, True, False]),
        ("1 <= A < 3", [True, None, False]),
        ("not (A == 1)", [False, None, True]),
        ("S in ('x', 'z')", [True, False, None]),
        ("upper(coalesce(S, 'none'))", ["X", "Y", "NONE"]),
        ("concat(S, '-', text(A))", ["x-1", None, None]),
        ("number(N)", [1.5, None, -2.0]),
        ("greatest(A, 2)", [2, 2, 3]),
    ],
)
def test_expressions_follow_the_rules_of_missing_values(text: str, result: list[object]) -> None:
    data = lazy(A=[1, None, 3], S=["x", "y", None], N=["1.5", "n.d.", "-2"])
    assert values(data.select(R=expression(text, data)), "R") == result


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("A +", "is no expression"),
        ("__import__('os')", "the function __import__"),
        ("A.real", "A.real"),
        ("A == None", "a comparison"),
        ("[x for x in A]", "[x for x in A]"),
        ("upper(A, 2, 3)", "what upper is given"),
    ],
)
def test_what_is_no_expression_is_refused_by_name(text: str, cause: str) -> None:
    with pytest.raises(SpecificationError) as error:
        expression(text, lazy(A=[1]))
    assert cause in error.value.cause


def test_an_expression_names_the_variables_it_reads() -> None:
    assert variables_of("upper(A) if B > 1 else C") == {"A", "B", "C"}


def test_the_worst_value_is_carried_forward_where_asked() -> None:
    qs = lazy(ID=[1, 1], N=[8, 16], AVAL=[7.0, 5.0])
    filled = carry_forward(qs, by=["ID"], visit="N", visits=[{"N": 24}], order=["N"], method="WOCF")
    assert filled.sort("N").collect().rows()[-1] == (1, 24, 7.0, "WOCF")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(-5, 5), st.floats(0, 9)), min_size=1, unique_by=lambda r: r[:2])
)
def test_the_baseline_record_in_one_look_is_that_of_flag_and_baseline(rows: list[tuple[int, int, float]]) -> None:
    columns = dict(zip(("ID", "DY", "AVAL"), (list(column) for column in zip(*rows, strict=True)), strict=True))
    lb, by, where = lazy(**columns), ["ID"], "DY <= 1 and AVAL > 2"
    at_once = baseline_record(lb, by=by, order=["DY"], where=where, values={"BASE": "AVAL"})
    flagged = flag(lb, into="ABLFL", by=by, order=["DY"], where=where, keep="last")
    in_turn = baseline(flagged, by=by, values={"BASE": "AVAL"})
    wanted = [
        frame.select("ID", "DY", "ABLFL", "BASE").sort("ID", "DY").collect().rows() for frame in (at_once, in_turn)
    ]
    assert wanted[0] == wanted[1]
