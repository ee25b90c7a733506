"""Numbers, units and dates of a pair, by value."""

from __future__ import annotations

import re

from bencao.submission.quality.finding import Finding, Language
from bencao.submission.quantity import Difference, Quantity, compare, read_chinese, read_english

READERS = {"en": read_english, "zh": read_chinese}


def check_numbers(source: str, target: str, source_language: Language, target_language: Language) -> list[Finding]:
    """Numbers that one side lacks, and units that differ."""
    left, right = READERS[source_language](source), READERS[target_language](target)
    if not left and not right:
        return []
    bare = _bare_code(left, source, right, target)
    if bare:
        return [bare]
    low_source, low_target = source.lower(), target.lower()

    def on_both_sides(letters: str) -> bool:
        return letters.lower() in low_source and letters.lower() in low_target

    return [_finding(difference, source, target) for difference in compare(left, right, on_both_sides)]


def _bare_code(left: list[Quantity], source: str, right: list[Quantity], target: str) -> Finding | None:
    """A code that lost its digits: ``COVID-`` of COVID-19, ``ACE`` of ACE2."""
    for quantities, text, others, rule in ((left, target, source, "missing"), (right, source, target, "added")):
        for letters in {quantity.code for quantity in quantities if quantity.code}:
            bare = re.compile(
                rf"(?<![A-Za-z\u0370-\u03ff]){re.escape(letters)}(?![A-Za-z0-9\u0370-\u03ff]|[-‐‑–]\w|\s?\d)"
            )
            if bare.search(text) and not (bare.search(others) or f"{letters}s" in others):  # CoVs
                code = next(quantity for quantity in quantities if quantity.code == letters)
                whole = f"{letters}{code.text}"
                return Finding("number", rule, *((whole, "") if rule == "missing" else ("", whole)))
    return None


def _finding(difference: Difference, source: str, target: str) -> Finding:
    one, two = difference.source, difference.target
    said = _said(source, one), _said(target, two)
    if difference.kind == "unit":
        return Finding("unit", "unit", *said)
    dated = any(quantity is not None and quantity.unit == "month of the year" for quantity in (one, two))
    return Finding("date" if dated else "number", difference.kind, *said)


def _said(text: str, quantity: Quantity | None) -> str:
    """The number as it stands, with what may be its unit."""
    if quantity is None:
        return ""
    return text[quantity.start : quantity.end + (6 if quantity.unit else 0)].rstrip(" ,.，。、；;)）(（")
