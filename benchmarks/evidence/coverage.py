"""Do 95 % intervals hold the truth in 95 of 100 data sets? Four scenarios, each estimator.

python benchmarks/evidence/coverage.py [--sets 1000] [--persons 500] [--seed 1]
    [--scenarios good poor outcome treatment] [--json] [--predictions FILE]

Four covariates; the effect is 1 + x2 / 2. good: both models are right, arms overlap. poor: propensities near 0, 1.
outcome: the outcome bends with x1, which the outcome's models do not know. treatment: the logit bends with x1, which
the treatment's model does not know. Where theory promises 95 %, the figure counts for `promised_low` and
`promised_high`: a right model for the estimators that rest on one, either for AIPW; entropy balancing in all persons
rests on the outcome's. Under poor overlap IPW's and AIPW's normal approximation is not promised at this size; the
outcome's model and overlap weights (whose truth is the overlap's) are. Matching and stratification promise only
approximately, TMLE's variance only where both models are right.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import show
from scipy.stats import beta

from bencao.evidence.estimators.data.study_data import Floats, StudyData
from bencao.evidence.estimators.estimate import Settings, estimate
from bencao.kernel.errors import BencaoError

SCENARIOS = ("good", "poor", "outcome", "treatment")
METHODS = ("crude", "ipw", "overlap", "entropy", "g_formula", "aipw", "tmle", "matching", "stratification")
PROMISED = {
    "good": ("ipw", "overlap", "entropy", "g_formula", "aipw", "tmle"),
    "poor": ("overlap", "g_formula", "entropy"),
    "outcome": ("ipw", "overlap", "aipw"),
    "treatment": ("entropy", "g_formula", "aipw"),
}


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=1000)
    parser.add_argument("--persons", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenarios", nargs="+", choices=SCENARIOS, default=SCENARIOS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    scored = pd.DataFrame(
        row
        for place, scenario in enumerate(SCENARIOS)
        if scenario in arguments.scenarios
        for row in simulate(scenario, arguments.sets, arguments.persons, [arguments.seed, place])
    )
    if arguments.predictions:
        scored.to_csv(arguments.predictions, index=False)
    show({"seed": arguments.seed, "persons": arguments.persons, **summarise(scored)}, arguments.json)


def draw(scenario: str, n: int, generator: np.random.Generator) -> StudyData:
    """One data set."""
    covariates = generator.normal(size=(n, 4))
    chance = 1 / (1 + np.exp(-logit(scenario, covariates)))
    treatment = (generator.random(n) < chance).astype(float)
    bent = covariates[:, 0] ** 2 if scenario == "outcome" else 0.0
    expected = covariates @ [1.0, 1.0, 0.5, 0.0] + bent + treatment * effect(covariates)
    return StudyData(treatment, expected + generator.normal(size=n), covariates, ("x1", "x2", "x3", "x4"), "continuous")


def logit(scenario: str, covariates: Floats) -> Floats:
    """Log odds of treatment."""
    slopes = np.array([0.5, 0.4, 0.2, 0.0]) * (3.0 if scenario == "poor" else 1.0)
    bent = 0.5 * (covariates[:, 0] ** 2 - 1) if scenario == "treatment" else 0.0
    found: Floats = covariates @ slopes + bent
    return found


def effect(covariates: Floats) -> Floats:
    """Of treatment, by person."""
    found: Floats = 1 + covariates[:, 1] / 2
    return found


def truth(scenario: str, method: str) -> float:
    """1, or the mean effect under overlap weights, from four million draws."""
    if method != "overlap":
        return 1.0
    covariates = np.random.default_rng(0).normal(size=(4_000_000, 4))
    chance = 1 / (1 + np.exp(-logit(scenario, covariates)))
    return float(np.average(effect(covariates), weights=chance * (1 - chance)))


def simulate(scenario: str, sets: int, persons: int, seed: list[int]) -> list[dict[str, Any]]:
    """Every data set's estimate and interval by every estimator."""
    generator = np.random.default_rng(seed)
    truths = {method: truth(scenario, method) for method in METHODS}
    rows: list[dict[str, Any]] = []
    for number in range(sets):
        data = draw(scenario, persons, generator)
        for method in METHODS:
            row: dict[str, Any] = {"scenario": scenario, "set": number, "method": method, "truth": truths[method]}
            try:
                found = estimate(data, method, Settings())
                row |= {"value": found.value, "low": found.low, "high": found.high}
                row["covered"] = found.low <= truths[method] <= found.high
            except BencaoError as error:
                row["refused"] = error.kind
            rows.append(row)
    return rows


def summarise(scored: pd.DataFrame) -> dict[str, Any]:
    """Coverage and bias by scenario and estimator; the least and the greatest coverage that theory promises."""
    figures: dict[str, Any] = {"n": int(scored.groupby(["scenario", "set"]).ngroups)}
    promised = []
    for (scenario, method), rows in scored.groupby(["scenario", "method"], sort=False):
        given = rows[rows.value.notna()]
        covered, size = int(given.covered.sum()), len(given)
        name = f"{scenario}_{method}"
        figures[f"{name}_coverage"] = covered / size if size else float("nan")
        figures[f"{name}_interval"] = f"{beta.ppf(0.025, covered, size - covered + 1) if covered else 0:.3f} to " + (
            f"{beta.ppf(0.975, covered + 1, size - covered):.3f}" if covered < size else "1.000"
        )
        figures[f"{name}_bias"] = float((given.value - given.truth).mean())
        if size < len(rows):
            figures[f"{name}_refused"] = len(rows) - size
        if method in PROMISED[scenario]:
            promised.append(covered / size)
    return figures | {"promised": len(promised), "promised_low": min(promised), "promised_high": max(promised)}


if __name__ == "__main__":
    main()
