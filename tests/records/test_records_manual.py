"""The commands of docs/records.md run as they stand there, on three small hospitals."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "records.md"
# What a command may end with: findings are no failure.
ENDS = (0, 1)


def _commands(heading: str) -> list[list[str]]:
    """The commands of the first block under a heading."""
    text = MANUAL.read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    block = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert block, heading
    return [shlex.split(line)[1:] for line in block[1].splitlines() if line.startswith("bencao records")]


def _hospital(folder: Path, encoding: str, sexes: tuple[str, str], day: Callable[[int], str]) -> None:
    folder.mkdir()
    patients = ["病案号,姓名,性别,出生日期,电话"]
    labs = ["病案号,代码,日期,结果,单位"]
    for number in range(1, 25):
        patients.append(
            f"P{number},张伟{number},{sexes[number % 2]},{1950 + number}-03-0{1 + number % 9},1380000{number:04}"
        )
        labs.append(f"P{number},GLU,{day(number)},{5 + number / 10},mmol/L")
    (folder / "患者.csv").write_text("\n".join(patients) + "\n", encoding=encoding)
    (folder / "检验.csv").write_text("\n".join(labs) + "\n", encoding=encoding)


def _reviewed(mapping: Path) -> None:
    """What a person does between suggesting and loading."""
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(
        re.sub(r"^  table: (\w+)$", r"  table: \1\n  reviewed: true", text, flags=re.MULTILINE), encoding="utf-8"
    )


def test_files_of_three_hospitals_become_the_common_data_model(bencao: Callable[..., Any], tmp_path: Path) -> None:
    dialects = [
        ("utf-8", ("男", "女"), lambda number: f"2020年1月{number}日"),
        ("gb18030", ("M", "F"), lambda number: f"2020-01-{number:02}"),
        ("utf-8-sig", ("1", "2"), lambda number: f"2020/1/{number}"),
    ]
    (tmp_path / "athena").mkdir()
    local = "source_code,source_vocabulary_id,target_concept_id\nGLU,local,3004501\n"
    (tmp_path / "athena" / "SOURCE_TO_CONCEPT_MAP.csv").write_text(local, encoding="utf-8")
    for letter, (encoding, sexes, day) in zip("abc", dialects, strict=True):
        _hospital(tmp_path / f"hospital_{letter}", encoding, sexes, day)
        for command in _commands("From files to the common data model"):
            told = [part.replace("hospital_a", f"hospital_{letter}").replace("_a", f"_{letter}") for part in command]
            told = [part.replace("mapping.yaml", f"mapping_{letter}.yaml") for part in told]
            answer = bencao(*told)
            assert answer.code in ENDS, answer.err
            if told[1] == "suggest":
                _reviewed(tmp_path / f"mapping_{letter}.yaml")
        assert "检验.csv: row 1" in answer.out
        labs = pl.read_parquet(tmp_path / f"omop_{letter}" / "measurement.parquet")
        assert labs["measurement_concept_id"].to_list() == [3004501] * 24
        assert labs["value_as_number"].to_list() == [5 + number / 10 for number in range(1, 25)]
    for command in _commands("Quality")[:1]:
        assert bencao(*command).code in ENDS
    assert (tmp_path / "quality.html").exists()


def test_patients_are_linked_as_the_manual_has_it(bencao: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("hospital_a", "hospital_b"):
        rows = [f"{name[-1]}{number},李{'伟芳娜敏静'[number % 5]}{number},19{60 + number}0102" for number in range(30)]
        (tmp_path / f"{name}.csv").write_text("id,姓名,出生日期\n" + "\n".join(rows) + "\n", encoding="utf-8")
    answer = bencao(*_commands("One patient in several hospitals")[0])
    assert answer.code == 0, answer.err
    assert "60 records are 30 persons" in answer.out
