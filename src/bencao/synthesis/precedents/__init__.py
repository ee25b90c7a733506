"""Precedents: has a step like this been reported?"""

from bencao.synthesis.precedents.index import (
    INDEX_NAME,
    LEAST_SIMILARITY,
    SHIPPED_INDEX,
    PrecedentIndex,
    load_precedents,
)

__all__ = ["INDEX_NAME", "LEAST_SIMILARITY", "SHIPPED_INDEX", "PrecedentIndex", "load_precedents"]
