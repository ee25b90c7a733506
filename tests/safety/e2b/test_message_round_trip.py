"""E2B(R3) messages lose nothing when read, written and read again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filled_reports import reports
from hypothesis import HealthCheck, given, settings
from lxml import etree

from bencao.safety.case import case_of, occurrences
from bencao.safety.e2b.elements import elements
from bencao.safety.e2b.layout import layout
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.reading import read_batch, read_messages
from bencao.safety.e2b.writing import write_batch


def again(
    messages: list[list[Occurrence]], header: list[Occurrence]
) -> tuple[list[set[Occurrence]], list[tuple[str, ...]]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "batch.xml"
        write_batch(path, messages, header)
        assert set(read_batch(path)[0]) == set(header)
        found = list(read_messages(path))
    return [set(each.occurrences) for each in found], [each.unread for each in found]


def test_every_sample_of_the_fda_comes_back_whole(samples: list[Path]) -> None:
    assert len(samples) >= 6
    for sample in samples:
        header, beside = read_batch(sample)
        messages = list(read_messages(sample))
        assert not beside and not any(each.unread for each in messages), sample.name
        found, unread = again([list(each.occurrences) for each in messages], list(header))
        assert found == [set(each.occurrences) for each in messages], sample.name
        assert not any(unread), sample.name


def leaves(path: Path) -> Counter[tuple[str, str, str]]:
    """What a message says: each attribute and text with its element's name, but for names of codes and classes."""
    silent = {
        "displayName",
        "classCode",
        "moodCode",
        "typeCode",
        "determinerCode",
        "codeSystemVersion",
        "schemaLocation",
    }
    found: Counter[tuple[str, str, str]] = Counter()
    for element in etree.parse(path).iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        empty = (
            "codeSystem" in element.attrib
            and not {"code", "nullFlavor"} & set(element.attrib)
            and element.find("*") is None
        )
        for key, value in element.attrib.items():
            if not empty and (short := etree.QName(key).localname) not in silent:
                found[name, short, value] += 1
        if element.text and element.text.strip():
            found[name, "text", element.text.strip()] += 1
    return found


def test_whatever_a_sample_says_stands_in_what_is_written_from_its_case(samples: list[Path], tmp_path: Path) -> None:
    """Judged on the XML itself, by no part of the reader."""
    for sample in samples:
        cases = [case_of(each.occurrences) for each in read_messages(sample)]
        write_batch(tmp_path / sample.name, [occurrences(each) for each in cases], read_batch(sample)[0])
        lost = leaves(sample) - leaves(tmp_path / sample.name)
        assert not lost, sample.name


def test_the_outline_has_a_place_for_every_data_element() -> None:
    assert {name for name in layout().elements if "#" not in name} == set(elements())
    assert len(elements()) == 250


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(reports())
def test_a_report_with_any_data_elements_comes_back_whole(report: list[Occurrence]) -> None:
    [found], [unread] = again([report], [Occurrence("N.1.1", (), "1")])
    assert not unread
    assert found - set(report) == set()
    assert set(report) - found == set()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(reports())
def test_a_case_holds_every_data_element(report: list[Occurrence]) -> None:
    assert set(occurrences(case_of(report))) == set(report)


def test_a_batch_of_several_reports_keeps_them_apart() -> None:
    one = [Occurrence("C.1.1", (), "XX-ONE-1"), Occurrence("G.k.2.2", (1,), "aspirin")]
    two = [Occurrence("C.1.1", (), "XX-ONE-2"), Occurrence("G.k.2.2", (1,), "warfarin"), Occurrence("G.k.1", (1,), "1")]
    found, _ = again([one, two], [Occurrence("N.1.3", (), "SENDER")])
    assert [{each.value for each in report if each.element == "G.k.2.2"} for report in found] == [
        {"aspirin"},
        {"warfarin"},
    ]


def test_the_same_reports_give_the_same_bytes(tmp_path: Path) -> None:
    report = [Occurrence("C.1.1", (), "XX-ONE-1"), Occurrence("G.k.2.2", (1,), "aspirin")]
    for name in ("one.xml", "two.xml"):
        write_batch(tmp_path / name, [report], [Occurrence("N.1.3", (), "SENDER")])
    assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "two.xml").read_bytes()


@pytest.mark.parametrize(
    ("written", "expected"),
    [("5", "5"), ("<10", "<10"), (">=3.2", ">=3.2"), ("1..9", "1..9")],
)
def test_a_result_is_a_number_or_an_interval(written: str, expected: str) -> None:
    report = [
        Occurrence("F.r.2.1", (1,), "ALT"),
        Occurrence("F.r.3.2", (1,), written),
        Occurrence("F.r.3.3", (1,), "U/L"),
    ]
    [found], _ = again([report], [])
    assert Occurrence("F.r.3.2", (1,), expected) in found and Occurrence("F.r.3.3", (1,), "U/L") in found
