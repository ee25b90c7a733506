"""A design finds what is wanted with few scores, goes on after a kill, and gives routes."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rdkit import Chem

from bencao.discovery import Effort, design_molecules
from bencao.discovery.design import designing
from bencao.discovery.design.breeding import assemble
from bencao.discovery.design.designing import Routes, design_for
from bencao.discovery.design.generator import _families_in_turn
from bencao.discovery.design.objectives import objectives_from
from bencao.discovery.design.prior import load_prior
from bencao.discovery.design.surrogate import Surrogate
from bencao.discovery.routes import RouteAnswer
from bencao.kernel.errors import InputError

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "discovery.md"
PARACETAMOL = objectives_from({"objectives": [{"similarity": "CC(=O)Nc1ccc(O)cc1"}]})
START = assemble(load_prior(), 20, seed=7, most_atoms=25)
EFFORT = Effort(calls=80, batch=20, atoms=25)


def score(smiles: Sequence[str]) -> list[float]:
    return [PARACETAMOL.score(one) for one in smiles]


@pytest.fixture(scope="module")
def whole() -> list[Any]:
    return list(design_molecules(START, score, EFFORT))


def test_few_scores_bring_it_nearer(whole: list[Any]) -> None:
    scored = [one for batch in whole for one in batch]
    assert len({one.smiles for one in scored}) == len(scored) == 80
    best = sorted((one.score for one in scored), reverse=True)
    begun = sorted((one.score for one in whole[0]), reverse=True)
    assert np.mean(best[:5]) > np.mean(begun[:5]) + 0.1
    assert all("@" not in one.smiles and Chem.MolFromSmiles(one.smiles).GetNumAtoms() <= 25 for one in scored)


def test_killed_at_any_score_it_comes_to_the_same(whole: list[Any], tmp_path: Path) -> None:
    asked: list[str] = []

    def dies(smiles: Sequence[str]) -> Iterator[float]:
        for one in smiles:
            asked.append(one)
            if len(asked) in (7, 45):
                raise KeyboardInterrupt
            yield PARACETAMOL.score(one)

    journal = tmp_path / "journal"
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            list(design_molecules(START, dies, EFFORT, journal=journal))
    assert list(design_molecules(START, dies, EFFORT, journal=journal)) == whole
    assert len(asked) == 80 + 2, "what was scored before the kill is not scored again"
    with pytest.raises(InputError, match="another"):
        list(design_molecules(START, score, Effort(calls=80, seed=2), journal=journal))


def test_failed_scores_are_spent_and_not_learned_from() -> None:
    some = list(
        design_molecules(START, lambda smiles: [float("nan") if "N" in one else 0.1 for one in smiles], Effort(40))
    )
    assert sum(map(len, some)) == 40
    with pytest.raises(InputError, match="none of 20 scores"):
        list(design_molecules(START, lambda smiles: [float("nan") for _ in smiles], EFFORT))
    with pytest.raises(InputError, match="no molecule"):
        list(design_molecules([], score, EFFORT))


def test_the_surrogate_tells_better_from_worse() -> None:
    smiles = assemble(load_prior(), 160, seed=3, most_atoms=25)
    scores = np.array(score(smiles))
    mean, deviation = Surrogate(smiles[:120], scores[:120]).predict(smiles[120:])
    assert np.corrcoef(mean, scores[120:])[0, 1] > 0.5
    assert (deviation > 0).all()
    again, _ = Surrogate(smiles[:120], scores[:120]).predict(smiles[:120])
    assert np.corrcoef(again, scores[:120])[0, 1] > 0.98


def test_similarities_taken_from_the_surrogate_before_change_nothing() -> None:
    smiles = assemble(load_prior(), 60, seed=3, most_atoms=25)
    scores = np.array(score(smiles))
    before = Surrogate(smiles[:40], scores[:40])
    some = smiles[50:20:-1]
    fresh, onward = Surrogate(some, scores[50:20:-1]), Surrogate(some, scores[50:20:-1], before)
    for one, other in zip(fresh.predict(smiles), onward.predict(smiles), strict=True):
        np.testing.assert_array_equal(one, other)


def test_parents_are_of_many_scaffolds() -> None:
    anilines = [f"c1ccccc1N{'C' * length}" for length in range(12)]
    others = ["c1ccncc1C", "C1CCNCC1", "CCO"]
    turns = _families_in_turn(anilines + others)
    assert turns[:8] == anilines[:5] + others, "the best stay first, and others come before more of the same"
    assert turns[8:] == anilines[5:]


def test_with_routes_required_only_what_can_be_made_is_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def find(planner: object, told: tuple[str, int]) -> RouteAnswer:
        asked.append(told[0])
        fine = "N" not in told[0]
        return RouteAnswer(fine, 1 if fine else None, tiers=("commodity",) if fine else ())

    monkeypatch.setattr(designing, "route_with", find)
    monkeypatch.setattr(designing, "_planner", lambda: None)
    few = Effort(calls=30, batch=5, atoms=25)
    found = design_for(PARACETAMOL, tmp_path, few, start=START, routes=Routes(5, required=True), best=10)
    assert all("N" not in smiles for smiles, _ in found.scored[found.started :])
    assert found.best and all(one.route and one.route.solved and "N" not in one.smiles for one in found.best)
    assert found.unsolved > 0
    assert len(asked) == len(set(asked)), "no route is looked for twice"
    assert design_for(PARACETAMOL, tmp_path, few, start=START, routes=Routes(5, required=True), best=10) == found
    assert len(asked) == len(set(asked)), "nor after a kill"


def test_the_command_of_the_manual_designs_with_routes(bencao: Callable[..., Any]) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("bencao discovery design "))
    Path("objectives.yaml").write_text(text.split("`objectives.yaml`:\n\n```yaml\n")[1].split("```")[0])
    short = [*shlex.split(line)[1:], "--calls", "11", "--best", "3", "--expansions", "2"]
    first = bencao(*short, "--json")
    assert first.code == 0, first.err
    told = json.loads(first.out)
    assert told["scored"] == 11 and all(one["route"]["solved"] for one in told["best"])
    names = ("designs.csv", "scored.csv", "report.html", "design.json")
    kept = {name: Path("designed", name).read_bytes() for name in names}
    rows = list(csv.DictReader(kept["designs.csv"].decode().splitlines()))
    assert {row["route"] for row in rows} <= {"found"}
    assert bencao(*short, "--lang", "zh").code == 0
    assert Path("designed", "designs.csv").read_bytes() == kept["designs.csv"]
    assert "设计的分子" in Path("designed", "report.html").read_text(encoding="utf-8")


def test_a_wrong_file_is_one_line(bencao: Callable[..., Any]) -> None:
    Path("objectives.yaml").write_text("objectives: [{property: taste, target: 1, width: 1}]")
    answer = bencao("discovery", "design", "objectives.yaml", "-o", "designed")
    assert answer.code == 2 and "no property 'taste'" in answer.err and not Path("designed").exists()
    Path("library.smi").write_text("c1ccn broken\n")
    Path("objectives.yaml").write_text("objectives: [{property: qed}]")
    answer = bencao("discovery", "design", "objectives.yaml", "-o", "designed", "--start", "library.smi")
    assert answer.code == 2 and "none of the molecules" in answer.err
