"""Carry a trial's effect over to a target: inverse odds of participation, g-formula, or both at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from bencao.evidence.diagnostics.design import Balance
from bencao.evidence.errors import PositivityError
from bencao.evidence.estimators.estimate import Estimate, Measure, estimate, whole_estimate
from bencao.evidence.estimators.modelled.g_formula import outcome_model
from bencao.evidence.estimators.modelled.m_estimation import sandwich
from bencao.evidence.estimators.modelled.positivity import LEAST_EFFECTIVE, effective_size
from bencao.evidence.estimators.modelled.propensity import expit, logistic
from bencao.evidence.finite import Figures, reckoned
from bencao.evidence.transport.trial_and_target import TrialAndTarget
from bencao.kernel.errors import InputError

Floats = npt.NDArray[np.float64]
Method = Literal["inverse_odds", "g_formula", "doubly_robust"]
METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True)
class Transported(Figures):
    """A trial's effect in a target.

    Attributes
    ----------
    in_trial : Estimate
        As the trial found it, unadjusted.
    estimates : tuple of Estimate
        In the target, estimand ``target``.
    balance : tuple of Balance
        Standardised difference of each covariate between trial and target, before and after weighting by the
        inverse odds of participation.
    effective : (float, float)
        Effective sample size (Kish) of the trial's arms under those weights, treated first.
    target_size : int
    """

    in_trial: Estimate
    estimates: tuple[Estimate, ...]
    balance: tuple[Balance, ...]
    effective: tuple[float, float]
    target_size: int

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class _Stacked:
    """Trial above target, and where the parameters of each model stand."""

    design: Floats
    inside: Floats
    treatment: Floats
    outcome: Floats
    binary: bool

    def parts(self, parameters: Floats) -> list[Floats]:
        """Coefficients of participation, treatment, outcome of the treated, of the others; then the rest."""
        size = self.design.shape[1]
        return [*(parameters[size * k : size * (k + 1)] for k in range(4)), parameters[size * 4 :]]

    def weights(self, participation: Floats, treated: Floats) -> tuple[Floats, Floats]:
        """Inverse odds of participation over the chance of the arm, of each arm; 0 for whom it does not count."""
        odds = self.inside * np.exp(-np.clip(self.design @ participation, -500, 500))
        chance = expit(self.design @ treated)
        return self.treatment * odds / chance, (self.inside - self.treatment) * odds / (1 - chance)

    def expected(self, model: Floats) -> Floats:
        """The outcome that a model expects of each."""
        return expit(self.design @ model) if self.binary else self.design @ model


@reckoned()
def transport(
    data: TrialAndTarget,
    methods: Sequence[Method] = METHODS,
    *,
    measure: Measure | None = None,
    horizon: float | None = None,
) -> Transported:
    """Estimate what the trial's effect is in the target.

    Parameters
    ----------
    data : TrialAndTarget
    methods : sequence of {"inverse_odds", "g_formula", "doubly_robust"}
    measure, horizon : optional
        Of a time to event, as in `estimate`: ``risk_difference`` or ``rmst_difference``.

    Returns
    -------
    Transported
        Standard errors are the sandwich over the equations of all models and of the target's sample.

    Raises
    ------
    PositivityError
        Where fewer than four persons of an arm count in effect, as where one carries half of its weight.
    SeparationError, EstimationError, InputError

    References
    ----------
    Dahabreh IJ, Robertson SE, Steingrimsson JA, Stuart EA, Hernán MA (2020). Extending inferences from a randomized
    trial to a new target population. Statistics in Medicine 39, 1999-2014: the three estimators, here with weights
    divided by their sum.
    """
    unknown = [one for one in methods if one not in METHODS]
    if unknown or not methods:
        raise InputError(f"no method {', '.join(unknown)}", where="method", mend=f"give one of {', '.join(METHODS)}")
    trial = data.trial
    if trial.kind == "time_to_event":
        from bencao.evidence.estimators.survival.pseudo_observations import pseudo_observations

        measure = measure or "risk_difference"
        trial = trial.with_outcome(pseudo_observations(trial, measure, horizon), "continuous")
    in_trial = estimate(data.trial, "crude", measure=measure, horizon=horizon)
    shown = measure or ("risk_difference" if trial.kind == "binary" else "difference")
    of_trial, of_target = data.designs
    nothing = np.zeros(len(of_target))
    rows = _Stacked(
        np.vstack([of_trial, of_target]),
        np.append(np.ones(trial.n), nothing),
        np.append(trial.treatment, nothing),
        np.append(trial.outcome, nothing),
        trial.kind == "binary",
    )
    participation = logistic(rows.design, rows.inside, where="participation")
    treated = logistic(of_trial, trial.treatment)
    arms = [trial.treatment == arm for arm in (1, 0)]
    outcomes = [outcome_model(trial.kind, of_trial[arm], trial.outcome[arm]) for arm in arms]
    models = np.concatenate([participation, treated, *outcomes])
    weights = rows.weights(participation, treated)
    if set(methods) != {"g_formula"}:
        _refuse_exploding(weights, data)
    found = tuple(
        whole_estimate(one, "target", shown, *_SOLVERS[one](rows, models), trial.n + len(of_target)) for one in methods
    )
    effective = tuple(map(effective_size, weights))
    return Transported(
        in_trial,
        found,
        _balance(data, weights[0] + weights[1]),
        (effective[0], effective[1]),
        len(of_target),
    )


def _refuse_exploding(weights: tuple[Floats, Floats], data: TrialAndTarget) -> None:
    effective = min(map(effective_size, weights))
    if not effective >= LEAST_EFFECTIVE:
        largest = max(float(arm.max() / arm.sum()) for arm in weights)
        gaps = data.target.mean(axis=0) - data.trial.covariates.mean(axis=0)
        farthest = int(np.argmax(np.abs(gaps) / data.trial.covariates.std(axis=0)))
        raise PositivityError(
            f"{effective:.1f} persons of an arm count in effect, one carries {largest:.0%} of its weight; "
            f"farthest from the target: {data.trial.names[farthest]}",
            where="weights",
            mend="restrict the target to persons whom the trial could have taken in, or use the g_formula",
        )


def _balance(data: TrialAndTarget, weights: Floats) -> tuple[Balance, ...]:
    own, spread = weights[: data.trial.n], data.target.std(axis=0)
    spread = np.where(spread > 0, spread, data.trial.covariates.std(axis=0))
    target = data.target.mean(axis=0)
    before = (data.trial.covariates.mean(axis=0) - target) / spread
    after = (np.average(data.trial.covariates, axis=0, weights=own) - target) / spread
    return tuple(Balance(name, float(a), float(b)) for name, a, b in zip(data.trial.names, before, after, strict=True))


def _solved(equations: Callable[[Floats], Floats], models: Floats, means: list[float]) -> tuple[float, float]:
    """Value and error of the means' contrast: + - of two, + - + - of four."""
    signs = np.array([1.0, -1.0] * (len(means) // 2))
    covariance = sandwich(equations, np.append(models, means))[-len(means) :, -len(means) :]
    return float(signs @ means), float(np.sqrt(signs @ covariance @ signs))


def _nuisances(rows: _Stacked, parameters: Floats, *which: int) -> list[Floats]:
    """Contributions of each to the scores of the models asked for, of `_Stacked.parts`."""
    participation, treated, one, none, _ = rows.parts(parameters)
    residuals = (
        rows.inside - expit(rows.design @ participation),
        rows.treatment - rows.inside * expit(rows.design @ treated),
        rows.treatment * (rows.outcome - rows.expected(one)),
        (rows.inside - rows.treatment) * (rows.outcome - rows.expected(none)),
    )
    return [rows.design * residuals[place][:, None] for place in which]


def _by_inverse_odds(rows: _Stacked, models: Floats) -> tuple[float, float]:
    size = rows.design.shape[1]

    def equations(parameters: Floats) -> Floats:
        whole = np.concatenate([parameters[: 2 * size], models[2 * size :]])
        of_one, of_none = rows.weights(*rows.parts(whole)[:2])
        one, none = parameters[2 * size :]
        own = [of_one * (rows.outcome - one), of_none * (rows.outcome - none)]
        return np.column_stack([*_nuisances(rows, whole, 0, 1), *own])

    weights = rows.weights(*rows.parts(models)[:2])
    means = [float(np.average(rows.outcome, weights=arm)) for arm in weights]
    return _solved(equations, models[: 2 * size], means)


def _by_g_formula(rows: _Stacked, models: Floats) -> tuple[float, float]:
    size, outside = rows.design.shape[1], 1 - rows.inside

    def equations(parameters: Floats) -> Floats:
        whole = np.concatenate([models[: 2 * size], parameters[: 2 * size]])
        one, none = (rows.expected(model) for model in rows.parts(whole)[2:4])
        own = [outside * (one - parameters[-2]), outside * (none - parameters[-1])]
        return np.column_stack([*_nuisances(rows, whole, 2, 3), *own])

    means = [float(np.average(rows.expected(model), weights=outside)) for model in rows.parts(models)[2:4]]
    return _solved(equations, models[2 * size :], means)


def _by_both(rows: _Stacked, models: Floats) -> tuple[float, float]:
    """The g-formula in the target, and the weighted residuals of the trial added."""
    outside = 1 - rows.inside

    def shares(parameters: Floats) -> tuple[tuple[Floats, Floats], ...]:
        """Value and weight of each of the four means."""
        participation, treated, *outcomes, _ = rows.parts(parameters)
        one, none = (rows.expected(model) for model in outcomes)
        of_one, of_none = rows.weights(participation, treated)
        return (one, outside), (none, outside), (rows.outcome - one, of_one), (rows.outcome - none, of_none)

    def equations(parameters: Floats) -> Floats:
        means = rows.parts(parameters)[4]
        own = [weight * (value - mean) for (value, weight), mean in zip(shares(parameters), means, strict=True)]
        return np.column_stack([*_nuisances(rows, parameters, 0, 1, 2, 3), *own])

    means = [float(np.average(value, weights=weight)) for value, weight in shares(models)]
    return _solved(equations, models, means)


_SOLVERS: dict[Method, Callable[[_Stacked, Floats], tuple[float, float]]] = {
    "inverse_odds": _by_inverse_odds,
    "g_formula": _by_g_formula,
    "doubly_robust": _by_both,
}
