"""Declared tables: computed with the records behind every cell, and rendered."""

from bencao.trial.display.declaration import Displays, read_displays
from bencao.trial.display.figure import draw_figure
from bencao.trial.display.grid import compute_table
from bencao.trial.display.table import Cell, Result, Row, Table

__all__ = ["Cell", "Displays", "Result", "Row", "Table", "compute_table", "draw_figure", "read_displays"]
