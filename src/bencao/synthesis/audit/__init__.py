"""Audit routes of any planner: read them, replay each step forwards, and say what does not hold."""

from bencao.synthesis.audit.check import Precedent, audit_routes, load_stock
from bencao.synthesis.audit.findings import (
    NO_INDEX,
    NO_PRECEDENT,
    Audit,
    AuditedLeaf,
    AuditedRoute,
    AuditedStep,
    Finding,
)
from bencao.synthesis.audit.formats import read_routes, routes_in
from bencao.synthesis.audit.retrocast import retrocast_candidates, write_retrocast
from bencao.synthesis.audit.tree import Molecule, RouteTree, Step, UnknownFormat, UnreadableRoute

__all__ = [
    "NO_INDEX",
    "NO_PRECEDENT",
    "Audit",
    "AuditedLeaf",
    "AuditedRoute",
    "AuditedStep",
    "Finding",
    "Molecule",
    "Precedent",
    "RouteTree",
    "Step",
    "UnknownFormat",
    "UnreadableRoute",
    "audit_routes",
    "load_stock",
    "read_routes",
    "retrocast_candidates",
    "routes_in",
    "write_retrocast",
]
