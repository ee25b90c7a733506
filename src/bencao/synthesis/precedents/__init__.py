"""Precedents: has a step like this been reported?"""

from bencao.synthesis.precedents.index import LEAST_SIMILARITY, SHIPPED_INDEX, PrecedentIndex, load_precedents

__all__ = ["LEAST_SIMILARITY", "SHIPPED_INDEX", "PrecedentIndex", "load_precedents"]
