"""Conditions: reagents, catalysts and solvents for a step, as like steps were reported."""

from bencao.synthesis.conditions.model import (
    CONDITIONS_NAME,
    SHIPPED_CONDITIONS,
    ConditionModel,
    load_conditions,
)

__all__ = ["CONDITIONS_NAME", "SHIPPED_CONDITIONS", "ConditionModel", "load_conditions"]
