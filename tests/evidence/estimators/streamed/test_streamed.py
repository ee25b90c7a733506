"""What passes by in chunks gives the estimates that memory gives, for any number of outcomes at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from bencao.evidence.errors import EmptyArm, NoEvents, SeparationError, StudyDataError
from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import estimate
from bencao.evidence.estimators.streamed import logistic, passing
from bencao.evidence.estimators.streamed.passing import open_rows
from bencao.evidence.estimators.streamed.weighting import streamed_ipw

COVARIATES = ["age", "x", "flag"]


def _people(n: int = 5000) -> pd.DataFrame:
    draw = np.random.default_rng(3)
    age, x, flag = draw.normal(60, 10, n), draw.normal(size=n), draw.integers(0, 2, n)
    arm = (0.03 * (age - 60) + 0.7 * x - 0.4 * flag + draw.logistic(size=n) > 0).astype(int)
    rare = (draw.random(n) < 0.02 + 0.02 * (x > 1) + 0.01 * arm).astype(int)
    score = age / 10 + x + arm + draw.normal(size=n)
    return pd.DataFrame({"arm": arm, "age": age, "x": x, "flag": flag, "rare": rare, "score": score})


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[pd.DataFrame, Path]:
    """The table, and its file, which passes by in several chunks with a warm start."""
    monkeypatch.setattr(passing, "CHUNK", 2048)
    monkeypatch.setattr(logistic, "_WARM", 1000)
    table = _people()
    table.to_parquet(tmp_path / "people.parquet")
    return table, tmp_path / "people.parquet"


def test_chunks_give_what_memory_gives(people: tuple[pd.DataFrame, Path]) -> None:
    table, path = people
    found = streamed_ipw(open_rows(path, "arm", COVARIATES), ["rare", "score"])
    for (name, one), kind in zip(found.estimates, ("binary", "continuous"), strict=True):
        data = study_data(table, treatment="arm", outcome=name, covariates=COVARIATES, kind=kind)  # type: ignore[arg-type]
        held = estimate(data, "ipw")
        assert one.value == pytest.approx(held.value, abs=1e-8)
        assert one.standard_error == pytest.approx(held.standard_error, rel=1e-5)  # its slopes are numerical there
    assert max(abs(after) for _, _, after in found.balance) < 0.05 < max(abs(before) for _, before, _ in found.balance)
    assert found.n == 5000


def test_a_database_and_a_file_are_one(people: tuple[pd.DataFrame, Path], tmp_path: Path) -> None:
    _, path = people
    with duckdb.connect(str(tmp_path / "cohort.duckdb")) as connection:
        connection.execute(f"CREATE TABLE analysis AS SELECT * FROM '{path}'")
    one, other = (
        streamed_ipw(open_rows(place, "arm", COVARIATES), ["rare"]) for place in (path, tmp_path / "cohort.duckdb")
    )
    assert one.estimates[0][1].value == pytest.approx(other.estimates[0][1].value, abs=1e-12)


@pytest.mark.parametrize(
    ("column", "value", "kind", "where"),
    [
        ("x", None, StudyDataError, "x: 5000 of 5000 values are missing"),
        ("flag", 1, StudyDataError, "flag: is the same"),
        ("arm", 1, EmptyArm, "arm"),
        ("rare", 0, NoEvents, "rare"),
        ("age", "old", StudyDataError, "age: is no column of numbers"),
    ],
)
def test_what_cannot_be_used_is_named(
    people: tuple[pd.DataFrame, Path], column: str, value: Any, kind: type[Exception], where: str
) -> None:
    table, path = people
    table.assign(**{column: pd.Series([value] * len(table), dtype=float if value is None else None)}).to_parquet(path)
    with pytest.raises(kind, match=where):
        streamed_ipw(open_rows(path, "arm", COVARIATES), ["rare"])


def test_a_covariate_that_tells_the_arm_is_refused(people: tuple[pd.DataFrame, Path]) -> None:
    table, path = people
    table.assign(flag=table.arm).to_parquet(path)
    with pytest.raises(SeparationError, match="arm"):
        streamed_ipw(open_rows(path, "arm", COVARIATES), ["rare"])


def test_the_command_writes_every_outcome(
    people: tuple[pd.DataFrame, Path], bencao: Callable[..., Any], tmp_path: Path
) -> None:
    told = ["--treatment", "arm", "--outcomes", "rare,score", "--covariates", "age,x,flag", "-o", "found.json"]
    answer = bencao("evidence", "outcomes", "people.parquet", *told)
    assert answer.code == 0, answer.err
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert [one["outcome"] for one in found["estimates"]] == ["rare", "score"]
    assert found["estimates"][1]["low"] > 0
