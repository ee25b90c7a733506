"""Multiple imputation by chained equations: each variable in turn from all others, with the chance that is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.modelled.propensity import expit, logistic
from bencao.evidence.finite import reckoned

Floats = npt.NDArray[np.float64]
Kind = Literal["matched", "normal", "binary"]
_DONORS = 5
_FEWEST = 10  # values known, from which others are imputed
_RIDGE = 1e-5


@dataclass(frozen=True)
class Variable:
    """A variable of the imputation.

    Attributes
    ----------
    name : str
    values : ndarray, shape (n,)
        NaN where missing.
    kind : {"matched", "normal", "binary"}
        From persons with a like expectation (predictive mean matching), from a linear model, or a logistic one.
    shift : ndarray, shape (n,), optional
        What is added to imputed values at the end: to the value, or of a binary variable to its log odds. With it what
        is missing is not as what is known, by just so much (a pattern-mixture model).
    """

    name: str
    values: Floats
    kind: Kind = "matched"
    shift: Floats | None = None


@reckoned()
def impute(
    variables: Sequence[Variable], *, imputations: int = 20, iterations: int = 10, seed: int = 1
) -> tuple[Floats, ...]:
    """Impute all that is missing.

    Statsmodels has chained equations too, which draw from NumPy's one global generator; these draw from their own, so
    that a study is the same whatever else runs.

    Parameters
    ----------
    variables : sequence of Variable
        Outcome and treatment among them: what is left out is imputed as if it had nothing to do with the others.
    imputations, iterations : int
    seed : int

    Returns
    -------
    tuple of ndarray, shape (n, p)
        The variables in their order, nothing missing.

    Raises
    ------
    StudyDataError
        A variable of which fewer than ten values are known.
    SeparationError

    References
    ----------
    van Buuren S, Groothuis-Oudshoorn K (2011). mice: multivariate imputation by chained equations in R. J Stat Softw
    45(3). Rubin DB (1987). Multiple imputation for nonresponse in surveys, pp. 166-170: draws of the models.
    Little RJA (1988). J Bus Econ Stat 6, 287: predictive mean matching.
    """
    values = np.column_stack([one.values for one in variables])
    missing = np.isnan(values)
    holes = [place for place in np.argsort(missing.sum(axis=0), kind="stable") if missing[:, place].any()]
    for place in holes:
        known = int((~missing[:, place]).sum())
        if known < _FEWEST:
            raise StudyDataError(
                f"{known} values are known, from which to impute the others",
                where=variables[place].name,
                mend="leave the variable out",
            )
    found = []
    for draw in np.random.default_rng(seed).spawn(imputations):
        whole = values.copy()
        for place in holes:
            gaps = missing[:, place]
            whole[gaps, place] = draw.choice(values[~gaps, place], int(gaps.sum()))
        for number in range(iterations):
            for place in holes:
                last = number == iterations - 1
                whole[missing[:, place], place] = _drawn(whole, place, missing[:, place], variables[place], draw, last)
        found.append(whole)
    return tuple(found)


def _drawn(
    whole: Floats, place: int, gaps: npt.NDArray[np.bool_], variable: Variable, draw: np.random.Generator, last: bool
) -> Floats:
    """New values for the gaps of one variable, given all others."""
    others = np.delete(whole, place, axis=1)
    spread = others.std(axis=0)
    scaled = (others - others.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(len(whole)), scaled[:, spread > 0]])
    known, target = design[~gaps], whole[~gaps, place]
    shift = variable.shift[gaps] if last and variable.shift is not None else np.zeros(int(gaps.sum()))
    if variable.kind == "binary":
        model = logistic(known, target, where=variable.name)
        chance = expit(known @ model)
        information = known.T @ (known * (chance * (1 - chance))[:, None])
        linear = design[gaps] @ _around(model, information, 1.0, draw) + shift
        return (draw.random(len(linear)) < expit(linear)).astype(float)
    information = known.T @ known
    information += _RIDGE * np.diag(np.diag(information))
    model = np.linalg.solve(information, known.T @ target)
    freedom = max(len(target) - design.shape[1], 1)
    noise = float(np.sqrt(((target - known @ model) ** 2).sum() / draw.chisquare(freedom)))
    likely = design[gaps] @ _around(model, information, noise, draw)
    if variable.kind == "normal":
        found: Floats = likely + noise * draw.normal(size=len(likely)) + shift
        return found
    matched: Floats = target[_donors(known @ model, likely, draw)] + shift
    return matched


def _around(model: Floats, information: Floats, noise: float, draw: np.random.Generator) -> Floats:
    """Coefficients drawn about their estimate."""
    found: Floats = model + noise * np.linalg.solve(np.linalg.cholesky(information).T, draw.normal(size=len(model)))
    return found


def _donors(known: Floats, likely: Floats, draw: np.random.Generator) -> npt.NDArray[np.int64]:
    """For each expectation one of the five persons known whose own is nearest."""
    order = np.argsort(known, kind="stable")
    ranked = known[order]
    around = np.searchsorted(ranked, likely)[:, None] + np.arange(-_DONORS, _DONORS)
    around = np.clip(around, 0, len(ranked) - 1)
    gap = np.abs(ranked[around] - likely[:, None])
    gap[:, 1:][around[:, 1:] == around[:, :-1]] = np.inf  # one person once
    nearest = np.argsort(gap, axis=1, kind="stable")[:, : min(_DONORS, len(ranked))]
    chosen = draw.integers(0, nearest.shape[1], len(likely))
    place = np.take_along_axis(around, nearest, axis=1)[np.arange(len(likely)), chosen]
    found: npt.NDArray[np.int64] = order[place]
    return found
