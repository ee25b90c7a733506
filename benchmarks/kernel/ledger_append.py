"""What it costs to append entries to a ledger, and to verify it.

python benchmarks/kernel/ledger_append.py [--entries 100000] [--batch 5000] [--json]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bencao.kernel.ledger import Entry, FileRecord, Ledger, verify
from bencao.kernel.ledger.store import BATCH

TIME = "2026-01-01T00:00:00.000000Z"


def made_entries(count: int) -> Iterator[Entry]:
    """Entries of a long pipeline: each command reads the file before it and a model, and writes two files."""
    before = _file("targets.csv", 0)
    model = _file("models/template_relevance.onnx", 1)
    for number in range(count):
        made = (_file(f"out/plan-{number}.json", 2 * number + 2), _file(f"out/plan-{number}.html", 2 * number + 3))
        yield Entry(
            command="synthesis plan",
            started=TIME,
            ended=TIME,
            used=(before, model),
            generated=made,
            parameters={"smiles": "CC(=O)Oc1ccccc1C(=O)O", "routes": 5, "time": 30.0, "number": number},
            versions={"bencao": "0.1.0", "model": model.sha256},
        )
        before = made[0]


def _file(path: str, seed: int) -> FileRecord:
    return FileRecord(path, 1000 + seed, hashlib.sha256(str(seed).encode()).hexdigest())


def measure(count: int, batch: int, folder: Path) -> dict[str, object]:
    """Figures of one run in an empty folder."""
    with Ledger(folder / ".bencao", create=True) as ledger:
        cpu, wall = time.process_time(), time.perf_counter()
        ledger.append_many(made_entries(count), batch=batch)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        verify_cpu = time.process_time()
        result = verify(ledger)
        verify_cpu = time.process_time() - verify_cpu
        proof = len(ledger.inclusion_proof(count // 2))
    if not result.clean:
        sys.exit(f"the ledger does not verify: {result.findings[0]}")
    return {
        "n": count,
        "batch": batch,
        "cpu_seconds": round(cpu, 3),
        "wall_seconds": round(wall, 3),
        "microseconds_per_append": round(1e6 * cpu / count, 2),
        "verify_cpu_seconds": round(verify_cpu, 3),
        "proof_hashes": proof,
        "megabytes": round((folder / ".bencao" / "ledger.db").stat().st_size / 1e6, 1),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=BATCH, help="entries a commit")
    parser.add_argument("--json", action="store_true", help="one flat JSON object on stdout")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(arguments.entries, arguments.batch, Path(folder))
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):<26}{value}")


if __name__ == "__main__":
    main()
