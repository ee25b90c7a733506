"""Whether a finding is present, negated, possible, conditional, of the past or of a relative: cues and their scopes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bencao.records.extraction.lexicon import read_rows
from bencao.records.extraction.sentences import is_chinese, sentence_around

STATUSES = ("family", "conditional", "possible", "negated", "past", "present")

# A clause that says the contrary ends what a cue before it reaches.
_TURN_ZH = re.compile(
    r"但|然而|不过|仅|只有|唯有|另有|而是|伴有|出现|可见|发现|提示|诊断|确诊|现(?!病)|予(?!以)|给予|予以|行(?!走|为|动)|转为|"
    r"\d+\s*[余多]?\s*(?:年|个?月|周|天|日|小时)前|患者|病人|(?<![没未])有(?!无)"
)
_TURN_EN = re.compile(
    r"\b(?:but|however|although|though|except|aside from|apart from|other than|yet|still|which|who|because|since|presents?|"
    r"presented|presenting|complains?|complaining|reports?|admits?|endorses?|has|have|had|is here|now|currently|shows?|showed|"
    r"reveals?|revealed|secondary to|due to|positive for|found to have|diagnosed|developed|underwent|patient|pt)\b",
    re.IGNORECASE,
)
_SELF_ZH = re.compile(r"患者|本人|病人|自己|自身")
_SELF_EN = re.compile(r"\b(?:patient|pt|he himself|she herself)\b", re.IGNORECASE)
_BREAK = re.compile(r"[,，:：]")
_YEARS_AGO_ZH = re.compile(r"(?:\d+|[一二三四五六七八九十数多]+)\s*[余多]?\s*年(?:多|余)?(?:以?前)|(?:19|20)\d\d\s*年.{0,6}曾")
_AT_CLAUSE_START = frozenset(("如", "若", "父", "母", "似"))
_BARE_CLAUSE = re.compile(r"[^\d,，:：]{1,8}$")


@dataclass(frozen=True)
class Cue:
    """One row of the cue table: how a word changes the findings near it."""

    text: str
    status: str
    direction: str
    reach: str


@dataclass(frozen=True)
class _Found:
    cue: Cue
    start: int
    end: int


def assert_entity(sentence: str, start: int, end: int) -> str:
    """Status of the finding at ``sentence[start:end]``.

    Cues act on what follows or precedes them as far as their kind reaches, until the sentence ends or turns: the method
    of NegEx and ConText (Chapman et al., J Biomed Inform 2001;34:301; Harkema et al., J Biomed Inform 2009;42:839),
    with cues and turns of our own for Chinese. Of several that hold, the first in the order of i2b2 2010 counts:
    family, conditional, possible, negated, past, present.

    Parameters
    ----------
    sentence : str
        A sentence, or a longer text of which the sentence around the finding is taken; Chinese or English.
    start, end : int
        Offsets of the finding in characters, end exclusive.

    Returns
    -------
    {"family", "conditional", "possible", "negated", "past", "present"}

    Raises
    ------
    ValueError
        Where the offsets are not a span of the text.

    Examples
    --------
    >>> assert_entity("否认高血压、糖尿病病史。", 6, 9)
    'negated'
    >>> assert_entity("Possible pneumonia, no effusion.", 9, 18)
    'possible'
    """
    if not 0 <= start < end <= len(sentence):
        raise ValueError(f"{start}:{end} is no span of a text of {len(sentence)} characters")
    left, right = sentence_around(sentence, start, end)
    text, start, end = sentence[left:right], start - left, end - left
    chinese = is_chinese(text)
    cues = [found for found in _cues(text, chinese) if found.end <= start or found.start >= end]
    statuses = {found.cue.status for found in cues if _reaches(text, found, start, end, chinese)}
    if {"negated", "possible"} <= statuses:
        statuses -= {_outer(text, cues, start, end, chinese)}
    if chinese and "present" not in statuses and _years_ago(text, start):
        statuses.add("past")
    return next((status for status in STATUSES if status in statuses), "present")


def _outer(text: str, cues: list[_Found], start: int, end: int, chinese: bool) -> str:
    """Of a negation and a doubt that both reach the finding, the one farther from it."""
    near = [
        (start - found.end if found.end <= start else found.start - end, found.cue.status)
        for found in cues
        if found.cue.status in ("negated", "possible") and _reaches(text, found, start, end, chinese)
    ]
    return "negated" if min(near)[1] == "possible" else "possible"


def _years_ago(text: str, start: int) -> bool:
    found = None
    for found in _YEARS_AGO_ZH.finditer(text, 0, start):  # noqa: B007
        pass
    return found is not None and start - found.end() <= 30 and "，现" not in text[found.end() : start]


def _cues(text: str, chinese: bool) -> list[_Found]:
    pattern, table = _compiled("zh" if chinese else "en")
    found = []
    for match in pattern.finditer(text):
        cue = table[re.sub(r"\s+", " ", match.group().lower())]
        opens = match.start() == 0 or not text[match.start() - 1].isalnum()
        if cue.status != "neutral" and (cue.text not in _AT_CLAUSE_START or opens):
            found.append(_Found(cue, match.start(), match.end()))
    return found


@cache
def _compiled(language: str) -> tuple[re.Pattern[str], dict[str, Cue]]:
    table = {row[0]: Cue(*row) for row in read_rows(f"assertion_{language}.tsv", 4)}
    longest = sorted(table, key=lambda cue: (-len(cue), cue))
    if language == "zh":
        return re.compile("|".join(map(re.escape, longest))), table
    words = "|".join(re.escape(cue).replace(r"\ ", r"\s+") for cue in longest)
    return re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", re.IGNORECASE), table


def _reaches(text: str, found: _Found, start: int, end: int, chinese: bool) -> bool:
    ahead = found.end <= start
    if found.cue.direction == ("backward" if ahead else "forward"):
        return False
    between = text[found.end : start] if ahead else text[end : found.start]
    if found.cue.reach == "adjacent":
        return len(between.strip(" \"“”()（）的性")) <= 1 and not _BREAK.search(between)
    if found.cue.reach == "phrase" and _BREAK.search(between):
        return False
    if found.cue.status == "family":
        return not (_SELF_ZH if chinese else _SELF_EN).search(between)
    if found.cue.status == "conditional" and found.cue.reach == "sentence":
        return True
    if chinese:
        return not _turns_zh(between, found, ahead)
    return not _TURN_EN.search(between)


def _turns_zh(between: str, found: _Found, ahead: bool) -> bool:
    if _TURN_ZH.search(between) and found.cue.status != "past":
        return True
    if found.cue.reach == "list" and _BREAK.search(between):
        # 无发热，咳嗽，咳痰 goes on over commas while each clause is a bare name.
        clauses = _BREAK.split(between)
        return not ahead or not all(_BARE_CLAUSE.match(clause) for clause in clauses[:-1]) or len(clauses[-1]) > 3
    return False
