"""The ledger with many processes writing, and with a process killed at any point."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bencao.kernel.ledger import Ledger, verify

# Appends until it is killed or done, and says after each commit how many of its entries are on disk.
WRITER = """
import itertools, sys
from bencao.kernel.ledger import Entry, FileRecord, Ledger
name, folder, total, batch = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
file = FileRecord("data.csv", 3, "0" * 64)
with Ledger(folder, create=True) as ledger:
    print("open", flush=True)
    for start in itertools.count(0, batch):
        if 0 <= total <= start:
            break
        entries = [Entry(name, "s", "e", (file,), (file,), {"n": start + at}) for at in range(batch)]
        ledger.append_many(entries, batch=batch)
        print(start + batch, flush=True)
"""


def writer(name: str, folder: Path, total: int, batch: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, name, str(folder), str(total), str(batch)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / ".bencao"  # made by whichever comes first
    plan = {"singles": (120, 1), "pairs": (160, 2), "many": (400, 40)}
    writers = [writer(name, folder, total, batch) for name, (total, batch) in plan.items()]
    for process in writers:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    with Ledger(folder) as ledger:
        result = verify(ledger)
        entries = [entry for _, entry in ledger.entries()]
    assert result.clean
    assert result.head.size == sum(total for total, _ in plan.values())
    for name, (total, _) in plan.items():
        assert [entry.parameters["n"] for entry in entries if entry.command == name] == list(range(total))


def test_the_ledger_is_made_once_where_many_processes_begin_together(tmp_path: Path) -> None:
    for trial in range(2):
        folder = tmp_path / str(trial)
        writers = [writer(f"w{number}", folder, 1, 1) for number in range(5)]
        for process in writers:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
        with Ledger(folder) as ledger:
            assert verify(ledger).clean
            assert ledger.head().size == 5


@pytest.mark.parametrize("batch", [1, 50])
def test_a_killed_writer_leaves_a_clean_log_with_all_it_committed(tmp_path: Path, batch: int) -> None:
    draw, before = random.Random(batch), 0
    for _ in range(8):
        process = writer("killed", tmp_path, -1, batch)
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        time.sleep(draw.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        told = process.communicate(timeout=60)[0].splitlines()
        committed = int(told[-1]) if told else 0
        with Ledger(tmp_path) as ledger:
            result = verify(ledger)
            written = [entry.parameters["n"] for _, entry in ledger.entries()][before:]
        assert result.clean
        # A commit that the kill kept from being told may be there as well, whole.
        assert len(written) in (committed, committed + batch)
        assert written == list(range(len(written)))
        before = result.head.size
    assert before > 0


def test_a_writer_killed_while_the_ledger_is_being_made_is_no_obstacle(tmp_path: Path) -> None:
    draw = random.Random(0)
    for trial in range(8):
        folder = tmp_path / str(trial)
        process = writer("killed", folder, -1, 1)
        # The file appears when the making of the ledger begins.
        while not (folder / "ledger.db").exists() and process.poll() is None:
            time.sleep(0.0005)
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        process.communicate(timeout=60)
        with Ledger(folder, create=True) as ledger:
            size = ledger.head().size
            assert verify(ledger).clean
        assert writer("next", folder, 1, 1).wait(timeout=60) == 0
        with Ledger(folder) as ledger:
            assert ledger.head().size == size + 1
            assert verify(ledger).clean


def test_a_command_killed_under_way_leaves_no_entry(tmp_path: Path) -> None:
    script = """
import sys, time
from bencao.kernel.ledger import record
with record(sys.argv[1], "synthesis batch"):
    print("under way", flush=True)
    time.sleep(60)
"""
    with (
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process,
        contextlib.ExitStack() as stack,
    ):
        stack.callback(process.kill)
        assert process.stdout
        assert process.stdout.readline() == "under way\n"
    with Ledger(tmp_path) as ledger:
        assert ledger.head().size == 0
        assert verify(ledger).clean
