"""Four sites, each a process with its own database, answer a coordinator on loopback; forgeries are refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import statsmodels.api as sm

from bencao.evidence.errors import DisclosureError, MessageError
from bencao.evidence.federated.answering import Site
from bencao.evidence.federated.messages import make_key, opened, read_key, sign
from bencao.evidence.federated.serving import asking
from bencao.evidence.federated.study import FederatedStudy

STUDY = "study: blood-sugar\nmodel: logistic\nexposure: fbs\noutcome: disease\ncovariates: [age]\n"
NAMES = ("a", "b", "c", "d")


def _rows(seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed)
    age, fbs = drawn.normal(0, 1, 80), np.arange(80) % 3 == 0
    return np.column_stack([age, fbs, drawn.random(80) < 1 / (1 + np.exp(-0.5 * age - 0.4 * fbs))])


def _start(folder: Path, name: str, seed: int, coordinator: str) -> tuple[subprocess.Popen[str], str]:
    with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
        connection.execute("CREATE TABLE analysis (age DOUBLE, fbs DOUBLE, disease DOUBLE)")
        connection.executemany("INSERT INTO analysis VALUES (?, ?, ?)", _rows(seed).tolist())
    public = make_key(folder / f"{name}.key")
    told = ["site", "study.yaml", f"{name}.duckdb", "--name", name, "--key", f"{name}.key", "--log", f"{name}.jsonl"]
    told += ["--coordinator", coordinator, "--certificate", f"{name}.pem"]
    command = [sys.executable, "-c", "from bencao.cli import main; main()", "evidence", *told]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True), public


def test_four_processes_give_the_pooled_fit(bencao: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    coordinator = bencao("evidence", "key", "coordinator.key").out.strip()
    running = {name: _start(tmp_path, name, seed, coordinator) for seed, name in enumerate(NAMES)}
    try:
        sites = ["sites:"]
        for name, (process, public) in running.items():
            assert process.stdout is not None
            port = re.search(r":(\d+);", process.stdout.readline())
            assert port, f"site {name} does not start"
            sites.append(f"  {name}: {{port: {port[1]}, public: '{public}', certificate: {name}.pem}}")
        (tmp_path / "sites.yaml").write_text("\n".join(sites) + "\n", encoding="utf-8")
        told = bencao("evidence", "federate", "study.yaml", "sites.yaml", "--key", "coordinator.key", "-o", "out.json")
    finally:
        for process, _ in running.values():
            process.terminate()
            process.communicate()
    assert told.code == 0, told.err
    rows = np.vstack([_rows(seed) for seed in range(4)])
    design = np.column_stack([rows[:, [1, 0]], np.kron(np.eye(4), np.ones((80, 1)))])
    peer = sm.GLM(rows[:, 2], design, family=sm.families.Binomial()).fit(tol=1e-14)
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    np.testing.assert_allclose(found["pooled"]["coefficients"], peer.params[:2], atol=1e-6, rtol=0)
    left = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(left) >= found["pooled"]["rounds"]
    assert all(set(line) == {"study", "site", "request", "sums"} and line["sums"]["n"] == 80 for line in left)


def _site(folder: Path, exposed: int = 20) -> tuple[Site, Any, str]:
    study = FederatedStudy(study="s", model="logistic", exposure="fbs", outcome="disease")
    public, coordinator = make_key(folder / "site.key"), make_key(folder / "coordinator.key")
    table = {"fbs": (np.arange(60) < exposed).astype(float), "disease": (np.arange(60) % 2).astype(float)}
    site = Site("a", study, table, read_key(folder / "site.key"), coordinator, folder / "log.jsonl")
    return site, read_key(folder / "coordinator.key"), public


def test_a_refusal_reaches_the_coordinator_and_no_number_leaves(tmp_path: Path) -> None:
    site, key, public = _site(tmp_path, exposed=3)
    ask = asking(site.study, key, {"a": public}, lambda _, message: site.answer(message))
    with pytest.raises(DisclosureError, match="fewer than 5"):
        ask("a", "outcome", [0.0], [])
    assert "sums" not in json.loads((tmp_path / "log.jsonl").read_text(encoding="utf-8"))


def test_a_stranger_gets_no_answer(tmp_path: Path) -> None:
    site, _, _ = _site(tmp_path)
    with pytest.raises(MessageError):
        site.answer(sign({"study": site.study.digest, "stage": "outcome", "beta": [0.0], "treatment": []}, site.key))
    assert not (tmp_path / "log.jsonl").exists()


def test_a_request_of_another_study_is_refused(tmp_path: Path) -> None:
    site, key, _ = _site(tmp_path)
    with pytest.raises(MessageError, match="another study"):
        site.answer(sign({"study": "0" * 64, "stage": "outcome", "beta": [0.0], "treatment": []}, key))


def test_an_altered_answer_is_refused(tmp_path: Path) -> None:
    site, key, public = _site(tmp_path)

    def altered(_: str, message: bytes) -> bytes:
        return site.answer(message).replace(b'"n": 60', b'"n": 61')

    with pytest.raises(MessageError):
        asking(site.study, key, {"a": public}, altered)("a", "outcome", [0.0], [])


def test_an_answer_to_an_earlier_request_is_refused(tmp_path: Path) -> None:
    site, key, public = _site(tmp_path)
    kept: list[bytes] = []

    def replayed(_: str, message: bytes) -> bytes:
        kept.append(site.answer(message))
        return kept[0]

    ask = asking(site.study, key, {"a": public}, replayed)
    assert ask("a", "outcome", [0.0], []).n == 60
    with pytest.raises(MessageError, match="another request"):
        ask("a", "outcome", [0.1], [])


def test_what_is_no_message_is_refused(tmp_path: Path) -> None:
    public = make_key(tmp_path / "a.key")
    for message in (b"", b"{}", b"[1]", b'{"body": {}, "signature": "zz"}'):
        with pytest.raises(MessageError):
            opened(message, public, {}, "a")
