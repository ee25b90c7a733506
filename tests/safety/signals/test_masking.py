"""The logistic lasso: the minimum that it claims, and drugs that co-medication hides or makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

from scipy.optimize import minimize  # noqa: E402
from scipy.sparse import csc_array  # noqa: E402
from scipy.special import expit, logit  # noqa: E402

from bencao.kernel.ledger import Ledger  # noqa: E402
from bencao.safety.errors import FitDiverged  # noqa: E402
from bencao.safety.signals.counts.reports import read_reports  # noqa: E402
from bencao.safety.signals.masking import (  # noqa: E402
    TOLERANCE,
    choose,
    design_of,
    fit_lasso,
    outcomes_of,
    regress,
    violations,
)


def drawn(reports: int, drugs: int, seed: int) -> tuple[csc_array, np.ndarray]:
    """Indicators behind an intercept, and outcomes on which the first five drugs act."""
    random = np.random.default_rng(seed)
    x = np.column_stack([np.ones(reports), random.random((reports, drugs)) < 0.08]).astype(float)
    effect = np.zeros(drugs + 1)
    effect[:6] = (-2.0, 1.5, 1.0, -1.0, 2.0, 0.7)
    return csc_array(x), (random.random(reports) < expit(x @ effect)).astype(float)


def test_one_drug_has_the_coefficient_derived_by_hand() -> None:
    # 100 reports with the drug, 40 of them with the event; 400 without, 60 with the event. Both conditions of the
    # minimum move N penalty = 5 reports: chances of (40 - 5) / 100 and (60 + 5) / 400.
    drug = np.repeat([1.0, 0.0], [100, 400])
    y = np.concatenate([np.repeat([1.0, 0.0], [40, 60]), np.repeat([1.0, 0.0], [60, 340])])
    fit = fit_lasso(csc_array(np.column_stack([np.ones(500), drug])), y, 0.01, 1)
    assert fit.coefficients == pytest.approx([logit(65 / 400), logit(35 / 100) - logit(65 / 400)], abs=1e-7)


@pytest.mark.parametrize("penalty", [0.008, 0.004, 0.002])
def test_the_minimum_meets_its_conditions_and_is_that_of_another_solver(penalty: float) -> None:
    x, y = drawn(500, 60, 1)
    fit = fit_lasso(x, y, penalty, 1)
    gradient = x.T @ (expit(x @ fit.coefficients) - y) / len(y)
    assert violations(fit.coefficients, gradient, penalty, 1).max() <= TOLERANCE * penalty
    assert 0 < np.count_nonzero(fit.coefficients[1:]) < 60
    dense, weights = x.toarray(), np.r_[0.0, np.full(60, penalty)]

    def objective(parts: np.ndarray) -> tuple[float, np.ndarray]:
        margin = dense @ (parts[:61] - parts[61:])
        slope = dense.T @ (expit(margin) - y) / len(y)
        value = (np.logaddexp(0, margin) - y * margin).mean() + weights @ (parts[:61] + parts[61:])
        return float(value), np.r_[slope + weights, weights - slope]

    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 20_000, "maxfun": 50_000}
    peer = minimize(objective, np.zeros(122), jac=True, method="L-BFGS-B", bounds=[(0, None)] * 122, options=options)
    assert fit.coefficients == pytest.approx(peer.x[:61] - peer.x[61:], abs=1e-4)
    assert fit.deviance / 1000 + weights @ np.abs(fit.coefficients) <= peer.fun + 1e-9


def test_equal_drugs_and_a_drug_with_the_event_alone_do_not_stop_the_fit() -> None:
    x, y = drawn(400, 20, 2)
    always = (y == 1) & (np.arange(400) % 5 == 0)
    twins = csc_array(np.column_stack([x.toarray(), x.toarray()[:, 1], always]))
    chosen = choose(twins, y, 1)
    assert chosen.fit.gap <= TOLERANCE
    assert 22 in chosen.columns
    assert not {1, 21} <= set(chosen.columns)


def test_cross_validation_is_the_same_at_the_same_seed() -> None:
    x, y = drawn(800, 30, 3)
    first, again = (choose(x, y, 1, "cv", seed=5) for _ in range(2))
    assert np.array_equal(first.fit.coefficients, again.fit.coefficients)
    assert set(first.columns) >= {1, 4}  # the strongest


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`masker` makes most of the event; `hidden` trebles its odds in reports without it; `innocent` goes with it."""
    random = np.random.default_rng(11)
    lines = ["report,drug,event,sex"]
    for number in range(6_000):
        drugs = {f"d{int(each)}" for each in random.integers(30, size=1 + random.poisson(1))}
        masker = random.random() < 0.25
        if masker:
            drugs.add("masker")
        if not masker and random.random() < 0.06:
            drugs.add("hidden")
        if random.random() < (0.5 if masker else 0.03):
            drugs.add("innocent")
        odds = 0.03 * (40 if masker else 1) * (3 if "hidden" in drugs else 1)
        event = "x" if random.random() < odds / (1 + odds) else "y"
        sex = "fm"[number % 2]
        lines += [f"{number},{drug},{event},{sex}" for drug in sorted(drugs)]
    path = tmp_path_factory.mktemp("masking") / "reports.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_masked_signal_appears_and_an_innocent_companion_goes(planted: Path) -> None:
    reports = read_reports(planted, beside=["sex"])
    design = design_of(reports, ["sex"])
    found = regress(design, "x", outcomes_of(reports, 30, ["x"])["x"])
    rows = {row["drug"]: row for row in found.table.iter_rows(named=True)}
    hidden, innocent, masker = rows["hidden"], rows["innocent"], rows["masker"]
    assert hidden["ror_high"] < 1, "the crude ratio would flag it, so nothing is masked"
    assert (hidden["verdict"], hidden["beside"]) == ("unmasked", "masker")
    assert hidden["odds_low"] < 3 < hidden["odds_high"]
    assert innocent["ror_low"] > 3
    assert (innocent["verdict"], innocent["beside"]) == ("explained", "masker")
    assert not innocent["kept"]
    assert innocent["odds_low"] < 1 < innocent["odds_high"]
    assert masker["verdict"] == "both"
    assert not [drug for drug, row in rows.items() if drug[0] == "d" and row["kept"]]
    assert found.gap <= TOLERANCE


