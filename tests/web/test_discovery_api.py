"""``/api/v1/discovery``: files kept, targets made ready, screens that outlive the server, hits, over HTTP."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("vina", reason="cannot run here: the extra bencao[discovery] is not installed")
from fastapi.testclient import TestClient
from gated_board import Gated, until
from rdkit import Chem
from rdkit.Chem import AllChem

from bencao.discovery.browse.folds import FOLD_STAGES
from bencao.discovery.browse.scenes import CONFIDENCE
from bencao.discovery.folding.alignment import Alignment
from bencao.discovery.folding.folding import Fold, FoldWatch
from bencao.discovery.funnel.task import Target, Task
from bencao.kernel.ledger import Ledger, trace_file
from bencao.web.discovery.board import Bench, FoldOrder, ScreenBoard, ScreenOrder, read_figures
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.entry import add_discovery_questions
from bencao.web.discovery.forms import FoldForm, ScreenForm
from bencao.web.http.api import ROOT, create_api
from bencao.web.jobs import Job
from bencao.web.orders import Slate

ATOM = "ATOM  {:5d}  {:<3} MET A 318    {:8.3f}{:8.3f}{:8.3f}  1.00  0.00           {}  \n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiscoveryDesk]:
    opened = DiscoveryDesk(tmp_path_factory.mktemp("discovery") / "screens")
    yield opened
    opened.close()


@pytest.fixture
def client(shared_board: Gated, desk: DiscoveryDesk) -> TestClient:
    return TestClient(create_api(shared_board.board, [partial(add_discovery_questions, desk=desk)]), root_path=ROOT)


def kept(client: TestClient, name: str, text: str) -> str:
    answer = client.post("/discovery/files", params={"name": name}, content=text)
    assert answer.status_code == 201
    return str(answer.json()["file"])


def finished(desk: DiscoveryDesk) -> str:
    """A screen as one leaves it: a hit with one hydrogen bond."""
    files = [desk.shelf.file(desk.shelf.keep(name, b"CCO\n")) for name in ("site.pdb", "library.smi")]
    name = desk.shelf.add(Task(Target(files[0], pocket=1), files[1]))
    pose = Chem.AddHs(Chem.MolFromSmiles("c1ccncc1"))
    AllChem.EmbedMolecule(pose, randomSeed=1)
    contact = {"residue": "A:MET318", "kind": "hydrogen bond", "atom": "N", "distance": 2.9, "ligand_atoms": [3]}
    hit = {"rank": 1, "row": 1, "name": "pyridine", "smiles": "c1ccncc1", "score": -4.2, "interactions": [contact]}
    place = desk.shelf.place(name)
    (place / "screen.json").write_text(json.dumps({"stages": [], "controls": None, "hits": [hit]}))
    (place / "hits.sdf").write_text(Chem.MolToMolBlock(pose) + ">  <rank>\n1\n\n$$$$\n")
    rows = [ATOM.format(1, "N", 1.0, 2.0, 3.0, "N"), ATOM.format(2, "CA", 2.0, 3.0, 4.0, "C")]
    (place / "receptor.pdb").write_text("".join(rows))
    (place / "hits.csv").write_text("rank\n1\n")
    for page in ("report.html", "report.zh.html"):
        (place / page).write_text(page)
    return name


def test_what_is_missing_is_named_before_anything_is_started(client: TestClient) -> None:
    library, structure = kept(client, "library.smi", "CCO ethanol\n"), kept(client, "site.pdb", "END\n")
    whole = {"structure": structure, "library": library, "site": "pocket 1"}
    for wrong, where in (
        ({"site": ""}, "site"),
        ({"site": "pocket one"}, "site"),
        ({"structure": "0" * 32}, "file"),
        ({"library": " "}, "library"),
        ({"decoys": "CCO"}, "decoys"),
        ({"nearest": 5}, "nearest"),
        ({"exhaustivenes": 1}, "body.exhaustivenes"),
    ):
        answer = client.post("/discovery/screens", json=whole | wrong)
        assert (answer.status_code, answer.json()["where"]) == (422, where)
        assert answer.json()["mend"]


def test_a_file_s_name_leads_nowhere_else(client: TestClient, desk: DiscoveryDesk) -> None:
    path = desk.shelf.file(kept(client, "../../etc/pass wd.smi", "CCO\n"))
    assert path.is_relative_to(desk.shelf.folder)
    assert path.name == "pass_wd.smi"
    assert client.get("/discovery/screens/..%2F..%2Ffiles").status_code in (404, 422)


def test_a_screen_that_cannot_be_done_fails_with_its_cause_and_may_go_on(
    client: TestClient, desk: DiscoveryDesk
) -> None:
    name = desk.shelf.add(Task(Target(Path("site.pdb")), Path("library.smi")))
    (desk.shelf.place(name) / "task.json").write_text('{"target": 1}')
    here = f"/discovery/screens/{name}"
    assert client.get(here).json()["status"] == "stopped", "another server's, for all this one knows"
    assert client.post(f"{here}/resume").status_code == 202
    until(lambda: client.get(here).json()["status"] == "failed")
    answer = client.get(here).json()
    assert "of another form" in answer["error"]["cause"]
    assert "resume" in answer["links"]
    assert client.post(f"{here}/stop").json()["status"] == "failed"


def test_a_new_server_knows_what_another_began(desk: DiscoveryDesk) -> None:
    name = finished(desk)
    other = ScreenBoard(desk.shelf, desk.folds)
    assert other.standing(name).state == "done"
    (desk.shelf.place(name) / "report.zh.html").unlink()
    assert other.standing(name).state == "stopped"
    other.close()


def test_a_screen_that_ends_while_one_looks_is_not_called_stopped(desk: DiscoveryDesk) -> None:
    name = finished(desk)
    last = desk.shelf.place(name) / "report.zh.html"
    last.unlink()
    board = ScreenBoard(desk.shelf, desk.folds)

    def ending(job: str) -> Job:
        last.write_text("")
        return Job(job, ScreenOrder(job), "page", status="done", ended=0.0)

    board.get = ending  # type: ignore[method-assign]
    assert board.standing(name).state == "done"
    board.close()


def test_a_hit_has_its_contacts_drawn_and_its_scene(client: TestClient, desk: DiscoveryDesk) -> None:
    here = f"/discovery/screens/{finished(desk)}"
    assert client.get(here).json()["result"]["hits"][0]["name"] == "pyridine"
    hit = client.get(f"{here}/hits/1", params={"lang": "zh"}).json()
    assert hit["contacts"] == [{"residue": "A:MET318", "kind": "hydrogen bond", "atom": "N", "distance": 2.9}]
    assert "A:MET318" in hit["diagram"]
    assert "氢键" in hit["diagram"]
    scene = client.get(f"{here}/hits/1/scene.mvsj").json()
    receptor, ligand, contacts, _ = scene["root"]["children"]
    assert [node["children"][0]["params"]["format"] for node in (receptor, ligand)] == ["pdb", "mmcif"]
    (line,) = contacts["children"]
    assert line["params"]["end"] == [1.0, 2.0, 3.0]
    selected = receptor["children"][0]["children"][0]["children"][1]["params"]["selector"]
    assert selected == [{"auth_asym_id": "A", "auth_seq_id": 318}]
    assert client.get(f"{here}/hits/2").status_code == 422


def test_files_of_a_screen_in_the_language_asked_for(client: TestClient, desk: DiscoveryDesk) -> None:
    here = f"/discovery/screens/{finished(desk)}/files"
    assert client.get(f"{here}/report.html", params={"lang": "zh"}).text == "report.zh.html"
    assert client.get(f"{here}/hits.csv").headers["content-type"].startswith("text/csv")
    assert client.get(f"{here}/task.json").status_code == 422


def test_a_sequence_is_folded_and_shown_by_its_confidence(
    client: TestClient, desk: DiscoveryDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = client.post("/discovery/folds", json={"sequence": "MKTAYIAKQRQISFVKSHFSRQBEERL"}).json()
    assert wrong["where"].endswith("residue 23")
    task = FoldForm(sequence=">design\nMKTAYIAKQRQISFVKSHFSRQ").read(desk.folds)
    name = desk.folds.add(task)
    before = client.get(f"/discovery/folds/{name}").json()
    assert (before["status"], before["stage"], before["done"]) == ("stopped", "networks", 0)

    said = []

    def folded(alignment: Alignment, *, seed: int, workers: int, watch: FoldWatch) -> Fold:
        watch("backbones", 2, 5)
        said.append(read_figures(bench.slate.read(), FOLD_STAGES))
        sure = np.linspace(0.2, 0.8, len(alignment.sequence))
        return Fold(alignment.name, alignment.sequence, "END\n", np.zeros((1, 3)), sure, (1.0,), 0)

    monkeypatch.setattr("bencao.discovery.folding.folding.fold", folded)
    monkeypatch.chdir(tmp_path)
    bench = Bench(desk.shelf, desk.folds, 1, Slate.new())
    FoldOrder(name).carry_out(bench)
    assert said == [("backbones", 2, 5)]
    answer = client.get(f"/discovery/folds/{name}").json()
    assert (answer["status"], answer["result"]["name"], answer["result"]["trust"]) == ("done", "design", 50.0)
    scene = client.get(answer["links"]["scene.mvsj"].removeprefix(ROOT)).json()
    chain = scene["root"]["children"][0]["children"][0]["children"][0]["children"][0]
    colours = [node["params"]["color"] for node in chain["children"][0]["children"][1:]]
    assert colours[0] == CONFIDENCE[-1][1]
    assert colours[-1] == CONFIDENCE[0][1]
    with Ledger(tmp_path / ".bencao") as ledger:
        assert trace_file(ledger, desk.folds.place(name) / "fold.pdb").known


def test_without_the_room_the_answer_says_how_to_open_it(shared_board: Gated) -> None:
    closed = TestClient(create_api(shared_board.board, [partial(add_discovery_questions, desk=None)]), root_path=ROOT)
    answer = closed.get("/discovery/screens/abcdefgh")
    assert answer.status_code == 404
    assert "bencao[discovery]" in answer.json()["mend"]


def test_the_manual_s_command_and_call_are_taken(bencao: Callable[..., Any], desk: DiscoveryDesk) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "discovery.md").read_text(encoding="utf-8")
    section = manual.partition("## On a page")[2]
    (command,) = [line for line in section.splitlines() if line.startswith("bencao serve")]
    # A token too short ends it where it would begin to serve.
    assert "a token of 1 characters" in bencao(*shlex.split(command)[1:], "--token", "x").err
    (body,) = re.findall(r"-d '(\{.*?\})'", section)
    told = json.loads(body) | {"structure": desk.shelf.keep("site.pdb", b"END\n")}
    task = ScreenForm.model_validate(told).read(desk.shelf)
    assert (task.target.pocket, task.plan.search.exhaustiveness) == (1, 8)
