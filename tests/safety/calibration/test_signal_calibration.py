"""The empirical null and what controls say of the measures of signals."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm
from typer.testing import CliRunner

from bencao.cli import app
from bencao.kernel.errors import InputError
from bencao.safety.errors import PriorUndetermined
from bencao.safety.signals.calibration import (
    Control,
    EmpiricalNull,
    calibrated_interval,
    calibrated_p,
    evaluate,
    fit_null,
    load_controls,
    read_controls,
)
from bencao.safety.signals.calibration.controls import shipped_event_terms
from bencao.safety.signals.calibration.evaluation import auc, share_of
from bencao.safety.signals.calibration.null import leave_one_out_p


def negatives(shared_safety: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Estimates on negative controls as OHDSI published them."""
    path = shared_safety.parent / "evidence" / "negative_controls" / f"{name}.csv"
    with path.open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["groundTruth"] == "0"]
    return np.array([float(row["logRr"]) for row in rows]), np.array([float(row["seLogRr"]) for row in rows])


@pytest.mark.parametrize("name", ["sccs", "cohortMethod", "caseControl"])
def test_the_null_has_the_highest_likelihood_by_integration_over_the_error(shared_safety: Path, name: str) -> None:
    x, error = negatives(shared_safety, name)
    null = fit_null(x, error)

    def loss(mean: float, sd: float) -> float:
        # The published definition: an integral over each control's own systematic error.
        nodes = np.linspace(mean - 8 * sd, mean + 8 * sd, 4_001)
        inner = norm.pdf(x[:, None], nodes, error[:, None]) * norm.pdf(nodes, mean, sd)
        return -float(np.log(np.trapezoid(inner, nodes, axis=1)).sum())

    best = loss(null.mean, null.sd)
    for step in (1e-3, 1e-2, 0.1):
        around = [(null.mean + step, null.sd), (null.mean - step, null.sd)]
        around += [(null.mean, null.sd * (1 + step)), (null.mean, null.sd * (1 - step))]
        assert all(loss(*at) > best for at in around)
    assert null.n == len(x)


def test_without_systematic_error_the_usual_p_value_results() -> None:
    x, error = np.array([0.5, -1.0]), np.array([0.25, 0.5])
    expected = 2 * norm.sf(np.abs(x / error))
    assert calibrated_p(x, error, EmpiricalNull(0.0, 0.0, 0)) == pytest.approx(expected, rel=1e-12)


def test_a_p_value_and_an_interval_by_hand() -> None:
    null = EmpiricalNull(0.3, 0.4, 50)
    x, error = np.array([1.3]), np.array([0.3])  # z = 1.0 / 0.5 = 2
    assert calibrated_p(x, error, null)[0] == pytest.approx(0.04550026389635842, rel=1e-12)
    ratio, low, high = calibrated_interval(x, error, null)
    assert ratio[0] == pytest.approx(np.e, rel=1e-12)
    half = 1.959963984540054 * 0.5
    assert (low[0], high[0]) == (pytest.approx(np.exp(1 - half)), pytest.approx(np.exp(1 + half)))


def test_alike_controls_leave_no_spread() -> None:
    null = fit_null(np.array([0.11, 0.1, 0.09, 0.1, 0.1]), np.full(5, 0.5))
    assert (null.sd, null.mean) == (0.0, pytest.approx(0.1))


def test_too_few_controls_are_refused() -> None:
    with pytest.raises(PriorUndetermined, match="4 negative controls"):
        fit_null(np.array([0.1, 0.2, 0.3, 0.4, np.nan]), np.full(5, 0.1))


def test_calibration_brings_the_error_of_biased_estimates_down_to_its_level() -> None:
    random = np.random.default_rng(3)
    error = random.uniform(0.05, 0.3, 400)
    x = random.normal(0.4, 0.3, 400) + random.normal(0, error)
    before = (calibrated_p(x, error, EmpiricalNull(0, 0, 0)) < 0.05).mean()
    after = (leave_one_out_p(x[:150], error[:150]) < 0.05).mean()
    assert before > 0.5
    assert after < 0.1


def test_the_area_and_its_interval_by_hand() -> None:
    share = auc(np.array([3.0, 4.0, 2.0]), np.array([1.0, 3.0]))
    assert share.value == pytest.approx((1 + 0.5 + 1 + 1 + 1 + 0) / 6)
    # Components: positives 0.75, 1, 0.5 (variance 0.0625), negatives 1, 0.5 (variance 0.125).
    half = 1.959963984540054 * (0.0625 / 3 + 0.125 / 2) ** 0.5
    assert share.low == pytest.approx(share.value - half)
    assert share.high == 1.0


