"""Tables that follow from others: observation periods, and eras of conditions and drugs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bencao.records.cdm.definition import cdm_tables
from bencao.records.sql import literal

GAP = 30  # days between which two records are of one era; OHDSI's convention for conditions and drugs
_EHR = 32817  # type concept: EHR
_EVENTS = {
    "visit_occurrence": ("visit_start_date", "visit_end_date"),
    "condition_occurrence": ("condition_start_date", "condition_end_date"),
    "drug_exposure": ("drug_exposure_start_date", "drug_exposure_end_date"),
    "procedure_occurrence": ("procedure_date", "procedure_date"),
    "measurement": ("measurement_date", "measurement_date"),
    "observation": ("observation_date", "observation_date"),
    "death": ("death_date", "death_date"),
}


def derive(connection: Any, folder: Path, there: set[str]) -> dict[str, int]:
    """Write the derived tables that the mapping does not fill itself.

    An observation period runs from a person's first record to the last. An era joins records of one person and concept
    that lie at most 30 days apart (OHDSI, CDM 5.4, CONDITION_ERA and DRUG_ERA); a drug's concept stands for its
    ingredient where no ancestors are at hand.

    Returns
    -------
    dict of int
        Rows of each table written.
    """
    rows: dict[str, int] = {}
    events = [
        f"SELECT person_id, {start} AS first, coalesce({end}, {start}) AS last FROM {table}"
        for table, (start, end) in _EVENTS.items()
        if table in there
    ]
    if events and "observation_period" not in there:
        text = (
            "SELECT row_number() OVER (ORDER BY person_id) AS observation_period_id, person_id, min(first) AS "
            f"observation_period_start_date, max(last) AS observation_period_end_date, {_EHR} AS period_type_concept_id"
            " "
            f"FROM ({' UNION ALL '.join(events)}) GROUP BY person_id"
        )
        rows["observation_period"] = _write(connection, "observation_period", text, folder)
    if "condition_occurrence" in there and "condition_era" not in there:
        rows["condition_era"] = _write(connection, "condition_era", _eras("condition_occurrence", "condition"), folder)
    if "drug_exposure" in there and "drug_era" not in there:
        rows["drug_era"] = _write(connection, "drug_era", _eras("drug_exposure", "drug"), folder)
    return rows


def _eras(table: str, prefix: str) -> str:
    start, end = _EVENTS[table]
    supplied = f", {start} + CAST(days_supply AS INTEGER)" if prefix == "drug" else ""
    count = "drug_exposure_count" if prefix == "drug" else "condition_occurrence_count"
    gap = ", greatest(0, max(stop) - min(start) - sum(stop - start)) AS gap_days" if prefix == "drug" else ""
    return (
        f"WITH spans AS (SELECT person_id, {prefix}_concept_id AS concept, {start} AS start, "
        f"greatest({start}, coalesce({end}{supplied}, {start})) AS stop FROM {table} WHERE {prefix}_concept_id <> 0), "
        "marked AS (SELECT *, CASE WHEN start <= max(stop) OVER before + "
        f"{GAP} THEN 0 ELSE 1 END AS is_new FROM spans WINDOW before AS (PARTITION BY person_id, concept "
        "ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)), "
        "numbered AS (SELECT *, sum(is_new) OVER (PARTITION BY person_id, concept ORDER BY start, stop "
        "ROWS UNBOUNDED PRECEDING) AS era FROM marked) "
        f"SELECT row_number() OVER (ORDER BY person_id, concept, min(start)) AS {prefix}_era_id, person_id, "
        f"concept AS {prefix}_concept_id, min(start) AS {prefix}_era_start_date, max(stop) AS {prefix}_era_end_date, "
        f"count(*) AS {count}{gap} FROM numbered GROUP BY person_id, concept, era"
    )


def _write(connection: Any, name: str, text: str, folder: Path) -> int:
    fields = ", ".join(
        f'CAST("{field.name}" AS {field.sql_type}) AS "{field.name}"' for field in cdm_tables()[name].fields.values()
    )
    path = literal(folder / f"{name}.parquet")
    connection.execute(f"COPY (SELECT {fields} FROM ({text}) ORDER BY {name}_id) TO {path} (FORMAT PARQUET)")
    connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({path})")
    return int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])
