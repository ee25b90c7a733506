"""Properties and alerts of molecules whose values are published."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.discovery.molecules.properties import molecule_properties
from bencao.discovery.molecules.reading import LibraryRow


def test_aspirin() -> None:
    """Weight and polar surface as PubChem gives them (CID 2244)."""
    found = molecule_properties(LibraryRow(1, "CC(=O)Oc1ccccc1C(=O)O"))
    assert found.weight == pytest.approx(180.16, abs=0.01)
    assert found.tpsa == pytest.approx(63.6, abs=0.05)
    assert (found.donors, found.acceptors) == (1, 4)
    assert found.pains == ()


def test_the_command_writes_properties_and_refusals(bencao: Callable[..., Any]) -> None:
    Path("library.smi").write_text(
        "O=C1NC(=S)SC1=Cc1ccccc1 rhodanine\nnonsense bad\nO=Cc1ccccc1 benzaldehyde\nCCO fine\n"
    )
    answer = bencao("discovery", "properties", "library.smi", "-o", "properties.csv", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out) == {"rows": 4, "pains": 1, "brenk": 2, "refused": 1}
    rows = list(csv.DictReader(Path("properties.csv").read_text().splitlines()))
    assert [bool(row["pains"]) for row in rows] == [True, False, False, False]
    assert [row["error"] for row in rows] == ["", "MoleculeError", "", ""]
    assert "aldehyde" in rows[2]["brenk"]
