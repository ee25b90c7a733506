"""A long file of targets through ``bencao synthesis batch``: on processes and on Ray, left alone and killed in between.

python benchmarks/synthesis/scale.py TARGETS -o FOLDER [--n 2000] [--seed 7] [--expansions 2] [--workers 2] [--json]
                                     [--predictions FILE]

TARGETS is a list of molecules, or a table of reactions with a column rxn_smiles, as `uspto50k_valid.py` writes it,
whose products are taken; `n` distinct ones are drawn. Four batches: on processes and on a Ray cluster started here,
each first left alone, then with a worker killed at a third, the driver at two thirds, and the command given again.
Every file of all four must be the same by SHA-256. Memory is the sum over all processes of a batch, shared pages
counted once (Pss); CPU time that of all of them. Linux only.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

from command import run
from machine import machine
from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text

_MARK = "BENCAO_SCALE_RUN"  # in the environment of every process of a batch, by which they are found
_BENCAO = "from bencao.cli import main; main()"
_TICK = os.sysconf("SC_CLK_TCK")
_EVERY = 5.0  # seconds between two looks
_WORKERS_OF = {"processes": "spawn_main", "ray": "ray::Task"}  # what the command line of a worker holds
# Engine of each batch, and whether something is killed in it.
BATCHES = {
    "processes": ("processes", False),
    "killed_ray": ("ray", True),
    "killed_processes": ("processes", True),
    "ray": ("ray", False),
}
_GONE = 30.0  # seconds that what a killed driver leaves has to end


@dataclass
class Watch:
    """What was seen of the processes of one batch, over all its runs.

    Attributes
    ----------
    samples : list of (int, float)
        Finished targets, and MB of all processes together, every five seconds or so.
    cpu : dict of int to float
        CPU seconds by process.
    wall : float
    runs : int
        Times the command was given.
    left : int
        Processes that outlived a killed driver.
    """

    samples: list[tuple[int, float]] = field(default_factory=list)
    cpu: dict[int, float] = field(default_factory=dict)
    wall: float = 0.0
    runs: int = 0
    left: int = 0


@dataclass(frozen=True)
class Batch:
    """One batch and its command.

    Attributes
    ----------
    engine : {"processes", "ray"}
    targets, out : Path
    expansions, workers, n : int
    """

    engine: str
    targets: Path
    out: Path
    expansions: int
    workers: int
    n: int

    @property
    def mark(self) -> str:
        """What its processes are known by."""
        return f"{os.getpid()}-{self.out.name}"

    def start(self) -> subprocess.Popen[bytes]:
        """Give the command."""
        command = [sys.executable, "-c", _BENCAO, "synthesis", "batch", str(self.targets), "-o", str(self.out)]
        command += ["--expansions", str(self.expansions), "--workers", str(self.workers)]
        command += ["--ray", "local"] if self.engine == "ray" else []
        environment = {**os.environ, _MARK: self.mark}
        with (self.out.parent / f"{self.out.name}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.out.parent, env=environment, stdout=log, stderr=log)

    def finished(self) -> int:
        """Targets whose plan is written."""
        return sum(1 for _ in self.out.glob("*.json"))

    def pids(self) -> list[int]:
        """All its processes that live."""
        wanted = f"{_MARK}={self.mark}".encode()
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if wanted in _read(path / "environ")]

    def a_worker(self) -> int | None:
        """One of its workers."""
        held = _WORKERS_OF[self.engine].encode()
        workers = [pid for pid in self.pids() if held in _read(Path("/proc", str(pid), "cmdline"))]
        return workers[0] if workers else None

    def lost(self) -> int:
        """Targets whose worker died, by the summary."""
        with (self.out / "summary.csv").open(encoding="utf-8", newline="") as stream:
            return sum(row["error"] == "WorkerDied" for row in csv.DictReader(stream))


def _read(path: Path) -> bytes:
    """A file of /proc; empty where its process is gone, or is not ours."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def look(batch: Batch, watch: Watch) -> None:
    """Add memory and CPU time of this moment."""
    total = 0
    for pid in batch.pids():
        for line in _read(Path("/proc", str(pid), "smaps_rollup")).splitlines():
            total += int(line.split()[1]) if line.startswith(b"Pss:") else 0
        told = _read(Path("/proc", str(pid), "stat")).rpartition(b")")[2].split()
        if told:
            watch.cpu[pid] = (int(told[11]) + int(told[12])) / _TICK
    watch.samples.append((batch.finished(), total * 1024 / 1e6))


