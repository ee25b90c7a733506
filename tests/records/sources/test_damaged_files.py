"""Damage that was once read with a loss or a crash: each is quarantined or refused now."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from bencao.records.errors import SourceError
from bencao.records.extraction.notes.reading import UnreadNote, read_notes
from bencao.records.sources.opening import stage

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "records"))


def _reasons(path: Path, folder: Path) -> list[tuple[int, str]]:
    return [(one.row, one.reason) for one in stage(path, folder).quarantine]


def test_resources_that_no_table_can_hold_whole_are_told(tmp_path: Path) -> None:
    patient = '{"resourceType": "Patient", "id": "1"'
    lines = [
        patient + "}",
        patient + ', "id": "2"}',
        patient.replace("1", "3") + ', "name": [{"family": "\\ud800"}]}',
        patient.replace("1", "4") + ', "name": [{"family": "\\u0000"}]}',
        patient.replace("1", "5") + ', "extension": ' + "[" * 150 + "]" * 150 + "}",
        "[" * 100_000,
    ]
    (tmp_path / "bulk.ndjson").write_text("\n".join(lines), encoding="utf-8")
    assert sorted(_reasons(tmp_path / "bulk.ndjson", tmp_path / "staged")) == [
        (2, "duplicate_key"),
        (3, "encoding"),
        (4, "nul"),
        (5, "nesting"),
        (6, "not_json"),
    ]
    kept = pl.read_parquet(tmp_path / "staged" / "quarantine.parquet")
    assert '"id": "1", "id": "2"' in kept.filter(pl.col("_row") == 2)["raw"].item()


def test_a_bundle_keeps_what_its_entries_hold(tmp_path: Path) -> None:
    text = (
        '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "_row": "9"}}, '
        '{"resource": {"resourceType": "Patient", "id": "2", "id": "3"}}, '
        '{"recource": {"resourceType": "Patient", "id": "4"}}, '
        '{"resource": {"resourceType": "Patient", "id": "5"}, "other": {"resourceType": "Patient", "id": "6"}}]}'
    )
    (tmp_path / "bundle.json").write_text(text, encoding="utf-8")
    staging = stage(tmp_path / "bundle.json", tmp_path / "staged")
    told = {one.row: (one.reason, one.raw) for one in staging.quarantine}
    assert {row: reason for row, (reason, _) in told.items()} == {2: "duplicate_key", 3: "not_json", 4: "not_json"}
    assert '["2", "3"]' in told[2][1]
    assert '"4"' in told[3][1]
    assert '"6"' in told[4][1]
    table = pl.read_parquet(tmp_path / "staged" / "bundle.Patient.parquet")
    assert table["_row.2"].to_list() == ["9"]
    (tmp_path / "twice.json").write_text('{"resourceType": "Bundle", "entry": [], "entry": []}', encoding="utf-8")
    with pytest.raises(SourceError, match="names an element twice"):
        stage(tmp_path / "twice.json", tmp_path / "again")


def test_a_segment_whose_separator_is_lost_is_none(tmp_path: Path) -> None:
    head = "MSH|^~\\&|HIS|A|LAB|A|20200102||ADT^A01|{}|P|2.5\r"
    feed = head.format("M1") + "PID|1||P1\r" + head.format("M2").replace("MSH|", "MSH?", 1) + "PID|1||P2/../x\r"
    (tmp_path / "feed.hl7").write_text(feed, encoding="utf-8", newline="")
    assert _reasons(tmp_path / "feed.hl7", tmp_path / "staged") == [(2, "segment")]


def test_an_escape_that_cannot_be_resolved_stands_as_it_is_and_is_logged_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    notes = [
        "C:\\scans of 王芳",
        "a\\F\\b\\T\\c\\E\\d",
        "one\\.br\\two\\.sp2\\three",
        "\\XE78E8B\\",
        "\\Zx\\ \\XZZ\\ \\\\",
    ]
    feed = "MSH|^~\\&|HIS|A|LAB|A|20200102||ORU^R01|M1|P|2.5||||||UNICODE UTF-8\r"
    feed += "".join(f"NTE|{place}||{note}\r" for place, note in enumerate(notes, start=1))
    (tmp_path / "feed.hl7").write_text(feed, encoding="utf-8", newline="")
    assert stage(tmp_path / "feed.hl7", tmp_path / "staged").quarantine == []
    table = pl.read_parquet(tmp_path / "staged" / "feed.NTE.parquet")
    assert table["NTE.3"].to_list() == [notes[0], "a|b&c\\d", "one\ntwo\n\nthree", "王", notes[4]]
    assert "王芳" not in "".join(capfd.readouterr()) + caplog.text


@pytest.mark.parametrize("name", ["worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_workbook_with_a_damaged_part_is_refused(tmp_path: Path, name: str) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [["号", "名"], ["1", "a"], ["2", "b"]]:
        book.active.append(row)
    book.save(tmp_path / "sound.xlsx")
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as sound, zipfile.ZipFile(tmp_path / "his.xlsx", "w") as damaged:
        for part in sound.namelist():
            data = sound.read(part)
            damaged.writestr(
                part, data.replace(b"<c ", b"<% ", 2).replace(b"<sheets>", b"<%>", 1) if name in part else data
            )
    assert len(stage(tmp_path / "sound.xlsx", tmp_path / "first").staged) == 1
    with pytest.raises(SourceError, match=r"his\.xlsx: is a workbook with a damaged part"):
        stage(tmp_path / "his.xlsx", tmp_path / "staged")
    assert not (tmp_path / "staged").exists()


def test_files_of_one_name_in_two_folders_are_two_tables(tmp_path: Path) -> None:
    for ward in ("a", "b"):
        (tmp_path / "wards" / ward).mkdir(parents=True)
        (tmp_path / "wards" / ward / "patients.csv").write_text(f"id\n{ward}1\n{ward}2\n", encoding="utf-8")
    (tmp_path / "wards" / "quarantine.csv").write_text("id\nq\n", encoding="utf-8")
    staging = stage(tmp_path / "wards", tmp_path / "staged")
    tables = {one.name: pl.read_parquet(one.path)["id"].to_list() for one in staging.staged}
    assert tables == {"patients": ["a1", "a2"], "patients.2": ["b1", "b2"], "quarantine.2": ["q"]}


def test_columns_that_differ_by_case_alone_are_two(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,A,a,a.2\n1,2,3,4\n", encoding="utf-8")
    stage(tmp_path / "t.csv", tmp_path / "staged")
    assert pl.read_parquet(tmp_path / "staged" / "t.parquet").columns[:4] == ["a", "A.2", "a.3", "a.2.2"]


def test_a_note_that_names_its_text_twice_is_told(tmp_path: Path) -> None:
    lines = [
        '{"note_id": 1, "note_text": "咳嗽", "note_text": "发热"}',
        json.dumps({"note_id": 2, "note_text": "\ud800"}),
    ]
    (tmp_path / "notes.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(read_notes(tmp_path / "notes.jsonl"))
    assert [one.cause for one in found if isinstance(one, UnreadNote)] == [
        "a name stands twice in one object",
        "a text is not Unicode",
    ]


def test_damage_by_seed_finds_no_fault(shared_records: Path) -> None:
    from damaged_records import outcome
    from damaging import sound_files

    sound = sound_files(shared_records / "omop" / "Synthea27Nj_5.4.zip", shared_records / "fhir_r4")
    for kind, (name, data) in sound.items():
        for number in range(1, 5):  # these are staged, not loaded
            told = outcome((kind, name, data, number, 11))
            assert told.faults == [], (kind, number, told.detail)
