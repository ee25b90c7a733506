"""An audit reads the routes of every planner, replays each step, and finds each fault that was put in."""

from __future__ import annotations

import copy
import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from known_reactions import KNOWN, NAMES
from rdkit import Chem

from bencao import cli
from bencao.kernel.errors import InputError
from bencao.synthesis import Limits, Stock, load_proposer, plan
from bencao.synthesis.audit import (
    Audit,
    AuditedStep,
    RouteTree,
    UnknownFormat,
    UnreadableRoute,
    audit_routes,
    load_stock,
    read_routes,
    retrocast_candidates,
    routes_in,
    write_retrocast,
)

FILES = Path(__file__).parent / "route_files"
SAMPLES = {
    "aizynthfinder_output.json.gz": ("aizynthfinder", [1, 1, 1, 1, 1, 2]),
    "aizynthfinder_trees.json": ("aizynthfinder", [1, 1, 1]),
    "syntheseus_reactions.json": ("syntheseus", [1, 1, 2, 1, 2]),
    "retrocast_schema1.json": ("retrocast", [2, 3]),
}
LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
ETHYLATION = f"CCCl.CCNCC(=O)Nc1c(C)cccc1C>>{LIDOCAINE}"
AMINATION = "CCN.Cc1cccc(C)c1NC(=O)CCl>>CCNCC(=O)Nc1c(C)cccc1C"
ACYLATION = "CC(=O)OC(C)=O.Nc1ccc(O)cc1>>CC(=O)Nc1ccc(O)cc1"


@pytest.fixture(scope="module")
def stock() -> Stock:
    return Stock.default()


def document(name: str) -> Any:
    data = (FILES / name).read_bytes()
    return json.loads(gzip.decompress(data) if name.endswith(".gz") else data)


def steps_of(route: RouteTree | UnreadableRoute) -> int:
    assert isinstance(route, RouteTree), route
    return sum(node.step is not None for node in route.root.walk())


def kinds(audit: Audit, severity: str = "error") -> list[str]:
    return [finding.kind for finding in audit.findings if finding.severity == severity]


# --- reading


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_planner_wrote_is_read_whole(name: str) -> None:
    source, steps = SAMPLES[name]
    routes = read_routes(FILES / name)
    assert [steps_of(route) for route in routes] == steps
    assert {route.source for route in routes if isinstance(route, RouteTree)} == {source}


def test_a_failure_among_retrocasts_candidates_is_a_row_and_the_rest_is_read(stock: Stock) -> None:
    routes = read_routes(FILES / "retrocast_candidates.json")
    assert [steps_of(route) for route in routes[:2]] == [2, 3]
    assert isinstance(routes[2], UnreadableRoute)
    assert "not a molecule" in routes[2].cause
    assert kinds(audit_routes(routes, stock)) == ["unreadable"]


def test_a_plan_of_ours_is_read_and_passes(hand_model: Path, stock: Stock) -> None:
    found = plan(
        "CC(=O)Nc1ccc(O)cc1", proposer=load_proposer(hand_model), stock=stock, limits=Limits(expansions=5), routes=3
    )
    routes = routes_in(found.as_json())
    assert [steps_of(route) for route in routes] == [route.steps for route in found.routes]
    audit = audit_routes(routes, stock)
    assert audit.errors == 0
    assert [leaf.stock for leaf in audit.routes[0].leaves] == [leaf.stock for leaf in found.routes[0].leaves]


def test_a_route_is_read_alone_in_a_list_and_by_target() -> None:
    tree = document("aizynthfinder_trees.json")[0]
    candidate = document("retrocast_candidates.json")[0]
    for route in (tree, candidate, candidate["route"]):
        (alone,) = routes_in(route)
        assert routes_in([route, route]) == (alone, alone)
        assert routes_in([[route], [route]]) == (alone, alone)
        assert routes_in({"one": [route], "two": [route]}) == (alone, alone)


