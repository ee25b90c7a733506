"""Reaction records are cleaned so that each molecule has its role and each reaction stands once."""

from __future__ import annotations

import lzma
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_reactions import KNOWN, NAMES

from bencao.synthesis.train.reactions import (
    CleanReaction,
    RawReaction,
    UnusableReaction,
    clean_reaction,
    deduplicate,
    development_products,
    funnel,
    read_reactions,
    split_of,
    try_clean,
)


def raw(smiles: str, mapped: bool = True, row: int = 2, reaction_class: int = 0, held_out: bool = False) -> RawReaction:
    return RawReaction(row, "test", reaction_class, held_out, mapped, smiles)


AMIDE = KNOWN["amide"].mapped
AMIDE_LEFT, _, AMIDE_RIGHT = AMIDE.partition(">>")


# --- roles


@pytest.mark.parametrize("name", NAMES)
def test_a_mapped_reaction_is_read_to_its_molecules(name: str) -> None:
    clean = clean_reaction(raw(KNOWN[name].mapped))
    assert (clean.product, clean.reactants, clean.reagents) == (KNOWN[name].product, KNOWN[name].reactants, "")


def test_a_molecule_that_gives_no_atom_is_a_reagent_wherever_it_stands() -> None:
    clean = clean_reaction(raw(f"CCN(CC)CC.{AMIDE_LEFT}>ClCCl>{AMIDE_RIGHT}"))
    assert clean.reactants == KNOWN["amide"].reactants
    assert clean.reagents == "CCN(CC)CC.ClCCl"


def test_a_mapped_molecule_whose_atoms_are_not_in_the_product_is_a_reagent() -> None:
    assert clean_reaction(raw(f"{AMIDE_LEFT}.[OH2:99]>>{AMIDE_RIGHT}")).reagents == "O"


def test_a_mapped_molecule_between_the_arrows_that_gives_atoms_is_a_reactant() -> None:
    acid, amine = AMIDE_LEFT.split(".")
    assert clean_reaction(raw(f"{acid}>{amine}>{AMIDE_RIGHT}")).reactants == KNOWN["amide"].reactants


def test_an_unmapped_row_is_taken_at_its_word() -> None:
    clean = clean_reaction(raw("OC(C)=O.Nc1ccccc1>CN(C)C=O>CC(=O)Nc1ccccc1", mapped=False))
    assert (clean.reactants, clean.reagents, clean.mapped) == ("CC(=O)O.Nc1ccccc1", "CN(C)C=O", "")


def test_the_mapped_text_holds_the_reactants_alone() -> None:
    clean = clean_reaction(raw(f"CCN(CC)CC.{AMIDE_LEFT}>ClCCl>{AMIDE_RIGHT}"))
    assert "CCN" not in clean.mapped
    assert clean_reaction(raw(clean.mapped)).key == clean.key


def test_stereo_stays_in_the_product_and_leaves_the_text_that_splits_go_by() -> None:
    clean = clean_reaction(raw(KNOWN["substitution with inversion"].mapped))
    assert "@" in clean.product
    assert clean.product_flat == "COC(=O)C(C)NCc1ccccc1"


def test_a_salt_filed_beside_the_product_is_passed_over() -> None:
    assert clean_reaction(raw(f"{AMIDE_LEFT}>>{AMIDE_RIGHT}.[Na+].Cl")).product == "CC(=O)Nc1ccccc1"


# --- rows that cannot be used


@pytest.mark.parametrize(
    ("smiles", "reason"),
    [
        ("CCO.CCN", "not of the form"),
        (">>CCCCO", "no reactant"),
        ("CC(=O)O.CCCN>>CC(=O)NCCC.CCCCCO", "not exactly one product"),
        ("CC(=O)O>>", "not exactly one product"),
        ("CC(=O)NCCC.O>>CCCNC(C)=O", "the product is among the reactants"),
        ("CO.CC>>CCO", "under four heavy atoms"),
        ("c1ccccc.CCO>>CCOc1ccccc1", "does not parse"),
        ("CCBr.CCO>>CCOc1cccc", "does not parse"),
    ],
)
def test_a_row_that_is_no_reaction_says_why(smiles: str, reason: str) -> None:
    with pytest.raises(UnusableReaction, match=reason):
        clean_reaction(raw(smiles, mapped=False))


def test_a_row_marked_as_mapped_without_maps_says_so() -> None:
    with pytest.raises(UnusableReaction, match="no maps"):
        clean_reaction(raw("CC(=O)O.Nc1ccccc1>>CC(=O)Nc1ccccc1"))


