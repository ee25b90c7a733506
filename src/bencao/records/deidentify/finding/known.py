"""What is known of a patient from the tables, found in a text in all its spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import permutations

from pypinyin import lazy_pinyin

from bencao.records.deidentify.finding.names.model import name_model
from bencao.records.deidentify.span import CATEGORIES, Span

_GAP = r"[\s·.*_-]{0,3}"


@dataclass(frozen=True, repr=False)
class Patient:
    """A patient as the structured tables know him; what is written here is never shown.

    Attributes
    ----------
    identifier : str
        What the shift of his dates and his surrogates are drawn from, such as his number in the hospital.
    values : tuple of (str, str)
        Category and value, such as ``("name", "…")`` or ``("phone", "…")``.
    """

    identifier: str
    values: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Patient({len(self.values)} values)"


# Names of columns -> category.
_COLUMNS = (
    ("name", r"name|姓名|患者|联系人|contact|kin|guardian|mother|father|spouse|家属|监护|医师|医生|provider|physician"),
    ("id", r"id_?card|identity|ssn|passport|身份证|证件|护照|医保|社保|insurance"),
    ("phone", r"phone|mobile|tel|电话|手机"),
    ("email", r"mail|邮箱"),
    ("address", r"address|street|住址|地址|籍贯|city|county"),
    ("date", r"birth|dob|出生"),
    ("organisation", r"employer|单位|学校|company|school"),
    ("account", r"wechat|微信|qq"),
    ("number", r"mrn|record|number|_no\b|号|person_source|source_value|bed|card"),
)


def patient_of(row: Mapping[str, str | None], identifier: str) -> Patient:
    """A patient from a row of a table: each column's kind is told by its name.

    Parameters
    ----------
    row : mapping of str to str
    identifier : str
        Name of the column that identifies the patient; its value is a known number too.

    Returns
    -------
    Patient
    """
    values = []
    for column, value in row.items():
        if not value or not value.strip():
            continue
        category = next((kind for kind, names in _COLUMNS if re.search(names, column, re.IGNORECASE)), None)
        if column == identifier:
            category = "number"
        if category:
            values.append((category, value.strip()))
    return Patient(str(row.get(identifier) or "").strip(), tuple(values))


def spellings(category: str, value: str) -> tuple[str, ...]:
    """Regular expressions of the ways in which a known value may be written.

    Parameters
    ----------
    category, value : str

    Returns
    -------
    tuple of str
    """
    return _spellings(category, value)


@cache
def _spellings(category: str, value: str) -> tuple[str, ...]:
    if category == "date":
        return ()  # a day has its own rules
    if category != "name":
        signs = [sign for sign in value if sign.isalnum()]
        if len(signs) < 4:
            return ()
        return ("(?<![0-9A-Za-z])" + r"[\s\-,，.()/]{0,2}".join(re.escape(sign) for sign in signs) + "(?![0-9A-Za-z])",)
    if re.search("[\u4e00-\u9fff]", value):
        return _han_spellings(re.sub(r"\s", "", value))
    return _latin_spellings(tuple(re.findall(r"[^\s,.]+", value)))


def _han_spellings(name: str) -> tuple[str, ...]:
    if len(name) < 2:
        return ()
    written = _GAP.join(re.escape(sign) for sign in name)
    syllables = lazy_pinyin(name)
    if any(not one.isalpha() for one in syllables) or len(name) > 4:
        return (written,)
    edge, close = "(?<![A-Za-z])", "(?![A-Za-z])"
    size = 2 if len(name) > 2 and name[:2] in name_model().compounds else 1
    family, given = r"[\s-]?".join(syllables[:size]), syllables[size:]
    joined = r"[\s'-]?".join(given)
    letters = r"[.\s-]{0,2}".join(one[0] for one in given)
    sound = [
        rf"{family}[\s,'-]{{0,2}}{joined}",
        rf"{joined}[\s,-]{{1,2}}{family}",
        rf"{family}[\s,]{{1,2}}{letters}\.?",
        rf"{letters}[.\s]{{1,2}}{family}",
    ]
    initials = [r"\.\s?".join(one[0].upper() for one in syllables) + r"\.?"]
    if len(syllables) >= 3:
        initials.append("".join(one[0].upper() for one in syllables))
    return (
        written,
        *(f"(?i:{edge}{one}{close})" for one in sound),
        *(f"{edge}{one}{close}" for one in initials),
    )


def _latin_spellings(parts: tuple[str, ...]) -> tuple[str, ...]:
    edge, close = "(?<![A-Za-z])", "(?![A-Za-z])"
    if len(parts) < 2:
        return tuple(f"(?i:{edge}{re.escape(one)}{close})" for one in parts if len(one) >= 3)
    orders = set(permutations(parts[:3], min(3, len(parts)))) | {
        (parts[0], parts[-1]),
        (parts[-1], parts[0]),
    }
    whole = [r"[\s,.]{1,3}".join(re.escape(one) for one in order) for order in sorted(orders)]
    short = [
        rf"{re.escape(parts[0][0])}\.?\s?{re.escape(parts[-1])}",
        rf"{re.escape(parts[-1])},?\s{re.escape(parts[0][0])}\.?",
    ]
    alone = [re.escape(one) for one in (parts[0], parts[-1]) if len(one) >= 4]
    initials = r"\.\s?".join(re.escape(one[0].upper()) for one in parts) + r"\."
    return (
        *(f"(?i:{edge}{one}{close})" for one in [*whole, *short]),
        *(f"{edge}{one}{close}" for one in alone),
        edge + initials + close,
    )


@lru_cache(maxsize=4096)
def _pattern(patient: Patient) -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds: dict[str, list[str]] = {}
    for category, value in patient.values:
        kinds.setdefault(category if category in CATEGORIES else "number", []).extend(spellings(category, value))
    return tuple((kind, re.compile("|".join(ways))) for kind, ways in kinds.items() if ways)


def find(text: str, patient: Patient) -> Iterator[Span]:
    """Places where a value known of the patient stands.

    Parameters
    ----------
    text : str
        In `plain` form.
    patient : Patient

    Yields
    ------
    Span
        With score 1.
    """
    for category, pattern in _pattern(patient):
        for found in pattern.finditer(text):
            yield Span(*found.span(), category, "known", 1.0)
