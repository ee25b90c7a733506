"""What is said of entities: doses, routes, frequencies, durations, values with units, and flags."""

from __future__ import annotations

import re

from bencao.records.extraction.entity import Span

_NUMBER = r"\d+(?:[.,]\d+)*(?:\s*[-~～×xX/]\s*\d+(?:\.\d+)*)?"
_MASS = r"mg|ug|μg|µg|mcg|ng|kg|g|ml|mL|ML|L|IU|iu|U|mmol|mEq|meq|毫克|微克|克|毫升|升|万单位|万U|单位|units?"
_FORMS = r"片|粒|支|丸|袋|滴|喷|瓶|贴|枚|包|tablets?|tabs?|capsules?|caps?|puffs?|drops?|patch(?:es)?"
_UNITS = (
    r"\s*[*×xX]?\s*10\s*(?:\^?\s*\d{1,2})\s*/\s*[Ll]|mmol/[Ll]|[μuµn]mol/[Ll]|pmol/[Ll]|g/[dDlL][lL]?|mg/[dDlL][lL]?|"
    r"[μuµn]g/m?[lL]|pg/m?[lL]|mcg/dL|m?I?U/m?[lL]|"
    r"K/uL|/uL|mm/h|mEq/L|mmHg|cmH2O|次/分(?:钟)?|bpm|fl|fL|pg|sec|s|秒|%|℃|°C|°F|kPa|kg|cm|g|ng/dL|kg/m2"
)
_FLAGS = (
    r"↑+|↓+|偏高|偏低|升高|增高|降低|下降|正常|阳性|阴性|[(（][+＋\-－±]+[)）]|\b(?:elevated|high|low|normal|positive|negative|"
    r"decreased|increased|within normal limits)\b"
)
_PATTERNS = (
    (
        "dose",
        rf"{_NUMBER}\s*(?:{_MASS})(?:\s*/\s*(?:m2|m²|kg|d|日|天|次|day|dose))?(?![A-Za-z/])|"
        rf"{_NUMBER}\s*(?:{_FORMS})(?![A-Za-z])|"
        r"[一二两半]\s*(?:片|粒|支|丸|袋|滴|喷)",
    ),
    (
        "route",
        r"口服|静脉滴注|静脉注射|静脉推注|静滴|静推|静注|肌肉注射|肌注|皮下注射|皮下|舌下含服|含服|外用|外敷|雾化吸入|雾化|吸入|鼻饲|"
        r"直肠给药|滴眼|泵入|鞘内注射|(?<![A-Za-z])(?:ivgtt|i\.?v\.?(?:gtt)?|p\.?o\.?|i\.?m\.?|s\.?c\.?|sl|pr|subq|"
        r"subcutaneous(?:ly)?|oral(?:ly)?|by mouth|intravenous(?:ly)?|intramuscular(?:ly)?|"
        r"topical(?:ly)?|inhaled|sublingual(?:ly)?|nebulized|per rectum)(?![A-Za-z])",
    ),
    (
        "frequency",
        r"(?:每日|每天|一日|每晚|每周|日|每月)\s*[\d一二两三四]+(?:-\d)?\s*次|"
        r"每\s*\d+\s*(?:小时|h|天|日|周)\s*(?:[\d一二]+\s*次)?|\d+\s*次\s*/\s*(?:日|天|d|周)|"
        r"每晚(?:睡前)?|睡前|每日(?!\d)|(?<![A-Za-z])(?:qd|bid|tid|qid|qn|qod|qhs|q\.d\.|b\.i\.d\.|t\.i\.d\.|q\d{1,2}h|q\d?w|"
        r"qam|qpm|prn|p\.r\.n\.|daily|once daily|twice daily|twice a day|three times (?:daily|a day)|once a day|"
        r"every \d+ hours?|every day|weekly|nightly|at bedtime|as needed|every other day|st)(?![A-Za-z])|"
        r"\bd\d+\s*(?:[-~,、]\s*d?\d+)*",
    ),
    (
        "duration",
        r"(?:共|连用|持续|连续|疗程)\s*[\d一二两三四五六七八九十]+\s*(?:天|日|周|个?月|年)|"
        r"\bfor\s+\d+\s+(?:days?|weeks?|months?|years?)\b|"
        r"[×xX]\s*\d+\s*(?:d|天|日|days?)\b|\d+\s*个?(?:周期|疗程|cycles?)",
    ),
    ("flag", _FLAGS),
    (
        "value",
        rf"[<>≤≥]?\s*\d+(?:\.\d+)?\s*[*×xX]\s*10\s*\^?\s*\d*\s*/\s*[Ll]|"
        rf"[<>≤≥]?\s*{_NUMBER}(?:\s*(?:{_UNITS}))?(?![A-Za-z\d])",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)


def find_attributes(text: str) -> list[Span]:
    """Spans of attributes in a text, in order; a value may overlap a dose, since only its entity says which it is."""
    found: list[Span] = []
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append(Span(start, match.end(), kind))
    return sorted(found)
