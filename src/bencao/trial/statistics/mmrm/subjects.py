"""Repeated measurements laid out by subject and visit, subjects alike in what is missing side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.design import Design
from bencao.trial.statistics.samples import Floats, Integers, as_floats, codes_of, levels_of, require_columns


@dataclass(frozen=True)
class Subjects:
    """Measurements of all subjects.

    Attributes
    ----------
    columns : array, shape (subjects, visits, coefficients + 1)
        Rows of the design matrix and, last, the response; zero where a visit is missing. Weighted rows are multiplied
        by the root of their weight.
    pattern : array of int, shape (subjects,)
        Which pattern a subject has; subjects are sorted by it.
    counts : array of int, shape (patterns,)
        Subjects of each.
    masks : array of bool, shape (patterns, visits)
        Visits that are there.
    groups : array of int, shape (patterns,)
    distances : array, shape (patterns, visits, visits)
        Between visits, where asked for, else of no patterns.
    visits, group_levels : tuple
    n_observations : int
    log_weights : float
        Sum of the logs of weights.
    """

    columns: Floats
    pattern: Integers
    counts: Integers
    masks: NDArray[np.bool_]
    groups: Integers
    distances: Floats
    visits: tuple[object, ...]
    group_levels: tuple[object, ...]
    n_observations: int
    log_weights: float

    def sums(self, values: Floats) -> Floats:
        """Sum of values of subjects, first axis, over each pattern."""
        return np.add.reduceat(values, np.cumsum(self.counts) - self.counts, axis=0)


def lay_out(
    frame: pl.DataFrame,
    design: Design,
    response: str,
    subject: str,
    visit: str,
    group: str | None,
    weights: str | None,
    coordinates: Sequence[str],
) -> Subjects:
    """Lay out the rows of a frame that a design uses.

    Raises
    ------
    EstimationError
        A subject has a visit twice or stands in two groups, or a weight is not positive.
    """
    rows = frame.filter(pl.Series(design.used))
    require_columns(rows, [subject, visit])
    visits = levels_of(rows[visit])
    names = levels_of(rows[subject])
    place, owner = codes_of(rows[visit], visits), codes_of(rows[subject], names)
    _require_once(owner * len(visits) + place, rows, subject, visit)
    weight = as_floats(rows[weights], weights) if weights else np.ones(rows.height)
    if not (weight > 0).all():
        raise EstimationError("a weight is not positive", where=weights or "")
    group_levels = levels_of(rows[group]) if group else ["all"]
    group_code = codes_of(rows[group], group_levels) if group else np.zeros(rows.height, dtype=np.int64)
    own_group = _of_subject(group_code, owner, len(names), group or "")

    values = np.column_stack([design.matrix, as_floats(rows[response], response)]) * np.sqrt(weight)[:, None]
    columns = np.zeros((len(names), len(visits), values.shape[1]))
    columns[owner, place] = values
    masks = np.zeros((len(names), len(visits)), dtype=bool)
    masks[owner, place] = True
    points = np.zeros((len(names), len(visits), len(coordinates)))
    for number, name in enumerate(coordinates):
        points[owner, place, number] = as_floats(rows[name], name)
    keys = np.column_stack([own_group, masks, points.reshape(len(names), -1)])
    _, first, pattern, counts = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    pattern = pattern.reshape(-1)
    order = np.argsort(pattern, kind="stable")
    apart = points[first][:, :, None, :] - points[first][:, None, :, :]
    distances = np.sqrt((apart**2).sum(axis=-1)) if coordinates else np.zeros((0, len(visits), len(visits)))
    return Subjects(
        columns[order],
        pattern[order],
        counts,
        masks[first],
        own_group[first],
        distances,
        tuple(visits),
        tuple(group_levels),
        rows.height,
        float(np.log(weight).sum()),
    )


def _require_once(keys: Integers, rows: pl.DataFrame, subject: str, visit: str) -> None:
    distinct, first, counts = np.unique(keys, return_index=True, return_counts=True)
    if len(distinct) < len(keys):
        row = rows.row(int(first[counts > 1][0]), named=True)
        raise EstimationError(
            f"{subject} {row[subject]} has {visit} {row[visit]} twice", mend="keep one record of each visit"
        )


def _of_subject(codes: Integers, owner: Integers, subjects: int, name: str) -> Integers:
    own = np.full(subjects, -1, dtype=np.int64)
    own[owner] = codes
    if (own[owner] != codes).any():
        raise EstimationError("a subject stands in two groups", where=name)
    return own
