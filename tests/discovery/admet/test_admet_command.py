"""Predictions for a library from the command line, and ADMET-AI where it is installed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.discovery.admet.admet_ai import predict_by_admet_ai
from bencao.discovery.admet.panel import MODELS, SHIPPED
from bencao.kernel.errors import ComputeError, EngineMissing

LIBRARY = """\
CCOc1ccc(NC(C)=O)cc1 phenacetin
c1ccn broken
CC(=O)Oc1ccc(F)cc1C(=O)NC new
O=P1(N(CCCl)CC)OC2(CC2)C(F)(F)N1 odd
"""


def written(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(path).read_text(encoding="utf-8").splitlines()))


def test_each_row_has_an_interval_a_measured_value_or_its_error(bencao: Callable[..., Any]) -> None:
    Path("library.smi").write_text(LIBRARY)
    answer = bencao("discovery", "admet", "library.smi", "-o", "admet.csv", "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert {name: told[name] for name in ("rows", "predicted", "known", "refused")} == {
        "rows": 4,
        "predicted": 3,
        "known": 1,
        "refused": 1,
    }
    phenacetin, broken, new, odd = written("admet.csv")
    # Delaney's table has it.
    assert (float(phenacetin["logS"]), phenacetin["logS_low"]) == (pytest.approx(-2.35), "")
    assert phenacetin["logS_from"] == "training set: measured"
    assert (broken["logS"], broken["error"]) == ("", "MoleculeError")
    assert float(new["logS_low"]) < float(new["logS"]) < float(new["logS_high"])
    assert (new["logS_from"], new["SR-p53_from"]) == ("predicted", "predicted")
    assert new["SR-p53_set"] in ("active", "inactive", "either", "neither")
    assert (odd["solubility_domain"], odd["tox21_domain"]) == ("outside", "outside")
    wide, narrow = (float(row["logS_high"]) - float(row["logS_low"]) for row in (odd, new))
    assert wide > narrow


def test_a_higher_level_gives_wider_intervals_and_the_same_at_any_number_of_workers(bencao: Callable[..., Any]) -> None:
    Path("library.smi").write_text(LIBRARY)
    assert bencao("discovery", "admet", "library.smi", "-o", "90.csv").code == 0
    assert bencao("discovery", "admet", "library.smi", "-o", "50.csv", "--level", "0.5", "--workers", "2").code == 0
    high, low = (written(path)[2] for path in ("90.csv", "50.csv"))
    assert high["logS"] == low["logS"]
    assert float(high["logS_low"]) < float(low["logS_low"])
    assert bencao("discovery", "admet", "library.smi", "--level", "90").code == 2


@pytest.mark.parametrize(
    ("lang", "said"), [("en", " (in training set: measured value)"), ("zh", "（在训练集中：实测值）")]
)
def test_without_a_file_a_table_is_shown(
    bencao: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    Path("library.smi").write_text(LIBRARY)
    answer = bencao("discovery", "admet", "library.smi", "--lang", lang)
    assert answer.code == 0, answer.err
    assert f"-2.35{said}" in answer.out


def test_the_models_are_small() -> None:
    assert sum((MODELS / f"{name}.npz").stat().st_size for name in SHIPPED) < 6_000_000


STAND_IN = """#!/bin/sh
case "$2" in
*importlib*) {check} ;;
*) {predict} ;;
esac
"""


def stand_in(home: Path, check: str, predict: str) -> Path:
    """An environment whose python answers as ADMET-AI's would."""
    (home / "bin").mkdir(parents=True)
    python = home / "bin" / "python"
    python.write_text(STAND_IN.format(check=check, predict=predict))
    python.chmod(0o755)
    return home


def test_admet_ai_predicts_from_an_environment_of_its_own(bencao: Callable[..., Any], tmp_path: Path) -> None:
    found = json.dumps({"hERG": [0.1, 0.2, 0.3], "Solubility_AqSolDB": [-1.5, -2.5, -3.5]})
    home = stand_in(tmp_path / "env", "echo 2.0.1", f"test -f smiles.json && echo '{found}' > found.json")
    Path("library.smi").write_text(LIBRARY)
    told = ("discovery", "admet", "library.smi", "-o", "ai.csv", "--engine", "admet-ai")
    assert bencao(*told, "--home", str(home)).code == 0
    rows = written("ai.csv")
    assert [row["hERG"] for row in rows] == ["0.1", "", "0.2", "0.3"]
    assert rows[1]["error"] == "MoleculeError"
    missing = bencao(*told)
    assert missing.code == 2 and "pip install admet-ai" in missing.err


def test_an_environment_without_it_and_a_failure_are_told(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="no bin/python"):
        predict_by_admet_ai(["C"], tmp_path)
    with pytest.raises(EngineMissing, match="not in the environment"):
        predict_by_admet_ai(["C"], stand_in(tmp_path / "without", "exit 1", "true"))
    with pytest.raises(ComputeError, match="code 1: out of memory"):
        predict_by_admet_ai(["C"], stand_in(tmp_path / "fails", "echo 2", "echo out of memory >&2; exit 1"))
    few = stand_in(tmp_path / "few", "echo 2", """echo '{"hERG": [0.1]}' > found.json""")
    with pytest.raises(ComputeError, match="left molecules out"):
        predict_by_admet_ai(["C", "CC"], few)
