"""What a structure becomes before it is docked to, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bencao.discovery.errors import BoxError, StructureError
from bencao.discovery.receptor.box import Box, box_around_residues, check_box
from bencao.discovery.receptor.pockets import find_pockets
from bencao.discovery.receptor.preparing import Receptor, prepare_receptor
from kinase_site import bound_ligand, write_site

# Two alanines, built by hand: the second lacks its CB, the first has its CB in two places.
_DIPEPTIDE = """\
ATOM      1  N   ALA A   1      -0.525   1.363   0.000  1.00 10.00           N
ATOM      2  CA  ALA A   1       0.000   0.000   0.000  1.00 10.00           C
ATOM      3  C   ALA A   1       1.526   0.000   0.000  1.00 10.00           C
ATOM      4  O   ALA A   1       2.153   1.059   0.000  1.00 10.00           O
ATOM      5  CB AALA A   1      -0.529  -0.774  -1.205  0.30 10.00           C
ATOM      6  CB BALA A   1      -0.509  -0.794  -1.185  0.70 10.00           C
ATOM      7  N   ALA A   2       2.120  -1.189   0.000  1.00 10.00           N
ATOM      8  CA  ALA A   2       3.568  -1.336   0.000  1.00 10.00           C
ATOM      9  C   ALA A   2       4.104  -2.762   0.000  1.00 10.00           C
ATOM     10  O   ALA A   2       3.345  -3.732   0.000  1.00 10.00           O
TER
HETATM   11 ZN    ZN A 101       9.000   3.000   3.000  1.00 10.00          ZN
HETATM   12  O   HOH A 201       8.000   8.000   8.000  1.00 10.00           O
HETATM   13  S   SO4 A 301     -12.000   8.000   8.000  1.00 10.00           S
END
"""


@pytest.fixture(scope="module")
def site(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Receptor:
    return prepare_receptor(write_site(shared_data, tmp_path_factory.mktemp("site") / "site.pdb"))


@pytest.fixture
def dipeptide(tmp_path: Path) -> Path:
    path = tmp_path / "two.pdb"
    path.write_text(_DIPEPTIDE)
    return path


def test_missing_atoms_are_built_and_the_occupied_place_is_taken(dipeptide: Path) -> None:
    receptor = prepare_receptor(dipeptide)
    places = {(atom.label, atom.name): atom.place for atom in receptor.atoms}
    assert places["A:ALA1", "CB"] == pytest.approx((-0.509, -0.794, -1.185), abs=1e-3)
    assert np.linalg.norm(np.subtract(places["A:ALA2", "CB"], places["A:ALA2", "CA"])) == pytest.approx(1.53, abs=0.15)
    assert {"alternate", "completed", "kept", "removed"} <= {change.kind for change in receptor.changes}


def test_metals_stay_and_waters_and_additives_go(dipeptide: Path) -> None:
    names = {atom.residue for atom in prepare_receptor(dipeptide).atoms}
    assert names == {"ALA", "ZN"}
    assert "HOH" in {atom.residue for atom in prepare_receptor(dipeptide, keep=["HOH"]).atoms}


def test_mmcif_gives_what_pdb_gives(dipeptide: Path, tmp_path: Path) -> None:
    import gemmi

    path = tmp_path / "two.cif"
    gemmi.read_structure(str(dipeptide)).make_mmcif_document().write_file(str(path))
    assert prepare_receptor(path).atoms == prepare_receptor(dipeptide).atoms


def test_vinas_types_say_who_gives_and_who_takes_a_hydrogen_bond(site: Receptor) -> None:
    types = Counter(atom.type for atom in site.atoms if atom.residue == "THR" and atom.number == "315")
    assert types == {"C": 4, "N": 1, "OA": 2, "HD": 2, "": 5}
    assert all(len(line) == 79 for line in site.pdbqt.splitlines() if line.startswith("ATOM"))


def test_a_bound_ligand_in_the_file_is_taken_out_of_its_site(dipeptide: Path) -> None:
    receptor = prepare_receptor(dipeptide, ligand=np.array([[9.0, 3.0, 3.0]]))
    assert {atom.residue for atom in receptor.atoms} == {"ALA"}


def test_the_kinases_first_pocket_is_where_imatinib_binds(site: Receptor, shared_data: Path) -> None:
    from bencao.discovery.docking.site import read_ligand

    ligand = read_ligand(bound_ligand(shared_data)).GetConformer().GetPositions()
    first = find_pockets(site)[0]
    gaps = np.linalg.norm(first.spheres[:, None, :3] - ligand[None], axis=2).min(axis=1)
    assert (gaps < 3).mean() > 0.5
    assert "A:MET318" in first.residues


def test_a_box_off_the_receptor_is_refused(site: Receptor) -> None:
    with pytest.raises(BoxError, match="outside the receptor") as refused:
        check_box(Box((200.0, 0.0, 0.0), (20.0, 20.0, 20.0)), site)
    assert "spans" in refused.value.mend
    with pytest.raises(BoxError, match="no residue A:999"):
        box_around_residues(site, ["A:999"])
    check_box(box_around_residues(site, ["A:318", "A:THR315"]), site)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "holds no atom"),
        ("not a structure\n", "holds no atom"),
        (_DIPEPTIDE.splitlines()[11] + "\n", "no protein"),
        ("\n".join(line for line in _DIPEPTIDE.splitlines() if " CA " in line) + "\n", "no whole backbone"),
        (_DIPEPTIDE.replace("   0.000   0.000   0.000", "     nan   0.000   0.000"), "no number"),
    ],
)
def test_what_is_no_receptor_is_refused(tmp_path: Path, text: str, cause: str) -> None:
    path = tmp_path / "bad.pdb"
    path.write_text(text)
    with pytest.raises(StructureError, match=cause):
        prepare_receptor(path)


def test_a_chain_that_is_not_there_is_named_with_those_that_are(
    bencao: Callable[..., object], dipeptide: Path, tmp_path: Path
) -> None:
    answer = bencao("discovery", "receptor", str(dipeptide), "-o", "r.pdb", "--chains", "B")
    assert answer.code == 2
    assert "has no chain B; its chains are A" in answer.err
    assert not (tmp_path / "r.pdb").exists()


def test_the_command_says_in_either_language_what_was_done(bencao: Callable[..., object], dipeptide: Path) -> None:
    english = bencao("discovery", "receptor", str(dipeptide), "-o", "r.pdbqt")
    chinese = bencao("discovery", "receptor", str(dipeptide), "-o", "r.pdbqt", "--lang", "zh")
    assert "atoms built (1): A:ALA2" in english.err
    assert "已补原子 (1): A:ALA2" in chinese.err
    assert Path("r.pdbqt").read_text().count(" Zn") == 1
