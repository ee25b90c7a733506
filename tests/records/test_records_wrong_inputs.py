"""Wrong inputs of every verb: one line that names the fault, exit 2, and nothing left behind."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bencao.records.sources.opening import stage

MAPPING = """
version: 1
hospital: h
tables:
- source: patients
  table: person
  reviewed: true
  fields:
    person_id: {rule: id, columns: [id], entity: person}
    gender_concept_id: {rule: sex, columns: [sex]}
    year_of_birth: {rule: year, columns: [born]}
"""
REQUEST = """
name: wrong
database: {database}
cohort:
  entry: {{any_of: [set], tables: [condition_occurrence], event: first_ever}}
concept_sets:
  set: {{concepts: [1]}}
tables:
  person: [{column}]
"""
# A verb, its arguments, and what its one line says.
WRONG = [
    ("stage", "none.csv -o out", "SourceError: none.csv: is absent"),
    ("stage", "empty.csv -o out", "SourceError: empty.csv: is empty"),
    ("stage", "noise.xlsx -o out", "SourceError: noise.xlsx: is no workbook"),
    ("stage", "noise.json -o out", "SourceError: noise.json: is no JSON"),
    ("stage", "noise.docx -o out", "SourceError: noise.docx: is of no kind"),
    ("stage", "folder -o out", "SourceError: folder: holds no file"),
    ("stage", "patients.csv -o staged", "InputError: staged: is not empty"),
    ("stage", "patients.csv -o patients.csv", "patients.csv: "),
    ("stage", "patients.csv -o patients.csv/out", "the folder cannot be made: Not a directory"),
    ("stage", "oracle://u:hunter2@host/db -o out", "EngineMissing: no kind of database oracle"),
    ("stage", "sqlite:///none.db -o out", "SourceError: none.db: is absent"),
    ("stage", "sqlite://{here}/noise.json -o out", "SourceError: sqlite database: "),
    ("stage", "sqlite://{here}/his.db -o out --table nobody", "SourceError: sqlite database: has no table nobody"),
    ("stage", "postgresql://u:hunter2@127.0.0.1:9/db -o out", "SourceError: postgresql database: cannot be opened"),
    ("profile", "none", "none: "),
    ("profile", "folder", "folder: "),
    ("profile", "damaged", "damaged"),
    ("profile", "staged -o none/profile.json", "profile.json: cannot be written"),
    ("suggest", "none -o out.yaml", "none: "),
    ("suggest", "damaged -o out.yaml", "damaged"),
    ("suggest", "staged -o none/out.yaml", "out.yaml: cannot be written"),
    ("load", "staged --mapping none.yaml -o out", "MappingError: none.yaml: cannot be read"),
    ("load", "staged --mapping noise.json -o out", "MappingError: noise.json"),
    ("load", "staged --mapping list.yaml -o out", "MappingError: list.yaml"),
    ("load", "none --mapping mapping.yaml -o out", "MappingError: source patients: was not staged"),
    ("load", "damaged --mapping mapping.yaml -o out", "patients"),
    ("load", "staged --mapping mapping.yaml -o staged", "InputError: staged: is not empty"),
    ("load", "staged --mapping mapping.yaml -o patients.csv", "patients.csv: "),
    ("load", "staged --mapping mapping.yaml -o out --engine oracle:", "EngineMissing: oracle:: no engine oracle"),
    (
        "load",
        "staged --mapping mapping.yaml -o out --engine postgresql://u:hunter2@127.0.0.1:9/db",
        "SourceError: Postgres: cannot be opened",
    ),
    ("load", "staged --mapping coded.yaml -o out --vocabulary none", "VocabularyError: none: "),
    ("load", "staged --mapping coded.yaml -o out --vocabulary folder", "VocabularyError: folder: holds no vocabulary"),
    ("load", "staged --mapping coded.yaml -o out --vocabulary noise", "VocabularyError: "),
    ("trace", "folder person 1", "InputError: folder: has no lineage"),
    ("trace", "omop person 99", "InputError: person 99: no row of this key"),
    ("trace", "broken person 1", "SourceError: _lineage.parquet: cannot be read"),
    ("link", "patients.csv none.csv -o out", "none.csv: "),
    ("link", "patients.csv noise.csv -o out", "noise.csv"),
    ("link", "patients.csv noise.parquet -o out", "noise.parquet"),
    ("link", "patients.csv -o out --field name", "InputError: --field name: is no FIELD=COLUMN"),
    ("link", "patients.csv -o out --field name=nothing", "LinkageError: "),
    ("link", "patients.csv patients.csv -o out", "LinkageError: patients, patients: two sources have one name"),
    ("link", "patients.csv -o out --accept 7", "LinkageError: accept, review: "),
    ("link", "patients.csv -o out --accept 0.5 --review 0.9", "LinkageError: accept, review: "),
    ("link", "patients.csv -o out --decisions noise.csv", "LinkageError: noise.csv"),
    ("link", "patients.csv -o out --decisions terms.csv", "LinkageError: terms.csv: lacks the column"),
    ("link", "patients.csv other.csv -o noise.json", "noise.json"),
    ("merge", "none --map map.csv", "LinkageError: none: has no table person"),
    ("merge", "omop --map none.csv", "none.csv: cannot be read"),
    ("merge", "omop --map patients.csv", "LinkageError: patients.csv: lacks the column"),
    ("merge", "omop --map words.csv", "LinkageError: words.csv: line 2: has no whole numbers"),
    ("merge", "omop --map map.csv", "LinkageError: "),
    ("merge", "broken --map map.csv", "SourceError: person.parquet: cannot be read"),
    ("unmerge", "omop", "LinkageError: omop: was not merged"),
    ("quality", "none", "SourceError: none: is absent"),
    ("quality", "folder", "SourceError: folder: holds none of the model's tables"),
    ("quality", "noise.json", "SourceError: noise.json: is no DuckDB file"),
    ("quality", "noise.zip", "SourceError: noise.zip: is no archive"),
    ("quality", "damaged.zip", "SourceError: damaged.zip: is no archive"),
    ("quality", "noise.json --again", "SourceError: noise.json: is no quality"),
    ("quality", "omop --thresholds noise.csv", "noise.csv"),
    ("quality", "omop --thresholds terms.csv", "terms.csv"),
    ("quality", "omop --compare noise.json", "SourceError: noise.json: is no quality"),
    ("quality", "omop --rows nothing", "InputError: nothing: no check of this id"),
    ("quality", "omop --today yesterday", "InputError: --today: is no date"),
    ("quality", "omop -o none/result.json", "result.json: cannot be written"),
    ("quality", "omop --report none/page.html", "page.html: cannot be written"),
    ("checks", "nothing", "InputError: nothing: no check of this type or table"),
    ("characterise", "none -o out", "SourceError: none: is absent"),
    ("characterise", "noise.json -o out", "SourceError: noise.json: is no DuckDB file"),
    ("characterise", "omop -o noise.json", "noise.json"),
    ("deidentify", "notes.jsonl -o out --key none", "InputError: none: the key cannot be read"),
    ("deidentify", "notes.jsonl -o out --key short", "InputError: short: the key has 3 bytes"),
    ("deidentify", "none.csv -o out --key key", "InputError: none.csv: no such file"),
    ("deidentify", "folder -o out --key key", "InputError: no file to de-identify"),
    ("deidentify", "noise.csv -o out --key key", "SourceError: noise.csv"),
    ("deidentify", "noise.parquet -o out --key key", "SourceError: noise.parquet"),
    ("deidentify", "notes.jsonl -o out --key key --style blur", "InputError: --style: no style 'blur'"),
    ("deidentify", "notes.jsonl -o out --key key --policy none.yaml", "none.yaml"),
    ("deidentify", "notes.jsonl -o out --key key --policy list.yaml", "InputError: list.yaml"),
    ("deidentify", "notes.jsonl -o out --key key --policy noise.json", "noise.json"),
    ("deidentify", "notes.jsonl -o out --key key --known none.csv", "none.csv"),
    (
        "deidentify",
        "notes.jsonl -o out --key key --known patients.csv --patient x",
        "InputError: patients.csv: no column",
    ),
    ("deidentify", "notes.jsonl -o patients.csv --key key", "patients.csv"),
    ("extract", "none.csv -o out.csv", "SourceError: none.csv: no such file"),
    ("extract", "patients.csv -o out.csv", "SourceError: patients.csv: no column note_id"),
    ("extract", "noise.csv -o out.csv", "SourceError: noise.csv"),
    ("extract", "noise.parquet -o out.csv", "SourceError: noise.parquet"),
    ("extract", "notes.jsonl -o out.docx", "InputError: out.docx: its ending names no format"),
    ("extract", "notes.jsonl -o none/out.csv", "out.csv: cannot be written"),
    ("extract", "notes.jsonl -o out.csv --html none/page.html", "page.html: cannot be written"),
    ("extract", "notes.jsonl -o out.csv --date today", "InputError: --date is no day"),
    ("extract", "notes.jsonl -o out.csv --model folder", "ModelError: "),
    ("train", "none.json -o out", "none.json"),
    ("train", "noise.json -o out", "noise.json"),
    ("train", "notes.jsonl -o out", "notes.jsonl"),
    ("train", "labelled.json -o out --dev none.json", "none.json"),
    ("normalise", "none.csv -o out.csv --kind surgery", "none.csv"),
    ("normalise", "patients.csv -o out.csv --kind surgery", "patients.csv"),
    ("normalise", "noise.csv -o out.csv --kind surgery", "noise.csv"),
    ("normalise", "terms.csv -o out.csv --kind surgery --vocabulary none.csv", "none.csv"),
    ("normalise", "terms.csv -o out.csv --kind surgery --vocabulary patients.csv", "patients.csv"),
    ("normalise", "terms.csv -o out.csv --kind diagnosis", "VocabularyRequired: "),
    ("normalise", "terms.csv -o out.csv --kind laboratory", "VocabularyRequired: "),
    ("normalise", "terms.csv -o out.csv --kind surgery --decisions noise.json", "noise.json"),
    ("normalise", "terms.csv -o out.csv --kind surgery --accept 7", "--accept"),
    ("normalise", "terms.csv -o none/out.csv --kind diagnosis --vocabulary codes.csv", "out.csv: cannot be written"),
    ("learn", "none.csv -o out.json", "none.csv"),
    ("learn", "patients.csv -o out.json", "patients.csv"),
    ("learn", "noise.json -o out.json", "noise.json"),
    ("release", "none.yaml -o out", "InputError: none.yaml: cannot be read"),
    ("release", "noise.json -o out", "noise.json"),
    ("release", "list.yaml -o out", "list.yaml"),
    ("release", "absent.yaml -o out", "none"),
    ("release", "column.yaml -o out", "column.yaml"),
    ("release", "request.yaml -o folder2", "InputError: folder2: exists already"),
    ("release", "request.yaml -o out --key out/key", "InputError: --key: the key would leave with the extract"),
    ("model", "patients", "InputError: no table patients in OMOP CDM 5.4"),
]


@pytest.fixture(scope="module")
def wrongs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of every wrong kind, made once."""
    folder = tmp_path_factory.mktemp("wrong")
    noise = bytes(range(256)) * 8
    for name in ("noise.csv", "noise.json", "noise.xlsx", "noise.docx", "noise.zip", "noise.parquet"):
        (folder / name).write_bytes(noise)
    (folder / "empty.csv").write_bytes(b"")
    for name in ("folder", "folder2", "damaged", "noise", "broken"):
        (folder / name).mkdir()
    (folder / "folder2" / "kept.txt").write_text("kept")
    for name in ("CONCEPT.csv", "CONCEPT_RELATIONSHIP.csv", "SOURCE_TO_CONCEPT_MAP.csv"):
        (folder / "noise" / name).write_bytes(noise)
    (folder / "damaged" / "patients.parquet").write_bytes(noise)
    for name in ("person.parquet", "_lineage.parquet"):
        (folder / "broken" / name).write_bytes(noise)
    texts = {
        "patients.csv": "id,name,sex,born\n1,王芳,女,1980-01-01\n2,李强,男,1975-01-01\n",
        "other.csv": "id,name,sex,born\n7,王芳,女,1980-01-01\n8,李强,男,1975-01-01\n",
        "map.csv": "person_id,survivor_id\n1,99\n",
        "words.csv": "person_id,survivor_id\none,two\n",
        "codes.csv": "code,name\nK35,急性阑尾炎\n",
        "terms.csv": "term\n阑尾切除术\n",
        "notes.jsonl": '{"note_id": 1, "note_text": "咳嗽3天。", "person_id": 1}\n',
        "labelled.json": '{"text": "咳嗽", "entities": [{"start": 0, "end": 2, "label": "症状"}]}\n',
        "list.yaml": "- a\n- b\n",
        "mapping.yaml": MAPPING,
        "coded.yaml": MAPPING + "    race_concept_id: {rule: concept, columns: [sex], vocabulary: X}\n",
        "key": "a key for the tests only",
        "short": "abc",
        "absent.yaml": REQUEST.format(database="none", column="gender_concept_id"),
        "column.yaml": REQUEST.format(database="omop", column="shoe_size"),
        "request.yaml": REQUEST.format(database="omop", column="gender_concept_id"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "short").chmod(0o600)
    with sqlite3.connect(folder / "his.db") as connection:
        connection.execute("CREATE TABLE patient (id INTEGER)")
    connection.close()
    stage(folder / "patients.csv", folder / "staged")
    (folder / "omop").mkdir()
    pl.DataFrame({"person_id": [1, 2], "gender_concept_id": [8532, 8507]}).write_parquet(folder / "omop/person.parquet")
    lineage = {"table": ["person"], "id": [1], "file": ["patients.csv"], "row": [1], "rule": ["r"], "version": ["v"]}
    pl.DataFrame(lineage).write_parquet(folder / "omop" / "_lineage.parquet")
    with zipfile.ZipFile(folder / "sound.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.csv", "person_id\n" + "\n".join(map(str, range(5_000))))
    data = bytearray((folder / "sound.zip").read_bytes())
    data[200:220] = bytes(20)
    (folder / "damaged.zip").write_bytes(data)
    return folder


def _standing(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the workspace, with its content; folders too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
        if ".bencao" not in path.parts
    }


@pytest.mark.parametrize(("verb", "arguments", "said"), WRONG, ids=[f"{verb} {told}" for verb, told, _ in WRONG])
def test_a_wrong_input_is_told_in_one_line_and_leaves_nothing(
    bencao: Callable[..., Any], wrongs: Path, tmp_path: Path, verb: str, arguments: str, said: str
) -> None:
    shutil.copytree(wrongs, tmp_path, dirs_exist_ok=True)
    before = _standing(tmp_path)
    answer = bencao("records", verb, *shlex.split(arguments.format(here=tmp_path)))
    assert answer.code == 2, answer
    assert len(answer.err.splitlines()) == 1, answer.err
    assert re.match(r"[A-Z]\w+(Error|Missing|Required|Refused): ", answer.err), answer.err
    assert said in answer.err
    assert "hunter2" not in answer.err
    assert _standing(tmp_path) == before


def test_every_verb_is_asked_with_a_wrong_input() -> None:
    from bencao.records.commands import app

    names = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback is not None}
    assert names == {verb for verb, _, _ in WRONG}
