"""Best-first search for synthesis routes in an AND-OR graph of molecules and reactions."""

from bencao.synthesis.search.best_first import Limits, Progress, search
from bencao.synthesis.search.estimate import size_estimate

__all__ = ["Limits", "Progress", "search", "size_estimate"]
