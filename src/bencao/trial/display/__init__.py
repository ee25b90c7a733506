"""Declared tables: computed with the records behind every cell, and rendered."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bencao.trial.display.declaration import Displays
from bencao.trial.display.table import Cell, Result, Row, Table

if TYPE_CHECKING:
    from bencao.trial.display.figure import draw_figure
    from bencao.trial.display.grid import compute_table
    from bencao.trial.display.listings.listing import compute_listing
    from bencao.trial.display.reading import read_displays

__all__ = [
    "Cell",
    "Displays",
    "Result",
    "Row",
    "Table",
    "compute_listing",
    "compute_table",
    "draw_figure",
    "read_displays",
]

_WHERE = {
    "compute_table": "grid",
    "compute_listing": "listings.listing",
    "draw_figure": "figure",
    "read_displays": "reading",
}


def __getattr__(name: str) -> Any:
    """Load what computes or reads only when it is asked for: SciPy is slow, a specification holds displays."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
