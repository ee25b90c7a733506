"""Survival over sites comes of counts of which none is of a few persons, and is near the pooled one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from bencao.evidence.federated.curves import Curve, pooled_survival, site_curve
from bencao.evidence.federated.solving import federate
from bencao.evidence.federated.study import FederatedStudy, Table
from bencao.evidence.federated.sums import Stage, Sums, site_sums

TOLD = {"study": "s", "model": "cox", "exposure": "treated", "outcome": "died", "time": "days"}
HORIZONS = tuple(range(20, 201, 20))


def _study(horizons: Sequence[float] = HORIZONS) -> FederatedStudy:
    return FederatedStudy.model_validate({**TOLD, "horizons": horizons})


def _site(seed: int, persons: int) -> Table:
    drawn = np.random.default_rng(seed)
    treated = (np.arange(persons) % 2).astype(float)
    dying, leaving = drawn.exponential(150 + 100 * treated), drawn.exponential(300, persons)
    return {"treated": treated, "died": (dying < leaving).astype(float), "days": np.minimum(dying, leaving)}


def _counts(curve: Curve) -> np.ndarray:
    return np.array([*curve.events, *curve.censored])


@pytest.mark.parametrize("persons", [8, 30, 60, 200, 1000])
def test_no_count_that_is_told_is_of_one_to_four_persons(persons: int) -> None:
    for seed in range(20):
        curve = site_curve(_study(), _site(seed, persons))
        counts = _counts(curve)
        assert counts.sum() == persons or (persons < 60 and counts.sum() == 0 and not curve.ends)
        assert counts.shape[1] == len(curve.ends) + 1
        assert ((counts == 0) | (counts >= 5)).all()
        assert set(curve.ends) <= set(HORIZONS)


def test_survival_over_sites_is_near_that_of_all_rows_together() -> None:
    sites = [_site(seed, 2000) for seed in range(4)]
    found = pooled_survival([site_curve(_study(), one) for one in sites])
    assert found.times[:7] == HORIZONS[:7]
    for arm in (0, 1):
        rows = [{name: column[one["treated"] == arm] for name, column in one.items()} for one in sites]
        together = {name: np.concatenate([one[name] for one in rows]) for name in ("days", "died")}
        peer = KaplanMeierFitter().fit(together["days"], together["died"])
        exact = peer.survival_function_at_times(found.times).to_numpy()
        np.testing.assert_allclose(found.survival[arm], exact, atol=0.003)  # halves of intervals against days
        assert found.se[arm][-1] == pytest.approx(np.sqrt(exact[-1] * (1 - exact[-1]) / 4000), rel=0.4)


def test_a_study_with_horizons_tells_survival_beside_its_fit() -> None:
    sites, study = {str(seed): _site(seed, 200) for seed in range(3)}, _study((60, 120))

    def ask(site: str, stage: Stage, beta: Sequence[float], treatment: Sequence[float]) -> Sums | Curve:
        if stage == "curve":
            return site_curve(study, sites[site])
        return site_sums(study, sites[site], stage, beta, treatment, site=site)

    found = federate(study, list(sites), ask)
    assert found.survival is not None and found.survival.times == (60, 120)
    assert found.pooled.n == 600


def test_sites_that_share_no_interval_tell_no_survival() -> None:
    curves = [site_curve(_study(horizons), _site(1, 1000)) for horizons in ([20, 60], [40, 80])]
    assert pooled_survival(curves).times == ()


@pytest.mark.parametrize(("model", "horizons"), [("cox", [20, 20]), ("cox", [0, 20]), ("logistic", [20])])
def test_horizons_that_are_none_are_refused(model: str, horizons: list[float]) -> None:
    with pytest.raises(ValueError, match="horizons"):
        FederatedStudy.model_validate(
            {**TOLD, "model": model, "time": "days" if model == "cox" else None} | {"horizons": horizons}
        )
