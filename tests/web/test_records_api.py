"""``/api/v1/records``: checks and their rows, rules reviewed, notes corrected, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="cannot run here: the extra bencao[records] is not installed")
from fastapi.testclient import TestClient
from gated_board import Gated

from bencao.kernel.errors import InputError
from bencao.records.cdm.database import open_database
from bencao.records.mapping.model import Mapping, Rule, TableMap, read_mapping, write_mapping
from bencao.records.quality.checking import check_quality
from bencao.records.quality.storing import write_quality
from bencao.web.http.api import ROOT, create_api
from bencao.web.records.entry import RecordsPlaces, add_records_questions, open_records_desks


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordsPlaces:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "omop").mkdir()
    person = (
        "person_id,gender_concept_id,year_of_birth,race_concept_id,ethnicity_concept_id\n1,,1980,0,0\n2,8507,1700,0,0\n"
    )
    (tmp_path / "omop" / "person.csv").write_text(person, encoding="utf-8")
    with open_database(tmp_path / "omop") as database:
        write_quality(check_quality(database), tmp_path / "result.json")
    rule = Rule(rule="sex", columns=["性别"], probability=0.7)
    table_map = TableMap(source="患者", table="person", fields={"gender_concept_id": rule})
    write_mapping(Mapping(hospital="甲院", tables=[table_map]), tmp_path / "mapping.yaml")
    note = json.dumps({"note_id": "n1", "note_text": "高血压10年。"}, ensure_ascii=False)
    (tmp_path / "notes.jsonl").write_text(note + "\n", encoding="utf-8")
    return RecordsPlaces(
        quality=(tmp_path / "result.json",),
        database=tmp_path / "omop",
        mapping=tmp_path / "mapping.yaml",
        notes=tmp_path / "notes.jsonl",
    )


@pytest.fixture
def client(shared_board: Gated, places: RecordsPlaces) -> Iterator[TestClient]:
    desks = open_records_desks(places)
    yield TestClient(create_api(shared_board.board, [partial(add_records_questions, desks=desks)]), root_path=ROOT)
    desks.close()


def test_checks_and_the_rows_that_violate_them(client: TestClient) -> None:
    view = client.get("/records/checks", params={"table": "person"}).json()
    assert "field_isrequired_person_gender_concept_id" in [row["id"] for row in view["rows"]]
    found = client.get("/records/checks/field_plausiblevaluelow_person_year_of_birth", params={"lang": "zh"}).json()
    assert found["describes"] == "year_of_birth 低于 1850.0 的值"
    assert found["total"] == 1
    assert client.get("/records/sites").json()["totals"] == [sum(view["tables"].values())]
    assert client.get("/records/checks/none").status_code == 422
    assert client.get("/records/checks", params={"site": 7}).status_code == 422


def test_a_rule_is_reviewed_once(client: TestClient, places: RecordsPlaces) -> None:
    (row,) = client.get("/records/rules").json()["rows"]
    assert (row["probability"], row["reviewed"]) == (0.7, False)
    digest = client.get(f"/records/rules/{row['entry']}").json()["digest"]
    wrong = client.post(f"/records/rules/{row['entry']}", json={"digest": digest, "text": "rule: gender"})
    assert (wrong.status_code, wrong.json()["title"]) == (422, "MappingError")
    given = {"digest": digest, "text": "rule: sex\ncolumns: [性别]"}
    assert client.post(f"/records/rules/{row['entry']}", json=given).status_code == 200
    assert places.mapping is not None
    assert read_mapping(places.mapping).tables[0].fields["gender_concept_id"].reviewed
    again = client.post(f"/records/rules/{row['entry']}", json=given)
    assert again.json()["title"] == "FileChanged"


def test_a_note_is_corrected_and_what_lies_outside_it_is_refused(client: TestClient, places: RecordsPlaces) -> None:
    view = client.get("/records/notes/0").json()
    outside = {"digest": view["digest"], "entities": [{"start": 0, "end": 99, "kind": "disease"}]}
    assert client.post("/records/notes/0", json=outside).status_code == 422
    given = {"digest": view["digest"], "entities": [{"start": 0, "end": 3, "kind": "disease", "assertion": "past"}]}
    assert client.post("/records/notes/0", json=given).status_code == 200
    assert client.get("/records/notes", params={"kind": "reviewed"}).json()["total"] == 1
    assert client.post("/records/notes/0", json=given).json()["title"] == "FileChanged"
    assert places.notes is not None
    held = json.loads(places.notes.with_suffix(".reviewed.jsonl").read_text(encoding="utf-8"))
    assert held["entities"] == [{"start": 0, "end": 3, "label": "disease", "status": "past"}]


def test_what_is_not_open_is_refused(shared_board: Gated) -> None:
    closed = TestClient(create_api(shared_board.board, [partial(add_records_questions, desks=None)]), root_path=ROOT)
    for path in ("checks", "rules", "notes"):
        assert closed.get(f"/records/{path}").status_code == 404


def test_what_cannot_be_read_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "notes.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    for places in (
        RecordsPlaces(quality=(tmp_path / "none.json",)),
        RecordsPlaces(mapping=tmp_path / "none.yaml"),
        RecordsPlaces(notes=tmp_path / "notes.jsonl"),
    ):
        with pytest.raises(InputError):
            open_records_desks(places)
