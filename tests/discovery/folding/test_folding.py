"""A structure comes back from its own distances and orientations; a sequence becomes a file with confidence."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch comes with the extras train and fold")

import torch

from bencao.discovery.folding.alignment import single_sequence
from bencao.discovery.folding.confidence import agreement, local_agreement
from bencao.discovery.folding.distributions import Distributions, expected_distributions
from bencao.discovery.folding.embedding import embed
from bencao.discovery.folding.minimising import fold_backbone
from bencao.discovery.folding.restraints import angle, restraints_of, torsion, virtual_cb
from bencao.discovery.receptor.structure import read_structure
from bencao.kernel.errors import EngineMissing

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks" / "discovery"))
from tm_score import tm_score

MINI = "NLYIQWLKDGGPSSGRPPPS"
PIECE = 45
MANUAL = Path(__file__).parents[3] / "docs" / "discovery.md"


@pytest.fixture(scope="module")
def native(shared_data: Path) -> np.ndarray:
    """N, Cα and C of a designed protein's first residues, shape (3, residues, 3)."""
    residues = read_structure(shared_data / "discovery" / "proteinmpnn_6MRR.pdb").residues[:PIECE]
    return np.array(
        [[residue.coordinates[residue.atoms.index(name)] for residue in residues] for name in ("N", "CA", "C")]
    )


def _binned(values: Any, low: float, width: float, bins: int, contact: Any) -> np.ndarray:
    """All weight in the bin of the value; in the first where there is no contact."""
    place = np.clip(((np.asarray(values) - low) / width).astype(int), 0, bins - 1) + 1
    shares = np.full((*place.shape, bins + 1), 1e-3, dtype=np.float32)
    np.put_along_axis(shares, np.where(contact, place, 0)[..., None], 1.0, axis=-1)
    return shares / shares.sum(axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def known(native: np.ndarray) -> Distributions:
    """The structure's own distances and orientations, each certain to its bin."""
    n, ca, c = (torch.tensor(atoms, dtype=torch.float32) for atoms in native)
    cb = virtual_cb(n, ca, c)
    i, j = np.indices((PIECE, PIECE))
    reach = (cb[i] - cb[j]).norm(dim=-1).numpy()
    near = reach < 20
    turn = math.radians(15)
    return Distributions(
        _binned(reach, 2.0, 0.5, 36, near),
        _binned(torsion(ca[i], cb[i], cb[j], ca[j]), -math.pi, turn, 24, near),
        _binned(torsion(n[i], ca[i], cb[i], cb[j]), -math.pi, turn, 24, near),
        _binned(angle(ca[i], cb[i], cb[j]), 0.0, turn, 12, near),
    )


def test_distances_give_the_fold_or_its_mirror_image(native: np.ndarray, known: Distributions) -> None:
    places = embed(known.distance)
    # These are the Cβ, held against the Cα, without a bond between them.
    assert max(tm_score(sign * places, native[1]) for sign in (1.0, -1.0)) > 0.6


def test_of_two_mirror_images_the_right_one_is_folded(native: np.ndarray, known: Distributions) -> None:
    n, ca, _ = fold_backbone(restraints_of(known), "A" * PIECE, embed(known.distance), 1).places
    assert tm_score(ca, native[1]) > 0.9
    assert tm_score(ca * [-1, 1, 1], native[1]) < 0.5
    assert np.abs(np.linalg.norm(ca - n, axis=1) - 1.458).max() < 0.1  # before the force field


def test_agreement_is_whole_with_itself_and_falls_where_a_part_moves() -> None:
    line = np.cumsum(np.tile([3.8, 0.0, 0.0], (30, 1)), axis=0)
    bent = line.copy()
    bent[20:] += [0.0, 12.0, 0.0]
    told = agreement(line, [line, bent])
    assert np.allclose(local_agreement(line, line), 1)
    assert told[5] == 1 and told[20] < 0.9


def test_the_command_writes_all_atoms_with_confidence(bencao: Callable[..., Any], tmp_path: Path) -> None:
    pytest.importorskip("tr_rosetta_pytorch", reason="trRosetta's networks come with the extra fold")
    (tmp_path / "design.fasta").write_text(f">mini\n{MINI}\n")
    [line] = re.findall("^bencao discovery fold .*$", MANUAL.read_text(encoding="utf-8"), flags=re.MULTILINE)
    answer = bencao(*line.split()[1:], "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert (told["residues"], told["relatives"], len(told["by_residue"]), len(told["energies"])) == (20, 0, 20, 5)
    structure = read_structure(tmp_path / "design.pdb")
    assert [residue.name for residue in structure.residues][:4] == ["ASN", "LEU", "TYR", "ILE"]
    assert all(len(residue.atoms) >= 4 for residue in structure.residues)
    first = next(line for line in (tmp_path / "design.pdb").read_text().splitlines() if line.startswith("ATOM"))
    assert float(first[60:66]) == pytest.approx(100 * told["by_residue"][0], abs=0.01)
    assert bencao("discovery", "fold", "none.fasta", "-o", "x.pdb").code == 2


def test_without_the_networks_the_install_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tr_rosetta_pytorch", None)
    with pytest.raises(EngineMissing, match="pip install"):
        expected_distributions(single_sequence(MINI))
