"""A file of targets: bad rows are answers, the files do not depend on the workers, a kill costs nothing."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bencao.kernel.errors import ComputeError, InputError, ModelError
from bencao.synthesis import Limits, batch, load_proposer, load_tools, plan
from hand_model import load_watched

TARGETS = """smiles,name
CC(=O)Nc1ccc(O)cc1,paracetamol
CC(,broken
CCN(CC)CC(=O)Nc1c(C)cccc1C.Cl,lidocaine HCl / 利多卡因
Brc1ccccc1.Clc1ccccc1,mixture
Cc1ccc(NC(=O)c2ccccc2)cc1,
"""
LIMITS = Limits(expansions=6)


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    path = tmp_path / "targets.csv"
    path.write_text(TARGETS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A Ray cluster that this process has joined, so that the batches of a test need not start one each."""
    ray = pytest.importorskip("ray", reason="cannot run here: Ray is not installed")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(num_cpus=2, include_dashboard=False, logging_level="warning", log_to_driver=False)
    yield
    ray.shutdown()


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_each_good_row_has_its_plan_and_a_bad_one_its_error(targets: Path, tmp_path: Path, hand_model: Path) -> None:
    done = batch(targets, tmp_path / "out", load=partial(load_tools, hand_model), limits=LIMITS, progress=False)
    assert sorted(files(tmp_path / "out")) == [
        "2-paracetamol.json",
        "4-lidocaine_HCl_利多卡因.json",
        "6.json",
        "summary.csv",
    ]
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["error"] for row in rows] == ["", "UnparsableSmiles", "", "MixtureError", ""]
    assert rows[1]["mend"] and rows[1]["file"] == ""
    assert rows[2]["warnings"] == "left out as counter-ion or solvate: hydrochloric acid"
    assert (rows[0]["solved"], rows[0]["steps"]) == ("true", "1")
    assert [path.name for path in done.files][-1] == "summary.csv"


def test_a_plan_of_a_batch_is_the_plan_of_the_molecule(targets: Path, tmp_path: Path, hand_model: Path) -> None:
    batch(targets, tmp_path / "out", load=partial(load_tools, hand_model), limits=LIMITS, progress=False)
    alone = plan("CC(=O)Nc1ccc(O)cc1", proposer=load_proposer(hand_model), limits=LIMITS)
    assert json.loads((tmp_path / "out" / "2-paracetamol.json").read_text(encoding="utf-8")) == alone.as_json()


def test_the_files_are_the_same_at_one_and_two_workers(targets: Path, tmp_path: Path, hand_model: Path) -> None:
    for workers in (1, 2):
        batch(
            targets,
            tmp_path / str(workers),
            load=partial(load_tools, hand_model),
            limits=LIMITS,
            html=True,
            language="zh",
            workers=workers,
            progress=False,
        )
    assert files(tmp_path / "1") == files(tmp_path / "2")
    assert "2-paracetamol.html" in files(tmp_path / "1")


def test_killed_and_restarted_it_goes_on_without_doing_anything_twice(
    targets: Path, tmp_path: Path, hand_model: Path
) -> None:
    log, gate = tmp_path / "asked.txt", tmp_path / "gate"
    last = "Cc1ccc(NC(=O)c2ccccc2)cc1"
    gate.touch()
    arguments = [str(path) for path in (targets, tmp_path / "out", hand_model, log, gate)]
    script = (
        "import sys; from functools import partial; from pathlib import Path\n"
        "from bencao.synthesis import Limits, batch; from hand_model import load_watched\n"
        "if __name__ == '__main__':\n"
        "    targets, out, model, log, gate = map(Path, sys.argv[1:])\n"
        f"    load = partial(load_watched, model, log, '{last}', gate)\n"
        "    batch(targets, out, load=load, limits=Limits(expansions=6), progress=False)\n"
    )
    (tmp_path / "run.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    running = subprocess.Popen(
        [sys.executable, str(tmp_path / "run.py"), *arguments], env=environment, start_new_session=True
    )
    while not (log.exists() and last in log.read_text().split()):
        assert running.poll() is None, "it ended before it came to the last target"
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert not (tmp_path / "out" / "summary.csv").exists()

    # What a driver leaves that is killed while it writes a file.
    (tmp_path / "out" / ".bencao-0123456789abcdef.tmp").write_text("half a pl")
    before = log.read_text().split()
    gate.unlink()
    load = partial(load_watched, hand_model, log, last, gate)
    batch(targets, tmp_path / "out", load=load, limits=LIMITS, progress=False)
    asked_again = log.read_text().split()[len(before) :]
    assert asked_again[0] == last, "a finished target was planned again"
    batch(targets, tmp_path / "clean", load=partial(load_tools, hand_model), limits=LIMITS, progress=False)
    assert files(tmp_path / "out") == files(tmp_path / "clean")


@pytest.mark.parametrize("ray", [None, "local"], ids=["processes", "ray"])
def test_a_target_whose_worker_died_is_planned_when_the_batch_is_run_again(
    targets: Path, tmp_path: Path, hand_model: Path, ray: str | None, request: pytest.FixtureRequest
) -> None:
    if ray:
        request.getfixturevalue("cluster")
    log, gate, doomed = tmp_path / "asked.txt", tmp_path / "gate", "CC(=O)Nc1ccc(O)cc1"
    gate.write_text("die")
    load = partial(load_watched, hand_model, log, doomed, gate)
    run = partial(batch, targets, tmp_path / "out", load=load, limits=LIMITS, workers=2, ray=ray, progress=False)
    assert [row.error for row in run().rows] == ["WorkerDied", "UnparsableSmiles", "", "MixtureError", ""]

    before = log.read_text().split()
    gate.unlink()
    run()
    assert log.read_text().split()[len(before)] == doomed
    assert not {"Cc1ccc(NC(=O)c2ccccc2)cc1"} & set(log.read_text().split()[len(before) :]), "planned again"
    batch(targets, tmp_path / "clean", load=partial(load_tools, hand_model), limits=LIMITS, progress=False)
    assert files(tmp_path / "out") == files(tmp_path / "clean")


def test_a_half_done_folder_refuses_other_settings(targets: Path, tmp_path: Path, hand_model: Path) -> None:
    out = tmp_path / "out"
    load = partial(load_tools, hand_model)
    out.mkdir()
    (out / ".checkpoint").write_text("something else\n")
    with pytest.raises(ComputeError, match="checkpoint"):
        batch(targets, out, load=load, limits=LIMITS, progress=False)


def test_what_cannot_be_loaded_is_said_before_anything_is_written(targets: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        batch(targets, tmp_path / "out", load=partial(load_tools, tmp_path / "none"), progress=False)
    with pytest.raises(InputError, match="cannot be read"):
        batch(tmp_path / "none.csv", tmp_path / "out", progress=False)
    assert not (tmp_path / "out").exists()
