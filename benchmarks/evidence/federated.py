"""Federated fits beside the fit of all rows together: logistic, inverse probability weights, Cox.

python benchmarks/evidence/federated.py UCI_HEART_DIR LUNG_CANCER.csv [--json] [--predictions FILE]

UCI_HEART_DIR has the four hospitals' files (exposure: fasting blood sugar, where not known as not raised; outcome:
any disease; age and male sex). LUNG_CANCER.csv has inst, time, status, sex, age, ph.ecog; `inst` is grouped into four
sites. Each site answers by signed messages and sees its own rows only. `difference_` is the largest absolute
difference of coefficients and standard errors from statsmodels or lifelines with an intercept (a baseline hazard) a
site, `by_files_` the largest between signed messages and signed files (of all fits), `rounds_` how many questions that
took, `numbers_` how many numbers left the sites by messages; `q_p_` and `i_squared_` tell of heterogeneity,
`without_low_` and `without_high_` of the exposure's coefficient with one site out.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import statsmodels.api as sm
from figures_of_studies import show
from lifelines import CoxPHFitter

from bencao.evidence.federated.answering import Site
from bencao.evidence.federated.exchange import Exchange, Question, begin, combine
from bencao.evidence.federated.messages import make_key, read_key
from bencao.evidence.federated.serving import asking
from bencao.evidence.federated.solving import Federated, Fit, federate
from bencao.evidence.federated.study import FederatedStudy

HOSPITALS = ("cleveland", "hungarian", "switzerland", "va")
INSTITUTIONS = {"a": (1, 2), "b": (3, 4, 5, 6, 7, 10), "c": (11, 12, 13), "d": (15, 16, 21, 22, 26, 32, 33)}
HEART: dict[str, Any] = {"study": "heart", "exposure": "fbs", "outcome": "disease", "covariates": ("age", "male")}
LUNG: dict[str, Any] = {
    **{"study": "lung", "model": "cox", "exposure": "female", "outcome": "died", "time": "time"},
    "covariates": ("age", "ecog"),
}
Sites = Mapping[str, pl.DataFrame]


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("heart", type=Path)
    parser.add_argument("lung", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    hospitals, institutions = read_heart(arguments.heart), read_lung(arguments.lung)
    figures: dict[str, Any] = {"n": sum(len(rows) for rows in hospitals.values())}
    figures["n_cox"] = sum(len(rows) for rows in institutions.values())
    told = []
    for model, sites, peer in (
        ("logistic", hospitals, pooled_logistic),
        ("ipw", hospitals, pooled_ipw),
        ("cox", institutions, pooled_cox),
    ):
        study = FederatedStudy.model_validate(LUNG if model == "cox" else {**HEART, "model": model})
        found, numbers, by_files, rounds = solved(study, sites)
        coefficients, se = peer(sites)
        own = np.concatenate([found.pooled.coefficients, found.pooled.se])
        figures[f"difference_{model}"] = float(np.abs(own - np.concatenate([coefficients, se])).max())
        figures |= {f"by_files_{model}": apart(found, by_files), f"rounds_{model}": rounds}
        figures[f"numbers_{model}"] = numbers
        without = [fit.coefficients[0] for fit in found.without.values() if isinstance(fit, Fit)]
        figures |= {f"q_p_{model}": found.q_p, f"i_squared_{model}": found.i_squared}
        figures |= {f"without_low_{model}": min(without), f"without_high_{model}": max(without)}
        effect, half = found.pooled.coefficients[0], 1.959963984540054 * found.pooled.se[0]
        figures |= {f"log_ratio_{model}": effect, f"low_{model}": effect - half, f"high_{model}": effect + half}
        told += [
            (model, place, mine, theirs)
            for place, (mine, theirs) in enumerate(zip(own, [*coefficients, *se], strict=True))
        ]
    figures["difference"] = max(figures[f"difference_{model}"] for model in ("logistic", "ipw", "cox"))
    if arguments.predictions:
        pd.DataFrame(told, columns=["model", "place", "federated", "pooled"]).to_csv(arguments.predictions, index=False)
    show(figures, arguments.json)


def solved(study: FederatedStudy, sites: Sites) -> tuple[Federated, int, Federated, int]:
    """The result by messages, how many numbers left by the sites' logs; the result by files, and their rounds."""
    with tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        coordinator = make_key(folder / "coordinator.key")
        public = {name: make_key(folder / f"{name}.key") for name in sites}

        def site(name: str, log: str) -> Site:
            table = {column: sites[name][column].to_numpy() for column in study.columns}
            return Site(
                name, study, table, read_key(folder / f"{name}.key"), coordinator, folder / f"{log}{name}.jsonl"
            )

        by_message, by_file = ({name: site(name, log) for name in sites} for log in ("", "file-"))
        key = read_key(folder / "coordinator.key")
        found = federate(
            study, list(sites), asking(study, key, public, lambda name, told: by_message[name].answer(told))
        )
        logs = [pl.read_ndjson(folder / f"{name}.jsonl")["sums"] for name in sites]
        exchange = Exchange(folder / "rounds", study, key, public)
        answer: Question | Federated = begin(exchange)
        while isinstance(answer, Question):
            for name in answer.sites:
                signed, _ = by_file[name].answer_question(answer.path.read_bytes())
                exchange.answer(answer.number, name).write_bytes(signed)
            answer = combine(exchange)
        rounds = len(list(exchange.folder.glob("*.question.json")))
        return found, sum(_numbers(one) for log in logs for one in log.to_list()), answer, rounds


