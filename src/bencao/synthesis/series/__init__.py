"""Several targets planned together: what they can share is made once."""

from bencao.synthesis.series.plan import plan_series
from bencao.synthesis.series.result import Series, SeriesMember, SeriesStep

__all__ = ["Series", "SeriesMember", "SeriesStep", "plan_series"]
