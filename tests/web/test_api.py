"""``/api/v1``: the planner's answers over HTTP, errors that say what to do, files that the ledger knows."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from gated_board import GATED, HELD, LIDOCAINE, PARACETAMOL, Gated, until
from rdkit import Chem

from bencao.kernel.ledger import Ledger, trace_file
from bencao.synthesis import Limits, load_proposer, plan
from bencao.web.http.api import ROOT, create_api


@pytest.fixture(scope="session")
def client(shared_board: Gated) -> TestClient:
    return TestClient(create_api(shared_board.board), root_path=ROOT)


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)


def finished(client: TestClient, gated: Gated, **body: Any) -> dict[str, Any]:
    """A plan's job once it is over."""
    started = client.post("/plan", json={"expansions": 10, **body})
    assert started.status_code == 202, started.text
    assert started.headers["location"] == f"{ROOT}/jobs/{started.json()['id']}"
    gated.board.wait(started.json()["id"], 240)
    answer: dict[str, Any] = client.get(f"/jobs/{started.json()['id']}").json()
    return answer


def test_a_plan_over_http_is_the_plan_of_the_package(client: TestClient, gated: Gated, hand_model: Path) -> None:
    job = finished(client, gated, smiles=LIDOCAINE, routes=2)
    assert job["status"] == "done"
    here = plan(LIDOCAINE, proposer=load_proposer(hand_model), limits=Limits(expansions=10), routes=2)
    assert job["plan"]["routes"] == json.loads(json.dumps(here.as_json()))["routes"]
    assert job["progress"]["expansions"] == here.expansions


def test_a_job_is_looked_at_while_it_runs_and_cancelled(client: TestClient, gated: Gated) -> None:
    job_id = client.post("/plan", json={"smiles": GATED}).json()["id"]
    until(lambda: gated.asked(HELD))
    running = client.get(f"/jobs/{job_id}").json()
    assert (running["status"], running["plan"], running["error"]) == ("running", None, None)
    assert running["progress"]["expansions"] >= 1
    assert running["progress"]["routes"] == 1
    assert client.get("/health").json()["running"] == 1
    early = client.get(f"/jobs/{job_id}/plan.json")
    assert early.status_code == 409
    assert early.json()["title"] == "NotFinished"
    assert client.post(running["links"]["cancel"].removeprefix(ROOT)).status_code == 200
    gated.open_gate()
    gated.board.wait(job_id, 240)
    assert client.get(f"/jobs/{job_id}").json()["status"] == "cancelled"


def test_a_locked_bond_is_kept_and_another_route_is_found(client: TestClient, gated: Gated) -> None:
    free = finished(client, gated, smiles=LIDOCAINE)["plan"]["routes"][0]["tree"]["step"]["reactants"]
    locked = finished(client, gated, smiles=LIDOCAINE, constraints={"freeze": ["3-6"]})["plan"]
    assert "CCNCC" in free.split(".")
    assert locked["routes"]
    for route in locked["routes"]:
        assert route["constraints"] == [{"constraint": "freeze", "asked": "3-6", "met": True, "detail": ""}]
        assert "CCNCC" not in route["tree"]["step"]["reactants"].split(".")


