"""How long does it take to build and to check a sequence of 10,000 leaves?

python benchmarks/submission/ectd_scale.py DATA [--leaves 10000] [--pages 3] [--workers 2] [--json]

DATA as for ectd.py. Every leaf is a PDF of its own; all rules run. Wall and CPU seconds are of this process and its
workers.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import shutil
import tempfile
import time
from pathlib import Path

import yaml
from dossiers import KINDS, make_pdf, official

from bencao.submission.ectd.build.building import build_sequence
from bencao.submission.ectd.validation.checking import check_application


def main() -> None:
    """Run and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--leaves", type=int, default=10_000)
    arguments.add_argument("--pages", type=int, default=3)
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        figures = measure(given.data, Path(work), given.leaves, given.pages, given.workers)
    if given.json:
        print(json.dumps(figures))
        return
    for key, value in figures.items():
        print(f"{key:16} {value}")


def measure(data: Path, work: Path, leaves: int, pages: int, workers: int) -> dict[str, float]:
    """Seconds of building and of checking."""
    assets = official(data, work / "official")
    source = work / "source"
    source.mkdir()
    rows = [(heading, name) for heading, name in KINDS["new-drug"].module_1]
    rows += [("3.2.P.2", f"development-{number:05d}") for number in range(leaves - len(rows) - 1)]
    with (source / "leaves.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["heading", "attributes", "file", "title"])
        for heading, name in rows:
            (source / f"{name}.pdf").write_bytes(make_pdf(name, pages))
            writer.writerow([heading, "product-name=patch" if heading == "3.2.P.2" else "", f"{name}.pdf", name])
    envelope = {
        "application-type": "cnapt2",
        "product-type": "cnprt1",
        "product-number": "2026000001",
        "related-sequence": "0000",
        "regulatory-activity-type": "cnrat1",
        "sequence-type": "cnsqt1",
        "description": "示例",
        "contact": {"name": "注册事务部", "phone": "010-00000000", "email": "ra@example.org"},
    }
    manifest = {"application": "x202600001", "region": "cn", "sequence": "0000", "envelope": envelope}
    (source / "submission.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    started = time.perf_counter()
    built = build_sequence(source / "submission.yaml", work / "out", assets=assets)
    building = time.perf_counter() - started
    shutil.rmtree(source)
    before, started = _cpu(), time.perf_counter()
    report = check_application(built.folder.parent, assets=assets, workers=workers, progress=False)
    checking = time.perf_counter() - started
    return {
        "n": built.leaves,
        "build_seconds": round(building, 2),
        "check_seconds": round(checking, 2),
        "check_cpu_seconds": round(_cpu() - before, 2),
        "workers": workers,
        "cores": os.cpu_count() or 0,
        "errors": report.count("error"),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _cpu() -> float:
    return sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


if __name__ == "__main__":
    main()
