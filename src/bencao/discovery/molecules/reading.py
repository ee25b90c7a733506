"""Read a library of molecules row by row, however long it is."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from rdkit import Chem, rdBase

from bencao.discovery.errors import LibraryError, MoleculeError

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_LINES = (".smi", ".smiles", ".txt")
_STRUCTURES = (".sdf", ".sd")
_SMILES_COLUMNS = ("smiles", "canonical_smiles", "structure")
_NAME_COLUMNS = ("name", "id", "zinc_id", "compound id", "mol_id")


@dataclass(frozen=True)
class LibraryRow:
    """A row of a library.

    Attributes
    ----------
    row : int
        Line of the file from 1, the header being line 1; the number of the record in an SD file.
    smiles : str
        As given; of an SD file as RDKit writes it, empty where it does not read the record.
    name : str
        Empty where the file gives none.
    fields : mapping of str to str
        All columns of a table by lower-case name; empty for other files.
    """

    row: int
    smiles: str
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def molecule(self) -> Chem.Mol:
        """The molecule of the row.

        Raises
        ------
        MoleculeError
            Where there is none, or RDKit does not read it.
        """
        if not self.smiles:
            raise MoleculeError("no molecule in it", where=f"row {self.row}", mend="give a SMILES")
        with rdBase.BlockLogs():
            molecule = Chem.MolFromSmiles(self.smiles)
        if molecule is None or not molecule.GetNumAtoms():
            raise MoleculeError(
                f"RDKit does not read {self.smiles[:80]!r}", where=f"row {self.row}", mend="check valences and brackets"
            )
        return molecule


def read_library(path: str | Path, column: str = "") -> Iterator[LibraryRow]:
    """Give the rows of a file of molecules, one after the other; blank rows are left out.

    Parameters
    ----------
    path : path
        ``.smi`` (SMILES, then a name), ``.csv`` or ``.tsv`` with a header, or ``.sdf``; each also with ``.gz``.
    column : str, optional
        Column with the SMILES; ``smiles``, ``canonical_smiles`` or ``structure`` where not given.

    Yields
    ------
    LibraryRow

    Raises
    ------
    LibraryError
        The file cannot be read, is of another form, is cut off, or has no such column.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "two.smi"
    >>> _ = path.write_text("CCO ethanol\\nc1ccccc1 benzene\\n")
    >>> [(row.smiles, row.name) for row in read_library(path)]
    [('CCO', 'ethanol'), ('c1ccccc1', 'benzene')]
    """
    path = Path(path)
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    kind = (suffixes[:-1] if packed else suffixes)[-1:]
    form = kind[0] if kind else ""
    if form not in (*_DELIMITERS, *_LINES, *_STRUCTURES):
        raise LibraryError(
            f"a file of suffix {form!r}", where=str(path), mend="use .smi, .csv, .tsv or .sdf, or these with .gz"
        )
    try:
        with cast(IO[bytes], gzip.open(path)) if packed else path.open("rb") as stream:
            if form in _STRUCTURES:
                yield from _records(stream)
            else:
                text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
                yield from _lines(text) if form in _LINES else _table(text, path, _DELIMITERS[form], column)
    except UnicodeDecodeError as error:
        raise LibraryError(
            f"{error.object[error.start]:#x} is no UTF-8 text", where=str(path), mend="save as UTF-8"
        ) from None
    except (OSError, EOFError) as error:
        cause = getattr(error, "strerror", None) or "it is cut off or no gzip file"
        raise LibraryError(f"cannot be read: {cause}", where=str(path), mend="check the file") from None


def _lines(text: io.TextIOWrapper) -> Iterator[LibraryRow]:
    for number, line in enumerate(text, start=1):
        parts = line.split(maxsplit=1)
        if parts and not line.startswith("#"):
            yield LibraryRow(number, parts[0], parts[1].strip() if len(parts) > 1 else "")


def _table(text: io.TextIOWrapper, path: Path, delimiter: str, column: str) -> Iterator[LibraryRow]:
    reader = csv.reader(text, delimiter=delimiter)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        wanted = (column.strip().lower(),) if column else _SMILES_COLUMNS
        smiles = next((name for name in wanted if name in header), None)
        if smiles is None:
            raise LibraryError(
                f"no column {' or '.join(wanted)} (columns: {', '.join(filter(None, header)) or 'none'})",
                where=f"{path}: row 1",
                mend="name the column with the SMILES",
            )
        name = next((one for one in _NAME_COLUMNS if one in header), None)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                fields = dict(zip(header, map(str.strip, cells), strict=False))
                yield LibraryRow(reader.line_num, fields.get(smiles, ""), fields.get(name, "") if name else "", fields)
    except csv.Error as error:
        raise LibraryError(f"not a table ({error})", where=f"{path}: row {reader.line_num}") from None


def _records(stream: IO[bytes]) -> Iterator[LibraryRow]:
    with rdBase.BlockLogs():
        for number, molecule in enumerate(Chem.ForwardSDMolSupplier(stream), start=1):
            if molecule is None:
                yield LibraryRow(number, "")
            else:
                name = molecule.GetProp("_Name") if molecule.HasProp("_Name") else ""
                yield LibraryRow(number, Chem.MolToSmiles(molecule), name)
