"""The command of the manual screens a library against a kinase's site; stopped, it goes on to the same files."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem

from bencao.kernel import compute
from kinase_site import bound_ligand, write_site

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "discovery.md"
FILES = ("hits.csv", "hits.sdf", "molecules.csv", "receptor.pdb", "screen.json", "report.html")


def example(shared: Path, folder: Path) -> list[str]:
    """The files of the manual's example, and its command."""
    write_site(shared, folder / "site.pdb")
    shutil.copyfile(bound_ligand(shared), folder / "imatinib.sdf")
    section = MANUAL.read_text(encoding="utf-8").partition("## From a target")[2].partition("\n## ")[0]
    for name, text in re.findall(r"`(\w+\.smi)`:\n\n```\n(.*?)```", section, flags=re.DOTALL):
        (folder / name).write_text(text)
    (command,) = [line for line in section.splitlines() if line.startswith("bencao discovery screen")]
    return shlex.split(command)[1:]


def test_the_manual_s_screen_runs_and_a_kill_changes_nothing(
    bencao: Callable[..., Any], shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = example(shared_data, tmp_path)
    whole, calls = compute.imap, []

    def stopped(*arguments: Any, **told: Any) -> Any:
        calls.append(told.get("label"))
        if calls.count("routes") == 1 and calls[-1] == "routes":
            raise KeyboardInterrupt
        return whole(*arguments, **told)

    monkeypatch.setattr(compute, "imap", stopped)
    assert bencao(*command, "--json").code == 130
    assert not (tmp_path / "hits" / "report.html").exists(), "nothing half-written"
    answer = bencao(*command, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    stages = {stage["name"]: stage for stage in told["stages"]}
    assert stages["filter"]["reasons"]["error"] == 2
    assert stages["surrogate"]["left"] < stages["surrogate"]["entered"]
    assert 0 <= told["controls"]["low"] <= told["controls"]["auc"] <= told["controls"]["high"] <= 1
    hits = told["hits"]
    assert [hit["score"] for hit in hits] == sorted(hit["score"] for hit in hits)
    assert all(hit["nearest_active"]["name"] and hit["route"] is not None for hit in hits)
    assert all(1 <= hit["states"] <= 2 and 0 < hit["share"] <= 1 for hit in hits)
    for (solubility,) in (hit["admet"]["solubility"] for hit in hits):
        assert solubility["measured"] or solubility["low"] < solubility["value"] < solubility["high"]
    assert len(list(Chem.SDMolSupplier(str(tmp_path / "hits" / "hits.sdf")))) == len(hits)
    page = (tmp_path / "hits" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2 + len(hits)
    assert all(f"Docked as: {escape(hit['state'])}" in page for hit in hits)
    with (tmp_path / "hits" / "molecules.csv").open(encoding="utf-8") as stream:
        fates = [row["fate"] for row in csv.DictReader(stream)]
    assert len(fates) == stages["filter"]["entered"]
    assert fates.count("hit") == len(hits)
    first = {name: (tmp_path / "hits" / name).read_bytes() for name in FILES}
    assert bencao(*command, "--json").out == answer.out
    assert first == {name: (tmp_path / "hits" / name).read_bytes() for name in FILES}


def test_decoys_alone_are_no_control(bencao: Callable[..., Any], shared_data: Path, tmp_path: Path) -> None:
    write_site(shared_data, tmp_path / "site.pdb")
    (tmp_path / "library.smi").write_text("c1ccncc1 pyridine\n")
    told = ("discovery", "screen", "site.pdb", "library.smi", "--center", "15,53,17", "-o", "hits")
    answer = bencao(*told, "--decoys", "library.smi")
    assert answer.code == 2
    assert "decoys without actives" in answer.err
