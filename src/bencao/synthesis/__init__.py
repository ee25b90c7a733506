"""Routes to make a molecule: plan, expand, batch, and train on one's own reactions."""

from bencao.synthesis.chemistry.molecule import Target, TargetError, read_target, read_targets
from bencao.synthesis.constraints import Constraints
from bencao.synthesis.page import render_plan, route_svg, write_plan
from bencao.synthesis.planner import BatchResult, BatchRow, batch, expand, load_tools, plan
from bencao.synthesis.proposer import TemplateProposer, load_proposer
from bencao.synthesis.route import ConstraintOutcome, ForwardVerdict, Plan, Proposal, Route, RouteNode, StockEntry
from bencao.synthesis.seams import Proposer
from bencao.synthesis.search import Limits
from bencao.synthesis.stock import Stock

__all__ = [
    "BatchResult",
    "BatchRow",
    "ConstraintOutcome",
    "Constraints",
    "ForwardVerdict",
    "Limits",
    "Plan",
    "Proposal",
    "Proposer",
    "Route",
    "RouteNode",
    "Stock",
    "StockEntry",
    "Target",
    "TargetError",
    "TemplateProposer",
    "batch",
    "expand",
    "load_proposer",
    "load_tools",
    "plan",
    "read_target",
    "read_targets",
    "render_plan",
    "route_svg",
    "write_plan",
]
