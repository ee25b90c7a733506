"""What a panel says of a molecule: a value with its interval, or the classes it may belong to, and how near it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.admet.conformal import class_p, reach
from bencao.discovery.admet.measured import Described
from bencao.discovery.admet.panel import Panel

# Tanimoto similarity (ECFP4) to the nearest substance below which errors on new scaffolds were clearly larger.
NEAR = 0.4
LEVEL = 0.9


@dataclass(frozen=True)
class Estimate:
    """An endpoint of a molecule.

    Attributes
    ----------
    task : str
    value : float
        In the endpoint's unit; of a class the probability of being active. Measured, where `measured`.
    low, high : float or None
        Interval of the value; None of a class and of a measured value.
    active, inactive : float or None
        How usual the molecule is among the actives and the inactives, in (0, 1]; None but of a predicted class.
    verdict : str
        Of a class ``active``, ``inactive``, ``either`` (both fit) or ``neither`` (it is like none); else empty.
    measured : bool
        Whether the substance is in the training set, so that the value is what was measured and not a prediction.
    near : bool
        Whether a training substance is similar enough for the endpoint's errors to be as usual.
    similarity : float
        To the most similar training substance (ECFP4, Tanimoto).
    """

    task: str
    value: float
    low: float | None
    high: float | None
    active: float | None
    inactive: float | None
    verdict: str
    measured: bool
    near: bool
    similarity: float


def estimates(panel: Panel, one: Described, level: float = LEVEL) -> tuple[Estimate, ...]:
    """Estimate each endpoint of a panel.

    Parameters
    ----------
    panel : Panel
    one : Described
    level : float
        Share of truths that intervals and sets are to hold.

    Returns
    -------
    tuple of Estimate
        In the order of the panel's tasks.
    """
    similarities = panel.similarities(one.print)
    similarity = float(similarities.max())
    outputs = panel.forest.outputs(one.row[None])[0].reshape(len(panel.tasks), panel.parts)
    place = panel.places.get(one.key.encode())
    far = [] if panel.classes else [panel.far(one.row, similarities, part) for part in range(panel.parts)]
    found = []
    for task, name in enumerate(panel.tasks):
        known = np.nan if place is None else float(panel.values[place, task])
        if np.isfinite(known):
            verdict = ("active" if known else "inactive") if panel.classes else ""
            told: _Told = (known, None, None, None, None, verdict, True)
        elif panel.classes:
            told = _class(panel, task, outputs[task], level)
        else:
            told = _value(panel, task, outputs[task], far, level)
        found.append(Estimate(name, *told, similarity >= NEAR, similarity))
    return tuple(found)


_Told = tuple[float, float | None, float | None, float | None, float | None, str, bool]


def _value(
    panel: Panel, task: int, outputs: NDArray[np.float64], far: list[NDArray[np.float64]], level: float
) -> _Told:
    value = float(outputs.mean())
    half = reach(panel.errors[task], level) * float(np.mean([panel.scale(one, task) for one in far]))
    return value, value - half, value + half, None, None, "", False


def _class(panel: Panel, task: int, outputs: NDArray[np.float64], level: float) -> _Told:
    inactives, actives = panel.scores[task]
    score = float(outputs.mean())
    active, inactive = class_p(score, actives, active=True), class_p(score, inactives, active=False)
    verdict = _VERDICTS[active > 1 - level, inactive > 1 - level]
    chance = float((1 / (1 + np.exp(-outputs))).mean())
    return chance, None, None, active, inactive, verdict, False


_VERDICTS = {
    (True, False): "active",
    (False, True): "inactive",
    (True, True): "either",
    (False, False): "neither",
}
