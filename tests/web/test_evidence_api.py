"""``/api/v1/evidence``: protocols are saved and frozen, studies run, and results locked until the design holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("ibis", reason="cannot run here: the extra bencao[evidence] is not installed")
from fastapi.testclient import TestClient
from gated_board import Gated, until

from bencao.kernel.ledger import Ledger, trace_file
from bencao.web.evidence.entry import add_evidence_questions, open_evidence_desk
from bencao.web.http.api import ROOT, create_api

PROTOCOL = """study: programme
title: A programme and success
data: table
person: id
strategies:
  treatment: {name: programme, column: arm, value: 1}
  comparator: {name: none, column: arm, value: 0}
outcome: {kind: binary, events: {name: success, column: success}}
covariates: [{name: a}, {name: b}]
"""


def people(push: float, n: int = 600) -> str:
    """Persons whose covariate a moves treatment so strongly, as CSV."""
    draw = np.random.default_rng(4)
    a, b = draw.normal(size=(2, n))
    arm = (push * a + draw.logistic(size=n) > 0).astype(int)
    success = (0.8 * arm + a + draw.logistic(size=n) > 0).astype(int)
    return pd.DataFrame({"id": range(n), "arm": arm, "a": a, "b": b, "success": success}).to_csv(index=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the server runs; its studies lie in a folder below."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "studies").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("BENCAO_WORKSPACE", raising=False)
        yield folder


@pytest.fixture(scope="module")
def client(shared_board: Gated, folder: Path) -> Iterator[TestClient]:
    desk = open_evidence_desk(folder / "studies")
    room = partial(add_evidence_questions, desk=desk)
    yield TestClient(create_api(shared_board.board, [room]), root_path=ROOT)
    desk.close()


def run(client: TestClient, **told: Any) -> dict[str, Any]:
    """A study's job once it is over."""
    started = client.post("/evidence/studies", json={"protocol": "study.yaml", **told})
    assert started.status_code == 202, started.text
    answer: dict[str, Any] = {}

    def over() -> bool:
        answer.update(client.get(started.headers["location"].removeprefix(ROOT)).json())
        return answer["status"] not in ("waiting", "running")

    until(over)
    return answer


def test_a_protocol_is_saved_frozen_and_amended_with_its_changes_beside_it(client: TestClient) -> None:
    wrong = client.post("/evidence/check", params={"lang": "zh"}, json={"text": PROTOCOL + "follow_up: {days: a}"})
    assert wrong.json()["amiss"] == [{"key": "follow_up.days", "kind": "ProtocolError", "cause": "请填整数"}]
    digest = client.put("/evidence/protocols/programme.yaml", json={"text": PROTOCOL}).json()["digest"]
    row = next(one for one in client.get("/evidence/protocols").json() if one["name"] == "programme.yaml")
    assert (row["title"], row["amiss"], row["registered"]) == ("A programme and success", 0, 0)
    frozen = client.post("/evidence/protocols/programme.yaml/register", json={"digest": digest}).json()
    assert [one["number"] for one in frozen["versions"]] == [1]
    assert frozen["versions"][0]["sha256"] == frozen["sha256"]
    changed = {"text": PROTOCOL + "follow_up: {days: 90}\n", "digest": "0" * 64}
    refused = client.put("/evidence/protocols/programme.yaml", json=changed)
    assert (refused.status_code, refused.json()["title"]) == (409, "FileChanged")
    digest = client.put("/evidence/protocols/programme.yaml", json=changed | {"digest": digest}).json()["digest"]
    assert client.get("/evidence/protocols/programme.yaml").json()["pending"] == [["follow_up.days", "365", "90"]]
    bare = client.post("/evidence/protocols/programme.yaml/register", json={"digest": digest})
    assert (bare.status_code, bare.json()["title"]) == (422, "ProtocolError")
    told = {"digest": digest, "reason": "follow-up was too long"}
    amended = client.post("/evidence/protocols/programme.yaml/register", json=told).json()["versions"][1]
    assert (amended["reason"], amended["changes"]) == (told["reason"], [["follow_up.days", "365", "90"]])


@pytest.mark.parametrize("name", ["..%2Fa.yaml", ".a.yaml", "a.txt", "a%00.yaml"])
def test_no_file_is_written_but_protocols_in_the_folder(client: TestClient, folder: Path, name: str) -> None:
    before = sorted(folder.rglob("*"))
    refused = client.put(f"/evidence/protocols/{name}", json={"text": PROTOCOL})
    assert refused.status_code in (404, 422)
    assert sorted(folder.rglob("*")) == before


def test_data_come_in_whole_and_show_their_shape_only(client: TestClient, folder: Path) -> None:
    shape = client.put("/evidence/data/people.csv", content=people(0.4)).json()
    assert (shape["form"], shape["persons"], shape["parts"][1]) == ("table", 600, ["arm", "bigint"])
    assert client.get("/evidence/data").json()[0]["name"] == "people.csv"
    again = client.put("/evidence/data/people.csv", content="a\n1\n")
    assert (again.status_code, again.json()["cause"]) == (422, "is there already")
    (folder / "beyond.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "studies" / "link.csv").symlink_to(folder / "beyond.csv")
    assert client.get("/evidence/data/link.csv").status_code == 422
    assert client.put("/evidence/data/people.exe", content="a").status_code == 422


def test_results_are_locked_until_the_design_holds_or_a_reason_is_in_the_ledger(
    client: TestClient, folder: Path
) -> None:
    client.put("/evidence/protocols/study.yaml", json={"text": PROTOCOL.replace("programme\n", "study\n", 1)})
    client.put("/evidence/data/poor.csv", content=people(4.0))
    locked = run(client, data="poor.csv")
    assert (locked["status"], locked["hidden"]) == ("done", True)
    assert "equipoise" in locked["failed"]
    told = client.get(f"/evidence/jobs/{locked['id']}/study.json").json()
    assert told["hidden"]
    assert not told["estimates"]
    shown = run(client, data="poor.csv", despite="the board asked")
    assert not shown["hidden"]
    page = client.get(f"/evidence/jobs/{shown['id']}/study.html", params={"lang": "zh"})
    assert "the board asked" in page.text
    assert 'lang="zh' in page.text
    (folder / "study.html").write_bytes(page.content)
    with Ledger(None) as ledger:
        assert trace_file(ledger, folder / "study.html").origins
        reasons = [one.parameters["despite"] for _, one in ledger.entries() if one.command == "evidence study"]
    assert reasons == ["", "the board asked"]
    wrong = run(client, data="poor.csv", digest="0" * 64)
    assert (wrong["status"], wrong["error"]["title"]) == ("failed", "FileChanged")


def test_without_a_folder_the_questions_about_it_are_refused(shared_board: Gated) -> None:
    room = partial(add_evidence_questions, desk=None)
    bare = TestClient(create_api(shared_board.board, [room]), root_path=ROOT)
    assert bare.get("/evidence/protocols").status_code == 404
    assert bare.get("/evidence/jobs/none").json()["title"] == "NothingOpen"
    paths = json.loads(bare.get("/openapi.json").text)["paths"]
    assert {"/evidence/check", "/evidence/studies", "/evidence/data/{name}"} <= set(paths)
