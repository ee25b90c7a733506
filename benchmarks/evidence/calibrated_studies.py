"""Does a calibrated interval hold the truth where a confounder was not measured? Whole studies, three scenarios.

python benchmarks/evidence/calibrated_studies.py [--sets 100] [--persons 3000] [--controls 20] [--seed 1]
    [--scenarios sound shared unlike] [--json] [--predictions FILE]

Each set is a flat table that is run from its protocol, by inverse probability weights; the true risk ratio is 1.35.
sound: nothing is hidden. shared: what is hidden moves the treatment, and the outcome and every negative control with
strengths of one distribution, which is what calibration by controls assumes. unlike: it moves the outcome and no
control, so that no control can tell. raw: the ratio's own interval. controls: calibrated by the study's own controls.
hidden: the share of sets whose results the diagnostic of systematic error would keep back.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import show
from scipy.stats import beta

from bencao.evidence import Protocol, run_study, trusted

SCENARIOS = ("sound", "shared", "unlike")
LOG_RATIO = 0.3
STRENGTH, SPREAD = 0.4, 0.2  # of what is hidden, on the log risk: mean and standard deviation over outcomes


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=100)
    parser.add_argument("--persons", type=int, default=3000)
    parser.add_argument("--controls", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenarios", nargs="+", choices=SCENARIOS, default=SCENARIOS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    told = parser.parse_args()
    scored = pd.DataFrame(
        {"scenario": scenario, "set": number, **score(draw(scenario, told.persons, told.controls, generator))}
        for scenario in told.scenarios
        for generator in [np.random.default_rng([told.seed, SCENARIOS.index(scenario)])]
        for number in range(told.sets)
    )
    if told.predictions:
        scored.to_csv(told.predictions, index=False)
    show({"seed": told.seed, "persons": told.persons, "controls": told.controls, **summarise(scored)}, told.json)


def draw(scenario: str, persons: int, controls: int, generator: np.random.Generator) -> pd.DataFrame:
    """One table: treatment, a covariate, the outcome and its negative controls."""
    seen, hidden = np.clip(generator.normal(size=(2, persons)), -1.5, 1.5)
    treated = (0.5 * seen + hidden + generator.logistic(size=persons) > 0).astype(int)
    strengths = generator.normal(STRENGTH, SPREAD, controls + 1)
    if scenario == "sound":
        strengths[:] = 0
    if scenario == "unlike":
        strengths[1:] = 0
    columns = {"arm": treated, "seen": seen}
    for place, strength in enumerate(strengths):
        effect = LOG_RATIO if place == 0 else 0.0
        # Log-linear, so that the ratio is the same in every stratum and over all.
        risk = 0.08 * np.exp(0.3 * seen + strength * hidden + effect * treated)
        columns[f"n{place}" if place else "sick"] = (generator.random(persons) < risk).astype(int)
    return pd.DataFrame({"person_id": range(persons), **columns})


def score(table: pd.DataFrame) -> dict[str, Any]:
    """Intervals of one study, and whether it would have kept its result back."""
    arms = {
        name: {"name": name, "column": "arm", "value": value} for name, value in (("treatment", 1), ("comparator", 0))
    }
    asked = {
        "study": "drawn",
        "title": "Drawn",
        "data": "table",
        "strategies": arms,
        "outcome": {"kind": "binary", "events": {"name": "sick", "column": "sick"}},
        "covariates": [{"name": "seen"}],
        "analysis": {"primary": "ipw", "others": []},
        "negative_controls": [{"name": one, "column": one} for one in table.columns if one.startswith("n")],
    }
    study = run_study(Protocol.model_validate(asked), table, despite="measured")
    found = trusted(study)
    if found is None or found.answer.by_controls is None:
        return {"refused": True}
    shown: dict[str, Any] = {"refused": False, "hidden": "systematic_error" in study.failed}
    for name, one in (("raw", found.answer.raw), ("controls", found.answer.by_controls)):
        shown |= {f"{name}_ratio": one.ratio, f"{name}_low": one.low, f"{name}_high": one.high}
        shown[f"{name}_covered"] = one.low <= math.exp(LOG_RATIO) <= one.high
    return shown


def summarise(scored: pd.DataFrame) -> dict[str, Any]:
    """Coverage with its interval, bias of the log ratio and width, raw and calibrated, by scenario."""
    figures: dict[str, Any] = {"n": len(scored), "refused": int(scored.refused.sum())}
    for scenario, rows in scored[~scored.refused].groupby("scenario", sort=False):
        for name in ("raw", "controls"):
            covered, size = int(rows[f"{name}_covered"].sum()), len(rows)
            low, high = (float(beta.ppf(p, covered + a, size - covered + 1 - a)) for p, a in ((0.025, 0), (0.975, 1)))
            figures[f"{scenario}_{name}_coverage"] = covered / size
            figures[f"{scenario}_{name}_interval"] = (
                f"{0 if covered == 0 else low:.3f} to {1 if covered == size else high:.3f}"
            )
            figures[f"{scenario}_{name}_bias"] = float(np.log(rows[f"{name}_ratio"]).mean() - LOG_RATIO)
            figures[f"{scenario}_{name}_width"] = float(np.log(rows[f"{name}_high"] / rows[f"{name}_low"]).mean())
        figures[f"{scenario}_hidden"] = float(rows.hidden.mean())
    return figures


if __name__ == "__main__":
    main()
