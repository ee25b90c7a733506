"""A plan as a page: it says what was found in either language, loads nothing, and no two things overlap."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from bencao.kernel.errors import InputError
from bencao.kernel.svg import embedded
from bencao.synthesis import Limits, Plan, Stock, load_proposer, load_tools, plan, render_plan, route_svg
from bencao.synthesis.page import words
from bencao.synthesis.page.changes import change_of
from bencao.synthesis.page.depiction import laid_out
from bencao.synthesis.page.layout import Box, place
from bencao.synthesis.page.picture import molecule_svg
from bencao.synthesis.route import REACTION_CLASSES, StockEntry

SVG = "http://www.w3.org/2000/svg"
LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
IMATINIB = "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1"
CHIRAL = "C[C@H](NC(=O)c1ccc(OCc2ccccc2)cc1)c1ccc(-c2ccncc2)cc1"


@pytest.fixture(scope="module")
def solved(hand_model: Path) -> Plan:
    return plan(f"{LIDOCAINE}.Cl", proposer=load_proposer(hand_model), limits=Limits(expansions=20), routes=2)


@pytest.fixture(scope="module")
def unsolved(hand_model: Path) -> Plan:
    limits = Limits(expansions=6, depth=2)
    return plan(
        "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1", proposer=load_proposer(hand_model), limits=limits
    )


def texts(page: str) -> str:
    return re.sub(r"<[^>]*>", "\n", page)


def test_the_page_says_what_was_found(solved: Plan) -> None:
    page = texts(render_plan(solved, name="lidocaine"))
    for said in (
        "How to make lidocaine",
        LIDOCAINE,
        "NNJVILVZKWQKPM-UHFFFAOYSA-N",
        "left out as counter-ion or solvate: hydrochloric acid",
        "Route 1: 1 step",
        "heteroatom alkylation and arylation",
        "gives the product",
        "building block",
        "The search ended because",
        "template-relevance",
    ):
        assert said in page, said
    assert re.search(r"used as a starting\s+material in 263 patent\s+reactions", page)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_page_says_that_something_can_be_bought(solved: Plan, unsolved: Plan, language: words.Language) -> None:
    for found in (solved, unsolved):
        assert "purchasable" not in render_plan(found, language)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_page_loads_nothing(solved: Plan, language: words.Language) -> None:
    page = render_plan(solved, language)
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "<script" not in page


def test_in_chinese_no_fixed_word_stays_english(solved: Plan) -> None:
    page = texts(render_plan(solved, "zh", name="利多卡因").partition("<footer>")[0].partition("</style>")[2])
    for said in (
        "利多卡因 的合成路线",
        "已除去反离子或溶剂",
        "杂原子烷基化和芳基化",
        "用作起始原料",
        "砌块",
        "得到该产物",
    ):
        assert said in page.replace("\n", ""), said
    # What stays as it is: chemicals' names in warnings, a proper name, and the reported reactions with their sources.
    cited = [one for route in solved.routes for node in route.root.walk() if node.step for one in node.step.precedents]
    kept = " ".join(f"{one.source} {one.reaction}" for one in cited) + " hydrochloric acid Tanimoto"
    left = set(re.findall(r"[a-z]{4,}", page)) - set(re.findall(r"[a-z]{4,}", kept))
    assert not {word for word in left if word not in LIDOCAINE}, left


def test_what_is_missing_is_marked(unsolved: Plan) -> None:
    assert not unsolved.solved
    page = render_plan(unsolved)
    assert "No route ends in the stock asked for" in page
    assert "not in stock" in texts(route_svg(unsolved.routes[0]))
    assert "stroke-dasharray" in route_svg(unsolved.routes[0])


def test_a_leaf_that_is_only_perhaps_in_stock_is_marked_as_missing(hand_model: Path) -> None:
    proposer, stock = load_tools(hand_model)

    class OnlyPerhaps:
        identity = stock.identity

        def find(self, smiles: str) -> StockEntry:
            return StockEntry("perhaps", "same skeleton, other stereo or isotopes, in tier building-block")

    found = plan("C[C@H](NC(=O)c1ccccc1)c1ccccc1", proposer=proposer, stock=OnlyPerhaps(), limits=Limits(expansions=3))
    assert not found.solved
    assert "not in stock (perhaps)" in route_svg(found.routes[0])
    assert "不在库存中 (或许)" in route_svg(found.routes[0], "zh")


def test_a_price_of_the_users_list_stands_in_the_table(hand_model: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("smiles,price\nCCNCC,12.5\nCc1cccc(C)c1NC(=O)CCl,40\n")
    found = plan(
        LIDOCAINE,
        proposer=load_proposer(hand_model),
        stock=Stock.from_csv(listed),
        limits=Limits(expansions=5),
        routes=1,
    )
    page = texts(render_plan(found))
    assert "Price" in page
    assert "12.5" in page


def test_the_same_route_gives_the_same_picture_which_stands_alone(solved: Plan) -> None:
    svg = route_svg(solved.routes[0])
    assert svg == route_svg(solved.routes[0])
    assert ElementTree.fromstring(svg).tag == f"{{{SVG}}}svg"
    assert embedded(svg, "figure")


def test_labels_and_charges_are_drawn() -> None:
    assert "<svg" in molecule_svg("[2H]C([2H])([2H])N1CC[N+]([O-])(C)CC1")


def test_another_language_is_refused(solved: Plan) -> None:
    with pytest.raises(InputError, match="'fr'"):
        render_plan(solved, "fr")  # type: ignore[arg-type]


def test_both_languages_have_the_same_words() -> None:
    assert words.WORDS["en"].keys() == words.WORDS["zh"].keys()
    assert words.CLASSES_ZH.keys() == REACTION_CLASSES.keys()
    assert words.TIERS["en"].keys() == words.TIERS["zh"].keys()


def test_a_source_with_a_long_name_stays_within_its_card(hand_model: Path, tmp_path: Path) -> None:
    listed = tmp_path / ("in_one_word_" * 15 + ".csv")
    listed.write_text("smiles,supplier\nCCNCC,<b>\x07Acme & Co\nCc1cccc(C)c1NC(=O)CCl,\n")
    found = plan(
        LIDOCAINE, proposer=load_proposer(hand_model), stock=Stock.from_csv(listed), limits=Limits(expansions=5)
    )
    said = [text.text or "" for text in ElementTree.fromstring(route_svg(found.routes[0])).iter(f"{{{SVG}}}text")]
    assert max(map(len, said)) < 30
    assert "listed by <b> Acme & Co" in " ".join(said)


def test_a_long_route_scrolls_and_prints_on_landscape_paper(solved: Plan) -> None:
    page = render_plan(solved)
    assert page.count('<figure class="scrolls">') == len(solved.routes)
    assert "A4 landscape" in page


# --- the drawing ----------------------------------------------------------------------------------------------------


def test_the_bond_that_a_step_makes_is_the_marked_one(hand_model: Path) -> None:
    product = Chem.MolFromSmiles("CC(=O)Nc1ccc(O)cc1")
    (step, *_) = load_proposer(hand_model).propose("CC(=O)Nc1ccc(O)cc1")
    reactants = tuple(Chem.MolFromSmiles(smiles) for smiles in step.reactants.split("."))
    change = change_of(step, product, reactants)
    assert [product.GetBondWithIdx(index).GetBeginAtom().GetSymbol() for index in change.bonds] == ["C"]
    assert sorted(product.GetAtomWithIdx(index).GetSymbol() for index in change.atoms) == ["C", "N"]


def test_a_reactant_lies_as_the_product_does(hand_model: Path) -> None:
    (step, *_) = load_proposer(hand_model).propose(Chem.CanonSmiles(CHIRAL))
    product = laid_out(Chem.MolFromSmiles(Chem.CanonSmiles(CHIRAL)))
    reactants = tuple(Chem.MolFromSmiles(smiles) for smiles in step.reactants.split("."))
    for reactant, pairs in zip(reactants, change_of(step, product, reactants).pairs, strict=True):
        drawn = laid_out(reactant, product, pairs).GetConformer().GetPositions()
        mine, theirs = np.array(pairs).T
        assert np.allclose(drawn[mine], product.GetConformer().GetPositions()[theirs], atol=1e-3)


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> Box:
    size = st.floats(40, 400)
    below = draw(st.lists(trees(depth - 1), max_size=3)) if depth else []
    step = draw(st.tuples(st.floats(100, 200), st.floats(8, 70), st.floats(8, 90))) if below else (0.0, 0.0, 0.0)
    return Box(draw(size), draw(size), *step, precursors=below)


def rectangles(box: Box) -> Iterator[tuple[float, float, float, float]]:
    yield box.x, box.y - box.height / 2, box.x + box.width, box.y + box.height / 2
    if box.precursors:
        yield box.spine - box.step_width, box.y - box.step_above, box.spine, box.y + box.step_below
    for below in box.precursors:
        yield from rectangles(below)


@settings(max_examples=60, deadline=None)
@given(root=trees())
def test_no_two_cards_or_labels_overlap_and_all_lie_on_the_page(root: Box) -> None:
    width, height = place(root)
    found = list(rectangles(root))
    for left, top, right, bottom in found:
        assert left >= -0.01 and top >= -0.01 and right <= width + 0.01 and bottom <= height + 0.01
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            # The text of a step may reach to the edges of the cards beside it, by rounding of sums.
            assert apart or min(one[2], other[2]) - max(one[0], other[0]) < 0.01
