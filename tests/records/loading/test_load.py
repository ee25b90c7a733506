"""Loading a hospital: cells come back, what cannot be is told by file and row, and every row can be traced."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bencao.kernel.errors import ComputeError
from bencao.records.cdm.database import open_database
from bencao.records.cdm.spark import on_engine
from bencao.records.errors import MappingError, VocabularyError
from bencao.records.loading import engines
from bencao.records.loading.load import load
from bencao.records.mapping.model import Mapping, read_mapping, write_mapping
from bencao.records.mapping.suggest import suggest_mapping
from bencao.records.quality.checking import check_quality
from bencao.records.sources.opening import stage

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "records"))

PATIENTS = """病案号,姓名,性别,出生日期,电话,地址
P1,王芳,女,1980年1月2日,13800001111,人民路1号
P2,李强,男,1975-05-06,13900002222,解放路2号
P3,李强,男,1975-05-06,13900002223,解放路2号
P4,赵敏,？,1990-07-08,13700003333,中山路3号
P5,钱丽,女,1700-01-01,13600004444,建设路4号
"""
VISITS = """就诊号,病案号,类型,入院,出院
V1,P1,门诊,2020-03-01,2020-03-01
V2,P2,住院,2020-04-01,2020-03-01
V3,P9,门诊,2020-05-01,2020-05-01
"""
LABS = """病案号,就诊号,项目,日期,结果,单位
P1,V1,血糖,2020年3月1日,5.0,mmol/L
P1,V1,血糖,1/2/2020,90,mg/dL
P2,V2,体重,2020-04-02,132,lb
P2,V2,体重,1970-04-02,60,kg
P2,,心情,2020-04-03,好,
"""
MAPPING = """
version: 1
hospital: 甲院
tables:
- source: 患者
  table: person
  reviewed: true
  known_by: {name: 姓名, phone: 电话, address: 地址, sex: 性别}
  fields:
    person_id: {rule: id, columns: [病案号], entity: person}
    gender_concept_id: {rule: sex, columns: [性别]}
    year_of_birth: {rule: year, columns: [出生日期], low: 1880}
    person_source_value: {rule: copy, columns: [病案号]}
- source: 就诊
  table: visit_occurrence
  reviewed: true
  fields:
    visit_occurrence_id: {rule: id, columns: [就诊号], entity: visit}
    person_id: {rule: id, columns: [病案号], entity: person}
    visit_concept_id: {rule: code, columns: [类型], codes: {门诊: 9202, 住院: 9201}}
    visit_start_date: {rule: date, columns: [入院]}
    visit_end_date: {rule: date, columns: [出院]}
    visit_type_concept_id: {rule: constant, value: 32817}
- source: 检验
  table: measurement
  reviewed: true
  fields:
    person_id: {rule: id, columns: [病案号], entity: person}
    visit_occurrence_id: {rule: id, columns: [就诊号], entity: visit}
    measurement_concept_id: {rule: concept, columns: [项目], vocabulary: LIS}
    measurement_source_value: {rule: copy, columns: [项目]}
    measurement_date: {rule: date, columns: [日期]}
    value_as_number:
      rule: quantity
      columns: [结果, 单位]
      by: 项目
      unit_from: {血糖: [mg/dL, glucose], 体重: [kg]}
    measurement_type_concept_id: {rule: constant, value: 32817}
