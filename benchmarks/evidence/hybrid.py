"""Type-1 error and gain of a trial with borrowed controls, under drifts of the external controls.

python benchmarks/evidence/hybrid.py [TRIAL.csv EXTERNAL.csv --treatment T --outcome Y --covariates A,B] [--draws N]
[--seed N] [--controls N] [--lent N] [--json] [--predictions FILE]

Without files: simulated trials of 200 treated and 100 controls with 200 external controls, a covariate; the external
mean drifts by so many standard deviations of the outcome (0 to 1.2, the same draws at each of 25 drifts).
`type1_METHOD_DRIFT` is how often no effect is rejected at 5 %, `type1_METHOD_max` the largest over all drifts with its
exact 95 % interval; `pooled` counts all external controls as the trial's own, `alone` none, nor does `strata_alone`,
which has the strata of `propensity`. `power_METHOD` is how often an effect is found that the trial alone finds in 80 %
of cases, where nothing drifts, `power_METHOD_min` where drift hurts most; `power_at_limit` what is found without
borrowing by a test at the limit's level. `gain_METHOD` is the mean number of persons by which the control arm grew
where nothing drifts.
With files: the estimates for them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import show
from scipy.stats import beta, norm

from bencao.evidence.borrowing.hybrid_arm import METHODS, RULES, HybridData, arm_means, borrow, hybrid_data
from bencao.evidence.borrowing.lending import lend
from bencao.evidence.estimators.data.reading import read_table
from bencao.evidence.estimators.data.study_data import study_data

DRIFTS = np.linspace(0.0, 1.2, 25)  # standard deviations of the outcome
TOLD = (0.0, 0.2, 0.3, 0.4, 0.5, 0.7, 1.2)
LIMIT, NORMAL, TREATED = 0.07, 1.959963984540054, 200


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trial", type=Path, nargs="?")
    parser.add_argument("external", type=Path, nargs="?")
    parser.add_argument("--treatment", default="treat")
    parser.add_argument("--outcome", default="outcome")
    parser.add_argument("--covariates", default="")
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--controls", type=int, default=100)
    parser.add_argument("--lent", type=int, default=200, help="External controls.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    if arguments.trial:
        show(of_files(arguments), arguments.json)
        return
    sizes = (TREATED, arguments.controls, arguments.lent)
    found = [tested(simulate(sizes, (arguments.seed, number)), sizes) for number in range(arguments.draws)]
    if arguments.predictions:
        rows = pd.DataFrame(
            (number, method, drift, none, some)
            for number, one in enumerate(found)
            for method, tests in one.items()
            for drift, none, some in zip(DRIFTS, tests["none"], tests["some"], strict=True)
        )
        rows.columns = pd.Index(["draw", "method", "drift", "z_without_effect", "z_with_effect"])
        rows.to_csv(arguments.predictions, index=False)
    told = {"n": arguments.draws, "seed": arguments.seed, "controls": arguments.controls, "external": arguments.lent}
    show(told | summed(found, arguments.draws), arguments.json)


def simulate(sizes: tuple[int, int, int], seed: tuple[int, int]) -> HybridData:
    """A trial without an effect, and external controls that do not drift."""
    draw = np.random.default_rng(seed)
    treated, controls, lent = sizes
    arm, a, other = (
        np.arange(treated + controls) < treated,
        draw.normal(size=treated + controls),
        draw.normal(0.3, 1, lent),
    )
    noise = np.sqrt(0.75)  # the outcome has a standard deviation of 1
    table = pd.DataFrame({"arm": arm * 1.0, "gain": 0.5 * a + noise * draw.normal(size=len(a)), "a": a})
    trial = study_data(table, treatment="arm", outcome="gain", covariates=["a"], kind="continuous")
    # The covariate that differs is made good in the drift, so that every method meets the drift that is named.
    return HybridData(trial, 0.5 * (other - 0.3) + noise * draw.normal(size=lent), other[:, None] - 0.3)


def tested(data: HybridData, sizes: tuple[int, int, int]) -> dict[str, dict[str, Any]]:
    """Each method's test statistics over the drifts, without an effect and with one; drift moves the external mean."""
    effect = (NORMAL + norm.ppf(0.8)) * np.sqrt(1 / sizes[0] + 1 / sizes[1])
    found: dict[str, dict[str, Any]] = {}
    for method in METHODS:
        means = arm_means(data, method)
        lending = lend(means, RULES[method], limit=LIMIT)
        difference = means.external[0] + DRIFTS - means.own[0]
        weight, variance = lending.weigh(difference)
        found[method] = _statistics(
            means.treated[0] - means.own[0] - weight * difference, means.treated[1] + variance, effect
        )
        found[method]["gain"] = sizes[1] * (means.own[1] / variance[0] - 1)
    plain = arm_means(data, "power_prior")
    for name, one in (("alone", plain), ("strata_alone", means)):  # the last method's are those of the strata
        own = np.full(len(DRIFTS), one.treated[0] - one.own[0])
        found[name] = _statistics(own, one.treated[1] + one.own[1], effect)
    share = sizes[2] / (sizes[1] + sizes[2])
    both = (1 - share) * plain.own[0] + share * (plain.external[0] + DRIFTS)
    spread = (1 - share) ** 2 * plain.own[1] + share**2 * plain.external[1]
    found["pooled"] = _statistics(plain.treated[0] - both, plain.treated[1] + spread, effect)
    return found


