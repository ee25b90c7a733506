"""MGPS fits as well as openEBGM, gives its scores at its prior, and says where counts determine no prior."""

from __future__ import annotations

from pathlib import Path

import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

import numpy as np  # noqa: E402
from scipy.integrate import quad  # noqa: E402
from scipy.stats import gamma, poisson  # noqa: E402

from bencao.safety.errors import CountsError, PriorUndetermined  # noqa: E402
from bencao.safety.signals.counts import read_counts  # noqa: E402
from bencao.safety.signals.ebgm import (  # noqa: E402
    Prior,
    ebgm,
    fit_prior,
    negative_log_likelihood,
    posterior_weight,
    quantile,
    squash,
)
from bencao.safety.signals.ebgm.likelihood import evaluate, gather  # noqa: E402

# openEBGM 0.9.1, squashed fit of CAERS: the prior behind the golden scores.
CAERS = Prior(3.25033656579, 0.39972741793, 2.02718716204, 1.90917804699, 0.06541171242)
PRIOR = Prior(0.7, 0.3, 4.0, 5.0, 0.25)


@pytest.fixture(scope="module")
def caers(shared_data: Path) -> pl.DataFrame:
    """CAERS counts beside openEBGM's scores."""
    golden = shared_data / "safety" / "golden"
    counts = read_counts(golden / "raw_caers.csv").table
    known = pl.read_csv(golden / "gold_openEBGM_caers.csv", infer_schema=False)
    known = known.with_columns(pl.col("N", "E", "EBGM", "Q05", "Q95").cast(pl.Float64))
    joined = counts.join(known, left_on=["drug", "event"], right_on=["var1", "var2"])
    assert (counts.height, joined.height) == (17_189, 17_189)
    return joined


def test_caers_is_counted_as_openebgm_counts_it(caers: pl.DataFrame) -> None:
    assert (caers["n"] == caers["N"]).all()
    assert np.allclose(caers["expected"], caers["E"], rtol=1e-12)


def test_the_fit_of_caers_is_at_least_as_good_as_openebgms(caers: pl.DataFrame) -> None:
    fit = fit_prior(caers["n"], caers["expected"])
    assert fit.objective <= negative_log_likelihood(CAERS, caers["n"], caers["expected"]) <= 4162.46
    assert fit.slope < 1e-2
    assert fit.reached >= 2  # more than one start ends there
    squashed = fit_prior(caers["n"], caers["expected"], squashed=True)
    assert squashed.points < fit.points
    assert squashed.objective <= 4162.46


def test_scores_of_caers_are_openebgms_at_its_prior(caers: pl.DataFrame) -> None:
    n, expected = caers["n"].to_numpy(), caers["expected"].to_numpy()
    # The golden values are rounded to six places, and its quantiles are bisected to within 5e-7.
    assert np.abs(ebgm(CAERS, n, expected) - caers["EBGM"].to_numpy()).max() < 1e-6
    assert np.abs(quantile(CAERS, n, expected, 0.05) - caers["Q05"].to_numpy()).max() < 1e-6
    assert np.abs(quantile(CAERS, n, expected, 0.95) - caers["Q95"].to_numpy()).max() < 1e-6


def prior_density(value: float) -> float:
    first = gamma.pdf(value, PRIOR.alpha1, scale=1 / PRIOR.beta1)
    second = gamma.pdf(value, PRIOR.alpha2, scale=1 / PRIOR.beta2)
    return PRIOR.weight * float(first) + (1 - PRIOR.weight) * float(second)


def test_the_posterior_is_that_of_bayes_by_integration() -> None:
    n, expected = 4.0, 1.3
    whole = quad(lambda x: prior_density(x) * poisson.pmf(n, expected * x), 0, 80)[0]
    log = quad(lambda x: np.log2(x) * prior_density(x) * poisson.pmf(n, expected * x), 1e-12, 80)[0] / whole
    assert ebgm(PRIOR, [n], [expected])[0] == pytest.approx(2**log, rel=1e-6)
    low = quantile(PRIOR, [n], [expected], 0.05)[0]
    below = quad(lambda x: prior_density(x) * poisson.pmf(n, expected * x), 0, low)[0] / whole
    assert below == pytest.approx(0.05, rel=1e-6)


def test_each_component_is_truncated_by_itself() -> None:
    n, expected = 2.0, 0.8
    total = 0.0
    for alpha, beta, weight in ((0.7, 0.3, 0.25), (4.0, 5.0, 0.75)):
        density = gamma(alpha, scale=1 / beta).pdf
        mass = quad(lambda x, d=density: d(x) * poisson.pmf(n, expected * x), 0, 200)[0]
        none = quad(lambda x, d=density: d(x) * poisson.pmf(0, expected * x), 0, 200)[0]
        total += weight * mass / (1 - none)
    assert negative_log_likelihood(PRIOR, [n], [expected]) == pytest.approx(-np.log(total), rel=1e-6)


