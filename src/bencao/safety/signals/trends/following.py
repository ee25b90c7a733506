"""Pairs followed over time: information components, sequential test and change of each."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np
import polars as pl

from bencao.kernel.maxsprt import critical_value, poisson_log_likelihood_ratio
from bencao.safety.signals.disproportionality import information_component
from bencao.safety.signals.trends.change import change_point

_LONGEST = 1_000.0  # reports expected at which watching ends, where no other end was planned
_PER_DECADE = 20  # upper limits are rounded up to one of so many, which keeps the level
_PAIR = (
    "drug", "event", "n", "expected", "ic_from", "sequential_from",
    "change_from", "ratio_before", "ratio_after", "change_p",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trends:
    """Pairs over time.

    Attributes
    ----------
    table : DataFrame
        A row a period of a pair: drug, event, period, n, expected; ic, ic025, ic975 of the period alone; the same to
        date, all periods up to it together; ic_delta with its limits, the period against those before it; llr and
        critical of the sequential test, and whether it signals.
    pairs : DataFrame
        A row a pair: drug, event, n, expected; ic_from and sequential_from, the first period at which IC025 to date is
        above 0 and at which the sequential test signals; change_from, ratio_before, ratio_after and change_p of its
        likeliest change.
    """

    table: pl.DataFrame
    pairs: pl.DataFrame


def follow(
    counted: pl.DataFrame,
    *,
    alpha: float = 0.05,
    minimum: int = 3,
    upper_limit: float | None = None,
    draws: int = 999,
    seed: int = 0,
) -> Trends:
    """Follow each pair over its periods.

    Parameters
    ----------
    counted : DataFrame
        Columns drug, event, period, n, expected; periods in the order of their names.
    alpha : float
        Chance of a false signal of a pair's sequential test over all its periods. Over many pairs some will signal by
        chance.
    minimum : int
        Reports without which the sequential test does not signal.
    upper_limit : float, optional
        Expected count at which the sequential test ends, as planned; if not given, a pair's expected count over all
        periods, or 1,000 where that is more.
    draws, seed : int
        Of the change's p value.

    Returns
    -------
    Trends

    References
    ----------
    Norén GN, Hopstadius J, Bate A, Star K, Edwards IR (2010). Temporal pattern discovery in longitudinal electronic
    patient records. Data Mining and Knowledge Discovery 20, 361-387: the IC of one period against another.
    """
    pair = ["drug", "event"]
    ordered = counted.sort(*pair, "period").with_columns(
        pl.col("n").cum_sum().over(pair).alias("n_to_date"),
        pl.col("expected").cum_sum().over(pair).alias("expected_to_date"),
        pl.col("expected").sum().over(pair).alias("_all"),
    )
    table = _tested(_measured(ordered), alpha, minimum, upper_limit).drop("_all")
    return Trends(table, _summed(table, draws, seed))


def _measured(table: pl.DataFrame) -> pl.DataFrame:
    """Information components of the period, to date, and against the periods before."""
    n, expected = table["n"].to_numpy().astype(float), table["expected"].to_numpy()
    sum_n, sum_expected = table["n_to_date"].to_numpy().astype(float), table["expected_to_date"].to_numpy()
    alone, to_date = information_component(n, expected), information_component(sum_n, sum_expected)
    before = sum_expected - expected
    known = before > 1e-9 * np.maximum(sum_expected, 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        as_before = np.where(known, (sum_n - n) * expected / before, np.nan)
    delta = information_component(n, as_before)
    columns = {
        "ic": alone.ic, "ic025": alone.low, "ic975": alone.high,
        "ic_to_date": to_date.ic, "ic025_to_date": to_date.low, "ic975_to_date": to_date.high,
        "ic_delta": delta.ic, "ic_delta025": delta.low, "ic_delta975": delta.high,
    }  # fmt: skip
    return table.with_columns(pl.Series(name, values).fill_nan(None) for name, values in columns.items())


def _tested(table: pl.DataFrame, alpha: float, minimum: int, upper_limit: float | None) -> pl.DataFrame:
    limits = [upper_limit or _rounded_up(limit) for limit in table["_all"]]
    critical = np.array([critical_value(limit, alpha, minimum) if limit > 0 else math.nan for limit in limits])
    n, expected = table["n_to_date"].to_numpy(), table["expected_to_date"].to_numpy()
    llr = poisson_log_likelihood_ratio(n, expected)
    watched = expected <= np.array(limits) * (1 + 1e-12)
    signal = watched & (n >= minimum) & (llr >= critical) & (llr > 0)
    return table.with_columns(llr=pl.Series(llr), critical=pl.Series(critical).fill_nan(None), signal=pl.Series(signal))


def _rounded_up(limit: float) -> float:
    if limit <= 0:
        return 0.0
    return min(_LONGEST, float(10.0 ** (math.ceil(math.log10(limit) * _PER_DECADE - 1e-9) / _PER_DECADE)))


def _summed(table: pl.DataFrame, draws: int, seed: int) -> pl.DataFrame:
    """A row a pair."""
    rows = []
    for (drug, event), own in table.group_by("drug", "event", maintain_order=True):
        # Of its own, so that what is drawn for one pair does not hang together with another's.
        own_seed = (seed, zlib.crc32(f"{drug}\t{event}".encode()))
        change = change_point(own["n"].to_numpy(), own["expected"].to_numpy(), draws=draws, seed=own_seed)
        above, signalled = own.filter(pl.col("ic025_to_date") > 0), own.filter("signal")
        rows.append(
            {
                "drug": drug,
                "event": event,
                "n": own["n"].sum(),
                "expected": own["expected"].sum(),
                "ic_from": above["period"][0] if above.height else None,
                "sequential_from": signalled["period"][0] if signalled.height else None,
                "change_from": own["period"][change.at] if change.at else None,
                "ratio_before": change.before,
                "ratio_after": change.after,
                "change_p": change.p,
            }
        )
    kinds = {"n": pl.Int64} | dict.fromkeys(("expected", "ratio_before", "ratio_after", "change_p"), pl.Float64)
    schema = {name: kinds.get(name, pl.String) for name in _PAIR}
    return pl.DataFrame(rows, schema=schema).with_columns(pl.col("ratio_before", "ratio_after").fill_nan(None))
