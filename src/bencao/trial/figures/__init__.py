"""Figures of a trial as SVG drawings: survival, forest, box, waterfall and swimmer plots."""

from bencao.kernel.forest import ForestRow, forest_plot
from bencao.trial.figures.box import box_plot
from bencao.trial.figures.survival import survival_plot
from bencao.trial.figures.swimmer import swimmer_plot
from bencao.trial.figures.waterfall import waterfall_plot

__all__ = ["ForestRow", "box_plot", "forest_plot", "survival_plot", "swimmer_plot", "waterfall_plot"]
