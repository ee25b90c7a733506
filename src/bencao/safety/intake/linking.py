"""What belongs to what in a text, by plain rules of nearness: a date to its cue, a dose to its drug."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bencao.safety.intake.finding import Finding

# What a date is of, by the nearest of these words.
_CUES = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "start": r"\b(?:start(?:ed|ing)?|began|begun|initiated|commenced|since|prescribed|given|received|administered"
        r"|taking|took)\b"
        r"|开始|起(?=服|用|口服)|服用|口服|给予|予(?!以)|使用|应用|静滴|静脉滴注|用药",
        "stop": r"\b(?:stopped|discontinued|withdrawn|ceased|last dose)\b|停药|停用|停服|停止",
        "onset": r"\b(?:developed|onset|occurred|experienced|appeared|noticed|presented|suffered"
        r"|(?:reaction|event) date)\b"
        r"|出现|发生|发病|突发|突然",
        "death": r"\b(?:died|death|passed away)\b|死亡|去世|病逝",
        "birth": r"\b(?:born|birth|dob)\b|出生|生日",
        "end": r"\b(?:resolved|recovered|disappeared|subsided)\b|痊愈|消失|消退|恢复正常",
        "report": r"\b(?:reported|received by|report date|reporting)\b|报告日期|填报",
    }.items()
}
# A value follows what it is of more often than it precedes it: so many characters count against what comes after.
_AFTER = 10

Places = Sequence[tuple[int, int]]


def dated(one: Finding, text: str, sentences: Places) -> Finding:
    """A date with what it is of as the detail ``role``, where a cue stands in its sentence; all else as it is."""
    home = sentence_at(one.start, sentences)
    if one.kind != "date" or home is None:
        return one
    start, end = sentences[home]
    gaps = [
        (_gap(cue.start(), cue.end(), one), name)
        for name, pattern in _CUES.items()
        for cue in pattern.finditer(text, start, end)
    ]
    return one.with_detail(role=min(gaps)[1]) if gaps else one


def nearest(one: Finding, candidates: Sequence[Sequence[Finding]], sentences: Places) -> int | None:
    """Which of the candidates, each given by its mentions, a finding belongs to.

    The one mentioned nearest in the same sentence; else the last one mentioned before; else the only one there is.
    """
    home = sentence_at(one.start, sentences)
    mentions = [(mention, number) for number, several in enumerate(candidates) for mention in several]
    near = [
        (_gap(mention.start, mention.end, one), mention.start, number)
        for mention, number in mentions
        if sentence_at(mention.start, sentences) == home
    ]
    if near:
        return min(near)[2]
    before = [(mention.end, number) for mention, number in mentions if mention.end <= one.start]
    if before:
        return max(before)[1]
    return 0 if len(candidates) == 1 else None


def sentence_at(place: int, sentences: Places) -> int | None:
    """Number of the sentence that a character stands in."""
    return next((number for number, (start, end) in enumerate(sentences) if start <= place < end), None)


def _gap(start: int, end: int, one: Finding) -> int:
    if start <= one.start:
        return max(one.start - end, 0)
    return max(start - one.end, 0) + _AFTER
