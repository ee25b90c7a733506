"""A step is given reagents, catalyst and solvent as like reactions were reported, and none that serve the reverse."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_reactions import KNOWN
from typer.testing import CliRunner

from bencao.kernel import models
from bencao.kernel.errors import InputError, ModelError
from bencao.synthesis import Limits, expand, load_proposer, plan, render_plan
from bencao.synthesis.commands import app
from bencao.synthesis.conditions import CONDITIONS_NAME, SHIPPED_CONDITIONS, ConditionModel, load_conditions
from bencao.synthesis.conditions.change import UnreadableReaction, change_of
from bencao.synthesis.conditions.chemicals import chemical_list, has_catalyst_metal
from bencao.synthesis.conditions.demands import demands_of, is_alkali
from bencao.synthesis.conditions.roles import merged, roles_of
from bencao.synthesis.conditions.tables import CountTable, backed_off
from bencao.synthesis.route import ConditionSet

PHENYL = "[c:3]1[cH:4][cH:5][cH:6][cH:7][cH:8]1"
BENZOATE = f"[C:1](=[O:2]){PHENYL}"
ESTERIFICATIONS = {
    "acid and alcohol": f"O{BENZOATE}.[OH:9][CH2:10][CH3:11]>>[CH3:11][CH2:10][O:9]{BENZOATE}",
    "acid and alkyl iodide": f"I[CH2:10][CH3:11].[OH:9]{BENZOATE}>>[CH3:11][CH2:10][O:9]{BENZOATE}",
    "acid chloride and alcohol": f"Cl{BENZOATE}.[OH:9][CH2:10][CH3:11]>>[CH3:11][CH2:10][O:9]{BENZOATE}",
    "another ester and alcohol": f"CO{BENZOATE}.[OH:9][CH2:10][CH3:11]>>[CH3:11][CH2:10][O:9]{BENZOATE}",
    "anhydride and phenol": f"CC(=O)O[C:1](=[O:2])[CH3:12].[OH:9]{PHENYL}>>[CH3:12][C:1](=[O:2])[O:9]{PHENYL}",
}
HYDROLYSES = {
    "methyl ester": KNOWN["ester hydrolysis"].mapped,
    "ethyl ester": f"CC[O:9]{BENZOATE}>>[OH:9]{BENZOATE}",
    "tert-butyl ester": f"CC(C)(C)[O:9]{BENZOATE}>>[OH:9]{BENZOATE}",
}
AMIDE = f"O{BENZOATE}.[NH2:9][CH2:10][CH3:11]>>[CH3:11][CH2:10][NH:9]{BENZOATE}"
NITRO = f"O=[N+:1]([O-]){PHENYL}>>[NH2:1]{PHENYL}"


@pytest.fixture(scope="module")
def shipped() -> ConditionModel:
    return load_conditions()


def acting(one: ConditionSet) -> set[str]:
    """English names of reagents and catalysts."""
    return {each.en for each in (*one.reagents, *one.catalysts)}


def acts(one: ConditionSet) -> set[str]:
    """What reagents and catalysts of a set can do, by the reviewed list."""
    known = chemical_list()
    return {act for each in (*one.reagents, *one.catalysts) for act in known.chemical(each.smiles).acts}


@pytest.mark.parametrize("name", ESTERIFICATIONS)
def test_an_ester_is_never_made_with_what_saponifies_it(shipped: ConditionModel, name: str) -> None:
    found = shipped.find(ESTERIFICATIONS[name], top=20)
    assert found
    assert not [one for one in found if any(is_alkali(each.smiles) for each in one.reagents)]


def test_an_acid_and_an_alcohol_get_an_acid_or_what_activates_the_acid(shipped: ConditionModel) -> None:
    for one in shipped.find(ESTERIFICATIONS["acid and alcohol"]):
        assert acts(one) & {"acid", "activator"}


@pytest.mark.parametrize("name", HYDROLYSES)
def test_an_ester_is_never_cut_with_what_would_make_it(shipped: ConditionModel, name: str) -> None:
    found = shipped.find(HYDROLYSES[name], top=20)
    assert found
    for one in found:
        assert all("activator" not in chemical_list().chemical(each.smiles).acts for each in one.reagents)


def test_an_alkyl_ester_is_saponified_and_a_tert_butyl_ester_cut_by_acid(shipped: ConditionModel) -> None:
    assert acting(shipped.find(HYDROLYSES["methyl ester"])[0]) & {"sodium hydroxide", "lithium hydroxide"}
    assert acting(shipped.find(HYDROLYSES["tert-butyl ester"])[0]) & {"trifluoroacetic acid", "hydrogen chloride"}


def test_an_amide_coupling_gets_what_activates_the_acid(shipped: ConditionModel) -> None:
    found = shipped.find(AMIDE)
    assert all("activator" in acts(one) for one in found)
    assert acting(found[0]) & {"EDC", "HATU", "HBTU", "PyBOP", "TBTU", "DCC", "thionyl chloride", "oxalyl chloride"}
    assert {solvent.en for one in found for solvent in one.solvents} & {"N,N-dimethylformamide", "dichloromethane"}


def test_a_suzuki_coupling_gets_palladium_and_a_base(shipped: ConditionModel) -> None:
    found = shipped.find(KNOWN["Suzuki coupling"].mapped)
    assert len(found) == 3
    for one in found:
        assert any("[Pd" in each.smiles or "Pd" in each.smiles for each in one.catalysts)
    assert "base" in acts(found[0])


def test_a_nitro_group_gets_a_reductant_and_hydrogen_its_metal(shipped: ConditionModel) -> None:
    found = shipped.find(NITRO, top=20)
    for one in found:
        assert "reductant" in acts(one)
        reducing = {each.en for each in one.reagents if "reductant" in chemical_list().chemical(each.smiles).acts}
        if reducing == {"hydrogen"}:
            assert any(has_catalyst_metal(each.smiles) for each in one.catalysts)
    assert {"iron", "hydrogen"} <= {name for one in found[:3] for name in acting(one)}


def test_a_boc_group_comes_off_with_acid_and_is_not_put_on_with_acid_alone(shipped: ConditionModel) -> None:
    off = shipped.find(KNOWN["Boc removal"].mapped)
    assert acting(off[0]) & {"hydrogen chloride", "trifluoroacetic acid"}
    on = shipped.find(KNOWN["Boc protection"].mapped, top=20)
    assert on and all(acts(one) != {"acid"} for one in on)


def test_a_reductive_amination_gets_a_borohydride(shipped: ConditionModel) -> None:
    found = shipped.find(KNOWN["reductive amination"].mapped)
    assert all(any("borohydride" in name for name in acting(one)) for one in found[:1])


def test_sets_come_by_falling_probability_each_once_with_its_evidence(shipped: ConditionModel) -> None:
    found = shipped.find(AMIDE, top=20)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True) and 0 < scores[-1] <= scores[0] <= 1
    assert len({frozenset(acting(one)) for one in found}) == len(found)
    assert all(1 <= one.reported <= one.support for one in found)
    assert shipped.find(AMIDE) == found[:3]


def test_a_solvent_is_named_once(shipped: ConditionModel) -> None:
    for one in shipped.find(AMIDE, top=20):
        names = [each.smiles for each in (*one.solvents, *one.other_solvents)]
        assert len(set(names)) == len(names)
        assert all(chemical_list().chemical(smiles).role == "solvent" for smiles in names)


def test_each_solvent_named_is_for_the_reactions_that_those_before_it_are_not_used_in(shipped: ConditionModel) -> None:
    ethanol, water, toluene = "CCO", "O", "Cc1ccccc1"
    seen = {frozenset([ethanol]): 0.4, frozenset([ethanol, water]): 0.35, frozenset([toluene]): 0.25}
    shares = np.array([seen.get(members, 0.0) for members in shipped.solvents])
    assert shares.sum() == pytest.approx(1.0), "the model knows these sets"
    assert shipped.single_solvents(shares, 2) == [ethanol, toluene]
    assert shipped.single_solvents(shares, 1, named=frozenset([ethanol, water])) == [toluene]
    all_of_them = shipped.single_solvents(shares, 10_000)
    assert sorted(all_of_them) == shipped.single and all_of_them[:2] == [ethanol, toluene]


def test_what_is_listed_has_a_chinese_name() -> None:
    known = chemical_list()
    assert all(re.search("[\u4e00-\u9fff]", known.by_smiles[smiles].zh) for smiles in ("[Fe]", "O=S(Cl)Cl", "CO"))


def test_a_reactant_is_not_named_again_as_a_reagent(shipped: ConditionModel) -> None:
    chlorination = f"O=S(Cl)[Cl:9].O{BENZOATE}>>[Cl:9]{BENZOATE}"
    assert all("thionyl chloride" not in acting(one) for one in shipped.find(chlorination, top=20))


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(1, 12)))
def test_conditions_do_not_depend_on_how_the_atoms_are_numbered(order: list[int]) -> None:
    numbered = re.sub(r":(\d+)\]", lambda found: f":{order[int(found[1]) - 1]}]", AMIDE)
    assert load_conditions().find(numbered) == load_conditions().find(AMIDE)


@pytest.mark.parametrize(
    "mapped", ["", ">>", "CC(=O)O>>", "[CH3:1][OH:2]>>[CH3:1][OH:2]", "C(>>C", "[CH4:1]>>[CH3:1]C"]
)
def test_what_cannot_be_read_has_no_conditions(shipped: ConditionModel, mapped: str) -> None:
    with pytest.raises(UnreadableReaction):
        change_of(mapped)
    assert shipped.find(mapped) == ()


def test_a_change_is_known_from_its_reverse(shipped: ConditionModel) -> None:
    alcohol, ketone = f"[CH3:1][CH:9]([OH:2]){PHENYL}", f"[CH3:1][C:9](=[O:2]){PHENYL}"
    assert set(change_of(f"{alcohol}>>{ketone}").keys).isdisjoint(change_of(f"{ketone}>>{alcohol}").keys)
    assert all("oxidant" in acts(one) for one in shipped.find(f"{alcohol}>>{ketone}"))
    assert all("reductant" in acts(one) for one in shipped.find(f"{ketone}>>{alcohol}"))


def test_a_change_sees_what_leaves_but_in_its_widest_key() -> None:
    chloride, bromide = (
        change_of(f"{halogen}{BENZOATE}.[NH2:9][CH3:10]>>[CH3:10][NH:9]{BENZOATE}") for halogen in ("Cl", "Br")
    )
    assert chloride.keys[:3] != bromide.keys[:3]
    assert chloride.keys[3] == bromide.keys[3]


def test_demands_are_read_from_the_reaction() -> None:
    assert demands_of(NITRO).electrons == -6
    assert demands_of(AMIDE).acyl == 7
    assert demands_of(ESTERIFICATIONS["acid and alcohol"]).esterifies
    assert demands_of(HYDROLYSES["ethyl ester"]).frees_acid
    assert demands_of(KNOWN["Suzuki coupling"].mapped).couples
    assert demands_of(KNOWN["Boc protection"].mapped).acid_labile
    assert not demands_of(KNOWN["Boc removal"].mapped).acid_labile


def test_ions_are_joined_to_salts_and_roles_are_cleaned() -> None:
    found = roles_of(["[Na+]", "[OH-]", "CCN(CC)CC", "C1CCOC1", "O", "[Na+].[Cl-]"])
    known = chemical_list()
    assert {known.chemical(one).en for one in found.reagents} == {"sodium hydroxide", "triethylamine"}
    assert {known.chemical(one).en for one in found.solvents} == {"tetrahydrofuran", "water"}
    assert not found.catalysts


def test_a_ligand_is_a_catalyst_beside_a_metal_only() -> None:
    phosphine = "c1ccc(P(c2ccccc2)c2ccccc2)cc1"
    assert roles_of([phosphine]).reagents == {phosphine}
    with_metal = roles_of([phosphine, "[Pd+2]", "CC(=O)[O-]"])
    assert phosphine in with_metal.catalysts and not with_metal.reagents
    assert len(with_metal.catalysts) == 2


@settings(max_examples=30, deadline=None)
@given(
    st.permutations(["[K+]", "[Na+]", "[OH-]", "O=C([O-])[O-]", "[Pd+2]", "CC(=O)[O-]", "CN(C)C=O", "[NH4+]", "[Cl-]"])
)
def test_roles_do_not_depend_on_the_order_of_the_fragments(order: list[str]) -> None:
    assert merged(order) == merged(sorted(order))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 8)), max_size=60))
def test_a_table_of_counts_is_packed_and_read_back(pairs: list[tuple[int, int]]) -> None:
    table = CountTable.count(pairs, 9)
    again = CountTable.read({name: np.asarray(each) for name, each in table.packed("t").items()}, "t", 9)
    for key in {key for key, _ in pairs} | {5}:
        counts, total = again.counts(key)
        assert [int(count) for count in counts] == [pairs.count((key, member)) for member in range(9)]
        assert total == counts.sum()
    shares = backed_off(np.ones(9), [again], [pairs[0][0] if pairs else 1], [2.0])
    assert shares.sum() == pytest.approx(1.0) and shares.min() > 0


def test_the_shipped_model_is_small_and_its_card_tells_what_was_measured() -> None:
    assert sum(path.stat().st_size for path in SHIPPED_CONDITIONS.iterdir()) < 3_000_000
    card = models.load(SHIPPED_CONDITIONS, CONDITIONS_NAME).card
    assert {part.licence for part in card.trained_on} and all(part.rows > 1_000 for part in card.trained_on)
    gain = card.figures["reagents_gain"]
    assert gain.n and gain.n > 5_000 and gain.interval and gain.interval[0] > 15
    assert {"ord_solvent_top3", "class", "reagents_top3", "baseline_reagents_top3"} <= card.figures.keys()


def test_a_broken_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="card cannot be read"):
        ConditionModel(tmp_path)
    copy = tmp_path / "altered"
    shutil.copytree(SHIPPED_CONDITIONS, copy)
    (copy / "sets.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="not the one of its card"):
        ConditionModel(copy)
    other = tmp_path / "other"
    shutil.copytree(copy, other)
    card = models.load(SHIPPED_CONDITIONS, CONDITIONS_NAME).card
    models.write_card(other, **{**dict(card), "files": [file.name for file in card.files]})
    with pytest.raises(ModelError, match="not a model of conditions"):
        ConditionModel(other)


def test_each_step_of_a_plan_has_conditions_and_the_page_names_them(hand_model: Path) -> None:
    found = plan(
        "CCN(CC)CC(=O)Nc1c(C)cccc1C", proposer=load_proposer(hand_model), limits=Limits(expansions=10), routes=2
    )
    steps = [node.step for route in found.routes for node in route.root.walk() if node.step]
    assert steps and all(step.conditions for step in steps)
    first = found.as_json()["routes"][0]["tree"]["step"]["conditions"][0]
    assert set(first) == {
        "reagents", "catalysts", "solvents", "other_solvents", "score", "level", "reported", "support",
    }  # fmt: skip
    assert set(first["solvents"][0]) == {"smiles", "en", "zh"}
    assert dict(found.provenance)["tables.npz"].startswith("sha256:")
    solvent = first["solvents"][0]
    for language, name, heading in (("en", solvent["en"], "Catalyst, ligand"), ("zh", solvent["zh"], "催化剂、配体")):
        page = render_plan(found, language)  # type: ignore[arg-type]
        assert name in page and heading in page


def test_expand_ranks_conditions_only_where_asked(hand_model: Path, shipped: ConditionModel) -> None:
    proposer = load_proposer(hand_model)
    smiles = "O=C(NCc1ccccc1)c1ccc(I)cc1"
    assert all(one.conditions is None for one in expand(smiles, proposer=proposer, top=3))
    assert all(one.conditions for one in expand(smiles, proposer=proposer, top=3, conditions=shipped))


def test_one_asks_for_conditions_on_the_command_line(hand_model: Path) -> None:
    asked = ["expand", "O=C(NCc1ccccc1)c1ccc(I)cc1", "--model", str(hand_model), "--top", "3", "--conditions"]
    answer = CliRunner().invoke(app, [*asked, "--json"])
    assert answer.exit_code == 0, answer.output
    assert all(one["conditions"] for one in json.loads(answer.stdout)["proposals"])
    table = CliRunner().invoke(app, asked)
    assert table.exit_code == 0 and "conditions" in table.stdout


REACTIONS = [
    ("[CH3:1][C:2](=[O:3])O.[NH2:4][CH2:5]{0}>>[CH3:1][C:2](=[O:3])[NH:4][CH2:5]{0}", "CCN=C=NCCCN(C)C.CN(C)C=O", 2),
    ("C[O:1][C:2](=[O:3])[CH2:5]{0}>>[OH:1][C:2](=[O:3])[CH2:5]{0}", "[Na+].[OH-].CO.O", 6),
    ("O=[N+:1]([O-])[CH2:5]{0}>>[NH2:1][CH2:5]{0}", "[Fe].[Cl-].[NH4+].CCO", 7),
]
RINGS = [
    "[c:11]1[cH:12][cH:13][cH:14][cH:15][cH:16]1",
    "[c:11]1[cH:12][cH:13][cH:14][cH:15][n:16]1",
    "[c:11]1[cH:12][cH:13][cH:14][s:15]1",
    "[c:11]1[cH:12][cH:13][cH:14][o:15]1",
    "[CH:11]1[CH2:12][CH2:13][CH2:14][CH2:15][CH2:16]1",
    "[CH:11]1[CH2:12][CH2:13][CH2:14][CH2:15]1",
    "[CH:11]1[CH2:12][CH2:13][CH2:14]1",
    "[CH:11]1[CH2:12][CH2:13]1",
    "[c:11]1[n:12][cH:13][cH:14][s:15]1",
    "[c:11]1[n:12][cH:13][cH:14][cH:15][n:16]1",
]


@pytest.fixture(scope="module")
def own_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty reactions on ten scaffolds; the collection's name says that it keeps reagents."""
    path = tmp_path_factory.mktemp("own") / "reactions.tsv"
    lines = ["source\tclass\tatom_mapped\tproduct_in_valid\treaction"]
    for mapped, beside, number in REACTIONS:
        for ring in RINGS:
            left, _, right = mapped.format(ring).partition(">>")
            lines.append(f"uspto50k-class1.tsv\t{number}\t1\t0\t{left}>{beside}>{right}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_records_are_cleaned_split_by_scaffold_and_read_back(
    own_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records_module = pytest.importorskip("bencao.synthesis.train.condition_records", exc_type=ImportError)
    monkeypatch.setattr(records_module, "_DEVELOPMENT", 0)  # of so small a table nothing is left after 5,000
    monkeypatch.setattr(records_module, "_COMMON", 1.0)
    records = records_module.condition_records(own_table, None, report=lambda line: None)
    assert len(records) == len(REACTIONS) * len(RINGS)
    folds: dict[str, set[str]] = {}
    for one in records:
        folds.setdefault(records_module.scaffold_of(one.product), set()).add(one.fold)
    assert all(len(each) == 1 for each in folds.values())
    assert {fold for each in folds.values() for fold in each} == {"train", "tune", "test"}
    assert roles_of(records[10].beside.split(".")).reagents == {"[Na+].[OH-]"}
    records_module.write_records(records, tmp_path / "records.tsv.xz")
    assert records_module.read_records(tmp_path / "records.tsv.xz") == records


def test_a_model_of_ones_own_records_answers(own_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records_module = pytest.importorskip("bencao.synthesis.train.condition_records", exc_type=ImportError)
    train = pytest.importorskip("bencao.synthesis.train.conditions", exc_type=ImportError)
    monkeypatch.setattr(records_module, "_DEVELOPMENT", 0)
    records = records_module.condition_records(own_table, None, report=lambda line: None)
    learned = train.learnable(records, report=lambda line: None)
    settings = train.ConditionSettings(slots=256, width=16, epochs=2, class_epochs=20, batch=8)
    for out in ("model", "again"):
        train.train_conditions(
            learned, tmp_path / out, settings=settings, made=date(2026, 1, 1), report=lambda line: None
        )
    for file in sorted((tmp_path / "model").iterdir()):
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()
    model = ConditionModel(tmp_path / "model")
    mapped = REACTIONS[2][0].format(RINGS[0])
    assert acting(model.find(mapped)[0]) == {"iron", "ammonium chloride"}
    assert model.reaction_class(change_of(mapped)) == 7
    with pytest.raises(InputError, match="records with reagents"):
        train.train_conditions(learned[:1], tmp_path / "none", report=lambda line: None)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    records_module = pytest.importorskip("bencao.synthesis.train.condition_records", exc_type=ImportError)
    (tmp_path / "bad.xz").write_bytes(b"no table")
    with pytest.raises(InputError, match="not a table of condition records"):
        records_module.read_records(tmp_path / "bad.xz")
    (tmp_path / "bad.tsv").write_text("smiles\nCCO\n")
    with pytest.raises(InputError):
        records_module.condition_records(tmp_path / "bad.tsv", None, report=lambda line: None)
