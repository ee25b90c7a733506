"""What a user may ask of routes, and what no route is planned to."""

from bencao.synthesis.constraints.proposer import ConstrainedProposer, ConstrainedStock, HeldBonds
from bencao.synthesis.constraints.safety import ExplosiveTarget, ScheduledTarget, fit_for_route, flags, refuse_target
from bencao.synthesis.constraints.search import constrained_search, molecule_warnings
from bencao.synthesis.constraints.settings import ConstraintError, Constraints, read_bond

__all__ = [
    "ConstrainedProposer",
    "ConstrainedStock",
    "ConstraintError",
    "Constraints",
    "ExplosiveTarget",
    "HeldBonds",
    "ScheduledTarget",
    "constrained_search",
    "fit_for_route",
    "flags",
    "molecule_warnings",
    "read_bond",
    "refuse_target",
]
