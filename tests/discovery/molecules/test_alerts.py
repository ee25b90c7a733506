"""Alerts found the cheap way are those of RDKit's catalogues, every one and no other."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from rdkit import Chem
from rdkit.Chem import QED
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.alerts import Alerts, find_alerts
from bencao.discovery.molecules.patterns import Screen
from bencao.discovery.molecules.properties import molecule_properties
from bencao.discovery.molecules.reading import LibraryRow, read_library

# Each matches several alerts of either catalogue: dyes, quinones, azo compounds, thiones, peroxides, metals, isotopes.
_NOTORIOUS = [
    "O=C1NC(=S)SC1=Cc1ccccc1",
    "Oc1ccc(N=Nc2ccccc2)cc1",
    "O=C1C=CC(=O)c2ccccc12",
    "CN(C)c1ccc(C=C2C(=O)NC(=S)NC2=O)cc1",
    "Oc1ccccc1O",
    "CC(C)(C)OOC(C)(C)C",
    "C=CC(=O)OCCCCCC",
    "[13CH3]C(=O)[O-].[Na+]",
    "C1OC1CCl",
    "O=[N+]([O-])c1ccc2[nH]ccc2c1",
    "C[N+](C)(C)CC=C",
    "O=C1CN1S(=O)(=O)C#N",
    "CC(=O)C(=O)CC(=O)N(O)C=C",
    "[2H]C([2H])([2H])Oc1cc(C=NNC(=S)N)ccc1O",
]


@pytest.fixture(scope="module")
def catalogues() -> dict[str, Any]:
    found = {}
    for name in ("PAINS", "BRENK"):
        wanted = FilterCatalogParams()
        wanted.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, name))
        found[name] = FilterCatalog(wanted)
    return found


def _peer(molecule: Chem.Mol, catalogues: dict[str, Any]) -> Alerts:
    names = {
        name: tuple(sorted({entry.GetDescription() for entry in one.GetMatches(molecule)}))
        for name, one in catalogues.items()
    }
    counted = sum(molecule.HasSubstructMatch(alert) for alert in QED.StructuralAlerts)
    return Alerts(names["PAINS"], names["BRENK"], counted)


@pytest.mark.parametrize("smiles", _NOTORIOUS)
def test_notorious_molecules_match_what_rdkit_matches(smiles: str, catalogues: dict[str, Any]) -> None:
    molecule = Chem.MolFromSmiles(smiles)
    found = find_alerts(molecule)
    assert found == _peer(molecule, catalogues)
    assert found.pains or found.brenk or found.qed


def test_real_libraries_match_what_rdkit_matches(shared_data: Path, catalogues: dict[str, Any]) -> None:
    for name in ("deepchem_tox21.csv.gz", "molpal_Enamine50k_scores.csv.gz"):
        for row in itertools.islice(read_library(shared_data / "discovery" / name), 0, 4000, 40):
            try:
                molecule = row.molecule()
            except MoleculeError:
                continue
            assert find_alerts(molecule) == _peer(molecule, catalogues), row.smiles


def test_the_cheap_order_leaves_out_nearly_all_patterns() -> None:
    patterns = [
        Chem.MolFromSmarts(text) for text in ("[#6]=[#16]", "c1ccccc1", "[CH3]", "[!#6]~[!#6]", "[NX3;!$(NC=O)]")
    ]
    screen = Screen(patterns)
    assert screen.candidates(Chem.MolFromSmiles("CCO")) == [2]
    assert screen.candidates(Chem.MolFromSmiles("NC(=S)c1ccccc1")) == [0, 1, 4]


def test_drug_likeness_is_rdkits() -> None:
    for smiles in _NOTORIOUS:
        expected = QED.qed(Chem.MolFromSmiles(smiles))
        assert molecule_properties(LibraryRow(1, smiles)).qed == pytest.approx(expected, abs=1e-12)
