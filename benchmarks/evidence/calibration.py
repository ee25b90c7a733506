"""How well intervals are calibrated: trials against their emulations, and negative controls of five designs.

python benchmarks/evidence/calibration.py RCT_DIR NEGATIVE_CONTROL_DIR [--json] [--predictions FILE]

RCT_DIR holds all_trials_results_corrected.csv and all_trials_covariates.csv (Wang et al., JAMA 2023, with the 2024
correction), NEGATIVE_CONTROL_DIR tables of estimates with their truth (OHDSI EmpiricalCalibration). Each pair and each
control is judged by an error learnt from the others alone. The peers in the same run: the interval by chance alone
(`covered_raw`, `type1_raw`), and the plain empirical null by maximum likelihood (Schuemie 2014, `type1_plain`).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from scipy.stats import beta, norm

from bencao.evidence.calibration.controls import read_negative_controls
from bencao.evidence.calibration.emulation import Pair, Ratio
from bencao.evidence.calibration.systematic_error import left_out

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))
from evidence.rct_duplicate import rekey


def main() -> None:
    """Judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trials", type=Path)
    parser.add_argument("controls", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    rows: list[tuple[Any, ...]] = []
    figures = _pairs(arguments.trials, rows) | _controls(sorted(arguments.controls.glob("*.csv")), rows)
    if arguments.predictions:
        with arguments.predictions.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("set", "item", "error", "low", "high", "inside"), *rows])
    if arguments.json:
        print(json.dumps(figures))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    Console().print(table)


def _pairs(folder: Path, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    told = rekey(folder / "all_trials_results_corrected.csv", folder / "all_trials_covariates.csv")
    pairs = [
        Pair(
            row["trial"],
            row["closeness"],
            *(
                Ratio(*(float(row[f"{kind}_{part}"]) for part in ("ratio", "low", "high")))
                for kind in ("trial", "records")
            ),
        )
        for row in told
    ]
    gaps, se = np.array([pair.difference for pair in pairs]), np.array([pair.se for pair in pairs])
    groups = np.array([pair.closeness for pair in pairs])
    apart = _inside("rct_duplicate", [pair.trial for pair in pairs], gaps, se, groups, rows)
    together = _inside("rct_duplicate together", [pair.trial for pair in pairs], gaps, se, None, rows)
    logs = np.array([(pair.trial_ratio.log, pair.records_ratio.log) for pair in pairs]).T
    by_group = {f"correlation_{one}": float(np.corrcoef(logs[:, groups == one])[0, 1]) for one in ("close", "loose")}
    correlation = float(np.corrcoef(logs)[0, 1])
    low, high = np.tanh(np.arctanh(correlation) + np.array([-1, 1]) * norm.ppf(0.975) / np.sqrt(len(pairs) - 3))
    share = _exact(int(apart.sum()), len(pairs))
    return {
        "n": len(pairs), "covered": int(apart.sum()), "covered_low": share[0], "covered_high": share[1],
        "covered_together": int(together.sum()), "covered_raw": int((np.abs(gaps) <= norm.ppf(0.975) * se).sum()),
        "correlation": correlation, "correlation_low": float(low), "correlation_high": float(high), **by_group,
    }  # fmt: skip


def _inside(name: str, items: Any, errors: Any, se: Any, groups: Any, rows: list[tuple[Any, ...]]) -> Any:
    inside = []
    for item, error, own, learnt in zip(items, errors, se, left_out(errors, se, groups), strict=True):
        half = learnt.quantile() * learnt.predictive_se(own)
        inside.append(abs(error - learnt.mean) <= half)
        rows.append((name, item, error, learnt.mean - half, learnt.mean + half, int(inside[-1])))
    return np.array(inside)


def _controls(files: list[Path], rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Two-sided type-1 error at 5 %, each control left out in turn."""
    figures: dict[str, Any] = {}
    wrong = {"": 0, "_raw": 0, "_plain": 0}
    n, shares, raw_shares = 0, [], []
    for path in files:
        own = read_negative_controls(path)
        errors, se = np.array([one.log_ratio for one in own]), np.array([one.se for one in own])
        inside = _inside(path.stem, [one.name for one in own], errors, se, None, rows)
        raw = np.abs(errors) > norm.ppf(0.975) * se
        shares.append(float(1 - inside.mean()))
        raw_shares.append(float(raw.mean()))
        figures |= {f"type1_{path.stem}": shares[-1], f"type1_raw_{path.stem}": raw_shares[-1]}
        n += len(own)
        wrong[""] += int((~inside).sum())
        wrong["_raw"] += int(raw.sum())
        wrong["_plain"] += _plain(errors, se)
    low, high = _exact(wrong[""], n)
    return {
        "controls": n, "type1_pooled": wrong[""] / n, "type1_pooled_low": low, "type1_pooled_high": high,
        "type1_max": max(shares), "type1_raw_pooled": wrong["_raw"] / n, "type1_raw_max": max(raw_shares),
        "type1_plain_pooled": wrong["_plain"] / n, **figures,
    }  # fmt: skip


def _plain(errors: Any, se: Any) -> int:
    """Rejections of the empirical null by maximum likelihood, its parameters taken as known."""
    rejected = 0
    for index in range(len(errors)):
        others = np.arange(len(errors)) != index
        y, s = errors[others], se[others]

        def loss(told: Any, y: Any = y, s: Any = s) -> float:
            return float(-norm.logpdf(y, told[0], np.hypot(s, np.exp(told[1]))).sum())

        mean, spread = minimize(loss, (y.mean(), np.log(y.std())), method="Nelder-Mead").x
        rejected += abs(errors[index] - mean) > norm.ppf(0.975) * np.hypot(se[index], np.exp(spread))
    return int(rejected)


def _exact(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Clopper and Pearson, Biometrika 1934, 26, 404)."""
    low = float(beta.ppf(0.025, hits, n - hits + 1)) if hits else 0.0
    return low, float(beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0


if __name__ == "__main__":
    main()
