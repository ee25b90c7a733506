"""A start for folding: places in space whose distances are those expected (distance geometry)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.folding.distributions import FloatArray

Places = NDArray[np.float64]
# Middles of the 36 bins of distance, in ångström.
MIDDLES = np.arange(36) * 0.5 + 2.25
_NEIGHBOUR = 5.5
_BEYOND = 22.0
# A pair of which the network says only that it is far weighs this much beside 1 / variance of the others.
_FAINT = 0.005
_STEPS = 300


def embed(distance: FloatArray) -> Places:
    """Find places whose distances fit the expected ones, up to a mirror.

    Classical scaling of the expected distances, completed by shortest paths, then stress majorisation with each pair
    weighted by how narrow its distribution is.

    Parameters
    ----------
    distance : ndarray of float32, shape (length, length, 37)
        `Distributions.distance`.

    Returns
    -------
    ndarray of float, shape (length, 3)
        Places of the Cβ in ångström.

    Notes
    -----
    J. de Leeuw, "Convergence of the majorization method for multidimensional scaling", J. Classif. 1988, 5, 163.
    """
    target, weight = _targets(distance.astype(float))
    places = _scaled(target)
    solve = np.linalg.pinv(np.diag(weight.sum(axis=1)) - weight)
    for _ in range(_STEPS):
        now = np.linalg.norm(places[:, None] - places[None], axis=-1)
        np.fill_diagonal(now, 1.0)
        pull = -weight * target / np.maximum(now, 1e-6)
        np.fill_diagonal(pull, 0.0)
        pull -= np.diag(pull.sum(axis=1))
        places = solve @ pull @ places
    return places


def _targets(distance: Places) -> tuple[Places, Places]:
    from scipy.sparse.csgraph import shortest_path

    near = distance[..., 1:].sum(axis=-1)
    expected = (distance[..., 1:] * MIDDLES).sum(axis=-1) / near
    spread = np.sqrt((distance[..., 1:] * (MIDDLES - expected[..., None]) ** 2).sum(axis=-1) / near)
    known = near > 0.5
    steps = np.where(known, expected, 0.0)
    following = np.arange(len(steps) - 1)
    steps[following, following + 1] = steps[following + 1, following] = _NEIGHBOUR
    paths = shortest_path(steps, directed=False)
    far = np.minimum(paths, np.maximum(_BEYOND, 0.75 * paths))
    weight = np.where(known, 1 / (0.3 + spread) ** 2, _FAINT)
    np.fill_diagonal(weight, 0.0)
    return np.where(known, steps, far), weight


def _scaled(target: Places) -> Places:
    length = len(target)
    centre = np.eye(length) - 1 / length
    values, vectors = np.linalg.eigh(-0.5 * centre @ (target**2) @ centre)
    scaled: Places = vectors[:, -3:] * np.sqrt(np.maximum(values[-3:], 0.0))
    return scaled
