"""A target drawn with bonds to point at: each has the name that a constraint knows it by."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from bencao.synthesis import read_target
from bencao.synthesis.constraints import read_bond
from bencao.synthesis.constraints.settings import bonds_of_target
from bencao.synthesis.page.bonds import bonds_svg

SVG = "{http://www.w3.org/2000/svg}"


def names(smiles: str) -> list[str]:
    root = ElementTree.fromstring(bonds_svg(read_target(smiles)))
    return [line.get("data-bond", "") for line in root.iter(f"{SVG}line") if line.get("class") == "bond"]


@pytest.mark.parametrize(
    "smiles",
    [
        "CC(=O)Nc1ccc(O)cc1",
        "Cl.CCN(CC)CC(=O)Nc1c(C)cccc1C",
        "[Na+].[O-]C(=O)c1ccccc1",
        "C[C@H](N)C(=O)O.C[C@H](N)C(=O)O",
    ],
)
def test_each_bond_of_the_parent_has_a_name_that_constraints_take(smiles: str) -> None:
    target = read_target(smiles)
    found = bonds_of_target(tuple(map(read_bond, names(smiles))), target)
    assert len(set(found)) == len(found) == len(names(target.smiles))


def test_a_mapped_target_names_the_bonds_whose_two_atoms_are_mapped() -> None:
    assert names("CC(=O)[NH:3][c:7]1ccc(O)cc1") == ["3-7"]


def test_a_bond_lies_where_it_is_drawn() -> None:
    root = ElementTree.fromstring(bonds_svg(read_target("CCO")))
    (first, second) = (line for line in root.iter(f"{SVG}line") if line.get("class") == "bond")
    assert (first.get("x2"), first.get("y2")) == (second.get("x1"), second.get("y1"))
    assert float(first.get("x2", 0)) - float(first.get("x1", 0)) == pytest.approx(21 * 0.866, abs=0.5)
