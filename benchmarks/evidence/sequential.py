"""Type-1 error and power of watching: counts without pause (MaxSPRT), and looks with a level that is spent.

python benchmarks/evidence/sequential.py [LOOKS.csv --upper-limit T] [--draws N] [--seed N] [--json]
[--predictions FILE]

Without a file: histories with no risk, and with a relative risk of 2, watched to 10 expected events after each event
(`type1_maxsprt`, exact in theory) and after each twentieth of them (`type1_maxsprt_looks`, on the safe side);
standardised estimates at five equal looks, two-sided 5 %, and their boundaries beside a peer in the same run, the
recursion of Armitage, McPherson and Rowe (1969) by Simpson's rule (`difference_` is the largest difference). Quarters,
one-sided, are beside those that the README of SeqBounds.jl prints (its grid is good to 5e-5). Intervals are exact
binomial. With a file of events and expected: its looks.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import show
from scipy.integrate import simpson
from scipy.optimize import bisect
from scipy.stats import beta, norm

from bencao.evidence.monitoring.spending import Spending, boundaries
from bencao.evidence.monitoring.watching import watch_counts
from bencao.kernel.maxsprt import critical_value, poisson_log_likelihood_ratio

SPENDINGS: tuple[Spending, ...] = ("obrien_fleming", "pocock")
QUARTERS = {0.25: 3.74955, 0.5: 2.53993, 0.75: 2.01604, 1.0: 1.72014}
FIFTHS = (0.2, 0.4, 0.6, 0.8, 1.0)
END = 10.0


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("looks", type=Path, nargs="?")
    parser.add_argument("--upper-limit", type=float, default=END)
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    if arguments.looks:
        found = watch_counts(pd.read_csv(arguments.looks), upper_limit=arguments.upper_limit)
        first = next((one.look for one in found if one.signal), None)
        show({"n": len(found), "signal_at": first, "boundary": found[0].boundary}, arguments.json)
        return
    draw = np.random.default_rng(arguments.seed)
    signals = {
        f"{what}_{name}": hits
        for what, ratio in (("type1", 1.0), ("power", 2.0))
        for name, hits in counts(draw, ratio, arguments.draws).items()
    }
    figures: dict[str, Any] = {"n": arguments.draws, "seed": arguments.seed}
    figures["critical_value"] = critical_value(END)
    figures["critical_value_published"] = 3.467952  # Kulldorff et al. 2011, table 1
    quarters = [one.z for one in boundaries(list(QUARTERS), sides=1)]
    figures["difference_seqbounds"] = float(np.abs(np.array(quarters) - list(QUARTERS.values())).max())
    for spending in SPENDINGS:
        z = np.array([one.z for one in boundaries(FIFTHS, spending=spending)])
        figures[f"difference_{spending}"] = float(np.abs(z - by_simpson(spending)).max())
        scores = np.cumsum(draw.normal(size=(arguments.draws, 5)), axis=1) / np.sqrt(np.arange(1, 6))
        signals[f"type1_{spending}"] = (np.abs(scores) >= z).any(axis=1)
    for name, hits in signals.items():
        count, n = int(hits.sum()), len(hits)
        figures[name] = count / n
        figures[f"{name}_low"] = float(beta.ppf(0.025, count, n - count + 1))
        figures[f"{name}_high"] = float(beta.ppf(0.975, count + 1, n - count)) if count < n else 1.0
    if arguments.predictions:
        pd.DataFrame(signals).to_csv(arguments.predictions, index=False)
    show(figures, arguments.json)


def by_simpson(spending: Spending, nodes: int = 401) -> np.ndarray:
    """Two-sided boundaries at fifths, 5 %, by Simpson's rule on the density of the score; root by bisection."""
    step, found, before = np.sqrt(0.2), [], 0.0
    scores, density = np.zeros(1), np.ones(1)
    for look, fraction in enumerate(FIFTHS, 1):
        share = np.sqrt(fraction)
        now = (
            2 * norm.sf(norm.isf(0.0125) / share)
            if spending == "obrien_fleming"
            else 0.025 * np.log1p((np.e - 1) * fraction)
        )

        def beyond(
            edge: float, scores: np.ndarray = scores, density: np.ndarray = density, first: bool = look == 1
        ) -> float:
            tail = density * norm.sf((edge - scores) / step)
            return float(tail[0] if first else simpson(tail, x=scores))

        edge = bisect(lambda one, most=now - before, tail=beyond: tail(one) - most, 0, 9, xtol=1e-12)
        found.append(edge / share)
        following = np.linspace(-edge, edge, nodes)
        arrived = norm.pdf((following[:, None] - scores) / step) / step * density
        scores, density = following, arrived[:, 0] if look == 1 else simpson(arrived, x=scores, axis=1)
        before = now
    return np.array(found)


def counts(draw: np.random.Generator, ratio: float, draws: int) -> dict[str, np.ndarray]:
    """Whether histories signal by the end, watched after each event and at twenty looks."""
    critical = critical_value(END)
    most = 80  # events; more than ever come
    times = np.cumsum(draw.exponential(1 / ratio, size=(draws, most)), axis=1)
    at_event = poisson_log_likelihood_ratio(np.arange(1, most + 1), times)
    looks = np.linspace(END / 20, END, 20)
    seen = (times[:, :, None] <= looks).sum(axis=1)
    return {
        "maxsprt": ((at_event >= critical) & (times <= END)).any(axis=1),
        "maxsprt_looks": (poisson_log_likelihood_ratio(seen, looks) >= critical).any(axis=1),
    }


if __name__ == "__main__":
    main()
