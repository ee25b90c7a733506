"""Declared tables: computed with the records behind every cell, and rendered."""

from typing import TYPE_CHECKING, Any

from bencao.trial.display.declaration import Displays, read_displays
from bencao.trial.display.table import Cell, Result, Row, Table

if TYPE_CHECKING:
    from bencao.trial.display.figure import draw_figure
    from bencao.trial.display.grid import compute_table

__all__ = ["Cell", "Displays", "Result", "Row", "Table", "compute_table", "draw_figure", "read_displays"]


def __getattr__(name: str) -> Any:
    """Load what computes only when it is asked for: SciPy's statistics take a second."""
    if name == "compute_table":
        from bencao.trial.display.grid import compute_table

        return compute_table
    if name == "draw_figure":
        from bencao.trial.display.figure import draw_figure

        return draw_figure
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
