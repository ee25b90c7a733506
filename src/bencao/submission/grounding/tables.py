"""In-text tables: part of a study's table as a table of the document, each result a fact."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.table import Table as DocxTable

from bencao.submission.documents.package import Package, package_bytes
from bencao.submission.errors import GroundingError
from bencao.submission.grounding.declaration import Declaration, InTextTable
from bencao.submission.grounding.results import Results
from bencao.submission.grounding.sentences import TABLE
from bencao.submission.grounding.statements import StatedFact, Statement
from bencao.submission.quality.finding import Language


@dataclass(frozen=True)
class InText:
    """A table as it stands in the text.

    Parameters
    ----------
    header, rows : tuple of tuple of str
    title : str
    statement : Statement
        Its results as facts.
    unlabelled : tuple of str
        Labels that have no translation and stand as they are.
    """

    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    title: str
    statement: Statement
    unlabelled: tuple[str, ...]


def table_in_text(number: str, declaration: Declaration, folder: Path, language: Language, results: Results) -> InText:
    """Part of a study's table, with its labels in a language.

    Raises
    ------
    GroundingError
        Where a column that is asked for is not in it.
    """
    asked = declaration.tables.get(number, InTextTable())
    table = results.table(number)
    columns = asked.columns or table.column_ids
    unknown = [name for name in columns if name not in table.column_ids]
    if unknown:
        raise GroundingError(
            f"no column {', '.join(unknown)}", where=f"table {number}", mend=f"of {', '.join(table.column_ids)}"
        )
    places = [table.stubs + table.column_ids.index(name) for name in columns]
    labels = labels_of(declaration, folder, language)
    unlabelled: list[str] = []

    def said(text: str) -> str:
        plain = text.strip()
        words, size = _apart(plain)
        if language == "zh" and words and not _is_plain_number(words):
            if words not in labels:
                unlabelled.append(words)
            return labels.get(words, words) + size
        return plain

    shown = [*range(table.stubs), *places]
    header = tuple(tuple(said(line[place]) for place in shown) for line in table.header)
    rows, facts = [], []
    for at, row in results.rows_in_text(number, asked.rows, asked.at_least):
        cells = {table.stubs + place: cell for place, cell in enumerate(row.cells)}
        texts = [said(label) for label in row.labels]
        for place in places:
            cell = cells.get(place)
            texts.append(cell.text.strip() if cell is not None else "")
            for result in cell.results if cell is not None else ():
                address = f"{number}:R{at}C{place + 1}:{result.statistic}"
                facts.append(StatedFact(address.partition(":")[2], result.text.strip(), address))
        rows.append(tuple(texts))
    title = " ".join(said(line) for line in table.title)
    statement = Statement(language, f"table {number}", title, tuple(facts))
    return InText(header, tuple(rows), title, statement, tuple(unlabelled))


def put_tables(data: bytes, tables: Mapping[str, InText]) -> bytes:
    """A document with its tables after the paragraphs that call for them, which become their titles."""
    if not tables:
        return data
    document = docx.Document(io.BytesIO(data))
    for paragraph in list(document.paragraphs):
        told = TABLE.fullmatch(paragraph.text.strip())
        if told is None:
            continue
        table = tables[told[1]]
        for run in paragraph.runs[1:]:
            run._r.getparent().remove(run._r)
        if paragraph.runs:
            paragraph.runs[0].text = f"{told[1]} {table.title}"
        paragraph._p.addnext(_made(document, table)._tbl)
    stream = io.BytesIO()
    document.save(stream)
    return _same_bytes(stream.getvalue())


def _made(document: Docx, table: InText) -> DocxTable:
    width = len(table.header[0]) if table.header else len(table.rows[0])
    made: DocxTable = document.add_table(rows=0, cols=width)
    if "Table Grid" in [style.name for style in document.styles]:
        made.style = "Table Grid"
    for line in (*table.header, *table.rows):
        cells = made.add_row().cells  # type: ignore[no-untyped-call]
        for cell, text in zip(cells, line, strict=True):
            cell.text = text
    for row in made.rows[: len(table.header)]:
        properties = row._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:tblHeader"), {}))
    return made


def _same_bytes(data: bytes) -> bytes:
    """The package without the times that its writer put into it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return package_bytes(Package("", {info.filename: archive.read(info) for info in archive.infolist()}))


def labels_of(declaration: Declaration, folder: Path, language: Language) -> dict[str, str]:
    """Chinese of English labels and terms; empty for English."""
    return _labels(folder / declaration.labels) if declaration.labels and language == "zh" else {}


def _labels(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            delimiter = "\t" if path.suffix == ".tsv" else ","
            return {row["en"].strip(): row["zh"].strip() for row in csv.DictReader(stream, delimiter=delimiter)}
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error) as error:
        raise GroundingError(f"cannot be read: {error}", where=str(path), mend="columns are en and zh") from None


def _apart(label: str) -> tuple[str, str]:
    """A column's words and its size, such as `` (N=86)``."""
    told = re.search(r"\s*\(N=\d+\)$", label)
    return (label[: told.start()], told[0]) if told is not None else (label, "")


def _is_plain_number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)
