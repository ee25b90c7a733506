"""Two elements that go together: a number and its unit, a MedDRA code and its version."""

from __future__ import annotations

from bencao.safety.validation.condition import given
from bencao.safety.validation.report import section_of
from bencao.safety.validation.rule import Rule


def pair(first_id: str, second_id: str, first: str, second: str) -> tuple[Rule, Rule]:
    """Each must be given where the other is; the first id is that of the first one missing."""
    return needs(first_id, first, second), needs(second_id, second, first)


def needs(identifier: str, element: str, where: str) -> Rule:
    """An element must be given where another of its section is."""
    return Rule(identifier, element, given(element), given(where), section_of(element), ich=True)
