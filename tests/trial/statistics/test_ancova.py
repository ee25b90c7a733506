"""Analysis of covariance, against values that SAS has printed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.trial import round_half_away
from bencao.trial.errors import EstimationError
from bencao.trial.statistics import ancova, coefficients, ls_mean_difference, ls_means, type3_tests


def test_the_drug_trial_gives_what_proc_glm_printed(camis: Path) -> None:
    # CAMIS, "R vs SAS ANCOVA": LS means 6.714963, 6.823935, 10.161102; type III sums of squares 68.55371, 577.89740.
    fit = ancova(pl.read_csv(camis / "drug_trial.csv"), "post", ["drug", "pre"])
    means = [mean.value.estimate for mean in ls_means(fit, ["drug"]) if mean.value]
    assert means == pytest.approx([6.714963, 6.823935, 10.161102], abs=5e-7)
    squares = [
        effect.test.f * effect.test.numerator_df * fit.residual_variance for effect in type3_tests(fit) if effect.test
    ]
    assert squares == pytest.approx([68.55371, 577.89740], abs=5e-6)


def test_the_pilot_studys_primary_endpoint_is_table_14_3_01(adas: pl.DataFrame) -> None:
    week24 = adas.filter(pl.col("AVISITN") == 24)
    dose = coefficients(ancova(week24, "CHG", ["TRTPN", "SITEGR1", "BASE"]))[1].value
    fit = ancova(week24, "CHG", ["TRTPN", "SITEGR1", "BASE"], classes=["TRTPN"])
    assert dose is not None
    found = [round_half_away(dose.p_value, 3)]
    for level, reference in ((54, 0), (81, 0), (81, 54)):
        pair = ls_mean_difference(fit, "TRTPN", level, reference)
        found += [
            round_half_away(pair.p_value, 3),
            round_half_away(pair.estimate, 1),
            round_half_away(pair.standard_error, 2),
            round_half_away(pair.lower, 1),
            round_half_away(pair.upper, 1),
        ]
    # The sixteen numbers of the table's model rows, as the verified replication of the report prints them.
    assert found == [
        *(0.245,),
        *(0.569, -0.5, 0.82, -2.1, 1.1),
        *(0.233, -1.0, 0.84, -2.7, 0.7),
        *(0.520, -0.5, 0.84, -2.2, 1.1),
    ]


def test_the_last_level_is_the_reference() -> None:
    frame = pl.DataFrame({"arm": list("AABBCC"), "y": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]})
    found = coefficients(ancova(frame, "y", ["arm"]))
    assert [one.value is None for one in found] == [False, False, False, True]
    assert found[3].column.levels == (("arm", "C"),)
    assert found[0].value is not None
    assert found[0].value.estimate == pytest.approx(5.5)


def test_an_interaction_with_an_empty_cell_leaves_its_mean_without_an_estimate() -> None:
    frame = pl.DataFrame(
        {"arm": ["A", "A", "B", "B", "B"], "sex": ["F", "M", "F", "F", "F"], "y": [1.0, 2.0, 3.0, 4.0, 5.0]}
    )
    fit = ancova(frame, "y", ["arm", "sex", "arm*sex"])
    values = {mean.levels: mean.value for mean in ls_means(fit, ["arm", "sex"])}
    assert values["B", "M"] is None
    assert values["B", "F"] is not None
    assert all(effect.test is None for effect in type3_tests(fit))


def test_observed_weights_give_the_mean_of_the_data_where_arms_are_alike() -> None:
    frame = pl.DataFrame({"arm": list("ABABAB"), "site": [1, 1, 2, 2, 2, 2], "y": [1.0, 2.0, 4.0, 5.0, 6.0, 7.0]})
    fit = ancova(frame, "y", ["arm", "site"], classes=["site"])
    observed = [mean.value.estimate for mean in ls_means(fit, ["arm"], weights="observed") if mean.value]
    equal = [mean.value.estimate for mean in ls_means(fit, ["arm"]) if mean.value]
    assert observed == pytest.approx([11 / 3, 14 / 3])
    assert equal == pytest.approx([3.0, 4.0])


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_contrasts_do_not_depend_on_where_a_covariate_is_counted_from(seed: int, scale: float, shift: float) -> None:
    draw = np.random.default_rng(seed)
    base = draw.normal(size=24)
    frame = pl.DataFrame({"arm": list("ABC") * 8, "base": base, "y": draw.normal(size=24) + base})
    moved = frame.with_columns(base=pl.col("base") * scale + shift)
    one, other = (ls_mean_difference(ancova(data, "y", ["arm", "base"]), "arm", "A", "C") for data in (frame, moved))
    assert one.estimate == pytest.approx(other.estimate, abs=1e-6)
    assert one.p_value == pytest.approx(other.p_value, abs=1e-6)


def test_what_cannot_be_fitted_says_why() -> None:
    frame = pl.DataFrame({"arm": ["A", "B"], "y": [1.0, 2.0]})
    with pytest.raises(EstimationError, match="2 rows cannot carry 2 coefficients"):
        ancova(frame, "y", ["arm"])
    with pytest.raises(EstimationError, match="no column dose"):
        ancova(frame, "y", ["dose"])
    with pytest.raises(EstimationError, match="one level"):
        ancova(frame.head(1), "y", ["arm"])
