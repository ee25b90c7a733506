"""What a chemist gets for the molecules, good and bad, that they hand over."""

from __future__ import annotations

import csv
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from bencao.kernel.errors import InputError
from bencao.synthesis.chemistry.molecule import (
    COUNTER_IONS,
    Target,
    TargetError,
    inchikey,
    neutral_parent,
    read_target,
    read_targets,
    unusual_charge,
)

DRUGS = Path(__file__).resolve().parents[2] / "benchmarks/synthesis/targets/drugs.tsv"
LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"

# Molecules whose canonical form is easy to get wrong: dependent and ring stereo, tautomers, charges, salts.
AWKWARD = [
    "C[C@H]1CC[C@@H](C)CC1",
    "C[C@H](O)[C@@H](O)[C@H](C)O",
    "O=C1NC(=O)[C@@H]2[C@H]1[C@H]1C=C[C@@H]2C1",
    "CN1[C@@H]2CC[C@H]1C[C@@H](OC(=O)C(CO)c1ccccc1)C2",
    "C/C=C/C=C\\C(=O)N[C@@H](C)c1ccccc1",
    "C[S@](=O)c1ccc2[nH]c(C)nc2c1",
    "[O-][n+]1ccccc1CN=[N+]=[N-]",
    "[NH3+][C@@H](Cc1c[nH]c2ccccc12)C(=O)[O-]",
    "OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O",
    "CC(C)(C)OC(=O)N1C[C@@H]2C[C@H]1CN2",
    "[2H]C([2H])([2H])Oc1ccccc1",
    "CN(C)C(=N)NC(=N)N",
]


def drugs() -> list[dict[str, str]]:
    with DRUGS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


SPELT = [row["smiles"] for row in drugs()] + AWKWARD


def random_spelling(smiles: str, seed: int) -> str:
    return str(Chem.MolToRandomSmilesVect(Chem.MolFromSmiles(smiles), 1, randomSeed=seed)[0])


@given(st.sampled_from(SPELT), st.integers(1, 2**30))
def test_every_spelling_of_a_molecule_is_the_same_target(smiles: str, seed: int) -> None:
    assert read_target(random_spelling(smiles, seed)).smiles == read_target(smiles).smiles


@given(st.sampled_from(SPELT), st.integers(1, 2**30))
def test_a_target_reads_back_to_itself(smiles: str, seed: int) -> None:
    target = read_target(random_spelling(smiles, seed)).smiles
    assert read_target(target).smiles == target


@given(st.sampled_from(SPELT), st.integers(1, 2**30))
def test_every_spelling_of_a_molecule_has_one_inchikey(smiles: str, seed: int) -> None:
    assert inchikey(random_spelling(smiles, seed)) == inchikey(smiles)


@given(st.sampled_from(SPELT[:40]), st.sampled_from(sorted(COUNTER_IONS)), st.booleans())
def test_a_salt_of_a_drug_is_the_drug(smiles: str, ion: str, first: bool) -> None:
    parts = [COUNTER_IONS[ion], smiles] if first else [smiles, COUNTER_IONS[ion]]
    target = read_target(".".join(parts))
    assert target.smiles == read_target(smiles).smiles
    assert any("counter-ion or solvate" in warning for warning in target.warnings)


@pytest.mark.parametrize(
    ("salt", "parent"),
    [
        ("CC(=O)[O-].[Na+]", "CC(=O)O"),
        ("CC(=O)O[Na]", "CC(=O)O"),
        ("CC(=O)O.[Na]", "CC(=O)O"),
        ("C[NH2+]C.O=C([O-])/C=C\\C(=O)O", "CNC"),
        ("CN.CN.O=S(=O)(O)O", "CN"),
        ("[Ca+2].[O-]C(=O)CCc1ccccc1.[O-]C(=O)CCc1ccccc1", "O=C(O)CCc1ccccc1"),
        ("C[N+](C)(C)CCOC(C)=O.[Cl-]", "CC(=O)OCC[N+](C)(C)C"),
        ("[C-]#N.[K+]", "C#N"),
    ],
)
def test_counter_ions_are_stripped_and_the_parent_uncharged(salt: str, parent: str) -> None:
    target = read_target(salt)
    assert target.smiles == Chem.CanonSmiles(parent)
    assert target.warnings
    assert inchikey(salt) == inchikey(parent)


def test_charges_that_are_structure_stay() -> None:
    for smiles in ("C[N+](=O)[O-]", "CN=[N+]=[N-]", "[O-][n+]1ccccc1", "C[N+](C)(C)CC(=O)[O-]"):
        assert read_target(smiles).smiles == Chem.CanonSmiles(smiles)
    assert inchikey("F[B-](F)(F)c1ccccc1.[K+]") != inchikey("FB(F)c1ccccc1")


def test_atom_maps_go_and_isotopes_stay_each_with_a_warning() -> None:
    mapped = read_target("[CH3:1][NH:2][CH3:3]")
    assert (mapped.smiles, mapped.warnings) == ("CNC", ("atom-map numbers removed",))
    labelled = read_target("[2H]C([2H])([2H])O")
    assert labelled.smiles == "[2H]C([2H])([2H])O"
    assert "isotope labels kept (2H)" in labelled.warnings[0]


