"""``/api/v1/submission``: a dossier and its check, a translation checked and saved, over HTTP."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("pikepdf", reason="cannot run here: the extra bencao[submission] is not installed")
from fastapi.testclient import TestClient
from gated_board import Gated

from bencao.kernel.errors import InputError
from bencao.submission.exchange.content import Tag
from bencao.submission.exchange.xliff import Segment, build_xliff, read_xliff, write_xliff
from bencao.web.http.api import ROOT, create_api
from bencao.web.submission.entry import add_submission_questions, open_submission_desks

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks" / "submission"
BOLD, PLAIN = Tag("open", "b1", "pc", (("id", "b1"),)), Tag("close", "b1", "pc")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    segments = [Segment("u1", ("Take ", BOLD, "12.5 mg", PLAIN, " twice a day.")), Segment("u2", ("Adverse events",))]
    write_xliff(build_xliff(segments, "en", "zh"), tmp_path / "review.xlf")
    return tmp_path / "review.xlf"


@pytest.fixture
def client(shared_board: Gated, review: Path) -> Iterator[TestClient]:
    desks = open_submission_desks(review=review)
    yield TestClient(create_api(shared_board.board, [partial(add_submission_questions, desks=desks)]), root_path=ROOT)
    desks.close()


@pytest.fixture
def dossier(shared_board: Gated, shared_data: Path, tmp_path: Path) -> Iterator[TestClient]:
    sys.path.insert(0, str(BENCHMARKS))
    from dossiers import build, official

    assets = official(shared_data / "submission", tmp_path / "official")
    desks = open_submission_desks(build("safety", tmp_path / "dossier", assets), assets=assets.folder)
    yield TestClient(create_api(shared_board.board, [partial(add_submission_questions, desks=desks)]), root_path=ROOT)
    desks.close()


def test_a_dossier_has_its_tree_its_check_and_its_leaves(dossier: TestClient) -> None:
    tree = dossier.get("/submission/dossier", params={"lang": "zh"}).json()
    leaves = [row for row in tree["rows"] if row["leaf"] is not None]
    assert tree["leaves"] == len(leaves) > 0
    found = dossier.get("/submission/findings").json()
    assert (found["verdict"], found["rules"], found["counts"]["error"]) == ("passes", 149, 0)
    leaf = dossier.get(f"/submission/leaves/{leaves[0]['leaf']}").json()
    assert [row["operation"] for row in leaf["history"]] == ["new"]
    assert dossier.get("/submission/leaves/999").status_code == 422
    assert dossier.get("/submission/segments").status_code == 404, "no translation is open"


def test_a_translation_is_checked_and_saved_once(client: TestClient, review: Path) -> None:
    view = client.get("/submission/segments").json()
    assert view["counts"]["untranslated"] == 2
    assert client.get("/submission/segments/1").json()["terms"][0]["text"] == "Adverse events"
    found = client.post("/submission/segments/0/check", json={"text": "每日两次，每次12.5克。"}).json()
    assert {one["kind"] for one in found} == {"unit", "tag"}

    change = {"number": 0, "text": "每日两次，每次12.5毫克。", "final": True}
    given = {"digest": view["digest"], "changes": [change]}
    refused = client.post("/submission/segments", json=given)
    assert (refused.status_code, refused.json()["title"]) == (422, "TagLost")
    change["text"] = "每日两次，每次<b1>12.5毫克</b1>。"
    saved = client.post("/submission/segments", json=given)
    assert saved.status_code == 200
    assert saved.json()["digest"] == client.get("/submission/segments").json()["digest"] != view["digest"]
    assert read_xliff(review).segments[0].state == "final"
    late = client.post("/submission/segments", json=given)
    assert (late.status_code, late.json()["title"]) == (409, "FileChanged")


def test_with_nothing_open_the_questions_are_refused(shared_board: Gated) -> None:
    bare = TestClient(create_api(shared_board.board, [partial(add_submission_questions, desks=None)]), root_path=ROOT)
    answer = bare.get("/submission/dossier")
    assert (answer.status_code, answer.json()["title"]) == (404, "NothingOpen")


def test_what_cannot_be_read_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no sequence"):
        open_submission_desks(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        open_submission_desks(review=tmp_path / "none.xlf")


def test_without_its_packages_the_room_is_absent_and_names_the_install_step() -> None:
    blocked = """
import sys
sys.modules["pikepdf"] = None
from pathlib import Path
from fastapi import FastAPI
from bencao.kernel.errors import EngineMissing
from bencao.web.submission.entry import add_submission_questions, open_submission_desks
api = FastAPI()
before = len(api.routes)
add_submission_questions(api, None)
assert len(api.routes) == before
try:
    open_submission_desks(Path("x"))
except EngineMissing as error:
    print(error)
"""
    ended = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "a submission needs pikepdf; pip install 'bencao[submission]'"
