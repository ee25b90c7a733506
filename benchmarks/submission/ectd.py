"""Are seeded defects of an eCTD found by the rule they break, and is a clean dossier left alone?

python benchmarks/submission/ectd.py DATA [--draws 5] [--seed 0] [--json] [--predictions FILE]

DATA is a folder with `nmpa`, `ich` and `eu_sample_sequences.tgz`, the official files at hand; stand-ins are made for
those that are absent. Small
dossiers of five kinds (one with five sequences) are built and must have no finding of an error or a warning; then one
place is spoiled at a time, checksums made right again, and the rule's number must be among the findings. Rules 1.1 to
1.3 state figures and have no defect. Intervals are Wilson's.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from defects import DEFECTS, Defect
from dossiers import KINDS, build, official
from shares import wilson
from spoiling import Package

from bencao.kernel.files import write_text
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.validation.checking import Report, check_application
from bencao.submission.ectd.validation.finding import cn_rules


def main() -> None:
    """Run and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--draws", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--predictions", type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        figures, items = score(given.data, Path(work), given.draws, given.seed)
    if given.predictions:
        write_text(given.predictions, "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items))
    if given.json:
        print(json.dumps(figures))
        return
    for key, value in figures.items():
        print(f"{key:20} {value}")
    for rule in sorted({item["rule"] for item in items if not item["found"]}):
        print(f"missed {rule}")


def score(data: Path, work: Path, draws: int, seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Figures, and each draw with what was found."""
    assets = official(data, work / "official")
    clean = {kind: build(kind, work / "clean" / kind, assets) for kind in KINDS}
    raised = [one for folder in clean.values() for one in told(check_application(folder, assets=assets))]
    items = []
    for number, defect in enumerate(DEFECTS):
        for draw in range(draws):
            report = spoiled(
                defect, clean[defect.kind], work / "spoiled", assets, random.Random(f"{seed}/{number}/{draw}")
            )
            rules = sorted(report.rules_found())
            items.append({"rule": defect.rule, "draw": draw, "found": defect.rule in rules, "findings": rules})
    rules = cn_rules()
    by_rule = Counter(item["rule"] for item in items)
    found = sum(item["found"] for item in items)
    share, low, high = wilson(found, len(items))
    whole = sum(all(item["found"] for item in items if item["rule"] == rule) for rule in by_rule)
    return {
        "n": len(items),
        "found_percent": share,
        "low": low,
        "high": high,
        "rules_listed": len(rules),
        "rules_seeded": len(by_rule),
        "rules_always_found": whole,
        "clean_dossiers": len(clean),
        "clean_raised": len(raised),
        "seed": seed,
    }, items


def told(report: Report) -> list[str]:
    """Errors and warnings."""
    return [finding.rule.id for finding in report.findings if finding.rule.severity != "info"]


def spoiled(defect: Defect, clean: Path, work: Path, assets: Assets, draw: random.Random) -> Report:
    """A copy of a clean dossier with one defect, checked."""
    shutil.rmtree(work, ignore_errors=True)
    folder = work / clean.name
    shutil.copytree(clean, folder)
    package = Package(folder, defect.sequence, draw)
    defect.spoil(package)
    package.reseal()
    return check_application(package.application, assets=assets, only=package.folder.name)


if __name__ == "__main__":
    main()
