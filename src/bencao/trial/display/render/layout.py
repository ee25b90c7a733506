"""What the renderers share: the lines above and below a table, its rows as texts, and the widths of its columns."""

from __future__ import annotations

from bencao.trial.display.table import Row, Table

# A narrow column holds this many letters; texts longer than the widest share it in lines.
_LEAST, _MOST, _MOST_LABEL = 6, 18, 36


def titles(table: Table) -> tuple[str, ...]:
    """Lines above a table: study, population, number and title."""
    return (f"Protocol: {table.study}", f"Population: {table.population}", f"{table.kind} {table.number}", *table.title)


def texts(row: Row, table: Table) -> tuple[str, ...]:
    """Texts of a row, one for each column; what a heading has no cells for is empty."""
    cells = tuple(cell.text for cell in row.cells) or ("",) * len(table.column_ids)
    return (*row.labels, *cells)


def shares(table: Table) -> tuple[float, ...]:
    """Share of the width for each column: as declared, or after its longest text."""
    if table.widths:
        return tuple(width / sum(table.widths) for width in table.widths)
    lengths = [0] * (table.stubs + len(table.column_ids))
    for row in table.rows:
        for place, text in enumerate(texts(row, table)):
            lengths[place] = max(lengths[place], len(text))
    for place, text in enumerate(table.header[-1]):
        lengths[place] = max(lengths[place], max((len(word) for word in text.split()), default=0))
    bounded = [
        min(max(length, _LEAST), _MOST_LABEL if place < table.stubs else _MOST) for place, length in enumerate(lengths)
    ]
    whole = sum(bounded)
    return tuple(length / whole for length in bounded)


def spans(line: tuple[str, ...], last: bool) -> tuple[tuple[str, int], ...]:
    """Texts of a header line with the number of columns each covers; equal neighbours above the last line join."""
    joined: list[tuple[str, int]] = []
    for text in line:
        if joined and not last and text and joined[-1][0] == text:
            joined[-1] = (text, joined[-1][1] + 1)
        else:
            joined.append((text, 1))
    return tuple(joined)


def address(row: int, column: int) -> str:
    """How a cell is asked for: ``R3C2``, counted from 1 over all rows of the body and all columns."""
    return f"R{row + 1}C{column + 1}"
