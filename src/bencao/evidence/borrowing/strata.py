"""Means of a trial's arms and of external controls, plain or over strata of the chance of being in the trial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import PositivityError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.modelled.propensity import propensities

Floats = npt.NDArray[np.float64]
_BINS = 10


@dataclass(frozen=True)
class Means:
    """Mean and its variance of each arm.

    Attributes
    ----------
    treated, own, external : (float, float)
    lent : float
        Share of the external information that may be counted at all.
    """

    treated: tuple[float, float]
    own: tuple[float, float]
    external: tuple[float, float]
    lent: float = 1.0

    @classmethod
    def plain(cls, treated: Floats, own: Floats, external: Floats) -> Means:
        """Of each arm as it is."""
        one, two, three = ((float(arm.mean()), float(arm.var(ddof=1) / len(arm))) for arm in (treated, own, external))
        return cls(one, two, three)


def by_propensity(trial: StudyData, external: Floats, covariates: Floats, strata: int) -> Means:
    """Means over strata of the propensity, each stratum with the trial's share.

    Parameters
    ----------
    trial : StudyData
    external : ndarray, shape (m,)
        Outcome of the external controls.
    covariates : ndarray, shape (m, p)
    strata : int

    Returns
    -------
    Means
        In all no more external persons are counted than the trial has controls, of each stratum the more the
        likelier both are there (overlap of their propensities).

    Raises
    ------
    PositivityError
        Where external controls are not like the trial's persons.
    SeparationError
    """
    both = np.vstack([trial.covariates, covariates])
    inside = np.append(np.ones(trial.n), np.zeros(len(external)))
    spread = both.std(axis=0)
    design = np.column_stack([np.ones(len(both)), (both - both.mean(axis=0)) / np.where(spread > 0, spread, 1)])
    chance = propensities(design, inside)
    own, other = chance[: trial.n], chance[trial.n :]
    like = (other >= own.min()) & (other <= own.max())
    groups = [(trial.outcome[trial.treatment == arm], own[trial.treatment == arm]) for arm in (1, 0)]
    groups.append((external[like], other[like]))
    for number in range(strata, 0, -1):
        edges = np.quantile(own, np.linspace(0, 1, number + 1)[1:-1])
        places = [np.searchsorted(edges, scores, side="right") for _, scores in groups]
        counts = np.array([np.bincount(place, minlength=number) for place in places])
        if counts.min() >= 2:
            break
    else:
        raise PositivityError(
            f"{int(like.sum())} of {len(external)} external controls are like the trial's persons",
            where="external",
            mend="give controls who could have entered the trial",
        )
    share = np.bincount(np.searchsorted(edges, own, side="right"), minlength=number) / trial.n
    overlap = np.array([_overlap(own, other[like], edges, place) for place in range(number)])
    allotted = counts[1].sum() * overlap / overlap.sum()
    power = np.minimum(1.0, allotted / counts[2])
    found = []
    for (outcome, _), place, counted in zip(groups, places, counts, strict=True):
        means = np.array([outcome[place == one].mean() for one in range(number)])
        # One variance for all strata: few persons are in each.
        within = float(((outcome - means[place]) ** 2).sum() / max(len(outcome) - number, 1))
        found.append((float(share @ means), float((share**2 / counted).sum() * within)))
    lent = (share**2 / counts[2]).sum() / (share**2 / (counts[2] * power)).sum()
    return Means(found[0], found[1], found[2], float(lent))


def _overlap(own: Floats, other: Floats, edges: Floats, place: int) -> float:
    """Overlap of the densities of two sets of scores in a stratum, above 0."""
    low = edges[place - 1] if place else own.min()
    high = edges[place] if place < len(edges) else own.max()
    bins = np.linspace(low, high + 1e-12, _BINS + 1)
    shapes = [np.histogram(scores[(scores >= low) & (scores <= high)], bins)[0] for scores in (own, other)]
    return max(1e-3, float(np.minimum(*(shape / max(shape.sum(), 1) for shape in shapes)).sum()))
