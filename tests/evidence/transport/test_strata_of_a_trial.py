"""A file of ACTG175's form gives the effect in one stratum from the other's trial, beside what was found there."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import transport as benchmark
from strata_of_a_trial import COVARIATES

N = 1600


def _trial() -> pd.DataFrame:
    """The effect on cells is 40 + 40 z of those at baseline, which are fewer in the experienced: 60 and 20."""
    draw = np.random.default_rng(3)
    experienced, treated = np.arange(N) % 2, draw.integers(0, 2, N)
    z = draw.normal(size=N) + 0.5 - experienced
    cells = 350 + 100 * z
    late = 100 * draw.exponential(np.exp(2.5 + 0.4 * treated))
    days = np.minimum(late, draw.uniform(800, 1200, N)).round() + 1
    return pd.DataFrame(
        {
            "pidnum": range(10_001, 10_001 + N),
            "age": draw.integers(18, 60, N),
            "wtkg": draw.normal(75, 10, N).round(4),
            **{name: draw.integers(0, 2, N) for name in ("hemo", "homo", "drugs", "race", "gender", "symptom")},
            "karnof": draw.choice([80, 90, 100], N),
            "preanti": experienced * 400,
            "str2": experienced,
            "strat": 1 + 2 * experienced,
            "treat": treated,
            "cd40": cells.round(),
            "cd420": (cells + treated * (40 + 40 * z) + draw.normal(scale=60, size=N)).round(),
            "cd496": np.where(np.arange(N) % 3, np.nan, cells.round()),
            "cens": (late < days).astype(int),
            "days": days,
            "arms": treated,
        }
    )


def _run(table: Any, path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    table.to_csv(path, quoting=csv.QUOTE_NONNUMERIC, na_rep="NA")
    rows = path.with_name("rows.csv")
    monkeypatch.setattr("sys.argv", ["transport.py", str(path), "--draws", "2", "--json", "--predictions", str(rows)])
    benchmark.main()
    assert {"own", "naive", "doubly_robust"} <= set(pd.read_csv(rows).method)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_each_stratum_s_effect_is_found_from_the_other_s_trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = _trial()
    table.loc[[4, 5], "wtkg"] = np.nan
    found = _run(table, tmp_path / "ACTG175.csv", capsys, monkeypatch)
    assert (found["n"], found["to_experienced_n"], found["to_naive_n"]) == (N - 2, N // 2 - 1, N // 2 - 1)
    for direction, truth, there in (("to_experienced", 20, 60), ("to_naive", 60, 20)):
        told = {key: found[f"{direction}_cd4_{key}"] for key in ("own", "adjusted", "naive")}
        assert told["own"] == pytest.approx(truth, abs=35)  # two standard errors
        assert told["adjusted"] == pytest.approx(truth, abs=10)
        assert told["naive"] == pytest.approx(there, abs=35)
        for method in ("inverse_odds", "g_formula", "doubly_robust"):
            low, value, high = (found[f"{direction}_cd4_{method}{end}"] for end in ("_low", "", "_high"))
            assert low < truth < high
            assert found[f"{direction}_cd4_{method}_gap"] == pytest.approx(value - told["own"])
        assert abs(found[f"{direction}_cd4_doubly_robust"] - truth) < 12 < abs(there - truth)
        assert found[f"{direction}_event_own"] < 0 > found[f"{direction}_event_doubly_robust_low"]
        assert {0.0, 0.5, 1.0} >= {found[f"{direction}_known_coverage_{name}"] for name in ("naive", "g_formula")}


def test_the_archive_s_names_are_read_and_nothing_that_defines_the_strata_is_a_covariate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = _trial().iloc[:200]
    first = _run(table, tmp_path / "ACTG175.csv", capsys, monkeypatch)
    renamed = table.rename(columns={"cens": "cid", "days": "time", "arms": "trt"})
    assert _run(renamed, tmp_path / "aids.csv", capsys, monkeypatch) == first
    assert not {"str2", "strat", "preanti", "z30", "oprior"} & set(COVARIATES)
