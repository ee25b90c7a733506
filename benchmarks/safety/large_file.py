"""How much memory and time do a 200 MB E2B(R3) file, a huge narrative and a deeply nested file take?

python benchmarks/safety/large_file.py SAMPLE [--megabytes N] [--depth N] [--folder DIR] [--json]

SAMPLE is an E2B(R3) message, such as one of FDA's. Its report is repeated to a batch of N megabytes, which is validated
and converted to each format and back; then a narrative of N megabytes in one report, one of 8 MB, and elements nested N
deep, which are to be refused, read, and refused. Each command is a process of its own; peak memory is what the
system counted for it (ru_maxrss). Nothing is drawn at random, so the figures have no interval; n is the reports.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

RUN = "from bencao.cli import main; main()"
CONVERTED = (
    ("to_jsonl", "batch.xml", "out.jsonl"),
    ("from_jsonl", "out.jsonl", "again.xml"),
    ("to_csv", "batch.xml", "out.csv"),
    ("from_csv", "out.csv", "again.xml"),
    ("to_json", "batch.xml", "out.json"),
)
_MESSAGE = re.compile(rb"<PORR_IN049016UV\b.*?</PORR_IN049016UV>", re.DOTALL)
_NARRATIVE = re.compile(rb"(<text\b[^>]*>)[^<]*(</text>)")


@dataclass(frozen=True)
class Measured:
    """A command that ended.

    Attributes
    ----------
    code : int
        Its exit code.
    peak : float
        Megabytes.
    seconds : float
        Of wall time.
    said : str
        The last line on stderr.
    """

    code: int
    peak: float
    seconds: float
    said: str


def bencao(folder: Path, *arguments: str) -> Measured:
    """Run one command of the safety room and measure it."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-c", RUN, "safety", *arguments]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        errors.seek(max(errors.seek(0, os.SEEK_END) - 4_000, 0))
        lines = errors.read().decode("utf-8", errors="replace").strip().splitlines() or [""]
    return Measured(process.returncode, used.ru_maxrss / 1024, seconds, lines[-1])


def repeated(sample: bytes, target: Path, size: int) -> int:
    """Write the sample with its report repeated; the number of reports."""
    found = _MESSAGE.search(sample)
    if not found:
        raise SystemExit("the sample holds no report of E2B(R3)")
    count = max(1, (size - len(sample)) // len(found[0]))
    with target.open("wb") as stream:
        stream.write(sample[: found.start()])
        for _ in range(count):
            stream.write(found[0] + b"\n")
        stream.write(sample[found.end() :])
    return count


def narrated(sample: bytes, target: Path, size: int) -> None:
    """Write the sample with a narrative of a size, in pieces: this process's own memory counts for its children."""
    found = _NARRATIVE.search(sample)
    if not found:
        raise SystemExit("the sample holds no narrative")
    words = b"The patient recovered. " * 1_000
    with target.open("wb") as stream:
        stream.write(sample[: found.start()] + found[1])
        for _ in range(size // len(words)):
            stream.write(words)
        stream.write(found[2] + sample[found.end() :])


def nested(sample: bytes, target: Path, depth: int) -> None:
    """Write the sample with elements nested in its first report."""
    at = sample.index(b"</PORR_IN049016UV>")
    with target.open("wb") as stream:
        stream.write(sample[:at])
        for part in (b"<component>", b"</component>"):
            for _ in range(depth // 1_000):
                stream.write(part * 1_000)
        stream.write(sample[at:])


def main() -> None:
    """Make the files and run the commands on them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", type=Path)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--depth", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where to write the files; a temporary one if not given")
    parser.add_argument("--only", nargs="+", default=[], help="commands to run, by the names they have in the result")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    arguments = parser.parse_args()
    sample, size = arguments.sample.read_bytes(), arguments.megabytes * 1_000_000
    with tempfile.TemporaryDirectory(dir=arguments.folder) as made:
        folder = Path(made)
        count = repeated(sample, folder / "batch.xml", size)
        narrated(sample, folder / "narrative.xml", size)
        narrated(sample, folder / "long.xml", 8_000_000)
        nested(sample, folder / "nested.xml", arguments.depth)
        commands: dict[str, tuple[str, ...]] = {
            "smallest": ("validate", str(arguments.sample.resolve()), "--json"),
            "validate": ("validate", "batch.xml", "--json", "-o", "findings.jsonl"),
        }
        for name, source, target in CONVERTED:
            commands[name] = ("convert", source, "-o", target, "--keep")
        for each in ("narrative", "long", "nested"):
            commands[each] = ("validate", f"{each}.xml", "--json")
        wanted = [name for name in commands if not arguments.only or name in arguments.only]
        runs = {name: bencao(folder, *commands[name]) for name in wanted}
        sizes = {path.name: path.stat().st_size / 1e6 for path in folder.iterdir() if path.is_file()}
    result: dict[str, object] = {"n": count, "batch_megabytes": sizes["batch.xml"]}
    for key, run in runs.items():
        result |= {f"{key}_code": run.code, f"{key}_peak_mb": round(run.peak), f"{key}_seconds": round(run.seconds, 1)}
        if run.code == 2:
            result[f"{key}_said"] = run.said[-200:]
    if arguments.json:
        print(json.dumps(result))
        return
    print("\n".join(f"{key:44}{value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
