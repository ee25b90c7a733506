"""Free text in an extract: moved with its tables, without what is known of its person, or not released at all."""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from release_hospital import hospital, write

from bencao.kernel.errors import InputError
from bencao.records import release_extract
from bencao.records.errors import ReleaseRefused

REQUEST = """
name: diabetes
database: hospital
concept_sets:
  diabetes: {concepts: [443238]}
cohort:
  entry: {any_of: [diabetes]}
tables:
  person: [gender_concept_id]
  note: [note_id, note_date, note_text]
  measurement: [measurement_date, value_source_value]
text: {known: patients.csv}
privacy: {small_cells: withhold, most_suppressed: 0}
"""
FAMILIES, GIVEN = "禤亓仝郗鄢逄", "伟芳娜敏静强磊洋艳勇军杰娟涛超明霞秀"
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def ask(folder: Path, request: str = REQUEST, note: str = "", oldest: int = 0) -> Path:
    """A hospital whose notes name their patient, and the table of its patients; `note` stands in the place of one."""
    tables, draw = hospital(60), random.Random(3)
    tables["note"] = []
    patients = []
    first = {one["person_id"]: one for one in reversed(tables["visit_occurrence"])}
    for number, one in enumerate(tables["person"]):
        name = draw.choice(FAMILIES) + draw.choice(GIVEN) + draw.choice(GIVEN)
        phone = f"139{number:08}"
        patients.append({"person_id": one["person_id"], "姓名": name, "电话": phone})
        day = first[one["person_id"]]["visit_start_date"]
        text = (
            f"患者{name}，{draw.randint(40, 70)}岁，{day.year}年{day.month}月{day.day}日入院，"
            f"病案号{one['person_source_value']}，联系电话{phone}。诊断：2型糖尿病，予二甲双胍0.5g口服。"
        )
        tables["note"].append(
            {
                **{"note_id": number, "person_id": one["person_id"], "note_date": day},
                "note_text": note.format(*phone) if note and number == 1 else text,
            }
        )
    for one in tables["measurement"]:
        one["value_source_value"] = f"{one['value_as_number']} mmol/L"
    if oldest:
        tables["person"][0] |= {"year_of_birth": oldest}
    write(folder / "hospital", tables)
    with (folder / "patients.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(patients[0]))
        writer.writeheader()
        writer.writerows(patients)
    (folder / "request.yaml").write_text(request, encoding="utf-8")
    return folder / "request.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    release_extract(ask(folder, oldest=1910), folder / "extract", key=folder / "key", workers=1)
    return folder


def patients_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "patients.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_texts_tell_nobody_and_keep_what_medicine_needs(made: Path) -> None:
    texts = pl.read_parquet(made / "extract" / "note.parquet")["note_text"].drop_nulls().to_list()
    assert len(texts) == 59
    assert all("诊断：2型糖尿病，予二甲双胍0.5g口服。" in one for one in texts)
    everything = "\n".join(texts)
    for one in patients_of(made):
        assert one["姓名"] not in everything
        assert one["电话"] not in everything
    assert not set(re.findall(r"MRN\d+", everything)) & {f"MRN{number:07}" for number in range(1, 61)}


def test_a_date_in_a_text_moves_like_the_dates_of_the_tables(made: Path) -> None:
    notes = pl.read_parquet(made / "extract" / "note.parquet")
    for day, text in notes.drop_nulls().select("note_date", "note_text").iter_rows():
        found = DAY.search(text)
        assert found is not None
        assert date(*map(int, found.groups())) == day


@pytest.mark.parametrize("workers", [3, 4])
def test_the_bytes_are_the_same_at_any_number_of_workers(made: Path, tmp_path: Path, workers: int) -> None:
    release_extract(made / "request.yaml", tmp_path / "again", key=made / "key", workers=workers)
    for path in (made / "extract").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_card_says_what_was_replaced_and_how_much_is_found_elsewhere(made: Path) -> None:
    card = json.loads((made / "extract" / "card.json").read_text(encoding="utf-8"))
    text = card["text"]
    assert text["columns"] == ["note.note_text", "measurement.value_source_value"]
    assert text["searched"] == text["searched for a name"] == text["texts"]
    assert text["replaced"]["name"] >= 59
    assert text["replaced"]["date"] >= 59
    told = {(one["language"], one["category"]): one for one in text["found of made notes"] if one["notes"] == "clinic"}
    assert 0 < told["zh", "name"]["low"] < told["zh", "name"]["recall"] <= 1
    page = (made / "extract" / "card.html").read_text(encoding="utf-8")
    assert "Free text" in page
    assert f"{told['zh', 'all']['n']}" in page.replace(",", "")


def test_a_known_identifier_that_is_still_seen_refuses_all(bencao: Callable[..., Any], tmp_path: Path) -> None:
    ask(tmp_path, note="联系" + "。。。".join(f"{{{place}}}" for place in range(11)))
    answer = bencao("records", "release", "request.yaml", "-o", "extract")
    assert answer.code == 2
    assert answer.err.startswith("ReleaseRefused: diabetes: 1 known identifiers are still seen in texts")
    assert "note.note_text phone 1" in answer.err
    assert "139" not in answer.err
    assert not (tmp_path / "extract").exists()


def test_a_text_of_a_person_over_89_is_left_out(made: Path) -> None:
    notes = pl.read_parquet(made / "extract" / "note.parquet")
    assert notes["note_text"].null_count() == 1
    card = json.loads((made / "extract" / "card.json").read_text(encoding="utf-8"))
    assert card["text"]["withheld"] is None, "five values of one person are few"


def test_a_person_of_whom_nothing_is_known_refuses_all(tmp_path: Path) -> None:
    request = ask(tmp_path)
    lines = (tmp_path / "patients.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "patients.csv").write_text("".join(lines[:-2]), encoding="utf-8")
    with pytest.raises(ReleaseRefused, match=r"patients.csv has no row for 2 of 60 persons"):
        release_extract(request, tmp_path / "extract", key=tmp_path / "key")
    assert not (tmp_path / "extract").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("text: {known: patients.csv}\n", ""), r"tables.note.2: note.note_text is free text, which is released only"),
        (("{known: patients.csv}", "{known: patients.csv, known_by: name}"), r"text.known_by: "),
        (("{known: patients.csv}", "{style: tag}"), r"text.known: Field required"),
        (
            (", note_text]\n  measurement: [measurement_date, value_source_value]", "]"),
            r"text: no column of free text is asked for",
        ),
        (("patients.csv", "nobody.csv"), "cannot be read"),
        (("patients.csv}", "patients.csv, known_by: person_source_value}"), "no column person_source_value"),
    ],
)
def test_what_is_wrong_with_the_request_is_told(made: Path, tmp_path: Path, change: tuple[str, str], told: str) -> None:
    assert change[0] in REQUEST
    request = made / f"{tmp_path.name}.yaml"
    request.write_text(REQUEST.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        release_extract(request, tmp_path / "extract", key=made / "key")
