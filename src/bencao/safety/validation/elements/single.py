"""Checks of every data element by itself: required, length, codes, null flavours, numbers, dates, units, systems."""

# What each may hold comes from the element table (ICH E2B(R3) implementation guide with FDA's regional elements); a
# user's table of another region is judged in the same way.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.e2b.elements import Element
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.tables import read_rows
from bencao.safety.validation.elements.countries import CODES
from bencao.safety.validation.elements.dates import PRECISION, YEAR, digits, is_future
from bencao.safety.validation.elements.units import FREE_UNITS, UNITS, unit_is_known
from bencao.safety.validation.report import Place, Report, section_of
from bencao.safety.validation.rule import REJECT, WARNING, Finding
from bencao.safety.validation.words import join, pick

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_RESULT = re.compile(r"([<>]=?)?\s*[+-]?\d+(\.\d+)?")
_COUNTRY_ROOT = "1.0.3166.1.2.2"
_MEDDRA_VERSION = re.compile(r"\d{1,2}\.\d")
_MEDDRA_CODE = re.compile(r"\d{8}")
_IDENTIFIER = "G.k.9.i.1"  # a UUID, whose length ICH gives without its hyphens
# Sections of which a report must have one.
_AT_LEAST_ONE = frozenset(("E.i", "G.k", "D.11.r"))
_COLUMNS = ("number", "name", "length", "type", "codes", "ich", "nulls", "root")


def read_region_table(path: Path) -> dict[str, Element]:
    """Read a user's element table: TSV with the columns of the package's own.

    The columns are number, name, length, type, codes, ich, nulls and root; codes and nulls are separated by spaces,
    ich is ``required``, ``conditional`` or ``optional``.

    Raises
    ------
    InputError
        A file that cannot be read, lacks a column, or has a length that is no number.
    """
    rows = read_rows(path, _COLUMNS, tabs=True, empty=False)
    for line, row in enumerate(rows, 2):
        if row["length"] and not row["length"].isdigit():
            raise InputError(f"length {row['length']!r}", where=f"{path}: row {line}", mend="give a number, or nothing")
    return {row["number"]: _element(row) for row in rows}


def _element(row: Mapping[str, str]) -> Element:
    def of(name: str) -> str:
        return row.get(name, "")

    length = int(of("length")) if of("length") else None
    codes, nulls = tuple(of("codes").split()), frozenset(of("nulls").split())
    return Element(
        of("number"), of("name"), length, of("type"), codes, of("ich"), of("postmarket"), of("premarket"), nulls,
        of("root"),
    )  # fmt: skip


def check_elements(report: Report, table: Mapping[str, Element], fda: bool, lang: str) -> Iterator[Finding]:
    """What is wrong with the data elements of a report, each by itself.

    Parameters
    ----------
    report : Report
    table : mapping of str to Element
    fda : bool
        Whether FDA's elements and its wider requirements count.
    lang : str
    """
    yield from _missing(report, table, fda, lang)
    for number, there in report.by_element.items():
        name, mark, attribute = number.partition("#")
        element = table.get(name)
        if mark:
            if attribute == "codeSystem" and element is not None and element.root:
                yield from _other_system(element, there, lang)
        elif element is None:
            if fda or not number.startswith("FDA."):
                message = pick(lang, f"there is no data element {number}", f"无数据元素 {number}")
                yield _found(there[0], "unknown", message, pick(lang, "take it out", "删去"))
        elif fda or not number.startswith("FDA."):
            yield from _repeated(there, lang)
            for each in there:
                yield from _one(each, element, report.background.as_of, lang)


def required(element: Element, route: str, fda: bool) -> str:
    """Who asks for an element in every report: ``ICH``, ``US`` or nobody."""
    if element.ich == "required":
        return "ICH"
    wider = element.premarket if route == "premarket" else element.postmarket
    return "US" if fda and wider == "required" else ""


def _missing(report: Report, table: Mapping[str, Element], fda: bool, lang: str) -> Iterator[Finding]:
    for element in table.values():
        who = required(element, report.route, fda)
        if not who:
            continue
        section = section_of(element.number)
        places = report.places(section) or ([Place(section, (1,))] if section in _AT_LEAST_ONE else [])
        for place in places:
            if not any(each.value.strip() or each.null_flavor for each in report.at(element.number, place)):
                message = pick(lang, f"{element.number} ({element.name}) is required", f"缺少必填元素 {element.number}")
                mend = pick(lang, f"give {element.number}", f"填写 {element.number}")
                yield Finding(f"{who}.{element.number}.required", REJECT, element.number, place.repeats, message, mend)


