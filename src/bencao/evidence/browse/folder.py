"""The folder in which a study is made: protocols, and the data that they run over; nothing else is read or written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bencao.evidence.errors import StudyDataError
from bencao.kernel.errors import InputError

Form = Literal["table", "omop"]
_FORMS: dict[str, Form] = {".csv": "table", ".parquet": "table", ".duckdb": "omop", ".db": "omop", ".zip": "omop"}
_LONGEST = 120  # letters of a name


@dataclass(frozen=True)
class StudyFolder:
    """A folder, opened.

    Attributes
    ----------
    folder : Path
    workspace : Path, optional
        Of the ledger, see `bencao.kernel.ledger.workspace_folder`.

    Raises
    ------
    InputError
        Where it is none.
    """

    folder: Path
    workspace: Path | None = None

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise InputError("is no folder", where=self.folder.name, mend="make it, or name another")

    def protocols(self) -> tuple[Path, ...]:
        """Files of protocols, by name."""
        return tuple(one for one in self._all() if one.suffix == ".yaml" and one.is_file())

    def data(self) -> tuple[tuple[Path, Form], ...]:
        """What a study may run over, by name."""
        return tuple((one, form) for one in self._all() if (form := form_of(one)))

    def protocol(self, name: str) -> Path:
        """The place of a protocol, which may not be there yet; raises InputError for what is no name of one."""
        place = self._within(name)
        if place.suffix != ".yaml":
            raise InputError("is no name of a protocol", where=name[:_LONGEST], mend="let it end in .yaml")
        return place

    def new_data(self, name: str) -> Path:
        """The place of data that are to come; raises InputError for a name that is taken or that tells no form."""
        place = self._within(name)
        if place.suffix.lower() not in _FORMS:
            raise InputError("is no form of data", where=name, mend=f"give {', '.join(_FORMS)}")
        if place.exists():
            raise InputError("is there already", where=name, mend="give the file another name")
        return place

    def known_data(self, name: str) -> tuple[Path, Form]:
        """The place of data, and their form; raises StudyDataError for what is not there."""
        place = self._within(name)
        form = form_of(place)
        if form is None:
            raise StudyDataError("is no data of this folder", where=name, mend="choose one that is listed")
        return place, form

    def _all(self) -> list[Path]:
        return sorted((one for one in self.folder.iterdir() if not one.name.startswith(".")), key=lambda one: one.name)

    def _within(self, name: str) -> Path:
        """The place of a name in this folder, also behind a link."""
        bare = (
            name
            and len(name) <= _LONGEST
            and name[0] != "."
            and not set(name) & set('/\\\0:*?"<>|')
            and name.isprintable()
        )
        if not bare or (self.folder / name).resolve().parent != self.folder.resolve():
            raise InputError("is no name of a file here", where=name[:_LONGEST], mend="give a name without folders")
        return self.folder / name


def form_of(place: Path) -> Form | None:
    """What lies at a place: one row a person, a database of the common data model, or neither (None)."""
    if place.is_dir():
        return "omop" if any(one.name.lower().startswith("person.") for one in place.iterdir()) else None
    return _FORMS.get(place.suffix.lower()) if place.is_file() else None


def digest_of(text: str) -> str:
    """SHA-256 of a file's text."""
    return hashlib.sha256(text.encode()).hexdigest()