def test_the_command_writes_the_same_at_any_number_of_workers(
    planted: Path, bencao: Callable[..., object], tmp_path: Path
) -> None:
    for workers in ("1", "2"):
        done = bencao(
            "safety", "masking", str(planted), "--strata", "sex", "--workers", workers, "-o", f"{workers}.csv", "--json"
        )
        assert done.code == 0, done.err
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
    told = json.loads(done.out)
    assert told["unmasked"] == 1
    assert told["events"] == 2
    assert told["largest_gap"] <= TOLERANCE
    assert [entry.command for _, entry in Ledger(tmp_path / ".bencao").entries()] == ["safety masking"] * 2
    shown = bencao("safety", "masking", str(planted), "--of", "x", "--lang", "zh")
    assert "被掩盖" in shown.out


def test_events_may_stand_in_a_file_of_their_own(planted: Path, bencao: Callable[..., object], tmp_path: Path) -> None:
    whole = pl.read_csv(planted, infer_schema=False)
    whole.select("report", "drug", "sex").write_csv(tmp_path / "drugs.csv")
    whole.select("report", "event").unique(maintain_order=True).write_csv(tmp_path / "events.csv")
    assert bencao("safety", "masking", str(planted), "--of", "x", "-o", "one.csv").code == 0
    assert bencao("safety", "masking", "drugs.csv", "--events", "events.csv", "--of", "x", "-o", "two.csv").code == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_what_cannot_be_regressed_is_named(planted: Path, bencao: Callable[..., object], tmp_path: Path) -> None:
    for arguments, told in (
        (("--of", "never"), "never is in fewer than 30 reports"),
        (("--strata", "report"), "report numbers the reports"),
        (("--strata", "weight"), "no column weight"),
        (("--minimum-reports", "100000"), "no drug is in 100000 reports"),
    ):
        done = bencao("safety", "masking", str(planted), *arguments)
        assert done.code == 2
        assert told in done.err
    reports = read_reports(planted)
    with pytest.raises(FitDiverged):
        regress(design_of(reports), "all", np.arange(6_000))
