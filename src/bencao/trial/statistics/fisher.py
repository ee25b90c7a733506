"""Fisher's exact test of a table of any size, by the network of Mehta and Patel."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats, Integers

# Relative difference below which two tables count as equally probable; FEXACT and R take 1e-7.
_SAME = 1e-7
# Fillings of a column that may be looked at; the largest tables of a report need some hundred thousands.
_MOST_FILLINGS = 50_000_000

_Rows = tuple[int, ...]
_Arc = tuple[_Rows, float, int]


def fisher_exact(table: NDArray[np.integer]) -> float:
    """Two-sided p-value of Fisher's exact test (Freeman-Halton for more than two rows or columns).

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; empty rows and columns are left out.

    Returns
    -------
    float
        Probability, given the margins, of the tables no more probable than the one observed. 1 where less than two
        rows or columns are left.

    Raises
    ------
    EstimationError
        A count is negative, or the table is too large to be enumerated.

    References
    ----------
    Mehta and Patel, J. Am. Stat. Assoc. 1983, 78, 427.

    Examples
    --------
    >>> import numpy as np
    >>> round(fisher_exact(np.array([[3, 1], [1, 3]])), 4)
    0.4857
    """
    counts = np.asarray(table, dtype=np.int64)
    if counts.ndim != 2 or (counts < 0).any():
        raise EstimationError("a table of counts, none negative, was expected")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T  # few long rows make the smaller network
    if counts.shape[0] < 2:
        return 1.0
    return min(1.0, _Network(counts).tail())


class _Network:
    """Stages are columns, a node is what they leave of the rows, and an arc is one column's filling.

    A path's length is the log of 1 over the product of its factorials. Rows may be exchanged, so nodes are sorted. The
    last two columns are one stage: a filling of the one fixes the other.
    """

    def __init__(self, counts: Integers) -> None:
        self.log_factorial: Floats = gammaln(np.arange(counts.sum() + 1) + 1.0)
        self.columns = np.sort(counts.sum(axis=0))[::-1]
        self.start: _Rows = tuple(sorted(counts.sum(axis=1).tolist()))
        margins = self.log_factorial[self.columns].sum() + self.log_factorial[list(self.start)].sum()
        self.constant = float(margins - self.log_factorial[-1])
        self.limit = float(-self.log_factorial[counts].sum()) + _SAME
        self.fillings = 0
        self.arcs = cache(self._arcs)
        self.ends = cache(self._ends)
        self.extremes = cache(self._extremes)

    def _fill(self, rows: _Rows, size: int) -> Integers:
        """Ways to put a column of a size into rows, shape (ways, rows)."""
        cells, left = np.zeros((1, 0), dtype=np.int64), np.array([size])
        for place, row in enumerate(rows):
            low = np.maximum(left - sum(rows[place + 1 :]), 0)
            many = np.minimum(left, row) - low + 1
            self._count(int(many.sum()))
            owner = np.repeat(np.arange(len(left)), many)
            cell = low[owner] + np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many)
            cells, left = np.column_stack([cells[owner], cell]), left[owner] - cell
        return cells

    def _count(self, fillings: int) -> None:
        self.fillings += fillings
        if self.fillings > _MOST_FILLINGS:
            raise EstimationError("the table is too large for an exact test", mend="use the chi-square test")

    def _arcs(self, stage: int, rows: _Rows) -> list[_Arc]:
        """Next nodes, with the length of the arc and how many fillings share both."""
        cells = self._fill(rows, int(self.columns[stage]))
        lengths = np.round(-self.log_factorial[cells].sum(axis=1), 10)
        left = np.sort(np.array(rows) - cells, axis=1)
        node = left @ (rows[-1] + 1) ** np.arange(len(rows))  # a number for each node: the largest row is the last
        order = np.lexsort((lengths, node))
        new = np.r_[True, (np.diff(node[order]) != 0) | (np.diff(lengths[order]) != 0)]
        first = np.flatnonzero(new)
        ways = np.diff(np.r_[first, len(order)])
        kept = order[first]
        return [
            (tuple(cells), length, count)
            for cells, length, count in zip(left[kept].tolist(), lengths[kept].tolist(), ways.tolist(), strict=True)
        ]

    def _ends(self, rows: _Rows) -> tuple[Floats, Floats]:
        """Lengths of all ways through the last two columns, ascending, and the log of their running total."""
        cells = self._fill(rows, int(self.columns[-2]))
        lengths = np.sort(-(self.log_factorial[cells] + self.log_factorial[np.array(rows) - cells]).sum(axis=1))
        return lengths, np.log(np.cumsum(np.exp(lengths - lengths[-1]))) + lengths[-1]

    def _extremes(self, stage: int, rows: _Rows) -> tuple[float, float]:
        """Shortest and longest way from a node to the end."""
        if stage == len(self.columns) - 2:
            lengths, _ = self.ends(rows)
            return float(lengths[0]), float(lengths[-1])
        reached = [(length, self.extremes(stage + 1, left)) for left, length, _ in self.arcs(stage, rows)]
        return min(arc + low for arc, (low, _) in reached), max(arc + high for arc, (_, high) in reached)

    def _total(self, stage: int, rows: _Rows) -> float:
        """Log of the summed length of all ways from a node to the end, in closed form (multinomial)."""
        columns = self.columns[stage:]
        factorials = self.log_factorial[columns].sum() + self.log_factorial[list(rows)].sum()
        return float(self.log_factorial[columns.sum()] - factorials)

    def tail(self) -> float:
        """Probability of all paths no longer than the one observed."""
        pasts: dict[_Rows, dict[float, int]] = {self.start: {0.0: 1}}
        sums: list[float] = []
        for stage in range(len(self.columns) - 2):
            following: dict[_Rows, dict[float, int]] = {}
            for node, lengths in pasts.items():
                shortest, longest = self.extremes(stage, node)
                whole = [np.log(ways) + past for past, ways in lengths.items() if past + longest <= self.limit]
                sums.extend(length + self._total(stage, node) for length in whole)
                cut = [past for past in lengths if past + shortest <= self.limit < past + longest]
                for left, length, times in self.arcs(stage, node) if cut else []:
                    target = following.setdefault(left, {})
                    for past in cut:
                        key = round(past + length, 10)
                        target[key] = target.get(key, 0) + lengths[past] * times
            pasts = following
        for node, lengths in pasts.items():
            sums.extend(self._close(node, lengths))
        return float(np.exp(logsumexp(sums) + self.constant)) if sums else 0.0

    def _close(self, node: _Rows, lengths: dict[float, int]) -> list[float]:
        ends, totals = self.ends(node)
        past, ways = np.array(list(lengths)), np.array(list(lengths.values()), dtype=np.float64)
        reach = np.searchsorted(ends, self.limit - past, side="right")
        held = reach > 0
        return list((np.log(ways[held]) + past[held] + totals[reach[held] - 1]).tolist())
