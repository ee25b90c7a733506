"""Draws of means and covariance of repeated measurements with values missing at random, by data augmentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats


@dataclass(frozen=True)
class Draw:
    """A draw from the posterior.

    Attributes
    ----------
    coefficients : array, shape (coefficients, visits)
    covariance : array, shape (visits, visits)
    values : array, shape (subjects, visits)
        Measurements, those missing drawn too.
    """

    coefficients: Floats
    covariance: Floats
    values: Floats


def draws(
    matrix: Floats, values: Floats, seen: NDArray[np.bool_], generator: np.random.Generator, burn_in: int, thin: int
) -> Iterator[Draw]:
    """Draw again and again from the posterior of a multivariate normal model with Jeffreys's prior.

    Parameters
    ----------
    matrix : array, shape (subjects, coefficients)
        Covariates of each subject; each visit has coefficients of its own.
    values : array, shape (subjects, visits)
        What stands where nothing was seen does not matter.
    seen : array of bool, same shape
    generator : numpy Generator
    burn_in, thin : int
        Draws left out before the first, and from one to the next.

    Yields
    ------
    Draw

    References
    ----------
    Schafer, Analysis of Incomplete Multivariate Data (1997), sections 5.2 to 5.4.
    """
    subjects, visits = values.shape
    free = subjects - matrix.shape[1]
    if free < visits:
        raise EstimationError(f"{subjects} subjects cannot carry {visits} visits and {matrix.shape[1]} coefficients")
    counts = seen.sum(axis=0)
    if (counts <= matrix.shape[1]).any():
        raise EstimationError(f"visit {int(counts.argmin()) + 1} is seen in {int(counts.min())} subjects only")
    root = np.linalg.cholesky(np.linalg.inv(matrix.T @ matrix))
    coefficients, covariance = _start(matrix, values, seen)
    patterns, pattern = np.unique(seen, axis=0, return_inverse=True)
    pattern = pattern.reshape(-1)
    current = np.where(seen, values, 0.0)
    number = 0
    while True:
        means = matrix @ coefficients
        for place, mask in enumerate(patterns):
            if not mask.all():
                rows = np.flatnonzero(pattern == place)
                current[np.ix_(rows, ~mask)] = conditional_draw(current[rows], means[rows], covariance, mask, generator)
        fitted = root @ (root.T @ (matrix.T @ current))
        residuals = current - matrix @ fitted
        covariance = _inverse_wishart(residuals.T @ residuals, free, generator)
        noise = generator.standard_normal(fitted.shape)
        coefficients = fitted + root @ noise @ np.linalg.cholesky(covariance).T
        number += 1
        if number > burn_in and (number - burn_in - 1) % thin == 0:
            yield Draw(coefficients, covariance, current.copy())


def _start(matrix: Floats, values: Floats, seen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Least squares of each visit by itself."""
    coefficients = np.zeros((matrix.shape[1], values.shape[1]))
    variances = np.zeros(values.shape[1])
    for visit, mask in enumerate(seen.T):
        coefficients[:, visit] = np.linalg.lstsq(matrix[mask], values[mask, visit], rcond=None)[0]
        variances[visit] = np.mean((values[mask, visit] - matrix[mask] @ coefficients[:, visit]) ** 2)
    if not (variances > 0).all():
        raise EstimationError("a visit's values are all what the covariates say, with nothing left to vary")
    return coefficients, np.diag(variances)


def conditional_draw(
    values: Floats, means: Floats, covariance: Floats, given: NDArray[np.bool_], generator: np.random.Generator
) -> Floats:
    """Draw the visits not given of subjects whose other visits are.

    Parameters
    ----------
    values, means : array, shape (subjects, visits)
    covariance : array, shape (visits, visits)
    given : array of bool, shape (visits,)

    Returns
    -------
    array, shape (subjects, visits not given)
    """
    free = ~given
    slopes = np.linalg.solve(covariance[np.ix_(given, given)], covariance[np.ix_(given, free)])
    left = covariance[np.ix_(free, free)] - covariance[np.ix_(free, given)] @ slopes
    middle = means[:, free] + (values - means)[:, given] @ slopes
    noise = generator.standard_normal(middle.shape)
    return middle + noise @ np.linalg.cholesky((left + left.T) / 2).T


def _inverse_wishart(scatter: Floats, df: int, generator: np.random.Generator) -> Floats:
    """Draw by Bartlett's decomposition of the Wishart matrix that is its inverse."""
    size = len(scatter)
    triangle = np.tril(generator.standard_normal((size, size)), -1)
    triangle[np.diag_indices(size)] = np.sqrt(generator.chisquare(df - np.arange(size)))
    # Wishart: L A A' L' with L L' the inverse of the scatter; its inverse is made of triangles solved.
    root = np.linalg.cholesky(scatter)
    inner = np.linalg.solve(triangle, root.T)
    return inner.T @ inner
