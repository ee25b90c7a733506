"""Sums of sites give the pooled fit, stratified by site; and nothing leaves of too few persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from federated_data import heart, lung
from lifelines import CoxPHFitter

from bencao.evidence.errors import DisclosureError, ProtocolError, SeparationError, StudyDataError
from bencao.evidence.federated.solving import Federated, Fit, federate
from bencao.evidence.federated.study import FederatedStudy, read_site, read_study
from bencao.evidence.federated.sums import Stage, Sums, site_sums

HEART = {"study": "heart", "exposure": "fbs", "outcome": "disease", "covariates": ("age", "male")}
SAME = 1e-6  # the bar: equal to the pooled fit


def _study(**told: Any) -> FederatedStudy:
    return FederatedStudy.model_validate({**HEART, "model": "logistic", **told})


def _solved(study: FederatedStudy, sites: Mapping[str, pl.DataFrame]) -> Federated:
    tables = {name: {column: rows[column].to_numpy() for column in study.columns} for name, rows in sites.items()}

    def ask(site: str, stage: Stage, beta: Sequence[float], treatment: Sequence[float]) -> Sums:
        return site_sums(study, tables[site], stage, beta, treatment, site=site)

    return federate(study, list(sites), ask)


def _pooled(sites: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, np.ndarray]:
    together = pl.concat([rows.with_columns(site=pl.lit(name)) for name, rows in sites.items()])
    return together, together["site"].to_dummies().to_numpy().astype(float)


def test_logistic_over_four_hospitals_is_the_pooled_fit(shared_data: Path) -> None:
    sites = heart(shared_data / "records" / "uci_heart")
    found = _solved(_study(), sites)
    rows, intercepts = _pooled(sites)
    design = np.column_stack([rows.select("fbs", "age", "male").to_numpy(), intercepts])
    peer = sm.GLM(rows["disease"].to_numpy(), design, family=sm.families.Binomial()).fit(tol=1e-14)
    np.testing.assert_allclose(found.pooled.coefficients, peer.params[:3], atol=SAME, rtol=0)
    np.testing.assert_allclose(found.pooled.se, peer.bse[:3], atol=SAME, rtol=0)
    assert found.pooled.n == 920
    assert set(found.without) == set(sites)
    without = found.without["va"]
    assert isinstance(without, Fit) and without.n == 720


def test_weights_over_four_hospitals_are_the_pooled_fit(shared_data: Path) -> None:
    sites = heart(shared_data / "records" / "uci_heart")
    found = _solved(_study(model="ipw"), sites)
    rows, intercepts = _pooled(sites)
    exposed = rows["fbs"].to_numpy()
    binomial = sm.families.Binomial()
    design = np.column_stack([rows.select("age", "male").to_numpy(), intercepts])
    propensity = sm.GLM(exposed, design, family=binomial).fit(tol=1e-14).predict()
    share = intercepts @ (intercepts.T @ exposed / intercepts.sum(0))
    weights = np.where(exposed == 1, share / propensity, (1 - share) / (1 - propensity))
    outcome = sm.GLM(
        rows["disease"].to_numpy(), np.column_stack([exposed, intercepts]), family=binomial, freq_weights=weights
    )
    peer = outcome.fit(tol=1e-14)
    assert found.pooled.coefficients[0] == pytest.approx(peer.params[0], abs=SAME)
    mean = peer.predict()
    x = np.column_stack([exposed, intercepts])
    bread = np.linalg.inv((x * (weights * mean * (1 - mean))[:, None]).T @ x)
    each = x * (weights * (rows["disease"].to_numpy() - mean))[:, None]
    assert found.pooled.se[0] == pytest.approx(np.sqrt((bread @ each.T @ each @ bread)[0, 0]), abs=SAME)


def test_cox_over_four_groups_is_the_stratified_fit(shared_data: Path) -> None:
    sites = lung(shared_data / "trial" / "camis" / "lung_cancer.csv")
    columns = {"exposure": "female", "outcome": "died", "time": "time", "covariates": ("age", "ecog")}
    found = _solved(_study(model="cox", **columns), sites)
    rows, _ = _pooled(sites)
    peer = CoxPHFitter().fit(
        rows.to_pandas(), "time", "died", strata=["site"], fit_options={"precision": 1e-12, "r_precision": 1e-14}
    )
    names = ["female", "age", "ecog"]
    np.testing.assert_allclose(found.pooled.coefficients, peer.params_[names], atol=SAME, rtol=0)
    np.testing.assert_allclose(found.pooled.se, peer.standard_errors_[names], atol=SAME, rtol=0)
    assert found.q is not None and found.i_squared is not None and 0 <= found.i_squared <= 1
    assert len(found.alone) == 4


def _made(seed: int, n: int = 60, exposed: int = 20, effect: float = 0.5) -> pl.DataFrame:
    drawn = np.random.default_rng(seed)
    age, fbs = drawn.normal(0, 1, n), (np.arange(n) < exposed).astype(float)
    disease = (drawn.random(n) < 1 / (1 + np.exp(-0.3 * age - effect * fbs))).astype(float)
    return pl.DataFrame({"age": age, "male": drawn.integers(0, 2, n).astype(float), "fbs": fbs, "disease": disease})


def test_a_site_with_too_few_exposed_answers_nothing() -> None:
    with pytest.raises(DisclosureError, match="fewer than 5 persons have fbs = 1"):
        _solved(_study(), {"one": _made(1), "two": _made(2, exposed=4)})


def test_a_covariate_that_tells_the_outcome_apart_is_refused() -> None:
    sites = {name: _made(seed).with_columns(male=pl.col("disease")) for name, seed in (("one", 1), ("two", 2))}
    with pytest.raises(SeparationError):
        _solved(_study(), sites)


def test_heterogeneous_sites_are_told_as_such() -> None:
    alike = {str(seed): _made(seed, 400, 200) for seed in range(4)}
    apart = {**alike, "0": _made(0, 400, 200, effect=-2.0)}
    found, other = _solved(_study(), alike), _solved(_study(), apart)
    assert found.q_p is not None and other.q_p is not None
    assert found.q_p > 0.01 and other.q_p < 1e-6


def test_a_site_reads_its_own_database(tmp_path: Path) -> None:
    rows = _made(1)
    rows.write_csv(tmp_path / "site.csv")
    with duckdb.connect(str(tmp_path / "site.duckdb")) as connection:
        connection.execute("CREATE TABLE analysis AS FROM read_csv(?)", [str(tmp_path / "site.csv")])
    one, other = (read_site(tmp_path / name, _study()) for name in ("site.csv", "site.duckdb"))
    assert all((one[column] == other[column]).all() for column in _study().columns)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("age,male,fbs\n1,1,1\n", "columns"),
        ("age,male,fbs,disease\n1,1,2,0\n", "other than 0 and 1"),
        ("age,male,fbs,disease\n1,1,1,\n1,1,1,1\n", "missing"),
        ("age,male,fbs,disease\nold,1,1,0\n", "no number"),
    ],
)
def test_wrong_rows_of_a_site_are_named(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "site.csv").write_text(text, encoding="utf-8")
    with pytest.raises(StudyDataError, match=told):
        read_site(tmp_path / "site.csv", _study())


@pytest.mark.parametrize(
    "text",
    [
        "model: cox\nstudy: s\nexposure: a\noutcome: b\n",
        "model: ipw\nstudy: s\nexposure: a\noutcome: b\n",
        "model: logistic\nstudy: s\nexposure: a\noutcome: a\n",
        "model: logistic\nstudy: s\nexposure: a\noutcome: b\nminimum_count: 1\n",
        "- 1\n",
        "a: [\n",
    ],
)
def test_a_study_that_is_not_whole_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProtocolError):
        read_study(tmp_path / "study.yaml")
