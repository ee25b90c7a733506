"""Proportional hazards regression, against published values and enumeration."""

from __future__ import annotations

from itertools import permutations
from math import exp, log
from pathlib import Path

import polars as pl
import pytest

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import cox, log_rank

# Remission of leukaemia under 6-mercaptopurine and placebo (Freireich et al., Blood 1963, 21, 699).
_DRUG = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
_RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
_PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.fixture(scope="module")
def leukaemia() -> pl.DataFrame:
    return pl.DataFrame({"weeks": _DRUG + _PLACEBO, "relapse": _RELAPSE + [1] * 21, "placebo": [0] * 21 + [1] * 21})


@pytest.mark.parametrize(("ties", "coefficient", "error"), [("breslow", 1.5092, 0.4096), ("efron", 1.5721, 0.4124)])
def test_leukaemia_has_its_published_log_hazard_ratio(
    leukaemia: pl.DataFrame, ties: str, coefficient: float, error: float
) -> None:
    # Kleinbaum and Klein, Survival Analysis (2012), computer appendix: 1.5092 by Breslow's method; Efron's by coxph.
    found = cox(leukaemia, "weeks", "relapse", ["placebo"], ties=ties).ratios[0]  # type: ignore[arg-type]
    assert (found.coefficient, found.standard_error) == pytest.approx((coefficient, error), abs=5e-5)
    assert found.hazard_ratio == pytest.approx(exp(found.coefficient))


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        # R's survival 3.5: coxph(Surv(time, status == 2) ~ age + sex + ph.ecog).
        ("breslow", [(0.011041136, 0.0092667701), (-0.55188957, 0.167742448), (0.462947041, 0.1135740521)]),
        ("efron", [(0.011066765, 0.009267411), (-0.552612396, 0.167739054), (0.463728475, 0.113577266)]),
    ],
)
def test_the_lung_cancer_trial_has_what_coxph_gives(
    camis: Path, ties: str, expected: list[tuple[float, float]]
) -> None:
    frame = pl.read_csv(camis / "lung_cancer.csv", null_values="NA").with_columns(died=pl.col("status") - 1)
    found = cox(frame, "time", "died", ["age", "sex", "ph.ecog"], ties=ties)  # type: ignore[arg-type]
    assert (found.n, found.events) == (227, 164)
    for one, (coefficient, error) in zip(found.ratios, expected, strict=True):
        assert (one.coefficient, one.standard_error) == pytest.approx((coefficient, error), abs=5e-9)


def _by_orders(dying: list[float], living: float) -> float:
    """Probability that those of some hazards die first, summed over their orders."""
    total = 0.0
    for order in permutations(dying):
        rest, chance = sum(order) + living, 1.0
        for hazard in order:
            chance *= hazard / rest
            rest -= hazard
        total += chance
    return total


def test_exact_ties_are_summed_over_all_orders() -> None:
    frame = pl.DataFrame(
        {
            "t": [1, 1, 1, 2, 2, 3, 3, 4],
            "e": [1, 1, 1, 1, 1, 0, 1, 0],
            "x": [0.3, -1.2, 0.8, 1.5, -0.4, 0.1, -0.9, 0.6],
        }
    )
    fit = cox(frame, "t", "e", ["x"], ties="exact")
    hazards = [exp(fit.ratios[0].coefficient * x) for x in frame["x"]]
    value = (
        log(_by_orders(hazards[:3], sum(hazards[3:])))
        + log(_by_orders(hazards[3:5], sum(hazards[5:])))
        + log(_by_orders([hazards[6]], hazards[5] + hazards[7]))
    )
    assert fit.minus_2_log_likelihood == pytest.approx(-2 * value, abs=1e-9)
    free = [1.0] * 8
    null = log(_by_orders(free[:3], 5)) + log(_by_orders(free[:2], 3)) + log(_by_orders(free[:1], 2))
    assert fit.null_minus_2_log_likelihood == pytest.approx(-2 * null, abs=1e-9)
    # At the maximum no nearby coefficient is better: the fit used the right derivatives.
    for step in (-1e-3, 1e-3):
        beside = [exp((fit.ratios[0].coefficient + step) * x) for x in frame["x"]]
        other = (
            log(_by_orders(beside[:3], sum(beside[3:])))
            + log(_by_orders(beside[3:5], sum(beside[5:])))
            + log(_by_orders([beside[6]], beside[5] + beside[7]))
        )
        # The second difference is the information, one over the squared standard error.
        assert 2 * (value - other) / step**2 == pytest.approx(1 / fit.ratios[0].standard_error ** 2, rel=1e-2)


def test_without_ties_all_ways_agree() -> None:
    frame = pl.DataFrame({"t": [5, 3, 8, 1, 9, 4], "e": [1, 1, 0, 1, 1, 1], "x": [1.0, 0.0, 1.0, 0.0, 0.5, 1.5]})
    found = [cox(frame, "t", "e", ["x"], ties=ties).ratios[0].coefficient for ties in ("efron", "breslow", "exact")]
    assert found[1:] == pytest.approx(found[:1] * 2, abs=1e-9)


def test_the_score_test_without_ties_is_the_log_rank_test() -> None:
    frame = pl.DataFrame({"t": [5, 3, 8, 1, 9, 4, 7, 2], "e": [1, 1, 0, 1, 1, 1, 0, 1], "x": [1, 0, 1, 0, 1, 1, 0, 1]})
    score = cox(frame, "t", "e", ["x"], strata=[]).score
    assert score.statistic == pytest.approx(log_rank(frame, "t", "e", "x").statistic)


def test_strata_have_hazards_of_their_own(leukaemia: pl.DataFrame) -> None:
    twice = pl.concat([leukaemia.with_columns(site=pl.lit(site), weeks=pl.col("weeks") * site) for site in (1, 2)])
    single = cox(leukaemia, "weeks", "relapse", ["placebo"])
    double = cox(twice, "weeks", "relapse", ["placebo"], strata=["site"])
    assert double.ratios[0].coefficient == pytest.approx(single.ratios[0].coefficient)
    assert double.ratios[0].standard_error == pytest.approx(single.ratios[0].standard_error / 2**0.5)


def test_a_factor_is_compared_with_its_last_level(leukaemia: pl.DataFrame) -> None:
    named = leukaemia.with_columns(arm=pl.when(pl.col("placebo") == 1).then(pl.lit("P")).otherwise(pl.lit("T")))
    found = cox(named, "weeks", "relapse", ["arm"]).ratios
    assert [one.column.levels for one in found] == [(("arm", "P"),)]
    assert found[0].hazard_ratio > 1


def test_a_group_without_events_has_no_hazard_ratio() -> None:
    frame = pl.DataFrame({"t": [1, 2, 3, 4, 5, 6], "e": [1, 1, 1, 0, 0, 0], "x": [1, 1, 1, 0, 0, 0]})
    with pytest.raises(EstimationError, match="grows without bound"):
        cox(frame, "t", "e", ["x"])
    with pytest.raises(EstimationError, match="no event"):
        cox(frame.with_columns(e=pl.lit(0)), "t", "e", ["x"])
