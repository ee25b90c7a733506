"""The user's WHODrug, as a table of its names."""

# The B3 and C3 text formats are laid out in a document that comes with the licence; what every edition can be
# exported to, and what is read here, is a table of drug names with their drug record numbers.

from __future__ import annotations

from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.coding.vocabulary import Name, Vocabulary
from bencao.safety.tables import read_rows

_COLUMNS = ("drug_name", "drug_record_number", "sequence_1", "sequence_2")


def read_whodrug(path: Path, version: str) -> Vocabulary:
    """Read the names of a WHODrug export.

    Parameters
    ----------
    path : Path
        CSV or TSV in UTF-8 with the columns ``drug_name``, ``drug_record_number`` (six digits), ``sequence_1`` (two
        digits, 01 the substance) and ``sequence_2`` (three digits, 001 its preferred name).
    version : str
        Such as ``2026 Sep 1``.

    Returns
    -------
    Vocabulary
        Licensed; a name's code is its drug code of eleven digits, and its preferred name the record's first.

    Raises
    ------
    InputError
        A file that cannot be read, a record number that is none, or a record without a name to stand for it.
    """
    rows = read_rows(path, _COLUMNS, tabs=path.suffix.lower() in (".tsv", ".txt"), empty=False)
    names, first = [], {}
    for number, row in enumerate(rows, 2):
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
