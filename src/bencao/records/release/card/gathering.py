"""Gather the data card: what the extract is, from what, how good, and how persons are hidden in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bencao.kernel.version import package_version
from bencao.records.anonymity.cells import withheld
from bencao.records.anonymity.generalising import Anonymity
from bencao.records.cdm.database import Database
from bencao.records.deidentify.recall import measured_recall
from bencao.records.quality.catalogue import catalogue
from bencao.records.quality.checking import FAILED, STATUSES, check_quality
from bencao.records.release.card.drift import LARGE, MODERATE, drift_of
from bencao.records.release.cells import SmallCells, withheld_steps
from bencao.records.release.cohort import Step
from bencao.records.release.columns import OLDEST, TABLES, treatment_of
from bencao.records.release.extracting import Picked
from bencao.records.release.request import Request

if TYPE_CHECKING:
    from bencao.records.release.text.replacing import Texts

FORM = "bencao-release-1"
# Names are not taken over: they may be a hospital's.
_SOURCE = ("source_release_date", "cdm_release_date", "cdm_version")
_TOP = 10


@dataclass(frozen=True)
class Made:
    """What an extract holds, for its card.

    Attributes
    ----------
    fingerprint : str
        Of the key.
    steps : sequence of Step
    anonymity : Anonymity
    picked : dict of Picked
        By table.
    small : sequence of SmallCells
    missing : dict of dict of int
        Missing values by table and column.
    texts : Texts or None
        What became of free text; None where none was asked for.
    """

    fingerprint: str
    steps: Sequence[Step]
    anonymity: Anonymity
    picked: Mapping[str, Picked]
    small: Sequence[SmallCells]
    missing: Mapping[str, Mapping[str, int]]
    texts: Texts | None


def gather(database: Database, request: Request, digest: str, made: Made) -> dict[str, Any]:
    """The data card, as JSON has it; it holds no path, no clock and no count of few persons.

    Parameters
    ----------
    database : Database
        With ``chosen``, ``picked_TABLE`` and ``released_person``.
    request : Request
    digest : str
        SHA-256 of the source.
    made : Made
    """
    least = request.privacy.minimum_cell
    asked = request.model_dump(mode="json", by_alias=True, exclude={"database"})
    return {
        "form": FORM,
        "name": request.name,
        "purpose": request.purpose,
        "version": package_version(),
        "key": made.fingerprint,
        "request": asked,
        "source": _source(database, request, digest),
        "cohort": {
            "persons": made.steps[-1].persons,
            "steps": [
                {"kind": step.kind, "detail": step.detail, "persons": step.persons if told else None}
                for step, told in zip(made.steps, withheld_steps(made.steps, least), strict=True)
            ],
            "columns": _persons(database, request, least),
        },
        "privacy": {
            "k asked for": request.privacy.k,
            "k": made.anonymity.k,
            "groups": made.anonymity.groups,
            "steps": dict(made.anonymity.steps),
            "precision": made.anonymity.precision,
            "minimum cell": least,
            "oldest age": OLDEST,
            "small cells": [asdict(one) | {"rows": _told(one.rows, least)} for one in made.small],
        },
        "text": _texts(made.texts, least),
        "tables": [_table(database, request, name, made, least) for name in sorted(made.missing)],
        "quality": _quality(database, request, least),
        "drift": {
            "statistic": "population stability index",
            "moderate": MODERATE,
            "large": LARGE,
            "found": [
                asdict(one) | {"reading": one.reading}
                for one in drift_of(
                    database.connection, [name for name in sorted(made.missing) if name != "person"], least
                )
            ],
        },
    }


def _texts(texts: Texts | None, least: int) -> dict[str, Any] | None:
    """What was done to free text, and how much of what identifies such work finds on notes made for the purpose."""
    if texts is None:
        return None
    return {
        "columns": list(texts.columns),
        "texts": texts.texts,
        "withheld": _told(texts.withheld, least),
        "searched": texts.audited,
        "searched for a name": texts.by_name,
        "still seen": 0,
        "replaced": {category: _told(count, least) for category, count in texts.replaced.items()},
        "found of made notes": [asdict(one) for one in measured_recall()],
    }


def _told(count: int, least: int) -> int | None:
    return None if 0 < count < least else count


def _source(database: Database, request: Request, digest: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": request.source, "sha256": digest}
    there = database.tables.get("cdm_source")
    for name in _SOURCE:
        if there is not None and name in there.columns:
            values = database.connection.execute(
                f"SELECT DISTINCT CAST({name} AS VARCHAR) FROM cdm.cdm_source WHERE {name} IS NOT NULL ORDER BY 1"
            ).fetchall()
            found[name] = ", ".join(row[0] for row in values)
    if "vocabulary" in database.tables:
        text = "SELECT min(vocabulary_version) FROM cdm.vocabulary WHERE vocabulary_id = 'None'"
        found["vocabulary_version"] = database.connection.execute(text).fetchone()[0]
    first, last = database.connection.execute(
        "SELECT min(observation_period_start_date), max(observation_period_end_date) FROM cdm.observation_period"
    ).fetchone()
    found["observed"] = [first.year if first else None, last.year if last else None]
    found["malformed"] = list(database.broken)
    used = {name: one for name, one in sorted(database.tables.items()) if name in request.tables}
    found["lacking"] = {name: list(one.lacking) for name, one in used.items() if one.lacking}
    found["not of their type"] = {
        f"{name}.{column}": _told(count, request.privacy.minimum_cell)
        for name, one in used.items()
        for column, count in one.uncast.items()
    }
    return found


def _persons(database: Database, request: Request, least: int) -> dict[str, list[dict[str, Any]]]:
    """How many persons hold each value of each column of ``person``."""
    found = {}
    for name in request.tables.get("person", ()):
        if str(getattr(treatment_of("person", name), "name", "")) != "QUASI":
            continue
        value = (
            f"CAST(pseudonym('care_site', {name}) AS VARCHAR)" if name == "care_site_id" else f"CAST({name} AS VARCHAR)"
        )
        counts = dict(
            database.connection.execute(
                f"SELECT {value}, count(*) FROM released_person GROUP BY 1 ORDER BY 1"
            ).fetchall()
        )
        names = _names(database, [int(one) for one in counts if one is not None]) if name.endswith("concept_id") else {}
        found[name] = [
            {"value": one, "name": names.get(one, ""), "persons": count}
            for one, count in withheld(counts, least).items()
        ]
    return found


def _names(database: Database, concepts: Sequence[int]) -> dict[str, str]:
    there = database.tables.get("concept")
    if there is None or "concept_name" not in there.columns:
        return {}
    text = (
        "SELECT CAST(concept_id AS VARCHAR), min(concept_name) FROM cdm.concept "
        "WHERE concept_id IN (SELECT unnest(?::BIGINT[])) GROUP BY 1"
    )
    return dict(database.connection.execute(text, [list(concepts)]).fetchall())


def _table(database: Database, request: Request, name: str, made: Made, least: int) -> dict[str, Any]:
    source = "released_person" if name == "person" else f"picked_{name}"
    rows, persons = database.connection.execute(f"SELECT count(*), count(DISTINCT person_id) FROM {source}").fetchone()
    columns = []
    for column, missing in made.missing[name].items():
        treatment = treatment_of(name, column)
        one = {"column": column, "treatment": treatment.name.lower() if treatment else "", "missing": missing}
        one["percent"] = round(100 * missing / rows, 2) if rows else None
        if column.endswith("concept_id"):
            text = f"SELECT count(*) FROM {source} WHERE {column} = 0"
            one["no concept"] = int(database.connection.execute(text).fetchone()[0])
        columns.append(one)
    found: dict[str, Any] = {"table": name, "rows": rows, "persons": _told(persons, least), "columns": columns}
    if name in made.picked:
        picked = made.picked[name]
        left_out = {"undated": picked.undated, "outside": picked.outside, "aged": picked.aged}
        found["left out"] = {kind: _told(count, least) for kind, count in left_out.items()}
        found["top"] = _top(database, name, least)
    return found


def _top(database: Database, name: str, least: int) -> list[dict[str, Any]]:
    """The commonest concepts of a table."""
    concept = TABLES[name].concept
    there = {row[0] for row in database.connection.execute(f"DESCRIBE picked_{name}").fetchall()}
    if concept not in there:
        return []
    counts = database.connection.execute(
        f"SELECT {concept}, count(DISTINCT person_id), count(*) FROM picked_{name} WHERE {concept} IS NOT NULL "
        f"GROUP BY 1 HAVING count(DISTINCT person_id) >= {least} ORDER BY 2 DESC, 1 LIMIT {_TOP}"
    ).fetchall()
    names = _names(database, [row[0] for row in counts])
    return [
        {"concept": one, "name": names.get(str(one), ""), "persons": persons, "rows": rows}
        for one, persons, rows in counts
    ]


def _quality(database: Database, request: Request, least: int) -> dict[str, Any]:
    """Checks of the source's tables that the extract is made of."""
    tables = {"person", "observation_period", *request.tables}
    today = request.as_of or _last_day(database)
    quality = check_quality(database, today=today, checks=[one for one in catalogue() if one.table in tables])
    by_table: dict[str, Counter[str]] = {}
    for one in quality.results:
        by_table.setdefault(one.check.table, Counter())[one.status] += 1
    failed = []
    for one in quality.results:
        if one.status == FAILED and one.rows is not None:
            few = 0 < (one.violated or 0) < least and one.check.name not in ("cdmTable", "cdmField")
            percent = None if few else round(one.percent or 0, 2)
            failed.append({"id": one.check.id, "percent": percent, "threshold": one.threshold})
    return {
        "as of": today.isoformat(),
        "tables": {name: {status: counts[status] for status in STATUSES} for name, counts in sorted(by_table.items())},
        "failed": failed,
    }


def _last_day(database: Database) -> date:
    """The last day of observation; a clock would make the card differ from run to run."""
    day = "observation_period_end_date"
    text = f"SELECT max({day}) FROM cdm.observation_period WHERE {day} < DATE '9999-01-01'"
    last: date | None = database.connection.execute(text).fetchone()[0]
    return last or date(1970, 1, 1)
