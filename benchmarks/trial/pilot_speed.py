"""CPU seconds of the pilot study by the command line: raw forms to SDTM, SDTM to ADaM, ADaM to the tables.

python benchmarks/trial/pilot_speed.py RAW SDTM SDTM_AE [--json]

RAW is the folder of the four raw forms, SDTM that of dm.parquet … (cdiscpilotsdtm), SDTM_AE that of the ae.parquet that
has the keys of ADAE (pharmaversesdtm). Starting Python and writing the files are counted.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

_RUN = "from bencao.cli import main; main()"
PILOT = Path(__file__).with_name("pilot")
SDTM = ["DM", "AE", "DS", "EX"]
ADAM = ["ADSL", "ADAE", "ADTTE", "ADLBC", "ADLBH", "ADLBHY", "ADLBCPV", "ADLBHPV", "ADVS", "ADADAS", "ADCIBC", "ADNPIX"]


def cpu_seconds(folder: Path, *arguments: str | Path) -> float:
    """Run one command and give the CPU time of its process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", _RUN, "trial", *map(str, arguments)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Run the three commands and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("raw", "sdtm", "sdtm_ae"):
        parser.add_argument(name, type=lambda text: Path(text).resolve())
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roots = ["--root", f"sdtm={arguments.sdtm}", "--root", f"sdtm_ae={arguments.sdtm_ae}"]
        only = [part for each in ADAM for part in ("--only", each)]
        raw = ["--root", f"raw={arguments.raw}", *(part for each in SDTM for part in ("--only", each))]
        figures = {
            "raw_to_sdtm_cpu_seconds": cpu_seconds(folder, "build", PILOT, *raw, "-o", "raw_sdtm"),
            "sdtm_to_adam_cpu_seconds": cpu_seconds(folder, "build", PILOT, *roots, *only, "-o", "adam"),
            "tables_cpu_seconds": cpu_seconds(
                folder,
                "tables",
                PILOT,
                "-o",
                "tables",
                "--data",
                "adam",
                "--data",
                arguments.sdtm,
            ),
        }
        tables = len({path.stem for path in (folder / "tables").iterdir()})
    figures["cpu_seconds"] = sum(figures.values())
    figures["n"] = tables
    if arguments.json:
        print(json.dumps({key: round(value, 2) for key, value in figures.items()}))
        return
    for key, value in figures.items():
        print(f"{key:28}{value:8.2f}")


if __name__ == "__main__":
    main()
