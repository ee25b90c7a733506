"""Do models of repeated measurements give what PROC MIXED printed, and what does a large one cost beside peers?

python benchmarks/trial/mmrm.py DATA/trial/mmrm [--convergence 1e-8] [--peer nlme] [--json] [--predictions FILE]

DATA/trial/mmrm holds fev_data.csv, bcva_data.csv and the logs in sas_outputs. Every printed coefficient, least-squares
mean and difference of such counts once: its estimate and standard error equal if within 1e-4, its degrees of freedom if
they round to those printed. BCVA has
no SAS reference; its fit (unstructured, Kenward-Roger) is timed in CPU seconds, and with --peer compared with
gls() of R's nlme, which must be installed (Debian: r-cran-nlme).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sas_logs import Line, Log, Mean, read_logs

from bencao.kernel.files import write_text
from bencao.trial.statistics import (
    Estimate,
    coefficients,
    ls_mean_difference,
    ls_means,
    mmrm,
    type3_tests,
)
from bencao.trial.statistics.mmrm import MmrmFit
from bencao.trial.statistics.mmrm.likelihood import Model, evaluate, quadratic_forms
from bencao.trial.statistics.mmrm.structures import structure_of
from bencao.trial.statistics.mmrm.subjects import lay_out

WITHIN = 1e-4
BCVA_TERMS = ["RACE", "BCVA_BL", "AVISIT", "ARMCD", "ARMCD*AVISIT"]
NLME = """
suppressMessages(library(nlme))
d <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = TRUE)
for (v in c("RACE", "AVISIT", "ARMCD")) {
  d[[v]] <- relevel(d[[v]], ref = tail(levels(d[[v]]), 1))
}
d$place <- as.integer(factor(d$VISITN))
start <- proc.time()
f <- gls(BCVA_CHG ~ RACE + BCVA_BL + AVISIT + ARMCD + ARMCD:AVISIT, data = d, method = "REML",
         correlation = corSymm(form = ~ place | USUBJID), weights = varIdent(form = ~ 1 | AVISIT),
         control = glsControl(msMaxIter = 500, opt = "nlminb"))