def follow(batch: Batch, watch: Watch, kill: Sequence[str]) -> bool:
    """Give the command and watch until it ends; `kill` names what is killed at equal steps of the way.

    Returns
    -------
    bool
        Whether it ended by itself.

    Raises
    ------
    InputError
        The command failed.
    """
    waiting = list(kill)
    watch.runs += 1
    began = time.monotonic()
    driver = batch.start()
    while driver.poll() is None:
        look(batch, watch)
        due = batch.finished() > batch.n * (1 + len(kill) - len(waiting)) / (1 + len(kill))
        if waiting and due and waiting[0] == "driver":
            driver.kill()
            driver.wait()
            watch.left += _left(batch)
            watch.wall += time.monotonic() - began
            return False
        worker = batch.a_worker() if waiting and due else None
        if worker:
            os.kill(worker, signal.SIGKILL)
            waiting.pop(0)
        time.sleep(_EVERY)
    watch.wall += time.monotonic() - began
    if driver.returncode:
        log = (batch.out.parent / f"{batch.out.name}.log").read_text(encoding="utf-8", errors="replace")
        raise InputError(f"the batch failed: {log[-500:]}", where=str(batch.out), mend="mend it and start again")
    return True


def _left(batch: Batch) -> int:
    """Processes that are still there some seconds after their driver was killed; they are ended then."""
    end = time.monotonic() + _GONE
    while batch.pids() and time.monotonic() < end:
        time.sleep(0.2)
    left = batch.pids()
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return len(left)


def carry_out(batch: Batch, *, kills: bool) -> Watch:
    """Run a batch to its end, through the kills where there are any."""
    watch = Watch()
    if kills:
        if follow(batch, watch, ("worker", "driver")):
            raise InputError("it ended before its driver was killed", where=str(batch.out), mend="give more targets")
        follow(batch, watch, ())
    else:
        follow(batch, watch, ())
    if batch.lost():
        follow(batch, watch, ())
    return watch


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder, by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def figures_of(name: str, batch: Batch, watch: Watch, reference: dict[str, str]) -> dict[str, Any]:
    """The figures of a batch, as keys of the flat JSON that begin with its name."""
    cpu = sum(watch.cpu.values())
    peaks = [max(memory for _, memory in part) for part in _quarters(watch.samples, batch.n) if part]
    means = [mean(memory for _, memory in part) for part in _quarters(watch.samples, batch.n) if part]
    found = digests(batch.out)
    return {
        f"{name}_files": len(found),
        f"{name}_same": sum(found.get(file) == digest for file, digest in reference.items()),
        f"{name}_same_files": found == reference,
        f"{name}_runs": watch.runs,
        f"{name}_left": watch.left,
        f"{name}_cpu_seconds": round(cpu, 1),
        f"{name}_wall_seconds": round(watch.wall, 1),
        f"{name}_targets_per_core_hour": round(3600 * batch.n / cpu, 1),
        f"{name}_peak_mb": round(max(peaks), 1),
        f"{name}_first_quarter_mb": round(means[0], 1),
        f"{name}_last_quarter_mb": round(means[-1], 1),
        f"{name}_first_quarter_peak_mb": round(peaks[0], 1),
        f"{name}_last_quarter_peak_mb": round(peaks[-1], 1),
    }


