"""Time to validate a batch of individual case safety reports, from the XML file to the findings, on one core.

python benchmarks/safety/validation_speed.py FILE… [--reports 1000] [--region US] [--json] [--predictions FILE]

FILE are E2B(R3) batches; their reports are taken in turn, each with a number of its own, until there are as many as
asked for, and written as one batch, which is then read and held against all rules.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle, islice
from pathlib import Path

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.reading import read_batch, read_messages
from bencao.safety.e2b.writing import write_batch
from bencao.safety.validation import Background, validate_file

NUMBERED = ("C.1.1", "N.2.r.1")


def main() -> None:
    """Make the batch, validate it, say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", help="E2B(R3) batches")
    parser.add_argument("--reports", type=int, default=1000, help="how many")
    parser.add_argument("--region", default="US", help="US or ICH")
    parser.add_argument("--as-of", default="20261126000000", help="the moment of checking")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="where each report's findings go, one line a report")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "batch.xml"
        write_batch(path, islice(numbered(given.files), given.reports), read_batch(given.files[0])[0])
        start, cpu = time.perf_counter(), time.process_time()
        found = list(validate_file(path, given.region, Background(given.as_of)))
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        size = path.stat().st_size
    result = {
        "n": len(found),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "reports_per_second": round(len(found) / seconds, 1),
        "megabytes": round(size / 1e6, 1),
        "findings": sum(len(each.findings) for each in found),
        "accepted": sum(each.accepted for each in found),
    }
    if given.predictions:
        lines = (
            json.dumps({"id": each.safety_report_id, "findings": [asdict(one) for one in each.findings]})
            for each in found
        )
        given.predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps(result) if given.json else "\n".join(f"{name}: {value:,}" for name, value in result.items()))


def numbered(files: list[Path]) -> Iterator[list[Occurrence]]:
    """The reports of the files again and again, each with a number of its own."""
    reports = [message.occurrences for path in files for message in read_messages(path)]
    for number, report in enumerate(cycle(reports), 1):
        yield [
            Occurrence(each.element, each.repeats, f"US-BENCH-{number}") if each.element in NUMBERED else each
            for each in report
        ]


if __name__ == "__main__":
    main()
