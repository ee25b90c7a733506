"""Screening by active learning: it finds the best, says how many, and goes on where it was stopped."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import Crippen

from bencao.discovery.active.features import Features, describe
from bencao.discovery.active.gaussian_process import GaussianProcess
from bencao.discovery.active.recovery import best_shares, estimated_recovery
from bencao.discovery.active.screening import Budget, screen_actively
from bencao.kernel.errors import InputError

HEADS = ["C", "CC", "c1ccccc1", "C1CCCCC1", "c1ccncc1", "C1CCOC1", "CC(C)", "C(F)(F)F", "C#C", "c1ccsc1"]
TAILS = ["O", "N", "F", "Cl", "Br", "C(=O)O", "C(=O)N", "S(=O)(=O)N", "N#CC", "OC", "N(C)C", "c1ccc(O)cc1"]
LINKS = ["", "C", "CC", "C(=O)N", "OC"]
SMILES = [f"{tail}{link}{head}" for head in HEADS for link in LINKS for tail in TAILS]
BUDGET = Budget(most=120, first=30, batch=15, best=30)


@pytest.fixture(scope="module")
def library() -> tuple[Features, np.ndarray]:
    molecules = [Chem.MolFromSmiles(smiles) for smiles in SMILES]
    return describe(molecules), np.array([-Crippen.MolLogP(one) for one in molecules])


def score_by(scores: np.ndarray) -> Callable[[Sequence[int]], list[float]]:
    return lambda indices: [float(scores[one]) for one in indices]


def test_most_of_the_best_are_found_in_a_fifth_of_the_library(library: tuple[Features, np.ndarray]) -> None:
    features, scores = library
    rounds = list(screen_actively(features, score_by(scores), BUDGET))
    scored = [one for done in rounds for one in done.scored]
    assert len(scored) == len(set(scored)) == 120
    found = best_shares(scores, 30)[scored].sum()
    assert found > 0.9  # 0.2 at random
    # Of 12 molecules drawn by chance the estimate is rough, but it must not promise what is not there.
    assert rounds[-1].recovery.low <= min(found, rounds[-1].recovery.estimate)
    assert rounds[-1].recovery.estimate > 0.5
    assert rounds[0].recovery.low == 0


def test_it_stops_when_enough_is_found(library: tuple[Features, np.ndarray]) -> None:
    features, scores = library
    rounds = list(screen_actively(features, score_by(scores), Budget(400, 30, 15, 30, enough=0.8)))
    scored = [one for done in rounds for one in done.scored]
    assert len(scored) < 300
    assert [done.recovery.low >= 0.8 for done in rounds][-3:] == [False, True, True]
    assert best_shares(scores, 30)[scored].sum() >= 0.8


def test_without_an_audit_it_cannot_stop_by_itself(library: tuple[Features, np.ndarray]) -> None:
    features, scores = library
    rounds = list(screen_actively(features, score_by(scores), Budget(60, 30, 15, 30, audit=0)))
    assert [done.recovery.low for done in rounds] == [0, 0, 0]
    with pytest.raises(InputError, match="no audit to stop by"):
        Budget(60, 30, 15, 30, enough=0.8, audit=0)


def test_killed_at_any_score_it_goes_on_to_the_same_result(
    library: tuple[Features, np.ndarray], tmp_path: Path
) -> None:
    features, scores = library
    whole = list(screen_actively(features, score_by(scores), BUDGET))
    asked: list[int] = []

    def dies(indices: Sequence[int]) -> Iterator[float]:
        for one in indices:
            asked.append(one)
            if len(asked) in (20, 50, 51):
                raise KeyboardInterrupt
            yield float(scores[one])

    journal = tmp_path / "journal"
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            list(screen_actively(features, dies, BUDGET, journal))
    with journal.open("ab") as stream:
        stream.write(b"[12, -3.")  # torn by the kill
    assert list(screen_actively(features, dies, BUDGET, journal)) == whole
    assert len(asked) == 120 + 3, "what was scored before the kill is not scored again"


def test_a_journal_of_another_screen_is_refused(library: tuple[Features, np.ndarray], tmp_path: Path) -> None:
    features, scores = library
    next(screen_actively(features, score_by(scores), BUDGET, tmp_path / "journal"))
    with pytest.raises(InputError, match="another screen"):
        next(screen_actively(features, score_by(scores), Budget(120, 31, 15, 30), tmp_path / "journal"))


def test_failed_scores_are_spent_and_not_learned_from(library: tuple[Features, np.ndarray]) -> None:
    features, scores = library
    holed = scores.copy()
    holed[::7] = np.nan
    rounds = list(screen_actively(features, score_by(holed), BUDGET))
    assert sum(len(done.scored) for done in rounds) == 120
    with pytest.raises(InputError, match="none of 30 scores"):
        list(screen_actively(features, score_by(np.full(len(scores), np.nan)), BUDGET))


def test_fewer_scores_than_molecules_are_an_error(library: tuple[Features, np.ndarray]) -> None:
    with pytest.raises(InputError, match="1 scores for 30"):
        list(screen_actively(library[0], lambda indices: [1.0], BUDGET))


def test_batches_learn_what_one_training_would(library: tuple[Features, np.ndarray]) -> None:
    features, scores = library
    one, three = GaussianProcess(features, 90), GaussianProcess(features, 90)
    one.learn(range(90), scores[:90])
    for start in (0, 30, 60):
        three.learn(range(start, start + 30), scores[start : start + 30])
    for whole, grown in zip(one.predict(), three.predict(), strict=True):
        np.testing.assert_allclose(whole, grown, atol=1e-4)  # float32


def test_what_is_left_out_is_predicted_from_the_others(library: tuple[Features, np.ndarray]) -> None:
    features, scores = library
    process = GaussianProcess(features, 40)
    process.learn(range(40), scores[:40])
    ends = np.r_[0:7, 8:40].tolist()
    # Centre and spread of the scores are part of the training: the other 39 are put to those of all 40.
    scaled = (scores[:40] - scores[:40].mean()) / scores[:40].std()
    others = GaussianProcess(features, 39)
    others.learn(ends, scaled[ends] - scaled[ends].mean())
    centred = scaled[7] - scaled[ends].mean()
    mean, deviation = others.predict()
    assert process.left_out()[7] == pytest.approx(centred / deviation[7] - mean[7] / deviation[7], abs=0.15)


def test_ties_at_the_last_place_share_it() -> None:
    shares = best_shares(np.array([-9.0, -8.0, -8.0, -8.0, -7.0]), 2)
    np.testing.assert_allclose(shares, [1 / 2, 1 / 6, 1 / 6, 1 / 6, 0])


def test_certain_predictions_give_the_recovery_itself() -> None:
    scored, rest = np.array([-9.0, -8.0, -1.0]), np.array([-7.0, -2.0])
    assert estimated_recovery(scored, rest, np.full(2, 1e-3), 3) == pytest.approx(2 / 3, abs=0.01)


def test_the_command_chooses_from_the_scores_so_far(bencao: Callable[..., Any]) -> None:
    rows = [(smiles, -Crippen.MolLogP(Chem.MolFromSmiles(smiles))) for smiles in SMILES]
    with Path("library.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("smiles", "score"))
        table.writerows((smiles, f"{score:.4f}" if n % 10 == 0 else "") for n, (smiles, score) in enumerate(rows))
        table.writerow(("nonsense", ""))
    answer = bencao("discovery", "next", "library.csv", "-n", "20", "--best", "30", "-o", "batch.csv", "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert (told["molecules"], told["scored"], told["next"], told["unread"]) == (600, 60, 20, 1)
    assert 0 <= told["recovery"] <= 1
    chosen = [row["smiles"] for row in csv.DictReader(Path("batch.csv").read_text().splitlines())]
    everything = dict(rows)
    assert np.mean([everything[one] for one in chosen]) < np.quantile(list(everything.values()), 0.1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("smiles,score\nCCO,high\n", "row 2, column score"),
        ("smiles\nCCO\n", "no column score"),
        ("smiles,score\n", "no molecule"),
    ],
)
def test_a_table_without_usable_scores_is_refused(bencao: Callable[..., Any], content: str, said: str) -> None:
    Path("library.csv").write_text(content)
    answer = bencao("discovery", "next", "library.csv", "-o", "batch.csv")
    assert answer.code == 2
    assert said in answer.err
    assert not Path("batch.csv").exists()
