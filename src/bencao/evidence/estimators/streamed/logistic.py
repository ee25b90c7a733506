"""Logistic regression over rows that pass by: Newton's method on sums of score and information."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.linalg.blas import dsyrk

from bencao.evidence.errors import SeparationError
from bencao.evidence.estimators.modelled.propensity import expit
from bencao.evidence.estimators.streamed.passing import Passing

Floats = npt.NDArray[np.float64]
_WARM = 200_000  # rows on which the first steps are made
_MOST = 30  # passes
_CERTAIN = 1e-6
_SETTLED = 1e-9  # Newton's decrement by row, of a mean log-likelihood


def streamed_logistic(rows: Passing) -> tuple[Floats, int]:
    """Coefficients of treatment on covariates by maximum likelihood, each row seen once a pass.

    The first steps use the first rows alone; the passes over all rows then begin near the maximum.

    Parameters
    ----------
    rows : Passing

    Returns
    -------
    coefficients : ndarray, shape (p + 1,)
        Of the design in standard units.
    passes : int
        Over all rows.

    Raises
    ------
    SeparationError
        Covariates that tell the treatment wholly, or imply each other.
    """
    start = np.zeros(len(rows.covariates) + 1)
    if rows.n > 4 * _WARM:
        try:
            start, _ = _climb(rows, start, _WARM)
        except SeparationError:  # the first rows may lack what all have
            start = np.zeros_like(start)
    return _climb(rows, start, None)


def gram(scaled: Floats) -> Floats:
    """Upper triangle of ``scaled.T @ scaled``, for what is summed and then made whole by `whole`."""
    found: Floats = dsyrk(1.0, scaled.T)
    return found


def whole(upper: Floats) -> Floats:
    """A symmetric matrix from its upper triangle."""
    found: Floats = np.triu(upper) + np.triu(upper, 1).T
    return found


def _climb(rows: Passing, at: Floats, most: int | None) -> tuple[Floats, int]:
    for step in range(1, _MOST + 1):
        score, information, n = np.zeros_like(at), np.zeros((len(at), len(at))), 0
        certain = 0
        for design, treatment, _ in rows.chunks(most=most):
            chance = expit(design @ at)
            score += design.T @ (treatment - chance)
            information += gram(design * np.sqrt(chance * (1 - chance))[:, None])
            n += len(treatment)
            certain += int((np.abs(chance - 0.5) > 0.5 - _CERTAIN).sum())
        try:
            move = cho_solve(cho_factor(whole(information) / n), score / n)
        except LinAlgError:
            break
        # A step that is too long for the model's curvature is shortened; with a few covariates it never is.
        longest = float(np.abs(move).max())
        at = at + move * min(1.0, 2.0 / longest)
        if not np.isfinite(at).all() or np.abs(at).max() > 50 or certain > n / 2:
            break
        if float(score @ move) / n < _SETTLED:
            return at, step
    raise SeparationError(
        "the covariates tell it wholly, or imply each other, so that its model has no finite estimate",
        where=rows.treatment,
        mend="leave out the covariate that does, or restrict to where the arms overlap",
    )
