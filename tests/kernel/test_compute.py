"""A parallel job: results in order, failures as values, a kill at any point survived."""

from __future__ import annotations

import functools
import itertools
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import compute_jobs as jobs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.kernel import compute
from bencao.kernel.compute import Failure
from bencao.kernel.errors import ComputeError, EngineMissing
from bencao.kernel.workers import ProcessCrew

HERE = Path(__file__).parent
quiet = functools.partial(compute.map, progress=False)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    ray = pytest.importorskip("ray", reason="cannot run here: Ray is not installed")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(num_cpus=2, include_dashboard=False, logging_level="warning", log_to_driver=False)
    yield "local"
    ray.shutdown()


@pytest.fixture(params=["processes", "ray"])
def engine(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "processes":
        return {}
    return {"engine": "ray", "address": request.getfixturevalue("cluster")}


def eventually(holds: object, seconds: float = 30.0) -> bool:
    """Whether something comes to hold; only a failing test waits this long."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_results_stand_in_the_order_of_the_items():
    numbers = list(range(100, 0, -1))
    assert quiet(jobs.square, numbers, workers=2) == [number**2 for number in numbers]


def test_the_items_run_at_the_same_time_in_other_processes(tmp_path, engine):
    pids = quiet(functools.partial(jobs.meets, str(tmp_path)), range(2), workers=2, timeout=2.0, **engine)
    assert len(set(pids)) == 2
    assert os.getpid() not in pids


def test_one_worker_is_another_process_too():
    assert os.getpid() not in quiet(jobs.calls_so_far, range(3), workers=1)
    assert jobs.calls == []


def test_no_items_give_no_results():
    assert quiet(jobs.square, [], workers=2) == []


def test_a_failing_item_is_a_row_and_the_rest_goes_on():
    results = quiet(jobs.checked, [3, 2, 1, 5], workers=2)
    assert results == [
        Failure("InputError", "targets.csv: row 3", "a multiple of three", "give another"),
        2,
        Failure("IndexError", "item 3", "list index out of range"),
        5,
    ]


def test_a_worker_that_dies_costs_only_its_item(engine):
    results = quiet(jobs.dies, range(8), workers=2, **engine)
    assert [results[index] for index in (0, 5, 6, 7)] == [0, 5, 6, 7]
    assert [results[index].kind for index in (1, 2, 3, 4)] == ["WorkerDied"] * 3 + ["SystemExit"]
    assert results[3].where == "item 4"


def test_the_cause_of_a_death_is_told():
    exited, broke, killed = quiet(jobs.dies, [1, 2, 3])
    assert "code 3" in exited.cause
    assert "SIGSEGV" in broke.cause
    assert "SIGKILL" in killed.cause


def test_a_worker_killed_from_outside_costs_only_its_item():
    results = []
    for index, pid in compute.imap(jobs.pid_of, range(3), progress=False):
        results.append(pid)
        if index == 0:
            os.kill(pid, signal.SIGKILL)
    assert all(isinstance(result, int) or result.kind == "WorkerDied" for result in results)
    assert isinstance(results[2], int)


def test_a_hung_item_is_killed_even_in_compiled_code(engine):
    texts = ["one", "sleep", "two", jobs.HANGS_IN_C, "three"]
    results = quiet(jobs.hangs, texts, workers=2, timeout=2.0, **engine)
    assert [results[index] for index in (0, 2, 4)] == ["one True", "two True", "three True"]
    assert [(results[index].kind, results[index].where) for index in (1, 3)] == [
        ("TimedOut", "item 2"),
        ("TimedOut", "item 4"),
    ]
    assert "2 s" in results[1].cause


def test_a_result_that_cannot_come_back_is_a_failure():
    results = quiet(jobs.unpicklable, range(3))
    assert (results[0], results[2]) == (0, 2)
    assert "pickle" in results[1].cause


def test_an_item_that_cannot_be_sent_is_a_failure(tmp_path):
    results = quiet(jobs.describe, [1, lambda: 2, 3], checkpoint=tmp_path / "job")
    assert isinstance(results[1], Failure)
    assert results[1].where == "item 2"
    assert [results[0]["item"], results[2]["item"]] == [1, 3]


def test_a_model_is_loaded_in_the_worker(engine):
    assert quiet(jobs.with_model, [7, 8], setup=jobs.load_once, **engine) == [(True, 7), (True, 8)]


@pytest.mark.parametrize(("setup", "words"), [(jobs.load_in_vain, "no such weights"), (jobs.load_and_die, "code 1")])
def test_a_set_up_that_fails_stops_the_job(setup, words):
    with pytest.raises(ComputeError, match=words):
        quiet(jobs.with_model, [1], setup=setup)


@settings(max_examples=4, deadline=None)
@given(items=st.lists(st.one_of(st.text(), st.integers(), st.tuples(st.text(), st.floats())), min_size=1, max_size=30))
def test_any_number_of_workers_gives_the_same_bytes(items):
    one, three = (pickle.dumps(quiet(jobs.describe, items, workers=workers)) for workers in (1, 3))
    assert one == three


def test_both_engines_give_the_same_bytes(cluster):
    names = ["aspirin", "imatinib", "", 7] * 10
    here = quiet(jobs.describe, names)
    there = quiet(jobs.describe, names, workers=2, engine="ray", address=cluster)
    assert pickle.dumps(here) == pickle.dumps(there)


def test_items_are_read_as_they_are_needed():
    with_results = compute.imap(jobs.square, itertools.count(), workers=2, progress=False)
    assert list(itertools.islice(with_results, 100)) == [(number, number**2) for number in range(100)]
    with_results.close()


def test_a_lambda_is_refused_with_the_mend():
    with pytest.raises(ComputeError, match="top of a module"):
        quiet(lambda number: number, [1])


@pytest.mark.parametrize("settings", [{"workers": 0}, {"timeout": 0}, {"engine": "ray"}, {"address": "local"}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(ComputeError, match="give"):
        quiet(jobs.square, [1], **settings)


def test_ray_not_installed_names_the_install_step(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineMissing, match=r'pip install "bencao\[ray\]"'):
        quiet(jobs.square, [1], engine="ray", address="local")


def test_an_address_where_no_cluster_listens_is_told_at_once():
    """In a process of its own, as this one may have joined a cluster already."""
    pytest.importorskip("ray", reason="cannot run here: Ray is not installed")
    script = "from bencao.kernel import compute; compute.map(abs, [1], engine='ray', address='127.0.0.1:1')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert "127.0.0.1:1: no Ray cluster could be joined" in done.stderr.splitlines()[-1]


def test_progress_off_a_terminal_is_plain_lines_or_nothing(capfd):
    compute.map(jobs.checked, [2, 3], label="targets")
    shown = capfd.readouterr()
    assert shown.err == "targets, 1 failed: 2 of 2\n"
    assert shown.out == ""
    quiet(jobs.square, [1])
    assert capfd.readouterr().err == ""


# The checkpoint


def ran(log: Path) -> list[int]:
    return [int(line.split()[0]) for line in log.read_text().splitlines()] if log.exists() else []


def pids(log: Path) -> set[int]:
    return {int(line.split()[1]) for line in log.read_text().splitlines() if " " in line}


def test_a_second_run_takes_everything_from_the_checkpoint(tmp_path, engine):
    job = functools.partial(jobs.noted, str(tmp_path / "log"))
    first = quiet(job, range(5), checkpoint=tmp_path / "job", workers=2, **engine)
    assert quiet(job, range(5), checkpoint=tmp_path / "job", **engine) == first == [0, 10, 20, 30, 40]
    assert sorted(ran(tmp_path / "log")) == [0, 1, 2, 3, 4]


def test_a_checkpoint_holds_failures_but_tries_lost_items_again(tmp_path):
    results = quiet(jobs.dies, [0, 3, 4], checkpoint=tmp_path / "job")
    assert [result.kind for result in results[1:]] == ["WorkerDied", "SystemExit"]
    assert len((tmp_path / "job").read_text().splitlines()) == 1 + 2


def test_a_torn_last_line_is_run_again_and_mended(tmp_path):
    job = functools.partial(jobs.noted, str(tmp_path / "log"))
    expected = quiet(job, range(4), checkpoint=tmp_path / "job")
    whole = (tmp_path / "job").read_bytes()
    (tmp_path / "job").write_bytes(whole[:-9])
    assert quiet(job, range(4), checkpoint=tmp_path / "job") == expected
    assert ran(tmp_path / "log") == [0, 1, 2, 3, 3]
    assert (tmp_path / "job").read_bytes() == whole


def test_a_checkpoint_torn_in_its_first_line_starts_anew(tmp_path):
    quiet(jobs.square, [2], checkpoint=tmp_path / "job")
    (tmp_path / "job").write_bytes((tmp_path / "job").read_bytes()[:20])
    assert quiet(jobs.square, [2], checkpoint=tmp_path / "job") == [4]


@pytest.mark.parametrize(
    ("function", "items"), [(jobs.dies, [5, 6]), (jobs.square, [5, 7]), (jobs.square, [5]), (jobs.square, [6, 5])]
)
def test_a_checkpoint_of_another_job_is_refused(tmp_path, function, items):
    quiet(jobs.square, [5, 6], checkpoint=tmp_path / "job")
    before = (tmp_path / "job").read_bytes()
    with pytest.raises(ComputeError, match="give another checkpoint file"):
        quiet(function, items, checkpoint=tmp_path / "job")
    assert (tmp_path / "job").read_bytes() == before


def test_a_checkpoint_binds_the_parameters_of_the_function(tmp_path):
    quiet(functools.partial(jobs.noted, str(tmp_path / "one")), [1], checkpoint=tmp_path / "job")
    with pytest.raises(ComputeError, match="another job"):
        quiet(functools.partial(jobs.noted, str(tmp_path / "two")), [1], checkpoint=tmp_path / "job")


@pytest.mark.parametrize("content", [b"smiles,name\nCCO,ethanol\n", b"no line end", b'{"a": 1}\n'])
def test_a_file_that_is_no_checkpoint_is_left_alone(tmp_path, content):
    (tmp_path / "targets.csv").write_bytes(content)
    with pytest.raises(ComputeError, match="no checkpoint"):
        quiet(jobs.square, [1], checkpoint=tmp_path / "targets.csv")
    assert (tmp_path / "targets.csv").read_bytes() == content


def test_a_line_damaged_within_is_found(tmp_path):
    quiet(jobs.square, [1, 2], checkpoint=tmp_path / "job")
    lines = (tmp_path / "job").read_bytes().splitlines(keepends=True)
    (tmp_path / "job").write_bytes(lines[0] + b"{" + lines[1] + lines[2])
    with pytest.raises(ComputeError, match="line 2 is damaged"):
        quiet(jobs.square, [1, 2], checkpoint=tmp_path / "job")


def test_two_runs_cannot_share_a_checkpoint(tmp_path):
    first = compute.imap(jobs.square, [1, 2], checkpoint=tmp_path / "job", progress=False)
    next(first)
    with pytest.raises(ComputeError, match="in use by another run"):
        quiet(jobs.square, [1, 2], checkpoint=tmp_path / "job")
    first.close()


def test_items_with_sets_are_known_again_by_another_process(tmp_path):
    """The order of a set changes from process to process, the digest must not."""
    script = "from bencao.kernel.checkpoint import digest_of; print(digest_of({'a': {'CCO', 'CCN', 'c1ccccc1'}}))"
    digests = {
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(digests) == 1


# The driver's end

DRIVER = """
import functools, sys
sys.path.insert(0, {here!r})
import compute_jobs as jobs
from bencao.kernel import compute
if __name__ == "__main__":
    job = functools.partial(jobs.{job}, {log!r})
    print(compute.map(job, range(40), workers=2, checkpoint={checkpoint!r}, progress=False))
"""


def start_driver(folder: Path, job: str) -> subprocess.Popen[str]:
    log, checkpoint = str(folder / "log"), str(folder / "job")
    script = folder / "driver.py"
    script.write_text(DRIVER.format(here=str(HERE), job=job, log=log, checkpoint=checkpoint))
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Under a runner in the background the signal is ignored, and children inherit that.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def test_a_killed_job_goes_on_where_it_was(tmp_path):
    driver = start_driver(tmp_path, "noted")
    assert eventually(lambda: len(ran(tmp_path / "log")) >= 8)
    driver.kill()
    driver.communicate()
    assert eventually(lambda: not any(alive(pid) for pid in pids(tmp_path / "log")))
    before = ran(tmp_path / "log")
    saved = len((tmp_path / "job").read_bytes().split(b"\n")) - 2
    assert 0 < saved < 40

    driver = start_driver(tmp_path, "noted")
    out, err = driver.communicate(timeout=60)
    assert (out, err) == (f"{[number * 10 for number in range(40)]}\n", "")
    assert len(ran(tmp_path / "log")) - len(before) == 40 - saved


def test_a_killed_driver_leaves_no_worker_even_in_compiled_code(tmp_path):
    driver = start_driver(tmp_path, "noted_then_hangs")
    assert eventually(lambda: len(ran(tmp_path / "log")) == 2)
    driver.kill()
    driver.communicate()
    assert eventually(lambda: not any(alive(pid) for pid in pids(tmp_path / "log")))


@pytest.mark.parametrize("job", ["noted", "noted_then_hangs"])
def test_an_interrupt_leaves_no_worker(tmp_path, job):
    driver = start_driver(tmp_path, job)
    assert eventually(lambda: len(ran(tmp_path / "log")) >= 2)
    os.killpg(driver.pid, signal.SIGINT)
    _, err = driver.communicate(timeout=30)
    assert err.count("Traceback") == 1
    assert err.strip().endswith("KeyboardInterrupt")
    assert not any(alive(pid) for pid in pids(tmp_path / "log"))


def test_a_hung_item_takes_what_it_started_with_it(tmp_path):
    mark = f"child {tmp_path}"
    results = compute.imap(jobs.hangs, [mark], timeout=3, progress=False)
    started: list[bool] = []
    watcher = threading.Thread(target=lambda: started.append(eventually(lambda: running(mark))))
    watcher.start()
    ((_, result),) = results
    watcher.join()
    assert started == [True]
    assert result.kind == "TimedOut"
    assert eventually(lambda: not running(mark))


def running(mark: str) -> bool:
    return any(mark.encode() in _read(path) for path in Path("/proc").glob("[0-9]*/cmdline"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def asked(crew, log):
    """A worker that has been given the item."""
    worker = crew.hire()
    assert crew.wait(60) == [(worker, b"")]
    worker.send(pickle.dumps(("item", pickle.dumps(str(log)))))
    return worker


def test_a_worker_that_leads_takes_its_crew_with_it(tmp_path):
    crew = ProcessCrew(pickle.dumps((jobs.has_a_crew, None)), leads=True)
    worker = asked(crew, tmp_path / "log")
    assert eventually(lambda: len(ran(tmp_path / "log")) == 1)
    assert worker.process.pid not in pids(tmp_path / "log")
    crew.close()
    assert eventually(lambda: not any(alive(pid) for pid in pids(tmp_path / "log")))


def test_a_worker_that_does_not_lead_has_no_crew(tmp_path):
    crew = ProcessCrew(pickle.dumps((jobs.has_a_crew, None)))
    asked(crew, tmp_path / "log")
    ((_, answer),) = crew.wait(60)
    assert "inside an item of another" in pickle.loads(answer).cause
    crew.close()


def test_a_script_without_its_guard_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("from bencao.kernel import compute\nprint(compute.map(abs, [1], progress=False))\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert "__name__" in done.stderr.splitlines()[-1]
