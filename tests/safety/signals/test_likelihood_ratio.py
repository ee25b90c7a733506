"""The likelihood ratio test gives the statistic by hand, and keeps its level under the null."""

from __future__ import annotations

from math import log

import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

import numpy as np  # noqa: E402

from bencao.safety.errors import CountsError  # noqa: E402
from bencao.safety.signals.likelihood_ratio import (  # noqa: E402
    likelihood_ratio_of_drugs,
    likelihood_ratio_test,
    log_likelihood_ratio,
)


def test_the_statistic_by_hand() -> None:
    # 30 of the drug's 100 where the event is a tenth of all; and 5, fewer than expected.
    ours = log_likelihood_ratio([30.0, 5.0, 100.0], [0.1, 0.1, 0.1], 100.0)
    assert ours[0] == pytest.approx(30 * log(3) + 70 * log(70 / 90), abs=1e-9)
    assert ours[1] == 0.0
    assert ours[2] == pytest.approx(100 * log(10), abs=1e-9)


def test_a_drug_with_one_event_too_many_is_found_and_the_same_seed_gives_the_same_p() -> None:
    others = np.full(20, 500.0)
    drug = np.full(20, 5.0)
    drug[3] = 25.0
    first, second = (likelihood_ratio_test(drug, others, draws=499, seed=4) for _ in range(2))
    assert first.p[3] == pytest.approx(1 / 500)
    assert np.argmax(first.statistic) == 3
    assert (first.p == second.p).all()
    assert first.p[np.arange(20) != 3].min() > 0.05


def test_the_chance_of_any_false_signal_is_the_level() -> None:
    random = np.random.default_rng(0)
    share = random.dirichlet(np.ones(30))
    totals = share * 1e6
    smallest = [
        likelihood_ratio_test(random.multinomial(80, share), totals, draws=99, seed=seed).p.min() for seed in range(200)
    ]
    # 200 draws at 0.1: the binomial count lies between 8 and 33 with probability above 0.998.
    assert 8 <= sum(value <= 0.1 for value in smallest) <= 33


def test_every_drug_of_a_table_is_tested_as_it_is_alone() -> None:
    rows = [("A", "x", 9), ("A", "y", 1), ("B", "x", 3), ("B", "y", 40), ("C", "x", 5), ("C", "y", 30)]
    counts = pl.DataFrame(rows, schema=["drug", "event", "n"], orient="row")
    together = likelihood_ratio_of_drugs(counts, draws=199, seed=1)
    alone = likelihood_ratio_test([9, 1], [17, 71], draws=199, seed=1)
    assert together["llr"].to_list()[:2] == pytest.approx(alone.statistic.tolist())
    assert together["llr_p"].to_list()[:2] == pytest.approx(alone.p.tolist())
    assert together["llr_p"][0] < 0.02


def test_counts_that_exceed_their_totals_are_refused() -> None:
    with pytest.raises(CountsError):
        likelihood_ratio_test([5.0], [3.0])
