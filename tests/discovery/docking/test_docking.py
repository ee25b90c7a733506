"""Ligands docked to a kinase's site: the same at any number of workers, a bad row on its own."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import AllChem

from bencao.discovery.docking.checks import check_pose
from bencao.discovery.docking.conformers import starting_shapes
from bencao.discovery.docking.diagram import interaction_diagram
from bencao.discovery.docking.docking import Docked, dock
from bencao.discovery.docking.interactions import interactions_of
from bencao.discovery.docking.rmsd import symmetric_rmsd
from bencao.discovery.docking.site import read_ligand
from bencao.discovery.docking.vina import Search
from bencao.discovery.errors import LigandError
from bencao.discovery.receptor.box import box_around
from bencao.discovery.receptor.preparing import Receptor, prepare_receptor
from kinase_site import bound_ligand, write_site

_ROWS = [("pyridine", "c1ccncc1"), ("broken", "c1ccn"), ("ferrocene", "[Fe+2]"), ("phenol", "Oc1ccccc1")]


@pytest.fixture(scope="module")
def site_file(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(shared_data, tmp_path_factory.mktemp("site") / "site.pdb")


@pytest.fixture(scope="module")
def receptor(site_file: Path) -> Receptor:
    return prepare_receptor(site_file)


@pytest.fixture(scope="module")
def imatinib(shared_data: Path) -> Chem.Mol:
    return Chem.MolFromMolFile(str(bound_ligand(shared_data)), removeHs=False)


def test_one_worker_and_two_dock_alike_and_bad_rows_do_not_end_the_run(receptor: Receptor, imatinib: Chem.Mol) -> None:
    box = box_around(imatinib.GetConformer().GetPositions(), padding=0)
    search = Search(exhaustiveness=1, seed=7)
    alone = list(dock(receptor, _ROWS, box, search=search, progress=False))
    together = list(dock(receptor, _ROWS[::-1], box, search=search, workers=2, progress=False))
    assert (
        alone
        == [answer if isinstance(answer, Docked) else alone[3 - index] for index, answer in enumerate(together)][::-1]
    )
    assert [isinstance(answer, Docked) for answer in alone] == [True, False, False, True]
    assert [answer.kind for answer in alone if not isinstance(answer, Docked)] == ["LigandError", "LigandError"]
    docked = [answer for answer in alone if isinstance(answer, Docked)]
    assert all(box.holds(one.poses[0].molecule.GetConformer().GetPositions()).all() for one in docked)


def test_of_a_ligands_states_the_best_is_docked_and_named(receptor: Receptor, imatinib: Chem.Mol) -> None:
    box = box_around(imatinib.GetConformer().GetPositions(), padding=0)
    search = Search(exhaustiveness=1, seed=7)
    rows = [
        ("R", "C[C@@H](O)C(=O)O"),
        ("S", "C[C@H](O)C(=O)O"),
        ("either", "CC(O)C(=O)[O-].[Na+]"),
        ("broken", "c1ccn"),
    ]
    *docked, bad = dock(receptor, rows, box, search=search, shapes=1, states=4, progress=False)
    right, left, either = (one for one in docked if isinstance(one, Docked))
    assert (right.smiles, left.smiles) == ("C[C@@H](O)C(=O)[O-]", "C[C@H](O)C(=O)[O-]")
    better = min(right, left, key=lambda one: one.score)
    assert (either.smiles, either.score) == (better.smiles, better.score)
    assert (right.states, either.states) == (1, 2)
    assert right.share == either.share == pytest.approx(1.0, abs=0.01)  # an acid far above its pKa
    assert not isinstance(bad, Docked) and bad.kind == "LigandError"


def test_rings_and_amides_have_their_shapes() -> None:
    assert starting_shapes("c1ccncc1").GetNumConformers() == 1
    # Axial and equatorial (1.7 kcal/mol, Eliel); a ring turned onto itself counts once.
    assert starting_shapes("CC1CCCCC1").GetNumConformers() == 2
    assert starting_shapes("CC(=O)N(C)c1ccccc1", most=9).GetNumConformers() == 2


def test_a_molecule_that_lies_on_itself_is_no_distance_away() -> None:
    molecule = Chem.AddHs(Chem.MolFromSmiles("Cc1ccccc1"))
    AllChem.EmbedMolecule(molecule, randomSeed=1)
    turned = Chem.RenumberAtoms(molecule, [0, 1, 6, 5, 4, 3, 2, *range(7, molecule.GetNumAtoms())])
    assert symmetric_rmsd(molecule, turned) == pytest.approx(0, abs=1e-6)
    with pytest.raises(LigandError):
        symmetric_rmsd(molecule, Chem.MolFromSmiles("CCO"))


def test_imatinib_as_bound_has_its_known_contacts(receptor: Receptor, imatinib: Chem.Mol) -> None:
    # Hydrogen bonds to Met318, Thr315, Glu286 and Asp381: Nagar et al., Cancer Res. 2002, 62, 4236.
    contacts = interactions_of(imatinib, receptor)
    bonded = {one.residue for one in contacts if one.kind == "hydrogen bond"}
    assert {"A:MET318", "A:THR315", "A:GLU286", "A:ASP381"} <= bonded
    drawing = interaction_diagram(imatinib, contacts, "zh")
    assert "A:MET318" in "".join(ElementTree.fromstring(drawing).itertext())
    assert "氢键" in drawing


def test_a_ligand_inside_the_protein_fails_a_check(receptor: Receptor) -> None:
    benzene = Chem.AddHs(Chem.MolFromSmiles("c1ccccc1"))
    AllChem.EmbedMolecule(benzene, randomSeed=1)
    center = next(np.array(atom.place) for atom in receptor.atoms if (atom.number, atom.name) == ("315", "CB"))
    benzene.GetConformer().SetPositions(benzene.GetConformer().GetPositions() + center)
    failed = {check.name for check in check_pose(benzene, receptor) if not check.passed}
    assert "minimum_distance_to_protein" in failed


def test_the_command_writes_scores_poses_receptor_and_page_and_goes_on_after_a_stop(
    bencao: Callable[..., object], site_file: Path, shared_data: Path, tmp_path: Path
) -> None:
    (tmp_path / "two.smi").write_text("c1ccncc1 pyridine\nc1ccn broken\n")
    told = ("discovery", "dock", str(site_file), "two.smi", "--ligand", str(bound_ligand(shared_data)), "-o", "poses")
    answer = bencao(*told, "--exhaustiveness", "1", "--json")
    assert answer.code == 0, answer.err
    first, second = (json.loads(line) for line in answer.out.splitlines())
    assert first["name"] == "pyridine" and first["score"] < 0
    assert first["state"] == "c1ccncc1"
    assert second["error"]["kind"] == "LigandError"
    with (tmp_path / "poses" / "scores.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["name"], row["error"]) for row in rows] == [("pyridine", ""), ("broken", "LigandError")]
    assert len(list(Chem.SDMolSupplier(str(tmp_path / "poses" / "poses.sdf")))) == first["poses"]
    assert "<svg" in (tmp_path / "poses" / "report.html").read_text(encoding="utf-8")
    before = (tmp_path / "poses" / "poses.sdf").read_bytes()
    assert bencao(*told, "--exhaustiveness", "1", "--json").out == answer.out
    assert (tmp_path / "poses" / "poses.sdf").read_bytes() == before


def test_a_box_has_to_be_named_once(bencao: Callable[..., object], site_file: Path, tmp_path: Path) -> None:
    (tmp_path / "one.smi").write_text("c1ccncc1 pyridine\n")
    answer = bencao("discovery", "dock", str(site_file), "one.smi", "-o", "poses")
    assert answer.code == 2
    assert "0 ways to place the box" in answer.err


def test_a_flat_ligand_names_no_place(tmp_path: Path) -> None:
    path = tmp_path / "flat.mol"
    path.write_text(Chem.MolToMolBlock(Chem.MolFromSmiles("CCOC")))
    with pytest.raises(LigandError, match="three-dimensional"):
        read_ligand(path)
