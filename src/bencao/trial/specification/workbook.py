"""The specification of a study as an Excel workbook: a sheet for each kind of part, a row for each part."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bencao.kernel.files import write_bytes
from bencao.trial.errors import SpecificationError
from bencao.trial.specification.sheets import LISTED, NAMED, SHEETS, STRUCTURED, Key, in_document, in_sections
from bencao.trial.specification.study import Study
from bencao.trial.specification.writing import document_of

Row = dict[str, Any]

# What a cell holds at most.
_CELL = 32_767
_WIDTH = 60
# The time that the file says it was made: always the same, so that the same study gives the same bytes.
_MADE = b"2000-01-01T00:00:00Z"


def write_workbook(study: Study, path: str | os.PathLike[str]) -> None:
    """Write a specification as an Excel workbook; reading it gives the same study.

    Parameters
    ----------
    study : Study
    path : path-like
        A .xlsx file.

    Raises
    ------
    SpecificationError
        A text that Excel cannot hold, or an empty one where something else is usual.
    InputError
        Where the file cannot be written.
    """
    import openpyxl  # here, for it takes longer to load than a study to read
    from openpyxl.styles import Font

    document = in_sections(document_of(study))
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, columns in SHEETS.items():
        sheet, structured = book.create_sheet(title), STRUCTURED.get(title, set())
        sheet.append(list(columns))
        for number, row in enumerate(_rows_of(title, document), start=2):
            for column, name in enumerate(columns, start=1):
                value = row.get(name)
                if isinstance(value, list | dict) or (name in structured and _reads_otherwise(value)):
                    value = _in_yaml(value)
                elif value == "":
                    raise SpecificationError(
                        f"{name} is an empty text, which a cell cannot tell from none", where=f"{title} {number}"
                    )
                _fill(sheet.cell(number, column), value, f"{Path(path).name}: sheet {title}")
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for letter, cells in ((column[0].column_letter, column) for column in sheet.columns):
            longest = max(len(str(cell.value or "")) for cell in cells)
            sheet.column_dimensions[letter].width = min(longest + 2, _WIDTH)
        sheet.freeze_panes = "A2"
    buffer = io.BytesIO()
    book.save(buffer)
    write_bytes(path, _always_the_same(buffer.getvalue()))


def read_workbook(path: Path) -> tuple[dict[str, Any], dict[tuple[Key, ...], tuple[str, int]]]:
    """Read a workbook as the document of a study.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        As ``study.yaml`` would give it.
    dict of key path to (sheet, row)

    Raises
    ------
    SpecificationError
        Names sheet and row.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise SpecificationError(f"is no Excel workbook: {error}", where=str(path)) from error
    document: dict[str, Any] = {}
    places: dict[tuple[Key, ...], tuple[str, int]] = {}
    for title, columns in SHEETS.items():
        if title not in book.sheetnames:
            continue
        sheet = f"{path.name}: sheet {title}"
        for number, row in _read_rows(book[title], columns, STRUCTURED.get(title, set()), sheet):
            at = _take(title, row, document, f"{sheet}: line {number}")
            places[at] = (sheet, number)
            places.update({(*at, name): (sheet, number) for name in row})
    places.setdefault((), (f"{path.name}: sheet Study", 2))
    return in_document(document, places)


def _rows_of(title: str, document: dict[str, Any]) -> Iterator[Row]:
    if title == "Study":
        yield {name: document[name] for name in SHEETS[title] if name in document}
        return
    section, within = LISTED.get(title, (NAMED.get(title, ""), ""))
    for name, part in document.get(section, {}).items():
        for item in part.get(within, []) if within else [part]:
            yield {SHEETS[title][0]: name, **item}


def _fill(cell: Any, value: Any, where: str) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils.exceptions import IllegalCharacterError

    if value is None:
        return
    if isinstance(value, str) and len(value) > _CELL:
        raise SpecificationError(f"a cell of Excel holds {_CELL:,} characters, not {len(value):,}", where=where)
    try:
        cell.value = value
    except (IllegalCharacterError, ValueError) as error:
        raise SpecificationError(f"Excel cannot hold {value!r}", where=where) from error
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _in_yaml(value: Any) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1 << 30)
    return text.removesuffix("\n").removesuffix("\n...")


def _reads_otherwise(value: Any) -> bool:
    """Whether a text, taken for YAML, would be read as something else."""
    if not isinstance(value, str):
        return False
    try:
        return bool(yaml.safe_load(value) != value)
    except yaml.YAMLError:
        return True


def _read_rows(sheet: Any, columns: tuple[str, ...], structured: set[str], where: str) -> Iterator[tuple[int, Row]]:
    rows = sheet.iter_rows(values_only=True)
    header = [str(name) for name in next(rows, ()) if name is not None]
    if unknown := [name for name in header if name not in columns]:
        raise SpecificationError(
            f"no column {', '.join(unknown)}", where=f"{where}: line 1", mend=f"it has {', '.join(columns)}"
        )
    for number, values in enumerate(rows, start=2):
        row = {name: value for name, value in zip(header, values, strict=False) if value is not None}
        if row:
            yield (
                number,
                {
                    name: _structure(name, value, f"{where}: line {number}") if name in structured else value
                    for name, value in row.items()
                },
            )


def _structure(name: str, value: Any, where: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise SpecificationError(f"{name} is no YAML: {value!r}", where=where) from error


def _take(title: str, row: Row, document: dict[str, Any], where: str) -> tuple[Key, ...]:
    if title == "Study":
        document.update(row)
        return ()
    name_column = SHEETS[title][0]
    name = str(row.pop(name_column, ""))
    if not name:
        raise SpecificationError(f"a row without {name_column}", where=where)
    if title in NAMED:
        section = document.setdefault(NAMED[title], {})
        if name in section:
            raise SpecificationError(f"{name} is given twice", where=where)
        section[name] = row
        return (NAMED[title], name)
    section_name, within = LISTED[title]
    part: dict[str, Any] | None = document.get(section_name, {}).get(name)
    if part is None:
        raise SpecificationError(f"the workbook has no {name_column} {name}", where=where)
    items = part.setdefault(within, [])
    items.append(row)
    return (section_name, name, within, len(items) - 1)


def _always_the_same(data: bytes) -> bytes:
    """Set every time that the file holds to the same one."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _MADE, content)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()
