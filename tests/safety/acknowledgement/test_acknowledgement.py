"""Acknowledgements: FDA's samples read and written without loss, and answers made from a validation."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from bencao.safety.acknowledgement import read_acknowledgement, write_acknowledgement
from bencao.safety.acknowledgement.acknowledgement import LONGEST, shortened
from bencao.safety.e2b.reading import read_batch, read_messages
from bencao.safety.e2b.writing import write_batch
from bencao.safety.errors import MessageError


@pytest.fixture(scope="session")
def answers(shared_safety: Path) -> dict[str, Path]:
    """FDA's sample acknowledgements."""
    return {path.stem.partition("-")[2]: path for path in (shared_safety / "e2b" / "instances").glob("*.ack")}


def said(path: Path) -> Counter[tuple[str, str, str]]:
    """Every value of a message, with its place, the schema's address left out."""
    found: Counter[tuple[str, str, str]] = Counter()
    tree = etree.parse(path)
    for element in tree.iter():
        if isinstance(element.tag, str):
            place = tree.getelementpath(element)
            found.update((place, key, value) for key, value in element.attrib.items() if "schemaLocation" not in key)
            found[(place, "text", (element.text or "").strip())] += 1
    return found


@pytest.mark.parametrize("name", ["positive", "negative"])
def test_a_sample_is_written_again_with_every_value(answers: dict[str, Path], name: str, tmp_path: Path) -> None:
    told = read_acknowledgement(answers[name])
    write_acknowledgement(tmp_path / "again.ack", told)
    assert read_acknowledgement(tmp_path / "again.ack") == told
    assert said(tmp_path / "again.ack") == said(answers[name])


def test_a_sample_says_which_report_was_rejected_and_why(answers: dict[str, Path]) -> None:
    told = read_acknowledgement(answers["negative"])
    assert (told.code, told.acknowledged_batch) == ("AE", "FAERS2022Scenario2-4069-a2dd-08002b30309d")
    (message,) = told.messages
    assert (message.code, message.message_number) == ("CR", "US-APHARMA-7644554")
    assert "FDA.C.1.7.1 is Mandatory" in message.text


def test_a_validation_becomes_an_answer(bencao, samples: list[Path], tmp_path: Path) -> None:
    reports = [list(message.occurrences) for path in samples[:2] for message in read_messages(path)]
    reports[1] = [each for each in reports[1] if each.element != "C.2.r.3"]
    write_batch(tmp_path / "batch.xml", reports, read_batch(samples[0])[0])
    answer = bencao("safety", "acknowledge", "batch.xml", "-o", "answer.ack", "--as-of", "20261126120000")
    assert answer.code == 1
    told = read_acknowledgement(tmp_path / "answer.ack")
    assert told.code == "AE"
    assert [each.code for each in told.messages] == ["CA", "CR"]
    assert "R0019 C.2.r[1].3" in told.messages[1].text
    assert (told.sender, told.receiver) == ("ZZFDA", "4567AB89012")
    assert told.acknowledged_batch == "FAERS2022Scenario1-4069-a2dd-08002b30309d"
    shown = json.loads(bencao("safety", "acknowledge", "answer.ack", "--json").out)
    assert shown["messages"][1]["code"] == "CR"


def test_all_accepted_is_aa_and_exits_0(bencao, samples: list[Path], tmp_path: Path) -> None:
    answer = bencao("safety", "acknowledge", str(samples[0]), "-o", "answer.ack")
    assert answer.code == 0
    assert read_acknowledgement(tmp_path / "answer.ack").code == "AA"


def test_a_batch_that_cannot_be_read_is_answered_with_ar(bencao, samples: list[Path], tmp_path: Path) -> None:
    (tmp_path / "cut.xml").write_bytes(samples[0].read_bytes()[:5000])
    assert bencao("safety", "acknowledge", "cut.xml", "-o", "answer.ack").code == 1
    told = read_acknowledgement(tmp_path / "answer.ack")
    assert (told.code, told.messages, told.acknowledged_batch) == ("AR", (), "")
    assert "not well-formed" in told.text


def test_findings_beyond_the_elements_length_are_counted() -> None:
    assert shortened(["short"]) == "short"
    parts = [f"R00{number:02d} something is missing in this place" for number in range(20)]
    text = shortened(parts)
    assert len(text) <= LONGEST
    assert text.startswith(parts[0])
    assert text.endswith(" more")
    assert int(text.split()[-2]) == 20 - text.count("R00")
    assert len(shortened(["x" * 900, "y"])) <= LONGEST


def test_an_answer_without_a_code_is_refused(answers: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "bad.ack").write_bytes(answers["positive"].read_bytes().replace(b'typeCode="AA"', b'typeCode="ZZ"'))
    with pytest.raises(MessageError, match="code 'ZZ'"):
        read_acknowledgement(tmp_path / "bad.ack")


def test_control_characters_are_refused(answers: dict[str, Path], tmp_path: Path) -> None:
    told = replace(read_acknowledgement(answers["positive"]), text="a\x00b")
    with pytest.raises(MessageError):
        write_acknowledgement(tmp_path / "bad.ack", told)
    assert not (tmp_path / "bad.ack").exists()
