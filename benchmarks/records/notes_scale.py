"""Many notes through de-identification: time, characters a second of CPU, and memory that does not grow.

    python benchmarks/records/notes_scale.py 100000 [--workers 2] [--seed 1] [--json]

The notes are made here, about 600 characters each in Chinese and English, of patients whose names and numbers recur.
They say nothing of recall: see benchmarks/records/deidentify.py.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from pathlib import Path

from bencao.records.deidentify import Secret, Setting, deidentify_tables

SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗",
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂文辉建国志海",
)
FINDINGS = (
    "神志清楚，精神可，双肺呼吸音清，未闻及干湿性啰音，心率{a}次/分，律齐，各瓣膜听诊区未闻及病理性杂音，"
    "腹平软，无压痛及反跳痛，肝脾肋下未及，双下肢无水肿。",
    "查血常规：白细胞{a}.2×10^9/L，血红蛋白{b}g/L，血小板{b}×10^9/L；生化：白蛋白35g/L，总胆红素17.1μmol/L，"
    "肌酐{a}μmol/L。",
    "既往高血压病史{c}年，最高血压180/100mmHg，口服硝苯地平缓释片30mg qd，血压控制可；否认糖尿病、冠心病病史，"
    "否认肝炎、结核等传染病史。",
    "予抗感染、化痰、平喘及对症支持治疗，患者症状较前好转，继续目前治疗方案，密切观察病情变化，必要时复查胸部CT。",
)
ENGLISH = (
    "The patient was admitted with cough and fever for {c} days. Blood pressure 120/80 mmHg, heart rate {a}, "
    "temperature 38.2 C. Chest is clear to auscultation "
    "bilaterally. White blood cell count was {a}.1, hemoglobin {b} g/L. Ceftriaxone 2 g IV daily was started "
    "with improvement; Parkinson disease is stable. "
)


def note(random_: random.Random, person: int) -> str:
    """One note of a patient."""
    own = random.Random(person)
    name = own.choice(SURNAMES) + "".join(own.choice(GIVEN) for _ in range(2))
    phone = f"13{own.randrange(10**9):09d}"
    doctor = random_.choice(SURNAMES) + random_.choice(GIVEN)
    day = f"{random_.randint(2015, 2024)}年{random_.randint(1, 12)}月{random_.randint(1, 28)}日"
    numbers = {"a": random_.randint(4, 99), "b": random_.randint(90, 160), "c": random_.randint(2, 12)}
    body = "".join(random_.sample(FINDINGS, 3)).format(**numbers)
    if random_.random() < 0.2:
        return (
            f"Patient: {own.choice(('James', 'Mary', 'Linda'))} {own.choice(('Baxter', 'Coleman', 'Doyle'))}  "
            f"MRN: {own.randrange(10**8):08d}\n"
            f"Seen on {random_.randint(1, 12):02d}/{random_.randint(1, 28):02d}/2023.\n{ENGLISH.format(**numbers) * 2}"
        )
    return (
        f"姓名：{name}  性别：男  年龄：{own.randint(20, 99)}岁  "
        f"住院号：ZY{own.randrange(10**8):08d}\n患者于{day}因“反复咳嗽{numbers['c']}天”就诊于杭州市第一人民医院。"
        f"{body}联系电话：{phone}。主治医师{doctor}查房，家属表示理解。\n记录者：{doctor}  {day}"
    )


def main() -> None:
    """Make the notes, de-identify them, print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("notes", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    random_ = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "notes.jsonl"
        characters = 0
        with source.open("w", encoding="utf-8") as stream:
            for number in range(asked.notes):
                person = random_.randrange(max(1, asked.notes // 10))
                text = note(random_, person)
                characters += len(text)
                row = {"note_id": number, "person_id": person, "note_text": text}
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        began, spent = time.perf_counter(), _cpu()
        done = deidentify_tables(
            source, Path(folder) / "out", setting=Setting(Secret(b"a key for a benchmark")), workers=asked.workers
        )
        seconds, cpu = time.perf_counter() - began, _cpu() - spent
    told = {
        "n": done.summary.items,
        "failed": done.summary.failed,
        "characters": characters,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "characters_per_cpu_second": round(characters / cpu),
        "peak_mb_parent": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "peak_mb_worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "workers": asked.workers,
        "seed": asked.seed,
    }
    if asked.json:
        print(json.dumps(told))
        return
    for name, value in told.items():
        print(f"{name:>28}  {value:,}" if not isinstance(value, str) else f"{name:>28}  {value}")


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