used <- sum((proc.time() - start)[1:2])
cat(used, format(-2 * as.numeric(logLik(f)), digits = 12), "\\n")
cat(paste(names(coef(f)), coef(f), sqrt(diag(vcov(f))), sep = "\\t"), sep = "\\n")
"""


def fit_log(frame: pl.DataFrame, log: Log, convergence: float) -> MmrmFit:
    """Fit the model of a log."""
    setting = log.setting
    ordered = frame.with_columns(pl.col(name).cast(pl.Enum(levels)) for name, levels in setting.levels.items())
    return mmrm(
        ordered,
        "FEV1",
        setting.terms,
        "USUBJID",
        "AVISIT",
        setting.structure,
        group=setting.group,
        method=setting.method,  # type: ignore[arg-type]
        df=setting.df,  # type: ignore[arg-type]
        weights=setting.weights,
        coordinates=setting.coordinates,
        convergence=convergence,
    )


def mean_of(fit: MmrmFit, mean: Mean) -> Estimate:
    """Our estimate of a printed mean or difference."""
    visit, arm = mean.cell
    if mean.other is None:
        found = next(one.value for one in ls_means(fit, ["AVISIT", "ARMCD"]) if one.levels == mean.cell)
        assert found
        return found
    if mean.other[0] == visit:
        return ls_mean_difference(fit, "ARMCD", arm, mean.other[1], at={"AVISIT": visit})
    return ls_mean_difference(fit, "AVISIT", visit, mean.other[0], at={"ARMCD": arm})


def beside(what: str, ours: Estimate, line: Line) -> dict[str, Any]:
    """An estimate of ours beside a printed one."""
    return {
        "what": what,
        "estimate": ours.estimate,
        "estimate_off": ours.estimate - line.estimate,
        "error_off": ours.standard_error - line.standard_error,
        "df": ours.df,
        "sas_df": line.df,
        # A df is printed rounded; what lies at a half may be rounded either way from a slightly other fit.
        "df_equal": abs(ours.df - line.df) <= 0.5,
    }


def compare(frame: pl.DataFrame, logs: list[Log], convergence: float) -> list[dict[str, Any]]:
    """A row for each printed coefficient, mean and difference, and one for each printed type 3 test."""
    rows: list[dict[str, Any]] = []
    for log in logs:
        fit = fit_log(frame, log, convergence)
        ours = [one for one in coefficients(fit) if one.value]
        if len(ours) != len(log.lines):
            raise SystemExit(f"{log.name} prints {len(log.lines)} coefficients, the fit has {len(ours)}")
        base = {
            "log": log.name,
            "structure": ("group " if log.setting.group else "") + log.setting.structure,
            "below_sas": log.minus_2_log_likelihood and log.minus_2_log_likelihood - fit.minus_2_log_likelihood,
        }
        for one, line in zip(ours, log.lines, strict=True):
            assert one.value
            names = [*one.column.term, *(str(level) for _, level in one.column.levels)]
            rows.append(base | beside(" ".join(names) or "Intercept", one.value, line))
        for mean in log.means:
            what = " ".join(["mean", *mean.cell, *(("less", *mean.other) if mean.other else ())])
            rows.append(base | beside(what, mean_of(fit, mean), mean.line))
        effects = {"*".join(effect.term): effect.test for effect in type3_tests(fit)} if log.effects else {}
        for printed in log.effects:
            test = effects[printed.term]
            assert test
            rows.append(
                base
                | {
                    "what": f"type 3 {printed.term}",
                    "f_off": test.f - printed.f,
                    "df": test.denominator_df,
                    "sas_df": printed.denominator_df,
                    "df_equal": abs(test.denominator_df - printed.denominator_df) <= 0.5,
                }
            )
    return rows


def figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Flat figures of the comparison."""
    lines = [row for row in rows if "estimate_off" in row]
    tests = [row for row in rows if "f_off" in row]
    plain = [row for row in lines if not row["structure"].startswith("group")]
    structures = {row["structure"] for row in lines}
    off = {row["structure"] for row in lines if max(abs(row["estimate_off"]), abs(row["error_off"])) > WITHIN}
    return {
        "n": len(lines),
        "logs": len({row["log"] for row in rows}),
        "structures": len(structures),
        "estimates_within": sum(abs(row["estimate_off"]) <= WITHIN for row in lines),
        "errors_within": sum(abs(row["error_off"]) <= WITHIN for row in lines),
        "df_equal": sum(row["df_equal"] for row in lines),
        "ungrouped": len(plain),
        "ungrouped_estimates_within": sum(abs(row["estimate_off"]) <= WITHIN for row in plain),
        "worst_estimate": max(abs(row["estimate_off"]) for row in lines),
        "worst_error": max(abs(row["error_off"]) for row in lines),
        "structures_beyond": " ".join(sorted(off)).replace("group ", "group:") or "none",
        "type3_tests": len(tests),
        "type3_f_within": sum(abs(row["f_off"]) <= 0.005 + 1e-9 for row in tests),
        "type3_df_equal": sum(row["df_equal"] for row in tests),
    }


def df_of_unweighted_slopes(frame: pl.DataFrame, log: Log, convergence: float) -> list[float]:
    """Satterthwaite's degrees of freedom of a weighted fit, were the derivative of V taken without the weights.

    That is what PROC MIXED printed for the unstructured matrix with weights; it is no more than an explanation.
    """
    setting = log.setting
    ordered = frame.with_columns(pl.col(name).cast(pl.Enum(levels)) for name, levels in setting.levels.items())
    fit = fit_log(frame, log, convergence)
    subjects = lay_out(ordered, fit.design, "FEV1", "USUBJID", "AVISIT", None, setting.weights, ())
    model = Model(subjects, structure_of(setting.structure), restricted=setting.method == "reml")
    point = evaluate(model, np.array([one.estimate for one in fit.parameters]))
    assert point
    # The intercept's column holds the root of the weight, or zero where a visit is missing.
    projected = point.projected * subjects.columns[..., :1]
    unit = np.zeros(len(projected), dtype=np.int64)
    slopes = point.covariance @ quadratic_forms(point.blocks[0].first, unit, projected) @ point.covariance
    gradient = np.einsum("kii->ki", slopes)
    spread = np.einsum("ki,kl,li->i", gradient, fit.parameter_covariance, gradient)
    return [float(df) for df in 2 * np.diag(point.covariance) ** 2 / spread]