def test_the_reactions_of_a_route_may_stand_in_any_order_after_the_first_and_in_any_spelling() -> None:
    respelt = "NCC.O=C(CCl)Nc1c(C)cccc1C>>Cc1cccc(C)c1NC(=O)CNCC"
    (straight,) = routes_in([ETHYLATION, AMINATION])
    (other,) = routes_in([respelt, ETHYLATION])
    assert steps_of(straight) == steps_of(other) == 2
    assert isinstance(other, RouteTree)
    assert other.loose == ()
    assert other.root.smiles == LIDOCAINE


def test_the_trees_of_syntheseus_are_read_with_their_reactions() -> None:
    leaves = [{"type": "mol", "smiles": smiles} for smiles in ("CC(=O)OC(C)=O", "Nc1ccc(O)cc1")]
    reaction = {"type": "reaction", "smiles": ACYLATION, "metadata": {"probability": 0.4}, "children": leaves}
    (route,) = routes_in([{"type": "mol", "smiles": "CC(=O)Nc1ccc(O)cc1", "children": [reaction]}])
    assert isinstance(route, RouteTree)
    assert route.source == "syntheseus"
    assert route.root.step is not None
    assert route.root.step.stated == ACYLATION


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"\x80\x04\x95", "pickle"),
        (b"\x89HDF\r\n", "HDF5"),
        (b"\x1f\x8b broken", "gzip"),
        (b"smiles,name\nCCO,ethanol\n", "not JSON"),
        (b'{"smiles": "CCO"}', "another kind"),
        (b"[]", "no route"),
        (b"[3]", "a number where a route was expected"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_route_file_is_refused_with_what_was_expected(data: bytes, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "routes.json"
    path.write_bytes(data)
    with pytest.raises(UnknownFormat, match=cause) as refused:
        read_routes(path)
    assert str(path) in refused.value.where
    assert refused.value.mend


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_routes(Path("absent.json"))


def test_a_search_graph_is_not_taken_for_a_route() -> None:
    tree = document("aizynthfinder_trees.json")[0]
    tree["children"] *= 2
    (route,) = routes_in([tree])
    assert isinstance(route, UnreadableRoute)
    assert "exactly one reaction" in route.cause


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_routes_or_a_typed_error(value: Any) -> None:
    try:
        assert routes_in(value)
    except InputError as error:
        assert error.mend


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(["aizynthfinder_trees.json", "retrocast_candidates.json"]))
def test_a_file_with_one_value_spoilt_is_audited_or_refused(data: st.DataObject, name: str) -> None:
    value = document(name)[:1]
    paths = sorted(_paths(value), key=str)
    *way, last = data.draw(st.sampled_from(paths))
    place = value
    for key in way:
        place = place[key]
    place[last] = data.draw(st.one_of(JSON, st.sampled_from(["C", "CC(", "*", "[CH3:1]>>C", "C>>C", ">>", "C.[Na+]"])))
    try:
        audit = audit_routes(routes_in(value), Stock.default())
    except InputError:
        return
    json.dumps([audit.as_json(), retrocast_candidates(audit)])


def _paths(value: Any, above: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {above} if above else set()
    for key, entry in entries:
        found |= _paths(entry, (*above, key))
    return found


# --- true routes pass


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.startswith("syntheseus")])
def test_true_files_replay_by_their_own_mapping_and_template(name: str, stock: Stock) -> None:
    audit = audit_routes(read_routes(FILES / name), stock)
    assert audit.errors == 0
    steps = [step for route in audit.routes for step in route.steps]
    assert {(step.mapped_by, step.run_by, step.forward.ok) for step in steps} == {("mapping", "template", True)}


