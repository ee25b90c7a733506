"""Stage whatever a hospital gives: a file, a folder of files, or a database's URL."""

from __future__ import annotations

from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.records.errors import SourceError
from bencao.records.sources.delimited import stage_delimited
from bencao.records.sources.fhir import stage_fhir
from bencao.records.sources.hl7 import stage_hl7
from bencao.records.sources.staging import Staging
from bencao.records.sources.store import stage_store
from bencao.records.sources.workbook import stage_workbook

_READERS = {
    ".csv": stage_delimited,
    ".tsv": stage_delimited,
    ".txt": stage_delimited,
    ".xlsx": stage_workbook,
    ".xls": stage_workbook,
    ".xlsb": stage_workbook,
    ".ods": stage_workbook,
    ".json": stage_fhir,
    ".ndjson": stage_fhir,
    ".hl7": stage_hl7,
}


def stage(source: str | Path, folder: Path, *, tables: tuple[str, ...] = ()) -> Staging:
    """Stage a source into a folder, whole or not at all.

    Parameters
    ----------
    source : path or str
        A file (.csv, .tsv, .txt; .xlsx, .xls; FHIR R4 as .json or .ndjson; HL7 v2 as .hl7), a folder of such files, or
        the URL of a database.
    folder : Path
        Where the tables go; it must not exist, or be empty.
    tables : tuple of str
        Of a database; all where none is named.

    Returns
    -------
    Staging
        Tables with their rows, quarantine, notes. A file of a folder that cannot be read at all is a note
        and the rest goes on; a single file that cannot be read is an error.

    Raises
    ------
    SourceError, EngineMissing
        A source that is absent or cannot be read at all.
    InputError
        A folder that is not empty.
    """
    with Staging(folder) as staging:
        if "://" in str(source):
            stage_store(str(source), staging, tables)
            return staging
        path = Path(source)
        if path.is_dir():
            files = sorted(one for one in path.rglob("*") if one.suffix.lower() in _READERS and one.is_file())
            if not files:
                raise SourceError(
                    "holds no file that can be staged", where=path.name, mend=f"give {', '.join(_READERS)}"
                )
            for one in files:
                try:
                    _READERS[one.suffix.lower()](one, staging)
                except InputError as error:
                    staging.notes.append(f"{error.kind}: {error}")
            if not staging.staged:
                raise SourceError("none of its files can be read", where=path.name, mend=staging.notes[0])
            return staging
        if not path.is_file():
            raise SourceError("is absent", where=path.name, mend="check the path")
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            raise SourceError("is of no kind that can be staged", where=path.name, mend=f"give {', '.join(_READERS)}")
        reader(path, staging)
    return staging
