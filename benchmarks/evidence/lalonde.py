"""LaLonde's test: the effect of a training programme, with the experiment's controls replaced by a survey's.

python benchmarks/evidence/lalonde.py EXPERIMENT.csv CONTROLS.csv [--json] [--predictions FILE]

EXPERIMENT and CONTROLS have treat, age, educ, black, hisp, marr, nodegree, re74, re75, re78 (Dehejia and Wahba, JASA
1999, 94, 1053). The estimate is AIPW for the treated with cross-fitted forests, on the treated of the experiment and
the survey's persons; `control_` is the same with the experiment's own controls in place of the treated, whose true
effect is 0. Neither uses the experiment's answer, which stands beside them as `experiment`.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
from figures_of_studies import show

from bencao.evidence.estimators.data.study_data import StudyData, study_data
from bencao.evidence.estimators.estimate import Settings, estimate

COVARIATES = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75", "no74", "no75"]
OTHERS = ("crude", "ipw", "entropy", "g_formula", "aipw")


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", type=Path)
    parser.add_argument("controls", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    experiment, survey = pd.read_csv(arguments.experiment), pd.read_csv(arguments.controls)
    show(measure(experiment, survey, arguments.predictions), arguments.json)


def measure(experiment: pd.DataFrame, survey: pd.DataFrame, predictions: Path | None = None) -> dict[str, Any]:
    """The effect beside a survey, the effect that is 0, and the experiment's own."""
    treated, untreated = (experiment[experiment.treat == arm] for arm in (1, 0))
    settings = Settings("att", learner="forest")
    observed = _data(treated, survey)
    found = estimate(observed, "aipw", settings)
    nothing = estimate(_data(untreated, survey), "aipw", settings)
    trial = estimate(_data(treated, untreated), "crude")
    figures: dict[str, Any] = {
        "n": found.n,
        "treated": len(treated),
        "estimate": found.value,
        "low": found.low,
        "high": found.high,
        "control_estimate": nothing.value,
        "control_low": nothing.low,
        "control_high": nothing.high,
        "experiment": trial.value,
        "experiment_low": trial.low,
        "experiment_high": trial.high,
        "seed": settings.seed,
    }
    others = [found, nothing]
    for method in OTHERS:
        other = estimate(observed, method, Settings("att"))
        figures |= {f"{method}_parametric": other.value, f"{method}_low": other.low, f"{method}_high": other.high}
        others.append(other)
    if predictions:
        pd.DataFrame([asdict(one) for one in others]).to_csv(predictions, index=False)
    return figures


def _data(treated: pd.DataFrame, others: pd.DataFrame) -> StudyData:
    table = pd.concat([treated.assign(arm=1.0), others.assign(arm=0.0)], ignore_index=True)
    table = table.assign(no74=(table.re74 == 0) * 1.0, no75=(table.re75 == 0) * 1.0).astype(
        dict.fromkeys(COVARIATES, float)
    )
    return study_data(table, treatment="arm", outcome="re78", covariates=COVARIATES, kind="continuous")


if __name__ == "__main__":
    main()