def _quarters(samples: Sequence[tuple[int, float]], n: int) -> list[list[tuple[int, float]]]:
    """The samples by quarter of the way, from the first finished target on."""
    return [
        [one for one in samples if one[0] and place * n <= 4 * one[0] < (place + 1) * n + (place == 3)]
        for place in range(4)
    ]


def read_molecules(path: Path) -> list[str]:
    """Distinct molecules of a list, or products of a table of reactions, in the order of the file."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            header = stream.readline()
            stream.seek(0)
            if "rxn_smiles" in header:
                found = [_without_maps(row["rxn_smiles"].rpartition(">")[2]) for row in csv.DictReader(stream)]
            else:
                found = [line.split()[0] for line in stream if line.strip()]
    except OSError as error:
        raise InputError(f"cannot be read: {error}", where=str(path), mend="give a list of molecules") from None
    return list(dict.fromkeys(found))


def _without_maps(smiles: str) -> str:
    from rdkit import Chem

    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        raise InputError(f"no molecule: {smiles}", where="rxn_smiles", mend="leave the row out")
    for atom in molecule.GetAtoms():
        atom.SetAtomMapNum(0)
    return str(Chem.MolToSmiles(molecule))


def drawn(path: Path, n: int, seed: int) -> list[str]:
    """`n` of the molecules of a file, drawn without replacement."""
    molecules = read_molecules(path)
    if len(molecules) < n:
        raise InputError(f"{len(molecules)} distinct molecules, {n} were asked for", where=str(path), mend="ask fewer")
    return random.Random(seed).sample(molecules, n)


def show(result: dict[str, Any]) -> None:
    """Print a column a batch."""
    names = list(BATCHES)
    table = Table(title=f"{result['n']} targets, {result['expansions']} expansions each, {result['workers']} workers")
    for heading in ("", *names):
        table.add_column(heading, justify="right" if heading else "left")
    keys = [key.removeprefix(f"{names[0]}_") for key in result if key.startswith(f"{names[0]}_")]
    for key in dict.fromkeys(keys):
        table.add_row(key.replace("_", " "), *(str(result[f"{name}_{key}"]) for name in names))
    Console().print(table)
    print(f"solved: {result['solved']}; all files the same: {result['same']}; {result['machine']}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True, help="new folder for the batches")
    parser.add_argument("--n", type=int, default=2_000, help="number of targets")
    parser.add_argument("--seed", type=int, default=7, help="of the draw of the targets; nothing else is drawn")
    parser.add_argument("--expansions", type=int, default=2, help="of each target")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write the summary of the batches, CSV")
    return parser.parse_args()


def main() -> None:
    """Run the three batches, one after the other."""
    arguments = _arguments()
    out = arguments.out.resolve()
    targets = drawn(arguments.targets, arguments.n, arguments.seed)
    try:
        out.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error}", where=str(out), mend="give a folder that is not there") from None
    write_text(out / "targets.smi", "".join(f"{smiles}\n" for smiles in targets))
    result: dict[str, Any] = {"n": len(targets), "expansions": arguments.expansions, "workers": arguments.workers}
    reference: dict[str, str] = {}
    for name, (engine, kills) in BATCHES.items():
        folder = out / name
        batch = Batch(engine, out / "targets.smi", folder, arguments.expansions, arguments.workers, len(targets))
        watch = carry_out(batch, kills=kills)
        reference = reference or digests(folder)
        found = figures_of(name, batch, watch, reference)
        print(json.dumps(found), file=sys.stderr, flush=True)
        result |= found
    with (out / "processes" / "summary.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    result["solved"] = sum(row["solved"] == "true" for row in rows)
    result["planned"] = sum(not row["error"] for row in rows)
    result["same"] = all(result[f"{name}_same_files"] for name in BATCHES)
    result |= {"seed": arguments.seed} | machine()
    if arguments.predictions:
        shutil.copyfile(out / "processes" / "summary.csv", arguments.predictions)
    if arguments.json:
        print(json.dumps(result))
    else:
        show(result)


if __name__ == "__main__":
    run(main)
