"""Objectives read from a file mean what the tasks of GuacaMol mean, and a wrong one says where it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rdkit import Chem

from bencao.discovery.design.objectives import objectives_from, read_objectives
from bencao.discovery.errors import ObjectiveError

TASKS = Path(__file__).resolve().parents[3] / "benchmarks" / "discovery" / "guacamol.yaml"
CELECOXIB = "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F"


@pytest.fixture(scope="module")
def tasks() -> dict[str, Any]:
    told = yaml.safe_load(TASKS.read_text(encoding="utf-8"))
    return {name: objectives_from({k: v for k, v in one.items() if k != "development"}) for name, one in told.items()}


@pytest.mark.parametrize(
    ("task", "smiles", "score"),
    [
        ("celecoxib_rediscovery", CELECOXIB, 1),
        ("isomers_c7h8n2o2", "Nc1ccc(N)c(O)c1C=O", 1),
        # An oxygen less: of the mean of five terms one is exp(-1/2), that of all atoms exp(-1/8).
        ("isomers_c7h8n2o2", "Nc1ccc(N)c(C=O)c1", 0.8825),
        ("valsartan_smarts", "CCO", 0),
        ("scaffold_hop", "CCO", 1 / 3),
        ("deco_hop", "CCO", 1 / 2),
    ],
)
def test_the_tasks_of_guacamol_give_what_is_published_or_can_be_counted(
    tasks: dict[str, Any], task: str, smiles: str, score: float
) -> None:
    assert tasks[task].score(smiles) == pytest.approx(score, abs=0.001)


def test_weights_and_means_are_what_they_say() -> None:
    terms = [{"property": "qed", "weight": 3}, {"element": "F", "target": 1, "width": 1}]
    methane = Chem.MolFromSmiles("C")
    geometric, arithmetic = (
        objectives_from({"combine": how, "objectives": terms}) for how in ("geometric", "arithmetic")
    )
    qed, fluorine = geometric.parts(methane)
    assert fluorine == pytest.approx(2.718281828**-0.5)
    assert geometric.score("C") == pytest.approx((qed**3 * fluorine) ** 0.25)
    assert arithmetic.score("C") == pytest.approx((3 * qed + fluorine) / 4)


def test_bounds_are_met_on_their_side_only() -> None:
    low, high = (
        objectives_from({"objectives": [{"property": "heavy_atoms", side: 3, "width": 1}]})
        for side in ("at_least", "at_most")
    )
    assert [low.score("C" * n) == 1 for n in (2, 3, 4)] == [False, True, True]
    assert [high.score("C" * n) == 1 for n in (2, 3, 4)] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("objectives: [", "no YAML"),
        ("- qed", "no list of objectives"),
        ("objectives: []", "no list of objectives"),
        ("combine: mean\nobjectives: [{property: qed}]", "geometric or arithmetic"),
        ("objectives: [{property: qed}, {property: taste, target: 1, width: 1}]", "objective 2"),
        ("objectives: [{property: logp}]", "0 of target"),
        ("objectives: [{property: logp, target: 1}]", "width"),
        ("objectives: [{property: logp, target: 1, width: 0}]", "width 0"),
        ("objectives: [{property: logp, target: .nan, width: 1}]", "no number"),
        ("objectives: [{property: qed, weight: 0}]", "weight 0"),
        ("objectives: [{property: qed, colour: red}]", "colour"),
        ("objectives: [{similarity: c1ccn, fingerprint: ecfp4}]", "no SMILES"),
        ("objectives: [{similarity: CCO, fingerprint: maccs}]", "no fingerprint"),
        ("objectives: [{smarts: '[#6'}]", "no SMARTS"),
        ("objectives: [{element: Xx, target: 1, width: 1}]", "no element"),
        ("objectives: [{formula: h2o}]", "no molecular formula"),
        ("objectives: [{property: qed, similarity: CCO}]", "2 things"),
    ],
)
def test_a_wrong_objective_names_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    with pytest.raises(ObjectiveError, match=r"wrong\.yaml") as raised:
        read_objectives(path)
    assert said in str(raised.value)
