"""Mixed models for repeated measurements, against PROC MIXED's printed output and against arithmetic."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.optimize import approx_fprime

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import ancova, coefficients, ls_mean_difference, ls_means, mmrm, type3_tests
from bencao.trial.statistics.design import build_design
from bencao.trial.statistics.linear import Estimate
from bencao.trial.statistics.mmrm.likelihood import Derivatives, Model, Point, differentiate, evaluate
from bencao.trial.statistics.mmrm.structures import STRUCTURES
from bencao.trial.statistics.mmrm.subjects import lay_out


@pytest.fixture(scope="module")
def fev(shared_data: Path) -> pl.DataFrame:
    return pl.read_csv(shared_data / "trial" / "mmrm" / "fev_data.csv")


def _first(fit: object) -> Estimate:
    value = coefficients(fit)[0].value  # type: ignore[arg-type]
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("structure", "group", "method", "estimate", "error", "df"),
    [
        # "Solution for Fixed Effects" of the model with an intercept alone; ar1h is apart, below.
        ("un", None, "ml", 42.8367, 0.3499, 172),
        ("un", None, "reml", 42.8338, 0.3509, 171),
        ("adh", None, "ml", 42.9019, 0.3519, 171),
        ("adh", None, "reml", 42.9009, 0.3529, 171),
        ("ar1", None, "reml", 42.3255, 0.5013, 188),
        ("cs", None, "reml", 42.2896, 0.4285, 187),
        ("csh", None, "reml", 41.9964, 0.3575, 199),
        ("toep", None, "ml", 42.3717, 0.4669, 166),
        ("toep", None, "reml", 42.3721, 0.4684, 166),
        ("toeph", None, "reml", 41.6726, 0.3822, 185),
        ("cs", "ARMCD", "reml", 41.9734, 0.4247, 183),
        ("csh", "ARMCD", "reml", 41.8458, 0.3372, 191),
        ("toeph", "ARMCD", "ml", 41.4792, 0.3553, 171),
    ],
)
def test_an_intercept_is_what_proc_mixed_prints(
    fev: pl.DataFrame, structure: str, group: str | None, method: str, estimate: float, error: float, df: int
) -> None:
    fit = mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", structure, group, method=method, df="satterthwaite")  # type: ignore[arg-type]
    found = _first(fit)
    assert found.estimate == pytest.approx(estimate, abs=1e-4)
    assert found.standard_error == pytest.approx(error, abs=1e-4)
    assert found.df == pytest.approx(df, abs=0.5)


@pytest.mark.parametrize(
    ("structure", "places", "estimate", "error", "df"),
    [
        ("sp_exp", ["VISITN"], 42.3254, 0.5012, 188),
        ("sp_exp", ["VISITN", "VISITN2"], 42.2202, 0.4754, 194),
        ("sp_gau", ["VISITN"], 42.3542, 0.4780, 302),
        ("sp_gau", ["VISITN", "VISITN2"], 42.2195, 0.4684, 261),
    ],
)
def test_distances_may_be_of_each_subjects_own(
    fev: pl.DataFrame, structure: str, places: list[str], estimate: float, error: float, df: int
) -> None:
    fit = mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", structure, df="satterthwaite", coordinates=places)
    found = _first(fit)
    assert (found.estimate, found.standard_error) == pytest.approx((estimate, error), abs=1e-4)
    assert found.df == pytest.approx(df, abs=0.5)


@pytest.mark.parametrize(
    ("method", "estimate", "error", "history"),
    [
        (
            "ml",
            41.9560,
            0.4947,
            [4251.84995586, 4034.96062107, 3950.11554699, 3906.31384483, 3881.91131053, 3874.01919275],
        ),
        (
            "reml",
            41.9576,
            0.4960,
            [4249.24316084, 4033.23096160, 3948.89320841, 3905.48769686, 3881.35284290, 3873.56921993],
        ),
    ],
)
def test_the_search_for_ar1_by_group_goes_the_way_that_proc_mixed_prints(
    fev: pl.DataFrame, method: str, estimate: float, error: float, history: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    fitting = sys.modules["bencao.trial.statistics.mmrm.fit"]
    passed: list[float] = []

    def watched(model: Model, point: Point) -> Derivatives:
        passed.append(point.value)
        return differentiate(model, point)

    monkeypatch.setattr(fitting, "differentiate", watched)
    fit = mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", "ar1", "ARMCD", method=method, df="satterthwaite")  # type: ignore[arg-type]
    assert passed[2 : 2 + len(history)] == pytest.approx(history, abs=6e-9)  # before: independent visits, the start
    found = _first(fit)
    assert (found.estimate, found.standard_error) == pytest.approx((estimate, error), abs=1e-4)


def test_where_sas_stops_short_ours_is_the_higher_likelihood(fev: pl.DataFrame) -> None:
    # ARH(1) by REML: SAS prints 41.6955 at -2 log likelihood 3739.96835012, its criterion being met; the maximum, 2e-6
    # below in -2 log likelihood, lies 3e-4 from there, less than a thousandth of the standard error.
    fit = mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", "ar1h", df="satterthwaite", convergence=1e-14)
    assert fit.minus_2_log_likelihood < 3739.96835012
    found = _first(fit)
    assert found.estimate == pytest.approx(41.6955, abs=1e-3 * found.standard_error)
    assert found.standard_error == pytest.approx(0.3947, abs=1e-4)


@pytest.fixture(scope="module")
def ordered(fev: pl.DataFrame) -> pl.DataFrame:
    """Levels in the order of the logs of the full model."""
    orders = {
        "AVISIT": ["VIS2", "VIS3", "VIS4", "VIS1"],
        "RACE": ["Black or African American", "White", "Asian"],
        "SEX": ["Female", "Male"],
        "ARMCD": ["TRT", "PBO"],
    }
    return fev.with_columns(pl.col(name).cast(pl.Enum(order)) for name, order in orders.items())


def test_the_full_model_and_its_type_3_tests_are_proc_mixeds(ordered: pl.DataFrame) -> None:
    terms = ["ARMCD", "AVISIT", "AVISIT*ARMCD", "RACE", "SEX"]
    fit = mmrm(ordered, "FEV1", terms, "USUBJID", "AVISIT", df="satterthwaite")
    assert (fit.aic, fit.aicc, fit.bic) == pytest.approx((3406.4, 3406.9, 3439.3), abs=0.05)
    found = [
        (one.value.estimate, one.value.standard_error, round(one.value.df)) for one in coefficients(fit) if one.value
    ]
    expected = [
        (30.7774, 0.8865, 219),
        (3.7745, 1.0741, 146),
        (4.8396, 0.8016, 144),
        (10.3422, 0.8227, 156),
        (15.0537, 1.3129, 138),
        (-0.04231, 1.1292, 139),
        (-0.6939, 1.1876, 158),
        (0.6240, 1.8510, 130),
        (1.5305, 0.6244, 169),
        (5.6436, 0.6656, 157),
        (0.3262, 0.5319, 166),
    ]
    assert np.array(found) == pytest.approx(np.array(expected), abs=1e-4)
    tests = [(round(one.test.denominator_df), one.test.f) for one in type3_tests(fit) if one.test]
    assert [df for df, _ in tests] == [169, 148, 148, 166, 166]
    assert [f for _, f in tests] == pytest.approx([31.67, 142.11, 0.26, 36.92, 0.38], abs=0.006)


def test_weights_divide_the_variance(ordered: pl.DataFrame) -> None:
    fit = mmrm(ordered, "FEV1", [], "USUBJID", "VISITN", "adh", df="satterthwaite", weights="WEIGHT")
    found = _first(fit)
    assert (found.estimate, found.standard_error) == pytest.approx((42.3354, 0.3487), abs=1e-4)
    assert round(found.df) == 187


@pytest.mark.parametrize(
    ("df", "errors", "f"),
    [("kenward-roger", (0.6503, 0.9016), 22.02), ("kenward-roger-linear", (0.6512, 0.9028), 21.96)],
)
def test_kenward_and_roger_adjust_as_ddfm_kr_and_kr_firstorder(
    fev: pl.DataFrame, df: str, errors: tuple[float, float], f: float
) -> None:
    ordered = fev.with_columns(pl.col("ARMCD").cast(pl.Enum(["PBO", "TRT"])))
    places = ["VISITN", "VISITN2"]
    fit = mmrm(ordered, "FEV1", ["ARMCD"], "USUBJID", "AVISIT", "sp_gau", df=df, coordinates=places)  # type: ignore[arg-type]
    values = [one.value for one in coefficients(fit) if one.value]
    assert [one.estimate for one in values] == pytest.approx([44.4161, -4.2312], abs=1e-4)
    assert [one.standard_error for one in values] == pytest.approx(errors, abs=1e-4)
    assert [round(one.df) for one in values] == [244, 250]
    test = type3_tests(fit)[0].test
    assert test is not None
    assert test.f == pytest.approx(f, abs=0.006)


def test_the_variant_of_2009_does_not_depend_on_the_parameters_of_a_structure(fev: pl.DataFrame) -> None:
    # Kenward and Roger 2009: with the bias of the covariance parameters, the adjusted covariance is invariant.
    early = fev.with_columns(WEEK=pl.col("AVISIT").str.slice(3).cast(pl.Float64)).filter(
        pl.col("USUBJID").str.slice(2).cast(pl.Int64) <= 24
    )

    def adjusted(df: str, structure: str, places: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        fit = mmrm(
            early, "FEV1", ["ARMCD", "AVISIT"], "USUBJID", "AVISIT", structure, "ARMCD", df=df,  # type: ignore[arg-type]
            coordinates=places, convergence=1e-14,
        )  # fmt: skip
        return fit.covariance

    for df, same in (("kenward-roger-2009", True), ("kenward-roger", False)):
        lags, distances = adjusted(df, "ar1", []), adjusted(df, "sp_exp", ["WEEK"])
        assert np.allclose(lags, distances, rtol=1e-5, atol=1e-6) == same


@pytest.mark.parametrize("structure", ["un", "cs", "toep"])
def test_the_variants_agree_where_the_matrix_is_linear_in_its_parameters(fev: pl.DataFrame, structure: str) -> None:
    first, second = (
        mmrm(fev, "FEV1", ["ARMCD", "AVISIT"], "USUBJID", "AVISIT", structure, df=df).covariance  # type: ignore[arg-type]
        for df in ("kenward-roger", "kenward-roger-2009")
    )
    assert np.array_equal(first, second)


def test_the_pilot_studys_week_24_is_sass(adas: pl.DataFrame) -> None:
    # The published SAS values that the golden tables' divergences.md cites for table 14-3.11.
    seen = adas.filter(pl.col("AVISITN") > 0, pl.col("DTYPE").is_null())
    terms = ["TRTPN", "SITEGR1", "AVISITN", "TRTPN*AVISITN", "BASE", "BASE*AVISITN"]
    fit = mmrm(seen, "CHG", terms, "USUBJID", "AVISITN", classes=["TRTPN", "AVISITN"])
    week24 = {"AVISITN": 24}
    means = [mean.value.estimate for mean in ls_means(fit, ["TRTPN"], at=week24) if mean.value]
    assert means == pytest.approx([2.3291, 1.7352, 1.5009], abs=5e-5)
    high, low = (ls_mean_difference(fit, "TRTPN", dose, 0, at=week24) for dose in (81, 54))
    assert (high.p_value, low.p_value) == pytest.approx((0.4403, 0.5600), abs=5e-5)
    assert (high.estimate, low.estimate) == pytest.approx((-0.8282, -0.5939), abs=5e-5)


@pytest.mark.parametrize("structure", sorted(STRUCTURES))
@pytest.mark.parametrize("restricted", [True, False])
def test_gradient_and_hessian_are_those_of_the_likelihood(fev: pl.DataFrame, structure: str, restricted: bool) -> None:
    places = ["VISITN", "VISITN2"] if STRUCTURES[structure].spatial else []
    design = build_design(fev, ["ARMCD", "AVISIT"], needed=["FEV1"])
    group = None if places else "ARMCD"
    subjects = lay_out(fev, design, "FEV1", "USUBJID", "AVISIT", group, None, places)
    model = Model(subjects, STRUCTURES[structure], restricted)
    start = STRUCTURES[structure].start(60.0, 4, 1.5)
    draw = np.random.default_rng(3)
    parameters = np.concatenate([start * (1 + draw.uniform(0, 0.2, len(start))) for _ in subjects.group_levels])
    parameters = np.where(parameters == 0, draw.uniform(0.05, 0.25, len(parameters)), parameters)

    def value(at: np.ndarray) -> float:
        point = evaluate(model, at)
        assert point is not None
        return point.value

    def gradient(at: np.ndarray) -> np.ndarray:
        point = evaluate(model, at)
        assert point is not None
        return differentiate(model, point).gradient

    point = evaluate(model, parameters)
    assert point is not None
    found = differentiate(model, point)
    step = 1e-6 * np.maximum(np.abs(parameters), 0.1)
    numeric = approx_fprime(parameters, value, step)
    # Forward differences err by the step times the curvature.
    assert found.gradient == pytest.approx(numeric, rel=2e-3, abs=5e-3)
    central = np.array(
        [(gradient(parameters + e) - gradient(parameters - e)) / (2 * e.sum()) for e in np.diag(10 * step)]
    )
    assert found.hessian == pytest.approx(central, rel=1e-4, abs=1e-4 * float(np.abs(central).max()))


def test_one_visit_is_an_analysis_of_covariance(fev: pl.DataFrame) -> None:
    visit = fev.filter(pl.col("AVISIT") == "VIS4")
    one = coefficients(mmrm(visit, "FEV1", ["ARMCD", "FEV1_BL"], "USUBJID", "AVISIT"))
    other = coefficients(ancova(visit, "FEV1", ["ARMCD", "FEV1_BL"]))
    for first, second in zip(one, other, strict=True):
        assert (first.value is None) == (second.value is None)
        if first.value and second.value:
            assert first.value.estimate == pytest.approx(second.value.estimate)
            assert first.value.standard_error == pytest.approx(second.value.standard_error)
            assert first.value.df == pytest.approx(second.value.df)


def test_complete_balanced_data_have_the_exact_f_test(fev: pl.DataFrame) -> None:
    # Of two visits, all seen, the difference between visits has a paired t test's degrees of freedom.
    wide = fev.filter(pl.col("AVISIT").is_in(["VIS2", "VIS4"])).drop_nulls("FEV1")
    both = wide.filter(pl.len().over("USUBJID") == 2)
    fit = mmrm(both, "FEV1", ["AVISIT"], "USUBJID", "AVISIT")
    change = coefficients(fit)[1].value
    pairs = both.sort("AVISIT").group_by("USUBJID", maintain_order=True).agg(pl.col("FEV1"))["FEV1"]
    differences = np.array([first - second for first, second in pairs.to_list()])
    assert change is not None
    assert change.estimate == pytest.approx(differences.mean())
    assert change.standard_error == pytest.approx(differences.std(ddof=1) / np.sqrt(len(differences)))
    assert change.df == pytest.approx(len(differences) - 1)


@pytest.fixture(scope="module")
def balanced() -> tuple[pl.DataFrame, list[np.ndarray]]:
    """Two arms of fifteen, four visits, none missing; the frame, and the visits of each arm."""
    draw = np.random.default_rng(4)
    root = np.array([[3, 0, 0, 0], [1, 2, 0, 0], [0.5, 1, 2, 0], [0, 1, 1, 1.5]])
    values = draw.normal(size=(30, 4)) @ root.T + np.array([0, 0.5, 1, 0.7])
    frame = pl.DataFrame(
        {
            "id": np.repeat(np.arange(30), 4),
            "visit": np.tile(["V1", "V2", "V3", "V4"], 30),
            "arm": np.repeat(np.tile(["A", "B"], 15), 4),
            "y": values.ravel(),
        }
    )
    return frame, [values[0::2], values[1::2]]


def test_kenward_and_rogers_joint_test_is_hotellings_where_that_is_exact(
    balanced: tuple[pl.DataFrame, list[np.ndarray]],
) -> None:
    frame, arms = balanced
    fit = mmrm(frame, "y", ["arm", "visit", "arm*visit"], "id", "visit", convergence=1e-14)
    interaction = type3_tests(fit)[2].test
    steps = [arm[:, :3] - arm[:, 3:] for arm in arms]
    scatter = sum((step - step.mean(axis=0)).T @ (step - step.mean(axis=0)) for step in steps) / 28
    apart = steps[0].mean(axis=0) - steps[1].mean(axis=0)
    t_squared = float(apart @ np.linalg.solve(scatter * 2 / 15, apart))
    assert interaction is not None
    assert interaction.denominator_df == pytest.approx(26, abs=1e-6)
    assert interaction.f == pytest.approx(26 / (3 * 28) * t_squared, rel=1e-7)


def test_compound_symmetry_of_balanced_data_is_the_split_plot_analysis(
    balanced: tuple[pl.DataFrame, list[np.ndarray]],
) -> None:
    frame, arms = balanced
    fit = mmrm(frame, "y", ["arm", "visit", "arm*visit"], "id", "visit", "cs", convergence=1e-14)
    visit = type3_tests(fit)[1].test
    within = [arm - arm.mean(axis=1, keepdims=True) for arm in arms]
    error = sum(float(((arm - arm.mean(axis=0)) ** 2).sum()) for arm in within) / 84
    effect = 30 * float((((within[0] + within[1]) / 2).mean(axis=0) ** 2).sum()) / 3
    assert visit is not None
    assert visit.denominator_df == pytest.approx(84, abs=1e-6)
    assert visit.f == pytest.approx(effect / error, rel=1e-7)


def test_the_order_of_rows_and_of_subjects_does_not_matter(fev: pl.DataFrame) -> None:
    one = mmrm(fev, "FEV1", ["ARMCD*AVISIT"], "USUBJID", "AVISIT")
    other = mmrm(fev.sample(fraction=1, shuffle=True, seed=5), "FEV1", ["ARMCD*AVISIT"], "USUBJID", "AVISIT")
    assert one.values == pytest.approx(other.values, abs=1e-8)
    assert one.minus_2_log_likelihood == pytest.approx(other.minus_2_log_likelihood, abs=1e-8)


def test_a_thousand_subjects_and_ten_visits_take_seconds(shared_data: Path) -> None:
    frame = pl.read_csv(shared_data / "trial" / "mmrm" / "bcva_data.csv")
    terms = ["RACE", "BCVA_BL", "AVISIT", "ARMCD", "ARMCD*AVISIT"]
    fit = mmrm(frame, "BCVA_CHG", terms, "USUBJID", "AVISIT")
    assert (fit.n_subjects, fit.n_observations, len(fit.parameters)) == (1000, 8605, 55)
    # Kenward and Roger widen the errors, by little where there are so many subjects.
    ratio = np.sqrt(np.diag(fit.covariance) / np.diag(fit.model_covariance))
    assert ((ratio > 1) & (ratio < 1.01)).all()


def test_what_cannot_be_fitted_says_why(fev: pl.DataFrame) -> None:
    with pytest.raises(EstimationError, match="no covariance structure 'vc'"):
        mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", "vc")
    with pytest.raises(EstimationError, match="derived for REML"):
        mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", method="ml")
    with pytest.raises(EstimationError, match="takes coordinates"):
        mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", "sp_exp")
    with pytest.raises(EstimationError, match="PT1 has AVISIT VIS2 twice"):
        mmrm(pl.concat([fev, fev.head(4)]), "FEV1", [], "USUBJID", "AVISIT")
    with pytest.raises(EstimationError, match="stands in two groups"):
        mmrm(fev, "FEV1", [], "USUBJID", "AVISIT", group="VISITN")
    alike = fev.with_columns(FEV1=pl.lit(3.0))
    with pytest.raises(EstimationError, match="no residual"):
        mmrm(alike, "FEV1", [], "USUBJID", "AVISIT")
    apart = fev.filter(pl.int_range(pl.len()).over("USUBJID") == pl.col("USUBJID").str.len_chars() % 4)
    with pytest.raises(EstimationError, match="no maximum"):
        mmrm(apart, "FEV1", [], "USUBJID", "AVISIT")


def test_too_few_subjects_for_an_unstructured_matrix_are_named_so(fev: pl.DataFrame) -> None:
    few = fev.filter(pl.col("USUBJID").is_in([f"PT{number}" for number in range(1, 9)]))
    with pytest.raises(EstimationError, match="no maximum: it rises towards a singular covariance matrix"):
        mmrm(few, "FEV1", ["ARMCD"], "USUBJID", "AVISIT")
