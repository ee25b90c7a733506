"""A table as a page of HTML whose cells can be asked for by their address."""

from __future__ import annotations

from html import escape

from bencao.trial.display.render.layout import address, spans, texts, titles
from bencao.trial.display.table import Table

_STYLE = (
    "body{font-family:sans-serif;margin:2rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th{border-bottom:1px solid;padding:.2rem .6rem;vertical-align:bottom}td{padding:.1rem .6rem;white-space:pre}"
    "td.n{text-align:center}thead tr:first-child th{border-top:1px solid}h1{font-size:1.1rem}footer p{margin:.2rem 0}"
    "th.above{text-align:left;border:0;padding-top:1rem}.listing td{white-space:normal;vertical-align:top}"
)


def html_of(table: Table) -> str:
    """Render a table.

    Parameters
    ----------
    table : Table

    Returns
    -------
    str
        A whole page. A cell's ``id`` is its address, such as ``R3C2``, its ``title`` the unrounded results.
    """
    study, population, number, *title = titles(table)
    head = "".join(_header_line(line, level == len(table.header) - 1) for level, line in enumerate(table.header))
    body = "".join(
        "".join(_above(line, table) for line in page.above)
        + "".join(_body_line(table, place) for place in range(page.first, end))
        for page, end in table.by_page()
    )
    kind = ' class="listing"' if table.kind == "Listing" else ""
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.footnotes)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(number)}</title>'
        f"<style>{_STYLE}</style></head><body><p>{escape(study)}<br>{escape(population)}</p>"
        f"<h1>{escape(number)}<br>{'<br>'.join(escape(line) for line in title)}</h1>\n"
        f"<table{kind}><thead>{head}</thead><tbody>{body}</tbody></table>\n<footer>{notes}</footer></body></html>\n"
    )


def _header_line(line: tuple[str, ...], last: bool) -> str:
    cells = "".join(
        f'<th colspan="{covered}">{escape(text)}</th>' if covered > 1 else f"<th>{escape(text)}</th>"
        for text, covered in spans(line, last)
    )
    return f"<tr>{cells}</tr>\n"


def _above(line: str, table: Table) -> str:
    return f'<tr><th class="above" colspan="{table.stubs + len(table.column_ids)}">{escape(line)}</th></tr>\n'


def _body_line(table: Table, place: int) -> str:
    row = table.rows[place]
    raw = {
        column: "; ".join(f"{result.statistic} {result.value!r}" for result in cell.results if result.value is not None)
        for column, cell in row.places()
    }
    cells = []
    for column, text in enumerate(texts(row, table)):
        title = f' title="{escape(raw[column])}"' if raw.get(column) else ""
        kind = ' class="n"' if column >= table.stubs and table.kind == "Table" else ""
        cells.append(f'<td id="{address(place, column)}"{kind}{title}>{escape(text)}</td>')
    return f"<tr>{''.join(cells)}</tr>\n"
