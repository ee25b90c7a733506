"""Multiple imputation, at random and from the reference arm, and Rubin's rules."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import (
    Imputations,
    PooledEstimate,
    ancova,
    impute,
    imputed_frame,
    ls_mean_difference,
    mmrm,
    pool,
)
from bencao.trial.statistics.imputation.impute import strategy_means


@pytest.fixture(scope="module")
def fev(shared_data: Path) -> pl.DataFrame:
    """Lung function of 200 patients, of whose four visits a third is missing."""
    return pl.read_csv(shared_data / "trial" / "mmrm" / "fev_data.csv")


def _impute(
    frame: pl.DataFrame, strategy: str, imputations: int = 60, seed: int = 11, burn_in: int = 100
) -> Imputations:
    return impute(
        frame,
        "FEV1",
        "USUBJID",
        "AVISIT",
        "ARMCD",
        ["FEV1_BL"],
        strategy=strategy,  # type: ignore[arg-type]
        reference=None if strategy == "MAR" else "PBO",
        imputations=imputations,
        seed=seed,
        burn_in=burn_in,
        thin=3,
    )


def _last_visit(frame: pl.DataFrame, imputed: Imputations) -> PooledEstimate:
    people = frame.select("USUBJID", "ARMCD", "FEV1_BL").unique()
    found = []
    for number in range(len(imputed.values)):
        last = imputed_frame(imputed, number).filter(pl.col("AVISIT") == "VIS4").join(people, on="USUBJID")
        found.append(ls_mean_difference(ancova(last, "FEV1", ["ARMCD", "FEV1_BL"]), "ARMCD", "TRT", "PBO"))
    return pool([one.estimate for one in found], [one.standard_error for one in found], complete_df=found[0].df)


def test_what_was_measured_stays(fev: pl.DataFrame) -> None:
    imputed = _impute(fev, "J2R", imputations=3, burn_in=5)
    assert int(imputed.seen.sum()) == 537
    long = imputed_frame(imputed, 2).join(fev, on=["USUBJID", "AVISIT"], suffix="_measured")
    measured = long.drop_nulls("FEV1_measured")
    assert measured["FEV1"].to_list() == measured["FEV1_measured"].to_list()
    assert np.isfinite(imputed.values).all()


def test_the_same_seed_gives_the_same_values_and_another_others(fev: pl.DataFrame) -> None:
    one, same, other = (_impute(fev, "CIR", imputations=2, seed=seed, burn_in=5).values for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


def test_strategies_differ_in_the_treated_who_dropped_out_alone(fev: pl.DataFrame) -> None:
    placebo = fev.select("USUBJID", "ARMCD").unique().sort("USUBJID")["ARMCD"].to_numpy() == "PBO"
    random, jump = (_impute(fev, name, imputations=2, burn_in=5) for name in ("MAR", "J2R"))
    assert random.values[0][placebo] == pytest.approx(jump.values[0][placebo])
    dropped = ~random.seen[:, 3] & ~placebo
    assert (random.values[0][dropped, 3] != jump.values[0][dropped, 3]).all()


def test_imputing_at_random_agrees_with_the_mixed_model(fev: pl.DataFrame) -> None:
    # Both estimate the same parameter under the same model; what is left is the noise of the imputations and of the
    # prior, well within a fifth of the standard error.
    pooled = _last_visit(fev, _impute(fev, "MAR"))
    fit = mmrm(fev, "FEV1", ["ARMCD*AVISIT", "FEV1_BL*AVISIT"], "USUBJID", "AVISIT")
    direct = ls_mean_difference(fit, "ARMCD", "TRT", "PBO", at={"AVISIT": "VIS4"})
    noise = 4 * sqrt(pooled.between / pooled.imputations)
    assert pooled.value.estimate == pytest.approx(direct.estimate, abs=noise + 0.05 * direct.standard_error)
    assert pooled.value.standard_error == pytest.approx(direct.standard_error, rel=0.15)
    assert 0 < pooled.missing_information < 1


def test_reference_based_strategies_bring_the_arms_nearer(fev: pl.DataFrame) -> None:
    effects = {name: _last_visit(fev, _impute(fev, name, imputations=30)).value.estimate for name in ("MAR", "J2R")}
    assert 0 < effects["J2R"] < effects["MAR"]


def test_with_one_visit_a_jump_to_reference_dilutes_the_effect_by_the_share_missing() -> None:
    draw = np.random.default_rng(5)
    size = 400
    frame = pl.DataFrame(
        {"id": range(size), "visit": [1] * size, "arm": ["A", "B"] * (size // 2), "y": draw.normal(size=size)}
    ).with_columns(y=pl.when(pl.col("arm") == "B").then(pl.col("y") + 5).otherwise(pl.col("y")))
    frame = frame.with_columns(y=pl.when((pl.col("arm") == "B") & (pl.col("id") % 8 == 1)).then(None).otherwise("y"))
    imputed = impute(frame, "y", "id", "visit", "arm", strategy="J2R", reference="A", imputations=50)
    treated = np.array([name % 2 == 1 for name in imputed.subjects])
    effect = float(
        (imputed.values[:, treated].mean(axis=(1, 2)) - imputed.values[:, ~treated].mean(axis=(1, 2))).mean()
    )
    seen = frame.drop_nulls("y").group_by("arm").agg(pl.col("y").mean()).sort("arm")["y"]
    # A quarter of the treated is missing; the noise of 50 imputations of 50 values each is about 0.01.
    assert effect == pytest.approx(0.75 * (seen[1] - seen[0]), abs=0.05)


def test_means_of_each_strategy() -> None:
    own, reference = np.array([[10.0, 12, 15]] * 2), np.array([[9.0, 9, 8]] * 2)
    last = np.array([2, 0])
    assert strategy_means(own, reference, last, "MAR").tolist() == [[10, 12, 15], [10, 12, 15]]
    assert strategy_means(own, reference, last, "J2R").tolist() == [[10, 12, 8], [9, 9, 8]]
    assert strategy_means(own, reference, last, "CR").tolist() == [[9, 9, 8], [9, 9, 8]]
    assert strategy_means(own, reference, last, "CIR").tolist() == [[10, 12, 11], [9, 9, 8]]


def test_rubins_rules_by_hand() -> None:
    found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    assert found.value.standard_error == pytest.approx(sqrt(1 + 4 / 3))
    assert found.value.df == pytest.approx(2 * (1 + 3 / 4) ** 2)
    # Barnard and Rubin: never more than the complete data would have.
    assert pool([1.0, 1.001], [1.0, 1.0], complete_df=20).value.df < 20
    same = pool([2.0, 2.0], [0.5, 0.5], complete_df=10)
    assert same.value.standard_error == 0.5
    assert same.value.df == pytest.approx(10 * 11 / 13)


def test_what_cannot_be_imputed_says_why(fev: pl.DataFrame) -> None:
    with pytest.raises(EstimationError, match="no arm None"):
        impute(fev, "FEV1", "USUBJID", "AVISIT", "ARMCD", strategy="CR")
    with pytest.raises(EstimationError, match="different values"):
        impute(fev, "FEV1", "USUBJID", "AVISIT", "ARMCD", ["WEIGHT"])
    with pytest.raises(EstimationError, match="twice"):
        impute(pl.concat([fev, fev.drop_nulls("FEV1").head(1)]), "FEV1", "USUBJID", "AVISIT", "ARMCD")
    with pytest.raises(EstimationError, match="lacks a covariate"):
        lacking = fev.with_columns(FEV1_BL=pl.when(pl.col("USUBJID") == "PT3").then(None).otherwise("FEV1_BL"))
        impute(lacking, "FEV1", "USUBJID", "AVISIT", "ARMCD", ["FEV1_BL"])
    with pytest.raises(EstimationError, match="cannot be pooled"):
        pool([1.0], [1.0])
