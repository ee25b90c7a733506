"""The line below a long table: which rows are shown, and the pages before and after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui


def show_pager(
    said: str,
    shown: tuple[int, int, int],
    turn: Callable[[int], Awaitable[None]],
    words: dict[str, str],
    parts: tuple[str, str],
) -> None:
    """Show which rows are shown, and how to turn.

    Parameters
    ----------
    said : str
        With the places first, last and total.
    shown : (int, int, int)
        Place of the first row, from 0; one past the last; how many there are.
    turn : callable
        Told how many pages to go, back where below 0.
    words : dict of str
        With previous and next.
    parts : (str, str)
        What tests call the text, and the button to the next page.
    """
    first, last, total = shown
    with ui.row().classes("items-center gap-2"):
        ui.button(icon="chevron_left", on_click=lambda: turn(-1)).props(
            f"flat dense aria-label='{words['previous']}'"
        ).set_enabled(first > 0)
        told = said.format(first=first + 1, last=last, total=f"{total:,}")
        ui.label(told).classes("hint").props(f"data-part={parts[0]}")
        ui.button(icon="chevron_right", on_click=lambda: turn(1)).props(
            f"flat dense aria-label='{words['next']}' data-part={parts[1]}"
        ).set_enabled(last < total)
