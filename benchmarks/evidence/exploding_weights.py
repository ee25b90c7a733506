"""Where weights explode: how often 95 % intervals hold the truth, by the effective persons of the smaller arm.

python benchmarks/evidence/exploding_weights.py [--sets 120] [--seed 1] [--json] [--predictions FILE]

No data file: cohorts of 200, 1,000 and 4,000 persons are drawn with three covariates, a treatment that depends on two
of them from weakly to almost wholly (seven strengths), and an outcome that the treatment raises by exactly 1. Inverse
probability weighting is asked without its guard; then it is told how many of the data sets the guard
(`LEAST_EFFECTIVE`) refuses.
"""

from __future__ import annotations

import argparse
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import show

from bencao.evidence.errors import EstimationError, PositivityError, SeparationError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Estimate, estimate
from bencao.evidence.estimators.modelled import positivity, weighting
from bencao.evidence.estimators.modelled.propensity import propensities

TRUTH, SIZES, STRENGTHS = 1.0, (200, 1000, 4000), (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
EDGES = (0, 2, 4, 10, 30, 100, math.inf)


def main() -> None:
    """Draw, estimate, and count by effective size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=120, help="data sets of each size and strength")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    told = [
        measure(np.random.default_rng([arguments.seed, size, place, number]), size, strength)
        for size in SIZES
        for place, strength in enumerate(STRENGTHS)
        for number in range(arguments.sets)
    ]
    rows = pd.DataFrame([one for one in told if one])
    figures: dict[str, Any] = {"n": len(told), "without_estimate": len(told) - len(rows)}
    for low, high in pairwise(EDGES):
        some = rows[(rows.effective >= low) & (rows.effective < high)]
        name = f"effective_{low}_to_{high}"
        figures |= {f"{name}_sets": len(some), f"{name}_covered": float(some.covered.mean()) if len(some) else None}
        figures[f"{name}_error_to_standard_error"] = float(some.error.mean() / some.se.mean()) if len(some) else None
    figures["refused"] = int((rows.effective < positivity.LEAST_EFFECTIVE).sum())
    if arguments.predictions:
        rows.to_csv(arguments.predictions, index=False)
    show(figures, arguments.json)


def measure(draw: np.random.Generator, size: int, strength: float) -> dict[str, float] | None:
    """One data set; None where there is no estimate at all."""
    x = draw.normal(size=(size, 3))
    arm = (strength * (x[:, 0] + 0.5 * x[:, 1]) + draw.logistic(size=size) > 0).astype(float)
    outcome = TRUTH * arm + x @ [1, 1, 0.5] + draw.normal(size=size)
    data = StudyData(arm, outcome, x, ("a", "b", "c"), "continuous")
    try:
        chance = propensities(data.design, arm)
        weights = weighting.balancing_weights(chance, arm, "ate")
        found = unguarded(data)
    except (SeparationError, PositivityError, EstimationError):
        return None
    return {
        "size": size,
        "strength": strength,
        "effective": min(positivity.effective_size(weights[arm == one]) for one in (0, 1)),
        "largest_share": max(float(weights[arm == one].max() / weights[arm == one].sum()) for one in (0, 1)),
        "error": abs(found.value - TRUTH),
        "se": found.standard_error,
        "covered": float(found.low <= TRUTH <= found.high),
    }


def unguarded(data: StudyData) -> Estimate:
    """The estimate as it would be without its guard."""
    guard, weighting.refuse_exploding = weighting.refuse_exploding, lambda *_: None
    try:
        return estimate(data, "ipw")
    finally:
        weighting.refuse_exploding = guard


if __name__ == "__main__":
    main()
