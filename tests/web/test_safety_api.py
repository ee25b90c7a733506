"""``/api/v1/safety``: cases, duplicates and signals over HTTP, messages checked, converted and completed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("lxml", reason="cannot run here: the extra bencao[safety] is not installed")
from fastapi.testclient import TestClient
from gated_board import Gated

from bencao.safety.case import case_of
from bencao.safety.case.json_form import to_json
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import write_cases
from bencao.web.http.api import ROOT, create_api
from bencao.web.safety.entry import add_safety_questions, open_safety_desk

MAIL = "A 54-year-old woman took warfarin 5 mg daily and was admitted to hospital with bleeding."


def case(name: str) -> list[Occurrence]:
    told = {"C.1.1": name, "D.5": "2", "D.2.2a": "54", "D.2.2b": "a"}
    return [*(Occurrence(number, (), value) for number, value in told.items()), Occurrence("G.k.2.2", (1,), "warfarin")]


@pytest.fixture(scope="module")
def client(shared_board: Gated, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "a.json").write_text(json.dumps(to_json(case_of(case("XX-1")))), encoding="utf-8")
    (folder / "b.json").write_text('{"patient": {"agee": "4"}}', encoding="utf-8")
    pair = {"a": "XX-1", "b": "XX-2", "probability": 0.9, "cluster": 1, "fields": []}
    (folder.parent / "pairs.jsonl").write_text(json.dumps(pair) + "\n", encoding="utf-8")
    measures = folder.parent / "measures.csv"
    measures.write_text("drug,event,n,ror,chi_squared,ic,ic025,ic975\nwarfarin,bleeding,12,6,40,2.4,2.1,2.7\n", "utf-8")
    desk = open_safety_desk((folder,), (), folder.parent / "pairs.jsonl", measures)
    yield TestClient(create_api(shared_board.board, [partial(add_safety_questions, desk=desk)]), root_path=ROOT)
    desk.close()


def test_cases_are_listed_and_shown_in_words_of_either_language(client: TestClient) -> None:
    rows = client.get("/safety/cases", params={"lang": "zh"}).json()["rows"]
    assert rows[0]["patient"] == "女性，54岁"
    assert "agee" in rows[1]["fault"]
    shown = client.get("/safety/cases/0").json()
    patient = dict(shown["sections"])["D"]
    assert {(row["element"], row["words"]) for row in patient} >= {("D.5", "female"), ("D.2.2b", "years")}


def test_duplicates_and_signals_are_given(client: TestClient) -> None:
    assert client.get("/safety/pairs").json()["rows"][0]["one"] == "XX-1"
    assert client.get("/safety/pairs/0").json()["missing"] == ["XX-2"]
    assert client.get("/safety/signals").json()["rows"][0]["drug"] == "warfarin"
    assert client.get("/safety/drugs/warfarin").json()["branches"][0]["event"] == "bleeding"


@pytest.mark.parametrize("path", ["/safety/cases/7", "/safety/cases/1", "/safety/pairs/x"])
def test_what_is_not_there_is_a_problem_document(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["mend"]


def test_without_cases_the_questions_about_them_are_refused(shared_board: Gated) -> None:
    bare = TestClient(create_api(shared_board.board, [partial(add_safety_questions, desk=None)]), root_path=ROOT)
    answer = bare.get("/safety/cases")
    assert (answer.status_code, answer.json()["title"]) == (404, "NothingOpen")


def test_entries_complete_a_case_and_a_wrong_one_is_named(client: TestClient) -> None:
    told = [{"element": "C.1.3", "value": "1"}, {"element": "C.1.2", "value": "2026-10-01 12:00:00"}]
    before = client.post("/safety/cases/0/completion", params={"region": "ICH"}, json=[]).json()
    after = client.post("/safety/cases/0/completion", params={"region": "ICH"}, json=told).json()
    gone = {row["element"] for row in before["rows"]} - {row["element"] for row in after["rows"]}
    assert gone >= {"C.1.3", "C.1.2"}
    assert "20261001120000" in after["message"]
    wrong = client.post("/safety/cases/0/completion", json=[{"element": "C.1.3", "value": "9"}]).json()
    [row] = [row for row in wrong["rows"] if row["element"] == "C.1.3"]
    assert "cannot hold" in row["fault"]
    for entry in ({"element": "C.9.9", "value": "9"}, {"element": "E.i.7", "repeats": [], "value": "1"}):
        refused = client.post("/safety/cases/0/completion", json=[entry])
        assert (refused.status_code, refused.json()["title"]) == (422, "InputError")
        assert entry["element"] in refused.json()["cause"]


def test_a_message_is_checked_and_converted(client: TestClient, tmp_path: Path) -> None:
    write_cases(tmp_path / "message.xml", [case_of(case("XX-9"))])
    message = (tmp_path / "message.xml").read_bytes()
    [checked] = client.post("/safety/validate", params={"region": "ICH"}, content=message).json()
    assert checked["safety_report_id"] == "XX-9"
    assert "ICH.C.1.3.required" in {finding["id"] for finding in checked["findings"]}
    made = client.post("/safety/convert", params={"from": "xml", "to": "json"}, content=message)
    assert made.headers["content-type"] == "application/json"
    assert "XX-9" in made.text
    broken = client.post("/safety/validate", content=message[:400])
    assert broken.status_code == 422
    assert "/" not in broken.json()["where"], "a folder of the server is told"
    entity = client.post(
        "/safety/validate", content=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    )
    assert entity.status_code == 422


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    answer = client.post("/safety/draft", content=b"a" * 20_000_001)
    assert (answer.status_code, answer.json()["title"]) == (413, "TooLarge")


def test_a_text_becomes_a_draft_with_the_words_of_each_value(client: TestClient) -> None:
    answer = client.post("/safety/draft", params={"name": "mail.txt"}, content=MAIL.encode()).json()
    assert answer["case"]["patient"]["age"]["value"] == "54"
    source = answer["case"]["patient"]["sex"]["source"]
    assert answer["text"][source["start"] : source["end"]] == "woman"
    refused = client.post("/safety/draft", params={"name": "../mail.txt"}, content=b"a")
    assert refused.status_code == 422


def test_words_are_coded_to_the_open_vocabulary(client: TestClient) -> None:
    [coded] = client.post("/safety/code", json={"texts": ["headache"]}).json()
    assert coded["candidates"][0]["name"]["preferred"] == "Headache"
    assert "HPO" in coded["vocabulary"] or "Human Phenotype" in coded["vocabulary"]


def test_the_description_names_every_question(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/safety/cases", "/safety/validate", "/safety/convert", "/safety/draft", "/safety/code"} <= set(paths)
