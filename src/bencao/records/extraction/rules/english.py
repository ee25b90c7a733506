"""English names: known words, and others that end as diseases, operations and drugs end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bencao.records.extraction.entity import Span
from bencao.records.extraction.lexicon import read_rows

_DISEASE_ENDS = (
    "itis|oma|omas|emia|aemia|osis|opathy|carcinoma|sarcoma|lithiasis|plegia|paresis|sclerosis|trophy|ectasis"
)
_OPERATION_ENDS = "ectomy|otomy|ostomy|plasty|pexy|rrhaphy|desis|centesis"
_DRUG_ENDS = (
    "olol|pril|sartan|statin|dipine|azole|mycin|cillin|floxacin|tinib|mab|platin|gliptin|gliflozin|glutide|cycline|ciclovir|"
    "parin|xaban|gatran|zepam|zolam|triptan|setron|tidine|dronate|asone|isone|olone|caine|barbital|oxetine|thiazide|"
    "cef\\w+|taxel|rubicin|trexate|formin|glitazone|profen|coxib|amycin|penem|fungin|virine|navir|tegravir|terol|tropium|lukast"
)
_NOT_NAMES = frozenset(
    (
        "diagnosis",
        "prognosis",
        "dosis",
        "symptoma",
        "coma",
        "aroma",
        "diploma",
        "anatomy",
        "stoma",
        "osmosis",
        "mitosis",
        "april",
    )
)
_SIDE = r"(?:(?:left|right|bilateral|upper|lower|mid|proximal|distal|anterior|posterior|lateral|medial|both)\s+)*"
_FEELINGS = (
    "pain|ache|aches|swelling|tenderness|weakness|numbness|tightness|discomfort|stiffness|cramping|redness|rash|"
    "bleeding"
)
_GRADE = (
    r"(?:(?:acute|chronic|severe|mild|moderate|recurrent|metastatic|primary|secondary|congenital|diffuse|"
    r"end[- ]stage)\s+)*"
)
_VITAL = re.compile(
    r"\b(?:temperature|temp|tmax|pulse|heart rate|hr|respiratory rate|resp|rr|blood pressure|bp|spo2|"
    r"o2 sat(?:uration)?|oxygen saturation|weight|height|bmi)(?=\s*(?:of|was|is|:|=)?\s*\d)",
    re.IGNORECASE,
)


def propose(text: str) -> Iterator[Span]:
    """Spans that may be entities, some of them overlapping."""
    for match in _VITAL.finditer(text):
        yield Span(match.start(), match.end(), "vital_sign")
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            if match.group().lower() not in _NOT_NAMES:
                yield Span(match.start(), match.end(), kind)


@cache
def _kinds() -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for word, kind in read_rows("terms_en.tsv", 2):
        kinds.setdefault(kind, []).append(word)
    return kinds


def _any(words: list[str]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda word: (-len(word), word))
    )


def _whole(pattern: str) -> re.Pattern[str]:
    # Looking for a letter first passes over Chinese quickly.
    return re.compile(rf"(?<![A-Za-z0-9])(?=[A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds = {kind: _any(words) for kind, words in _kinds().items()}
    part, method = kinds["body_part"], kinds["imaging"]
    return (
        *((kind, _whole(words)) for kind, words in sorted(kinds.items())),
        ("disease", _whole(rf"{_GRADE}(?:{kinds['disease']}|[a-z]{{3,}}(?:{_DISEASE_ENDS}))")),
        ("operation", _whole(rf"[a-z]{{3,}}(?:{_OPERATION_ENDS})")),
        ("drug", _whole(rf"[a-z]{{2,}}(?:{_DRUG_ENDS})")),
        ("symptom", _whole(rf"{_SIDE}(?:{part})\s+(?:{_FEELINGS})")),
        ("symptom", _whole(rf"pain\s+in\s+(?:the|his|her)\s+{_SIDE}(?:{part})")),
        ("body_part", _whole(rf"{_SIDE}(?:{part})")),
        (
            "imaging",
            _whole(rf"(?:{method})(?:\s+(?:scan|of\s+(?:the\s+)?{_SIDE}(?:{part})))+|{_SIDE}(?:{part})\s+(?:{method})"),
        ),
    )
