"""Before a ranking is believed: does the same docking tell known actives from decoys on this target?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import mannwhitneyu

from bencao.discovery.docking.docking import Docked
from bencao.kernel.compute import Failure
from bencao.kernel.errors import InputError

_Z = 1.959964
_EDGE = 1e-9


@dataclass(frozen=True)
class Controls:
    """How well docking scores part actives from decoys.

    Attributes
    ----------
    actives, decoys : tuple of (str, float)
        Name and score of those docked, kcal/mol.
    failed : int
        Could not be docked; they are in no figure.
    auc, low, high : float
        Area under the ROC curve (share of pairs in which the active scores better) with its 95 % interval.
    size_auc : float
        The same of the number of heavy atoms alone, which docking scores follow.
    """

    actives: tuple[tuple[str, float], ...]
    decoys: tuple[tuple[str, float], ...]
    failed: int
    auc: float
    low: float
    high: float
    size_auc: float

    @property
    def works(self) -> bool:
        """Whether the interval lies above 0.5: else the ranking is no better than chance as far as one can tell."""
        return self.low > 0.5


def judge_controls(
    actives: Sequence[Docked | Failure], decoys: Sequence[Docked | Failure], sizes: dict[str, int]
) -> Controls:
    """Measure controls that were docked.

    Parameters
    ----------
    actives, decoys : sequence of Docked or Failure
    sizes : dict of str to int
        Heavy atoms by SMILES as docked.

    Returns
    -------
    Controls

    Raises
    ------
    InputError
        Where of either none could be docked.
    """
    good = [[one for one in group if isinstance(one, Docked)] for group in (actives, decoys)]
    for name, group in zip(("actives", "decoys"), good, strict=True):
        if not group:
            raise InputError("none could be docked", where=name, mend="check them, or leave the controls out")
    scores = [np.array([one.score for one in group]) for group in good]
    heavy = [np.array([-sizes[one.smiles] for one in group], dtype=float) for group in good]
    auc = _auc(*scores)
    low, high = auc_interval(auc, len(good[0]), len(good[1]))
    told = [tuple((one.name, one.score) for one in group) for group in good]
    failed = len(actives) + len(decoys) - sum(map(len, good))
    return Controls(told[0], told[1], failed, auc, low, high, _auc(*heavy))


def _auc(actives: NDArray[np.float64], decoys: NDArray[np.float64]) -> float:
    """Share of pairs in which the active's value is the lower one, ties half."""
    return float(mannwhitneyu(decoys, actives).statistic) / (len(actives) * len(decoys))


def auc_interval(auc: float, actives: int, decoys: int) -> tuple[float, float]:
    """95 % interval of an area under the ROC curve that also holds near 0 and 1 and for few (Newcombe, method 5).

    Parameters
    ----------
    auc : float
    actives, decoys : int

    Returns
    -------
    low, high : float

    Notes
    -----
    Newcombe, Stat. Med. 2006, 25, 559.
    """

    def off(truth: float, sign: int) -> float:
        mean = (actives + decoys) / 2 - 1
        spread = 1 + mean * ((1 - truth) / (2 - truth) + truth / (1 + truth))
        return auc - truth + sign * _Z * math.sqrt(truth * (1 - truth) * spread / (actives * decoys))

    # At 0 and at 1 the spread is none, which is a root that means nothing.
    low = 0.0 if auc <= 0 else float(brentq(off, 0, min(auc, 1 - _EDGE), args=(-1,)))
    high = 1.0 if auc >= 1 else float(brentq(off, max(auc, _EDGE), 1, args=(1,)))
    return low, high
