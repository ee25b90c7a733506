"""The stages of a funnel: what each leaves, what the controls say, and that a kill changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rdkit import Chem
from rdkit.Chem import Crippen

from bencao.discovery.docking.docking import Docked, Pose
from bencao.discovery.errors import MoleculeError
from bencao.discovery.funnel import worth
from bencao.discovery.funnel.controls import auc_interval, judge_controls
from bencao.discovery.funnel.outlook import recovery_in_words
from bencao.discovery.funnel.plan import Bounds, Effort
from bencao.discovery.funnel.sieve import Sieved, sieve
from bencao.discovery.funnel.worth import dock_worth
from bencao.discovery.ligands.protomers import protomers
from bencao.discovery.molecules.reading import LibraryRow
from bencao.kernel.compute import Failure
from bencao.kernel.errors import InputError

LINKS = ["C", "CC", "C(=O)N", "OC", "CCC", "S"]
SMILES = [f"{tail}c1ccc({link}c2ccccc2)cc1" for tail in ["O", "N", "F", "Cl", "OC", "C(=O)N"] for link in LINKS]


def docked(name: str, smiles: str, score: float) -> Docked:
    return Docked(name, smiles, 1, (Pose(score, 0, ""),))


def sieved(smiles: Sequence[str], bounds: Bounds | None = None, **told: object) -> Sieved:
    rows = [LibraryRow(number, one, f"m{number}") for number, one in enumerate(smiles, 1)]
    return sieve(rows, bounds or Bounds(), progress=False, **told)  # type: ignore[arg-type]


def test_each_row_that_goes_has_its_reason() -> None:
    rows = [SMILES[0], SMILES[0], "CCO", "c1ccn", "CCCCCCCCCCCCCCCCCC(=O)O", "O=C1C=CC(=O)c2ccccc21"]
    found = sieved(rows, Bounds(pains=True))
    assert [one.row for one in found.candidates] == [1]
    reasons = {one.row: one.reason for one in found.dropped}
    assert reasons == {2: "duplicate", 3: "weight", 4: "error", 5: "rotatable", 6: "pains"}
    assert (found.stages[0].entered, found.stages[0].left) == (6, 1)


def test_a_salt_is_docked_as_its_parent_and_a_charge_stays_as_drawn() -> None:
    salt, drawn = "[Na+].[O-]C(=O)c1ccc(-c2ccccc2)cc1", "C[NH+](C)Cc1ccc(-c2ccccc2)cc1"
    found = sieved([salt, drawn]).candidates
    assert [one.smiles for one in found] == [Chem.CanonSmiles("OC(=O)c1ccc(-c2ccccc2)cc1"), Chem.CanonSmiles(drawn)]


def test_only_those_most_like_an_active_go_on() -> None:
    found = sieved(SMILES, actives=[("known", SMILES[7])], nearest=5)
    assert len(found.candidates) == 5
    assert {one.nearest for one in found.candidates} == {"known"}
    assert max(found.candidates, key=lambda one: one.similarity or 0).row == 8
    assert [stage.name for stage in found.stages] == ["filter", "similarity"]
    with pytest.raises(InputError, match="no known active"):
        sieved(SMILES, nearest=5)
    with pytest.raises(MoleculeError, match="bad"):
        sieved(SMILES, actives=[("bad", "c1ccn")])


def dock_by_logp(batches: list[list[str]]) -> object:
    def dock(ligands: Sequence[tuple[str, str]], checkpoint: Path) -> list[Docked | Failure]:
        batches.append([name for name, _ in ligands])
        checkpoint.write_text("")
        answers: list[Docked | Failure] = []
        for name, smiles in ligands:
            score = -Crippen.MolLogP(Chem.MolFromSmiles(smiles))  # type: ignore[attr-defined]
            answers.append(Failure("LigandError", name, "", "") if name == "m9" else docked(name, smiles, score))
        return answers

    return dock


def test_a_surrogate_docks_a_part_and_finds_the_best(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    candidates = sieved(SMILES).candidates
    batches: list[list[str]] = []
    effort = Effort(most=18, best=3, enough=1.0, first=6, batch=4)
    found = dock_worth(candidates, dock_by_logp(batches), effort, tmp_path)  # type: ignore[arg-type]
    assert [len(one) for one in batches] == [6, 4, 4, 4]
    assert len(found.answers) == found.progress[-1].docked == 18
    logp = {place: Crippen.MolLogP(Chem.MolFromSmiles(one.smiles)) for place, one in enumerate(candidates)}  # type: ignore[attr-defined]
    best = sorted(logp, key=lambda place: -logp[place])[:3]
    assert len(found.answers.keys() & set(best)) >= 2  # 1.5 at random
    assert (found.surrogate, found.ended) == (True, "most")
    monkeypatch.setattr(worth, "_FEW", 0)
    again = dock_worth(candidates, dock_by_logp([]), effort, tmp_path, workers=2, progress=False)  # type: ignore[arg-type]
    assert again == found  # whoever worked out the features
    last = found.progress[-1]
    assert 0 <= last.low <= last.recovery <= 1
    for lang, why in (("en", "18 molecules, all that were allowed"), ("zh", "所允许的 18 个分子")):
        told = recovery_in_words(found.as_json(), lang)
        assert f"{last.low:.0%}" in told and f"{last.recovery:.0%}" in told and why in told


def test_docking_ends_where_the_bound_is_enough(tmp_path: Path) -> None:
    candidates = sieved(SMILES).candidates
    effort = Effort(most=34, best=12, enough=0.5, first=6, batch=4)
    found = dock_worth(candidates, dock_by_logp([]), effort, tmp_path)  # type: ignore[arg-type]
    assert found.ended == "enough" and found.progress[-1].docked < 34
    assert [one.low >= 0.5 for one in found.progress[-2:]] == [True, True]
    assert "50%" in recovery_in_words(found.as_json(), "en")


def test_where_all_can_be_docked_there_is_no_surrogate(tmp_path: Path) -> None:
    batches: list[list[str]] = []
    candidates = sieved(SMILES[:5]).candidates
    found = dock_worth(candidates, dock_by_logp(batches), Effort(most=5), tmp_path)  # type: ignore[arg-type]
    assert (len(batches), found.surrogate, found.progress[-1].recovery) == (1, False, 1.0)
    with pytest.raises(InputError, match="no molecule came through"):
        dock_worth((), dock_by_logp([]), Effort(), tmp_path)  # type: ignore[arg-type]


def test_of_a_large_library_the_surrogate_sees_prints_alone_and_finds_as_much(tmp_path: Path) -> None:
    found = sieved(SMILES)
    batches: list[list[str]] = []
    effort = Effort(most=18, best=3, enough=1.0, first=6, batch=4)
    lean = dock_worth(found.candidates, dock_by_logp(batches), effort, tmp_path, found.prints, large=10)  # type: ignore[arg-type]
    assert [len(one) for one in batches] == [6, 4, 4, 4]
    logp = [Crippen.MolLogP(Chem.MolFromSmiles(one.smiles)) for one in found.candidates]  # type: ignore[attr-defined]
    best = sorted(range(len(logp)), key=lambda place: -logp[place])[:3]
    assert len(lean.answers.keys() & set(best)) >= 2  # 1.5 at random
    assert 0 <= lean.progress[0].recovery <= 1


def test_controls_that_overlap_say_that_the_method_fails() -> None:
    def judge(actives: Sequence[float], decoys: Sequence[float]) -> object:
        groups = [[docked(f"a{score}", "CCO", score) for score in group] for group in (actives, decoys)]
        return judge_controls(groups[0], [*groups[1], Failure("LigandError", "x", "", "")], {"CCO": 3})

    good = judge([-9.0, -8.5, -8.0, -9.5, -8.7], [-6.0, -5.0, -5.5, -6.5, -7.0, -4.0])
    assert good.works and good.auc == 1.0 and good.failed == 1  # type: ignore[attr-defined]
    bad = judge([-6.0, -8.0, -5.0], [-5.5, -7.0, -9.0, -6.5])
    assert not bad.works and bad.low < 0.5 < bad.high  # type: ignore[attr-defined]
    assert good.size_auc == 0.5  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="none could be docked"):
        judge([], [-5.0])


def test_the_interval_of_an_auc_narrows_with_more_and_stays_in_bounds() -> None:
    few, many = auc_interval(0.8, 10, 10), auc_interval(0.8, 100, 100)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]
    for auc in (0.0, 1.0):
        low, high = auc_interval(auc, 5, 5)
        assert 0 <= low <= high <= 1 and high - low > 0.2


def protonated(smiles: str, ph: float = 7.4) -> str:
    return protomers(Chem.MolFromSmiles(smiles), ph, most=1)[0].smiles


@pytest.mark.parametrize(
    ("drawn", "charged"),
    [
        ("CC(=O)O", "CC(=O)[O-]"),
        ("NCCc1ccccc1", "[NH3+]CCc1ccccc1"),
        ("NC(=N)c1ccccc1", "NC(=[NH2+])c1ccccc1"),
        ("CN1CCN(C)CC1", "C[NH+]1CCN(C)CC1"),
        ("c1ccccc1N", "c1ccccc1N"),
        ("CC(N)=O", "CC(N)=O"),
        ("NS(=O)(=O)c1ccccc1", "NS(=O)(=O)c1ccccc1"),
        ("c1c[nH]cn1", "c1c[nH]cn1"),
    ],
)
def test_groups_are_charged_as_in_water_at_the_ph_of_blood(drawn: str, charged: str) -> None:
    assert Chem.CanonSmiles(protonated(drawn)) == Chem.CanonSmiles(charged)
    assert protonated(protonated(drawn)) == protonated(drawn)


def test_what_is_charged_follows_the_ph() -> None:
    assert protonated("CC(=O)O", ph=2) == "CC(=O)O"
    assert protonated("CCN", ph=12) == "CCN"
