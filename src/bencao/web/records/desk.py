"""The desks of the records room: a process for the quality of a database, one for a mapping, one for notes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bencao.records.browse import OpenMapping, OpenNotes, OpenQuality
from bencao.web.desk import Desk


class QualityDesk(Desk[OpenQuality]):
    """Answers about the quality of databases.

    Parameters
    ----------
    qualities : tuple of Path
    database : Path
        See `OpenQuality`.
    """

    def __init__(self, qualities: tuple[Path, ...], database: Path | None) -> None:
        super().__init__(partial(OpenQuality, qualities, database))


class MappingDesk(Desk[OpenMapping]):
    """Answers about a mapping, and saves what a person decides.

    Parameters
    ----------
    mapping, staged : Path
        See `OpenMapping`.
    """

    def __init__(self, mapping: Path, staged: Path | None) -> None:
        super().__init__(partial(OpenMapping, mapping, staged))


class NotesDesk(Desk[OpenNotes]):
    """Answers about notes, and saves what a person corrects.

    Parameters
    ----------
    notes, entities, corrections : Path
        See `OpenNotes`.
    """

    def __init__(self, notes: Path, entities: Path | None, corrections: Path | None) -> None:
        super().__init__(partial(OpenNotes, notes, entities, corrections))


@dataclass(frozen=True)
class RecordsDesks:
    """What is open in the room; one at least is."""

    quality: QualityDesk | None = None
    mapping: MappingDesk | None = None
    notes: NotesDesk | None = None

    @property
    def first(self) -> Desk[Any]:
        """One that is open."""
        desk: Desk[Any] = next(desk for desk in (self.quality, self.mapping, self.notes) if desk is not None)
        return desk

    def close(self) -> None:
        """End their processes."""
        for each in (self.quality, self.mapping, self.notes):
            if each:
                each.close()