def test_syntheseus_routes_replay_by_their_template_and_an_ion_in_a_bottle_is_found(stock: Stock) -> None:
    audit = audit_routes(read_routes(FILES / "syntheseus_reactions.json"), stock)
    steps = [step for route in audit.routes for step in route.steps]
    assert {(step.mapped_by, step.run_by, step.forward.ok) for step in steps} == {("template", "template", True)}
    assert [(finding.route, finding.kind, finding.where) for finding in audit.findings] == [
        (4, "charge", "O=C([O-])O"),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_known_reaction_without_mapping_is_mapped_by_common_substructures_and_says_so(
    name: str, stock: Stock
) -> None:
    reaction = KNOWN[name]
    audit = audit_routes(routes_in([f"{reaction.reactants}>>{reaction.product}"]), stock)
    (step,) = audit.routes[0].steps
    assert (step.mapped_by, step.run_by, step.forward.ok) == ("common substructure", "extracted", True)
    assert step.forward.leaving == reaction.leaving
    assert "guess" in next(finding.cause for finding in audit.findings if finding.kind == "mapping")


def test_the_mapping_may_run_either_way(stock: Stock) -> None:
    reaction = KNOWN["amide"]
    left, _, right = reaction.mapped.partition(">>")
    for mapped in (reaction.mapped, f"{right}>>{left}", f"{left}>CCN(CC)CC>{right}"):
        entry = {"reaction_smiles": f"{reaction.reactants}>>{reaction.product}"}
        audit = audit_routes(routes_in([{**entry, "metadata": {"mapped_reaction_smiles": mapped}}]), stock)
        (step,) = audit.routes[0].steps
        assert (step.mapped_by, step.forward.ok, step.bonds_changed) == ("mapping", True, 2)


# --- each fault, seeded once


def faults(reactions: list[Any], stock: Stock) -> Audit:
    return audit_routes(routes_in(reactions), stock)


def error(audit: Audit, kind: str) -> str:
    """The cause of the only error, which is of that kind."""
    assert kinds(audit) == [kind]
    return next(finding.cause for finding in audit.findings if finding.severity == "error")


def warning(audit: Audit, kind: str) -> str:
    assert audit.errors == 0
    return next(finding.cause for finding in audit.findings if finding.kind == kind)


def test_a_smiles_that_does_not_parse(stock: Stock) -> None:
    audit = faults([ETHYLATION.replace("CCCl.", "CC(Cl.")], stock)
    assert "molecule" in kinds(audit)
    assert "extra open parentheses" in next(found.cause for found in audit.findings if found.kind == "molecule")
    assert audit.routes[0].steps == ()


def test_a_bad_valence_within_a_route(stock: Stock) -> None:
    made = "CCCl.CN(C)(C)C>>CCCN(C)C"
    audit = faults([made, "CI.CN(C)C>>CN(C)(C)C"], stock)
    assert "valence" in next(found.cause for found in audit.findings if found.kind == "molecule").lower()


def test_a_radical_as_intermediate(stock: Stock) -> None:
    radical = "CC[N]CC(=O)Nc1c(C)cccc1C"
    audit = faults([f"CCCl.{radical}>>{LIDOCAINE}", f"CCN.Cc1cccc(C)c1NC(=O)CCl>>{radical}"], stock)
    causes = [finding.cause for finding in audit.findings if finding.kind == "charge"]
    assert causes == ["an intermediate with a radical on N"]


def test_a_charged_starting_material(stock: Stock) -> None:
    audit = faults(["CC(=O)Cl.[O-]c1ccccc1>>CC(=O)Oc1ccccc1"], stock)
    assert error(audit, "charge") == "a starting material of charge -1"


def test_a_molecule_that_is_needed_to_make_itself(stock: Stock) -> None:
    back = f"{LIDOCAINE}>>CCNCC(=O)Nc1c(C)cccc1C"
    audit = faults([ETHYLATION, back], stock)
    found = [finding for finding in audit.findings if finding.kind == "cycle"]
    assert [(finding.step, finding.where) for finding in found] == [(2, LIDOCAINE)]


def test_a_route_to_another_molecule_than_the_target(stock: Stock) -> None:
    table = document("aizynthfinder_output.json.gz")
    table["data"] = table["data"][:1]
    table["data"][0]["target"] = LIDOCAINE
    assert set(kinds(audit_routes(routes_in(table), stock))) == {"target"}


def test_a_route_without_a_step(stock: Stock) -> None:
    audit = audit_routes(routes_in([{"type": "mol", "smiles": "Nc1ccc(O)cc1", "in_stock": True}]), stock)
    assert error(audit, "target") == "no step leads to the target"


def test_a_reaction_that_leads_nowhere(stock: Stock) -> None:
    audit = faults([ETHYLATION, AMINATION, ACYLATION], stock)
    assert error(audit, "loose") == "the reaction is no part of the way to the target"


def test_a_leaf_that_is_not_in_stock_though_the_file_says_so(stock: Stock) -> None:
    tree = {"type": "mol", "smiles": "CC(=O)NC(C1CC1)C1CCC1", "is_chemical": True, "in_stock": False}
    leaves = [("CC(=O)Cl", True), ("NC(C1CC1)C1CCC1", True)]
    children = [{"type": "mol", "smiles": smiles, "in_stock": said} for smiles, said in leaves]
    tree["children"] = [{"type": "reaction", "smiles": "", "metadata": {}, "children": children}]
    audit = audit_routes(routes_in([tree]), stock)
    assert error(audit, "stock") == "not in stock, though the file says it is in stock"
    assert [leaf.stock.tier if leaf.stock else None for leaf in audit.routes[0].leaves] == ["building-block", None]


def test_a_leaf_that_only_another_stock_has(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("smiles\nCCCl\nCCN\n")
    mine = load_stock((), tmp_path / "mine.csv")
    audit = faults([ETHYLATION, AMINATION], mine)
    (finding,) = [finding for finding in audit.findings if finding.kind == "stock"]
    assert finding.where == "Cc1cccc(C)c1NC(=O)CCl"


def test_the_other_hand_of_a_leaf_is_not_in_stock(stock: Stock) -> None:
    taken = "COC(=O)[C@@H](N)Cc1ccccc1"
    mine = Stock((_Only(stock, "COC(=O)[C@H](N)Cc1ccccc1"),))
    audit = faults([f"CC(=O)Cl.{taken}>>COC(=O)[C@@H](NC(C)=O)Cc1ccccc1"], mine)
    causes = [finding.cause for finding in audit.findings if finding.where == taken.replace("@@", "@@")]
    assert any("other stereo" in cause for cause in causes), causes


class _Only:
    """A tier of one molecule."""

    def __init__(self, stock: Stock, smiles: str) -> None:
        self.name, self.digest, self.largest, self.graphs = "mine", "0", float("inf"), None
        self._key = Chem.MolToInchiKey(Chem.MolFromSmiles(smiles))  # type: ignore[no-untyped-call]
        self._entry = stock.find("CCO")

    def find(self, key: str, smiles: str) -> Any:
        return self._entry if key == self._key else None

    def has_skeleton(self, skeleton: str) -> bool:
        return bool(self._key.startswith(skeleton))


def test_a_tree_that_shows_other_reactants_than_the_step_states(hand_model: Path, stock: Stock) -> None:
    found = plan("CC(=O)Nc1ccc(O)cc1", proposer=load_proposer(hand_model), stock=stock, limits=Limits(expansions=5))
    written = found.as_json()
    written["routes"] = written["routes"][:1]
    step = written["routes"][0]["tree"]["step"]
    step["reactants"] = step["reactants"].replace("Nc1ccc(O)cc1", "Nc1ccccc1")
    assert error(audit_routes(routes_in(written), stock), "reactants").endswith("its tree shows other molecules")


def spoil(change: Callable[[dict[str, Any]], None]) -> list[Any]:
    """The first tree of AiZynthFinder's sample with its step changed."""
    tree = copy.deepcopy(document("aizynthfinder_trees.json")[2])
    change(tree)
    return [tree]


def test_a_mapping_of_another_reaction(stock: Stock) -> None:
    def change(tree: dict[str, Any]) -> None:
        tree["children"][0]["metadata"]["mapped_reaction_smiles"] = KNOWN["amide"].mapped

    assert error(audit_routes(routes_in(spoil(change)), stock), "mapping") == "the mapping is of another product"


def test_a_mapping_that_leaves_an_atom_out(stock: Stock) -> None:
    def change(tree: dict[str, Any]) -> None:
        metadata = tree["children"][0]["metadata"]
        metadata["mapped_reaction_smiles"] = metadata["mapped_reaction_smiles"].replace("[CH3:18]", "C", 1)

    assert "has 0 origins" in error(audit_routes(routes_in(spoil(change)), stock), "mapping")


def test_a_mapping_that_draws_on_a_molecule_that_is_no_reactant(stock: Stock) -> None:
    def change(tree: dict[str, Any]) -> None:
        tree["children"][0]["children"][0]["smiles"] = "CCO"

    audit = audit_routes(routes_in(spoil(change)), stock)
    assert kinds(audit)[:2] == ["mapping", "template"]
    assert "draws atoms from CO, no reactant of the step" in audit.findings[0].cause


def test_a_reactant_that_is_missing(stock: Stock) -> None:
    audit = faults(["Nc1ccc(O)cc1>>CC(=O)Nc1ccc(O)cc1"], stock)
    assert error(audit, "balance") == "2 C, 1 O of the product without origin (C1, C2, O3)"


def test_a_template_that_cannot_be_read(stock: Stock) -> None:
    entry = {"reaction_smiles": ACYLATION, "metadata": {"template": "[C:1]-[N:2>>[C:1].[N:2]"}}
    assert error(faults([entry], stock), "template") == "the template cannot be read"


def test_a_template_of_another_reaction(stock: Stock) -> None:
    entry = {"reaction_smiles": ACYLATION, "metadata": {"template": "[C:1](=[O:2])-[N:3]>>[C:1](=[O:2])-Cl.[N:3]"}}
    assert "does not give these reactants" in error(faults([entry], stock), "template")


def test_a_template_in_brackets_is_read(stock: Stock) -> None:
    template = "([C:1](=[O:2])-[NH:3]-[c:4])>>(C-C(=O)-O-[C:1](=[O:2]).[NH2:3]-[c:4])"
    audit = faults([{"reaction_smiles": ACYLATION, "metadata": {"template": template}}], stock)
    assert audit.findings == ()


def test_a_mapped_template_that_fails_forwards_gives_way_to_one_that_does_not(stock: Stock) -> None:
    def change(tree: dict[str, Any]) -> None:
        tree["children"][0]["metadata"]["template"] = "[C:1]-[Cl:2]>>[C:1]-[OH:2]"

    audit = audit_routes(routes_in(spoil(change)), stock)
    assert "the one extracted from its mapping does give the product" in warning(audit, "template")


def test_atoms_that_are_shuffled_cannot_be_run_forwards(stock: Stock) -> None:
    chain = "C" * 24
    numbers = [number * 7 % 24 + 1 for number in range(24)]
    left = "O" + "".join(f"[CH2:{number}]" for number in numbers[:-1]) + f"[CH3:{numbers[-1]}]"
    right = "".join(f"[CH{3 if number in (1, 24) else 2}:{number}]" for number in range(1, 25))
    entry = {"reaction_smiles": f"O{chain}>>{chain}", "metadata": {"mapped_reaction_smiles": f"{left}>>{right}"}}
    audit = faults([entry], stock)
    assert "forward" in kinds(audit)
    assert "bonds change" in next(finding.cause for finding in audit.findings if finding.kind == "forward")
    assert kinds(audit, "warning") == ["change"]


def test_a_product_of_the_other_hand(stock: Stock) -> None:
    def change(tree: dict[str, Any]) -> None:
        tree["smiles"] = tree["smiles"].replace("@", "@@")

    audit = audit_routes(routes_in(spoil(change)), stock)
    assert [finding.cause for finding in audit.findings] == [
        "the forward run gives the product without its stereo",
        "the stereo of atom 5 of the product is inverted, and no bond to it changes",
    ]
    assert kinds(audit) == ["stereo", "stereo"]


def test_an_inverted_centre_is_found_without_template_and_mapping(stock: Stock) -> None:
    reactants = "CO.CC(C)(C)OC(=O)N[C@@H](Cc1ccccc1)C(=O)O"
    true, false = (f"{reactants}>>COC(=O)[{mark}H](Cc1ccccc1)NC(=O)OC(C)(C)C" for mark in ("C@", "C@@"))
    assert faults([true], stock).errors == 0
    assert "inverted" in error(faults([false], stock), "stereo")


def test_a_substitution_may_invert_its_centre(stock: Stock) -> None:
    mapped = KNOWN["substitution with inversion"]
    audit = faults([f"{mapped.reactants}>>{mapped.product}"], stock)
    assert "stereo" not in kinds(audit) + kinds(audit, "warning")


def test_stereo_that_nothing_sets_is_a_warning(stock: Stock) -> None:
    audit = faults(["CC(=O)c1ccccc1>>C[C@H](O)c1ccccc1"], stock)
    assert warning(audit, "stereo") == "no reactant sets the stereo of atom 2 of the product"


def test_stereo_that_is_given_away_is_a_warning(stock: Stock) -> None:
    audit = faults(["CC(=O)Cl.COC(=O)[C@@H](N)Cc1ccccc1>>COC(=O)C(NC(C)=O)Cc1ccccc1"], stock)
    assert any("the product does not" in finding.cause for finding in audit.findings if finding.kind == "stereo")


def test_a_rule_that_hits_two_sites_is_a_warning(stock: Stock) -> None:
    audit = faults(["CC(=O)Cl.NCCCC(C)CN>>CC(=O)NCCCC(C)CN"], stock)
    cause = next(finding.cause for finding in audit.findings if finding.kind == "selectivity")
    assert cause == "the same rule gives 2 products from these reactants"


def test_a_reactant_that_gives_nothing_is_a_warning(stock: Stock) -> None:
    left, _, right = ACYLATION.partition(">>")
    audit = faults([f"{left}.CCO>>{right}"], stock)
    assert warning(audit, "idle") == "CCO gives no atom to the product"
    assert audit.routes[0].steps[0].forward.ok


# --- precedents


def test_without_an_index_a_step_says_so_and_with_one_it_cites_or_warns(stock: Stock) -> None:
    routes = routes_in([ETHYLATION, AMINATION])
    assert {step.precedent for step in audit_routes(routes, stock).routes[0].steps} == {"no index"}

    def reported(step: AuditedStep) -> str | None:
        return "row 7" if step.product == LIDOCAINE else None

    audit = audit_routes(routes, stock, reported)
    assert [step.precedent for step in audit.routes[0].steps] == ["row 7", "no precedent"]
    assert [finding.step for finding in audit.findings if finding.kind == "precedent"] == [2]
    assert audit.errors == 0


# --- the command


@pytest.fixture
def bencao(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["bencao", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_the_command_ends_with_0_1_or_2_by_what_it_found(bencao: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = bencao("synthesis", "audit", FILES / "aizynthfinder_trees.json")
    assert code == 0
    assert "precedents: no index" not in out
    code, out, _ = bencao("synthesis", "audit", FILES / "syntheseus_reactions.json")
    assert code == 1
    assert "a starting material of charge -1" in out
    code, out, err = bencao("synthesis", "audit", FILES / "README.md")
    assert (code, out) == (2, "")
    assert err.startswith("UnknownFormat: ")
    assert err.count("\n") == 1


def test_the_command_answers_programs_in_json(bencao: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = bencao("synthesis", "audit", FILES / "syntheseus_reactions.json", "--json")
    answer = json.loads(out)
    assert (code, answer["passed"], answer["errors"]) == (1, False, 1)
    assert [route["passed"] for route in answer["routes"]] == [True, True, True, False, True]
    assert [one["kind"] for one in answer["findings"] if one["severity"] == "error"] == ["charge"]
    steps = [step for route in answer["routes"] for step in route["steps"]]
    assert any(">>" in step["precedent"] for step in steps)
    assert "stock building-block" in answer["provenance"]


def test_what_the_command_writes_can_be_traced_to_its_routes(bencao: Callable[..., tuple[int, str, str]]) -> None:
    code, _, _ = bencao("synthesis", "audit", FILES / "aizynthfinder_output.json.gz", "-o", "routes.json.gz")
    assert code == 0
    assert len(read_routes(Path("routes.json.gz"))) == 6
    assert "aizynthfinder_output.json.gz" in bencao("ledger", "trace", "routes.json.gz")[1]


# --- RetroCast's format


def test_our_export_is_what_retrocast_writes_of_the_same_routes(stock: Stock) -> None:
    theirs = document("retrocast_candidates.json")[:2]
    ours = retrocast_candidates(audit_routes(routes_in(theirs), stock))
    assert [_bare(candidate) for candidate in ours] == [_bare(candidate) for candidate in theirs]


def _bare(value: Any) -> Any:
    """Without annotations and mappings, whose numbers are free."""
    if isinstance(value, dict):
        free = ("annotations", "mapped_reaction_smiles")
        return {key: _bare(entry) for key, entry in value.items() if key not in free}
    return [_bare(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_what_is_exported_reads_back_to_the_same_audit(name: str, suffix: str, stock: Stock, tmp_path: Path) -> None:
    audit = audit_routes(read_routes(FILES / name), stock)
    out = tmp_path / f"routes{suffix}"
    write_retrocast(audit, out)
    again = audit_routes(read_routes(out), stock)
    assert [route.target for route in again.routes] == [route.target for route in audit.routes]
    assert sorted(kinds(again)) == sorted(kinds(audit))
    for route, other in zip(audit.routes, again.routes, strict=True):
        assert {step.reactants for step in route.steps} == {step.reactants for step in other.steps}
        assert {step.mapped_by for step in other.steps} == {"mapping"}
        assert all(step.forward.ok for step in other.steps)


def test_ranks_count_within_a_target_and_the_bytes_do_not_change(stock: Stock, tmp_path: Path) -> None:
    audit = audit_routes(read_routes(FILES / "aizynthfinder_output.json.gz"), stock)
    assert [candidate["rank"] for candidate in retrocast_candidates(audit)] == [1, 2, 3, 1, 2, 3]
    for name in ("one.json.gz", "two.json.gz"):
        write_retrocast(audit, tmp_path / name)
    assert (tmp_path / "one.json.gz").read_bytes() == (tmp_path / "two.json.gz").read_bytes()


def test_what_cannot_be_read_is_a_failure_there_too(stock: Stock) -> None:
    audit = audit_routes(routes_in([[ACYLATION.replace("Nc1ccc(O)cc1.", "").replace("CC(=O)O", "CC(=O(", 1)]]), stock)
    (candidate,) = retrocast_candidates(audit)
    assert candidate["failure"]["code"] == "chem.invalid_smiles"


def test_another_suffix_is_refused(stock: Stock, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="suffix"):
        write_retrocast(audit_routes(routes_in([ACYLATION]), stock), tmp_path / "routes.csv")
