"""The door to the records room: it opens and types a hospital's database, and says what is malformed."""

from __future__ import annotations

from pathlib import Path

from bencao.records.cdm.database import Database, open_database

__all__ = ["open_records"]


def open_records(source: Path) -> Database:
    """Open a database in the common data model; raises SourceError for what is none."""
    return open_database(source)
