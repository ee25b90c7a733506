"""The checks of OHDSI's Data Quality Dashboard for OMOP CDM 5.4: what each looks at, and how much may violate it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_CHECKS = Path(__file__).resolve().parent.parent / "models" / "quality" / "checks.tsv"


@dataclass(frozen=True)
class Check:
    """One check of one table, field or concept.

    Attributes
    ----------
    id : str
        E.g. ``field_isrequired_person_gender_concept_id``.
    name : str
        Its type, e.g. ``isRequired``.
    level : {"TABLE", "FIELD", "CONCEPT"}
    table, field : str
        In lower case; the field is empty for a table's check.
    concept, concept_name : str
        Of a check of one concept; several ids stand with commas between them.
    value : str
        What it compares with: a bound, another field, a domain, a sex, or unit concepts.
    threshold : float
        Per cent of rows that may violate it.
    severity : {"fatal", "convention", "characterization"}
    category, context, subcategory : str
        Kahn et al., eGEMs 2016, 4(1), doi:10.13063/2327-9214.1244.
    """

    id: str
    name: str
    level: str
    table: str
    field: str
    concept: str
    concept_name: str
    value: str
    threshold: float
    severity: str
    category: str
    context: str
    subcategory: str

    @property
    def concepts(self) -> tuple[int, ...]:
        """The concepts that it looks at."""
        return tuple(int(one) for one in self.concept.split(",") if one)


@cache
def catalogue() -> tuple[Check, ...]:
    """All checks.

    Source: Data Quality Dashboard 2.8.4, tables OMOP_CDMv5.4 (Apache-2.0).

    Returns
    -------
    tuple of Check
        In the order of the source, 2,535 of them.
    """
    with _CHECKS.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file, delimiter="\t"))
    return tuple(Check(**{**row, "threshold": float(row["threshold"])}) for row in rows)
