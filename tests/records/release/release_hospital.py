"""A hospital in the common data model, made for tests of extracts: two sites, planted identifiers, old people."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bencao.records.cdm.definition import cdm_tables

DIABETES, HYPERTENSION, RARE, GLUCOSE = 201826, 320128, 4103295, 3004501
MEN, WOMEN = 8507, 8532
TABLES = (
    *("person", "observation_period", "condition_occurrence", "visit_occurrence", "measurement"),
    *("care_site", "location", "concept", "concept_ancestor"),
)


def write(folder: Path, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> Path:
    """Write tables as CSV; what a row does not say is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(cdm_tables()[name].fields), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def hospital(persons: int = 200, seed: int = 7) -> dict[str, list[dict[str, Any]]]:
    """Persons with a first diabetes between 2010 and 2019, visits at two sites and glucose, higher at site 2."""
    draw = random.Random(seed)
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for number in range(1, persons + 1):
        born = date(2015 - draw.choice([45, 52, 58, 63, 67, 71]), draw.randint(1, 12), draw.randint(1, 28))
        tables["person"].append(
            {
                "person_id": 1000 + number,
                "gender_concept_id": draw.choice([MEN, WOMEN]),
                "year_of_birth": born.year,
                "month_of_birth": born.month,
                "day_of_birth": born.day,
                "race_concept_id": 0,
                "care_site_id": 1 + number % 2,
                "location_id": 1,
                "person_source_value": f"MRN{number:07}",
            }
        )
        _add_events(tables, draw, number)
    tables["care_site"] = [{"care_site_id": one, "care_site_name": f"Ward {one}"} for one in (1, 2)]
    tables["location"] = [{"location_id": 1, "state": "ZJ", "zip": "317500"}]
    names = {DIABETES: "Type 2 diabetes", HYPERTENSION: "Hypertension", RARE: "Rare disease", GLUCOSE: "Glucose"}
    tables["concept"] = [{"concept_id": one, "concept_name": name} for one, name in names.items()]
    tables["concept_ancestor"] = [
        {"ancestor_concept_id": above, "descendant_concept_id": below, "min_levels_of_separation": int(above != below)}
        for above, below in ((443238, DIABETES), (443238, 443238), (HYPERTENSION, HYPERTENSION))
    ]
    return tables


def _add_events(tables: dict[str, list[dict[str, Any]]], draw: random.Random, number: int) -> None:
    person, site = 1000 + number, 1 + number % 2
    first = date(2010, 1, 1) + timedelta(draw.randrange(3600))
    tables["observation_period"].append(
        {
            "observation_period_id": number,
            "person_id": person,
            "observation_period_start_date": first - timedelta(900),
            "observation_period_end_date": first + timedelta(900),
        }
    )
    for place in range(4):
        day, visit = first + timedelta(place * draw.randint(20, 90)), number * 10 + place
        whose = {"person_id": person, "visit_occurrence_id": visit}
        tables["visit_occurrence"].append(
            {
                **whose,
                "visit_concept_id": 9202,
                "visit_start_date": day,
                "visit_end_date": day + timedelta(draw.randint(0, 6)),
                "care_site_id": site,
                "visit_source_value": f"V{visit:08}",
            }
        )
        disease = DIABETES if place == 0 else draw.choice([DIABETES, HYPERTENSION])
        tables["condition_occurrence"].append(
            {
                **whose,
                "condition_occurrence_id": visit,
                "condition_concept_id": disease,
                "condition_source_value": {DIABETES: "E11.9", HYPERTENSION: "I10"}[disease],
                "condition_start_date": day,
                "condition_end_date": day + timedelta(14) if place % 2 else "",
            }
        )
        tables["measurement"].append(
            {
                **whose,
                "measurement_id": visit,
                "measurement_concept_id": GLUCOSE,
                "measurement_date": day,
                "measurement_datetime": f"{day} 08:{draw.randint(0, 59):02}:00",
                "value_as_number": round(draw.gauss(6 + 3 * (site == 2), 1), 1),
                "unit_source_value": "mmol/L",
            }
        )


REQUEST = """
name: diabetes
database: hospital
source: a hospital made for tests
purpose: Course of glucose after a first diabetes.
concept_sets:
  diabetes: {concepts: [443238]}
cohort:
  entry: {any_of: [diabetes]}
tables:
  person: [age_at_index, gender_concept_id]
  observation_period: [observation_period_start_date, observation_period_end_date]
  visit_occurrence: [visit_occurrence_id, visit_concept_id, visit_start_date, visit_end_date, care_site_id]
  condition_occurrence:
    [condition_concept_id, condition_source_value, condition_start_date, condition_end_date, visit_occurrence_id]
  measurement:
    [measurement_concept_id, measurement_date, measurement_datetime, value_as_number, unit_source_value]
privacy: {small_cells: withhold, most_suppressed: 0}
"""
