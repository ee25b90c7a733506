"""The number of a molecule's heavy-atom graph."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from rdkit import Chem
from rdkit.Chem.MolStandardize import rdMolStandardize

from bencao.synthesis.chemistry.skeleton import skeleton_number
from bencao.synthesis.stock import SHIPPED_STOCK, Stock, graph_number, load_tier

DRUGS = (
    "CC(=O)Nc1ccc(O)cc1",
    "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
    "CCCc1nn(C)c2c(=O)[nH]c(-c3cc(S(=O)(=O)N4CCN(C)CC4)ccc3OCC)nc12",
    "C[C@H](N)C(=O)N[C@@H](CCC(=O)O)C(=O)O",
    "O=c1[nH]cnc2[nH]ncc12",
    "CC(C)NCC(O)COc1cccc2ccccc12",
    "F/C(Cl)=C/c1ccncc1",
)


@pytest.mark.parametrize("smiles", DRUGS)
def test_every_order_of_the_atoms_gives_the_same_number(smiles: str) -> None:
    molecule = Chem.MolFromSmiles(smiles)
    draw = random.Random(5)
    orders = [draw.sample(range(molecule.GetNumAtoms()), molecule.GetNumAtoms()) for _ in range(20)]
    numbers = {skeleton_number(Chem.RenumberAtoms(molecule, order)) for order in orders}
    assert numbers == {skeleton_number(molecule)}


@pytest.mark.parametrize("smiles", DRUGS)
def test_tautomers_have_the_same_number(smiles: str) -> None:
    molecule = Chem.MolFromSmiles(smiles)
    tautomers = list(rdMolStandardize.TautomerEnumerator().Enumerate(molecule))
    assert {skeleton_number(one) for one in tautomers} == {skeleton_number(molecule)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C[NH3+]", "CN"),
        ("CC(=O)[O-]", "CC(=O)O"),
        ("C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O"),
        ("C/C=C/C", "C/C=C\\C"),
        ("C[N+](=O)[O-]", "CN(=O)=O"),
        ("[13CH3]O", "CO"),
    ],
)
def test_charge_stereo_and_isotopes_do_not_count(one: str, other: str) -> None:
    numbers = [skeleton_number(Chem.MolFromSmiles(smiles, sanitize=False)) for smiles in (one, other)]
    assert numbers[0] == numbers[1] is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("CCO", "COC"), ("CCO", "CCN"), ("Cc1ccccc1C", "Cc1cccc(C)c1"), ("CCCC", "CC(C)C"), ("C1CCCCC1", "CCCCCC")],
)
def test_other_graphs_have_other_numbers(one: str, other: str) -> None:
    assert skeleton_number(Chem.MolFromSmiles(one)) != skeleton_number(Chem.MolFromSmiles(other))


@pytest.mark.parametrize("smiles", ["C[Mg]Br", "[2H]OC", "[Na+].[Cl-]", "*C"])
def test_what_inchi_may_read_otherwise_has_no_number(smiles: str) -> None:
    assert skeleton_number(Chem.MolFromSmiles(smiles)) is None


def test_drawn_hydrogens_of_a_listed_molecule_are_taken_off() -> None:
    assert graph_number("[2H]C([2H])([2H])O") == skeleton_number(Chem.MolFromSmiles("CO"))


def test_the_stock_finds_the_same_with_the_graphs_and_without() -> None:
    stock = Stock.default()
    without = Stock(tuple(replace(load_tier(SHIPPED_STOCK, tier.name), graphs=None) for tier in stock.tiers))
    assert all(tier.graphs for tier in stock.tiers)
    asked = [*DRUGS, "CO", "O=C([O-])c1ccccc1", "C[N+](C)(C)C", "ClC(Cl)Cl", "[2H]C(Cl)(Cl)Cl", "C[Mg]Br", "Oc1ccccn1"]
    assert [stock.find(smiles) for smiles in asked] == [without.find(smiles) for smiles in asked]
    assert any(stock.find(smiles) for smiles in asked) and not all(stock.find(smiles) for smiles in asked)
