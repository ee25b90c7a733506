"""What belongs to what in a text, by plain rules of nearness: a date to its cue, a dose to its drug."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
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
# So far a cue reaches to its date.
_REACH = 200


class Places:
    """The sentences of a text, to be asked which of them a character stands in."""

    def __init__(self, sentences: Sequence[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in sentences]
        self._ends = [end for _, end in sentences]

    def sentence_at(self, place: int) -> int | None:
        """Number of the sentence, or None between two."""
        number = bisect_right(self._starts, place) - 1
        return number if number >= 0 and place < self._ends[number] else None

    def bounds(self, number: int) -> tuple[int, int]:
        """Where a sentence begins and ends."""
        return self._starts[number], self._ends[number]


class Mentions:
    """What several candidates are called in a text, to be asked which one is nearest to a place."""

    def __init__(self, candidates: Sequence[Sequence[Finding]], places: Places) -> None:
        self._count = len(candidates)
        self._places = places
        told = sorted(
            (mention.end, mention.start, number) for number, several in enumerate(candidates) for mention in several
        )
        self._ends = [end for end, _, _ in told]
        self._numbers = [number for _, _, number in told]
        self._by_sentence: dict[int | None, list[tuple[int, int, int]]] = defaultdict(list)
        for end, start, number in told:
            self._by_sentence[places.sentence_at(start)].append((start, end, number))

    def nearest(self, one: Finding) -> int | None:
        """Number of the candidate that a finding belongs to.

        The one mentioned nearest in the same sentence; else the last one mentioned before; else the only one.
        """
        near = self._by_sentence.get(self._places.sentence_at(one.start), [])
        if near:
            return min((_gap(start, end, one), start, number) for start, end, number in near)[2]
        before = bisect_right(self._ends, one.start)
        if before:
            return self._numbers[before - 1]
        return 0 if self._count == 1 else None

    def in_sentence_of(self, one: Finding) -> list[int]:
        """Numbers of the candidates that are mentioned in a finding's sentence."""
        near = self._by_sentence.get(self._places.sentence_at(one.start), [])
        return sorted({number for _, _, number in near})


def dated(one: Finding, text: str, places: Places) -> Finding:
    """A date with what it is of as the detail ``role``, where a cue stands in its sentence; all else as it is."""
    home = places.sentence_at(one.start)
    if one.kind != "date" or home is None:
        return one
    start, end = places.bounds(home)
    start, end = max(start, one.start - _REACH), min(end, one.end + _REACH)
    gaps = [
        (_gap(cue.start(), cue.end(), one), name)
        for name, pattern in _CUES.items()
        for cue in pattern.finditer(text, start, end)
    ]
    return one.with_detail(role=min(gaps)[1]) if gaps else one


def _gap(start: int, end: int, one: Finding) -> int:
    if start <= one.start:
        return max(one.start - end, 0)
    return max(start - one.end, 0) + _AFTER