@pytest.mark.parametrize(
    ("body", "title", "where"),
    [
        ({"smiles": "CC("}, "UnparsableSmiles", ""),
        ({"smiles": LIDOCAINE, "constraints": {"freeze": ["1-9"]}}, "ConstraintError", "bond 1-9"),
        ({"smiles": LIDOCAINE, "constraints": {"ban_element": ["Xx"]}}, "ConstraintError", "ban-element"),
        ({"smiles": LIDOCAINE, "constraints": {"ban_clas": [1]}}, "InputError", "body.constraints.ban_clas"),
        ({"smiles": LIDOCAINE, "seconds": 86400}, "InputError", "body.seconds"),
        ({"smiles": LIDOCAINE, "depth": 0}, "InputError", "depth"),
        ({"smiles": "CCOP(C)(=O)SCCN(C(C)C)C(C)C"}, "ScheduledTarget", None),
        ({}, "InputError", "body.smiles"),
    ],
)
def test_what_is_wrong_is_said_at_once(
    client: TestClient, gated: Gated, body: dict[str, Any], title: str, where: str | None
) -> None:
    answer = client.post("/plan", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["title"] == title
    assert told["status"] == 422
    assert told["cause"]
    if where is not None:
        assert told["where"] == where


def test_a_job_nobody_started_is_not_found(client: TestClient, gated: Gated) -> None:
    for answer in (client.get("/jobs/none"), client.post("/jobs/none/cancel"), client.get("/jobs/none/plan.html")):
        assert answer.status_code == 404
        assert answer.json()["title"] == "UnknownJob"
        assert answer.json()["mend"]
    assert client.get("/nothing").status_code == 404
    assert client.get("/nothing").json()["status"] == 404


def test_too_many_jobs_are_told_to_come_again(client: TestClient, gated: Gated) -> None:
    answers = [client.post("/plan", json={"smiles": GATED}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429] or [
        answer.status_code for answer in answers
    ] == [202, 202, 429, 429], "a worker may not have taken the first yet"
    assert answers[-1].json()["title"] == "Busy"
    assert answers[-1].headers["retry-after"]


def test_single_steps_come_with_the_answer(client: TestClient, gated: Gated) -> None:
    answer = client.post("/expand", json={"smiles": f"{PARACETAMOL}.Cl", "top": 2, "precedents": True})
    assert answer.status_code == 200
    found = answer.json()
    assert found["smiles"] == PARACETAMOL
    assert found["warnings"] == ["left out as counter-ion or solvate: hydrochloric acid"]
    assert len(found["proposals"]) == 2
    assert found["proposals"][0]["precedents"] is not None
    assert client.post("/expand", json={"smiles": "CC("}).json()["title"] == "UnparsableSmiles"


def test_what_is_downloaded_can_be_traced(client: TestClient, gated: Gated, tmp_path: Path) -> None:
    job = finished(client, gated, smiles=LIDOCAINE, name="lidocaine")
    for name in ("plan.html", "plan.json", "routes.sdf", "leaves.csv"):
        answer = client.get(job["links"][name].removeprefix(ROOT), params={"lang": "zh"})
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        saved = tmp_path / "elsewhere" / f"my {name}"
        saved.parent.mkdir(exist_ok=True)
        saved.write_bytes(answer.content)
        with Ledger(None) as ledger:
            (origin,) = [one for one in trace_file(ledger, saved).origins if one.depth == 0]
        assert origin.entry and origin.entry.command == "serve plan"
        assert origin.entry.parameters["smiles"] == LIDOCAINE
        assert "template-relevance" in origin.entry.versions
    with Ledger(None) as ledger:
        assert len(list(ledger.entries())) == 4


def test_each_form_of_a_plan_is_what_it_says(client: TestClient, gated: Gated) -> None:
    job = finished(client, gated, smiles=LIDOCAINE, name="lidocaine")

    def text(name: str, lang: str = "en") -> str:
        return client.get(f"/jobs/{job['id']}/{name}", params={"lang": lang}).text

    assert "How to make lidocaine" in text("plan.html")
    assert "lidocaine 的合成路线" in text("plan.html", "zh")
    assert json.loads(text("plan.json")) == job["plan"]
    supplier = Chem.SDMolSupplier()
    supplier.SetData(text("routes.sdf"))
    assert Chem.MolToSmiles(next(iter(supplier))) == job["plan"]["target"]
    assert "CCNCC" in [row["smiles"] for row in csv.DictReader(io.StringIO(text("leaves.csv")))]
    assert client.get(f"/jobs/{job['id']}/plan.html", params={"lang": "fr"}).status_code == 422


def test_the_openapi_document_and_its_page_tell_every_call_and_load_nothing(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    assert {"/plan", "/expand", "/jobs/{job_id}", "/jobs/{job_id}/cancel", "/health"} <= schema["paths"].keys()
    assert {"401", "404", "422", "429"} <= schema["paths"]["/plan"]["post"]["responses"].keys()
    page = client.get("/docs").text
    for path in schema["paths"]:
        assert f"{ROOT}{path}" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "<script" not in page
