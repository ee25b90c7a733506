"""The likelihood ratio test of one drug among all events, with its Monte Carlo p value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from bencao.safety.errors import CountsError

Floats = npt.NDArray[np.float64]
_CHUNK = 4_000_000  # cells simulated at once


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """The test of one drug.

    Attributes
    ----------
    statistic : ndarray, shape (events,)
        Log likelihood ratio of each event; 0 where no more is reported than expected.
    p : ndarray, shape (events,)
        Share of draws whose largest statistic is at least as large, the observed table counted as one draw; it keeps
        the chance of any false signal for the drug at its level.
    """

    statistic: Floats
    p: Floats


def log_likelihood_ratio(n: npt.ArrayLike, share: npt.ArrayLike, reports: float) -> Floats:
    """Log likelihood ratio of counts of a drug that fall on events.

    Parameters
    ----------
    n : array-like, shape (..., events)
        Reports of the drug with each event.
    share : array-like, shape (events,)
        Share of each event among the reports of all drugs.
    reports : float
        Reports of the drug with any event, each event counted.

    Returns
    -------
    ndarray, shape (..., events)

    Examples
    --------
    30 of 100 where 10 are expected, 30 log 3 + 70 log (70/90):

    >>> round(float(log_likelihood_ratio([30.0], [0.1], 100.0)[0]), 6)
    15.366359
    """
    counts = np.asarray(n, float)
    expected = np.asarray(share, float) * reports
    rest, rest_expected = reports - counts, reports - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        with_event = np.where(counts > 0, counts * np.log(counts / expected), 0.0)
        without = np.where(rest > 0, rest * np.log(rest / rest_expected), 0.0)
    return np.where(counts > expected, with_event + without, 0.0)


def likelihood_ratio_test(
    n: npt.ArrayLike, event_totals: npt.ArrayLike, *, draws: int = 999, seed: int = 0
) -> LikelihoodRatio:
    """Test whether a drug is reported with any event more than all drugs are.

    Parameters
    ----------
    n : array-like, shape (events,)
        Reports of the drug with each event.
    event_totals : array-like, shape (events,)
        Reports of all drugs with each event.
    draws : int
        Tables drawn under the null, a multinomial over events with the shares of all drugs.
    seed : int

    Returns
    -------
    LikelihoodRatio

    Raises
    ------
    CountsError
        Where no event is reported, or a count exceeds its event's total.

    References
    ----------
    Huang L, Zalkikar J, Tiwari RC (2011). A likelihood ratio test based method for signal detection with application
    to FDA's drug safety data. Journal of the American Statistical Association 106, 1230-1241.
    """
    counts, totals = np.asarray(n, float), np.asarray(event_totals, float)
    if counts.shape != totals.shape or (counts > totals).any() or counts.sum() <= 0:
        raise CountsError("counts that are not part of their events' totals", mend="give the totals of the same table")
    share, reports = totals / totals.sum(), counts.sum()
    statistic = log_likelihood_ratio(counts, share, reports)
    largest = np.sort(_largest(int(reports), share, draws, seed))
    # Ties count as at least as large; a rounding apart is a tie.
    at_least = draws - np.searchsorted(largest, statistic * (1 - 1e-12), side="left")
    return LikelihoodRatio(statistic, np.asarray((1.0 + at_least) / (1.0 + draws), float))


def _largest(reports: int, share: Floats, draws: int, seed: int) -> Floats:
    """The largest statistic of each of the tables drawn under the null."""
    # Seeded by the number of reports too: drugs of as many reports share one null, whatever else is tested.
    random = np.random.default_rng([seed, reports])
    at_once = max(1, _CHUNK // len(share))
    parts = []
    for start in range(0, draws, at_once):
        drawn = random.multinomial(reports, share, size=min(at_once, draws - start))
        parts.append(log_likelihood_ratio(drawn, share, float(reports)).max(axis=1))
    return np.concatenate(parts)


def likelihood_ratio_of_drugs(counts: pl.DataFrame, *, draws: int = 999, seed: int = 0) -> pl.DataFrame:
    """The test for every drug of a table of counts.

    Parameters
    ----------
    counts : DataFrame
        Columns drug, event, n. Totals are the sums of the table's rows, as the test has it.
    draws, seed : int

    Returns
    -------
    DataFrame
        Columns drug, event, llr, llr_p, in the order of `counts`.
    """
    events = counts["event"].unique().sort()
    place = {event: number for number, event in enumerate(events)}
    at = np.array([place[event] for event in counts["event"]])
    n = counts["n"].cast(pl.Float64).to_numpy()
    totals = np.bincount(at, weights=n, minlength=len(events))
    share = totals / totals.sum()
    statistic, p = np.zeros(len(n)), np.ones(len(n))
    nulls: dict[int, Floats] = {}
    for rows in counts.with_row_index("row").group_by("drug", maintain_order=True).agg("row")["row"]:
        mine = rows.to_numpy()
        reports = int(n[mine].sum())
        if not reports:
            continue
        if reports not in nulls:
            nulls[reports] = np.sort(_largest(reports, share, draws, seed))
        statistic[mine] = log_likelihood_ratio(n[mine], share[at[mine]], float(reports))
        beyond = draws - np.searchsorted(nulls[reports], statistic[mine] * (1 - 1e-12), side="left")
        p[mine] = (1.0 + beyond) / (1.0 + draws)
    return counts.select("drug", "event").with_columns(llr=pl.Series(statistic), llr_p=pl.Series(p))
