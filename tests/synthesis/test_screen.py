"""The prescreen never rules out a template that fits, and rules out most that do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_reactions import KNOWN, NAMES
from rdkit import Chem
from reported_sample import sampled_reactions, templates_of

from bencao.synthesis.chemistry.screen import SCREEN_BITS, molecule_screen, template_screen
from bencao.synthesis.chemistry.template import RetroTemplate
from bencao.synthesis.train.templates import extract


def passes(smarts: str, molecule: Chem.Mol) -> bool:
    return not np.any(template_screen(smarts) & ~molecule_screen(molecule))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("general", [False, True])
def test_a_template_passes_for_its_own_product(name: str, general: bool) -> None:
    reaction = KNOWN[name]
    assert passes(extract(reaction.mapped, general), Chem.MolFromSmiles(reaction.product))


def test_no_template_that_fits_is_ruled_out_and_most_others_are(shared_data: Path) -> None:
    reactions = sampled_reactions(shared_data, 50, seed=5)
    texts = templates_of(reactions) + templates_of(reactions, general=True)
    engines = [RetroTemplate(text).backward for text in texts]
    screens = np.stack([template_screen(text) for text in texts])
    fitting = idle = ruled_out = 0
    for reaction in reactions:
        molecule = Chem.MolFromSmiles(reaction.product)
        passed = ~np.any(screens & ~molecule_screen(molecule), axis=1)
        for text, engine, shown in zip(texts, engines, passed, strict=True):
            if engine.RunReactant(molecule, 0):
                fitting += 1
                assert shown, f"{text} fits {reaction.product}"
            else:
                idle += 1
                ruled_out += not shown
    assert fitting > 60
    assert ruled_out > idle / 2


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), st.integers(1, 2**30))
def test_the_order_of_the_atoms_changes_no_bit(name: str, seed: int) -> None:
    molecule = Chem.MolFromSmiles(KNOWN[name].product)
    other = Chem.MolFromSmiles(Chem.MolToRandomSmilesVect(molecule, 1, randomSeed=seed)[0])
    assert np.array_equal(molecule_screen(other), molecule_screen(molecule))


def test_charge_hydrogens_degree_and_stereo_of_a_template_are_not_asked_for() -> None:
    bare = template_screen("[C:1]-[N:2]-[C:3]>>[C:1]-Cl.[N:2]-[C:3]")
    full = template_screen("[C@@H;D3;+0:1]-[N;H0;D3;+0:2]-[C:3]>>[C:1]-Cl.[N:2]-[C:3]")
    assert np.array_equal(bare, full)


def test_screens_are_packed_bits() -> None:
    screen = molecule_screen(Chem.MolFromSmiles("CC(=O)Nc1ccc(O)cc1"))
    assert screen.dtype == np.uint8
    assert screen.shape == (SCREEN_BITS // 8,)
    assert screen.any()