"""
LOCAL = "source_code,source_vocabulary_id,target_concept_id\n血糖,LIS,3004501\n体重,LIS,3025315\n"


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    """Files of a small hospital, its mapping, and its map of local codes."""
    folder = tmp_path / "甲院"
    folder.mkdir()
    for name, text in (("患者", PATIENTS), ("就诊", VISITS), ("检验", LABS)):
        (folder / f"{name}.csv").write_text(text, encoding="gb18030")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "SOURCE_TO_CONCEPT_MAP.csv").write_text(LOCAL, encoding="utf-8")
    stage(folder, tmp_path / "staged")
    return tmp_path


def _load(hospital: Path, name: str = "omop", **told: Any) -> Any:
    mapping = read_mapping(hospital / "mapping.yaml")
    return load(hospital / "staged", mapping, hospital / name, vocabulary=hospital / "vocabulary", **told)


def test_values_are_brought_into_the_model(hospital: Path) -> None:
    loaded = _load(hospital)
    labs = pl.read_parquet(hospital / "omop" / "measurement.parquet")
    assert labs["value_as_number"].to_list()[0] == pytest.approx(90.078)
    assert labs["value_as_number"].to_list()[1] == pytest.approx(59.8742)
    assert labs["measurement_concept_id"].to_list() == [3004501, 3025315, 3025315, 0]
    persons = pl.read_parquet(hospital / "omop" / "person.parquet")
    assert persons["gender_concept_id"].to_list() == [8532, 8507, 8507, 0]
    assert loaded.read == loaded.taken + loaded.rejected == 13


def test_what_cannot_be_is_told_by_file_and_row(hospital: Path) -> None:
    _load(hospital)
    rejected = pl.read_parquet(hospital / "omop" / "_rejected.parquet")
    told = {(row["file"], row["row"], row["reason"], row["whole"]) for row in rejected.iter_rows(named=True)}
    assert told == {
        ("患者.csv", 4, "unknown_sex", False),
        ("患者.csv", 5, "impossible_value", True),
        ("检验.csv", 2, "ambiguous_date", True),
        ("检验.csv", 5, "unmapped", False),
        ("检验.csv", 5, "not_a_number", False),
    }
    found = pl.read_parquet(hospital / "omop" / "_findings.parquet")
    assert {(row["file"], row["row"], row["kind"]) for row in found.iter_rows(named=True)} == {
        ("就诊.csv", 2, "ends_before_start"),
        ("就诊.csv", 3, "unknown_person"),
        ("检验.csv", 4, "before_birth"),
        ("患者.csv", 3, "stands_twice"),
    }
    assert not any("李强" in str(row) for row in found.iter_rows())


def test_codes_that_map_to_nothing_are_counted_and_ranked(hospital: Path) -> None:
    loaded = _load(hospital)
    assert [(one.code, one.rows) for one in loaded.unmapped if one.vocabulary == "LIS"] == [("心情", 1)]
    assert (
        (hospital / "omop" / "unmapped.csv")
        .read_text(encoding="utf-8")
        .startswith("table,field,vocabulary,code,rows\n")
    )


def test_eras_and_observation_periods_are_built(hospital: Path) -> None:
    _load(hospital)
    periods = pl.read_parquet(hospital / "omop" / "observation_period.parquet")
    assert periods.height == 3
    with open_database(hospital / "omop") as database:
        quality = check_quality(database)
        assert database.broken == ()
    overlap = next(one for one in quality.results if one.check.name == "measureObservationPeriodOverlap")
    assert overlap.violated == 0


def test_a_row_is_traced_to_its_record(bencao: Callable[..., Any], hospital: Path) -> None:
    answer = bencao(
        "records",
        "load",
        "staged",
        "--mapping",
        "mapping.yaml",
        "-o",
        "omop",
        "--vocabulary",
        "vocabulary",
        "--lang",
        "zh",
    )
    assert answer.code == 1
    assert "13 条记录 = 接收 11 + 拒绝 2" in answer.out
    traced = bencao("records", "trace", "omop", "measurement", "1")
    assert traced.out.startswith("检验.csv: row 1\t检验 -> measurement\tmapping ")
    assert bencao("records", "trace", "omop", "measurement", "99").code == 2
    for name in ("李强", "13800001111"):
        assert name not in answer.out + answer.err
        assert name.encode() not in (hospital / ".bencao" / "ledger.db").read_bytes()


def test_the_same_load_gives_the_same_bytes(hospital: Path) -> None:
    _load(hospital, "one", threads=1)
    _load(hospital, "two", threads=2)
    names = sorted(path.name for path in (hospital / "one").iterdir())
    assert names == sorted(path.name for path in (hospital / "two").iterdir())
    for name in names:
        assert (hospital / "one" / name).read_bytes() == (hospital / "two" / name).read_bytes(), name


def test_spark_gives_the_rows_that_duckdb_gives(hospital: Path) -> None:
    pytest.importorskip("pyspark", reason="cannot run here: pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("cannot run here: Java is not installed")
    _load(hospital, "duck")
    _load(hospital, "spark", engine="spark:local[2]")
    for path in sorted((hospital / "duck").glob("*.parquet")):
        assert pl.read_parquet(path).equals(pl.read_parquet(hospital / "spark" / path.name)), path.name


def test_checks_counted_on_spark_equal_those_of_duckdb(hospital: Path) -> None:
    pytest.importorskip("pyspark", reason="cannot run here: pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("cannot run here: Java is not installed")
    _load(hospital, "omop")
    with open_database(hospital / "omop") as database:
        here = check_quality(database, today=date(2026, 11, 27))
        there_ = on_engine(database, "spark:local[2]")
        there = check_quality(there_, today=date(2026, 11, 27))
        there_.connection.close()
    counted = [one for one in here.results if one.rows]
    assert len(counted) > 200 and sum(one.violated > 0 for one in counted) > 5
    assert there.results == here.results


def test_an_engine_that_is_none_is_refused(hospital: Path, bencao: Callable[..., Any]) -> None:
    _load(hospital, "omop")
    answer = bencao("records", "quality", "omop", "-o", "result.json", "--engine", "oracle://there")
    assert answer.code == 2 and "duckdb: or spark:local[2]" in answer.err
    assert not Path("result.json").exists()


def test_postgres_gives_the_rows_that_duckdb_gives(hospital: Path, postgres: str) -> None:
    _load(hospital, "duck")
    _load(hospital, "postgres", engine=postgres)
    tables = sorted((hospital / "duck").glob("*.parquet"))
    assert len(tables) > 5
    for path in tables:
        assert pl.read_parquet(path).equals(pl.read_parquet(hospital / "postgres" / path.name)), path.name


def test_a_postgres_that_drops_the_connection_leaves_nothing(hospital: Path, postgres: str) -> None:
    from psycopg import connect

    begun = engines.PostgresEngine.know

    def dropped(self: engines.PostgresEngine, name: str, table: Any) -> None:
        with connect(postgres, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        begun(self, name, table)

    with pytest.MonkeyPatch.context() as patched, pytest.raises(ComputeError, match="Postgres stopped"):
        patched.setattr(engines.PostgresEngine, "know", dropped)
        _load(hospital, "postgres", engine=postgres)
    assert not (hospital / "postgres").exists()


def test_a_mapping_that_nobody_reviewed_is_refused(hospital: Path) -> None:
    text = MAPPING.replace("reviewed: true", "reviewed: false")
    (hospital / "mapping.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"17 rules are not reviewed, first person\.person_id"):
        _load(hospital)
    assert not (hospital / "omop").exists()
    assert _load(hospital, accept_suggestions=True).taken == 11


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("table: person", "table: patient", "tables.0"),
        ("year_of_birth:", "year:", "tables.0"),
        ("rule: sex", "rule: gender", "tables.0.fields.gender_concept_id.rule"),
        ("columns: [入院]", "columns: []", "tables.1.fields.visit_start_date"),
        ("hospital: 甲院", "hospital: [", "line"),
        ("version: 1", "version: 7", "version"),
    ],
)
def test_a_mapping_that_is_none_names_the_key(hospital: Path, old: str, new: str, where: str) -> None:
    (hospital / "mapping.yaml").write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        _load(hospital)
    assert where in caught.value.where


def test_a_column_or_table_that_was_not_staged_is_named(hospital: Path) -> None:
    (hospital / "mapping.yaml").write_text(MAPPING.replace("columns: [类型]", "columns: [种类]"), encoding="utf-8")
    with pytest.raises(MappingError, match="source 就诊: has no column 种类"):
        _load(hospital)
    (hospital / "mapping.yaml").write_text(MAPPING.replace("source: 就诊", "source: 住院"), encoding="utf-8")
    with pytest.raises(MappingError, match="source 住院: was not staged"):
        _load(hospital)


def test_a_folder_without_vocabularies_is_refused(hospital: Path) -> None:
    (hospital / "vocabulary" / "SOURCE_TO_CONCEPT_MAP.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match="lacks the column source_code"):
        _load(hospital)
    (hospital / "vocabulary" / "SOURCE_TO_CONCEPT_MAP.csv").unlink()
    with pytest.raises(VocabularyError, match="holds no vocabulary"):
        _load(hospital)


def test_athena_maps_codes_to_standard_concepts_and_records_to_their_domain(tmp_path: Path) -> None:
    folder = tmp_path / "hospital"
    folder.mkdir()
    (folder / "p.csv").write_text("id,sex,born\n1,M,1980-01-01\n", encoding="utf-8")
    (folder / "d.csv").write_text(
        "id,code,day\n1,I10,2020-01-01\n1,Z63,2020-01-02\n1,X99,2020-01-03\n", encoding="utf-8"
    )
    vocabulary = tmp_path / "athena"
    vocabulary.mkdir()
    concepts = [
        "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\tinvalid_reason",
        '1\tHypertension "essential"\tCondition\tICD10\tcode\t\tI10\t',
        "2\tFamily problem\tObservation\tICD10\tcode\t\tZ63\t",
        "11\tEssential hypertension\tCondition\tSNOMED\tfinding\tS\t59621000\t",
        "12\tFamily problem\tObservation\tSNOMED\tfinding\tS\t105529008\t",
    ]
    relations = ["concept_id_1\tconcept_id_2\trelationship_id\tinvalid_reason", "1\t11\tMaps to\t", "2\t12\tMaps to\t"]
    (vocabulary / "CONCEPT.csv").write_text("\n".join(concepts) + "\n", encoding="utf-8")
    (vocabulary / "CONCEPT_RELATIONSHIP.csv").write_text("\n".join(relations) + "\n", encoding="utf-8")
    stage(folder, tmp_path / "staged")
    mapping = Mapping.model_validate(
        {
            "hospital": "h",
            "tables": [
                {
                    "source": "p",
                    "table": "person",
                    "reviewed": True,
                    "fields": {
                        "person_id": {"rule": "id", "columns": ["id"], "entity": "person"},
                        "gender_concept_id": {"rule": "sex", "columns": ["sex"]},
                        "year_of_birth": {"rule": "year", "columns": ["born"]},
                    },
                },
                {
                    "source": "d",
                    "table": "condition_occurrence",
                    "reviewed": True,
                    "fields": {
                        "person_id": {"rule": "id", "columns": ["id"], "entity": "person"},
                        "condition_concept_id": {"rule": "concept", "columns": ["code"], "vocabulary": "ICD10"},
                        "condition_start_date": {"rule": "date", "columns": ["day"]},
                        "condition_source_value": {"rule": "copy", "columns": ["code"]},
                    },
                },
            ],
        }
    )
    loaded = load(tmp_path / "staged", mapping, tmp_path / "omop", vocabulary=vocabulary)
    conditions = pl.read_parquet(tmp_path / "omop" / "condition_occurrence.parquet")
    assert conditions["condition_concept_id"].to_list() == [11, 0]
    observations = pl.read_parquet(tmp_path / "omop" / "observation.parquet")
    assert observations["observation_concept_id"].to_list() == [12]
    assert observations["observation_source_value"].to_list() == ["Z63"]
    lineage = pl.read_parquet(tmp_path / "omop" / "_lineage.parquet").filter(pl.col("table") == "observation")
    assert lineage["row"].to_list() == [2]
    assert [one.code for one in loaded.unmapped] == ["X99"]


def test_three_hospitals_in_three_dialects_come_back_whole(shared_records: Path, tmp_path: Path) -> None:
    from hospitals import measure

    figures, wrong = measure(shared_records / "omop" / "Synthea27Nj_5.4.zip", tmp_path, 101, "duckdb:")
    assert figures["n"] > 90_000
    assert figures["recovered"] >= 0.995, wrong[:5]
    assert figures["defects_told"] == figures["defects"] > 200
    assert figures["told_beyond"] == 0


def test_a_mapping_is_suggested_from_names_and_values_and_is_read_back(
    bencao: Callable[..., Any], hospital: Path
) -> None:
    assert bencao("records", "suggest", "staged", "-o", "suggested.yaml", "--hospital", "甲院").code == 0
    mapping = read_mapping(hospital / "suggested.yaml")
    assert {one.source: one.table for one in mapping.tables} == {
        "患者": "person",
        "就诊": "visit_occurrence",
        "检验": "measurement",
    }
    fields = {one.table: one.fields for one in mapping.tables}
    assert fields["person"]["gender_concept_id"].columns == ["性别"]
    assert fields["person"]["year_of_birth"].columns == ["出生日期"]
    assert fields["measurement"]["value_as_number"].columns == ["结果", "单位"]
    assert fields["visit_occurrence"]["visit_end_date"].columns == ["出院"]
    assert len(mapping.unreviewed()) == sum(len(found) for found in fields.values())
    assert all(0 < rule.probability <= 1 for found in fields.values() for rule in found.values())
    write_mapping(mapping, hospital / "again.yaml")
    assert read_mapping(hospital / "again.yaml") == mapping
    assert suggest_mapping(hospital / "staged", "甲院") == mapping
