"""The commands of docs/records.md run as they stand there, on three small hospitals."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent / "release"))

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "records.md"
# What a command may end with: findings are no failure.
ENDS = (0, 1)


def _section(heading: str) -> str:
    """The text under a heading."""
    text = MANUAL.read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    assert text, heading
    return text.partition("\n## ")[0]


def _commands(heading: str) -> list[list[str]]:
    """The commands under a heading, in their order; those within a line of text are not whole."""
    lines = [line.strip() for line in _section(heading).splitlines()]
    found = [shlex.split(line)[1:] for line in lines if line.startswith("bencao records")]
    assert found, heading
    return found


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
    (tmp_path / "mine.csv").write_text("check,threshold\nisRequired,5\n", encoding="utf-8")
    for command in _commands("Quality"):
        if "later.json" in command:  # the result of another load
            shutil.copyfile("result.json", "later.json")
        answer = bencao(*command)
        assert answer.code in ENDS, answer.err
    assert (tmp_path / "quality.html").exists()


def test_patients_are_linked_as_the_manual_has_it(bencao: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("hospital_a", "hospital_b"):
        rows = [f"{name[-1]}{number},李{'伟芳娜敏静'[number % 5]}{number},19{60 + number}0102" for number in range(30)]
        (tmp_path / f"{name}.csv").write_text("id,姓名,出生日期\n" + "\n".join(rows) + "\n", encoding="utf-8")
    link, merge, unmerge = _commands("One patient in several hospitals")
    answer = bencao(*link)
    assert answer.code == 0, answer.err
    assert "60 records are 30 persons" in answer.out
    (tmp_path / "omop").mkdir()
    pl.DataFrame({"person_id": [1, 2]}).write_parquet(tmp_path / "omop" / "person.parquet")
    (tmp_path / "survivors.csv").write_text("person_id,survivor_id\n2,1\n", encoding="utf-8")
    for command in (merge, unmerge):
        assert bencao(*command).code == 0


NOTES = [
    {"note_id": number, "person_id": number % 3, "note_text": f"患者张建国，咳嗽{number}天，无发热。电话13812345678。"}
    for number in range(1, 7)
]


def _notes(path: Path) -> None:
    path.write_text("".join(json.dumps(note, ensure_ascii=False) + "\n" for note in NOTES), encoding="utf-8")


def test_notes_are_deidentified_as_the_manual_has_it(bencao: Callable[..., Any], tmp_path: Path) -> None:
    _notes(tmp_path / "notes.jsonl")
    (tmp_path / "patients.csv").write_text("person_id,姓名,phone\n0,张建国,13812345678\n", encoding="utf-8")
    (tmp_path / "deidentify.key").write_text("a key for the tests only")
    for command in _commands("De-identification"):
        if "notes.jsonl" in command:
            assert bencao(*command).code == 0
    assert "张建国" not in (tmp_path / "safe" / "notes.jsonl").read_text(encoding="utf-8")


def test_entities_are_found_as_the_manual_has_it(bencao: Callable[..., Any], tmp_path: Path) -> None:
    _notes(tmp_path / "notes.jsonl")
    (command, *_) = _commands("Entities in notes")
    answer = bencao(*("notes.jsonl" if part == "$NOTES" else part for part in command))
    assert answer.code == 0, answer.err
    found = pl.read_parquet(tmp_path / "note_nlp.parquet")
    assert {"咳嗽", "发热"} <= set(found["lexical_variant"])
    assert set(found.filter(pl.col("lexical_variant") == "发热")["term_exists"]) == {"N"}
    assert (tmp_path / "notes.html").exists()


def test_terms_get_their_codes_as_the_manual_has_it(bencao: Callable[..., Any], tmp_path: Path) -> None:
    printed = re.search(r"printf '(.*)' > operations\.csv", _section("Standard names of terms (`normalise`, `learn`)"))
    assert printed
    phrases = printed[1].replace("\\n", "\n") + "按老方法处理\n"  # the last one is for a person to decide
    (tmp_path / "operations.csv").write_text(phrases, encoding="utf-8")
    (tmp_path / "diagnoses.csv").write_text("term\n急性阑尾炎\n", encoding="utf-8")
    (tmp_path / "icd10.csv").write_text("code,name\nK35,急性阑尾炎\nI10,特发性高血压\n", encoding="utf-8")
    (tmp_path / "tests.csv").write_text("term,unit,specimen\n谷丙转氨酶,U/L,血清\n", encoding="utf-8")
    columns = "key,component,property,specimen,unit\n"
    (tmp_path / "our_tests.csv").write_text(columns + "T1,丙氨酸氨基转移酶,催化活性,血清,U/L\n", encoding="utf-8")
    for command in _commands("Standard names of terms (`normalise`, `learn`)"):
        answer = bencao(*command)
        assert answer.code == 0, answer.err
        if "surgery" in command and "--review" in command:
            review = pl.read_csv("review.csv", infer_schema=False)
            assert set(pl.read_csv("map.csv", infer_schema=False)["source_code_description"]) >= {"清宫术"}
            review.with_columns(decision=pl.lit("none")).write_csv("review.csv")
    assert "T1" in Path("map.csv").read_text(encoding="utf-8") + Path("review.csv").read_text(encoding="utf-8")


def test_an_extract_is_released_as_the_manual_has_it(bencao: Callable[..., Any], tmp_path: Path) -> None:
    from release_hospital import DIABETES, HYPERTENSION, hospital, write

    write(tmp_path / "hospital", hospital())
    request = re.search(r"```yaml\n(.*?)```", _section("Research extracts"), re.DOTALL)
    assert request
    # The manual's study of drugs and bleeding, on conditions that this hospital has.
    told = request[1].replace("eunomia.duckdb", "hospital").replace("drug_exposure", "condition_occurrence")
    told = told.replace("[1118084, 1124300]", f"[{DIABETES}]").replace("[192671]", f"[{HYPERTENSION}]")
    (tmp_path / "request.yaml").write_text(told, encoding="utf-8")
    answer = bencao(*_commands("Research extracts")[0])
    assert answer.code == 0, answer.err
    assert {"person.parquet", "card.html", "card.json"} <= {path.name for path in (tmp_path / "extract").iterdir()}
