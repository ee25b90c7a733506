"""Jobs: they run beside each other, wait their turn, can be cancelled, and outlive a worker's death."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from gated_board import GATED, HELD, LIDOCAINE, PARACETAMOL, Gated, order, until

from bencao.kernel.errors import InputError, ModelError
from bencao.synthesis import load_tools
from bencao.synthesis.stock import DEFAULT_TIERS
from bencao.web import Capacity, JobBoard, jobs
from bencao.web.errors import Busy, NotFinished, UnknownJob


def test_two_owners_jobs_run_side_by_side(gated: Gated) -> None:
    held = gated.board.submit(order(GATED), "one")
    until(lambda: gated.asked(HELD))
    other = gated.board.wait(gated.board.submit(order(PARACETAMOL), "two").id, 240)
    assert other.status == "done" and other.plan.solved
    assert gated.board.get(held.id).status == "running", "the first is still at it when the second is done"
    gated.open_gate()
    assert gated.board.wait(held.id, 240).plan.routes


def test_one_owner_leaves_a_worker_to_others(gated: Gated) -> None:
    first = gated.board.submit(order(GATED), "greedy")
    second = gated.board.submit(order(GATED), "greedy")
    until(lambda: gated.asked(HELD))
    assert gated.board.wait(gated.board.submit(order(PARACETAMOL), "modest").id, 240).status == "done"
    assert [gated.board.get(job.id).status for job in (first, second)] == ["running", "waiting"]


def test_the_queue_is_bounded_for_each_owner_and_in_all(gated: Gated) -> None:
    board = gated.board
    for owner in ("one", "two"):
        board.submit(order(GATED), owner)
    until(lambda: board.load_now()["running"] == 2)
    for _ in range(2):
        board.submit(order(GATED), "one")
    with pytest.raises(Busy, match="2 of them yours"):
        board.submit(order(GATED), "one")
    board.submit(order(GATED), "three")
    with pytest.raises(Busy, match="3 jobs are waiting, 0 of them yours"):
        board.submit(order(GATED), "four")


def test_a_running_job_ends_at_its_next_expansion_and_a_waiting_one_at_once(gated: Gated) -> None:
    running = gated.board.submit(order(GATED), "one")
    waiting = gated.board.submit(order(LIDOCAINE), "one")
    until(lambda: gated.asked(HELD))
    assert gated.board.cancel(waiting.id).status == "cancelled"
    gated.board.cancel(running.id)
    gated.open_gate()
    ended = gated.board.wait(running.id, 240)
    assert ended.status == "cancelled"
    with pytest.raises(NotFinished, match="the job is cancelled"):
        _ = ended.plan
    assert not gated.asked(LIDOCAINE)


def test_a_job_that_does_not_stop_costs_its_worker_only(gated: Gated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "GRACE", 0.1)
    held = gated.board.submit(order(GATED), "one")
    until(lambda: gated.asked(HELD))
    gated.board.cancel(held.id)
    assert gated.board.wait(held.id, 240).status == "cancelled", "the gate is still shut"
    after = [gated.board.submit(order(LIDOCAINE), owner) for owner in ("one", "two")]
    assert [gated.board.wait(job.id, 240).status for job in after] == ["done", "done"]


def test_the_death_of_a_worker_is_that_jobs_error(gated: Gated) -> None:
    held = gated.board.submit(order(GATED), "one")
    until(lambda: gated.asked(HELD))
    (desk,) = (desk for desk in gated.board._desks if desk.job_id == held.id)
    assert desk._worker and desk._worker.process.pid
    os.kill(desk._worker.process.pid, signal.SIGKILL)
    failed = gated.board.wait(held.id, 240)
    assert failed.status == "failed" and failed.failure
    assert "SIGKILL" in failed.failure.cause
    assert failed.failure.mend


def test_progress_ends_at_what_the_plan_says(gated: Gated) -> None:
    done = gated.board.wait(gated.board.submit(order(LIDOCAINE), "one").id, 240)
    assert done.progress.expansions == done.plan.expansions > 0
    assert done.progress.routes >= len([route for route in done.plan.routes if route.solved]) > 0
    assert done.progress.best_cost is not None


def test_what_is_wrong_with_a_target_is_said_by_the_job(gated: Gated) -> None:
    failed = gated.board.wait(gated.board.submit(order("CC("), "one").id, 240)
    assert failed.failure and failed.failure.kind == "UnparsableSmiles"


def test_results_are_kept_for_a_while_only(gated: Gated, monkeypatch: pytest.MonkeyPatch) -> None:
    done = gated.board.wait(gated.board.submit(order(PARACETAMOL), "one").id, 240)
    monkeypatch.setattr(gated.board, "capacity", replace(gated.board.capacity, keep_seconds=0.0))
    time.sleep(0.01)
    with pytest.raises(UnknownJob, match="no job"):
        gated.board.get(done.id)


def test_what_cannot_be_loaded_is_said_when_the_board_opens(tmp_path: Path) -> None:
    board = JobBoard(_load_nothing, capacity=Capacity(workers=1))
    with pytest.raises(ModelError, match="model"):
        board.start()


def _load_nothing() -> object:
    return load_tools(Path("no", "such", "model"), DEFAULT_TIERS)


def test_no_worker_is_an_error() -> None:
    with pytest.raises(InputError, match="0 workers"):
        Capacity(workers=0)