@pytest.mark.parametrize(
    ("smiles", "code", "cause"),
    [
        ("", "empty", "no SMILES"),
        ("C1CC", "unparsable", "unclosed ring"),
        ("aspirin", "unparsable", "syntax error"),
        ("CC>>CO", "unparsable", "a reaction"),
        ("CC CO", "unparsable", "white space"),
        ("CC(C)(C)(C)C", "valence", "valence for atom # 1 C, 5"),
        ("c1cccc1", "valence", "kekulize"),
        ("C[CH2]", "radical", "unpaired electrons on C"),
        ("C*", "wildcard", "dummy"),
        ("C~C", "wildcard", "query bond"),
        ("CCCO.CCCN", "mixture", "CCCN, CCCO"),
        ("CC(=O)O.CCN(CC)CC", "mixture", "CC(=O)O, CCN(CC)CC"),
        ("C[Pt]C", "metal", "Pt"),
        ("C[Mg]Br", "metal", "Mg"),
        ("[Li+].CCC[CH2-]", "charge", "charged carbon"),
        ("[Na+].[Cl-]", "no-carbon", "no carbon"),
        ("C" * 101, "too-large", "101 heavy atoms"),
    ],
)
def test_what_cannot_be_planned_says_why_and_where(smiles: str, code: str, cause: str) -> None:
    with pytest.raises(TargetError) as raised:
        read_target(smiles, where="targets.smi: row 7")
    assert raised.value.code == code
    assert cause in raised.value.cause
    assert str(raised.value).startswith("targets.smi: row 7: ")
    assert raised.value.mend
    assert "\n" not in str(raised.value)


def test_one_hundred_heavy_atoms_are_allowed() -> None:
    assert read_target("C" * 100).smiles == "C" * 100


def test_an_error_survives_the_way_between_processes() -> None:
    with pytest.raises(TargetError) as raised:
        read_target("C1CC", where="row 2")
    copy = pickle.loads(pickle.dumps(raised.value))
    assert (type(copy), str(copy), copy.given) == (type(raised.value), str(raised.value), "C1CC")


def test_bad_rows_of_a_file_are_answers_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "targets.smi"
    path.write_text(f"# two drugs\n{LIDOCAINE}.Cl lidocaine hydrochloride\n\nC1CC broken\nCC(=O)Nc1ccc(O)cc1\n")
    first, second, third = read_targets(path)
    assert isinstance(first, Target)
    assert (first.smiles, first.name, first.row) == (LIDOCAINE, "lidocaine hydrochloride", 2)
    assert isinstance(second, TargetError)
    assert (second.row, second.name, second.given) == (4, "broken", "C1CC")
    assert f"{path}: row 4" in str(second)
    assert isinstance(third, Target)
    assert (third.row, third.name) == (5, "")


@pytest.mark.parametrize("column", ["smiles", "SMILES", "Smiles"])
@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_tables_are_read_by_column_name(tmp_path: Path, column: str, suffix: str, delimiter: str) -> None:
    path = tmp_path / f"targets{suffix}"
    lines = [["ID", "note", column], ["A1", "x", LIDOCAINE], ["A2"], ["A3", "y", "C[CH2]"]]
    path.write_text("\ufeff" + "\n".join(delimiter.join(line) for line in lines) + "\n", encoding="utf-8")
    good, short, radical = read_targets(path)
    assert isinstance(good, Target)
    assert (good.smiles, good.name, good.row) == (LIDOCAINE, "A1", 2)
    assert [(error.code, error.name, error.row) for error in (short, radical) if isinstance(error, TargetError)] == [
        ("empty", "A2", 3),
        ("radical", "A3", 4),
    ]


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("empty.smi", b"", "no molecule"),
        ("blank.smi", b"\n  \n# nothing\n", "no molecule"),
        ("header.csv", b"smiles,id\n", "no molecule"),
        ("empty.csv", b"", "no column smiles (columns: none)"),
        ("other.csv", b"id,structure\n1,CCO\n", "no column smiles (columns: id, structure)"),
        ("binary.smi", b"\xff\xfe\x00C", "not UTF-8"),
        ("latin.csv", "smiles,name\nCCO,café\n".encode("latin-1"), "not UTF-8"),
        ("targets.xlsx", b"PK", "suffix '.xlsx'"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_once(tmp_path: Path, name: str, content: bytes, cause: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_targets(path)
    assert cause in raised.value.cause
    assert str(path) in raised.value.where


def test_an_absent_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder.smi"
    folder.mkdir()
    for path in (tmp_path / "absent.smi", folder):
        with pytest.raises(InputError, match="cannot be read"):
            read_targets(path)


@pytest.mark.parametrize(
    ("smiles", "fault"),
    [
        ("C[N+](=O)[O-]", ""),
        ("[O-][n+]1ccccc1", ""),
        ("CN=[N+]=[N-]", ""),
        ("C[N+](C)(C)C", ""),
        ("C[NH3+]", "charge on N"),
        ("CC(=O)[O-]", "charge on O"),
        ("[C-]#[N+]C", "charge on C"),
        ("C=[N+]=[N-]", "charge on N"),
        ("N#[N+]c1ccccc1", "charge on N"),
        ("C[S+](C)[O-]", "charge on S"),
        ("C[CH2]", "radical on C"),
    ],
)
def test_only_the_usual_charges_pass(smiles: str, fault: str) -> None:
    assert unusual_charge(Chem.MolFromSmiles(smiles)) == fault


def test_a_mixture_without_one_parent_keeps_a_key_of_its_own() -> None:
    assert inchikey("B.CSC") == inchikey("CSC.B") != inchikey("CSC")


@pytest.mark.parametrize("row", drugs(), ids=lambda row: row["name"])
def test_the_drugs_have_their_published_formula_and_inchikey(row: dict[str, str]) -> None:
    target = read_target(row["smiles"])
    assert target.smiles == row["smiles"]
    assert target.warnings == ()
    assert CalcMolFormula(neutral_parent(target.smiles)) == row["formula"]
    assert inchikey(target.smiles) == row["inchikey"]
