"""Does the logistic lasso find masked signals and drop innocent companions, and how long does it take?

python benchmarks/safety/masking.py [--reports N] [--drugs D] [--worlds W] [--seed S] [--penalty bic|cv] [--peer]
                                    [--json] [--predictions FILE]

Synthetic worlds with planted truth, one event each (2 % of reports): drugs by Zipf's law; one drug in 5 % of reports
multiplies the event's odds by 50 and so hides others; 12 drugs multiply them by 1.5 to 4, six of them never with it; 8
innocent drugs are taken mostly with one of these. A drug counts as found by the ROR where its lower limit is above 1
and three reports name it with the event; by the lasso where it is kept with an odds ratio above 1. Intervals are 95 %
bootstrap intervals over worlds. --peer solves the first world at the chosen penalty with scikit-learn's saga, where it
is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the processes of the command; read when NumPy is loaded

import numpy as np
import polars as pl
from scipy.sparse import csc_array, hstack
from scipy.special import expit

from bencao.kernel.files import write_text
from bencao.safety.signals.masking import Design, fit_lasso, regress

CAUSES, ALONE, INNOCENT = 12, 6, 8


def make(reports: int, drugs: int, seed: int) -> tuple[Design, np.ndarray, dict[str, str]]:
    """A world: its design, the rows with the event, and what each drug that matters is."""
    random = np.random.default_rng(seed)
    weight = 1.0 / np.arange(1, drugs + 1) ** 0.9
    taken = 1 + random.poisson(1.2, reports)
    rows = np.repeat(np.arange(reports), taken)
    columns = random.choice(drugs, len(rows), p=weight / weight.sum())
    # Of middling frequency, so that there is something to find: expected in 60 reports or more.
    places = random.permutation(np.arange(5, min(drugs, 150)))
    causes, innocent = places[:CAUSES], places[CAUSES : CAUSES + INNOCENT]
    masker = random.random(reports) < 0.05
    alone = masker[rows] & np.isin(columns, causes[:ALONE])
    rows, columns = rows[~alone], columns[~alone]
    strong = [np.flatnonzero(masker), *(rows[columns == cause] for cause in causes)]
    for at, drug in enumerate(innocent):
        company = strong[0 if at < INNOCENT // 2 else 1 + random.integers(CAUSES)]
        company = company[random.random(len(company)) < 0.4]
        rows, columns = np.r_[rows, company], np.r_[columns, np.full(len(company), drug)]
    rows, columns = np.r_[rows, np.flatnonzero(masker)], np.r_[columns, np.full(masker.sum(), drugs)]
    x = csc_array((np.ones(len(rows)), (rows, columns)), shape=(reports, drugs + 1))
    x.sum_duplicates()
    x.data[:] = 1.0
    effect = np.zeros(drugs + 1)
    effect[causes] = np.log(random.uniform(1.5, 4.0, CAUSES))
    effect[drugs] = np.log(50.0)
    sex = random.integers(0, 2, reports)
    y = random.random(reports) < expit(np.log(0.01) + x @ effect + 0.4 * sex)
    kinds = {f"d{cause}": "masked" if at < ALONE else "cause" for at, cause in enumerate(causes)}
    kinds |= {f"d{drug}": "innocent" for drug in innocent} | {f"d{drugs}": "masker"}
    whole = csc_array(hstack([np.ones((reports, 1)), sex[:, None].astype(float), x], format="csc"))
    design = Design(whole, 2, sex[:, None], [f"d{drug}" for drug in range(drugs + 1)])
    return design, np.flatnonzero(y), kinds


def peer(design: Design, rows: np.ndarray, penalty: float) -> dict[str, Any]:
    """Objectives and seconds of scikit-learn and of ours at one penalty."""
    from sklearn.linear_model import LogisticRegression

    y = np.zeros(design.x.shape[0])
    y[rows] = 1.0
    # scikit-learn penalises every column but the intercept: the same problem without the stratum.
    x = design.x[:, design.free :].tocsr()
    x.indices, x.indptr = x.indices.astype(np.int32), x.indptr.astype(np.int32)  # as it takes them
    start = time.process_time()
    model = LogisticRegression(
        solver="saga", l1_ratio=1.0, C=1 / (penalty * len(y)), tol=1e-7, max_iter=3_000, random_state=0
    ).fit(x, y)
    theirs = time.process_time() - start
    start = time.process_time()
    ours = fit_lasso(csc_array(hstack([np.ones((len(y), 1)), x], format="csc")), y, penalty, 1)
    mine = time.process_time() - start
    margin = x @ model.coef_[0] + model.intercept_[0]
    value = float((np.logaddexp(0, margin) - y * margin).mean() + penalty * np.abs(model.coef_).sum())
    own = ours.deviance / (2 * len(y)) + penalty * float(np.abs(ours.coefficients[1:]).sum())
    return {
        "peer_seconds": theirs,
        "own_seconds_at_one_penalty": mine,
        "peer_objective_minus_ours": value - own,
        "largest_difference": float(np.abs(model.coef_[0] - ours.coefficients[1:]).max()),
    }


def score(table: pl.DataFrame, kinds: dict[str, str]) -> dict[str, float]:
    """Shares found of each kind by either measure, and drugs without effect found."""
    table = table.with_columns(kind=pl.col("drug").replace_strict(kinds, default="none"))
    table = table.with_columns(
        by_ror=((pl.col("ror_low") > 1) & (pl.col("n") >= 3)).fill_null(False),
        by_lasso=pl.col("verdict").is_in(["both", "unmasked"]),
    )
    result: dict[str, float] = {}
    for kind in ("masked", "cause", "innocent"):
        count = sum(each == kind for each in kinds.values())
        for by in ("ror", "lasso"):
            result[f"{kind}_found_by_{by}"] = float(table.filter(pl.col("kind") == kind)[f"by_{by}"].sum()) / count
    for by in ("ror", "lasso"):
        result[f"none_found_by_{by}"] = float(table.filter(pl.col("kind") == "none")[f"by_{by}"].sum())
    return result


def main() -> None:
    """Run on seeded worlds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--drugs", type=int, default=2_000)
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--penalty", choices=("bic", "cv"), default="bic")
    parser.add_argument("--peer", action="store_true", help="compare with scikit-learn")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each drug's row, one JSON a line")
    arguments = parser.parse_args()
    scores, seconds, gaps, lines = [], [], [], []
    result: dict[str, Any] = {"n": arguments.worlds, "reports": arguments.reports, "drugs": arguments.drugs}
    for world in range(arguments.worlds):
        design, rows, kinds = make(arguments.reports, arguments.drugs, arguments.seed * 1_000 + world)
        cpu, wall = time.process_time(), time.perf_counter()
        found = regress(design, "event", rows, arguments.penalty, seed=arguments.seed)
        seconds.append((time.process_time() - cpu, time.perf_counter() - wall))
        gaps.append(found.gap)
        scores.append(score(found.table, kinds))
        lines += [{"world": world, "kind": kinds.get(row["drug"], "none"), **row} for row in found.table.to_dicts()]
        if arguments.peer and not world:
            result |= peer(design, rows, found.penalty)
    random = np.random.default_rng(arguments.seed)
    for name in scores[0]:
        values = np.array([each[name] for each in scores])
        means = random.choice(values, (4_000, len(values))).mean(axis=1)
        result[name] = float(values.mean())
        result |= dict(
            zip((f"{name}_low", f"{name}_high"), map(float, np.quantile(means, [0.025, 0.975])), strict=True)
        )
    result |= {"cpu_seconds": float(np.median([cpu for cpu, _ in seconds])), "largest_gap": max(gaps)}
    result |= {"wall_seconds": float(np.median([wall for _, wall in seconds]))}
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(line) + "\n" for line in lines))
    if arguments.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:34}{value:.4g}" if isinstance(value, float) else f"{key:34}{value}")


if __name__ == "__main__":
    main()
