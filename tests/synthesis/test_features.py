"""What the network sees of a molecule: the same for every drawing of it, another for another molecule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_reactions import KNOWN, NAMES
from rdkit import Chem

from bencao.synthesis.chemistry.features import feature_ids

SIZE = 16_384


def slots(smiles: str, size: int = SIZE) -> list[int]:
    return [int(slot) for slot in feature_ids(Chem.MolFromSmiles(smiles), size)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.integers(1, 2**30))
def test_the_order_of_the_atoms_changes_nothing(name: str, seed: int) -> None:
    smiles = KNOWN[name].product
    other = Chem.MolToRandomSmilesVect(Chem.MolFromSmiles(smiles), 1, randomSeed=seed)[0]
    assert slots(other) == slots(smiles)


@pytest.mark.parametrize("size", [64, 1_024, SIZE])
def test_slots_are_ascending_and_within_the_size(size: int) -> None:
    found = feature_ids(Chem.MolFromSmiles(KNOWN["Suzuki coupling"].product), size)
    assert found.dtype == np.int64
    assert np.all(np.diff(found) > 0)
    assert found[0] >= 0
    assert found[-1] < size


def test_the_smallest_molecule_has_a_slot() -> None:
    assert len(slots("C")) == 1


def test_enantiomers_differ() -> None:
    assert slots("C[C@H](N)C(=O)O") != slots("C[C@@H](N)C(=O)O")


def test_one_two_and_four_occurrences_differ_and_more_do_not() -> None:
    # Isolated molecules, so that nothing but the number of atoms of one kind changes.
    counted = [len(slots(".".join(["C"] * number))) for number in (1, 2, 3, 4, 5, 9)]
    assert counted == [1, 2, 2, 3, 3, 3]


def test_the_slots_of_a_molecule_are_those_the_shipped_network_was_trained_on() -> None:
    assert slots("CCO", 1_024) == GOLDEN


# A change here, by this code or by RDKit, makes every trained model worthless: train anew, then write it here.
GOLDEN = [351, 369, 486, 510, 617, 872]