def _one(each: Occurrence, element: Element, as_of: str, lang: str) -> Iterator[Finding]:
    if each.null_flavor and not each.value:
        if each.null_flavor not in element.nulls:
            allowed = join(lang, sorted(element.nulls)) or pick(lang, "a value only", "仅可填值")
            message = pick(lang, f"null flavor {each.null_flavor} is not allowed", f"不允许空值 {each.null_flavor}")
            yield _found(each, "null", message, pick(lang, f"give {allowed}", f"填写 {allowed}"))
        return
    length = len(each.value.replace("-", "") if each.element == _IDENTIFIER else each.value)
    if element.length is not None and length > element.length:
        message = pick(lang, f"{length} characters, at most {element.length}", f"{length} 字符，最长 {element.length}")
        yield _found(each, "length", message, pick(lang, "shorten it", "缩短"))
    if element.codes:
        if each.value not in element.codes:
            message = pick(lang, f"{_short(each)} is not a value allowed", f"{_short(each)} 不在允许值内")
            told = join(lang, element.codes)
            yield _found(each, "code", message, pick(lang, f"give {told}", f"填写 {told}"))
    elif element.kind == "date":
        yield from _date(each, as_of, lang)
    else:
        yield from _form(each, element, lang)


def _form(each: Occurrence, element: Element, lang: str) -> Iterator[Finding]:
    number, value = element.number, each.value
    wanted = ""
    if element.kind == "number" and "MedDRA code" in element.name:
        wanted = (
            "" if _MEDDRA_CODE.fullmatch(value) else pick(lang, "the eight digits of a MedDRA code", "8 位 MedDRA 编码")
        )
    elif "MedDRA Version" in element.name:
        wanted = "" if _MEDDRA_VERSION.fullmatch(value) else pick(lang, "a version such as 28.0", "版本号，如 28.0")
    elif element.kind == "number":
        pattern = _RESULT if number == "F.r.3.2" else _NUMBER
        wanted = "" if pattern.fullmatch(value) else pick(lang, "a number", "数字")
    elif _COUNTRY_ROOT in element.root or "Country Code" in element.name or number.endswith("Country"):
        wanted = (
            "" if value in CODES else pick(lang, "an ISO 3166-1 alpha-2 code, such as US", "ISO 3166-1 两位代码，如 US")
        )
    elif element.kind == "letters":
        good = re.fullmatch(rf"[A-Za-z]{{{element.length or 1}}}", value)
        wanted = "" if good else pick(lang, f"{element.length} letters", f"{element.length} 个字母")
    elif number in UNITS or number in FREE_UNITS:
        told = join(lang, UNITS[number]) if number in UNITS else pick(lang, "a UCUM unit", "UCUM 单位")
        wanted = "" if unit_is_known(number, value) else told
    if wanted:
        kind = "unit" if number in UNITS or number in FREE_UNITS else "form"
        message = pick(lang, f"{_short(each)} is not {wanted}", f"{_short(each)} 应为 {wanted}")
        yield _found(each, kind, message, pick(lang, f"give {wanted}", f"填写 {wanted}"))


def _date(each: Occurrence, as_of: str, lang: str) -> Iterator[Finding]:
    there, fewest = digits(each.value), PRECISION.get(each.element, YEAR)
    form = "CCYYMMDDhhmmss+ZZzz"[:fewest] if fewest < 14 else "CCYYMMDDhhmmss[+/-ZZzz]"
    mend = pick(lang, f"write it as {form} or finer", f"按 {form} 或更精确填写")
    if not there:
        yield _found(each, "date", pick(lang, f"{_short(each)} is no date", f"{_short(each)} 不是日期"), mend)
    elif len(there) < fewest:
        message = pick(lang, f"{_short(each)} is less precise than {form}", f"{_short(each)} 精度不足 {form}")
        yield _found(each, "precision", message, mend)
    elif is_future(each.value, as_of):
        message = pick(lang, f"{_short(each)} is in the future", f"{_short(each)} 为未来日期")
        yield _found(each, "future", message, pick(lang, "correct the date", "更正日期"))


def _repeated(there: list[Occurrence], lang: str) -> Iterator[Finding]:
    seen: dict[tuple[int, ...], Occurrence] = {}
    for each in there:
        if each.repeats in seen:
            message = pick(lang, "given twice in one place", "同一位置重复填写")
            yield _found(each, "repeated", message, pick(lang, "keep one of them", "只保留一个"))
        seen[each.repeats] = each


def _other_system(element: Element, there: list[Occurrence], lang: str) -> Iterator[Finding]:
    for each in there:
        if each.value and each.value not in element.root:
            message = pick(
                lang,
                f"code system {each.value}, expected {element.root}",
                f"编码系统 {each.value}，应为 {element.root}",
            )
            at = Occurrence(element.number, each.repeats)
            yield _found(at, "oid", message, pick(lang, f"use {element.root}", f"使用 {element.root}"), WARNING)


def _found(each: Occurrence, kind: str, message: str, mend: str, severity: str = REJECT) -> Finding:
    region = "US" if each.element.startswith("FDA.") else "ICH"
    return Finding(f"{region}.{each.element}.{kind}", severity, each.element, each.repeats, message, mend)


def _short(each: Occurrence) -> str:
    return repr(each.value[:40])
