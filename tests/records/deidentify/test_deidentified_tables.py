"""Tables by a policy: keys that still join, dates that keep their distance, and rows that hide among each other."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.kernel.errors import InputError
from bencao.records import deidentify_tables
from bencao.records.deidentify import Secret, Setting, read_policy
from bencao.records.deidentify.tables.alike import make_alike
from bencao.records.deidentify.tables.batches import Writer, pieces
from bencao.records.deidentify.tables.policy import Hiding
from bencao.records.deidentify.tables.transforming import generalised
from bencao.records.errors import ReleaseRefused

SETTING = Setting(Secret(b"a key for the tests only"))


@pytest.fixture
def omop(tmp_path: Path) -> Path:
    folder = tmp_path / "omop"
    folder.mkdir()
    pl.DataFrame(
        {
            "person_id": [1, 2],
            "gender_concept_id": [8507, 8532],
            "year_of_birth": [1950, 1960],
            "month_of_birth": [3, 4],
            "person_source_value": ["ZY01", "ZY02"],
        }
    ).write_parquet(folder / "person.parquet")
    pl.DataFrame(
        {
            "visit_occurrence_id": [10, 11, 12],
            "person_id": [1, 1, 2],
            "visit_start_date": [date(2020, 1, 1), date(2020, 1, 31), date(2020, 1, 1)],
            "visit_concept_id": [9201, 9202, 9201],
        }
    ).write_parquet(folder / "visit_occurrence.parquet")
    pl.DataFrame(
        {
            "note_id": [1],
            "person_id": [1],
            "note_date": [date(2020, 1, 1)],
            "note_text": ["患者张建国于2020年1月1日入院"],
        }
    ).write_parquet(folder / "note.parquet")
    return folder


def test_the_common_data_model_is_treated_by_its_fields(omop: Path, tmp_path: Path) -> None:
    done = deidentify_tables(omop, tmp_path / "out", setting=SETTING)
    person, visit, note = (
        pl.read_parquet(tmp_path / "out" / f"{name}.parquet") for name in ("person", "visit_occurrence", "note")
    )
    assert done.summary.failed == 0
    assert "month_of_birth" not in person.columns
    assert person["person_source_value"].to_list() != ["ZY01", "ZY02"]
    assert person["gender_concept_id"].to_list() == [8507, 8532]
    assert set(visit["person_id"]) == set(person["person_id"])
    assert set(person["person_id"]).isdisjoint({1, 2})
    starts = visit["visit_start_date"].to_list()
    assert (starts[1] - starts[0]).days == 30
    assert starts[0] != date(2020, 1, 1)
    moved = note["note_date"][0]
    assert moved == starts[0]
    assert f"{moved.year}年{moved.month}月{moved.day}日" in note["note_text"][0].replace("年0", "年").replace(
        "月0", "月"
    )
    assert "张建国" not in note["note_text"][0]


def test_a_policy_says_what_is_done(tmp_path: Path) -> None:
    (tmp_path / "lab.csv").write_text(
        "pid,name,seen,age,zip,value\n7,李明,2023/3/5,95,310012,4.5\n7,李明,2023/3/9,44,310013,4.6\n", encoding="utf-8"
    )
    (tmp_path / "policy.yaml").write_text(
        "patient: pid\ncolumns:\n  pid: hash\n  name: name\n  seen: shift\n  age: {generalise: age}\n  zip: "
        "{generalise: first3}\n  value: keep\n",
        encoding="utf-8",
    )
    deidentify_tables(
        tmp_path / "lab.csv", tmp_path / "out", setting=SETTING, policy=read_policy(tmp_path / "policy.yaml")
    )
    told = pl.read_csv(tmp_path / "out" / "lab.csv", infer_schema_length=0)
    assert told["value"].to_list() == ["4.5", "4.6"]
    assert told["age"].to_list() == ["90", "44"]
    assert told["zip"].to_list() == ["310", "310"]
    assert told["name"][0] == told["name"][1] != "李明"
    first, second = (date(*map(int, value.split("/"))) for value in told["seen"])
    assert (second - first).days == 4


def test_a_column_the_policy_does_not_name_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "p.yaml").write_text("columns:\n  a: keep\n", encoding="utf-8")
    deidentify_tables(tmp_path / "t.csv", tmp_path / "out", setting=SETTING, policy=read_policy(tmp_path / "p.yaml"))
    assert (tmp_path / "out" / "t.csv").read_text() == "a\n1\n"


def test_an_unknown_action_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("columns:\n  a: shred\n", encoding="utf-8")
    with pytest.raises(InputError, match="no action"):
        read_policy(tmp_path / "p.yaml")


def test_a_date_that_cannot_be_moved_is_a_fault_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("patient_id,birth_date\n1,2001-02-03\n2,unknown to 张三\n", encoding="utf-8")
    done = deidentify_tables(tmp_path / "t.csv", tmp_path / "out", setting=SETTING)
    assert done.faults == [("t.csv: row 2: birth_date", "no date that can be moved")]
    assert "张三" not in (tmp_path / "out" / "t.csv").read_text(encoding="utf-8")


@given(st.sets(st.integers(0, 2**52 - 1), max_size=40))
def test_no_two_keys_become_one(keys: set[int]) -> None:
    assert len({SETTING.secret.permuted("key", key) for key in keys}) == len(keys)


HIDING = Hiding({"age": (5, 10, 20, "*"), "zip": ("first3", "*")}, k=3, most_suppressed=0.2)


@given(
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from(["310012", "310013", "200001"])), min_size=1, max_size=60),
    st.sampled_from([".csv", ".parquet", ".jsonl"]),
)
def test_every_row_that_stays_is_one_of_k(rows: list[tuple[int, str]], suffix: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path, target = Path(name) / f"rows{suffix}", Path(name) / "out" / f"rows{suffix}"
        with path.open("wb") as file:
            writer = Writer(file, suffix)
            writer.add({"age": [age for age, _ in rows], "zip": [code for _, code in rows]})
            writer.close()
        if len(rows) < 3:
            with pytest.raises(ReleaseRefused, match="k = 3 is not reached"):
                make_alike(path, target, HIDING)
            assert not target.exists()
            return
        told = make_alike(path, target, HIDING)
        written = [
            one
            for columns in pieces(target)
            for one in zip(
                *(columns[key].to_pylist() if suffix == ".parquet" else columns[key] for key in HIDING.quasi),
                strict=True,
            )
        ]
    sizes = Counter(written)
    assert min(sizes.values()) == told.k >= 3
    assert len(written) + told.suppressed == len(rows)
    assert told.suppressed <= 0.2 * len(rows)


def test_a_policy_makes_rows_alike_and_the_command_says_how(bencao: Callable[..., Any], tmp_path: Path) -> None:
    rows = [f"{number},{40 + number % 7},M" for number in range(60)] + ["60,12,F"]
    (tmp_path / "t.csv").write_text("id,age,sex\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "key").write_text("a key for the tests only", encoding="utf-8")
    policy = "columns: {id: hash, age: keep, sex: keep}\nquasi: {age: [5, 10, '*'], sex: ['*']}\nk: 5\n"
    (tmp_path / "policy.yaml").write_text(policy, encoding="utf-8")
    call = ("records", "deidentify", "t.csv", "--key", "key", "--policy", "policy.yaml")
    answer = bencao(*call, "-o", "out", "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)["anonymity"]["t.csv"]
    assert (told["k"], told["suppressed"]) == (8, 1)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["t.csv"]
    (tmp_path / "policy.yaml").write_text(policy.replace("k: 5", "k: 61"), encoding="utf-8")
    reached = bencao(*call, "-o", "all")
    assert "k = 61, 1 groups, 0 rows left out" in reached.err
    (tmp_path / "policy.yaml").write_text(policy.replace("k: 5", "k: 62"), encoding="utf-8")
    refused = bencao(*call, "-o", "none")
    assert refused.code == 2
    assert "\nReleaseRefused: t.csv: k = 62 is not reached for 61 rows" in refused.err
    assert list((tmp_path / "none").iterdir()) == []
    (tmp_path / "policy.yaml").write_text(policy.replace("[5, 10, '*']", "[five]"), encoding="utf-8")
    assert bencao(*call, "-o", "none").err.startswith("InputError: policy.yaml: quasi: ")


@pytest.mark.parametrize(
    ("cell", "how", "told"),
    [
        (93, "age", 90),
        ("93岁", "age", "90"),
        (47, "10", 40),
        ("47", "10", "40-49"),
        ("310012", "first3", "310"),
        (date(1950, 3, 4), "year", 1950),
        ("none", "age", None),
    ],
)
def test_generalising(cell: object, how: str, told: object) -> None:
    assert generalised(cell, how) == told
