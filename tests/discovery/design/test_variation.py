"""Molecules taken apart and put together again: nothing is lost, and what comes of it is a molecule."""

from __future__ import annotations

from random import Random

import pytest
from rdkit import Chem, rdBase

from bencao.discovery.design import graphs
from bencao.discovery.design.breeding import assemble, breed
from bencao.discovery.design.prior import load_prior
from bencao.discovery.design.variation import EDITS, cross

DRUGS = [
    "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F",
    "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1",
    "O=C1NC(=O)C(c2ccccc2)(c2ccccc2)N1",
    "CN1CCN(CC1)c1ccc2[nH]ccc2c1",
    "O=[N+]([O-])c1ccc(Cl)cc1C(=O)N1CCOCC1",
    "C[N+](C)(C)CC(=O)[O-]",
]


def canonical(smiles: str) -> str:
    return Chem.MolToSmiles(Chem.MolFromSmiles(smiles))


@pytest.mark.parametrize("smiles", DRUGS)
def test_a_molecule_cut_at_any_bond_and_joined_is_itself(smiles: str) -> None:
    graph = graphs.flat_graph(Chem.MolFromSmiles(smiles))
    for bond in graphs.chain_bonds(graph):
        one, other = graphs.cut(graph, (bond,))
        assert graphs.join(one, other) == canonical(smiles)
        written = [graphs.open_piece(graphs.piece_smiles(piece)) for piece in (one, other)]
        assert canonical(graphs.join(*written)) == canonical(smiles)


def test_a_ring_cut_twice_and_joined_is_itself() -> None:
    graph = graphs.flat_graph(Chem.MolFromSmiles(DRUGS[3]))
    whole = [
        graphs.join(*pieces)
        for seed in range(30)
        if (pieces := graphs.cut_ring(graph, Random(seed))) and pieces[0].orders == pieces[1].orders
    ]
    assert whole and set(whole) == {canonical(DRUGS[3])}


def test_a_middle_goes_back_where_it_was() -> None:
    graph = graphs.flat_graph(Chem.MolFromSmiles("CCOC(=O)c1ccc(N)cc1"))
    found = [graphs.cut_middle(graph, Random(seed)) for seed in range(20)]
    outcomes = {graphs.bridge(outer, middle) for outer, middle in filter(None, found)}
    assert canonical("CCOC(=O)c1ccc(N)cc1") in outcomes


def test_every_edit_gives_molecules_that_can_be_read() -> None:
    prior, rng = load_prior(), Random(1)
    parents = [graphs.flat_graph(Chem.MolFromSmiles(smiles)) for smiles in DRUGS]
    with rdBase.BlockLogs():
        for edit in EDITS:
            found = {edit(parent, rng, prior) for parent in parents for _ in range(8)} - {""}
            assert found, edit.__name__
            for smiles in found:
                assert "." not in smiles and "*" not in smiles and Chem.MolFromSmiles(smiles) is not None, smiles
        assert any(cross(one, other, rng) for one in parents for other in parents)


def test_a_brood_is_new_different_and_of_the_size_asked_for() -> None:
    parents = [canonical(smiles) for smiles in DRUGS]
    brood = breed(parents, 40, Random(1), load_prior(), set(parents), most_atoms=25)
    assert len(set(brood)) == 40 and not set(parents) & set(brood)
    assert all(5 <= Chem.MolFromSmiles(smiles).GetNumAtoms() <= 25 for smiles in brood)
    assert brood == breed(parents, 40, Random(1), load_prior(), set(parents), most_atoms=25)


def test_the_prior_knows_drugs_and_finds_peroxides_strange() -> None:
    prior = load_prior()
    assert sum(prior.strange(Chem.MolFromSmiles(smiles)) == 0 for smiles in DRUGS[:5]) >= 4
    assert prior.strange(Chem.MolFromSmiles("CC(=O)OOC1=C=CC=C1")) >= 3
    assembled = assemble(prior, 20, seed=1, most_atoms=30)
    assert len(set(assembled)) == 20
    assert not any(prior.strange(Chem.MolFromSmiles(smiles)) for smiles in assembled)
