"""Tests by ranks, against published values and scipy's."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kruskal, rankdata, wilcoxon

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import kruskal_wallis, wilcoxon_rank_sum, wilcoxon_signed_rank

# Birth weights of smokers' and others' children (Kirkwood and Sterne, Essential Medical Statistics, table 30.4).
_SMOKERS = [3.18, 2.74, 2.9, 3.27, 3.65, 3.42, 3.23, 2.86, 3.6, 3.65, 3.69, 3.53, 2.38, 2.34]
_OTHERS = [3.99, 3.89, 3.6, 3.73, 3.31, 3.7, 4.08, 3.61, 3.83, 3.41, 4.13, 3.36, 3.54, 3.51, 2.71]


def test_birth_weights_have_the_p_values_and_limits_of_proc_npar1way() -> None:
    # CAMIS, "R vs SAS Wilcoxon Rank-Sum Test": 0.01001 corrected, 0.008181 exact, shift from -0.77 to -0.09.
    found = wilcoxon_rank_sum(_SMOKERS, _OTHERS, exact=True)
    assert found.p_value == pytest.approx(0.01001, abs=5e-6)
    assert found.exact_p_value == pytest.approx(0.008181, abs=5e-7)
    assert (found.lower, found.upper) == pytest.approx((-0.77, -0.09))


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=5), st.lists(st.integers(0, 4), min_size=2, max_size=5))
def test_an_exact_p_value_counts_all_ways_to_draw_a_sample(first: list[int], second: list[int]) -> None:
    pool = first + second
    if len(set(pool)) == 1:
        return
    ranks = rankdata(pool)
    expected = len(first) * (len(pool) + 1) / 2
    far = abs(ranks[: len(first)].sum() - expected)
    sums = [ranks[list(picked)].sum() for picked in combinations(range(len(pool)), len(first))]
    share = np.mean([abs(one - expected) >= far - 1e-9 for one in sums])
    assert wilcoxon_rank_sum(first, second, exact=True).exact_p_value == pytest.approx(share)


@settings(deadline=None)
@given(st.lists(st.integers(-4, 4).filter(bool), min_size=1, max_size=7))
def test_few_pairs_are_tested_by_all_signs(differences: list[int]) -> None:
    ranks = rankdata(np.abs(differences))
    middle = ranks.sum() / 2
    far = abs(ranks[np.array(differences) > 0].sum() - middle)
    sums = [
        sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign)
        for signs in product((0, 1), repeat=len(ranks))
    ]
    share = np.mean([abs(one - middle) >= far - 1e-9 for one in sums])
    assert wilcoxon_signed_rank(differences).p_value == pytest.approx(share)


def test_240_pairs_are_tested_by_students_t(camis: Path) -> None:
    pairs = pl.read_csv(camis / "WilcoxonSignedRank_TTR.csv")
    found = wilcoxon_signed_rank(pairs["TRT_B"] - pairs["TRT_A"])
    normal = wilcoxon((pairs["TRT_B"] - pairs["TRT_A"]).to_numpy(), method="asymptotic").pvalue
    assert found.n == 240
    # Student's t with 239 degrees of freedom is close to the normal approximation, not equal to it.
    assert found.p_value == pytest.approx(normal, abs=5e-4)
    first = wilcoxon_signed_rank((pairs["TRT_B"] - pairs["TRT_A"]).head(19))
    assert first.p_value == pytest.approx(
        wilcoxon((pairs["TRT_B"] - pairs["TRT_A"]).head(19).to_numpy(), method="exact").pvalue
    )


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=6), min_size=2, max_size=4))
def test_several_samples_have_scipys_statistic(samples: list[list[int]]) -> None:
    if len({value for sample in samples for value in sample}) == 1:
        with pytest.raises(EstimationError, match="all values are equal"):
            kruskal_wallis(samples)
        return
    expected = kruskal(*samples)
    found = kruskal_wallis(samples)
    assert (found.statistic, found.p_value) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-9)


def test_what_has_no_ranks_is_refused() -> None:
    with pytest.raises(EstimationError, match="a sample is empty"):
        wilcoxon_rank_sum([], [1.0])
    with pytest.raises(EstimationError, match="all values are equal"):
        wilcoxon_rank_sum([1.0, 1.0], [1.0])
    with pytest.raises(EstimationError, match="other than zero"):
        wilcoxon_signed_rank([0.0, 0.0])
