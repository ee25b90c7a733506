"""Checks of data elements against each other, as ICH's guide asks or as no true report can be otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.validation.elements.dates import is_before
from bencao.safety.validation.elements.units import YEARS
from bencao.safety.validation.report import Place, Report, section_of
from bencao.safety.validation.rule import REJECT, WARNING, Finding
from bencao.safety.validation.words import pick

OLDEST = 130.0  # years; nobody known lived longer than 122
# Later, earlier: the first may not be before the second.
ORDER = (
    ("C.1.5", "C.1.4"), ("D.7.1.r.4", "D.7.1.r.2"), ("D.8.r.5", "D.8.r.4"), ("D.9.1", "D.2.1"),
    ("D.10.7.1.r.4", "D.10.7.1.r.2"), ("D.10.8.r.5", "D.10.8.r.4"), ("E.i.5", "E.i.4"), ("E.i.4", "D.2.1"),
    ("G.k.4.r.5", "G.k.4.r.4"),
)  # fmt: skip
SAME = (("N.2.r.1", "C.1.1"), ("N.2.r.4", "C.1.2"))
_IDENTIFIER = re.compile(r"[A-Z]{2}-[^-].*-.+")


def check_consistency(report: Report, lang: str) -> Iterator[Finding]:
    """What does not go together in a report."""
    yield from _order(report, lang)
    yield from _same(report, lang)
    yield from _one_primary_source(report, lang)
    yield from _one_meddra_version(report, lang)
    yield from _age(report, lang)
    for number in ("C.1.1", "C.1.8.1"):
        for each in report.by_element.get(number, []):
            if each.value and not _IDENTIFIER.fullmatch(each.value):
                message = pick(
                    lang,
                    f"{each.value[:40]!r} is not country-organisation-number",
                    f"{each.value[:40]!r} 不是“国家-机构-编号”形式",
                )
                yield _finding(each, "form", WARNING, message, pick(lang, "write US-ACME-1234", "如 US-ACME-1234"))


def _order(report: Report, lang: str) -> Iterator[Finding]:
    for later, earlier in ORDER:
        for each in report.by_element.get(later, []):
            for other in report.at(earlier, Place(section_of(later), each.repeats)):
                if is_before(each.value, other.value):
                    message = pick(
                        lang, f"{later} {each.value} is before {earlier} {other.value}",
                        f"{later} {each.value} 早于 {earlier} {other.value}",
                    )  # fmt: skip
                    yield _finding(each, "order", WARNING, message, pick(lang, "correct one of the two", "更正其一"))


def _same(report: Report, lang: str) -> Iterator[Finding]:
    for one, other in SAME:
        value = report.value(other)
        for each in report.by_element.get(one, []):
            if value and each.value and each.value != value:
                message = pick(lang, f"{one} differs from {other} ({value})", f"{one} 与 {other}（{value}）不同")
                mend = pick(lang, f"give {one} the value of {other}", f"{one} 改为 {other} 的值")
                yield _finding(each, "same", WARNING, message, mend)


def _one_primary_source(report: Report, lang: str) -> Iterator[Finding]:
    primary = [each for each in report.by_element.get("C.2.r.5", []) if each.value == "1"]
    for each in primary[1:]:
        message = pick(lang, "more than one reporter is the primary source", "主要来源多于一个")
        yield _finding(each, "once", REJECT, message, pick(lang, "mark one reporter only", "只标记一个报告者"))


def _one_meddra_version(report: Report, lang: str) -> Iterator[Finding]:
    first = ""
    for number, there in report.by_element.items():
        if number not in MEDDRA_VERSIONS:
            continue
        for each in there:
            first = first or each.value
            if each.value and each.value != first:
                message = pick(
                    lang,
                    f"MedDRA {each.value} beside {first} in one report",
                    f"同一报告中 MedDRA {each.value} 与 {first} 并存",
                )
                mend = pick(lang, "code all of it in one version", "统一为一个版本")
                yield _finding(each, "version", REJECT, message, mend)


_VERSIONS = """
D.7.1.r.1a D.8.r.6a D.8.r.7a D.9.2.r.1a D.9.4.r.1a D.10.7.1.r.1a D.10.8.r.6a D.10.8.r.7a
E.i.2.1a F.r.2.2a G.k.7.r.2a H.3.r.1a
"""
MEDDRA_VERSIONS = frozenset(_VERSIONS.split())


def _age(report: Report, lang: str) -> Iterator[Finding]:
    for number, unit in (("D.2.2a", "D.2.2b"), ("D.10.2.2a", "D.10.2.2b")):
        for each in report.by_element.get(number, []):
            years = years_of(each.value, report.value(unit))
            if years is not None and not 0 <= years <= OLDEST:
                message = pick(lang, f"an age of {years:g} years cannot be", f"年龄 {years:g} 岁不可能")
                yield _finding(each, "plausible", REJECT, message, pick(lang, "correct age or unit", "更正年龄或单位"))


def years_of(number: str, unit: str) -> float | None:
    """An age in years, or nothing where it cannot be told."""
    try:
        return float(number) * YEARS[unit]
    except (ValueError, KeyError):
        return None


def _finding(each: Occurrence, kind: str, severity: str, message: str, mend: str) -> Finding:
    return Finding(f"ICH.{each.element}.{kind}", severity, each.element, each.repeats, message, mend)
