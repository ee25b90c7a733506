"""Values in words of either language: dates, quantities, ages, codes, countries; the numbers stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "zh"]
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# CCYY[MM[DD[hh[mm[ss[.SSSS]]]]]] and an offset from UTC (E2B(R3) implementation guide, appendix II).
_DATE = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d(?:\.\d+)?)?([+-]\d{2,4})?")


@cache
def table(name: str) -> dict[tuple[str, ...], dict[str, str]]:
    """A table of `words`: rows by their first column, or the first two where the second is ``code``."""
    lines = files(__package__).joinpath("words", f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split("\t") for line in lines if line)
    keys = 2 if head[1] == "code" else 1
    return {tuple(row[:keys]): dict(zip(head, row, strict=True)) for row in rows}


def join(parts: Sequence[str], lang: Language, last: Literal["and", "or", ","] = "and") -> str:
    """A list in words: ``a, b and c`` (a、b及c), or with commas only."""
    if last == ",":
        return ("，" if lang == "zh" else ", ").join(parts)
    before, between = ("、", "及") if lang == "zh" else (", ", f" {last} ")
    return before.join(parts[:-1]) + (between if len(parts) > 1 else "") + parts[-1]


def quote(values: Sequence[str], lang: Language, element: str) -> str:
    """Words as they were reported."""
    return f"“{values[0].strip()}”"


def date(values: Sequence[str], lang: Language, element: str) -> str:
    """A date as precise as it is given: 12 March 2020, March 2020, 2020 (2020年3月12日)."""
    found = _DATE.fullmatch(values[0])
    if not found or not 1 <= int(found[2] or 1) <= 12:
        return quote(values, lang, element)
    year, month, day, hour, minute, second, zone = found.groups()
    if lang == "zh":
        told = f"{year}年" + (f"{int(month)}月" if month else "") + (f"{int(day)}日" if day else "")
    else:
        told = " ".join(part for part in (str(int(day)) if day else "", _month(month), year) if part)
    if hour:
        clock = ":".join(part for part in (hour, minute or "", second or "") if part)
        clock += "" if minute else ("时" if lang == "zh" else " h")
        at = clock + (f" (UTC{zone})" if zone else "")
        told += at.replace(" (", "（").replace(")", "）") if lang == "zh" else f" at {at}"
    return told


def day(values: Sequence[str], lang: Language, element: str) -> str:
    """A date without its time."""
    return date([values[0][:8]], lang, element)


def on(values: Sequence[str], lang: Language, element: str) -> str:
    """A date with its preposition: on 12 March 2020, in March 2020."""
    told = date(values, lang, element)
    return told if lang == "zh" else f"{'on' if len(values[0]) >= 8 else 'in'} {told}"


def onday(values: Sequence[str], lang: Language, element: str) -> str:
    """As `on`, without the time."""
    return on([values[0][:8]], lang, element)


def quantity(values: Sequence[str], lang: Language, element: str) -> str:
    """A number with its unit, or alone where no unit is given."""
    number, unit = (*values, "")[:2]
    if not unit:
        return number
    row = table("units").get((unit,))
    if row:
        return row["zh" if lang == "zh" else "one" if number == "1" else "many"].replace("{n}", number)
    if inner := re.fullmatch(r"\{(.+)\}", unit):
        return f"{number} {inner[1]}"
    return f"{number}%" if unit == "%" else f"{number} {unit}"


def aged(values: Sequence[str], lang: Language, element: str) -> str:
    """An age: *a 48-year-old*, 48岁; nothing where the unit makes no such word."""
    number, unit = (*values, "")[:2]
    row = table("units").get((unit,), {})
    if lang == "zh":
        return row["zh_age"].replace("{n}", number) if row.get("zh_age") else quantity(values, lang, element)
    if not row.get("old"):
        return ""
    whole = number.partition(".")[0]
    article = "an" if whole.startswith("8") or whole in ("11", "18") else "a"
    return f"{article} {row['old'].replace('{n}', number)}"


def every(values: Sequence[str], lang: Language, element: str) -> str:
    """The interval between doses: every 8 hours, every day, as necessary."""
    number, unit = values if len(values) == 2 else ("", values[0])
    row = table("units").get((unit.lower() if unit.startswith("{") else unit,))
    if row is None:
        return quantity([number, unit], lang, element)
    if row["every"]:
        return row["zh_every" if lang == "zh" else "every"]
    if number in ("", "1"):
        return f"每{row['zh_one']}1次" if lang == "zh" else f"every {row['one'].replace('{n} ', '')}"
    often = quantity([number, unit], lang, element)
    return f"每{often}1次" if lang == "zh" else f"every {often}"


def meddra(values: Sequence[str], lang: Language, element: str, name: str = "") -> str:
    """A MedDRA code with its version, and its name where the user's MedDRA gave it."""
    told, version = (*values, "")[:2]
    if lang == "zh":
        return f"MedDRA{f' {version}版' if version else ''}{f'“{name}”，' if name else ''}代码{told}"
    return f"MedDRA{f' {version}' if version else ''}{f' “{name}”,' if name else ''} code {told}"


def code(values: Sequence[str], lang: Language, element: str) -> str:
    """What a code of the guide means; one that it has not, as it stands."""
    row = table("codes").get((element, values[0]))
    if row:
        return row[lang]
    return f"代码“{values[0]}”" if lang == "zh" else f"the code “{values[0]}”"


def country(values: Sequence[str], lang: Language, element: str) -> str:
    """A country by its ISO 3166-1 code; one that is none, as it stands."""
    row = table("countries").get((values[0].upper(),))
    return row[lang] if row else quote(values, lang, element)


FORMS: dict[str, Callable[[Sequence[str], Language, str], str]] = {
    form.__name__: form for form in (quote, date, day, on, onday, quantity, aged, every, meddra, code, country)
}


def _month(told: str | None) -> str:
    return _MONTHS.split("|")[int(told) - 1] if told else ""