def apart(one: Federated, other: Federated) -> float:
    """Largest absolute difference of coefficients and standard errors, over all fits."""

    def values(found: Federated) -> np.ndarray:
        fits = [found.pooled, *found.alone.values(), *found.without.values()]
        return np.concatenate([[*fit.coefficients, *fit.se] for fit in fits if isinstance(fit, Fit)])

    return float(np.abs(values(one) - values(other)).max())


def _numbers(told: Any) -> int:
    if isinstance(told, Mapping):
        return sum(_numbers(one) for one in told.values())
    return sum(_numbers(one) for one in told) if isinstance(told, list) else int(told is not None)


def read_heart(folder: Path) -> dict[str, pl.DataFrame]:
    """Four hospitals."""
    return {
        name: pl.read_csv(folder / f"{name}.data", infer_schema=False).select(
            age=pl.col("X1").cast(float),
            male=pl.col("X2").cast(float),
            fbs=(pl.col("X6").cast(float) == 1).cast(float),
            disease=(pl.col("X14").cast(float) > 0).cast(float),
        )
        for name in HOSPITALS
    }


def read_lung(path: Path) -> dict[str, pl.DataFrame]:
    """Institutions in four groups; rows without one, or without a performance status, left out."""
    told = pl.read_csv(path, null_values=["NA", ""]).drop_nulls(["inst", "ph.ecog"])
    rows = told.select(
        "inst",
        time=pl.col("time").cast(float),
        died=(pl.col("status") == 2).cast(float),
        female=(pl.col("sex") == 2).cast(float),
        age=pl.col("age").cast(float),
        ecog=pl.col("ph.ecog").cast(float),
    )
    return {name: rows.filter(pl.col("inst").is_in(group)).drop("inst") for name, group in INSTITUTIONS.items()}


def together(sites: Sites) -> tuple[pl.DataFrame, np.ndarray]:
    """All rows, and an intercept a site."""
    rows = pl.concat([one.with_columns(site=pl.lit(name)) for name, one in sites.items()])
    return rows, rows["site"].to_dummies().to_numpy().astype(float)


def pooled_logistic(sites: Sites) -> tuple[np.ndarray, np.ndarray]:
    """By statsmodels."""
    rows, intercepts = together(sites)
    design = np.column_stack([rows.select("fbs", "age", "male").to_numpy(), intercepts])
    fit = sm.GLM(rows["disease"].to_numpy(), design, family=sm.families.Binomial()).fit(tol=1e-14)
    return fit.params[:3], fit.bse[:3]


def pooled_ipw(sites: Sites) -> tuple[np.ndarray, np.ndarray]:
    """By statsmodels, with weights stabilised by each site's share; the robust error takes them as known."""
    rows, intercepts = together(sites)
    exposed, diseased, family = rows["fbs"].to_numpy(), rows["disease"].to_numpy(), sm.families.Binomial()
    design = np.column_stack([rows.select("age", "male").to_numpy(), intercepts])
    chance = sm.GLM(exposed, design, family=family).fit(tol=1e-14).predict()
    share = intercepts @ (intercepts.T @ exposed / intercepts.sum(0))
    weights = np.where(exposed == 1, share / chance, (1 - share) / (1 - chance))
    x = np.column_stack([exposed, intercepts])
    fit = sm.GLM(diseased, x, family=family, freq_weights=weights).fit(tol=1e-14)
    mean = fit.predict()
    bread = np.linalg.inv((x * (weights * mean * (1 - mean))[:, None]).T @ x)
    each = x * (weights * (diseased - mean))[:, None]
    return fit.params[:1], np.sqrt(np.diag(bread @ each.T @ each @ bread))[:1]


def pooled_cox(sites: Sites) -> tuple[np.ndarray, np.ndarray]:
    """By lifelines, stratified by site."""
    rows, names = together(sites)[0].to_pandas(), ["female", "age", "ecog"]
    fit = CoxPHFitter().fit(
        rows, "time", "died", strata=["site"], fit_options={"precision": 1e-12, "r_precision": 1e-14}
    )
    return fit.params_[names].to_numpy(), fit.standard_errors_[names].to_numpy()


if __name__ == "__main__":
    main()
