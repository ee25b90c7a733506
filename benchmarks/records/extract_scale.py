"""How fast notes go through extraction: seconds, CPU, memory and rows for growing numbers of notes.

python benchmarks/records/extract_scale.py RECORDS [--notes N ...] [--model DIR] [--workers N] [--json]

RECORDS are JSON lines with a text, such as cEHRNER's; they are repeated until there are N notes. Memory is the largest
of any process. The time of each size holds reading, extraction, writing of NOTE_NLP as parquet, and starting workers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from bencao.records.extraction.service import extract_notes


def cpu_seconds() -> float:
    """CPU of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def largest_megabytes() -> float:
    """The largest resident set of this process and of those it has waited for."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def main() -> None:
    """Extract and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("--notes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--model", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one flat JSON object on stdout")
    asked = parser.parse_args()
    texts = [
        json.loads(line)["text"] for line in asked.records.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    result: dict[str, Any] = {"n": max(asked.notes), "workers": asked.workers}
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.notes:
            source, out = Path(folder) / "notes.jsonl", Path(folder) / "note_nlp.parquet"
            with source.open("w", encoding="utf-8") as stream:
                for number, text in enumerate(itertools.islice(itertools.cycle(texts), count), start=1):
                    stream.write(json.dumps({"note_id": number, "note_text": text}, ensure_ascii=False) + "\n")
            began, cpu = time.monotonic(), cpu_seconds()
            done = extract_notes(source, out, model=asked.model, workers=asked.workers, day=date(2026, 1, 1))
            cpu = cpu_seconds() - cpu
            result |= {
                f"{count}_seconds": time.monotonic() - began,
                f"{count}_cpu_s": cpu,
                f"{count}_entities": done.entities,
                f"{count}_chars_per_cpu_s": done.characters / cpu,
                f"{count}_largest_mb": largest_megabytes(),
            }
    if asked.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:28} {value:,.1f}" if isinstance(value, float) else f"{name:28} {value:,}")


if __name__ == "__main__":
    main()
