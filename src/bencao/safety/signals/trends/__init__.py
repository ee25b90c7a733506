"""Drug-event pairs over time: measures by period, a sequential test, and where reporting changed."""

from bencao.kernel.maxsprt import chance_of_signal, critical_value, poisson_log_likelihood_ratio
from bencao.safety.signals.trends.change import Change, change_point
from bencao.safety.signals.trends.following import Trends, follow
from bencao.safety.signals.trends.periods import COUNTED, count_periods, dated, read_periods

__all__ = [
    "COUNTED",
    "Change",
    "Trends",
    "chance_of_signal",
    "change_point",
    "count_periods",
    "critical_value",
    "dated",
    "follow",
    "poisson_log_likelihood_ratio",
    "read_periods",
]
