"""Boundaries of a group-sequential test whose level is spent look by look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import norm

from bencao.kernel.errors import InputError

Floats = npt.NDArray[np.float64]
Spending = Literal["obrien_fleming", "pocock"]
_FARTHEST, _NODES, _NOTHING = 9.0, 300, 1e-15


def spent(fraction: float, alpha: float, spending: Spending) -> float:
    """Of a one-sided level, what may be spent up to a fraction of the information.

    Parameters
    ----------
    fraction : float
        From 0 to 1.
    alpha : float
    spending : {"obrien_fleming", "pocock"}

    Returns
    -------
    float

    References
    ----------
    Lan KKG, DeMets DL (1983). Discrete sequential boundaries for clinical trials. Biometrika 70, 659-663.
    """
    if fraction >= 1:
        return alpha
    if spending == "pocock":
        return float(alpha * np.log1p((np.e - 1) * fraction))
    return float(2 * norm.sf(norm.isf(alpha / 2) / np.sqrt(fraction)))


@dataclass(frozen=True)
class Boundary:
    """A look.

    Attributes
    ----------
    fraction : float
        Of the information.
    z : float
        The standardised statistic from which on to signal; infinite where nothing worth telling is spent yet.
    spent : float
        Of the level, up to this look.
    """

    fraction: float
    z: float
    spent: float


def boundaries(
    fractions: Sequence[float], *, alpha: float = 0.05, spending: Spending = "obrien_fleming", sides: int = 2
) -> tuple[Boundary, ...]:
    """Critical values of each look, symmetric where the test is two-sided.

    Parameters
    ----------
    fractions : sequence of float
        Of the planned information at each look, rising, above 0, at most 1.
    alpha : float
        Over all looks and sides.
    spending : {"obrien_fleming", "pocock"}
    sides : {1, 2}

    Returns
    -------
    tuple of Boundary

    Raises
    ------
    InputError

    Notes
    -----
    The density of the score among those not stopped is carried from look to look by Gauss-Legendre quadrature
    (Armitage, McPherson and Rowe, JRSS A 1969, 132, 235).

    Examples
    --------
    >>> [round(one.z, 2) for one in boundaries([0.2, 0.4, 0.6, 0.8, 1.0])]
    [4.88, 3.36, 2.68, 2.29, 2.03]
    """
    told = [float(one) for one in fractions]
    if not told or not (told[0] > 0 and told[-1] <= 1 and all(a < b for a, b in pairwise(told))):
        raise InputError("are not rising from above 0 to 1", where="fractions", mend="give e.g. 0.25,0.5,0.75,1")
    if not 0 < alpha < 1 or sides not in (1, 2) or spending not in ("obrien_fleming", "pocock"):
        raise InputError(
            f"alpha {alpha}, {sides} sides, {spending}",
            where="boundaries",
            mend="give alpha between 0 and 1, 1 or 2 sides, obrien_fleming or pocock",
        )
    found: list[Boundary] = []
    scores, mass, before, gone = np.zeros(1), np.ones(1), 0.0, 0.0
    for fraction in told:
        now, step = spent(fraction, alpha / sides, spending), np.sqrt(fraction - before)
        edge = _edge(scores, mass, step, now - gone, _FARTHEST * np.sqrt(fraction))
        low = -edge if sides == 2 else -_FARTHEST * np.sqrt(fraction)
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        following = (edge + low) / 2 + (edge - low) / 2 * nodes
        density = norm.pdf((following[:, None] - scores) / step) @ mass / step
        z = float(edge / np.sqrt(fraction))
        found.append(Boundary(fraction, z if z < _FARTHEST else float("inf"), now * sides))
        scores, mass, before, gone = following, density * weights * (edge - low) / 2, fraction, now
    return tuple(found)


def _edge(scores: Floats, mass: Floats, step: float, spend: float, farthest: float) -> float:
    """The score beyond which just so much of the mass lands."""

    def excess(edge: float) -> float:
        return float(mass @ norm.sf((edge - scores) / step)) - spend

    if spend < _NOTHING or excess(farthest) >= 0:
        return farthest
    return float(brentq(excess, -farthest, farthest, xtol=1e-12))
