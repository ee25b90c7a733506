"""How true are standard errors of a mixed model in small trials: unadjusted, and by Kenward and Roger's variants?

python benchmarks/trial/small_samples.py [--simulations 2000] [--per-arm 6] [--correlation 0.7] [--leaving 0.15]

Two arms without a difference, five visits, AR(1), subjects who leave before a visit with a probability. Of each
simulated trial the difference of the arms is estimated (arm, visit) with every adjustment. Printed are the mean
estimated variance over the variance that the estimates really have (1 is right), how often p is below 5 %, and, of the
2009 variant, the greatest difference between two parametrisations of the same model (ar1 and sp_exp). Fits that one of
the structures does not allow are counted and left out.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from math import sqrt

import numpy as np
import polars as pl

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import ls_mean_difference, mmrm
from bencao.trial.statistics.mmrm.inference import DegreesOfFreedom

VISITS = 5
METHODS: tuple[DegreesOfFreedom, ...] = (
    "satterthwaite", "kenward-roger", "kenward-roger-linear", "kenward-roger-2009",
)  # fmt: skip


def simulated(per_arm: int, correlation: float, leaving: float, random: np.random.Generator) -> pl.DataFrame:
    """One trial, a row for each subject and visit."""
    lags = np.abs(np.subtract.outer(np.arange(VISITS), np.arange(VISITS)))
    root = np.linalg.cholesky(correlation**lags)
    values = random.standard_normal((2 * per_arm, VISITS)) @ root.T
    stays = np.cumprod(random.random((2 * per_arm, VISITS)) >= leaving * (np.arange(VISITS) > 0), axis=1) == 1
    subjects = np.repeat(np.arange(2 * per_arm), VISITS)
    return pl.DataFrame(
        {
            "SUBJECT": subjects,
            "ARM": np.where(subjects < per_arm, "A", "B"),
            "VISIT": [f"V{number % VISITS}" for number in range(len(subjects))],
            "WEEK": np.tile(np.arange(VISITS, dtype=float), 2 * per_arm),
            "AVAL": values.ravel(),
        }
    ).filter(stays.ravel())


def estimated(trial: pl.DataFrame, method: DegreesOfFreedom, structure: str) -> tuple[float, float, float]:
    """Difference of the arms, its estimated variance and p value."""
    places = ["WEEK"] if structure.startswith("sp_") else []
    fit = mmrm(
        trial, "AVAL", ["ARM", "VISIT"], "SUBJECT", "VISIT", structure, df=method, coordinates=places, convergence=1e-14
    )  # fmt: skip
    found = ls_mean_difference(fit, "ARM", "A", "B")
    return found.estimate, found.standard_error**2, found.p_value


def main() -> None:
    """Simulate, estimate, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulations", type=int, default=2_000)
    parser.add_argument("--per-arm", type=int, default=6)
    parser.add_argument("--correlation", type=float, default=0.7)
    parser.add_argument("--leaving", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    differences: list[float] = []
    variances: dict[str, list[float]] = defaultdict(list)
    rejected: dict[str, int] = defaultdict(int)
    apart, left_out = 0.0, 0
    for _ in range(arguments.simulations):
        trial = simulated(arguments.per_arm, arguments.correlation, arguments.leaving, random)
        try:
            other = estimated(trial, "kenward-roger-2009", "sp_exp")
            each = {method: estimated(trial, method, "ar1") for method in METHODS}
        except EstimationError:
            left_out += 1
            continue
        differences.append(each["satterthwaite"][0])
        apart = max(apart, abs(other[1] / each["kenward-roger-2009"][1] - 1))
        for method, (_, variance, p_value) in each.items():
            variances[method].append(variance)
            rejected[method] += p_value < 0.05
    n = len(differences)
    true = float(np.mean(np.square(differences)))  # the difference is truly zero
    error = sqrt(2 / n)
    figures: dict[str, float] = {"n": n, "left_out": left_out, "seed": arguments.seed, "parametrisations_apart": apart}
    print(f"{'':24}{'variance ratio (95 % interval)':>36}{'rejected at 5 %':>18}")
    for method in METHODS:
        ratio = float(np.mean(variances[method])) / true
        low, high = ratio * (1 - 1.96 * error), ratio * (1 + 1.96 * error)
        share = 100 * rejected[method] / n
        print(f"{method:24}{ratio:16.3f} ({low:.3f} to {high:.3f}){share:18.1f}")
        name = method.replace("-", "_")
        figures |= {f"{name}_variance_ratio": ratio, f"{name}_rejected_percent": share}
    print(f"n {n}, left out {left_out}, parametrisations at most {apart:.1e} apart")
    if arguments.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
