"""The same effects by DoubleML and zEpid, on the same persons in the same run: how far apart, and how much CPU time.

python benchmarks/evidence/peers_of_estimators.py [PEOPLE.csv|.parquet] [--treatment arm --outcome y0] [--persons 20000]
    [--covariates 100] [--seed 1] [--json] [--predictions FILE]

PEOPLE is one row a person: treatment and outcome of 1 and 0, all other columns are covariates. Without it persons are
drawn as `scale_of_cohorts.py` draws them (truth 0.0100).

- DoubleML (IRM, ATE) and Bencao's cross-fitted augmented weighting get the very same folds and unpenalised logistic
  regressions, and both divide weights by their sum: the estimates are one up to what the solvers leave.
- DoubleML's as its user calls it (own folds) stands beside `aipw` as Bencao's user calls it (no folds, the sandwich
  over all equations): these differ by what folds do, a part of the standard error.
- zEpid's IPTW (marginal structural model) stands beside `ipw`: one estimate; zEpid takes the weights as known, so that
  its error is larger. It is left out where it is not installed.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from figures_of_studies import show
from scale_of_cohorts import draw, place

from bencao.evidence.estimators.data.reading import read_table
from bencao.evidence.estimators.data.study_data import StudyData, study_data
from bencao.evidence.estimators.estimate import Settings, estimate

FOLDS = 5
Answer = tuple[float, float]


def main() -> None:
    """Ask every package for the same, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("people", type=Path, nargs="?")
    parser.add_argument("--treatment", default="arm")
    parser.add_argument("--outcome", default="y0")
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--covariates", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    told = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in ("doubleml", "zepid.causal.ipw", "bencao.evidence.estimators.modelled.doubly_robust"):
        with contextlib.suppress(ImportError):  # what loading costs is not timed
            import_module(name)
    table = read_table(told.people) if told.people else drawn(told.persons, told.covariates, told.seed)
    names = [name for name in table.columns if name not in (told.treatment, told.outcome)]
    data = study_data(table, treatment=told.treatment, outcome=told.outcome, covariates=names, kind="binary")
    asked: dict[str, Callable[[], Answer | None]] = {
        "bencao_cross_fitted": lambda: cross_fitted_here(data, told.seed),
        "doubleml_same_folds": lambda: by_doubleml(data, told.seed, same_folds=True),
        "bencao_aipw": lambda: here(data, "aipw"),
        "doubleml": lambda: by_doubleml(data, told.seed, same_folds=False),
        "bencao_ipw": lambda: here(data, "ipw"),
        "zepid_iptw": lambda: by_zepid(data),
    }
    figures: dict[str, Any] = {"n": data.n, "covariates": len(names), "seed": told.seed}
    found: dict[str, Answer] = {}
    for name, ask in asked.items():
        began = time.process_time()
        answer = ask()
        if answer is not None:
            found[name] = answer
            figures |= {f"{name}_seconds": time.process_time() - began, name: answer[0], f"{name}_se": answer[1]}
            figures |= {f"{name}_low": answer[0] - 1.96 * answer[1], f"{name}_high": answer[0] + 1.96 * answer[1]}
    pairs = (("bencao_cross_fitted", "doubleml_same_folds"), ("bencao_aipw", "doubleml"), ("bencao_ipw", "zepid_iptw"))
    for own, peer in pairs:
        if peer in found:
            figures[f"difference_from_{peer}"] = abs(found[own][0] - found[peer][0])
            figures[f"{own}_time_over_{peer}"] = figures[f"{own}_seconds"] / figures[f"{peer}_seconds"]
    if told.predictions:
        rows = [{"by": name, "estimate": value, "se": se} for name, (value, se) in found.items()]
        pd.DataFrame(rows).to_csv(told.predictions, index=False)
    show(figures, told.json)


def drawn(persons: int, covariates: int, seed: int) -> Any:
    """Persons as the benchmark of scale draws them."""
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder), persons, covariates, 1, seed)
        with duckdb.connect(str(place(Path(folder), persons)), read_only=True) as connection:
            return connection.execute("SELECT * FROM analysis").df()


def here(data: StudyData, method: Any) -> Answer:
    """By Bencao, as a user calls it."""
    found = estimate(data, method)
    return found.value, found.standard_error


def folds(data: StudyData, seed: int) -> list[Any]:
    """Rows to fit on and rows held out, of each fold."""
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(data.covariates, data.treatment))


def cross_fitted_here(data: StudyData, seed: int) -> Answer:
    """By Bencao's cross-fitted nuisances and influence function."""
    from bencao.evidence.estimators.modelled.cross_fitting import cross_fitted
    from bencao.evidence.estimators.modelled.doubly_robust import influence

    share = influence(data, cross_fitted(data, Settings(folds=FOLDS, seed=seed)), "ate")
    return float(share.mean()), float(share.std(ddof=1) / np.sqrt(data.n))


def by_doubleml(data: StudyData, seed: int, *, same_folds: bool) -> Answer:
    """By DoubleML's interactive regression model with logistic regressions that are not penalised."""
    import doubleml
    from sklearn.linear_model import LogisticRegression

    table = pd.DataFrame(data.design[:, 1:], columns=[f"x{k}" for k in range(len(data.names))])
    table = table.assign(y=data.outcome, d=data.treatment)
    learner = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000, solver="newton-cholesky")
    np.random.seed(seed)
    model = doubleml.DoubleMLIRM(
        doubleml.DoubleMLData(table, "y", "d"),
        learner,
        learner,
        n_folds=FOLDS,
        normalize_ipw=True,
        draw_sample_splitting=not same_folds,
    )
    if same_folds:
        model.set_sample_splitting([folds(data, seed)])
    model.fit()
    return float(model.coef[0]), float(model.se[0])


def by_zepid(data: StudyData) -> Answer | None:
    """By zEpid's inverse probability of treatment weights; None where it is not installed."""
    try:
        from zepid.causal.ipw import IPTW
    except ImportError:
        return None
    names = [f"x{k}" for k in range(len(data.names))]
    table = pd.DataFrame(data.design[:, 1:], columns=names).assign(y=data.outcome, d=data.treatment)
    model = IPTW(table, treatment="d", outcome="y")
    model.treatment_model(" + ".join(names), print_results=False)
    model.marginal_structural_model("d")
    model.fit()
    return float(model.risk_difference["RD"].iloc[1]), float(model.risk_difference["SE(RD)"].iloc[1])


if __name__ == "__main__":
    main()
