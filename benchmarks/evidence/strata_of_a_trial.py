"""One stratum of a randomised trial carried to the other, whose own randomised answer is known.

ACTG175 (Hammer et al., NEJM 1996, 335, 1081; UCI data set 890, CC BY 4.0) split by `str2`: persons who had never taken
antiretrovirals, and those who had. What defines the strata (`strat`, `preanti`, `z30`, `oprior`) can be no covariate.
The others were chosen as known at randomisation and able to move the effect, before any outcome was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import coverage

from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import Estimate, estimate
from bencao.evidence.transport.transporting import transport
from bencao.evidence.transport.trial_and_target import trial_and_target

SPLIT = "str2"
COVARIATES = ["age", "wtkg", "hemo", "homo", "drugs", "karnof", "race", "gender", "symptom", "cd40"]
HORIZON = 730.0  # days
NORMAL = 1.959963984540054
DIRECTIONS = {"to_experienced": 0, "to_naive": 1}  # the stratum that is the trial
PERSONS, TARGET = 400, 1_000  # of a drawing whose effect is known
OTHER_NAMES = {"cid": "cens", "time": "days"}  # of the archive's own file


@dataclass(frozen=True)
class Outcome:
    """What is compared."""

    column: str
    kind: Any
    time: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """As data of a trial or a study are told."""
        told = {"treatment": "treat", "outcome": self.column, "covariates": COVARIATES}
        return {**told, "kind": self.kind, "time": self.time}

    @property
    def asked(self) -> dict[str, Any]:
        """Of a time to event."""
        return {"measure": "risk_difference", "horizon": HORIZON} if self.time else {}

    def answers(self, trial: pd.DataFrame, target: pd.DataFrame) -> dict[str, Estimate]:
        """The target's own answer, unadjusted and by the g-formula; the trial's; and what is carried over."""
        own = study_data(target, **self.columns)
        found = transport(trial_and_target(trial, target, **self.columns), **self.asked)
        return {
            "own": estimate(own, "crude", **self.asked),
            "adjusted": estimate(own, "g_formula", **self.asked),
            "naive": found.in_trial,
            **{one.method: one for one in found.estimates},
        }


# CD4 cells at 20 weeks; their fall by half, AIDS or death within the horizon.
OUTCOMES = {"cd4": Outcome("cd420", "continuous"), "event": Outcome("cens", "time_to_event", "days")}


def is_split(table: pd.DataFrame) -> bool:
    """Whether a table is such a trial."""
    return {SPLIT, "treat", "cd420", *COVARIATES} <= set(table.columns)


def carried(table: pd.DataFrame, draws: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """Both directions and outcomes, on the trial as it is and on drawings of its persons.

    Parameters
    ----------
    table : DataFrame
        Columns as in the R package speff2trial, or as in the archive's file.
    draws : int
        Of each, seeds 0 to draws - 1.

    Returns
    -------
    figures : dict
        By direction and outcome what `compared` tells; `known_` what `known` does.
    rows : DataFrame
        Each drawing.
    """
    table = table.rename(columns={old: new for old, new in OTHER_NAMES.items() if new not in table.columns})
    outcomes = [name for one in OUTCOMES.values() for name in (one.column, one.time) if name]
    table = table[["treat", SPLIT, *COVARIATES, *outcomes]].dropna().astype(float)
    figures: dict[str, Any] = {"n": len(table), "draws": draws, "horizon": HORIZON}
    rows = []
    for direction, inside in DIRECTIONS.items():
        trial, target = table[table[SPLIT] == inside], table[table[SPLIT] != inside]
        figures |= {f"{direction}_n": len(trial), f"{direction}_target": len(target)}
        told = {name: compared(trial, target, outcome, draws) for name, outcome in OUTCOMES.items()}
        for name, (found, drawn) in {**told, "known": known(trial, target, draws)}.items():
            figures |= {f"{direction}_{name}_{key}": value for key, value in found.items()}
            rows.append(drawn.assign(direction=direction, outcome=name))
    return figures, pd.concat(rows, ignore_index=True)


def compared(
    trial: pd.DataFrame, target: pd.DataFrame, outcome: Outcome, draws: int
) -> tuple[dict[str, Any], pd.DataFrame]:
    """The answers on the trial as it is, and how far each is from the target's own (`gap`).

    Its interval takes the spread that it has when the persons of both strata are drawn again.
    """
    rows = pd.DataFrame(
        {"seed": seed, "method": name, "value": one.value, "low": one.low, "high": one.high}
        for seed in range(draws)
        for name, one in outcome.answers(_again(trial, [seed, 0]), _again(target, [seed, 1])).items()
    )
    drawn = rows.pivot(index="seed", columns="method", values="value")
    figures: dict[str, Any] = {}
    answers = outcome.answers(trial, target)
    for name, one in answers.items():
        figures |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
        if name not in ("own", "adjusted"):
            gap, reach = one.value - answers["own"].value, NORMAL * float((drawn[name] - drawn.own).std())
            figures |= {f"{name}_gap": gap, f"{name}_gap_low": gap - reach, f"{name}_gap_high": gap + reach}
    return figures, rows


def _again(persons: pd.DataFrame, seed: list[int]) -> pd.DataFrame:
    return persons.iloc[np.random.default_rng(seed).integers(0, len(persons), len(persons))]


def known(trial: pd.DataFrame, target: pd.DataFrame, draws: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """Coverage of an effect that is added to the trial's controls, drawn again and treated at random.

    It grows with CD4 cells at baseline and falls with age; its mean in the other stratum is the truth. Outcomes of
    that stratum are not used.
    """
    persons, both = trial[trial.treat == 0], pd.concat([trial, target])

    def effect(of: pd.DataFrame) -> pd.Series[float]:
        cells, age = ((of[name] - both[name].mean()) / both[name].std() for name in ("cd40", "age"))
        return 50 + 25 * cells - 15 * age

    rows = []
    for seed in range(draws):
        draw = np.random.default_rng([seed, 2])
        own = persons.iloc[draw.integers(0, len(persons), PERSONS)].assign(treat=draw.integers(0, 2, PERSONS))
        own["cd420"] += own.treat * effect(own)
        there = target.iloc[draw.integers(0, len(target), TARGET)]
        found = transport(trial_and_target(own, there, **OUTCOMES["cd4"].columns))
        for one in (found.in_trial, *found.estimates):
            told = (seed, one.method, one.value, one.standard_error, one.low, one.high)
            rows.append(dict(zip(("seed", "method", "value", "standard_error", "low", "high"), told, strict=True)))
    table = pd.DataFrame(rows).replace({"method": {"crude": "naive"}}).assign(truth=float(effect(target).mean()))
    figures = {"truth": table.truth[0], "in_trial": float(effect(persons).mean()), "n": PERSONS, "target": TARGET}
    return figures | coverage(table), table