def test_a_share_has_the_exact_binomial_interval() -> None:
    share = share_of(np.array([True] * 2 + [False] * 8))
    assert (share.low, share.high) == (pytest.approx(0.02521, abs=1e-5), pytest.approx(0.55610, abs=1e-5))


def test_the_shipped_lists_are_whole_and_every_outcome_of_two_has_terms() -> None:
    sizes = {name: len(load_controls(name)) for name in ("omop", "eu-adr", "ohdsi")}
    assert sizes == {"omop": 399, "eu-adr": 93, "ohdsi": 200}
    assert sum(one.positive for one in load_controls("omop")) == 165
    assert not any(one.positive for one in load_controls("ohdsi"))
    outcomes = {one.outcome for name in ("omop", "eu-adr") for one in load_controls(name)}
    assert outcomes == set(shipped_event_terms())


REPORTS = pl.DataFrame(
    [("1", "Aspirin ", "Melaena"), ("1", "aspirin", "haematemesis"), ("2", "ASPIRIN", "rash"), ("3", "other", "rash"),
     ("4", "acetylsalicylic acid", "Melaena"), ("5", "other", "nausea")],
    schema=["report", "drug", "event"], orient="row",
)  # fmt: skip


def test_terms_of_an_outcome_and_names_of_a_drug_count_a_report_once() -> None:
    controls = [Control("aspirin", "bleeding", True), Control("aspirin", "stroke", False), Control("x", "rash", False)]
    found = evaluate(
        REPORTS, controls, {"bleeding": ("melaena", "haematemesis")}, {"aspirin": ("acetylsalicylic acid",)}
    )
    assert found.table.select("drug", "outcome", "n", "n_drug", "n_event", "total").rows() == [
        ("aspirin", "bleeding", 2, 3, 2, 5)
    ]
    assert [(one.outcome, what) for one, what in found.not_found] == [("stroke", "outcome"), ("rash", "drug")]


def planted(controls: int = 60, reports: int = 30_000) -> tuple[pl.DataFrame, list[Control]]:
    """Reports in which every second drug makes its event four times as frequent, and all pairs lean upwards."""
    random = np.random.default_rng(11)
    rows = []
    for report in range(reports):
        drug = int(random.integers(controls))
        event = int(random.integers(controls))
        if random.random() < (0.08 if drug % 2 else 0.02):
            event = drug
        rows.append((str(report), f"drug {drug}", f"event {event}"))
    table = pl.DataFrame(rows, schema=["report", "drug", "event"], orient="row")
    return table, [Control(f"drug {k}", f"event {k}", bool(k % 2)) for k in range(controls)]


def test_measures_are_judged_and_their_bias_found() -> None:
    table, controls = planted()
    found = {one.measure: one for one in evaluate(table, controls, {}, {}).measures}
    assert set(found) == {"ror", "prr", "ic"}
    for one in found.values():
        assert one.auc is not None and one.auc.value > 0.95 and one.auc.n == 60
        assert one.null is not None and one.null.mean > 0.3
        assert one.error_before is not None and one.error_after is not None
        assert one.error_after.value < one.error_before.value


def test_the_command_judges_a_file_and_tells_what_is_not_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table, controls = planted(reports=4_000)
    table.write_csv("reports.csv")
    lines = (
        f"{one.drug},{one.outcome},{int(one.positive)}\n" for one in [*controls, Control("none", "event 1", False)]
    )
    Path("controls.csv").write_text("drug,outcome,positive\n" + "".join(lines), encoding="utf-8")
    ended = CliRunner().invoke(
        app, ["safety", "evaluate", "reports.csv", "--controls", "controls.csv", "-o", "c.csv", "--json"]
    )
    assert ended.exit_code == 0, ended.output
    told = json.loads(next(line for line in ended.output.splitlines() if line.startswith("{")))
    assert [one["measure"] for one in told["measures"]] == ["ror", "prr", "ic", "ebgm"]
    assert told["controls_not_found"] == [{"drug": "none", "outcome": "event 1", "lacking": "drug"}]
    assert pl.read_csv("c.csv").height == 60


def test_a_control_that_says_neither_yes_nor_no_is_named(tmp_path: Path) -> None:
    path = tmp_path / "controls.csv"
    path.write_text("drug,outcome,positive\na,b,maybe\n", encoding="utf-8")
    with pytest.raises(InputError, match="maybe") as raised:
        read_controls(path)
    assert raised.value.where == f"{path}: row 2"