@pytest.mark.parametrize("truncated", [True, False])
def test_the_gradient_is_the_slope_of_the_likelihood(truncated: bool) -> None:
    random = np.random.default_rng(5)
    expected = random.gamma(0.5, 2.0, 300) + 1e-3
    n = random.poisson(expected * random.gamma(1.0, 1.0, 300)) + truncated
    points = gather(n, expected, None, truncated)
    place = np.array([-0.3, -1.1, 1.3, 1.7, -1.0])

    def value(at: np.ndarray) -> float:
        return evaluate(Prior(*np.exp(at[:4]), 1 / (1 + np.exp(-at[4]))), points)[0]

    gradient = evaluate(Prior(*np.exp(place[:4]), 1 / (1 + np.exp(1.0))), points)[1]
    for number in range(5):
        step = np.zeros(5)
        step[number] = 1e-5
        # Central differences of a sum of about 500 are good to 1e-5.
        assert gradient[number] == pytest.approx((value(place + step) - value(place - step)) / 2e-5, abs=1e-4)


def test_a_known_prior_is_found_again_from_its_own_counts() -> None:
    random = np.random.default_rng(11)
    truth = Prior(2.0, 0.25, 5.0, 6.0, 0.2)
    size = 40_000
    expected = random.gamma(1.0, 3.0, size) + 0.01
    first = random.random(size) < truth.weight
    ratio = np.where(first, random.gamma(2.0, 4.0, size), random.gamma(5.0, 1 / 6.0, size))
    n = random.poisson(expected * ratio)
    fit = fit_prior(n, expected, truncated=False)
    assert fit.prior.weight == pytest.approx(truth.weight, abs=0.02)
    assert fit.prior.alpha1 / fit.prior.beta1 == pytest.approx(8.0, rel=0.05)
    seen = n > 0
    cut = fit_prior(n[seen], expected[seen])
    assert cut.objective <= negative_log_likelihood(truth, n[seen], expected[seen])


def test_squashing_keeps_the_sums_and_the_largest() -> None:
    random = np.random.default_rng(2)
    n = np.repeat([1.0, 2.0, 7.0], [5000, 400, 30])
    expected = random.gamma(0.5, 1.0, len(n)) + 1e-4
    squashed_n, squashed_e, weights = squash(n, expected)
    for count in (1.0, 2.0, 7.0):
        mine, theirs = n == count, squashed_n == count
        assert weights[theirs].sum() == mine.sum()
        assert (weights * squashed_e)[theirs].sum() == pytest.approx(expected[mine].sum())
    # Of 5000 points 100 stay; the other 4900 make 150 bins at most by size, 32 points each and a last one of 4.
    ones = squashed_n == 1.0
    assert ones.sum() == 100 + 154
    assert weights[ones][152:155].tolist() == [32.0, 4.0, 1.0]
    assert set(np.sort(expected[n == 1.0])[-100:]) <= set(squashed_e[ones])
    assert (weights[squashed_n == 7.0] == 1).all()  # too few to squash


def test_the_weight_is_the_share_of_the_posterior() -> None:
    same = Prior(1.0, 1.0, 1.0, 1.0, 0.3)
    assert posterior_weight(same, [0, 5], [1.0, 0.1]) == pytest.approx([0.3, 0.3])


def test_scores_stay_finite_where_counts_are_huge() -> None:
    n, expected = np.array([1e6, 1.0, 0.0]), np.array([1e-6, 1e6, 1e7])
    assert np.isfinite(ebgm(CAERS, n, expected)).all()
    low, high = quantile(CAERS, n, expected, 0.05), quantile(CAERS, n, expected, 0.95)
    assert (low < high).all()


def test_no_report_of_a_drug_that_is_in_none_has_the_score_of_the_prior() -> None:
    assert posterior_weight(CAERS, [0.0], [0.0])[0] == pytest.approx(CAERS.weight)
    assert np.isfinite(ebgm(CAERS, [0.0], [0.0])[0])


def test_counts_that_tell_nothing_are_refused() -> None:
    with pytest.raises(PriorUndetermined, match="5 pairs"):
        fit_prior([1, 2, 3, 4, 5], [1.0] * 5)
    with pytest.raises(PriorUndetermined, match="rises without end"):
        fit_prior([1] * 200, np.linspace(0.5, 5.0, 200))


def test_a_count_that_cannot_be_is_refused() -> None:
    with pytest.raises(CountsError, match=r"0\.0 is no whole number from 1"):
        fit_prior([1.0] * 20 + [0.0], [1.0] * 21)
    with pytest.raises(CountsError, match="not above 0"):
        fit_prior([1.0] * 20, [1.0] * 19 + [0.0])
