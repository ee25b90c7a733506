"""Learn a panel from measured substances: boosted trees fitted without one part of the scaffolds after the other."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.admet.measured import Measured
from bencao.discovery.admet.panel import Panel
from bencao.discovery.admet.scaffolds import scaffold_folds
from bencao.discovery.admet.trees import Forest
from bencao.kernel.errors import InputError

# Chosen coarsely on the shipped sets, dealt otherwise than those of any published figure.
VALUES = {"max_iter": 300, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 8, "l2_regularization": 1.0}
CLASSES = {"max_iter": 100, "learning_rate": 0.07, "max_leaf_nodes": 15, "min_samples_leaf": 20, "l2_regularization": 5}
_COLUMNS = 0.3
_FOLDS = {True: 5, False: 10}
_LEAST_PARTS = {True: 3, False: 2}
_FEWEST = 20


def learn(measured: Measured, seed: int = 1, tasks: tuple[str, ...] = ()) -> Panel:
    """Fit a model a task and a part of the scaffolds, and keep what each gives for the part it had not seen.

    Parameters
    ----------
    measured : Measured
    seed : int
        Deals the scaffolds, and draws the columns that each node of a tree may ask for.
    tasks : tuple of str, optional
        Names in the panel; those of the columns where not given.

    Returns
    -------
    Panel

    Raises
    ------
    InputError
        All are of one scaffold (of two, where the endpoints are classes); a task has too few values, or too few of a
        class, for its held-out errors to say anything.
    """
    classes = measured.classes
    parts = min(_FOLDS[classes], len(set(measured.scaffolds)))
    if parts < _LEAST_PARTS[classes]:
        raise InputError(f"too few scaffolds ({parts})", mend=f"give molecules of {_LEAST_PARTS[classes]} or more")
    fold = scaffold_folds(measured.scaffolds, parts, seed)
    table, values = measured.table, measured.values
    held = np.full(values.shape, np.nan, dtype=np.float32)
    fitted = []
    for task, name in enumerate(measured.tasks):
        known = np.isfinite(values[:, task])
        _enough(values[known, task], classes, name)
        for part in range(parts):
            seen, unseen = known & (fold != part), known & (fold == part)
            trees = _fit(table[seen], values[seen, task], classes, seed)
            fitted.append(trees)
            if unseen.any() and not classes:
                held[unseen, task] = forest_of([trees]).outputs(table[unseen])[:, 0]
        if classes:
            held[known, task] = _as_of_new_ones(table[known], values[known, task], fold[known], seed)
    deviation = np.where(table.std(axis=0) > 0, table.std(axis=0), 1).astype(np.float32)
    kept = (table[:0] if classes else table / deviation).astype(np.float32)
    prints = np.array([one.print for one in measured.substances])
    keys = np.array([one.key.encode() for one in measured.substances])
    forest, none = forest_of(fitted), np.zeros((0, 3))
    panel = Panel(
        tasks or measured.tasks,
        classes,
        keys,
        prints,
        values,
        fold,
        held,
        forest,
        kept,
        deviation,
        none,
        np.zeros((0, 4)),
    )
    return panel if classes else _with_spread(panel)


def _as_of_new_ones(
    table: NDArray[np.float32], values: NDArray[np.float32], fold: NDArray[np.uint8], seed: int
) -> NDArray[np.float64]:
    """Mean log odds by all models that lack a substance's part and one more.

    A new molecule is judged by the mean of models that each lack a part; so is each of these, that the two compare.
    """
    parts = np.unique(fold)
    found = np.zeros(len(values))
    for pair in itertools.combinations(parts, 2):
        unseen = np.isin(fold, pair)
        trees = _fit(table[~unseen], values[~unseen], True, seed)
        found[unseen] += forest_of([trees]).outputs(table[unseen])[:, 0] / (len(parts) - 1)
    return found


def _enough(values: NDArray[np.float32], classes: bool, name: str) -> None:
    counts = [int((values == label).sum()) for label in (0, 1)] if classes else [len(values)]
    if min(counts) < _FEWEST:
        raise InputError(f"{min(counts)} measured values", where=name, mend=f"give {_FEWEST} or more, of each class")


def _fit(table: NDArray[np.float32], values: NDArray[np.float32], classes: bool, seed: int) -> dict[str, Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind, told = (HistGradientBoostingClassifier, CLASSES) if classes else (HistGradientBoostingRegressor, VALUES)
    model = kind(**told, max_features=_COLUMNS, early_stopping=False, random_state=seed).fit(table, values)
    return {
        "start": float(np.ravel(model._baseline_prediction)[0]),
        "nodes": [one[0].nodes for one in model._predictors],
    }


def forest_of(fitted: list[dict[str, Any]]) -> Forest:
    """The trees of fitted models, one output each."""
    trees = [nodes for one in fitted for nodes in one["nodes"]]
    sizes = [len(nodes) for nodes in trees]
    nodes = np.concatenate(trees)
    leaf = nodes["is_leaf"].astype(bool)
    own = np.concatenate([np.arange(size) for size in sizes])
    threshold = nodes["num_threshold"].astype(np.float32)
    # Columns are float32, so a threshold between two of them may be rounded down, never up.
    threshold = np.where(threshold > nodes["num_threshold"], np.nextafter(threshold, np.float32(-np.inf)), threshold)
    return Forest(
        nodes["feature_idx"].astype(np.uint8),
        np.where(leaf, np.float32(0), threshold).astype(np.float32),
        np.where(leaf, own, nodes["left"]).astype(np.uint8),
        np.where(leaf, own, nodes["right"]).astype(np.uint8),
        np.where(leaf, nodes["value"], 0).astype(np.float32),
        np.cumsum([0, *sizes[:-1]]).astype(np.int32),
        np.cumsum([0, *(len(one["nodes"]) for one in fitted[:-1])]).astype(np.int32),
        np.array([one["start"] for one in fitted]),
    )


def _with_spread(panel: Panel) -> Panel:
    """The same with its expected errors: a straight line in the distances, by least squares on held-out errors."""
    told = zip(panel.table * panel.deviation, panel.prints, panel.fold.tolist(), strict=True)
    far = np.array([panel.far(row, panel.similarities(bits), part) for row, bits, part in told])
    spread = []
    for task in range(len(panel.tasks)):
        off = np.abs(panel.values[:, task] - panel.held[:, task]).astype(np.float64)
        known = np.isfinite(off)
        line = np.linalg.lstsq(far[known], off[known], rcond=None)[0]
        spread.append([off[known].mean() / 5, *line])
    return replace(panel, held_far=far, spread=np.array(spread))
