"""Who is in an extract, each step held against persons made for it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from release_hospital import MEN, WOMEN, write

from bencao.kernel.errors import InputError
from bencao.records.cdm.database import open_database
from bencao.records.release.cohort import choose
from bencao.records.release.request import Request

SETS = {
    "diabetes": {"concepts": [100]},
    "not type 1": {"concepts": [100], "without": [102]},
    "only itself": {"concepts": [100], "descendants": False},
    "local": {"codes": ["e11*", "DM-1"]},
    "bleed": {"concepts": [200]},
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six persons, seen from 2000 to 2020, and a disease of each; 7 has two records in person."""
    born = {1: (1950, 6, 15), 2: (1960, 1, 1), 3: (1970, "", ""), 4: (1925, 3, 1), 5: (1980, 2, 29), 6: (1990, 5, 5)}
    persons = [
        {
            "person_id": one,
            "gender_concept_id": MEN if one % 2 else WOMEN,
            "year_of_birth": year,
            "month_of_birth": month,
            "day_of_birth": day,
        }
        for one, (year, month, day) in born.items()
    ]
    persons += [{"person_id": 7, "gender_concept_id": MEN, "year_of_birth": year} for year in (1950, 1960)]
    events = [
        (1, 100, "E11.9", "2010-06-14"),
        (1, 100, "E11.9", "2012-01-01"),
        (1, 200, "K92", "2010-06-20"),
        (2, 101, "DM-1", "2005-01-01"),
        (2, 200, "K92", "2004-12-31"),
        (3, 102, "DM-2", "2010-01-01"),
        (4, 100, " e11.9 ", "2010-03-01"),
        (5, 100, "E10", "1999-12-31"),
        (5, 100, "E10", "2010-02-28"),
        (6, 200, "K92", "2011-01-01"),
        (7, 100, "E11.9", "2011-01-01"),
    ]
    conditions = [
        {
            "condition_occurrence_id": place,
            "person_id": person,
            "condition_concept_id": concept,
            "condition_source_value": code,
            "condition_start_date": day,
        }
        for place, (person, concept, code, day) in enumerate(events)
    ]
    periods = [
        {
            "observation_period_id": one,
            "person_id": one,
            "observation_period_start_date": "2000-01-01",
            "observation_period_end_date": "2020-12-31",
        }
        for one in range(1, 8)
    ]
    ancestors = [(100, 100), (100, 101), (100, 102), (102, 102), (200, 200)]
    return write(
        tmp_path_factory.mktemp("small"),
        {
            "person": persons,
            "condition_occurrence": conditions,
            "observation_period": periods,
            "concept_ancestor": [
                {"ancestor_concept_id": above, "descendant_concept_id": below} for above, below in ancestors
            ],
        },
    )


def chosen(folder: Path, cohort: dict[str, Any]) -> dict[int, date]:
    request = Request.model_validate(
        {"name": "x", "database": "x", "concept_sets": SETS, "cohort": cohort, "tables": {"person": []}}
    )
    with open_database(folder) as database:
        steps = choose(database, request, "request.yaml")
        found = dict(database.connection.execute("SELECT person_id, index_date FROM chosen").fetchall())
    assert steps[-1].persons == len(found)
    assert [one.persons for one in steps] == sorted((one.persons for one in steps), reverse=True)
    return found


def entry(name: str, event: str = "first_ever") -> dict[str, Any]:
    return {"any_of": [name], "event": event}


@pytest.mark.parametrize(
    ("cohort", "persons"),
    [
        ({}, {1, 2, 3, 4, 5, 6}),
        ({"entry": entry("diabetes")}, {1, 2, 3, 4, 5}),
        ({"entry": entry("not type 1")}, {1, 2, 4, 5}),
        ({"entry": entry("only itself")}, {1, 4, 5}),
        ({"entry": entry("local")}, {1, 2, 4}),
        ({"entry": entry("diabetes"), "from": "2010-01-01"}, {1, 3, 4}),
        ({"entry": entry("diabetes", "first_in_dates"), "from": "2010-01-01"}, {1, 3, 4, 5}),
        ({"entry": entry("diabetes"), "to": "2010-01-01"}, {2, 3, 5}),
        ({"entry": entry("diabetes"), "sex": [WOMEN]}, {2, 4}),
        # 1 is 59 on the day before the birthday; 4 is 85 on the birthday; of 3 the year alone is known: 40.
        ({"entry": entry("diabetes"), "age": {"least": 60}}, {4}),
        ({"entry": entry("diabetes"), "age": {"least": 59, "most": 59}}, {1}),
        ({"entry": entry("diabetes"), "age": {"most": 40}}, {3, 5}),
        ({"entry": entry("diabetes"), "observed": {"before": 0}}, {1, 2, 3, 4}),
        ({"entry": entry("diabetes"), "observed": {"before": 1827}}, {1, 2, 3, 4}),
        ({"entry": entry("diabetes"), "observed": {"before": 1828}}, {1, 3, 4}),
        ({"entry": entry("diabetes"), "observed": {"after": 3950}}, {2, 3, 4}),
        ({"entry": entry("diabetes"), "include": [{"set": "bleed"}]}, {1, 2}),
        ({"entry": entry("diabetes"), "include": [{"set": "bleed", "days": [0, 6]}]}, {1}),
        ({"entry": entry("diabetes"), "include": [{"set": "bleed", "days": [0, 5]}]}, set()),
        ({"entry": entry("diabetes"), "include": [{"set": "diabetes", "at_least": 2}]}, {1, 5}),
        ({"entry": entry("diabetes"), "exclude": [{"set": "bleed", "days": [None, -1]}]}, {1, 3, 4, 5}),
    ],
)
def test_a_cohort_holds_whom_its_definition_says(small: Path, cohort: dict[str, Any], persons: set[int]) -> None:
    assert set(chosen(small, cohort)) == persons


def test_the_index_date_is_the_first_event_that_may_count(small: Path) -> None:
    assert chosen(small, {"entry": entry("diabetes")})[5] == date(1999, 12, 31)
    later = chosen(small, {"entry": entry("diabetes", "first_in_dates"), "from": "2000-01-01"})
    assert later[5] == date(2010, 2, 28)
    assert chosen(small, {})[6] == date(2000, 1, 1)


def test_descendants_without_a_vocabulary_are_an_error(small: Path, tmp_path: Path) -> None:
    for name in ("person", "condition_occurrence", "observation_period"):
        (tmp_path / f"{name}.csv").write_bytes((small / f"{name}.csv").read_bytes())
    with pytest.raises(InputError, match=r"request.yaml: concept_sets.diabetes: .*no descendants"):
        chosen(tmp_path, {"entry": entry("diabetes")})
    assert set(chosen(tmp_path, {"entry": entry("only itself")})) == {1, 4, 5}
