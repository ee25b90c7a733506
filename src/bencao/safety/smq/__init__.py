"""The user's MedDRA for looking across cases: levels of a reaction's code, and Standardised MedDRA Queries."""

from bencao.safety.smq.levels import Levels, Placed, read_levels, read_names
from bencao.safety.smq.query import Query, Scope, read_query

__all__ = ["Levels", "Placed", "Query", "Scope", "read_levels", "read_names", "read_query"]
