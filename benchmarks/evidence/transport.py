"""A trial's effect, transported to persons unlike the trial's, against a truth that is known.

python benchmarks/evidence/transport.py TRIAL.csv [--draws N] [--json] [--predictions FILE]

TRIAL is one of two randomised trials, told by its columns.

The NSW experiment (Dehejia and Wahba, JASA 1999, 94, 1053) has treat, age, educ, black, hisp, marr, nodegree, re74,
re75, re78. Its controls' earnings are what they earn untreated; 400 persons are drawn from them, and the
treatment anew, adding to each treated person an effect that depends on age and schooling. The target is drawn from
the same persons with chances that depend on age and schooling, so that its mean effect is known exactly: `truth`. Each
drawing has its own seed; `coverage_` is how often the 95 % interval holds the truth, `naive` the trial's own answer.
`nsw_` is the real experiment with nothing added, transported to a target drawn likewise (seed 0); `nsw_weighted` is the
difference of its arms under the very chances of the drawing.

ACTG175 has str2, treat, cd40, cd420, cens and days, and covariates: see `strata_of_a_trial.py`. The effect in one
stratum of `str2` is carried to the other, both ways, and stands beside what was found there by randomisation (`own`;
`gap` is the difference). `known_` adds an effect to the controls of one stratum, as above.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import coverage, show
from strata_of_a_trial import carried, is_split

from bencao.evidence.transport.transporting import transport
from bencao.evidence.transport.trial_and_target import trial_and_target

COVARIATES = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
TARGET = 1_000


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trial", type=Path)
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    trial = pd.read_csv(arguments.trial)
    if is_split(trial):
        figures, rows = carried(trial, arguments.draws)
    else:
        figures, rows = simulated(trial, arguments.draws)
        figures |= real(trial)
    if arguments.predictions:
        rows.to_csv(arguments.predictions, index=False)
    show(figures, arguments.json)


def tilt(table: pd.DataFrame) -> np.ndarray:
    """Chances of being drawn into the target: older and more schooled persons more often."""
    pull = (
        0.5 * (table.age - table.age.mean()) / table.age.std()
        + 0.4 * (table.educ - table.educ.mean()) / table.educ.std()
    )
    chance = np.exp(pull.to_numpy())
    return chance / chance.sum()


def simulated(experiment: pd.DataFrame, draws: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """The controls of the experiment with an effect that is added, drawn again and again."""
    persons = experiment[experiment.treat == 0].reset_index(drop=True)
    effect = 1_500 + 150 * (persons.age - persons.age.mean()) + 500 * (persons.educ - persons.educ.mean())
    rows = []
    for seed in range(draws):
        draw = np.random.default_rng(seed)
        own = draw.integers(0, len(persons), 400)
        trial = persons.iloc[own].assign(treat=draw.integers(0, 2, 400))
        trial["re78"] += trial.treat * effect.iloc[own]
        target = draw.choice(len(persons), TARGET, p=tilt(persons))
        found = transport(_pair(trial, persons.iloc[target]))
        # The target's population: the persons under their chances, not this drawing of them.
        truth = float(tilt(persons) @ effect)
        for one in (found.in_trial, *found.estimates):
            rows.append((seed, one.method, truth, one.value, one.standard_error, one.low, one.high))
    table = pd.DataFrame(rows, columns=["seed", "method", "truth", "value", "standard_error", "low", "high"])
    figures: dict[str, Any] = {"n": 400, "target": TARGET, "draws": draws, "truth": float(table.truth.iloc[0])}
    return figures | coverage(table.replace({"method": {"crude": "naive"}})), table


def real(experiment: pd.DataFrame) -> dict[str, Any]:
    """The experiment as it is, and a target drawn from its own persons."""
    draw = np.random.default_rng(0)
    target = experiment.iloc[draw.choice(len(experiment), TARGET, p=tilt(experiment))]
    found = transport(_pair(experiment, target))
    weights = tilt(experiment)
    arms = [experiment.treat == arm for arm in (1, 0)]
    means = [np.average(experiment.re78[arm], weights=weights[arm]) for arm in arms]
    figures: dict[str, Any] = {"nsw_n": len(experiment), "nsw_weighted": float(means[0] - means[1])}
    for one in (found.in_trial, *found.estimates):
        name = "naive" if one.method == "crude" else one.method
        figures |= {f"nsw_{name}": one.value, f"nsw_{name}_low": one.low, f"nsw_{name}_high": one.high}
    return figures


def _pair(trial: pd.DataFrame, target: pd.DataFrame) -> Any:
    return trial_and_target(trial, target, treatment="treat", outcome="re78", covariates=COVARIATES, kind="continuous")


if __name__ == "__main__":
    main()
