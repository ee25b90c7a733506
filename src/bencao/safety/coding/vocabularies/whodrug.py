"""The user's WHODrug: a table of its names, or its own text file with the layout that the licence's guide gives."""

# The B3 and C3 text formats are laid out in a document that comes with the licence and is not public: where the fields
# stand is the user's to say. Every edition can also be exported to a table of names with their drug record numbers.

from __future__ import annotations

from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.coding.vocabulary import Name, Vocabulary
from bencao.safety.tables import Row, read_rows, read_text

_COLUMNS = ("drug_name", "drug_record_number", "sequence_1", "sequence_2")


def read_whodrug(path: Path, version: str, layout: Path | None = None) -> Vocabulary:
    """Read the names of a WHODrug export.

    Parameters
    ----------
    path : Path
        CSV or TSV in UTF-8 with the columns ``drug_name``, ``drug_record_number`` (six digits), ``sequence_1`` (two
        digits, 01 the substance) and ``sequence_2`` (three digits, 001 its preferred name); with `layout` WHODrug's
        own file of names, in UTF-8 and without a heading.
    version : str
        Such as ``2026 Sep 1``.
    layout : Path, optional
        CSV of ``field,start,length``, a row for each of the four: the first character counts as 1.

    Returns
    -------
    Vocabulary
        Licensed; a name's code is its drug code of eleven digits, and its preferred name the record's first.

    Raises
    ------
    InputError
        A file that cannot be read, a record number that is none, or a record without a name to stand for it.
    """
    if layout:
        rows, top = _cut(path, _fields(layout)), 1
    else:
        rows, top = read_rows(path, _COLUMNS, tabs=path.suffix.lower() in (".tsv", ".txt"), empty=False), 2
    names, first = [], {}
    for number, row in enumerate(rows, top):
        parts = [row[column].strip() for column in _COLUMNS[1:]]
        if [len(part) for part in parts] != [6, 2, 3] or not "".join(parts).isdigit() or not row["drug_name"].strip():
            mend = f"give {', '.join(_COLUMNS)}, the numbers of 6, 2 and 3 digits"
            raise InputError(f"no drug code: {' '.join(parts)!r}", where=f"{path}: row {number}", mend=mend)
        names.append((row["drug_name"].strip(), "".join(parts), parts[0]))
        if parts[1:] == ["01", "001"]:
            first[parts[0]] = (row["drug_name"].strip(), "".join(parts))
    return Vocabulary(
        "WHODrug",
        version,
        "drug",
        tuple(Name(text, code, *first.get(record, (text, code))) for text, code, record in names),
        licensed=True,
    )


def _fields(layout: Path) -> dict[str, slice]:
    """Where each field stands in a line."""
    found = {}
    for number, row in enumerate(read_rows(layout, ("field", "start", "length"), empty=False), 2):
        start, length = row["start"].strip(), row["length"].strip()
        if not (start.isdigit() and length.isdigit() and int(start) and int(length)):
            raise InputError(
                "no place in a line",
                where=f"{layout}: row {number}",
                mend="give start and length, counted from 1",
            )
        found[row["field"].strip()] = slice(int(start) - 1, int(start) - 1 + int(length))
    if lacking := [name for name in _COLUMNS if name not in found]:
        raise InputError(f"no field {', '.join(lacking)}", where=str(layout), mend=f"give {', '.join(_COLUMNS)}")
    return {name: found[name] for name in _COLUMNS}


def _cut(path: Path, fields: dict[str, slice]) -> list[Row]:
    """The fields of each line; none is left out, so that row numbers are those of the file."""
    lines = read_text(path).splitlines()
    if not lines:
        raise InputError("no lines", where=str(path), mend="give WHODrug's file of names")
    return [{name: line[place].strip() for name, place in fields.items()} for line in lines]
