"""Templates are extracted in bounded time, and two spellings of one template are counted as one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_reactions import KNOWN, NAMES
from rdkit import Chem

from bencao.synthesis.train import templates
from bencao.synthesis.train.templates import canonical_key, extract, template_table

AMIDE = "[C:1](=[O:2])-[NH;D2:3]-[#6:4]>>[C:1](=[O:2])-[OH].[NH2;D1:3]-[#6:4]"
AMIDE_AGAIN = "[#6:7]-[NH;D2:5]-[C:9]=[O:3]>>[NH2;D1:5]-[#6:7].[OH]-[C:9]=[O:3]"
CHLORIDE = "[C:1](=[O:2])-[NH;D2:3]-[#6:4]>>[C:1](=[O:2])-Cl.[NH2;D1:3]-[#6:4]"


# --- extraction


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("general", [False, True])
def test_a_template_reads_from_the_product_to_the_reactants(name: str, general: bool) -> None:
    product, arrow, reactants = extract(KNOWN[name].mapped, general).partition(">>")
    assert arrow
    assert Chem.MolFromSmiles(KNOWN[name].product).HasSubstructMatch(Chem.MolFromSmarts(product))
    assert Chem.MolFromSmarts(reactants) is not None


def test_the_general_template_leaves_the_neighbourhood_out() -> None:
    mapped = KNOWN["Suzuki coupling"].mapped
    assert len(extract(mapped, general=True)) < len(extract(mapped))


@pytest.mark.parametrize(
    ("mapped", "reason"),
    [
        ("[CH3:1][OH:2]>>[CH3:1][OH:2]", "no template"),
        ("[CH3:1][CH2:2]Br>>[CH3:1][CH2:2]N=[N+]=[N-]", "origin"),
    ],
)
def test_a_reaction_without_a_template_gives_a_reason(mapped: str, reason: str) -> None:
    found = extract(mapped)
    assert found.startswith("!")
    assert reason in found


def test_a_reaction_that_does_not_parse_gives_a_reason() -> None:
    assert extract("[CH3:1][c:2]1>>[CH3:1]").startswith("!")


def test_extraction_is_given_up_at_the_time_limit_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(*arguments: object, **options: object) -> dict[str, str]:
        while True:
            time.sleep(0.01)

    with monkeypatch.context() as slow:
        slow.setattr(templates, "_SECONDS_A_REACTION", 0.05)
        slow.setattr(templates, "extract_from_reaction", never_ends)
        assert extract(KNOWN["amide"].mapped) == "!time limit"
    assert ">>" in extract(KNOWN["amide"].mapped)


# --- the canonical key


def test_two_spellings_of_a_template_share_a_key() -> None:
    assert canonical_key(AMIDE) == canonical_key(AMIDE_AGAIN)


def test_another_reactant_makes_another_key() -> None:
    assert canonical_key(AMIDE) != canonical_key(CHLORIDE)


def test_all_known_reactions_have_keys_of_their_own() -> None:
    texts = {extract(KNOWN[name].mapped) for name in NAMES}
    assert len({canonical_key(text) for text in texts}) == len(texts)


def test_the_key_knows_which_atom_becomes_which() -> None:
    straight = "[C:1]-[O:2]-[C:3]>>[C:1]-[OH:2].Br-[C:3]"
    crossed = "[C:1]-[O:2]-[C:3]>>[C:3]-[OH:1].Br-[C:2]"
    assert canonical_key(straight) != canonical_key(crossed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[C;H2:1]-[N:2]>>[C;H2:1]-Cl.[N:2]", "[C;H1:1]-[N:2]>>[C;H1:1]-Cl.[N:2]"),
        ("[C:1]-[N:2]>>[C:1]-Cl.[N:2]", "[C:1]-[N;+1:2]>>[C:1]-Cl.[N;+1:2]"),
        ("[C:1]-[C:2]>>[C:1]=[C:2]", "[C:1]-[C:2]>>[C:1]#[C:2]"),
        ("[c:1]-[N:2]>>[c:1]-Cl.[N:2]", "[C:1]-[N:2]>>[C:1]-Cl.[N:2]"),
    ],
)
def test_templates_that_differ_in_one_query_have_other_keys(one: str, other: str) -> None:
    assert canonical_key(one) != canonical_key(other)


def test_a_template_and_its_reverse_differ() -> None:
    left, _, right = CHLORIDE.partition(">>")
    assert canonical_key(f"{right}>>{left}") != canonical_key(CHLORIDE)


def test_a_template_with_stereo_keeps_its_own_spelling() -> None:
    text = extract(KNOWN["substitution with inversion"].mapped)
    assert canonical_key(text) == text


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(("amide", "Suzuki coupling", "Hantzsch thiazole", "Boc removal")), st.permutations(range(1, 41)))
def test_renumbering_the_maps_leaves_the_key(name: str, numbers: list[int]) -> None:
    text = extract(KNOWN[name].mapped)
    renumbered = text
    for number in range(1, 41):
        renumbered = renumbered.replace(f":{number}]", f":#{numbers[number - 1]}]")
    assert canonical_key(renumbered.replace(":#", ":")) == canonical_key(text)


# --- the table


def test_spellings_are_merged_and_the_commonest_is_kept() -> None:
    table, place = template_table([AMIDE, AMIDE_AGAIN, AMIDE, CHLORIDE], [2, 2, 0, 2], minimum=2)
    assert [(row.smarts, row.count, row.reaction_class) for row in table] == [(AMIDE, 3, 2)]
    assert place == {AMIDE: 0, AMIDE_AGAIN: 0}


def test_rows_stand_by_falling_count() -> None:
    table, place = template_table([CHLORIDE, AMIDE, AMIDE], [0, 0, 0], minimum=1)
    assert [(row.smarts, row.count) for row in table] == [(AMIDE, 2), (CHLORIDE, 1)]
    assert place == {AMIDE: 0, CHLORIDE: 1}


def test_the_class_is_the_commonest_known_one() -> None:
    table, _ = template_table([AMIDE] * 6, [0, 0, 0, 2, 2, 9], minimum=1)
    assert table[0].reaction_class == 2


@given(st.permutations([AMIDE, AMIDE_AGAIN, AMIDE, CHLORIDE, CHLORIDE, CHLORIDE]))
def test_the_table_does_not_hang_on_the_order_of_the_reactions(texts: list[str]) -> None:
    table, _ = template_table(texts, [0] * len(texts), minimum=1)
    assert {(row.smarts, row.count) for row in table} == {(AMIDE, 3), (CHLORIDE, 3)}
    assert table == template_table(sorted(texts), [0] * len(texts), minimum=1)[0]
