"""Survival curves, their quantiles and tests."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import describe, kaplan_meier, log_rank, quantile, survival_quantile

# Remission of leukaemia under 6-mercaptopurine and placebo (Freireich et al., Blood 1963, 21, 699).
_DRUG = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
_RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
_PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.fixture(scope="module")
def leukaemia() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "weeks": _DRUG + _PLACEBO,
            "relapse": _RELAPSE + [1] * 21,
            "arm": ["6-MP"] * 21 + ["placebo"] * 21,
        }
    )


def test_the_curve_of_6_mercaptopurine_is_the_published_one() -> None:
    # PROC LIFETEST: 0.8571 (0.0764), 0.8067 (0.0869), 0.7529 (0.0963), 0.6902 (0.1068), … at 6, 7, 10, 13 weeks.
    found = kaplan_meier(_DRUG, _RELAPSE)
    assert found.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.survival[:4].round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902]
    assert found.standard_error[:4].round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068]
    assert survival_quantile(found).time == 23


def test_a_curve_that_ends_at_a_half_has_no_median() -> None:
    # CAMIS, "Kaplan Meier and Cox-proportion hazards modelling", the special case: SAS cannot evaluate the median nor
    # survival at day 120, and gives 0.7 at day 80.
    found = kaplan_meier([54, 75, 77, 84, 87, 92, 103, 105, 112, 118], [1] * 5 + [0] * 5)
    assert survival_quantile(found).time is None
    assert found.at(80) == pytest.approx(0.7)
    assert found.at(120) is None
    died = kaplan_meier([54, 75, 77, 84, 87, 92, 103, 105, 112, 118], [1] * 5 + [0] * 4 + [1])
    assert died.at(120) == 0
    assert survival_quantile(died).time == (87 + 118) / 2


@settings(deadline=None)
@given(st.lists(st.integers(1, 50), min_size=2, max_size=40), st.sampled_from([0.25, 0.5, 0.75]))
def test_without_censoring_quantiles_are_those_of_the_sample(times: list[int], share: float) -> None:
    assert survival_quantile(kaplan_meier(times, [1] * len(times)), share).time == quantile(times, share)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 1)), min_size=1, max_size=40))
def test_limits_enclose_the_estimate(subjects: list[tuple[int, int]]) -> None:
    found = kaplan_meier([time for time, _ in subjects], [event for _, event in subjects])
    alive = found.survival > 0
    assert (found.lower[alive] <= found.survival[alive] + 1e-12).all()
    assert (found.upper[alive] >= found.survival[alive] - 1e-12).all()


def test_the_log_rank_test_of_leukaemia_is_the_published_one(leukaemia: pl.DataFrame) -> None:
    # Kalbfleisch and Prentice: 16.79 with 9 and 21 relapses, 19.25 and 10.75 expected; Gehan's test 13.46.
    found = log_rank(leukaemia, "weeks", "relapse", "arm")
    assert found.observed == (9, 21)
    assert found.expected == pytest.approx((19.25, 10.75), abs=0.005)
    assert found.statistic == pytest.approx(16.79, abs=0.005)
    assert log_rank(leukaemia, "weeks", "relapse", "arm", weights="wilcoxon").statistic == pytest.approx(
        13.46, abs=0.005
    )


def test_strata_alike_double_the_statistic(leukaemia: pl.DataFrame) -> None:
    twice = pl.concat([leukaemia.with_columns(site=pl.lit(site)) for site in (1, 2)])
    single = log_rank(leukaemia, "weeks", "relapse", "arm")
    assert log_rank(twice, "weeks", "relapse", "arm", ["site"]).statistic == pytest.approx(2 * single.statistic)


def test_what_is_no_time_to_an_event_is_refused() -> None:
    with pytest.raises(EstimationError, match="neither 0 nor 1"):
        kaplan_meier([1, 2], [0, 2])
    with pytest.raises(EstimationError, match="negative"):
        kaplan_meier([-1, 2], [0, 1])
    with pytest.raises(EstimationError, match="2 times but 1 events"):
        kaplan_meier([1, 2], [1])
    with pytest.raises(EstimationError, match="two groups at risk"):
        log_rank(pl.DataFrame({"t": [1, 2], "e": [0, 0], "g": ["a", "b"]}), "t", "e", "g")


def test_subjects_without_a_time_are_left_out() -> None:
    found = kaplan_meier(pl.Series([1.0, None, 3.0]), pl.Series([1, 1, 0]))
    assert found.n == 2
    assert describe(found.times).n == 1
