"""Cues of a sentence and how far each acts: what the rules say of a finding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from bencao.records.extraction.lexicon import read_rows

STATUSES = ("family", "conditional", "possible", "negated", "past", "present")

# A clause that says the contrary ends what a cue before it reaches.
_TURN_ZH = re.compile(
    r"但|然而|不过|仅|只有|只是|唯有|另有|另见|而是|倒是|反而|实[为系属]|伴|可[闻触扪探]?及|出现|(?<!未)可?见(?!异)|发现|提示|确诊|诊断为|现(?!病)|予(?!以)|给予|予以|行(?!走|为|动)|转为|"
    r"\d+\s*[余多]?\s*(?:年|个?月|周|天|日|小时)(?:余|多)?前|患者|病人|本人|自己|(?<![没未])有(?!无)|目前|本次|此次|遂|今日?"
)
_TURN_EN = re.compile(
    r"\b(?:but|however|although|though|except|aside from|apart from|other than|yet|which|who|because|since|presents?|"
    r"presented|presenting|complains?|complaining|reports?|admits?|endorses?|has|have|had|is here|now|currently|shows?|"
    r"showed|reveals?|revealed|secondary to|due to|positive for|found to have|diagnosed|developed|develops|underwent|"
    r"patient|pt|continued|persists?|persisted|remains?|worsened|continues|today|he|she)\b|;",
    re.IGNORECASE,
)
_NOW_ZH = re.compile(
    r"突发|突然|急起|无(?:明显)?诱因|开始|始感|逐渐|(?:\d+|[一二三四五六七八九十数半]+)\s*[余多]?(?:天|日|小时|周|个?月)(?:余|多)?前|"
    r"本次|此次|目前|(?<![发出呈表])现(?!病史)|今|近[日期来]|入院|再发|因[^史]{0,8}(?:入院|就诊|来诊)"
)
_NOW_EN = re.compile(
    r"\b(?:now|currently|today|presents?|presenting|presented|who|here|admitted|complains?|with new|but)\b|;",
    re.IGNORECASE,
)
_SELF_ZH = re.compile(
    r"我院|外院|入院|送入|送至|急诊|血常规|喂|拨打|患者|(?<![其他她的])孩子(?![的父母])|本人|病人|自己|自身|患儿(?!母|父)|目前|现(?!病史)|本次|此次"
)
_SELF_EN = re.compile(r"\b(?:patient(?!'s)|pt|himself|herself|he|she|i|now|but)\b", re.IGNORECASE)
_BREAK = re.compile(r"[,，:：]|\s\d{1,2}[.、)）]")
# What is said only of what is there: a duration, a count, a course.
_LASTING_ZH = re.compile(
    r"[^,，。;；、]{0,6}?(?:明显|加重|加剧|持续|反复|频繁|剧烈|较前|为主|时有|减轻|好转|缓解|仍|尚在|依旧|\d+\s*次)|"
    r"[^,，。;；、]{0,4}?(?:\d+|[数半一二三四五六七八九十]+)\s*[余多]?\s*个?(?:年|月|周|天|日|小时)"
)
_YEARS_AGO_ZH = re.compile(
    r"(?:\d+|[一二三四五六七八九十数多几廿]+|若干)\s*[余多几]?\s*年(?:多|余)?(?:以?前)|"
    r"(?:19|20)\d\d\s*年(?!\s*\d)|(?:前年|去年|大前年)"
)
_YEARS_EN = re.compile(r"\b(?:in|since)\s+(?:19|20)\d\d\b", re.IGNORECASE)
# What may stand between a cue and the names it acts on.
_LEAD_ZH = re.compile(
    r"(?:其|曾|有|患有?|过|(?:发|起|患)?病前|入院前|存在|明显|明确|任何|出现|发现|见|再|可疑|既往|家族|家属|患者|伴|合并|行|[:：\s])*"
)
_LEAD_EN = re.compile(
    r"\s*(?:(?:known|prior|previous|past|personal|family|significant|any|having|had|has|have|history of|hx of|"
    r"evidence of|of|for|new|recent|active|acute|ever|a|an|the|current|further|more|other|such|been|he|she|patient|"
    r"pt|that|reports?|developing|develops)\s+)*",
    re.IGNORECASE,
)
_AT_CLAUSE_START = frozenset(
    ("父", "母", "似", "哥", "弟", "姐", "妹", "爸", "妈", "姨", "姑", "防", "拟", "旧", "遇", "凡", "恐", "倘", "疑")
)
_BEGINS_ANEW = re.compile(r"反复|阵发|持续|间断|间歇|突发|突然|明显|轻度|中度|重度|时有|偶有|偶|常|自觉|感")
_BARE_CLAUSE = re.compile(r"(?!.*(?:[差可好佳]|欠佳|正常|一般|稳定|清楚?|如常)$)[^\d,，:：]{1,8}$")
_OPERATED = re.compile(r"(?:[^,，。；;后]{0,10}术|(?<=术))后(?!可能|可|如|若|会|应|需|注意|警惕|出现)")
# 发热：无；腹水未见；压痛(+)。
_ANSWERED_ZH = re.compile(
    r"[史征]?\s*(?:[(（](?:(?P<minus>[-－—])|[+＋±]{1,4})[)）]|(?:[:：]\s*)(?:(?P<no>无|否|未见|没有|阴性|[(（]?[-－—][)）]?)|有|是|阳性|[(（][+＋][)）])|"
    r"(?:[、及和与或][^,，。；;:：、]{1,8}){0,5}?(?P<also>[均皆也亦都尚已并仍]?(?:未见|未及|未闻及|未触及|未扪及|未查见|未发现|未引出|未探及|没有|无|未有|不存在|未诉|未发生|(?:未曾|从未)(?:诊断|患|有|发生|出现)过?)))"
    r"(?=[,，。；;!！、]|$)"
)
# Sepsis was considered but has since been ruled out.
_DROPPED_EN = re.compile(
    r"\s+(?:was|were|had been)\s+(?:\w+\s+)?(?:considered|suspected|queried|entertained|thought of)\b[^.;?]{0,40}?\b"
    r"(?:but|then|however|and)\b[^.;?]{0,40}?\b(?<!not )(?<!not been )"
    r"(?:excluded|ruled (?:it )?out|refuted|disproved|discounted)\b",
    re.IGNORECASE,
)
_SUCH_AS = re.compile(r"[^,，。；;有现]{1,10}等")
# "Awaits examination" says of a symptom that its cause is not known; the symptom is there.
_CAUSE_UNKNOWN = frozenset(("待查",))


@dataclass(frozen=True)
class Cue:
    """One row of the cue table: how a word changes the findings near it."""

    text: str
    status: str
    direction: str
    reach: str


@dataclass(frozen=True)
class Found:
    """A cue where it stands in a sentence."""

    cue: Cue
    start: int
    end: int


def status_by_cues(text: str, start: int, end: int, cues: list[Found], chinese: bool) -> str:
    """What the cues of a sentence make of the finding at ``text[start:end]``.

    Cues act on what follows or precedes them as far as their kind reaches, until the sentence ends or turns, the method
    of NegEx and ConText (Chapman et al., J Biomed Inform 2001;34:301; Harkema et al., J Biomed Inform 2009;42:839),
    with cues and turns of our own for Chinese. Of several that hold, the first of `STATUSES` counts.
    """
    if chinese and (answer := _ANSWERED_ZH.match(text, end)):
        return "negated" if answer["no"] or answer["also"] or answer["minus"] else "present"
    if not chinese and _DROPPED_EN.match(text, end):
        return "negated"
    reaching = [found for found in cues if _reaches(text, found, cues, start, end, chinese)]
    statuses = {found.cue.status for found in reaching}
    if {"negated", "possible"} <= statuses:
        statuses.discard(_outer(reaching, start, end))
    if _is_past(text, start, end, chinese):
        statuses.add("past")
    return next((status for status in STATUSES if status in statuses), "present")


def _outer(reaching: list[Found], start: int, end: int) -> str:
    """Of a negation and a doubt that both reach the finding, the one farther from it."""
    near = [
        (start - found.end if found.end <= start else found.start - end, found.cue.status)
        for found in reaching
        if found.cue.status in ("negated", "possible")
    ]
    return "negated" if min(near)[1] == "possible" else "possible"


def _is_past(text: str, start: int, end: int, chinese: bool) -> bool:
    """Whether years lie between: 3年前, 2015年, in 2015; or it is what an operation was done for (胃癌术后)."""
    if not chinese:
        return any(
            start - found.end() <= 60 and not _NOW_EN.search(text[found.end() : start])
            for found in _YEARS_EN.finditer(text, 0, start)
        ) or (
            (after := _YEARS_EN.search(text, end, end + 40)) is not None
            and not _BREAK.search(text[end : after.start()])
        )
    if _OPERATED.match(text, end):
        return True
    found = list(_YEARS_AGO_ZH.finditer(text, 0, start))
    return bool(found) and start - found[-1].end() <= 30 and not _NOW_ZH.search(text[found[-1].end() : start])


def cues_about(text: str, start: int, end: int, chinese: bool) -> list[Found]:
    """Cues before and behind the finding at ``text[start:end]`` of a sentence."""
    if not chinese:
        return [*_cues_within(text, 0, start, chinese), *_cues_within(text, end, len(text), chinese)]
    # Chinese cues are plain words: those of the whole sentence hold but where one crosses an end of the finding.
    matches = _matches(text, chinese)
    before = [match for match in matches if match[1] <= start]
    at = next((match[0] for match in matches if match[0] < start < match[1]), start)
    ahead = [*_cues_of(text, before, chinese), *_cues_within(text, at, start, chinese)]
    if any(match[0] < end < match[1] for match in matches):
        return [*ahead, *_cues_within(text, end, len(text), chinese)]
    return [*ahead, *_cues_of(text, [match for match in matches if match[0] >= end], chinese)]


def cues_of_sentence(text: str, chinese: bool) -> list[Found]:
    """All cues of a sentence, in order."""
    return _cues_of(text, _matches(text, chinese), chinese)


@lru_cache(maxsize=64)
def _matches(text: str, chinese: bool) -> list[tuple[int, int]]:
    """Where words of the table stand in a sentence; kept, for a sentence has several findings."""
    return [match.span() for match in _compiled("zh" if chinese else "en")[0].finditer(text)]


def _cues_within(text: str, first: int, last: int, chinese: bool) -> list[Found]:
    pattern, _ = _compiled("zh" if chinese else "en")
    return _cues_of(text, [match.span() for match in pattern.finditer(text, first, last)], chinese)


def _cues_of(text: str, spans: list[tuple[int, int]], chinese: bool) -> list[Found]:
    table, found = _compiled("zh" if chinese else "en")[1], []
    for start, end in spans:
        cue = table[re.sub(r"\s+", " ", text[start:end].lower())]
        opens = start == 0 or not text[start - 1].isalnum()
        if cue.status != "neutral" and (opens or cue.text not in _AT_CLAUSE_START):
            found.append(Found(cue, start, end))
    return found


@cache
def _compiled(language: str) -> tuple[re.Pattern[str], dict[str, Cue]]:
    table = {row[0].lower(): Cue(*row) for row in read_rows(f"assertion_{language}.tsv", 4)}
    longest = sorted(table, key=lambda cue: (-len(cue), cue))
    if language == "zh":
        return re.compile(_by_first(longest), re.IGNORECASE), table
    words = "|".join(re.escape(cue).replace(r"\ ", r"\s+") for cue in longest)
    return re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])|\?", re.IGNORECASE), table


def _by_first(cues: list[str]) -> str:
    """One pattern of many words; branching by their first character is an order faster than a list of them."""
    branches: dict[str, list[str]] = {}
    for cue in cues:
        branches.setdefault(cue[0], []).append(re.escape(cue[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in sorted(branches.items()))


def _reaches(text: str, found: Found, cues: list[Found], start: int, end: int, chinese: bool) -> bool:
    cue, ahead = found.cue, found.end <= start
    if cue.direction == ("backward" if ahead else "forward"):
        return False
    between = text[found.end : start] if ahead else text[end : found.start]
    if cue.text == "如" and _SUCH_AS.match(text, found.end):
        return False
    if cue.text in _CAUSE_UNKNOWN and _is_symptom(text[start:end]):
        return False
    if cue.reach == "adjacent":
        return len(between.strip(' "“”()（）的性')) <= 1 and not _BREAK.search(between)
    if cue.reach == "near" and len(between) > (4 if chinese else 20):
        return False
    if ahead:
        lead = (_LEAD_ZH if chinese else _LEAD_EN).match(between)
        between = between[lead.end() :] if lead else between
    if cue.reach in ("phrase", "near") and _BREAK.search(between):
        return False
    if cue.status == "family":
        return not (_SELF_ZH if chinese else _SELF_EN).search(between) and not _begins_another(
            between, found, cues, start
        )
    if cue.status == "conditional" and cue.reach in ("sentence", "phrase"):
        return True
    if _interrupted(text, found, cues, start - len(between) if ahead else end, start if ahead else found.start):
        return False
    if cue.status == "past":
        now = _NOW_ZH if chinese else _NOW_EN
        return not now.search(between) and not (chinese and ahead and cue.reach == "list" and _BREAK.search(between))
    if not chinese:
        return not _TURN_EN.search(between)
    return not _TURN_ZH.search(between) and not _leaves_list(text, found, between, ahead, end)


def _begins_another(between: str, found: Found, cues: list[Found], start: int) -> bool:
    """Whether the clause of the finding opens with a doubt, a denial or a condition: it is the patient's again."""
    breaks = list(_BREAK.finditer(between))
    if not breaks or found.end > start:
        return False
    opens = start - len(between) + breaks[-1].end()
    return any(
        other.start == opens
        and other.cue.status in ("negated", "possible", "conditional")
        and other.cue.direction != "backward"
        for other in cues
    )


def _is_symptom(name: str) -> bool:
    return any(name == row[0] and row[1] == "symptom" for row in read_rows("terms_zh.tsv", 2))


def _interrupted(text: str, found: Found, cues: list[Found], left: int, right: int) -> bool:
    """Whether a cue of another kind that acts forwards stands between: what follows it is no longer this cue's."""
    return any(
        left <= other.start
        and other.end <= right
        and other.cue.direction != "backward"
        and other.cue.status != found.cue.status
        for other in cues
        if other.cue.status != "past" or found.cue.status != "negated" or _BREAK.search(text[left : other.start])
    )


def _leaves_list(text: str, found: Found, between: str, ahead: bool, end: int) -> bool:
    """Whether a comma ends what the cue reaches: 无发热，咳嗽，咳痰 goes on while each clause is a bare name."""
    if not _BREAK.search(between):
        return False
    if not ahead or found.cue.status == "possible":
        return True
    if _LASTING_ZH.match(text, end):
        return True
    clauses = _BREAK.split(between)
    if _BEGINS_ANEW.search(clauses[-1]):
        return True
    return not all(_BARE_CLAUSE.match(clause) for clause in clauses[:-1]) or len(clauses[-1]) > 3
