"""Break a listing into pages: records that belong together stay together, what goes on says so."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bencao.trial.display.listings.declaration import Listing
from bencao.trial.display.table import Page, Row

CONTINUED = " (continued)"


def paged(listing: Listing, rows: Sequence[Row], above: Sequence[tuple[str, ...]]) -> tuple[list[Row], list[Page]]:
    """Rows with the labels that are printed, and where pages start.

    Parameters
    ----------
    listing : Listing
    rows : sequence of Row
        With all labels.
    above : sequence of tuple of str
        What stands above the page of each row.
    """
    pages: list[Page] = []
    shown: list[Row] = []
    left = 0
    for start, end in _blocks(listing, rows, above):
        heights = [_height(listing, row) for row in rows[start:end]]
        new = not pages or above[start] != above[start - 1]
        if new or (sum(heights) > left and sum(heights) <= listing.lines):
            pages.append(Page(start, above[start]))
            left = listing.lines
        for place, height in zip(range(start, end), heights, strict=True):
            if height > left and pages[-1].first != place:
                pages.append(Page(place, above[place]))
                left = listing.lines
            left -= height
            first = pages[-1].first == place
            shown.append(_labelled(listing, rows, place, first, going_on=first and place > start))
    return shown, pages


def _blocks(listing: Listing, rows: Sequence[Row], above: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Rows that stay together: first, and one after the last."""
    kept = [place for place, column in enumerate(listing.columns) if column.id in listing.together]

    def key(place: int) -> tuple[object, ...]:
        return (above[place], *(rows[place].labels[column] for column in kept)) if kept else (place,)

    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or key(place) != key(start):
            yield start, place
            start = place


def _height(listing: Listing, row: Row) -> int:
    """Lines that a row takes: those of its longest cell."""
    texts = (*row.labels, *(cell.text for cell in row.cells))
    return max(
        len(textwrap.wrap(text, max(column.width - 1, 1))) or 1
        for text, column in zip(texts, listing.columns, strict=True)
    )


def _labelled(listing: Listing, rows: Sequence[Row], place: int, first: bool, going_on: bool) -> Row:
    """A row whose labels are left out while they and those before them are as in the row above on the page."""
    row, before = rows[place], rows[place - 1] if place and not first else None
    labels: list[str] = []
    same = before is not None
    for column, label in enumerate(row.labels):
        same = same and before is not None and before.labels[column] == label
        more = CONTINUED if going_on and listing.columns[column].id in listing.together else ""
        labels.append("" if same else label + more)
    counted = tuple((column, replace(cell, text=labels[column])) for column, cell in row.counted if labels[column])
    return replace(row, labels=tuple(labels), counted=counted)
