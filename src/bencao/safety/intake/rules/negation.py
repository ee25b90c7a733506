"""What a sentence denies, and whom it is about: cues and how far they reach.

The idea is NegEx's (Chapman et al. 2001, doi:10.1006/jbin.2001.1029); in Chinese the reach goes on over lists."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.resources import files

import yaml

_SIGN_END = re.compile(r"[.。;；!！?？\n]")
# A comma ends the reach where no list goes on after it.
_ENGLISH_END = re.compile(r", (?!(?:or|nor)\b|(?:[\w'-]+ ?){1,3}(?:,|\bor\b|\band\b|$))", re.IGNORECASE)
_CHINESE_END = re.compile(r"(?:，|,(?=\s*[\u3400-\u9fff]))(?!\s*(?:无|未|否认|也|亦|且无))")
_PART_END = re.compile(r"[,，.。;；\n]|\b(?:and|but)\b", re.IGNORECASE)
_REACH = 120
_REACH_BACK = 30
# What decides whether a comma goes on with a list.
_LOOK_AHEAD = 60


@functools.cache
def _cues(name: str) -> re.Pattern[str]:
    told = yaml.safe_load(files(__package__).joinpath("cues.yaml").read_text(encoding="utf-8"))[name]
    english = "|".join(told["en"]).replace(" ", r"\s")
    return re.compile(rf"\b(?:{english})\b|{'|'.join(told['zh'])}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Denials:
    """Stretches of a sentence that are denied."""

    stretches: tuple[tuple[int, int], ...]

    def covers(self, start: int, end: int) -> bool:
        """Whether a place is denied."""
        return any(left <= start and end <= right for left, right in self.stretches)


def denials_of(sentence: str) -> Denials:
    """Stretches of a sentence that it denies.

    Examples
    --------
    >>> text = "患者否认发热、咳嗽，出现皮疹。"
    >>> found = denials_of(text)
    >>> [found.covers(text.index(word), text.index(word) + 2) for word in ("发热", "咳嗽", "皮疹")]
    [True, True, False]
    """
    doubts = [match.span() for match in _cues("doubts").finditer(sentence)]

    def holds(cue: re.Match[str]) -> bool:
        return not any(start < cue.end() and cue.start() < end for start, end in doubts)

    after = [(cue.end(), _stop(sentence, cue.end())) for cue in _cues("denies_after").finditer(sentence) if holds(cue)]
    before = [
        (_begin(sentence, cue.start()), cue.start()) for cue in _cues("denies_before").finditer(sentence) if holds(cue)
    ]
    return Denials((*after, *before))


def about_of(sentence: str) -> str:
    """Whom a sentence is about: ``patient``, ``family`` or ``other``."""
    if _cues("family").search(sentence):
        return "family"
    return "other" if _cues("others").search(sentence) else "patient"


def _stop(sentence: str, start: int) -> int:
    ends = [min(len(sentence), start + _REACH)]
    for pattern in (_SIGN_END, _cues("turns"), _ENGLISH_END, _CHINESE_END):
        match = pattern.search(sentence, start, ends[0] + _LOOK_AHEAD)
        if match:
            ends.append(match.start())
    return min(ends)


def _begin(sentence: str, end: int) -> int:
    """Where the reach of a cue that stands after what it denies begins."""
    begin = max(0, end - _REACH_BACK)
    stops = [match.end() for match in _PART_END.finditer(sentence, begin, end)]
    return stops[-1] if stops else begin
