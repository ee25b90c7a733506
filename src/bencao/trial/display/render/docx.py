"""A table as a Word document: landscape, header rows repeated on every page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from bencao.kernel.errors import EngineMissing
from bencao.trial.display.render.layout import shares, spans, texts, titles
from bencao.trial.display.table import Row, Table

# The earliest time that a ZIP archive can hold: the document does not say when it was written.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_WIDTH_INCHES = 9.0


def docx_of(table: Table) -> bytes:
    """Render a table.

    Parameters
    ----------
    table : Table

    Returns
    -------
    bytes
        The file; the same for the same table.

    Raises
    ------
    EngineMissing
        Where python-docx is not installed.
    """
    try:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.shared import Inches, Pt
    except ImportError as error:
        raise EngineMissing("Word documents need python-docx", mend="pip install 'bencao[trial]'") from error
    document: Any = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Inches(11), Inches(8.5)
    section.left_margin = section.right_margin = Inches(1)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Courier New", Pt(8)
    style.paragraph_format.space_after = Pt(0)
    section.header.paragraphs[0].text = "\n".join(titles(table))
    section.footer.paragraphs[0].text = "\n".join(table.footnotes)
    widths = [Inches(share * _WIDTH_INCHES) for share in shares(table)]
    for number, (page, end) in enumerate(table.by_page()):
        if number:
            document.add_page_break()
        for line in page.above:
            document.add_paragraph().add_run(line).bold = True
        _fill(document, table, table.rows[page.first : end], widths)
    return _timeless(document)


def _fill(document: Any, table: Table, body: Sequence[Row], widths: list[Any]) -> None:
    from docx.oxml import OxmlElement

    grid = document.add_table(rows=len(table.header) + len(body), cols=len(widths))
    grid.autofit = False
    # python-docx looks a cell up by walking the whole table; its rows are asked for once.
    rows = list(grid.rows)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for level, line in enumerate(table.header):
        cells, place = rows[level].cells, 0
        for text, covered in spans(line, level == len(table.header) - 1):
            cell = cells[place].merge(cells[place + covered - 1]) if covered > 1 else cells[place]
            cell.paragraphs[0].add_run(text).bold = True
            place += covered
        rows[level]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row, shown in zip(body, rows[len(table.header) :], strict=True):
        for cell, text in zip(shown.cells, texts(row, table), strict=True):
            if text:
                cell.paragraphs[0].add_run(text)


def _timeless(document: Any) -> bytes:
    written, answer = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(answer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _NO_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return answer.getvalue()
