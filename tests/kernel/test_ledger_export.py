"""What others read: PROV-JSON and RO-Crate 1.1, checked against the rules of their specifications."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bencao.kernel.errors import InputError, LedgerError
from bencao.kernel.ledger import Ledger, record, write_prov, write_ro_crate
from bencao.kernel.ledger_commands import app

RELATIONS = {  # relation -> what its two ends must be
    "used": ("activity", "entity"),
    "wasGeneratedBy": ("entity", "activity"),
    "wasAssociatedWith": ("activity", "agent"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which two commands ran and one failed; one of the files was overwritten."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)
    Path("raw data.csv").write_text("CCO")
    for content in ("old", "new"):
        with record(None, "synthesis plan", parameters={"routes": 5, "stock": "默认"}, versions={"model": "m1"}) as job:
            job.used("raw data.csv")
            Path("路线.html").write_text(content)
            job.generated("路线.html")
    with pytest.raises(InputError), record(None, "synthesis expand") as job:
        job.used("路线.html")
        raise InputError("no molecule")
    return tmp_path


@pytest.fixture
def prov(folder: Path) -> dict[str, Any]:
    with Ledger() as ledger:
        write_prov(ledger, folder / "prov.json")
    document: dict[str, Any] = json.loads((folder / "prov.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture
def crate(folder: Path) -> dict[str, dict[str, Any]]:
    """Entities of the crate by @id."""
    with Ledger() as ledger:
        path = write_ro_crate(ledger, folder)
    assert path == folder / "ro-crate-metadata.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    graph = document["@graph"]
    assert len({entity["@id"] for entity in graph}) == len(graph)
    return {entity["@id"]: entity for entity in graph}


def test_every_prov_relation_joins_things_that_are_described(prov: dict[str, Any]) -> None:
    assert set(prov) == {"prefix", "entity", "activity", "agent", *RELATIONS}
    for relation, ends in RELATIONS.items():
        assert prov[relation]
        for row in prov[relation].values():
            for end in ends:
                assert row[f"prov:{end}"] in prov[end]


def test_every_prov_name_has_a_declared_prefix(prov: dict[str, Any]) -> None:
    known = {*prov["prefix"], "prov", "xsd", "_"}
    for kind in ("entity", "activity", "agent", *RELATIONS):
        for name, attributes in prov[kind].items():
            assert all(re.fullmatch(r"[\w]+:\S+", key) and key.split(":")[0] in known for key in (name, *attributes))


def test_prov_tells_what_each_command_did(prov: dict[str, Any]) -> None:
    activities = list(prov["activity"].values())
    assert [activity["prov:label"] for activity in activities] == ["synthesis plan"] * 2 + ["synthesis expand"]
    assert json.loads(activities[0]["bencao:parameters"]) == {"routes": 5, "stock": "默认"}
    assert (activities[2]["bencao:status"], activities[2]["bencao:error"]) == ("failed", "InputError: no molecule")
    # The same content is one entity, two contents of one path are two.
    digests = {entity["bencao:sha256"] for entity in prov["entity"].values()}
    assert digests == {hashlib.sha256(content).hexdigest() for content in (b"CCO", b"old", b"new")}
    assert (len(prov["used"]), len(prov["wasGeneratedBy"])) == (3, 2)


def test_the_crate_has_its_descriptor_and_root(crate: dict[str, dict[str, Any]]) -> None:
    descriptor, root = crate["ro-crate-metadata.json"], crate["./"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert root["@type"] == "Dataset"
    assert all(root[name] for name in ("name", "description", "datePublished", "license"))
    files = [entity["@id"] for entity in crate.values() if entity["@type"] == "File"]
    assert [part["@id"] for part in root["hasPart"]] == files


def test_every_reference_in_the_crate_is_described(crate: dict[str, dict[str, Any]]) -> None:
    elsewhere = ("https://w3id.org/ro/crate/", "http://schema.org/")
    for entity in crate.values():
        for value in entity.values():
            for reference in value if isinstance(value, list) else [value]:
                if isinstance(reference, dict):
                    assert set(reference) == {"@id"}
                    assert reference["@id"] in crate or reference["@id"].startswith(elsewhere)


def test_the_crate_has_an_action_an_entry(crate: dict[str, dict[str, Any]]) -> None:
    actions = [entity for entity in crate.values() if entity["@type"] == "CreateAction"]
    assert [action["name"] for action in actions] == ["synthesis plan"] * 2 + ["synthesis expand"]
    kinds = [crate[tool["@id"]]["@type"] for tool in actions[0]["instrument"]]
    assert kinds == ["SoftwareApplication", "CreativeWork"]
    parameters = {crate[item["@id"]]["name"]: crate[item["@id"]].get("value") for item in actions[0]["object"][1:]}
    assert parameters == {"routes": "5", "stock": "默认"}
    assert actions[2]["actionStatus"] == {"@id": "http://schema.org/FailedActionStatus"}
    assert (actions[2]["error"], actions[2]["result"]) == ("InputError: no molecule", [])


def test_only_a_file_that_is_there_unchanged_stands_under_its_path(crate: dict[str, dict[str, Any]]) -> None:
    old, new, last = (crate[f"#entry-{number}"] for number in range(3))
    assert new["object"][0] == {"@id": "raw%20data.csv"}
    assert new["result"] == last["object"] == [{"@id": "路线.html"}]
    (overwritten,) = old["result"]
    assert overwritten["@id"].startswith("ni:///sha-256;")
    assert crate[overwritten["@id"]]["sha256"] == hashlib.sha256(b"old").hexdigest()


def test_the_same_ledger_gives_the_same_bytes(folder: Path) -> None:
    with Ledger() as ledger:
        for name in ("a", "b"):
            write_prov(ledger, f"{name}.json")
            write_ro_crate(ledger, folder / ".." / folder.name)
            (folder / "ro-crate-metadata.json").rename(folder / f"{name}.crate")
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
    assert Path("a.crate").read_bytes() == Path("b.crate").read_bytes()


def test_a_crate_of_another_name_would_not_be_found_and_is_refused(folder: Path) -> None:
    with Ledger() as ledger, pytest.raises(LedgerError, match=r"ro-crate-metadata\.json"):
        write_ro_crate(ledger, "crate.json")


def test_an_empty_ledger_exports(tmp_path: Path) -> None:
    with Ledger(tmp_path / ".bencao", create=True) as ledger:
        write_prov(ledger, tmp_path / "prov.json")
        write_ro_crate(ledger, tmp_path / "crate")
    assert json.loads((tmp_path / "prov.json").read_text())["entity"] == {}
    assert (tmp_path / "crate" / "ro-crate-metadata.json").exists()


def test_export_writes_what_is_asked_for(folder: Path) -> None:
    done = CliRunner().invoke(app, ["export", "--prov", "p.json", "--ro-crate", "crate/ro-crate-metadata.json"])
    assert (done.exit_code, done.output) == (0, "")
    assert Path("p.json").exists()
    assert Path("crate/ro-crate-metadata.json").exists()
    assert CliRunner().invoke(app, ["export"]).exit_code == 2
    assert CliRunner().invoke(app, ["export", "--prov", "absent/p.json"]).exit_code == 2