def _statistics(value: Any, variance: Any, effect: float) -> dict[str, Any]:
    error = np.sqrt(variance) * np.ones(len(DRIFTS))
    return {"none": value / error, "some": (value + effect) / error, "gain": 0.0}


def summed(found: list[dict[str, dict[str, Any]]], draws: int) -> dict[str, Any]:
    """Errors and power by drift, the worst of each method, and the gain."""
    figures: dict[str, Any] = {"drifts": len(DRIFTS), "limit": LIMIT}
    for method in (*METHODS, "pooled", "alone", "strata_alone"):
        hits, power = (
            (np.abs(np.array([one[method][what] for one in found])) > NORMAL).sum(axis=0) for what in ("none", "some")
        )
        figures |= {f"type1_{method}_{one:g}": hits[np.abs(DRIFTS - one).argmin()] / draws for one in TOLD}
        most = int(hits.max())
        figures[f"type1_{method}_max"] = most / draws
        figures[f"type1_{method}_max_low"] = float(beta.ppf(0.025, most, draws - most + 1)) if most else 0.0
        figures[f"type1_{method}_max_high"] = float(beta.ppf(0.975, most + 1, draws - most)) if most < draws else 1.0
        figures[f"worst_drift_{method}"] = float(DRIFTS[hits.argmax()])
        figures |= {f"power_{method}": power[0] / draws, f"power_{method}_min": power.min() / draws}
        figures[f"gain_{method}"] = float(np.mean([one[method]["gain"] for one in found]))
    at_limit = np.abs(np.array([one["alone"]["some"][0] for one in found])) > norm.isf(LIMIT / 2)
    return figures | {"power_at_limit": float(at_limit.mean())}


def of_files(arguments: argparse.Namespace) -> dict[str, Any]:
    """The estimates of a trial and external controls that are given."""
    data = hybrid_data(
        read_table(arguments.trial),
        read_table(arguments.external),
        treatment=arguments.treatment,
        outcome=arguments.outcome,
        covariates=[name for name in arguments.covariates.split(",") if name],
        kind="continuous",
    )
    figures: dict[str, Any] = {"n": data.trial.n, "external": len(data.external)}
    for method in METHODS:
        found = borrow(data, method, limit=LIMIT)
        one = found.estimate
        figures |= {method: one.value, f"{method}_low": one.low, f"{method}_high": one.high}
        figures |= {f"{method}_share": found.share, f"{method}_borrowed": found.borrowed}
    alone = found.alone
    return figures | {"alone": alone.value, "alone_low": alone.low, "alone_high": alone.high}


if __name__ == "__main__":
    main()
