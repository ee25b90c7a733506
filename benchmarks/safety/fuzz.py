"""Whether any damaged file makes the readers of reports crash or hang: only typed errors and cases may come out.

python benchmarks/safety/fuzz.py SAMPLES [--files 20000] [--seed 0] [--json] [--predictions FILE]

SAMPLES is a folder of E2B(R3) reports (.xml) and acknowledgements (.ack). From them, and from an E2B(R2) message made
here, files of five formats are made (E2B(R3), E2B(R2), JSON, CSV, acknowledgement), each is damaged in one to six
places, read whole, checked for values that cannot be, and each case is written again in all formats.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from damage import damaged, reshaped

from bencao.kernel.errors import BencaoError
from bencao.safety.acknowledgement import is_acknowledgement, read_acknowledgement, write_acknowledgement
from bencao.safety.case import occurrences
from bencao.safety.case.plausibility import implausible
from bencao.safety.exchange import read_cases, read_header, write_cases

SECONDS = 10  # longer for one file of these sizes is a hang
FORMATS = (".xml", ".json", ".csv")
R2 = """<?xml version="1.0"?><!DOCTYPE ichicsr SYSTEM "icsr21xml.dtd"><ichicsr lang="en"><ichicsrmessageheader>
<messagetype>ichicsr</messagetype><messagenumb>M-1</messagenumb><messagesenderidentifier>S</messagesenderidentifier>
<messagedateformat>204</messagedateformat><messagedate>20240102030405</messagedate></ichicsrmessageheader>
<safetyreport><safetyreportid>XX-1</safetyreportid><occurcountry>FR</occurcountry><serious>1</serious>
<seriousnessother>1</seriousnessother><receivedateformat>102</receivedateformat><receivedate>20231230</receivedate>
<companynumb>XX-1</companynumb><reportduplicate><duplicatenumb>7</duplicatenumb></reportduplicate><primarysource>
<reportercountry>FR</reportercountry><qualification>1</qualification><literaturereference>J</literaturereference>
</primarysource><sender><sendertype>1</sendertype><sendertel>123</sendertel></sender><patient>
<patientinitial>A</patientinitial><patientonsetage>52</patientonsetage><patientonsetageunit>801</patientonsetageunit>
<medicalhistoryepisode><patientepisodename>Asthma</patientepisodename><patientmedicalcomment>mild
</patientmedicalcomment></medicalhistoryepisode><patientdeath><patientautopsyyesno>3</patientautopsyyesno></patientdeath>
<reaction><primarysourcereaction>nausea</primarysourcereaction><reactionmeddrallt>10028813</reactionmeddrallt>
<reactionfirsttime>2</reactionfirsttime><reactionfirsttimeunit>805</reactionfirsttimeunit></reaction><test>
<testname>ALT</testname><testresult>&lt;10</testresult></test><drug><drugcharacterization>1</drugcharacterization>
<medicinalproduct>X</medicinalproduct><drugstructuredosagenumb>20</drugstructuredosagenumb>
<drugstructuredosageunit>003</drugstructuredosageunit><drugseparatedosagenumb>2</drugseparatedosagenumb>
<drugrecurreadministration>1</drugrecurreadministration><drugrecurrence><drugrecuraction>nausea</drugrecuraction>
</drugrecurrence><drugreactionrelatedness><drugreactionasses>10028813</drugreactionasses><drugresult>likely</drugresult>
</drugreactionrelatedness></drug><summary><narrativeincludeclinical>n</narrativeincludeclinical></summary></patient>
</safetyreport></ichicsr>"""


@dataclass(frozen=True)
class Trial:
    """What came of one damaged file."""

    number: int
    format: str
    outcome: str
    seconds: float


class Hang(Exception):
    """A file took longer than `SECONDS`."""


def seeds(samples: Path, folder: Path) -> dict[str, list[bytes]]:
    """Whole files of each format, to be damaged."""
    reports = sorted(samples.glob("*.xml"))
    found: dict[str, list[bytes]] = {"r3": [each.read_bytes() for each in reports], "r2": [R2.encode()]}
    found["ack"] = [each.read_bytes() for each in sorted(samples.glob("*.ack"))]
    cases = [each.case for report in reports for each in read_cases(report) if each.case is not None]
    for name, suffix in (("r3", ".xml"), ("json", ".json"), ("jsonl", ".jsonl"), ("csv", ".csv")):
        write_cases(folder / f"seed{suffix}", cases[:2], read_header(reports[0]))
        found.setdefault(name, []).append((folder / f"seed{suffix}").read_bytes())
    return found


def handled(path: Path, kind: str, folder: Path) -> str:
    """Read a file as the product does and write what came out; how it ended."""
    try:
        if kind == "ack":
            if not is_acknowledgement(path):
                return "refused: no acknowledgement"
            write_acknowledgement(folder / "out.ack", read_acknowledgement(path))
            return "read"
        rows = list(read_cases(path))
        cases = [each.case for each in rows if each.case is not None]
        for case in cases:
            implausible(occurrences(case))
        for suffix in FORMATS if cases else ():
            try:
                write_cases(folder / f"out{suffix}", cases, read_header(path))
            except BencaoError:
                continue  # a value that XML cannot hold is refused there, and the other formats are tried
        return "read" if cases else f"refused: {rows[0].error.kind}" if rows and rows[0].error else "refused: no case"
    except BencaoError as error:
        return f"refused: {error.kind}"


def trials(samples: Path, files: int, seed: int, keep: Path | None = None) -> Iterator[Trial]:
    """Damage and read files one by one; those that crash or hang are kept in a folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = seeds(samples, folder)
        kinds = sorted(whole)
        suffix = {"r3": ".xml", "r2": ".xml", "ack": ".ack"}
        for number in range(files):
            kind = kinds[number % len(kinds)]
            pick = random.Random(f"{seed}/{number}")
            path = folder / f"damaged{suffix.get(kind, f'.{kind}')}"
            data = pick.choice(whole[kind])
            path.write_bytes(reshaped(data, kind, pick) if pick.random() < 0.5 else damaged(data, pick))
            start = time.perf_counter()
            signal.alarm(SECONDS)
            try:
                outcome = handled(path, kind, folder)
            except Hang:
                outcome = "HANG"
            except Exception as error:  # every other exception is a crash, which is what is looked for
                outcome = f"CRASH: {type(error).__name__}: {error} at {_where(error)}"
            finally:
                signal.alarm(0)
            if keep is not None and outcome.startswith(("CRASH", "HANG")):
                (keep / f"{number}{path.suffix}").write_bytes(path.read_bytes())
            yield Trial(number, kind, outcome, time.perf_counter() - start)


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _too_long(signum: int, frame: FrameType | None) -> None:
    raise Hang


