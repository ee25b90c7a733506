"""Whatever is wrong with the data: a typed error that says where and how to mend it, or an answer that is finite."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bencao.evidence.bias.e_value import e_value
from bencao.evidence.diagnostics.design import Diagnostic
from bencao.evidence.errors import EmptyArm, EstimationError, NoEvents, PositivityError, StudyDataError
from bencao.evidence.estimators.compared.self_controlled import self_controlled_case_series
from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import _WHERE, Estimate, Settings, estimate
from bencao.evidence.longitudinal.person_periods import person_periods
from bencao.evidence.longitudinal.structural import marginal_structural_model
from bencao.evidence.monitoring.watching import watch_counts, watch_estimates
from bencao.kernel.errors import BencaoError, InputError

N = 90
DRAW = np.random.default_rng(1)
A, B = DRAW.normal(size=(2, N))
ARM = (0.5 * A + DRAW.logistic(size=N) > 0).astype(int)
FEW = np.arange(N) < 3
PEOPLE = pd.DataFrame(
    {
        "person": range(N),
        "arm": ARM,
        "gain": ARM + A + DRAW.normal(size=N),
        "died": (ARM + A + DRAW.logistic(size=N) > 0).astype(int),
        "days": DRAW.exponential(50, N) + 1,
        "a": A,
        "b": B,
        "before": A + DRAW.normal(size=N),
        "push": (ARM + DRAW.normal(size=N) > 0.5).astype(int),
    }
)

# What is wrong, and whether any estimator may answer all the same.
DEFECTS: dict[str, tuple[dict[str, Any], bool]] = {
    "nobody treated": ({"arm": 0}, False),
    "one treated": ({"arm": np.arange(N) == 0}, False),
    "two treated": ({"arm": np.arange(N) < 2}, True),
    "arm of text": ({"arm": np.where(ARM, "yes", "no")}, False),
    "arm missing": ({"arm": np.where(FEW, np.nan, ARM)}, False),
    "third arm": ({"arm": np.where(FEW, 2, ARM)}, False),
    "outcome missing": ({"gain": np.where(FEW, np.nan, 1.0), "died": np.where(FEW, np.nan, 1.0)}, False),
    "outcome infinite": ({"gain": np.where(FEW, np.inf, 1.0), "died": np.where(FEW, np.inf, 1.0)}, False),
    "outcome absurd": ({"gain": np.where(FEW, 1e300, 1.0), "died": np.where(FEW, 1e300, 1.0)}, False),
    "outcome of text": ({"gain": "high", "died": "no"}, False),
    "outcome constant": ({"gain": 1.0, "died": 1}, False),
    "outcome is the arm": ({"gain": ARM * 1.0, "died": ARM}, True),
    "events in one arm": ({"died": PEOPLE.died * ARM}, True),
    "negative times": ({"days": np.where(FEW, -1, PEOPLE.days)}, True),
    "infinite times": ({"days": np.where(FEW, np.inf, PEOPLE.days)}, True),
    "all nought times": ({"days": 0}, True),
    "equal times": ({"days": 5.0}, True),
    "covariate constant": ({"a": 1.0}, False),
    "covariate nearly constant": ({"a": 1e9 + A * 1e-9}, False),
    "covariate missing": ({"a": np.where(FEW, np.nan, A)}, False),
    "covariate infinite": ({"a": np.where(FEW, -np.inf, A)}, False),
    "covariate absurd": ({"a": A * 1e300}, False),
    "covariate a number of the person": ({"a": [f"P{number}" for number in range(N)]}, False),
    "covariate is the other": ({"a": B}, True),
    "covariate is the arm": ({"a": ARM + B * 1e-3}, True),
    "one person far off": ({"a": np.where(np.arange(N) == 0, 1e6, A)}, True),
    "steep covariate": ({"a": 3 * ARM + B}, True),
    "person twice": ({"person": 1}, False),
    "person missing": ({"person": np.nan}, False),
}
SIMPLE = [("gain", "continuous", None), ("died", "binary", None)]
TIMED = [("died", "time_to_event", one) for one in ("risk_difference", "rmst_difference", "log_hazard_ratio")]


@pytest.mark.filterwarnings("error")  # what NumPy and the libraries print is no answer
@pytest.mark.parametrize("defect", DEFECTS)
def test_no_estimator_answers_bad_data_with_what_is_not_finite(defect: str) -> None:
    changed, answers = DEFECTS[defect]
    answered = 0
    for outcome, kind, measure in TIMED if defect.endswith("times") or "events" in defect else SIMPLE:
        told: dict[str, Any] = {"outcome": outcome, "kind": kind, "time": "days" if measure else ""}
        others = {"instrument": "push", "before": "before", "person": "person"}
        for method in _WHERE:
            try:
                data = study_data(PEOPLE.assign(**changed), treatment="arm", covariates=["a", "b"], **told, **others)
                found = estimate(data, method, Settings(folds=2), measure=measure)  # type: ignore[arg-type]
            except BencaoError as error:
                assert error.cause and error.where and error.mend, f"{method}, {kind}: {error!r}"
            else:
                figures = (found.value, found.standard_error, found.low, found.high)
                assert all(map(math.isfinite, figures)) and found.standard_error > 1e-9
                answered += 1
    assert answers or not answered


@pytest.mark.parametrize("method", ["ipw", "aipw", "tmle"])
def test_weights_that_hang_on_one_person_are_refused_with_the_stratum(method: Any) -> None:
    x = np.linspace(-2, 2, 400)
    arm = np.where(np.abs(x) < 0.5, np.arange(400) % 2, x > 0)
    arm[-1] = 0  # all others like this one are treated
    table = pd.DataFrame({"arm": arm, "x": x, "y": x + arm + np.sin(np.arange(400))})
    data = study_data(table, treatment="arm", outcome="y", covariates=["x"], kind="continuous")
    with pytest.raises(PositivityError) as told:
        estimate(data, method, Settings("att"))
    assert "differ most in x" in told.value.cause and told.value.mend
    assert "persons with a propensity of" in told.value.cause


def test_no_result_is_built_from_a_figure_that_is_none() -> None:
    with pytest.raises(EstimationError, match="value is not finite"):
        Estimate("ipw", "ate", "difference", math.nan, 1.0, 0.0, 1.0, 9)
    with pytest.raises(EstimationError):
        Diagnostic("equipoise", math.inf, 0.3, True)
    with pytest.raises(EstimationError):
        e_value(1e308, 1e307, 1.7e308)


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"days": [10, 0] * 20}, StudyDataError),
        ({"events": -1}, StudyDataError),
        ({"events": 0.5}, StudyDataError),
        ({"events": 0}, NoEvents),
        ({"exposed": 2}, StudyDataError),
        ({"exposed": 0}, NoEvents),
        ({"person": np.nan}, StudyDataError),
        ({"days": np.inf}, StudyDataError),
    ],
)
def test_a_case_series_refuses_what_is_no_interval(changed: dict[str, Any], kind: type[BencaoError]) -> None:
    rows = pd.DataFrame({"person": np.repeat(range(20), 2), "days": 30, "events": [1, 0] * 20, "exposed": [1, 0] * 20})
    with pytest.raises(kind) as told:
        named = {"person": "person", "days": "days", "events": "events", "exposed": "exposed"}
        self_controlled_case_series(rows.assign(**changed), **named)  # type: ignore[arg-type]
    assert told.value.where and told.value.mend


@pytest.mark.parametrize(
    "changed",
    [
        {"period": [0, 2] * 10},
        {"period": [0, 0] * 10},
        {"period": [0, 0.5] * 10},
        {"period": [0, 1e9] * 10},
        {"period": [-1, 0] * 10},
        {"person": np.nan},
        {"treated": 2},
        {"treated": "yes"},
        {"event": [1, 0] * 10},
        {"event": 0},
        {"marker": [np.inf, 0] * 10},
        {"marker": [1e300, 0] * 10},
    ],
)
def test_person_periods_with_gaps_overlaps_or_no_numbers_are_refused(changed: dict[str, Any]) -> None:
    rows = pd.DataFrame({"person": np.repeat(range(10), 2), "period": [0, 1] * 10, "treated": 1, "marker": 0.5})
    rows = rows.assign(event=[0, 1] * 10).assign(**changed).sample(frac=1, random_state=1)
    with pytest.raises(InputError) as told:
        named = {"person": "person", "period": "period", "treatment": "treated", "event": "event"}
        person_periods(rows, **named, varying=["marker"])  # type: ignore[arg-type]
    assert told.value.where and told.value.mend


@pytest.mark.parametrize("treated", [0, 1])
def test_a_structural_model_needs_both_treatments(treated: int) -> None:
    rows = pd.DataFrame({"person": np.repeat(range(40), 2), "period": [0, 1] * 40, "treated": treated})
    rows = rows.assign(event=[0, 1, 0, 0] * 20)
    named = {"person": "person", "period": "period", "treatment": "treated", "event": "event"}
    with pytest.raises(EmptyArm):
        marginal_structural_model(person_periods(rows, **named))  # type: ignore[arg-type]


def test_looks_that_are_none_are_refused_and_an_unspent_one_has_no_boundary() -> None:
    counts = pd.DataFrame({"events": [1.0], "expected": [2.0]})
    for changed in ({"events": -1}, {"events": 1.5}, {"expected": 0}, {"expected": np.inf}, {"events": np.nan}):
        with pytest.raises(StudyDataError, match="row 1"):
            watch_counts(counts.assign(**changed), upper_limit=5)
    for limits in ({"upper_limit": math.nan}, {"upper_limit": 1e9}, {"upper_limit": 5, "alpha": math.nan}):
        with pytest.raises(StudyDataError):
            watch_counts(counts, **limits)
    (look,) = watch_estimates(pd.DataFrame({"fraction": [1e-6], "estimate": [1.0], "se": [1.0]}))
    assert look.boundary is None and not look.signal


def test_what_is_asked_for_wrongly_is_refused() -> None:
    told: Any = {"treatment": "arm", "outcome": "gain", "covariates": ["a", "b"], "kind": "continuous"}
    for wrong in ({"covariates": ["a", "gain"]}, {"covariates": ["a", "a"]}, {"covariates": ["a", "arm"]}):
        with pytest.raises(StudyDataError):
            study_data(PEOPLE, **{**told, **wrong})
    with pytest.raises(StudyDataError, match="two columns"):
        study_data(pd.concat([PEOPLE, PEOPLE[["a"]]], axis=1), **told)
    with pytest.raises(StudyDataError, match="4 of 5 persons"):
        study_data(PEOPLE.head(5), **{**told, "covariates": ["a", "b", "before", "days"]})
    data = study_data(PEOPLE, **told)
    for asked in ({"measure": "rmst_difference"}, {"measure": "magic"}, {"horizon": 5.0}):
        with pytest.raises(InputError):
            estimate(data, "aipw", **asked)  # type: ignore[arg-type]
    for setting in ({"trim": math.nan}, {"trim": 0.6}, {"seed": -1}, {"folds": 1}, {"estimand": "all"}):
        with pytest.raises(InputError):
            Settings(**setting)  # type: ignore[arg-type]
    with pytest.raises(EmptyArm, match="one person"):
        lonely = PEOPLE.assign(arm=np.arange(N) == 0)
        study_data(lonely, **told)


FLAT = ("--treatment", "arm", "--outcome", "gain", "--covariates", "a,b")
PERIODS = ("--treatment", "arm", "--event", "died", "--person", "person", "--period", "days")
VERBS: dict[str, tuple[str, ...]] = {
    "estimate": ("estimate", "FILE", *FLAT, "-o", "out.json"),
    "outcomes": (
        "outcomes",
        "FILE",
        "--treatment",
        "arm",
        "--outcomes",
        "gain",
        "--covariates",
        "a,b",
        "-o",
        "out.json",
    ),
    "lasting": ("lasting", "FILE", *PERIODS, "-o", "out.json"),
    "borrow": ("borrow", "FILE", "FILE", *FLAT, "-o", "out.json"),
    "transport": ("transport", "FILE", "FILE", *FLAT, "-o", "out.json"),
    "watch": ("watch", "FILE", "--upper-limit", "5", "-o", "out.json"),
    "calibrate": (
        "calibrate",
        "--ratio",
        "0.8",
        "--low",
        "0.7",
        "--high",
        "0.9",
        "--controls",
        "FILE",
        "-o",
        "out.json",
    ),
    "adam": ("adam", "FILE", "FILE", "--parameter", "X", "--treatment", "A", "--control", "B", "-o", "out.json"),
    "check": ("check", "FILE"),
    "register": ("register", "FILE"),
    "study": ("study", "FILE", "FILE", "-o", "out.html"),
    "federate": ("federate", "FILE", "FILE", "--key", "FILE", "-o", "out.json"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that hold nothing of use."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "empty.csv").touch()
    (folder / "headed.csv").write_text("arm,gain,a,b\n")
    (folder / "bytes.csv").write_bytes(bytes(range(256)) * 4)
    (folder / "torn.parquet").write_bytes(b"PAR1 and no more")
    (folder / "folder.csv").mkdir()
    (folder / "other.csv").write_text("x,y\n1,2\n3,4\n")
    return folder


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_answers_a_bad_file_in_one_line_and_writes_nothing(
    verb: str, files: Path, bencao: Callable[..., Any], tmp_path: Path
) -> None:
    others = ("headed.csv", "bytes.csv", "folder.csv") if verb in ("estimate", "outcomes", "study") else ()
    for name in ("absent.csv", "empty.csv", "torn.parquet", "other.csv", *others):
        told = [str(files / name) if one == "FILE" else one for one in VERBS[verb]]
        answer = bencao("evidence", *told)
        assert (answer.code, answer.out) == (2, ""), f"{name}: {answer}"
        kind, _, cause = answer.err.partition(": ")
        assert len(answer.err.splitlines()) == 1 and kind[0].isupper() and ";" in cause, f"{name}: {answer.err}"
        assert not [one for one in tmp_path.iterdir() if one.name != ".bencao"], name


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("estimate", "people.csv", *FLAT[:-1], "a,c"), "people.csv: c: is absent"),
        (
            ("estimate", "people.csv", "--treatment", "arm", "--outcome", "hole", "--covariates", "a"),
            "hole: row 7: 1 of",
        ),
        (("estimate", "people.csv", *FLAT, "--method", ""), "no estimator"),
        (("estimate", "people.csv", *FLAT, "--learner", "forest", "--seed", "-1"), "seed: -1 is out of range"),
        (("outcomes", "people.csv", "--treatment", "arm", "--outcomes", "", "--covariates", "a"), "outcomes: none"),
        (("outcomes", "people.csv", "--treatment", "arm", "--outcomes", "a", "--covariates", "a"), "a: is an outcome"),
        (("borrow", "people.csv", "people.csv", *FLAT, "--method", ""), "--method: none is given"),
        (("transport", "people.csv", "holes.csv", *FLAT), "holes.csv: a: row 2: 1 of"),
        (("calibrate", "--ratio", "nan", "--low", "0.7", "--high", "0.9"), "no ratio with its interval"),
        (
            ("calibrate", "--ratio", "0.8", "--low", "0.7", "--high", "0.9", "--controls", "none.csv"),
            "no negative control",
        ),
        (("e-value", "800", "700", "900", "--scale", "standardised_difference"), "too large"),
        (("boundaries", "0.5,nan"), "fractions: "),
        (("boundaries", "0.5,1", "--alpha", "nan"), "boundaries: "),
    ],
)
def test_a_verb_says_what_is_wrong(
    told: tuple[str, ...], said: str, bencao: Callable[..., Any], tmp_path: Path
) -> None:
    PEOPLE.assign(hole=np.where(np.arange(N) == 6, np.nan, A)).to_csv(tmp_path / "people.csv", index=False)
    PEOPLE.assign(a=np.where(np.arange(N) == 1, np.nan, A)).to_csv(tmp_path / "holes.csv", index=False)
    (tmp_path / "none.csv").write_text("log_ratio,se\n")
    answer = bencao("evidence", *told)
    assert answer.code == 2, answer
    assert said in answer.err and len(answer.err.splitlines()) == 1, answer.err


def test_json_never_holds_what_is_no_number(bencao: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "looks.csv").write_text("fraction,estimate,se\n0.0001,0.5,1\n0.5,0.5,1\n")
    answer = bencao("evidence", "watch", "looks.csv", "--json")
    assert json.loads(answer.out, parse_constant=pytest.fail)[0]["boundary"] is None
