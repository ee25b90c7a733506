"""The user's vocabularies: Athena's files and the map of local codes, as far as a mapping asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from bencao.records.errors import VocabularyError
from bencao.records.loading.lookups import Concepts
from bencao.records.sql import literal

NONE = Concepts({}, {})


def read_concepts(folder: Path, vocabularies: Iterable[str]) -> Concepts:
    """Read what the codes of some vocabularies mean.

    A code's standard concept is its own concept where that is standard, else what it ``Maps to``; a map of local codes
    goes before both.

    Parameters
    ----------
    folder : Path
        With Athena's CONCEPT.csv and CONCEPT_RELATIONSHIP.csv (tabs or commas), or SOURCE_TO_CONCEPT_MAP.csv, or all;
        their names in any case.
    vocabularies : iterable of str

    Returns
    -------
    Concepts

    Raises
    ------
    VocabularyError
        A folder with none of these files, or a file that lacks a column.
    """
    wanted = sorted(set(vocabularies))
    files = {path.stem.lower(): path for path in sorted(folder.glob("*")) if path.suffix.lower() in (".csv", ".tsv")}
    if not {"concept", "source_to_concept_map"} & files.keys():
        raise VocabularyError("holds no vocabulary", where=folder.name, mend="give the folder of Athena's CSV files")
    standard: dict[tuple[str, str], int] = {}
    domains: dict[int, str] = {}
    with duckdb.connect(":memory:") as connection:
        if "concept" in files:
            _view(connection, "concept", files["concept"], ("concept_id", "concept_code", "vocabulary_id", "domain_id"))
            domains = {
                int(concept): str(domain)
                for concept, domain in _rows(
                    connection, "SELECT concept_id, domain_id FROM concept WHERE domain_id <> ''"
                )
            }
            text = (
                "SELECT vocabulary_id, concept_code, CAST(concept_id AS BIGINT) FROM concept "
                "WHERE standard_concept = 'S' AND coalesce(invalid_reason, '') = '' AND list_contains(?, vocabulary_id)"
            )
            standard |= {(name, code): concept for name, code, concept in _rows(connection, text, [wanted])}
            if "concept_relationship" in files:
                standard |= _mapped(connection, files["concept_relationship"], wanted)
        if "source_to_concept_map" in files:
            path = files["source_to_concept_map"]
            _view(connection, "local", path, ("source_code", "source_vocabulary_id", "target_concept_id"))
            text = (
                "SELECT source_vocabulary_id, source_code, min(CAST(target_concept_id AS BIGINT)) FROM local "
                "WHERE list_contains(?, source_vocabulary_id) AND coalesce(invalid_reason, '') = '' GROUP BY 1, 2"
            )
            found = {(name, code): concept for name, code, concept in _rows(connection, text, [wanted])}
            standard |= {key: concept for key, concept in found.items() if concept}
    return Concepts(standard, domains)


def _mapped(connection: Any, path: Path, wanted: list[str]) -> dict[tuple[str, str], int]:
    _view(connection, "relation", path, ("concept_id_1", "concept_id_2", "relationship_id"))
    text = (
        "SELECT c.vocabulary_id, c.concept_code, min(CAST(r.concept_id_2 AS BIGINT)) FROM concept c "
        "JOIN relation r ON r.concept_id_1 = c.concept_id AND r.relationship_id = 'Maps to' "
        "WHERE list_contains(?, c.vocabulary_id) AND coalesce(r.invalid_reason, '') = '' "
        "AND coalesce(c.standard_concept, '') <> 'S' GROUP BY 1, 2"
    )
    return {(name, code): concept for name, code, concept in _rows(connection, text, [wanted])}


def _view(connection: Any, name: str, path: Path, needed: tuple[str, ...]) -> None:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        header = file.readline()
    delimiter = "\t" if header.count("\t") > header.count(",") else ","
    quote = "" if delimiter == "\t" else '"'  # Athena's files quote nothing
    columns = [column.strip().strip('"').lower() for column in header.strip().split(delimiter)]
    if missing := [column for column in needed if column not in columns]:
        raise VocabularyError(f"lacks the column {missing[0]}", where=path.name, mend="take the file from Athena anew")
    kinds = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    told = f"auto_detect=false, header=true, delim='{delimiter}', quote='{quote}', escape='{quote}', nullstr=''"
    extra = "".join(f", NULL AS {column}" for column in ("standard_concept", "invalid_reason") if column not in columns)
    try:
        connection.execute(
            f"CREATE TABLE {name} AS SELECT *{extra} FROM read_csv({literal(path)}, {told}, columns={{{kinds}}})"
        )
    except duckdb.Error as error:
        raise VocabularyError(
            f"cannot be read ({type(error).__name__})", where=path.name, mend="take it anew"
        ) from None


def _rows(connection: Any, text: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(text, values or []).fetchall()
    return found
