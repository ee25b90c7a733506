"""What the house knows of each person of an extract, for which the person's texts are searched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bencao.records.cdm.database import Database
from bencao.records.deidentify.batch import read_known
from bencao.records.deidentify.finding.known import Patient
from bencao.records.errors import ReleaseRefused
from bencao.records.release.request import Request

Known = Mapping[int, Patient]

# Category -> a table of the model that is joined to the person, by what column, and what it holds of that category.
_LINKED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("address", "location", "location_id", ("address_1", "address_2", "city", "county")),
    ("name", "provider", "provider_id", ("provider_name",)),
    ("hospital", "care_site", "care_site_id", ("care_site_name",)),
)
# A care site is often a mere ward; only what calls itself an institution names the house.
_INSTITUTION = "医院|卫生院|卫生室|诊所|门诊部|hospital|clinic|medical cent|health cent|infirmary"


def known_of(database: Database, request: Request, folder: Path) -> dict[int, Patient]:
    """What is known of each of ``chosen``, from the database and from the file that the request names.

    Parameters
    ----------
    database : Database
        With ``chosen``.
    request : Request
        With ``text``.
    folder : Path
        Where a relative path begins.

    Returns
    -------
    dict of int to Patient
        By person_id; the text of the person_id is what a patient's dates and surrogates are drawn from, as everywhere
        in the extract.

    Raises
    ------
    InputError, SourceError
        Where the file cannot be read or lacks the column that identifies a person.
    ReleaseRefused
        Where a person of the extract is not in the file.
    """
    told = request.text
    if told is None:
        return {}
    listed, values, absent = read_known(folder / told.known, told.known_by), _in_database(database), 0
    for person, source_value in _source_values(database).items():
        whose = listed.get(str(person) if told.known_by == "person_id" else source_value)
        absent += whose is None
        values[person] |= dict.fromkeys(whose.values if whose else ())
    if absent:
        raise ReleaseRefused(
            f"{Path(told.known).name} has no row for {absent} of {len(values)} persons, so their texts cannot be "
            "searched for them",
            where=request.name,
            mend="add them to that table, or leave the columns of free text out",
        )
    return {person: Patient(str(person), tuple(held)) for person, held in values.items()}


def _source_values(database: Database) -> dict[int, str]:
    """The number of each person in the source, empty where it has none."""
    there = database.tables["person"].columns
    value = "coalesce(p.person_source_value, '')" if "person_source_value" in there else "''"
    text = f"SELECT c.person_id, {value} FROM chosen AS c JOIN cdm.person AS p USING (person_id)"
    return dict(database.connection.execute(text).fetchall())


def _in_database(database: Database) -> dict[int, dict[tuple[str, str], None]]:
    """Number, address, physicians and institutions of each person; in an order, each once."""
    found: dict[int, dict[tuple[str, str], None]] = {
        person: {("number", value): None} if value else {} for person, value in _source_values(database).items()
    }
    for category, table, key, columns in _LINKED:
        if table not in database.tables:
            continue
        for origin in ("person", "visit_occurrence", "note"):
            if origin not in database.tables or key not in database.tables[origin].columns:
                continue
            for column in set(columns) & set(database.tables[table].columns):
                for person, value in _linked(database.connection, origin, table, key, column):
                    found[person][category, value] = None
    return {person: dict.fromkeys(sorted(values)) for person, values in found.items()}


def _linked(connection: Any, origin: str, table: str, key: str, column: str) -> list[tuple[int, str]]:
    condition = f"AND regexp_matches(lower(t.{column}), '{_INSTITUTION}')" if table == "care_site" else ""
    rows: list[tuple[int, str]] = connection.execute(
        f"SELECT DISTINCT c.person_id, trim(t.{column}) FROM chosen AS c JOIN cdm.{origin} AS o USING (person_id) "
        f"JOIN cdm.{table} AS t ON t.{key} = o.{key} WHERE trim(t.{column}) <> '' {condition}"
    ).fetchall()
    return rows


def has_name(patient: Patient) -> bool:
    """Whether a name of the person, or of somebody near, is among what is known."""
    return any(category == "name" for category, _ in patient.values)