def figures(found: list[Trial], seed: int) -> dict[str, object]:
    """One flat object."""
    ends = Counter(each.outcome.partition(":")[0] for each in found)
    times = sorted(each.seconds for each in found)
    crashes = ends["CRASH"]
    return {
        "n": len(found),
        "crashes": crashes,
        "hangs": ends["HANG"],
        "read": ends["read"],
        "refused": ends["refused"],
        # Rule of three: with none in n, at most 3/n at 95 %.
        "crash_share_at_most": 3 / len(found) if not crashes else None,
        "median_seconds": round(statistics.median(times), 4),
        "slowest_seconds": round(times[-1], 3),
        "seed": seed,
        **{f"n_{kind}": count for kind, count in sorted(Counter(each.format for each in found).items())},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=Path)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for files that crash or hang")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="what came of each file, as CSV")
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, _too_long)
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    found = list(trials(arguments.samples, arguments.files, arguments.seed, arguments.keep))
    if arguments.predictions:
        rows = [f"{each.number}\t{each.format}\t{each.seconds:.4f}\t{each.outcome}" for each in found]
        arguments.predictions.write_text(
            "\n".join(["number\tformat\tseconds\toutcome", *rows]) + "\n", encoding="utf-8"
        )
    made = figures(found, arguments.seed)
    if arguments.json:
        print(json.dumps(made))
    else:
        for name, value in made.items():
            print(f"{name:>22}  {value}")
        for outcome, count in Counter((each.format, each.outcome) for each in found).most_common(40):
            print(f"{count:>7}  {outcome[0]:<6} {outcome[1]}")
    sys.exit(1 if made["crashes"] or made["hangs"] else 0)


if __name__ == "__main__":
    main()
