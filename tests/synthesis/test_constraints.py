"""What a chemist gets who asks something of the routes, and what no route is planned to."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from rdkit import Chem

from bencao.synthesis import (
    Limits,
    Plan,
    Proposal,
    Proposer,
    Stock,
    expand,
    load_proposer,
    load_tools,
    plan,
    read_target,
    render_plan,
)
from bencao.synthesis.chemistry.template import canonical
from bencao.synthesis.constraints import (
    ConstraintError,
    Constraints,
    ExplosiveTarget,
    ScheduledTarget,
    constrained_search,
    fit_for_route,
    flags,
    read_bond,
    refuse_target,
)
from bencao.synthesis.constraints.bonds import follow
from bencao.synthesis.constraints.hazard import hazard_of
from bencao.synthesis.constraints.safety import refusal
from bencao.synthesis.constraints.settings import bonds_of_target
from bencao.synthesis.page.words import warning_in_words
from bencao.synthesis.planner import CleanProposer, batch, expand_file
from bencao.synthesis.route import ForwardVerdict, Route, RouteNode, StockEntry
from bencao.synthesis.seams import Batch

DRUGS = Path(__file__).resolve().parents[2] / "benchmarks" / "synthesis" / "targets" / "drugs.tsv"
# CC(=O)Nc1ccc(O)cc1: bond 2-4 is the amide's, 4-5 lies between nitrogen and ring.
PARACETAMOL = "CC(=O)Nc1ccc(O)cc1"
# CCN(CC)CC(=O)Nc1c(C)cccc1C: bond 3-6 is the amine's, 7-9 the amide's.
LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
BUDGET = Limits(expansions=15)

# Public structures beside the drugs: dyes, agrochemicals, intermediates, materials.
NAMED = (
    "CC(C)(C)OC(=O)N1CCC(c2ccccc2)CC1",
    "CCOC(=O)c1ccc(N)cc1",
    "COc1ccc(-c2ccc(C#N)cc2)cc1",
    "CC(=O)Oc1ccccc1C(=O)O",
    "CC(C)Cc1ccc(C(C)C(=O)O)cc1",
    "CCN(CC)C(=O)c1cccc(C)c1",
    "O=C(Nc1ccccc1)c1ccccc1",
    "CNC(=O)Oc1cccc2ccccc12",
    "CC(C)NCC(O)COc1cccc2ccccc12",
    "O=C(O)Cc1ccccc1Nc1c(Cl)cccc1Cl",
    "COC(=O)C(Cc1ccccc1)NC(=O)C(N)CC(=O)O",
    "c1ccc(CN2CCN(Cc3ccccc3)CC2)cc1",
)


@pytest.fixture(scope="module")
def proposer(shipped_model: Path) -> Proposer:
    return load_proposer(shipped_model)


@pytest.fixture(scope="module")
def drugs() -> dict[str, str]:
    with DRUGS.open(encoding="utf-8", newline="") as handle:
        return {row["name"]: row["smiles"] for row in csv.DictReader(handle, delimiter="\t")}


def planned(proposer: Proposer, smiles: str, constraints: Constraints, limits: Limits = BUDGET) -> Plan:
    return plan(smiles, proposer=proposer, limits=limits, constraints=constraints)


def steps_of(found: Plan) -> list[Proposal]:
    return [node.step for route in found.routes for node in route.root.walk() if node.step]


def searched(proposer: Proposer, smiles: str, constraints: Constraints) -> Plan:
    """As `plan`, without looking up precedents."""
    stock = Stock.default()
    return constrained_search(read_target(smiles), CleanProposer(proposer), stock, constraints, limits=BUDGET, routes=3)


def met(route: Route) -> dict[str, bool | None]:
    return {f"{one.constraint} {one.asked}": one.met for one in route.constraints}


# Frozen bonds


def atoms_kept_together(node: RouteNode, pair: tuple[Chem.Mol, int, int]) -> bool:
    """Whether two bonded atoms stay bonded down to the leaves: labelled by isotope, run down step by step.

    It shares no code with the planner: the two atoms of the product are found in the mapped reaction by their maps,
    and in a precursor by trying each pair of its bonded atoms for one that gives the same labelled molecule.
    """
    if node.step is None:
        return True
    molecule, one, other = pair
    named = Chem.MolFromSmiles(canonical(node.smiles))
    assert labelled(named, one, other) == labelled(molecule, one, other)
    for text in node.step.forward.mapped.partition(">>")[0].split("."):
        fragment = Chem.MolFromSmiles(text)
        places = {atom.GetAtomMapNum() - 1: atom.GetIdx() for atom in fragment.GetAtoms()}
        if one not in places or other not in places:
            continue
        if fragment.GetBondBetweenAtoms(places[one], places[other]) is None:
            return False
        for atom in fragment.GetAtoms():
            atom.SetAtomMapNum(0)
        goal = labelled(fragment, places[one], places[other])
        return any(
            atoms_kept_together(below, (precursor, begin, end))
            for below in node.precursors
            for precursor in [Chem.MolFromSmiles(canonical(below.smiles))]
            for begin, end in both_ways(precursor)
            if labelled(precursor, begin, end) == goal
        )
    return False


def both_ways(molecule: Chem.Mol) -> list[tuple[int, int]]:
    ends = [(one.GetBeginAtomIdx(), one.GetEndAtomIdx()) for one in molecule.GetBonds()]
    return ends + [(end, begin) for begin, end in ends]


def labelled(molecule: Chem.Mol, one: int, other: int) -> str:
    """Flat SMILES with two atoms labelled; flat, since a label on an atom can make a stereocentre of it."""
    copy = Chem.Mol(molecule)
    Chem.RemoveStereochemistry(copy)
    copy.GetAtomWithIdx(one).SetIsotope(201)
    copy.GetAtomWithIdx(other).SetIsotope(202)
    return str(Chem.MolToSmiles(copy))


def random_cases(smiles: list[str], count: int) -> list[tuple[str, tuple[int, int]]]:
    """Molecules in a random spelling, each with one of its bonds, atoms counted from 1."""
    draw = random.Random(20_250)
    cases = []
    for _ in range(count):
        (spelling,) = Chem.MolToRandomSmilesVect(
            Chem.MolFromSmiles(draw.choice(smiles)), 1, randomSeed=draw.randrange(1, 10_000)
        )
        bonds = [one for one in Chem.MolFromSmiles(spelling).GetBonds() if not one.GetIsAromatic()]
        one = draw.choice(bonds)
        cases.append((spelling, (one.GetBeginAtomIdx() + 1, one.GetEndAtomIdx() + 1)))
    return cases


def test_a_frozen_bond_is_broken_in_no_route_of_a_hundred_random_plans(
    proposer: Proposer, drugs: dict[str, str]
) -> None:
    cut_if_free = solved = 0
    free: dict[str, tuple[Route, ...]] = {}
    for smiles, named in random_cases([*drugs.values(), *NAMED], 100):
        found = searched(proposer, smiles, Constraints(frozen_bonds=(named,)))
        target = Chem.MolFromSmiles(canonical(found.target))
        one, other = bonds_of_target((named,), read_target(smiles))[0]
        solved += found.solved
        for route in found.routes:
            assert atoms_kept_together(route.root, (target, one, other)), (smiles, named, route)
            assert met(route) == {f"freeze {named[0]}-{named[1]}": True}
        if found.target not in free:
            free[found.target] = searched(proposer, found.target, Constraints()).routes[:1]
        cut_if_free += any(not atoms_kept_together(route.root, (target, one, other)) for route in free[found.target])
    assert cut_if_free >= 15  # else nothing was asked
    assert solved >= 40


def test_without_the_amide_bond_paracetamol_is_made_in_another_way(proposer: Proposer) -> None:
    free = plan(PARACETAMOL, proposer=proposer, limits=BUDGET)
    assert "Nc1ccc(O)cc1" in {leaf.smiles for leaf in free.routes[0].leaves}
    frozen = planned(proposer, PARACETAMOL, Constraints(frozen_bonds=((2, 4),)))
    assert frozen.routes
    assert "Nc1ccc(O)cc1" not in {node.smiles for route in frozen.routes for node in route.root.walk()}


def test_a_bond_may_be_named_by_atom_maps(proposer: Proposer) -> None:
    by_place = planned(proposer, PARACETAMOL, Constraints(frozen_bonds=((2, 4),)))
    by_map = planned(proposer, "C[C:71](=O)[NH:8]c1ccc(O)cc1", Constraints(frozen_bonds=((8, 71),)))
    assert [route.root for route in by_map.routes] == [route.root for route in by_place.routes]


def test_a_bond_of_a_salt_is_that_of_its_parent() -> None:
    (place,) = bonds_of_target(((3, 4),), read_target("[Na+].CC(=O)[O-]"))
    parent = Chem.MolFromSmiles("CC(=O)O")
    assert {parent.GetAtomWithIdx(atom).GetSymbol() for atom in place} == {"C", "O"}
    assert parent.GetBondBetweenAtoms(*place).GetBondTypeAsDouble() == 2.0


@pytest.mark.parametrize(
    ("smiles", "bond", "cause"),
    [
        (PARACETAMOL, (2, 5), "not bonded"),
        (PARACETAMOL, (2, 40), "no atom 40"),
        ("C[C:7](=O)[NH:8]C", (1, 2), "no atom 1"),
        ("[CH3:1][C:1](=O)NC", (1, 2), "stands twice"),
        ("CCN(CC)CC.OS(=O)(=O)O", (8, 9), "do not lie in the molecule that is planned"),
    ],
)
def test_a_bond_that_is_not_there_is_a_typed_error(smiles: str, bond: tuple[int, int], cause: str) -> None:
    with pytest.raises(ConstraintError, match=cause) as raised:
        bonds_of_target((bond,), read_target(smiles))
    assert raised.value.mend


@dataclass
class Fixed:
    """Gives the proposals written down for a molecule one by one, and no others."""

    steps: dict[str, list[Proposal]]
    identity: tuple[tuple[str, str], ...] = (("model", "fixed"),)

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        return tuple(self.steps.get(smiles, ()))

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        steps = self.propose(smiles, top)
        for one, later in pairwise(steps):
            yield Batch((one,), later.probability)
        yield Batch(steps[-1:], 0.0)


@dataclass
class Shelf:
    """A stock of a few molecules."""

    molecules: frozenset[str]
    identity: tuple[tuple[str, str], ...] = (("stock", "shelf"),)

    def find(self, smiles: str) -> StockEntry | None:
        return StockEntry("supplier", "shelf") if smiles in self.molecules else None


def step(reactants: str, mapped: str = "", probability: float = 0.5, number: int = 1) -> Proposal:
    """A proposal; `mapped` is its left side, with map i + 1 on atom i of the product."""
    return Proposal(reactants, probability, "", number, ForwardVerdict(ok=True, mapped=f"{mapped}>>"))


def test_a_step_that_cannot_be_followed_is_not_used_where_a_bond_is_frozen() -> None:
    unmapped = Fixed({"CCOC": [step("CBr.CCO")]})
    shelf = Shelf(frozenset({"CBr", "CCO"}))
    assert plan("CCOC", proposer=unmapped, stock=shelf).solved
    assert not plan("CCOC", proposer=unmapped, stock=shelf, constraints=Constraints(frozen_bonds=((1, 2),))).routes


def test_a_molecule_met_first_without_the_frozen_bond_does_not_smuggle_it_past() -> None:
    # Bromoethane comes first of the propyl end and may be taken apart; then of the ethyl end, whose bond is frozen.
    # The search holds it as one molecule, with the step that takes it apart.
    made = {
        "CCCOCC": [
            step("CBr.CCBr.CCO", "[CH3:1][CH2:2]Br.[CH3:3]Br.[OH:4][CH2:5][CH3:6]", 0.9),
            step("CCBr.CCCO", "[CH3:6][CH2:5]Br.[OH:4][CH2:3][CH2:2][CH3:1]", 0.8),
        ],
        "CCBr": [step("CBr.CI", "[CH3:1]I.[CH3:2]Br", 0.9)],
    }
    shelf = Shelf(frozenset({"CBr", "CI", "CCO", "CCCO"}))
    assert len(plan("CCCOCC", proposer=Fixed(made), stock=shelf).routes) == 2
    found = plan("CCCOCC", proposer=Fixed(made), stock=shelf, constraints=Constraints(frozen_bonds=((5, 6),)))
    assert [route.root.step and route.root.step.reactants for route in found.routes] == ["CBr.CCBr.CCO"]


def test_of_two_like_reactants_each_keeps_its_own_bond() -> None:
    dimer = step("CCBr.CCBr", "[CH3:1][CH2:2]Br.[CH3:4][CH2:3]Br")
    one, other = follow(dimer, frozenset({(0, 1)})), follow(dimer, frozenset({(2, 3)}))
    assert [len(bonds) for bonds in one.precursors] == [1, 0]
    assert [len(bonds) for bonds in other.precursors] == [0, 1]
    assert follow(dimer, frozenset({(1, 2)})).broken == {(1, 2)}


# What is required


def test_what_is_in_stock_is_made_where_it_holds_the_bond_to_be_broken() -> None:
    made = Fixed(
        {"CCOC": [step("CBr.CCO", "[CH3:4]Br.[CH3:1][CH2:2][OH:3]")], "CCO": [step("CI.CO", "[CH3:1]I.[CH3:2][OH:3]")]}
    )
    shelf = Shelf(frozenset({"CBr", "CCO", "CI", "CO"}))
    assert [route.steps for route in plan("CCOC", proposer=made, stock=shelf).routes] == [1]
    found = plan("CCOC", proposer=made, stock=shelf, constraints=Constraints(required_break=(1, 2)))
    assert [(route.steps, met(route)) for route in found.routes] == [(2, {"require-break 1-2": True})]


def test_a_required_break_is_looked_for_beyond_the_stock_and_said_to_be_met(proposer: Proposer) -> None:
    # The nitrogen of paracetamol's ring comes with 4-aminophenol, which is in stock: a route has to go further.
    found = planned(proposer, PARACETAMOL, Constraints(required_break=(4, 5)), Limits(expansions=30))
    assert found.solved
    assert all(met(route) == {"require-break 4-5": True} for route in found.routes)
    one, other = bonds_of_target(((4, 5),), read_target(PARACETAMOL))[0]
    target = Chem.MolFromSmiles(canonical(PARACETAMOL))
    for route in found.routes:
        assert not atoms_kept_together(route.root, (target, one, other))


def test_a_required_break_that_no_route_has_is_said_to_be_unmet(proposer: Proposer) -> None:
    # A bond of the ring: no step takes a benzene ring apart.
    found = planned(proposer, LIDOCAINE, Constraints(required_break=(10, 11)), Limits(expansions=24))
    assert found.solved
    assert all(met(route) == {"require-break 10-11": False} for route in found.routes)
    assert found.expansions <= 24


def test_required_leaves_are_used_or_said_to_be_unmet(proposer: Proposer) -> None:
    found = planned(proposer, LIDOCAINE, Constraints(required_leaves=("CCOC(=O)CBr",)), Limits(expansions=30))
    assert found.solved
    for route in found.routes:
        assert "CCOC(=O)CBr" in {leaf.smiles for leaf in route.leaves}
        assert met(route) == {"require-leaf CCOC(=O)CBr": True}
    never = planned(proposer, LIDOCAINE, Constraints(required_leaves=("c1ccc2ccccc2c1",)), Limits(expansions=24))
    assert never.solved
    assert met(never.routes[0]) == {"require-leaf c1ccc2ccccc2c1": False}


# What is banned, and ceilings


def test_bans_hold_in_every_step(proposer: Proposer) -> None:
    free = plan(LIDOCAINE, proposer=proposer, limits=BUDGET)
    assert any("Cl" in step.reactants for step in steps_of(free))
    banned = Constraints(banned_elements=("Cl", "Br"), banned_molecules=("OCC(=O)O",), banned_classes=(3, 6))
    found = planned(proposer, LIDOCAINE, banned, Limits(expansions=40))
    assert found.routes
    for one in steps_of(found):
        assert not {"Cl", "Br"} & {a.GetSymbol() for a in Chem.MolFromSmiles(one.reactants).GetAtoms()}
        assert "O=C(O)CO" not in one.reactants.split(".")
        assert one.reaction_class not in (3, 6)
    assert set(met(found.routes[0]).values()) == {True}


def test_a_banned_pattern_matches_no_reactant(proposer: Proposer) -> None:
    acyl_chloride = "[CX3](=O)Cl"
    found = planned(proposer, LIDOCAINE, Constraints(banned_patterns=(acyl_chloride,)))
    assert found.routes
    query = Chem.MolFromSmarts(acyl_chloride)
    assert not any(Chem.MolFromSmiles(step.reactants).HasSubstructMatch(query) for step in steps_of(found))


def test_a_banned_leaf_is_made_instead_whatever_its_salt(proposer: Proposer) -> None:
    free = plan(LIDOCAINE, proposer=proposer, limits=BUDGET)
    assert any(leaf.smiles == "CCNCC" for leaf in free.routes[0].leaves)
    found = planned(proposer, LIDOCAINE, Constraints(banned_leaves=("CCNCC.Cl",)), Limits(expansions=40))
    assert found.solved
    assert not any(leaf.smiles == "CCNCC" for route in found.routes for leaf in route.leaves)


def test_a_molecule_without_stereo_stands_for_its_stereoisomers() -> None:
    shelf = Shelf(frozenset({"C[C@H](N)c1ccccc1", "CC(=O)Cl"}))
    amide = "CC(=O)N[C@@H](C)c1ccccc1"
    made = Fixed({canonical(amide): [step("C[C@H](N)c1ccccc1.CC(=O)Cl")]})
    assert plan(amide, proposer=made, stock=shelf).solved
    for smiles, solved in (("CC(N)c1ccccc1", False), ("C[C@H](N)c1ccccc1", False), ("C[C@@H](N)c1ccccc1", True)):
        found = plan(amide, proposer=made, stock=shelf, constraints=Constraints(banned_molecules=(smiles,)))
        assert found.solved is solved, smiles


def test_steps_are_counted_over_all_branches(proposer: Proposer) -> None:
    imatinib = "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1"
    free = plan(imatinib, proposer=proposer, limits=Limits(expansions=40))
    shortest = min(route.steps for route in free.routes)
    found = planned(proposer, imatinib, Constraints(most_steps=shortest), Limits(expansions=40))
    assert found.solved
    assert all(route.steps <= shortest for route in found.routes)
    assert not planned(proposer, imatinib, Constraints(most_steps=1), Limits(expansions=40)).solved


def test_a_hazard_ceiling_holds_for_what_is_in_the_table_and_names_what_is_not(proposer: Proposer) -> None:
    found = planned(proposer, LIDOCAINE, Constraints(highest_hazard=0.1), Limits(expansions=40))
    assert found.routes
    for route in found.routes:
        for node in list(route.root.walk())[1:]:
            known = hazard_of(node.smiles)
            assert known is None or known.score <= 0.1
        (outcome,) = route.constraints
        assert outcome.met is None
        assert "not in the table" in outcome.detail


def test_a_highest_price_holds_for_what_has_a_price(proposer: Proposer, tmp_path: Path) -> None:
    listed = tmp_path / "mine.csv"
    listed.write_text("smiles,price\nCCNCC,12\nCc1cccc(C)c1NC(=O)CCl,40\nCc1cccc(C)c1N,8\nO=C(Cl)CCl,5\n")
    stock = Stock.from_csv(listed)
    found = plan(
        LIDOCAINE,
        proposer=proposer,
        stock=stock,
        limits=Limits(expansions=30),
        constraints=Constraints(highest_price=20.0),
    )
    assert found.solved
    for route in found.routes:
        assert all(leaf.stock and leaf.stock.price is not None and leaf.stock.price <= 20 for leaf in route.leaves)
        assert met(route) == {"max-price 20": True}


@pytest.mark.parametrize(
    "asked",
    [
        {"banned_elements": ("Xx",)},
        {"banned_patterns": ("[C",)},
        {"banned_molecules": ("CC(",)},
        {"banned_classes": (11,)},
        {"most_steps": 0},
        {"highest_hazard": 1.5},
        {"highest_price": float("nan")},
        {"required_leaves": ("CCN",), "banned_molecules": ("NCC",)},
        {"required_break": (2, 1), "frozen_bonds": ((1, 2),)},
    ],
)
def test_a_constraint_that_makes_no_sense_is_a_typed_error(asked: dict[str, object]) -> None:
    with pytest.raises(ConstraintError):
        Constraints(**asked)  # type: ignore[arg-type]


def test_a_bond_is_written_with_a_dash() -> None:
    assert read_bond(" 12-3 ") == (12, 3)
    with pytest.raises(ConstraintError, match="no bond"):
        read_bond("12,3")


def test_an_element_that_the_target_holds_cannot_be_banned(proposer: Proposer) -> None:
    with pytest.raises(ConstraintError, match="the target holds it"):
        planned(proposer, LIDOCAINE, Constraints(banned_elements=("N",)))


def test_provenance_and_json_say_what_was_asked(proposer: Proposer) -> None:
    asked = Constraints(frozen_bonds=((3, 6), (1, 2)), banned_classes=(1, 2), most_steps=4)
    found = planned(proposer, LIDOCAINE, asked)
    provenance = dict(found.provenance)
    assert provenance["constraint.frozen_bonds"] == "3-6 1-2"
    assert provenance["constraint.banned_classes"] == "1 2"
    assert provenance["search.expansions"] == "15"
    assert found.routes
    told = found.as_json()["routes"][0]["constraints"]
    assert told[0] == {"constraint": "freeze", "asked": "3-6", "met": True, "detail": ""}


def test_the_page_says_how_each_route_stands_in_either_language(proposer: Proposer) -> None:
    found = planned(proposer, LIDOCAINE, Constraints(required_break=(10, 11), highest_hazard=0.9))
    assert "require-break 10-11: not met" in render_plan(found, "en")
    chinese = render_plan(found, "zh")
    assert "须断开的键 10-11：不满足" in chinese
    assert "危害分上限 0.9：未知（" in chinese
    assert "not in the table" not in chinese


def test_every_warning_has_its_chinese() -> None:
    made = Fixed({"CC(N)Cc1ccccc1": [step("CC(Cc1ccccc1)N=[N+]=[N-].O=S(Cl)Cl")]})
    shelf = Shelf(frozenset({"CC(Cc1ccccc1)N=[N+]=[N-]", "O=S(Cl)Cl"}))
    warnings = plan("CC(N)Cc1ccccc1", proposer=made, stock=shelf).warnings
    assert len(warnings) == 3
    narcotic = "controlled drug: X (morphine; Schedule I of the Single Convention on Narcotic Drugs, 1961)"
    for warning in (*warnings, narcotic):
        assert warning_in_words(warning, "en") == warning
        assert not re.search("Schedule|drug|energetic:|Convention", warning_in_words(warning, "zh"))


# What no route is planned to


@pytest.mark.parametrize(
    ("smiles", "entry"),
    [
        ("CC(C)OP(C)(=O)F", "1A01"),
        ("CC(OP(C)(=O)F)C(C)(C)C", "1A01"),
        ("CCOP(=O)(C#N)N(C)C", "1A02"),
        ("CCOP(C)(=O)SCCN(C(C)C)C(C)C", "1A03"),
        ("ClCCSCCCl", "1A04"),
        ("Cl/C=C/[As](Cl)Cl", "1A05"),
        ("CN(CCCl)CCCl.Cl", "1A06"),
        ("CP(=O)(F)N=C(C)N(CC)CC", "1A13"),
        ("COP(=O)(F)N=C(C)N(CC)CC", "1A14"),
        ("CCN(CC)C(=NP(C)(=O)F)N(CC)CC", "1A15"),
        ("CP(=O)(F)F", "1B09"),
        ("CCOP(C)OCCN(C(C)C)C(C)C", "1B10"),
        ("CC(C)OP(C)(=O)Cl", "1B11"),
        ("CCOP(=O)(OCC)SCCN(CC)CC", "2A01"),
        ("O=C(O[C@H]1CN2CCC1CC2)C(O)(c1ccccc1)c1ccccc1", "2A03"),
        ("COP(C)(=O)OC", "2B04"),
        ("CC(C)N(CCO)C(C)C", "2B11"),
        ("OCCSCCO", "2B13"),
        ("O=C(Cl)Cl", "3A01"),
        ("OCCN(CCO)CCO", "3B17"),
    ],
)
def test_a_scheduled_chemical_gets_no_route(smiles: str, entry: str) -> None:
    with pytest.raises(ScheduledTarget, match=f"Schedule {entry} of the Chemical Weapons Convention"):
        refuse_target(read_target(smiles))


@pytest.mark.parametrize(
    "smiles",
    [
        "Cc1c([N+](=O)[O-])cc([N+](=O)[O-])cc1[N+](=O)[O-]",
        "O=[N+]([O-])OCC(CO[N+](=O)[O-])(CO[N+](=O)[O-])CO[N+](=O)[O-]",
        "O=[N+]([O-])N1CN([N+](=O)[O-])CN([N+](=O)[O-])C1",
        "CC1(C)OOC(C)(C)OOC(C)(C)OO1",
        "O=[N+]([O-])OCC(O[N+](=O)[O-])C(CO[N+](=O)[O-])O[N+](=O)[O-]",
        "[N-]=[N+]=NCCN=[N+]=[N-]",
        "O=[N+]([O-])c1cc([N+](=O)[O-])c(Cl)c([N+](=O)[O-])c1",
    ],
)
def test_an_explosive_gets_no_route(smiles: str) -> None:
    with pytest.raises(ExplosiveTarget):
        refuse_target(read_target(smiles))


@pytest.mark.parametrize(
    "smiles",
    [
        "CCOP(=S)(CC)Sc1ccccc1",  # fonofos, exempt
        "CN(C)CCO",  # exempt
        "CCN(CC)CCO",  # exempt
        "CP(=O)(O)CCC(N)C(=O)O",  # glufosinate: two carbon atoms on phosphorus
        "Nc1ncnc2c1ncn2C[C@@H](C)OCP(=O)(O)O",  # tenofovir
        "C[C@@H]1O[C@@H]1P(=O)(O)O",  # fosfomycin
        "CC(C)OP(=O)(F)OC(C)C",  # isoflurophate, a medicine
        "O=C(O)CCCc1ccc(N(CCCl)CCCl)cc1",  # chlorambucil
        "CN(C)CCOC(c1ccccc1)c1ccccc1",  # diphenhydramine
        "C[C@@H]1CC[C@H]2[C@@H](C)C(=O)O[C@@H]3O[C@@]4(C)CC[C@@H]1[C@@]23OO4",  # artemisinin
        "CCCN(CCC)c1c([N+](=O)[O-])cc(C(F)(F)F)cc1[N+](=O)[O-]",  # trifluralin
        "Cc1cn([C@H]2C[C@H](N=[N+]=[N-])[C@@H](CO)O2)c(=O)[nH]c1=O",  # zidovudine
        "O=C(OCCNC(=O)c1cccnc1)CO[N+](=O)[O-]",
    ],
)
def test_a_medicine_or_pesticide_that_only_looks_like_one_is_planned(smiles: str) -> None:
    refuse_target(read_target(smiles))


def test_of_forty_drugs_only_the_controlled_one_is_flagged(drugs: dict[str, str]) -> None:
    assert len(drugs) == 40
    assert not [name for name, smiles in drugs.items() if refusal(smiles)]
    assert [name for name, smiles in drugs.items() if flags(smiles)] == ["diazepam"]


def test_no_published_route_target_is_refused_nor_flagged_but_for_its_azide_and_peroxide(shared_data: Path) -> None:
    lines = (shared_data / "synthesis" / "targets_easy.smi").read_text().splitlines()
    targets = [canonical(line.split()[0]) for line in lines]
    assert not [smiles for smiles in targets if refusal(smiles)]
    flagged = {smiles: {one.name for one in flags(smiles)} for smiles in targets if flags(smiles)}
    assert sorted(map(sorted, flagged.values())) == [["azide"], ["peroxide"]]
    for smiles, names in flagged.items():
        assert ("N=[N+]=[N-]" in smiles or "[N-]=[N+]=N" in smiles) if "azide" in names else "OO" in smiles


def test_a_controlled_drug_is_planned_with_a_warning_whatever_its_stereo(proposer: Proposer) -> None:
    found = plan("C[C@@H](N)Cc1ccccc1", proposer=proposer, limits=Limits(expansions=3))
    assert any("amfetamine; Schedule II of the Convention on Psychotropic" in one for one in found.warnings)
    assert [one.name for one in flags("CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5")] == ["morphine"]


def test_an_energetic_intermediate_is_flagged() -> None:
    azide = Fixed({"CC(C)CCN": [step("CC(C)CCN=[N+]=[N-].[H][H]")]})
    shelf = Shelf(frozenset({"CC(C)CCN=[N+]=[N-]", "[H][H]"}))
    found = plan("CC(C)CCN", proposer=azide, stock=shelf)
    assert "energetic: CC(C)CCN=[N+]=[N-] (azide)" in found.warnings


def test_a_scheduled_chemical_is_never_made_but_an_everyday_one_may_be_bought() -> None:
    sulfonyl, phosgene, mustard = "CCOC(=O)N(C)C", "O=C(Cl)Cl", "CN(CCCl)CCCl"
    steps = Fixed(
        {
            sulfonyl: [step("CCO.CN(C)C(=O)Cl", probability=0.3)],
            "CN(C)C(=O)Cl": [step(f"CNC.{phosgene}")],
            phosgene: [step("ClCl.[C-]#[O+]")],
        }
    )
    bought = Shelf(frozenset({"CCO", "CNC", phosgene}))
    found = plan(sulfonyl, proposer=steps, stock=bought)
    assert found.solved
    assert any(phosgene in one and "3A01" in one for one in found.warnings)
    nowhere = plan(sulfonyl, proposer=steps, stock=Shelf(frozenset({"CCO", "CNC", "ClCl"})))
    assert phosgene not in {node.smiles for route in nowhere.routes for node in route.root.walk()}
    # What is on Schedule 1, or explodes, may not even be bought.
    assert fit_for_route(phosgene, bought=True)
    assert not fit_for_route(phosgene, bought=False)
    assert not fit_for_route(mustard, bought=True)
    assert not fit_for_route("CN=[N+]=[N-]", bought=True)


def test_single_steps_to_what_gets_no_route_are_refused_and_a_file_goes_on(proposer: Proposer, tmp_path: Path) -> None:
    with pytest.raises(ScheduledTarget):
        expand("CP(=O)(F)F", proposer=proposer)
    listed = tmp_path / "targets.smi"
    listed.write_text(f"CP(=O)(F)F bad\n{PARACETAMOL} good\n")
    refused, found = expand_file(listed, proposer=proposer, top=3)
    assert isinstance(refused, ScheduledTarget)
    assert (refused.name, refused.row) == ("bad", 1)
    assert not isinstance(found, ScheduledTarget)


def test_a_refused_target_is_a_row_of_a_batch(tmp_path: Path, hand_model: Path) -> None:
    listed = tmp_path / "targets.smi"
    listed.write_text(f"ClCCSCCCl mustard\n{PARACETAMOL} paracetamol\n")
    done = batch(
        listed, tmp_path / "out", load=partial(load_tools, hand_model), limits=Limits(expansions=3), progress=False
    )
    assert [row.error for row in done.rows] == ["ScheduledTarget", ""]
    assert done.rows[1].solved
