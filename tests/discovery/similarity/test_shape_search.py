"""Molecules ranked by shape: the known one first, wherever it lies; what has no shape is told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem
from typer.testing import CliRunner

from bencao.cli import app
from bencao.discovery.errors import LigandError
from bencao.discovery.ligands.conformers import conformers
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.similarity.shape import Reference, overlay_scores, read_reference, shape_overlay

KNOWN = "CC(=O)Oc1ccccc1C(=O)O"
LIBRARY = f"CCCCCCCCCCCC dodecane\n{KNOWN} known\nC1CC broken\nOC(=O)c1ccccc1 benzoic\n[Na+].[Cl-] salt\nC[Au] gold\n"


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A known molecule in one shape, far from the origin."""
    path = tmp_path_factory.mktemp("bound") / "bound.sdf"
    made = Chem.RemoveHs(conformers(KNOWN, most=1, seed=7, tried=4))
    places = made.GetConformer()
    for atom in range(made.GetNumAtoms()):
        places.SetAtomPosition(atom, places.GetPositions()[atom] + np.array([20.0, -30.0, 5.0]))
    path.write_text(Chem.MolToMolBlock(made) + "$$$$\n")
    return path


def test_the_known_molecule_comes_first_and_lies_where_it_is_bound(bound: Path, tmp_path: Path) -> None:
    library, out, laid = tmp_path / "library.smi", tmp_path / "shape.csv", tmp_path / "laid.sdf"
    library.write_text(LIBRARY)
    words = ["discovery", "shape", str(bound), str(library), "-o", str(out), "--overlays", str(laid), "-n", "2"]
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"ranked": 3, "refused": 3}
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [row["name"] for row in rows] == ["known", "benzoic", "dodecane", "broken", "salt", "gold"]
    assert float(rows[0]["shape"]) > 0.9 and float(rows[0]["ecfp4"]) == 1.0
    assert rows[3]["error"] == "MoleculeError" and "more than one molecule" in rows[4]["cause"]
    assert "without a known radius" in rows[5]["cause"]
    overlays = list(Chem.SDMolSupplier(str(laid)))
    assert [one.GetProp("_Name") for one in overlays] == ["reference 1", "known", "benzoic"]
    middles = [one.GetConformer().GetPositions().mean(axis=0) for one in overlays]
    assert np.linalg.norm(middles[1] - middles[0]) < 0.5  # ångström


def test_a_molecule_fills_its_own_shape_wholly(bound: Path) -> None:
    reference = read_reference(str(bound))
    itself = shape_overlay(LibraryRow(1, KNOWN), reference=reference, shapes=20)
    assert itself.shape > 0.95
    mirrored = overlay_scores(LibraryRow(1, KNOWN), reference=Reference(reference.blocks * 2), shapes=20)
    assert mirrored.tolist() == [[itself.shape, itself.colour]] * 2


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "holds no molecule"),
        ("no mol block\n$$$$\n", "is no molecule"),
        (Chem.MolToMolBlock(Chem.MolFromSmiles(KNOWN)), "is flat"),
    ],
)
def test_a_reference_without_a_shape_is_refused(tmp_path: Path, text: str, cause: str) -> None:
    path = tmp_path / "known.sdf"
    path.write_text(text)
    with pytest.raises(LigandError, match=cause):
        read_reference(str(path))
