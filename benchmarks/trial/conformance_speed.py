"""CPU time to check a whole study against conformance rules.

python benchmarks/trial/conformance_speed.py RULES FILE… [--standard SDTMIG] [--standard-version 3.4] [--json]

CORE 0.17.1 took 87 CPU seconds for 18 of the pilot study's SDTM files with its own copy of the rules; it needs metadata
of the CDISC Library that may not be shipped, so it is not run here.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from bencao.trial.conformance import check
from bencao.trial.formats import read_datasets


def main() -> None:
    """Read, check, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", help="a folder or .tgz of rules in YAML, or adam")
    parser.add_argument("files", type=Path, nargs="+", help="data sets of the study")
    parser.add_argument("--standard", default="", help="run this standard's rules alone")
    parser.add_argument("--standard-version", default="", help="of the standard")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    datasets = [dataset for path in given.files for dataset in read_datasets(path)]
    start = time.process_time()
    report = check(datasets, given.rules, standard=given.standard, version=given.standard_version)
    seconds = time.process_time() - start
    result = {
        "cpu_seconds": round(seconds, 2),
        "rules": report.run,
        "unsupported": len(report.unsupported),
        "findings": report.findings,
        "n": sum(dataset.frame.height for dataset in datasets),
        "data_sets": len(datasets),
    }
    print(json.dumps(result) if given.json else "\n".join(f"{name}: {value:,}" for name, value in result.items()))


if __name__ == "__main__":
    main()
