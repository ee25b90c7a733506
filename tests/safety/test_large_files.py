"""Files of many reports are read and written one at a time, and what is nested or long beyond reason is refused."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bencao.kernel.errors import InputError
from bencao.safety.case import Case, case_of, occurrences
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import FORMATS, read_cases, write_cases

MANY = 12


def reports(alive: list[int] | None = None) -> Iterator[Case]:
    """Cases, and how many of those given before still are in memory when the next is asked for."""
    given: list[weakref.ref[Case]] = []
    for number in range(MANY):
        case = case_of([Occurrence("C.1.1", (), f"US-X-{number}"), Occurrence("H.1", (), f"Line {number},\nand next.")])
        given.append(weakref.ref(case))
        yield case
        del case
        if alive is not None:
            alive.append(sum(each() is not None for each in given))


@pytest.mark.parametrize("suffix", FORMATS)
def test_cases_are_written_and_read_one_at_a_time(suffix: str, tmp_path: Path) -> None:
    alive: list[int] = []
    path = tmp_path / f"cases{suffix}"
    write_cases(path, reports(alive))
    assert len(alive) == MANY
    assert max(alive) <= 2
    read = [each.case for each in read_cases(path)]
    assert [set(occurrences(case)) for case in read if case] == [set(occurrences(case)) for case in reports()]


def test_a_list_is_laid_out_as_json_would(tmp_path: Path) -> None:
    write_cases(tmp_path / "cases.json", reports())
    text = (tmp_path / "cases.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    write_cases(tmp_path / "none.json", [])
    assert (tmp_path / "none.json").read_text(encoding="utf-8") == "[]\n"


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_case_that_fails_leaves_the_file_as_it_was(suffix: str, tmp_path: Path) -> None:
    def broken() -> Iterator[Case]:
        yield from reports()
        raise InputError("no more")

    path = tmp_path / f"cases{suffix}"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(InputError, match="no more"):
        write_cases(path, broken())
    assert path.read_text(encoding="utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_rows_before_the_place_where_a_table_breaks_are_read(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(b'C.1.1,H.1\nUS-X-1,fine\n"US-X-2"x,broken\n')
    first, second = read_cases(tmp_path / "cases.csv")
    assert first.case and first.case.identifier == "US-X-1"
    assert second.error and "after row 2" in str(second.error)


def test_a_deep_message_and_a_narrative_beyond_reason_are_named(
    samples: list[Path], bencao: Callable[..., object], tmp_path: Path
) -> None:
    text = samples[0].read_bytes()
    deep = b"<component>" * 5_000 + b"</component>" * 5_000
    (tmp_path / "deep.xml").write_bytes(text.replace(b"</PORR_IN049016UV>", deep + b"</PORR_IN049016UV>", 1))
    head, _, rest = text.partition(b"<text>") if b"<text>" in text else text.partition(b"<text mediaType")
    assert rest, "the sample has no narrative"
    long = head + b"<text>" + b"The patient recovered. " * 500_000 + b"</text><text>" + rest
    (tmp_path / "long.xml").write_bytes(long)
    for name in ("deep.xml", "long.xml"):
        done = bencao("safety", "validate", name, "--json")
        assert done.code == 2
        assert "MessageError" in done.err or "line" in done.err
        assert "column" in done.err
