"""What stands around a finding, as named yes-or-no clues from which a status is weighed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from bencao.records.extraction.context.cues import STATUSES, Found
from bencao.records.extraction.lexicon import read_rows

_BREAK = re.compile(r"[,，;；:：。.!！?？\n—]")
_NUMBER_ZH = re.compile(r"[0-9]+|[一二三四五六七八九十两几数半多]+(?=[年月天日周次回岁胎个小])")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PIECE_EN = re.compile(r"[a-z']+|0|[^\sa-z0]")
_KINDS = (
    "deny",
    "unseen",
    "gone",
    "doubt",
    "refuse",
    "keep",
    "once",
    "now",
    "plan",
    "guard",
    "kin",
    "self",
    "turn",
    "told",
    "found",
)
_STATUSES = STATUSES[:-1]  # no cue says present
MARKS = len(_KINDS) + 2 * len(_STATUSES)  # kinds of words, and cues by status and by the side on which they act
# How an operation or an examination is named.
OPERATION = re.compile(
    r"术$|(?:ectomy|plasty|surgery|scopy|graphy|otomy|repair|transplant|graft|MRI|CT|scan|dialysis)$", re.IGNORECASE
)
# Marks of what comes from the cue tables or the rules: "rule" before an answer, "+" before a cue.
_FROM_TABLES = re.compile(r"[ze]?rule|operation.|[ze]?[LRPN](?:<\w+>)?\+|clause|near")


def clues(text: str, start: int, end: int, cues: Sequence[Found], told: str, chinese: bool) -> set[str]:
    """Names of the clues that hold for the finding at ``text[start:end]``.

    Words and kinds of words in its clause on either side and in the clauses beside it, marks that close the clause,
    the cues of the tables by place and side, and what the rules say.

    Parameters
    ----------
    text : str
        One sentence.
    start, end : int
        Offsets of the finding, end exclusive.
    cues : sequence of Found
        Cues of the sentence.
    told : str
        Status by the rules.
    chinese : bool
        Whether the sentence is Chinese.
    """
    left, right = _clause(text, start, end)
    tongue = "z" if chinese else "e"
    before, after = _units(text[left:start], chinese), _units(text[end:right], chinese)
    width = 40 if chinese else 80
    sides = {
        "L": before[-14:],
        "R": after[:14],
        "P": _units(text[max(0, left - width) : left], chinese),
        "N": _units(text[right : right + width // 2], chinese),
    }
    bare = f"{not before:d}{not after:d}"
    named = {f"{tongue}bias", f"{tongue}bare{bare}", f"{tongue}open{text[left - 1 : left]}", f"rule{told}"}
    named |= {f"{tongue}shut{text[right : right + 1]}{not after:d}", f"{tongue}rule{told}", f"rule{told}{bare}"}
    if OPERATION.search(text[start:end]):
        named |= {"operation", f"operation{told}"}
    named.update(_words(sides, tongue, chinese))
    named.update(_kinds(text, (left, start, end, right), told, chinese))
    named.update(_of_cues(cues, (left, start, end, right), told, tongue))
    return named


def from_tables(clue: str) -> bool:
    """Whether a clue comes from the cue tables or the rules, not from the words alone."""
    return _FROM_TABLES.match(clue) is not None


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    left = max((mark.end() for mark in _BREAK.finditer(text, 0, start)), default=0)
    mark = _BREAK.search(text, end)
    return left, mark.start() if mark else len(text)


def _units(text: str, chinese: bool) -> list[str]:
    """Characters of Chinese, words and marks of English; all numbers alike."""
    if chinese:
        return list(_NUMBER_ZH.sub("0", text.lower()).replace(" ", ""))
    return _PIECE_EN.findall(re.sub(r"\d+", "0", _YEAR.sub(" yyyy ", text.lower())))


def _words(sides: dict[str, list[str]], tongue: str, chinese: bool) -> Iterator[str]:
    joint = "" if chinese else " "
    lengths = {"L": (1, 2, 3), "R": (1, 2, 3), "P": (2, 3), "N": (2,)}
    for side, units in sides.items():
        for length in lengths[side]:
            length -= not chinese and length > 1
            for place in range(len(units) - length + 1):
                yield f"{tongue}{side}{joint.join(units[place : place + length])}"
    for length in range(1, 6 if chinese else 4):
        if len(sides["L"]) >= length:
            yield f"{tongue}L|{joint.join(sides['L'][-length:])}"
        if len(sides["R"]) >= length:
            yield f"{tongue}R|{joint.join(sides['R'][:length])}"
    yield f"{tongue}L={joint.join(sides['L'])}"
    yield f"{tongue}R={joint.join(sides['R'])}"


@cache
def _word_kinds(chinese: bool) -> list[tuple[str, re.Pattern[str]]]:
    """Kinds of words by what they say of a finding near them; wider than the cue tables."""
    return [
        (kind, re.compile(words, re.IGNORECASE))
        for language, kind, words in read_rows("word_kinds.tsv", 3)
        if language == ("zh" if chinese else "en")
    ]


@lru_cache(maxsize=64)
def _said(text: str, chinese: bool) -> list[tuple[str, int, int]]:
    """Each kind of word in a sentence with its places; kept, for a sentence has several findings."""
    return [(kind, *match.span()) for kind, words in _word_kinds(chinese) for match in words.finditer(text)]


def marks_of(text: str, cues: Iterable[Found], chinese: bool) -> Iterator[tuple[int, int, int]]:
    """Start, end and number (below `MARKS`) of each kind of word and each cue of a sentence."""
    for kind, start, end in _said(text, chinese):
        yield start, end, _KINDS.index(kind)
    for found in cues:
        number = len(_KINDS) + 2 * _STATUSES.index(found.cue.status)
        if found.cue.direction != "backward":
            yield found.start, found.end, number
        if found.cue.direction != "forward":
            yield found.start, found.end, number + 1


def _kinds(text: str, places: tuple[int, int, int, int], told: str, chinese: bool) -> Iterator[str]:
    left, start, end, right = places
    width = 40 if chinese else 80
    tongue, step = ("z", 2) if chinese else ("e", 6)
    held: dict[str, dict[str, int]] = {"L": {}, "R": {}, "P": {}, "N": {}}
    for kind, begins, ends in _said(text, chinese):
        if ends <= start:
            side, far = ("L", start - ends) if begins >= left else ("P", left - ends)
        elif begins >= end:
            side, far = ("R", begins - end) if ends <= right else ("N", begins - right)
        else:
            continue
        if far < width:
            held[side][kind] = min(far, held[side].get(kind, far))
    for side, kinds in held.items():
        for kind, far in kinds.items():
            yield f"{side}<{kind}>"
            yield f"{tongue}{side}<{kind}>"
            if side in "LR":
                yield f"{side}<{kind}>{min(far // step, 3)}"
                yield f"{side}<{kind}>+{told}"
        yield f"{side}<{','.join(kinds)}>"


def _of_cues(cues: Sequence[Found], places: tuple[int, int, int, int], told: str, tongue: str) -> Iterator[str]:
    left, start, end, right = places
    inside = set()
    for found in cues:
        ahead = found.end <= start
        side = ("L" if found.start >= left else "P") if ahead else ("R" if found.end <= right else "N")
        far = (start - found.end if ahead else found.start - end) // (1 if tongue == "z" else 4)
        kind = f"{found.cue.status}:{found.cue.direction[0]}"
        yield f"{side}+{found.cue.status}"
        yield f"{tongue}{side}+{found.cue.status}"
        yield f"{side}+{kind}"
        yield f"{side}+{kind}{0 if far == 0 else 1 if far <= 2 else 2 if far <= 6 else 3}"
        yield f"{side}+={found.cue.text}"
        if side in "LR":
            inside.add(kind)
    yield f"clause{','.join(sorted(inside))}"
    yield f"clause{','.join(sorted(inside))}{told}"
    for side, near in (
        ("L", [found for found in cues if found.end <= start][-1:]),
        ("R", [found for found in cues if found.start >= end][:1]),
    ):
        for found in near:
            yield f"near{side}{found.cue.status}:{found.cue.direction[0]}{left <= found.start and found.end <= right:d}"
