"""The commands of docs/safety.md run as they stand there."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "completion"))
from filled_form import NULLS, VALUES

from bencao.safety.e2b.elements import elements

TOLD = ("H.1", "FDA.C.2.r.2.8")
ROOT = Path(__file__).resolve().parents[2]
RUN = "from bencao.cli import main; main()"
MAIL = """\
From: pharmacist@hospital.example
To: safety@company.example
Subject: Bleeding under warfarin
Date: Tue, 10 Mar 2026 09:12:00 +0100
Content-Type: text/plain; charset="utf-8"

A 54-year-old woman took warfarin 5 mg daily since 2 March 2026 for atrial fibrillation. On 8 March 2026 she developed
gastrointestinal bleeding and was admitted to hospital. Warfarin was stopped. She recovered. She denies any headache.
"""


def _report(number: int) -> str:
    """A row; from July on the drug A is always reported with a rash."""
    month, drug = 1 + number % 12, "ABC"[number // 12 % 3]
    event = "rash" if (drug == "A" and month > 6) or number % 7 == 0 else ("nausea", "headache")[number % 2]
    return f"{number},{drug},{event},2024-{month:02d}-15\n"


def _by_hand() -> str:
    """What a person adds to the draft of the e-mail, which tells of two reactions."""
    rows = [
        (element, place, value, "")
        for element, value in VALUES.items()
        if element not in TOLD
        for place in (("1", "2") if element.startswith("E.i.2") else ("1",) if elements()[element].repeating else ("",))
    ]
    rows += [(element, "1" if elements()[element].repeating else "", "", null) for element, null in NULLS.items()]
    criteria = (*(f"E.i.3.2{letter}" for letter in "abcdef"), "FDA.E.i.3.2h")
    rows += [(each, place, "", "NI") for each in criteria for place in "12" if (each, place) != ("E.i.3.2c", "2")]
    lines = (f"{int(not row[0].startswith('N.1'))},{','.join(row)}\n" for row in rows)
    return "case,element,repeats,value,null_flavor\n" + "".join(lines)


def _quarter(folder: Path) -> Path:
    """Two versions of one case in FDA's layout."""
    folder.mkdir()
    files = {
        "DEMO26Q1.txt": "primaryid$caseid$fda_dt$age$age_cod$sex\n11$1$20260105$54$YR$F\n12$1$20260301$54$YR$F\n",
        "DRUG26Q1.txt": "primaryid$caseid$role_cod$drugname\n11$1$PS$X\n12$1$PS$WARFARIN\n",
        "REAC26Q1.txt": "primaryid$caseid$pt\n11$1$Rash\n12$1$Gastrointestinal haemorrhage\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_commands_of_the_manual_run(shared_safety: Path, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(MAIL, encoding="utf-8")
    counts = tmp_path / "counts.csv"
    with (shared_safety / "golden" / "gold_openEBGM_caers.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    counts.write_text(
        "drug,event,n\n" + "".join(f'"{row["var1"]}","{row["var2"]}",{row["N"]}\n' for row in rows[:2_000]),
        encoding="utf-8",
    )
    reports = tmp_path / "reports.csv"
    reports.write_text("report,drug,event,received\n" + "".join(map(_report, range(600))), encoding="utf-8")
    faers = _quarter(tmp_path / "faers")
    form = tmp_path / "by_hand.csv"
    form.write_text(_by_hand(), encoding="utf-8")
    controls = tmp_path / "known.csv"
    pairs = (f"{drug},{event},{int(drug == 'A')}" for drug in "ABC" for event in ("rash", "nausea", "headache"))
    controls.write_text("drug,outcome,positive\n" + "\n".join(pairs), encoding="utf-8")
    manual = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", manual, re.DOTALL)
    assert len(blocks) >= 4
    script = f'bencao() {{ "{sys.executable}" -c "{RUN}" "$@"; }}\n' + "".join(blocks)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "MAIL": str(tmp_path / "mail.eml"),
        "SAMPLES": str(shared_safety / "e2b" / "instances"),
        "CAERS": str(counts),
        "REPORTS": str(reports),
        "FAERS": str(faers),
        "FILLED": str(form),
        "CONTROLS": str(controls),
    }
    ended = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    [case] = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
    assert case["patient"]["age"]["value"] == "54" and case["patient"]["age"]["source"]["start"] >= 0
    assert {each["name"]["value"].lower() for each in case["drugs"]} == {"warfarin"}
    assert not any("headache" in json.dumps(each) for each in case["reactions"])
    codes = list(csv.DictReader((tmp_path / "codes.csv").open(encoding="utf-8")))
    warfarin = next(row for row in codes if row["element"].startswith("G.k.2.2"))
    assert (warfarin["preferred"], warfarin["chosen"]) == ("Warfarin", "True")
    clean = json.loads((tmp_path / "clean.json").read_text(encoding="utf-8"))
    assert clean["accepted"] and not clean["findings"]
    assert "safety_report_id" in (tmp_path / "checked.json").read_text(encoding="utf-8")
    assert "safety convert" in ended.stdout, "the message was not traced"
    assert "年龄54岁" in (tmp_path / "narrative.md").read_text(encoding="utf-8")
    assert "a 54-year-old female" in (tmp_path / "narrated.xml").read_text(encoding="utf-8")
    pbrer = json.loads((tmp_path / "pbrer.json").read_text(encoding="utf-8"))
    assert (pbrer["read"], pbrer["superseded"], pbrer["cumulative_cases"]) == (7, 3, 4)
    assert "临床试验" in (tmp_path / "dsur" / "tabulation.csv").read_text(encoding="utf-8")
    over_time = (tmp_path / "pairs_over_time.csv").read_text(encoding="utf-8")
    assert re.search("^A,rash,.*2024-07", over_time, re.MULTILINE)
    assert re.search("^A,rash,", (tmp_path / "masking.csv").read_text(encoding="utf-8"), re.MULTILINE)
    assert (tmp_path / "nodes.csv").read_text(encoding="utf-8").splitlines()[1].startswith("A,rash,skin,")
    assert (tmp_path / "measures.csv").exists() and (tmp_path / "answer.ack").exists()
    assert "1 versions superseded" in ended.stderr
    evaluated = json.loads((tmp_path / "evaluated.json").read_text(encoding="utf-8"))
    assert evaluated["found"] == 9 and {one["measure"] for one in evaluated["measures"]} >= {"ror", "ic"}
    [signal] = json.loads((tmp_path / "register.json").read_text(encoding="utf-8"))
    assert (signal["status"], signal["number"]) == ("validated", 2)
