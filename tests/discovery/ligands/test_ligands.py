"""States and shapes of molecules whose chemistry is known."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem

from bencao.discovery import LibraryRow, Preparation, prepare_ligand
from bencao.discovery.ligands.acidity import sites
from bencao.discovery.ligands.conformers import conformers
from bencao.discovery.ligands.protomers import protomers
from bencao.discovery.ligands.stereoisomers import stereoisomers
from bencao.discovery.ligands.tautomers import tautomers
from bencao.kernel.errors import InputError

IMATINIB = "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1"

# pKa in water, 25 °C. Simple molecules: CRC Handbook of Chemistry and Physics, dissociation constants of organic acids
# and bases. Drugs: Manallack, Perspect. Med. Chem. 2007, 1, 25; Avdeef, Absorption and Drug Development, 2003.
MEASURED = [
    ("CC(=O)O", 4.76),
    ("O=C(O)c1ccccc1", 4.20),
    ("Oc1ccccc1", 9.99),
    ("Nc1ccccc1", 4.87),
    ("O=[N+]([O-])c1ccc(O)cc1", 7.15),
    ("c1ccncc1", 5.23),
    ("c1c[nH]cn1", 6.99),
    ("C1COCCN1", 8.50),
    ("C1CCNCC1", 11.12),
    ("NCc1ccccc1", 9.34),
    ("CCN(CC)CC", 10.75),
    ("NCCO", 9.50),
    ("NCC(F)(F)F", 5.7),
    ("CCOC(=O)CN", 7.75),
    ("NCC#N", 5.34),
    ("c1ccc2[nH]cnc2c1", 5.53),
    ("NC(N)=N", 13.6),
    ("CC(N)=N", 12.1),
    ("Nc1ccncc1", 9.11),
    ("Nc1ccccn1", 6.82),
    ("Sc1ccccc1", 6.62),
    ("NS(=O)(=O)c1ccccc1", 10.1),
    ("O=C1CCC(=O)N1", 9.62),
    ("CN(C)CCOC(c1ccccc1)c1ccccc1", 8.98),
    ("CCN(CC)CC(=O)Nc1c(C)cccc1C", 7.9),
    ("Clc1cccc(Cl)c1NC1=NCCN1", 8.05),
    ("CCC1(c2ccccc2)C(=O)NC(=O)NC1=O", 7.4),
    ("COc1cc(Cc2cnc(N)nc2N)cc(OC)c1OC", 7.1),
    ("CC(=O)CC(c1ccccc1)c1c(O)c2ccccc2oc1=O", 5.0),
]


@pytest.mark.parametrize(("smiles", "pka"), MEASURED)
def test_a_group_has_its_pka_within_a_unit(smiles: str, pka: float) -> None:
    assert min(abs(site.pka - pka) for site in sites(Chem.MolFromSmiles(smiles))) < 1.0


def test_imatinib_bears_one_charge_and_on_the_methylated_nitrogen() -> None:
    """pKa 8.07, of the terminal nitrogen of the piperazine (Szakacs et al., J. Med. Chem. 2005, 48, 249)."""
    first, *_ = protomers(Chem.MolFromSmiles(IMATINIB))
    assert first.smiles == Chem.CanonSmiles(IMATINIB.replace("N(C)", "[NH+](C)"))
    assert 0.75 < first.share < 0.95
    assert protomers(Chem.MolFromSmiles(IMATINIB), ph=11)[0].charge == 0


@pytest.mark.parametrize(
    ("smiles", "ph", "charge"),
    [
        ("C1CNCCN1", 7.4, 1),  # 9.73 and 5.33
        ("C1CNCCN1", 4.0, 2),
        ("NCC(=O)O", 7.4, 0),  # both charged
        ("OC(=O)CCC(=O)O", 5.0, -1),  # 4.21 and 5.64
        ("CN(C)C(=N)NC(N)=N", 7.4, 1),  # metformin: 12.4 and 2.8
        ("NCCCNCCCCNCCCN", 7.4, 4),  # spermine
        ("C[N+](C)(C)CC(=O)[O-]", 7.4, 0),
        ("C[N+](=O)[O-]", 7.4, 0),
    ],
)
def test_charges_that_are_near_hinder_each_other(smiles: str, ph: float, charge: int) -> None:
    assert protomers(Chem.MolFromSmiles(smiles), ph)[0].charge == charge


def test_near_its_pka_a_molecule_has_both_states_in_their_shares() -> None:
    neutral, charged = protomers(Chem.MolFromSmiles("c1c[nH]cn1"), ph=7.0)
    assert neutral.share == pytest.approx(0.5, abs=0.02) and charged.share == pytest.approx(0.5, abs=0.02)
    assert neutral.penalty == pytest.approx(0.41, abs=0.02)  # RT ln 2
    assert len(protomers(Chem.MolFromSmiles("c1c[nH]cn1"), ph=9.0)) == 1


@pytest.mark.parametrize(
    ("smiles", "count"),
    [
        ("OC(C(=O)O)C(O)C(=O)O", 3),  # tartaric acid
        ("CC=CC", 2),
        ("OCC(O)C(O)C(O)C(O)C=O", 16),  # aldohexoses
        ("OC1C(O)C(O)C(O)C(O)C1O", 9),  # inositols
        ("CC1CCC(C)CC1", 2),
        ("C[C@H](N)C(=O)O", 1),
    ],
)
def test_a_molecule_has_its_number_of_stereoisomers(smiles: str, count: int) -> None:
    assert len(stereoisomers(Chem.MolFromSmiles(smiles), most=32).smiles) == count


def test_a_cap_on_stereoisomers_is_told_and_draws_the_same_ones() -> None:
    cholesterol = Chem.MolFromSmiles("CC(C)CCCC(C)C1CCC2C1(CCC3C2CC=C4C3(CCC(C4)O)C)C")
    found = stereoisomers(cholesterol, most=4)
    assert (len(found.smiles), found.possible, found.capped) == (4, 256, True)
    assert stereoisomers(cholesterol, most=4) == found


def test_tautomers_that_are_as_likely_are_made_and_others_are_not() -> None:
    assert len(tautomers(Chem.MolFromSmiles("Cc1c[nH]cn1")).smiles) == 2
    assert tautomers(Chem.MolFromSmiles("Oc1ccccn1")).smiles == ("Oc1ccccn1", "O=c1cccc[nH]1")
    assert tautomers(Chem.MolFromSmiles("CC(C)=O")).smiles == ("CC(C)=O",)
    assert tautomers(Chem.MolFromSmiles("C[C@H](N)C(=O)O")).smiles == ("C[C@H](N)C(=O)O",)
    guanine = tautomers(Chem.MolFromSmiles("Nc1nc2[nH]cnc2c(=O)[nH]1"), most=2)
    assert len(guanine.smiles) == 2 and guanine.found > 2


def test_a_chair_and_its_twist_form_are_two_shapes() -> None:
    """The twist form lies 5.5 kcal/mol above the chair (Squillacote et al., J. Am. Chem. Soc. 1975, 97, 3244)."""
    strains = [shape.GetDoubleProp("strain") for shape in conformers("C1CCCCC1").GetConformers()]
    assert strains[0] == 0 and len(strains) == 2
    assert strains[1] == pytest.approx(5.5, abs=1.0)
    assert conformers("C1CCCCC1", window=3).GetNumConformers() == 1


def test_shapes_follow_what_is_known_of_chains_and_large_rings() -> None:
    # Gauche above anti, 0.9 kcal/mol, and axial above equatorial, 1.7 (Eliel and Wilen, Stereochemistry, 1994).
    gauche = [shape.GetDoubleProp("strain") for shape in conformers("CCCC").GetConformers()]
    assert gauche == [0, pytest.approx(0.9, abs=0.3)]
    axial = [shape.GetDoubleProp("strain") for shape in conformers("CC1CCCCC1", window=3).GetConformers()]
    assert axial == [0, pytest.approx(1.7, abs=0.5)]
    # The boat-chair of cyclooctane is not alone within 3 kcal/mol.
    assert conformers("C1CCCCCCC1", window=3, tried=24).GetNumConformers() > 1


def test_what_has_no_shape_says_so() -> None:
    # A trans bridge of one carbon.
    (state,) = prepare_ligand(LibraryRow(1, "O[C@@H]1C[C@@H]2C=C[C@@H]1C2"), Preparation(shapes=1)).states
    assert state.error and "no three-dimensional shape" in state.error.cause
    assert not state.blocks


def test_caps_are_told() -> None:
    prepared = prepare_ligand(LibraryRow(1, "OCC(O)C(O)C(O)C(O)C=O"), Preparation(shapes=0, states=2))
    assert (len(prepared.states), prepared.stereoisomers, prepared.capped) == (2, 16, True)
    with pytest.raises(InputError, match="states"):
        Preparation(states=0)


def test_the_command_keeps_each_parent_and_writes_the_same_at_any_number_of_workers(
    bencao: Callable[..., Any], tmp_path: Path
) -> None:
    Path("library.smi").write_text(
        "CC(O)C(=O)[O-].[Na+] lactate\nc1ccn broken\nCc1c[nH]cn1\nC1CCCCC1 ring\nCCN amine\nCCO\n"
    )
    for workers in ("1", "2"):
        answer = bencao("discovery", "ligands", "library.smi", "-o", f"{workers}.sdf", "--workers", workers, "--json")
        assert answer.code == 0, answer.err
        counts = json.loads(answer.out)
    assert counts == {"rows": 6, "states": 9, "shapes": 10, "capped": 0, "unshaped": 0, "refused": 1}
    for kind in ("sdf", "csv"):
        assert Path(f"1.{kind}").read_bytes() == Path(f"2.{kind}").read_bytes()
    rows = list(csv.DictReader(Path("1.csv").read_text().splitlines()))
    assert [row["parent"] for row in rows] == ["lactate"] * 2 + ["broken"] + ["row 3"] * 4 + ["ring", "amine", "row 6"]
    assert [row["error"] for row in rows if row["error"]] == ["MoleculeError"]
    shapes = list(Chem.SDMolSupplier("1.sdf", removeHs=False))
    assert {shape.GetProp("_Name") for shape in shapes} == {"lactate", "row 3", "ring", "amine", "row 6"}
    assert all(shape.GetConformer().Is3D() for shape in shapes)
    assert all(Chem.CanonSmiles(shape.GetProp("smiles")) == Chem.MolToSmiles(Chem.RemoveHs(shape)) for shape in shapes)
    assert not list(tmp_path.glob("*.checkpoint"))
    assert bencao("discovery", "ligands", "library.smi", "-o", "states.xyz").code == 2
