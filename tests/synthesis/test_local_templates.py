"""Local templates: cut to what changes, laid on one atom, and learned by a network over atoms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem

from bencao.synthesis.chemistry.graph import ATOM_SLOTS, BOND_SLOTS, molecular_graph
from bencao.synthesis.chemistry.template import PreparedMolecule, RetroTemplate, canonical, canonical_set

AMIDE = (
    "[C:2]-[C;H0;D3;+0:1](=[O;D1;H0:3])-[NH;D2;+0:4]-[c:5]>>O-[C;H0;D3;+0:1](-[C:2])=[O;D1;H0:3].[NH2;D1;+0:4]-[c:5]"
)
LOCAL_AMIDE = "[C&H0&D3&+0:1]-[N&H1&D2&+0:4]>>O-[C&H0&D3&+0:1].[N&H2&D1&+0:4]"
DIAMIDE = canonical("CC(=O)NCc1ccc(NC(=O)CC)cc1")


def laid(template: str, smiles: str, atoms: frozenset[int] | None = None) -> dict[str, set[int]]:
    """Atoms on which a template can be laid, by what it gives there."""
    found: dict[str, set[int]] = {}
    for atom, outcome in RetroTemplate(template).apply_at(PreparedMolecule(smiles), atoms):
        found.setdefault(outcome.reactants, set()).add(atom)
    return found


def test_a_template_lies_on_each_site_and_names_it() -> None:
    found = laid(LOCAL_AMIDE, DIAMIDE)
    ends = (canonical_set("CC(=O)O.NCc1ccc(NC(=O)CC)cc1"), canonical_set("CCC(=O)O.CC(=O)NCc1ccc(N)cc1"))
    assert set(found) == set(ends)
    molecule = Chem.MolFromSmiles(DIAMIDE)
    for atoms in found.values():
        assert all(molecule.GetAtomWithIdx(atom).GetSymbol() == "C" for atom in atoms)
    (first,) = found[ends[0]]
    assert set(laid(LOCAL_AMIDE, DIAMIDE, frozenset({first}))) == {ends[0]}


def test_a_molecule_becomes_slots_within_their_columns() -> None:
    graph = molecular_graph(Chem.MolFromSmiles("C[C@H](N)C(=O)/C=C/c1ccccc1"))
    assert graph.atoms.shape == (13, 9)
    assert graph.bonds.shape == (26, 4)
    assert graph.ends.shape == (2, 26)
    assert graph.atoms.max() < ATOM_SLOTS
    assert graph.bonds.max() < BOND_SLOTS
    assert (graph.ends[:, :13] == graph.ends[::-1, 13:]).all()


def test_another_atom_order_gives_the_same_atoms() -> None:
    molecule = Chem.MolFromSmiles("CC(=O)Nc1ccc(O)cc1")
    order = [int(index) for index in np.random.default_rng(7).permutation(molecule.GetNumAtoms())]
    turned = Chem.RenumberAtoms(molecule, order)
    assert (molecular_graph(molecule).atoms[order] == molecular_graph(turned).atoms).all()


def test_a_template_is_cut_to_what_changes() -> None:
    pytest.importorskip("torch", reason="training needs pip install 'bencao[train]'")
    from bencao.synthesis.train.local import anchors, local_template

    assert local_template(AMIDE) == LOCAL_AMIDE
    product = PreparedMolecule(DIAMIDE)
    truth = canonical_set("CC(=O)O.NCc1ccc(NC(=O)CC)cc1")
    (place,) = anchors(RetroTemplate(LOCAL_AMIDE), product, truth)
    assert laid(LOCAL_AMIDE, DIAMIDE, frozenset({place})).keys() == {truth}
    assert anchors(RetroTemplate(LOCAL_AMIDE), product, "CCO") == ()


def test_the_network_learns_a_site_and_the_written_file_agrees(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="training needs pip install 'bencao[train]'")
    from bencao.kernel.models import session
    from bencao.synthesis.train.graph_network import GraphSettings, export_onnx, fit, joined

    texts = ["CC(=O)NC", "CCC(=O)NCC", "CCOC(=O)NC", "CC(C)C(=O)Nc1ccccc1"]
    molecules = [Chem.MolFromSmiles(text) for text in texts]
    graphs = [molecular_graph(molecule) for molecule in molecules]
    places = [molecule.GetSubstructMatch(Chem.MolFromSmarts("C(=O)N"))[:1] for molecule in molecules]
    labels = np.array([0, 1, 2, 1])
    losses: list[str] = []
    settings = GraphSettings(width=32, layers=2, dropout=0.0, batch=4, epochs=60, rate=5e-3)
    network = fit(graphs, np.arange(4), places, labels, 3, settings, losses.append, tmp_path / "network.pt")
    with torch.no_grad():
        states = network.states(joined(graphs[:1]))
        sites, templates = network.site(states)[:, 0].numpy(), network.out(states).numpy()
    assert int(sites.argmax()) == places[0][0]
    assert int(templates[places[0][0]].argmax()) == 0
    export_onnx(network, tmp_path / "sites.onnx")
    one = graphs[0]
    into = np.zeros((len(one.atoms), one.ends.shape[1]), dtype=np.float32)
    into[one.ends[1], np.arange(one.ends.shape[1])] = 1
    feeds = {
        "atoms": one.atoms.astype(np.int64),
        "bonds": one.bonds.astype(np.int64),
        "source": one.ends[0].astype(np.int64),
        "into": into,
    }
    written = session(tmp_path / "sites.onnx").run(["sites", "templates"], feeds)
    # int8 weights: the answers move by some per cent of their spread
    assert np.abs(written[0] - sites).max() < 0.1 * np.ptp(sites)
    assert np.abs(written[1] - templates).max() < 0.1 * np.ptp(templates)
