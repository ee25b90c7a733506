"""How much of the best was found is counted by molecules drawn by chance, whatever the surrogate says."""

from __future__ import annotations

import numpy as np
import pytest

from bencao.discovery.active.audit import Audit, draw_audit, inclusion_probabilities
from bencao.discovery.active.counting import audited_recovery
from bencao.discovery.active.recovery import best_shares

SIZE, BEST = 2000, 100


def search(random: np.random.Generator, skill: float, rounds: int = 6) -> tuple[float, float, float]:
    """What was found, its estimate and its bound, after a search by a surrogate that sees a part of the score.

    Whatever its skill, it says that its predictions are good.
    """
    scores = random.normal(size=SIZE)
    mean = skill * scores + random.normal(0, 0.3, SIZE)
    deviation = np.full(SIZE, 0.3)
    open_, order, audits = np.ones(SIZE, dtype=bool), list(random.permutation(SIZE)[:20]), []
    open_[order] = False
    for _ in range(rounds):
        left = np.flatnonzero(open_)
        chosen = left[np.argsort(mean[left])[:40]]
        open_[chosen] = False
        order += chosen.tolist()
        rest = np.flatnonzero(open_)
        drawn = draw_audit(mean[rest], deviation[rest], float(np.quantile(mean, BEST / SIZE)), 10, random)
        audits.append(Audit(scores[rest[drawn.places]], drawn, len(order)))
        open_[rest[drawn.places]] = False
        order += rest[drawn.places].tolist()
    told = audited_recovery(scores[order], audits, mean[open_], deviation[open_], BEST)
    return float(best_shares(scores, BEST)[order].sum()), told.estimate, told.low


@pytest.mark.parametrize("skill", [0.2, 0.4, 1.0])
def test_the_bound_holds_however_poor_the_surrogate(skill: float) -> None:
    table = np.array([search(np.random.default_rng([7, one]), skill) for one in range(50)])
    found, _, low = table.T
    assert (low <= found).mean() >= 0.8  # 90 % is meant; of 50, 80 % is within 2.4 deviations
    assert low.mean() > skill / 2


def test_a_surrogate_that_knows_nothing_and_is_sure_of_itself_is_found_out() -> None:
    table = np.array([search(np.random.default_rng([7, one]), 0.0) for one in range(30)])
    found, estimate, low = table.T
    assert low.max() < 0.4 and estimate.mean() < 0.4 and found.mean() < 0.2


def test_with_a_good_surrogate_the_estimate_is_near() -> None:
    table = np.array([search(np.random.default_rng([8, one]), 1.0) for one in range(20)])
    assert abs((table[:, 1] - table[:, 0]).mean()) < 0.08
    assert (table[:, 2] <= table[:, 1]).all()


def test_each_is_drawn_as_often_as_is_said() -> None:
    random = np.random.default_rng(3)
    mean, deviation = random.normal(size=50), np.full(50, 0.5)
    counts, told = np.zeros(50), np.zeros(50)
    for _ in range(4000):
        drawn = draw_audit(mean, deviation, -1.0, 10, random)
        assert len(set(drawn.places.tolist())) == 10
        counts[drawn.places] += 1
        told[drawn.places] = drawn.probabilities
    np.testing.assert_allclose(counts[told > 0] / 4000, told[told > 0], atol=0.035)  # four deviations
    assert told[mean.argmin()] > told[mean.argmax()]


def test_probabilities_add_up_and_none_passes_one() -> None:
    found = inclusion_probabilities(np.array([100.0, 50.0, 1.0, 1.0, 2.0]), 3)
    assert found.sum() == pytest.approx(3)
    np.testing.assert_allclose(found, [1, 1, 0.25, 0.25, 0.5])


def test_where_all_others_are_drawn_the_count_is_exact() -> None:
    scores = np.array([-9.0, -1.0, -8.0, -7.0, -2.0, 3.0])
    drawn = draw_audit(np.zeros(3), np.ones(3), -5.0, 3, np.random.default_rng(1))
    told = audited_recovery(scores[:4], [Audit(scores[[3, 4, 5]], drawn, 3)], np.zeros(2), np.ones(2), 3)
    assert told.low <= 1.0 and told.estimate == pytest.approx(1.0, abs=0.15)
    assert audited_recovery(scores, [], np.zeros(0), np.zeros(0), 3).low == 1.0


def test_a_draw_that_could_not_be_scored_is_none_of_the_best() -> None:
    random = np.random.default_rng(5)
    mean = random.normal(size=500)
    drawn = draw_audit(mean, np.full(500, 0.5), -2.0, 30, random)
    failed, good = np.full(30, np.nan), mean[drawn.places]
    known = np.sort(mean)[:20]
    told = [
        audited_recovery(np.concatenate([known, s]), [Audit(s, drawn, 20)], mean, np.full(500, 0.5), 40)
        for s in (failed, good)
    ]
    assert told[0].low > told[1].low