def test_the_funnel_counts_the_reasons() -> None:
    rows = [raw(AMIDE), raw("CCO.CCN", mapped=False), raw("CCN.CCO", mapped=False)]
    kept, reasons = funnel(map(try_clean, rows))
    assert [reaction.key for reaction in kept] == [(KNOWN["amide"].reactants, KNOWN["amide"].product)]
    assert reasons == {"not of the form left>middle>right": 2}


# --- each reaction once


def cleaned(smiles: str, **changes: object) -> CleanReaction:
    return replace(clean_reaction(raw(smiles, mapped=":1]" in smiles)), **changes)  # type: ignore[arg-type]


def test_the_same_reaction_in_two_spellings_is_kept_once() -> None:
    unmapped = "Nc1ccccc1.CC(O)=O>>c1ccccc1NC(C)=O"
    (kept,) = deduplicate([cleaned(unmapped), cleaned(AMIDE), cleaned(unmapped)])
    assert kept.count == 3
    assert kept.mapped  # from the row that has maps


def test_a_duplicate_lends_its_class_and_its_reagents() -> None:
    (kept,) = deduplicate([cleaned(AMIDE), cleaned(f"{AMIDE_LEFT}>CCN(CC)CC>{AMIDE_RIGHT}", reaction_class=2)])
    assert (kept.reaction_class, kept.reagents) == (2, "CCN(CC)CC")


def test_a_reaction_is_held_out_if_any_of_its_rows_is() -> None:
    (kept,) = deduplicate([cleaned(AMIDE), cleaned(AMIDE, held_out=True), cleaned(AMIDE)])
    assert kept.held_out


def test_reactions_of_one_product_from_other_reactants_both_stay() -> None:
    chloride = "CC(=O)Cl.Nc1ccccc1>>CC(=O)Nc1ccccc1"
    assert len(deduplicate([cleaned(AMIDE), cleaned(chloride)])) == 2


# --- reading tables


TABLE = (
    "source\tclass\tatom_mapped\tproduct_in_valid\treaction\n"
    f"patents\t2.1\t1\t1\t{AMIDE}\npatents\t\t0\t0\tCCBr.O>>CCO\n"
)


@pytest.mark.parametrize("packed", [False, True])
def test_a_table_is_read_packed_or_plain(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("reactions.tsv.xz" if packed else "reactions.tsv")
    path.write_bytes(lzma.compress(TABLE.encode()) if packed else TABLE.encode())
    first, second = read_reactions(path)
    assert (first.row, first.source, first.reaction_class, first.mapped, first.held_out) == (
        2,
        "patents",
        2,
        True,
        True,
    )
    assert (second.row, second.reaction_class, second.mapped, second.held_out) == (3, 0, False, False)


def test_one_column_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "ours.tsv"
    path.write_text(f"reaction\n{AMIDE}\nCCBr.O>>CCO\n", encoding="utf-8")
    assert [(row.source, row.mapped) for row in read_reactions(path)] == [("ours.tsv", True), ("ours.tsv", False)]


def test_a_table_without_reactions_names_the_column_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "ours.tsv"
    path.write_text("rxn\tyield\nCCBr.O>>CCO\t80\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column 'reaction'"):
        list(read_reactions(path))


# --- the split


@given(st.text(max_size=60))
def test_the_hash_of_a_product_lies_between_0_and_1_and_is_always_the_same(text: str) -> None:
    assert 0 <= split_of(text) < 1
    assert split_of(text) == split_of(text)


def test_the_hash_is_spread_evenly() -> None:
    shares = sorted(split_of(f"molecule {number}") for number in range(2_000))
    # Kolmogorov-Smirnov distance; 0.044 is passed by chance once in a thousand.
    assert max(abs(share - (place + 0.5) / 2_000) for place, share in enumerate(shares)) < 0.044


def test_development_products_do_not_hang_on_order_or_repetition() -> None:
    products = [f"molecule {number}" for number in range(300)]
    chosen = development_products(products, 20)
    assert len(chosen) == 20
    assert development_products([*reversed(products), *products], 20) == chosen
    assert max(map(split_of, chosen)) < min(split_of(product) for product in set(products) - chosen)


def test_the_held_out_rows_of_the_development_data_are_the_valid_split_and_more(shared_data: Path) -> None:
    valid = 0
    for row in read_reactions(shared_data / "synthesis" / "reactions.tsv.xz"):
        if row.source != "uspto50k-valid":
            break
        valid += 1
        assert row.held_out
        assert row.mapped
    assert valid == 4_991