def time_bcva(frame: pl.DataFrame) -> tuple[MmrmFit, dict[str, Any]]:
    """Fit BCVA by Kenward and Roger, in CPU seconds."""
    start = time.process_time()
    fit = mmrm(frame, "BCVA_CHG", BCVA_TERMS, "USUBJID", "AVISIT")
    used = time.process_time() - start
    return fit, {
        "bcva_rows": fit.n_observations,
        "bcva_cpu_s": round(used, 3),
        "bcva_minus_2_log_likelihood": round(fit.minus_2_log_likelihood, 5),
    }


def compare_nlme(path: Path, fit: MmrmFit) -> dict[str, Any]:
    """The same model by R's nlme: CPU seconds, likelihood, largest difference of estimates and errors."""
    with tempfile.NamedTemporaryFile("w", suffix=".R") as script:
        script.write(NLME)
        script.flush()
        done = subprocess.run(["Rscript", script.name, str(path)], capture_output=True, text=True, check=True)
    first, *rest = done.stdout.strip().splitlines()
    used, value = (float(part) for part in first.split())
    theirs = {name: (float(estimate), float(error)) for name, estimate, error in (line.split("\t") for line in rest)}
    estimates, errors = [], []
    for one in coefficients(fit):
        if one.value is None:
            continue
        # R writes an interaction's levels in the order of the model's variables, which is AVISIT, ARMCD here.
        named = sorted(one.column.levels, key=lambda pair: ["RACE", "AVISIT", "ARMCD"].index(pair[0]))
        key = ":".join(f"{name}{level}" for name, level in named) or "".join(one.column.covariates) or "(Intercept)"
        estimate, error = theirs[key]
        row = int(next(n for n, number in enumerate(fit.design.kept) if fit.design.columns[number] == one.column))
        estimates.append(abs(one.value.estimate - estimate))
        errors.append(abs(float(fit.model_covariance[row, row]) ** 0.5 - error))
    return {
        "nlme_cpu_s": round(used, 2),
        "nlme_minus_2_log_likelihood": round(value, 5),
        "nlme_coefficients": len(estimates),
        "nlme_worst_estimate": max(estimates),
        "nlme_worst_error": max(errors),
    }


def main() -> None:
    """Run on a folder of data and logs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="with fev_data.csv, bcva_data.csv and sas_outputs")
    parser.add_argument("--convergence", type=float, default=1e-8, help="SAS's default is 1e-8; 1e-14 is the maximum")
    parser.add_argument("--peer", choices=["nlme"], help="fit BCVA with it too")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each compared number, one JSON a line")
    arguments = parser.parse_args()
    frame = pl.read_csv(arguments.folder / "fev_data.csv")
    logs = read_logs(arguments.folder / "sas_outputs")
    rows = compare(frame, logs, arguments.convergence)
    result = figures(rows) | {"convergence": arguments.convergence}
    weighted = next(log for log in logs if log.setting.weights and log.setting.structure == "un")
    pairs = zip(df_of_unweighted_slopes(frame, weighted, arguments.convergence), weighted.lines, strict=True)
    result["weighted_df_if_slopes_unweighted"] = sum(abs(df - line.df) <= 0.5 for df, line in pairs)
    bcva = arguments.folder / "bcva_data.csv"
    fit, timed = time_bcva(pl.read_csv(bcva))
    result |= timed
    if arguments.peer:
        result |= compare_nlme(bcva, fit)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(row) + "\n" for row in rows))
    if arguments.json:
        print(json.dumps(result))
        return
    print(
        f"{'log':34}{'structure':14}{'n':>4}{'worst estimate':>16}{'worst error':>13}{'df equal':>10}{'-2LL below':>12}"
    )
    for name in dict.fromkeys(row["log"] for row in rows):
        mine = [row for row in rows if row["log"] == name and "estimate_off" in row]
        worst = max(abs(row["estimate_off"]) for row in mine), max(abs(row["error_off"]) for row in mine)
        below = mine[0]["below_sas"]
        print(
            f"{name:34}{mine[0]['structure']:14}{len(mine):4}{worst[0]:16.6f}{worst[1]:13.6f}"
            f"{sum(row['df_equal'] for row in mine):10}{'' if below is None else format(below, '12.7f')}"
        )
    for key, value in result.items():
        print(f"{key:32}{value}")


if __name__ == "__main__":
    main()
