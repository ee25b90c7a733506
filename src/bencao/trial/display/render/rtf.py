"""A table as RTF 1.9: landscape pages, the header row repeated, footnotes at the foot of the page."""

from __future__ import annotations

from bencao.trial.display.render.layout import shares, spans, texts, titles
from bencao.trial.display.table import Table

# Twips: US letter on its side with margins of an inch, as reports in the United States are printed.
_WIDTH, _HEIGHT, _MARGIN = 15840, 12240, 1440
_TOP = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fmodern Courier New;}}"
    rf"\paperw{_WIDTH}\paperh{_HEIGHT}\landscape\margl{_MARGIN}\margr{_MARGIN}\margt{_MARGIN}\margb{_MARGIN}"
    r"\sectd\lndscpsxn\fs16"
)
_LINE_ABOVE, _LINE_BELOW = r"\clbrdrt\brdrs\brdrw15", r"\clbrdrb\brdrs\brdrw15"


def rtf_of(table: Table) -> str:
    """Render a table.

    Parameters
    ----------
    table : Table

    Returns
    -------
    str
        ASCII; the same for the same table.
    """
    edges = _edges(shares(table))
    lines = [_TOP, _page_header(table), _page_footer(table)]
    listed = table.kind == "Listing"
    for number, (page, end) in enumerate(table.by_page()):
        lines += _page_start(page.above, breaks=number > 0)
        for level, line in enumerate(table.header):
            last = level == len(table.header) - 1
            lines.append(_header_row(line, edges, first=level == 0, last=last))
        lines += [_row(texts(row, table), edges, table.stubs, listed) for row in table.rows[page.first : end]]
    return "\n".join([*lines, r"\pard\par}", ""])


def escaped(text: str) -> str:
    """Text as RTF writes it; what is not ASCII as ``\\uN?`` in UTF-16 code units."""
    parts = []
    for character in text:
        if character in "\\{}":
            parts.append("\\" + character)
        elif character == "\n":
            parts.append(r"\line ")
        elif " " <= character <= "~":
            parts.append(character)
        else:
            units = character.encode("utf-16-le")
            for place in range(0, len(units), 2):
                unit = int.from_bytes(units[place : place + 2], "little")
                parts.append(f"\\u{unit - 65536 if unit > 32767 else unit}?")
    return "".join(parts)


def _edges(widths: tuple[float, ...]) -> list[int]:
    whole, edges = 0.0, []
    for width in widths:
        whole += width
        edges.append(round(whole * (_WIDTH - 2 * _MARGIN)))
    return edges


def _page_header(table: Table) -> str:
    study, population, *rest = titles(table)
    centred = "".join(rf"\pard\qc {escaped(line)}\par" for line in rest)
    page = r"Page {\field{\*\fldinst PAGE}} of {\field{\*\fldinst NUMPAGES}}"
    tab = rf"\tqr\tx{_WIDTH - 2 * _MARGIN}"
    left = rf"\pard{tab} {escaped(study)}\tab {page}\par\pard {escaped(population)}\par"
    return rf"{{\header\fs16\b{left}{centred}\pard\par}}"


def _page_footer(table: Table) -> str:
    return "".join([r"{\footer\fs16\pard\par", *(rf"\pard {escaped(note)}\par" for note in table.footnotes), "}"])


def _page_start(above: tuple[str, ...], *, breaks: bool) -> list[str]:
    """What stands above a page's rows; the first paragraph breaks the page, an empty one where nothing is said."""
    written = [rf"\b {escaped(line)}\b0\par" for line in above] or ([r"\fs2\par\fs16"] if breaks else [])
    starts = [r"\pard\pagebb" if breaks and not place else r"\pard" for place in range(len(written))]
    return [f"{start}{line}" for start, line in zip(starts, written, strict=True)]


def _header_row(line: tuple[str, ...], edges: list[int], *, first: bool, last: bool) -> str:
    cells, texts_, place = [], [], 0
    for text, covered in spans(line, last):
        place += covered
        border = (_LINE_ABOVE if first else "") + (_LINE_BELOW if last or covered > 1 else "")
        cells.append(rf"{border}\clvertalb\cellx{edges[place - 1]}")
        texts_.append(rf"\pard\intbl\qc\b {escaped(text)}\b0\cell")
    return rf"\trowd\trhdr\trgaph40{''.join(cells)}{''.join(texts_)}\row"


def _row(line: tuple[str, ...], edges: list[int], stubs: int, listed: bool) -> str:
    at = r"\clvertalt" if listed else r"\clvertalb"
    cells = "".join(rf"{at}\cellx{edge}" for edge in edges)
    # Figures stay in line: blanks that a format puts before a number are kept.
    sides = [r"\ql" if listed or place < stubs else r"\qc" for place in range(len(line))]
    written = "".join(rf"\pard\intbl{side} {escaped(text)}\cell" for side, text in zip(sides, line, strict=True))
    return rf"\trowd\trgaph40\trkeep{cells}{written}\row"
