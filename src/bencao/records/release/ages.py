"""Values of ``person`` made coarser; ages over 89 are always one group."""

from __future__ import annotations

from typing import Any

from bencao.records.anonymity.generalising import ALIKE, Step
from bencao.records.release.columns import AGE, OLDEST


def coarser(column: str, value: Any, step: Step | None) -> Any:
    """A value of a column of ``person`` at a step of its ladder, see `columns.ladder_of`."""
    if step == ALIKE:
        return ALIKE if column == AGE else None
    return age_group(value, int(step or 1)) if column == AGE else value


def age_group(age: int | None, width: int) -> str | None:
    """A group of ages of a width in years, such as ``45-49``; over 89 is one group, or part of the last.

    >>> age_group(93, 1), age_group(93, 20), age_group(47, 5), age_group(47, 1)
    ('90+', '80+', '45-49', '47')
    """
    if age is None:
        return None
    start = age // width * width
    if start + width > OLDEST + 1 or start > OLDEST:
        return f"{min(start, (OLDEST + 1) // width * width)}+"
    return str(start) if width == 1 else f"{start}-{start + width - 1}"
