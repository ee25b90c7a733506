"""Properties and alerts of molecules whose values are published."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.discovery.molecules.likeness import properties_and_likeness
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


def test_cns_mpo_and_logd_follow_from_the_groups_of_a_molecule() -> None:
    """Worked by hand from the ranges of Wager et al. 2010."""
    found, like = properties_and_likeness(LibraryRow(1, "CCCCCCCCCCN"))  # decylamine, pKa 10.6
    assert like.pka == pytest.approx(10.6)
    assert like.logd == pytest.approx(found.logp - 3.2, abs=0.01)
    surface = (found.tpsa - 20) / 20  # 26.0 square angstrom
    logp = (5 - found.logp) / 2
    assert like.cns_mpo == pytest.approx(min(1, logp) + 1 + 1 + surface + (3.5 - 1) / 3 + 0, abs=0.01)
    acid = properties_and_likeness(LibraryRow(1, "CCCCCCCC(=O)O"))
    assert acid[1].pka is None
    assert acid[1].logd == pytest.approx(acid[0].logp - 2.7, abs=0.01)


def test_what_is_hard_to_make_has_a_higher_sa() -> None:
    easy, hard = ("CC(=O)Nc1ccc(O)cc1", "CC1(C)C2CCC3(C)C(C2)C1C1OC4OC31C(O)C4N")
    told = [properties_and_likeness(LibraryRow(1, one))[1].sa for one in (easy, hard)]
    assert 1 <= told[0] < 2 < 5 < told[1] <= 10
