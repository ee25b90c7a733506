"""A small database in the common data model, in which each person shows one thing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from bencao.evidence.protocol.protocol import Protocol

ZERO = date(2015, 6, 1)
NEW, OLD, BLEED, ULCER = 10, 20, 30, 40  # OLD's own concept is 21, its descendant

# Of each person: born, days of observation around ZERO, exposures (concept, first day, last day), conditions (concept,
# day), all counted from ZERO.
Person = tuple[int, tuple[int, int], list[tuple[int, int, int | None]], list[tuple[int, int]]]


def write_hospital(folder: Path, persons: dict[int, Person]) -> Path:
    """Write the tables of such persons as Parquet files."""
    folder.mkdir(parents=True)
    tables: dict[str, list[dict[str, Any]]] = {
        "person": [],
        "observation_period": [],
        "drug_exposure": [],
        "condition_occurrence": [],
        "concept_ancestor": [
            {"ancestor_concept_id": one, "descendant_concept_id": other}
            for one, other in ((NEW, NEW), (OLD, OLD), (OLD, 21), (BLEED, BLEED), (ULCER, ULCER))
        ],
    }
    for number, (born, around, drugs, conditions) in persons.items():
        tables["person"].append(
            {"person_id": number, "gender_concept_id": 8507 + 25 * (number % 2), "year_of_birth": born}
        )
        tables["observation_period"].append(
            {
                "person_id": number,
                "observation_period_start_date": _day(around[0]),
                "observation_period_end_date": _day(around[1]),
            }
        )
        for concept, first, last in drugs:
            tables["drug_exposure"].append(
                {
                    "person_id": number,
                    "drug_concept_id": concept,
                    "drug_exposure_start_date": _day(first),
                    "drug_exposure_end_date": None if last is None else _day(last),
                }
            )
        for concept, on in conditions:
            tables["condition_occurrence"].append(
                {"person_id": number, "condition_concept_id": concept, "condition_start_date": _day(on)}
            )
    for name, rows in tables.items():
        pd.DataFrame(rows).to_parquet(folder / f"{name}.parquet")
    return folder


def protocol(**changed: Any) -> Protocol:
    """New use of NEW against OLD, and bleeding within 100 days."""
    told: dict[str, Any] = {
        "study": "small",
        "title": "Small",
        "eligibility": {"ages": [18, 80], "exclude": [{"events": {"name": "ulcer", "concepts": [ULCER]}}]},
        "strategies": {
            "treatment": {"name": "new", "concepts": [NEW]},
            "comparator": {"name": "old", "concepts": [OLD]},
            "washout": 180,
            "grace": 10,
        },
        "follow_up": {"days": 100},
        "outcome": {"kind": "time_to_event", "events": {"name": "bleeding", "concepts": [BLEED]}},
        "covariates": [{"name": "age", "given_by": "age"}, {"name": "sex", "given_by": "sex"}],
    }
    return Protocol.model_validate(told | changed)


def _day(number: int) -> date:
    return ZERO + timedelta(days=number)
