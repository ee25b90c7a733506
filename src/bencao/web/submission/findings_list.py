"""Findings by rule on the page: what the rule asks, what to do, and where it is broken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from bencao.submission.browse import RuleGroup
from bencao.web.page.data_table import Cell, DataTable


def show_groups(
    groups: Sequence[RuleGroup], words: dict[str, str], on_leaf: Callable[[str], Awaitable[None]] | None = None
) -> None:
    """Put findings on the page.

    Parameters
    ----------
    groups : sequence of RuleGroup
    words : dict of str
    on_leaf : callable, optional
        Told the number of a leaf whose place is clicked; places are not to be clicked without it.
    """
    for group in groups:
        with ui.column().classes(f"card rule-card {group.severity} w-full gap-1").props(f"data-rule={group.rule}"):
            with ui.row().classes("items-baseline gap-2 w-full"):
                ui.label(group.rule).classes("panel-title")
                ui.label(words[f"severity {group.severity}"]).classes(f"severity {group.severity}")
                ui.label(f"× {group.count:,}").classes("hint")
            ui.label(f"{words['reading']}: {group.text}")
            ui.label(f"{words['fix']}: {group.fix}").classes("hint")
            head = [[(words[name], 1) for name in ("sequence", "where", "details")]]
            rows: list[list[Cell]] = [
                [
                    place.sequence,
                    place.where if place.leaf is None or on_leaf is None else (place.where, str(place.leaf)),
                    place.details,
                ]
                for place in group.places
            ]
            DataTable(head, rows, on_leaf).classes("place-table")
            if len(group.places) < group.count:
                said = words["first"].format(shown=len(group.places), count=f"{group.count:,}")
                ui.label(said).classes("hint")
