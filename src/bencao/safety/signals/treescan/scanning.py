"""The tree-based scan statistic: every node of a hierarchy tested, with p values for having looked at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from bencao.safety.errors import CountsError
from bencao.safety.signals.counts.reading import Counted
from bencao.safety.signals.treescan.hierarchy import Hierarchy, Nodes, nodes_of
from bencao.safety.signals.treescan.statistic import (
    Model,
    Statistic,
    bernoulli,
    conditional_bernoulli,
    conditional_poisson,
    poisson,
)

Floats = npt.NDArray[np.float64]
_BLOCK = 32  # replicates of one generator: the same whatever fits into memory


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of one drug.

    Attributes
    ----------
    table : DataFrame
        A row a node, by falling llr: drug, node, parents (joined by " | "), events (reported ones below), n, expected,
        ratio, llr, p, and strongest: no node above or below it has a larger llr.
    outside : int
        Events that the hierarchy does not have, tested on their own.
    """

    table: pl.DataFrame
    outside: int


def scan_tree(
    hierarchy: Hierarchy,
    events: list[str],
    n: npt.ArrayLike,
    base: npt.ArrayLike,
    model: Model = "conditional-poisson",
    *,
    probability: float | None = None,
    draws: int = 999,
    seed: int = 0,
    drug: str = "",
) -> Scan:
    """Test each node for more than is expected.

    Parameters
    ----------
    hierarchy : Hierarchy
    events : list of str
        Each once.
    n : array-like, shape (events,)
        Counts.
    base : array-like, shape (events,)
        Expected counts for the Poisson models; for those of Bernoulli the trials, such as reports of the event with any
        drug.
    model : {"conditional-poisson", "poisson", "conditional-bernoulli", "bernoulli"}
    probability : float, optional
        Of a trial to be a case, for ``bernoulli``.
    draws : int
        Data sets drawn under the null.
    seed : int
    drug : str

    Returns
    -------
    Scan
        p is the share of data sets, the observed one among them, whose largest log likelihood ratio over all nodes is
        at least as large: it keeps the chance of any false node.

    Raises
    ------
    CountsError
        Where nothing is counted, a count lacks what it is held against, or there are more cases than trials.

    References
    ----------
    Kulldorff M, Fang Z, Walsh SJ (2003). A tree-based scan statistic for database disease surveillance. Biometrics 59,
    323-331.
    Kulldorff M, Dashevsky I, Avery TR, et al. (2013). Drug safety data mining with a tree-based scan statistic.
    Pharmacoepidemiology and Drug Safety 22, 517-523.
    """
    counts, against = np.asarray(n, float), np.asarray(base, float)
    statistic = _statistic(counts, against, model, probability)
    nodes = nodes_of(hierarchy, events)
    held, under = nodes.holds @ counts, nodes.holds @ statistic.base
    llr = statistic.ratio(held, under)
    largest = np.sort(_largest(nodes, statistic, under, draws, seed))
    # Ties count as at least as large; a rounding apart is a tie.
    reached = draws - np.searchsorted(largest, llr * (1 - 1e-12) - 1e-12, side="left")
    expected = nodes.holds @ statistic.expected
    table = pl.DataFrame(
        {
            "drug": [drug] * len(nodes.names),
            "node": nodes.names,
            "parents": [" | ".join(nodes.parents[name]) for name in nodes.names],
            "events": (nodes.holds @ (counts > 0).astype(float)).astype(int),
            "n": held.astype(int),
            "expected": expected,
            "ratio": held / expected,
            "llr": llr,
            "p": (1.0 + reached) / (1.0 + draws),
            "strongest": _strongest(nodes, llr),
        }
    )
    return Scan(table.sort("llr", "node", descending=[True, False]), nodes.outside)


def scan_drug(
    hierarchy: Hierarchy,
    counted: Counted,
    drug: str,
    model: Model = "conditional-poisson",
    *,
    probability: float | None = None,
    draws: int = 999,
    seed: int = 0,
) -> Scan:
    """Test each node for one drug of a table of counts; see `scan_tree`.

    Events never reported with the drug count as 0 of what is expected, unless the file gave expected counts of its own:
    then its rows of the drug are all there is. Raises CountsError where the drug is not in it.
    """
    own = counted.table.filter(pl.col("drug") == drug)
    if own.is_empty():
        raise CountsError(f"no drug {drug!r} in the counts", where="--of", mend="give one as it is written there")
    if counted.expected_by != "file":
        all_events = counted.table.select("event", "n_event").unique("event")
        own = all_events.join(own.select("event", "n"), on="event", how="left").with_columns(
            n=pl.col("n").fill_null(0),
            expected=pl.col("n_event") * int(own["n_drug"][0]) / int(own["total"][0]),
        )
    own = own.sort("event")
    against = own["n_event"] if model in ("bernoulli", "conditional-bernoulli") else own["expected"]
    return scan_tree(
        hierarchy, own["event"].to_list(), own["n"].to_numpy(), against.to_numpy(), model,
        probability=probability, draws=draws, seed=seed, drug=drug,
    )  # fmt: skip


def _statistic(counts: Floats, against: Floats, model: Model, probability: float | None) -> Statistic:
    if not counts.sum() > 0 or ((counts > 0) & (against <= 0)).any():
        raise CountsError("no counts, or counts where none are expected", mend="give expected counts above 0")
    if model == "poisson":
        return poisson(against)
    if model == "conditional-poisson":
        return conditional_poisson(counts, against)
    if (counts > against).any():
        raise CountsError("more cases than trials", mend="give the margins of the events, or use a Poisson model")
    if model == "conditional-bernoulli":
        return conditional_bernoulli(counts, against)
    if probability is None or not 0 < probability < 1:
        raise CountsError("no probability of a case", where="--probability", mend="give one between 0 and 1")
    return bernoulli(against, probability)


def _largest(nodes: Nodes, statistic: Statistic, under: Floats, draws: int, seed: int) -> Floats:
    """The largest log likelihood ratio of each data set drawn."""
    found = []
    for block, start in enumerate(range(0, draws, _BLOCK)):
        drawn = statistic.draw(np.random.default_rng([seed, block]), min(_BLOCK, draws - start))
        held = np.ascontiguousarray((nodes.holds @ drawn.T).T)
        found.append(statistic.ratio(held, under).max(axis=1))
    return np.concatenate(found)


def _strongest(nodes: Nodes, llr: Floats) -> list[bool]:
    """Whether a node's ratio is above 0 and none on its line, up or down, is larger."""
    place = {name: at for at, name in enumerate(nodes.names)}
    beaten = llr <= 0
    for name in nodes.names:
        at, waiting, seen = place[name], list(nodes.parents[name]), set[str]()
        while waiting:
            above = waiting.pop()
            if above in seen:
                continue
            seen.add(above)
            waiting += nodes.parents[above]
            beaten[at] |= llr[place[above]] > llr[at]
            beaten[place[above]] |= llr[at] > llr[place[above]]
    return [not each for each in beaten]
