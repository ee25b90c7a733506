"""Stage an Excel workbook: a table a sheet, its header found, its cells as text."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat

from bencao.records.errors import SourceError
from bencao.records.sources.staging import Quarantined, Staging
from bencao.records.sources.text import distinct

_HEADER_WITHIN = 20  # rows


def stage_workbook(path: Path, staging: Staging) -> None:
    """Stage the sheets of a workbook (.xlsx, .xls, .xlsb, .ods) that hold a table.

    The header is the first of the first twenty rows that has as many filled cells as any of them, all of them text. A
    merged cell has its value in its first cell alone, as the file has it.

    Raises
    ------
    SourceError
        What cannot be read, or holds no table.
    """
    import python_calamine

    _require_whole(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names
        }
    except (python_calamine.CalamineError, OSError) as error:
        raise SourceError("is no workbook that can be read", where=path.name, mend="save it anew as .xlsx") from error
    found = False
    for sheet, rows in sheets.items():
        place = _header_place(rows)
        if place is None:
            continue
        found = True
        name = staging.free(path.stem if len(sheets) == 1 else f"{path.stem}.{sheet}")
        _stage_sheet(path, name, sheet, rows, place, staging)
    if not found:
        raise SourceError("holds no table", where=path.name, mend="give each column a name in the first row")


def _require_whole(path: Path) -> None:
    """Refuse a workbook with a damaged part, which a lenient reader would read with cells gone or shifted."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".xml"):
                    with archive.open(name) as part:
                        expat.ParserCreate().ParseFile(part)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, RuntimeError, EOFError) as error:
        raise SourceError("is a workbook with a damaged part", where=path.name, mend="save it anew as .xlsx") from error


def _stage_sheet(
    path: Path, name: str, sheet: str, rows: Sequence[Sequence[Any]], place: int, staging: Staging
) -> None:
    width = max((number + 1 for number, cell in enumerate(rows[place]) if cell not in ("", None)), default=0)
    columns = distinct([str(cell).strip() for cell in rows[place][:width]])
    bad: list[Quarantined] = []

    def good() -> Iterator[tuple[str, int, list[str | None]]]:
        number = 0
        for row in rows[place + 1 :]:
            cells = [_text(cell) for cell in row]
            if not any(cells):
                continue
            number += 1
            if any(cells[width:]):
                detail = f"cells beyond the {width} columns"
                raw = "\t".join(cell or "" for cell in cells)
                bad.append(Quarantined(f"{path.name}#{sheet}", number, "columns", detail, raw, name))
                continue
            yield f"{path.name}#{sheet}", number, [*cells[:width], *([None] * (width - len(cells)))]

    written = staging.write(name, columns, good())
    staging.add(name, written, bad)


def _header_place(rows: Sequence[Sequence[Any]]) -> int | None:
    filled = [sum(cell not in ("", None) for cell in row) for row in rows[:_HEADER_WITHIN]]
    most = max(filled, default=0)
    for place, row in enumerate(rows[:_HEADER_WITHIN]):
        cells = [cell for cell in row if cell not in ("", None)]
        if most and len(cells) == most and all(isinstance(cell, str) for cell in cells):
            return place
    return None


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip() or None
