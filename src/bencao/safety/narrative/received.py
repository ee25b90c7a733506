"""A narrative put into its case (H.1), and the one that the case came with, which stays behind it."""

from __future__ import annotations

import dataclasses

from bencao.kernel.errors import InputError
from bencao.safety.case import Case, Field, Source
from bencao.safety.narrative.stated import Narration

RULE = "narrative 1"
# How the last paragraph begins, in which the narrative that came with the case stands.
INTRODUCTIONS = {"en": "The narrative received with the case reads: “", "zh": "随病例收到的叙述原文为：“"}
_LONGEST = 100_000  # characters of H.1 (E2B(R3) implementation guide)


def as_received(case: Case) -> Case:
    """The case with the narrative that it came with, without the one that was written for it here."""
    told = case.narrative.text
    if not _ours(told):
        return case
    for introduction in INTRODUCTIONS.values():
        before, found, after = told.value.partition(introduction)
        if found and (not before or before.endswith("\n\n")):
            return _with(case, Field(after.rpartition("”")[0]))
    return _with(case, Field())


def with_narrative(case: Case, narration: Narration, replace: bool = False) -> Case:
    """The case with a narrative in its field H.1, the source of which names the rule.

    Parameters
    ----------
    case : Case
    narration : Narration
        Of this case; the narrative that the case came with is its last paragraph.
    replace : bool
        Put it there although H.1 holds a narrative that was not written here.

    Raises
    ------
    InputError
        H.1 holds such a narrative, or the text is longer than the 100,000 characters that it takes.
    """
    before = case.narrative.text
    if before.value.strip() and not _ours(before) and not replace:
        mend = "replace it (--replace); it stays as the last paragraph of the new one"
        raise InputError("the case holds a narrative already", where=f"{case.identifier}: H.1", mend=mend)
    text = narration.text
    if len(text) > _LONGEST:
        raise InputError(
            f"a narrative of {len(text):,} characters", where=f"{case.identifier}: H.1", mend=f"H.1 takes {_LONGEST:,}"
        )
    return _with(case, Field(text, source=Source(rule=f"{RULE} {narration.language}")))


def _ours(told: Field) -> bool:
    return told.source is not None and told.source.rule.startswith(RULE)


def _with(case: Case, told: Field) -> Case:
    return dataclasses.replace(case, narrative=dataclasses.replace(case.narrative, text=told))
