"""JSON files of many cases, read one at a time: the same values as at once, faults with their place."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bencao.kernel.errors import InputError
from bencao.safety.case import json_list
from bencao.safety.case.json_list import read_list
from bencao.safety.exchange import read_cases

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)
quick = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_list, "_PIECE", 3)


@quick
@given(values=st.lists(VALUES, max_size=6), indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_a_list_gives_the_values_that_the_whole_file_has(
    tmp_path: Path, values: list[object], indent: int | None, ascii_only: bool
) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps(values, indent=indent, ensure_ascii=ascii_only), "utf-8", newline="")
    assert list(read_list(path)) == values


@quick
@given(value=VALUES.filter(lambda value: not isinstance(value, list)))
def test_a_file_of_one_value_gives_it(tmp_path: Path, value: object) -> None:
    path = tmp_path / "one.json"
    path.write_text(f" {json.dumps(value)}\n", "utf-8")
    assert list(read_list(path)) == [value]


@quick
@given(values=st.lists(VALUES, min_size=1, max_size=3), data=st.data())
def test_what_the_whole_file_would_not_give_is_refused(
    tmp_path: Path, values: list[object], data: st.DataObject
) -> None:
    text = json.dumps(values)
    cut = data.draw(st.integers(0, len(text) - 1))
    broken = text[:cut] + data.draw(st.sampled_from(["", "}", "]", ",", "x", '"'])) + text[cut + 1 :]
    path = tmp_path / "broken.json"
    path.write_text(broken, "utf-8")
    try:
        whole = json.loads(broken)
    except json.JSONDecodeError:
        with pytest.raises(InputError, match="not JSON"):
            list(read_list(path))
    else:
        assert list(read_list(path)) == (whole if isinstance(whole, list) else [whole])


def test_a_fault_has_its_line_and_column_and_the_cases_before_it_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text('[\n{"patient": {}},\n{"patient": nothing}]', "utf-8")
    first, second = read_cases(path)
    assert first.case is not None
    assert second.where.endswith("after case 1")
    assert second.error is not None and second.error.where.endswith("line 3, column 13")


def test_memory_holds_a_case_and_not_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_list, "_PIECE", 1 << 16)
    path = tmp_path / "many.json"
    path.write_text("[" + ",".join([json.dumps({"text": "a" * 10_000})] * 2_000) + "]", "utf-8")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_list(path)) == 2_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000 < path.stat().st_size // 5


def test_a_case_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_list, "_PIECE", 1 << 16)
    monkeypatch.setattr(json_list, "MOST", 200_000)
    path = tmp_path / "endless.json"
    path.write_text('[{"text": "' + "a" * 3_000_000, "utf-8")
    with pytest.raises(InputError, match="a case of over"):
        list(read_list(path))
