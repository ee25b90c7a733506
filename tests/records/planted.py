"""Identifiers planted in a test's data, and a search for any of them in what a job wrote.

Copy `PLANTED` values into a test's patients, run the job, then ``assert leaks(folder) == []``.
"""

from __future__ import annotations

import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pypinyin import lazy_pinyin

NUMERALS = "〇一二三四五六七八九"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
SHORTEST = 4  # a squeezed ASCII form that is shorter would be found anywhere


@dataclass(frozen=True)
class Planted:
    """An identifier; `kind` is name, id, phone, contact, address, hospital or date (ISO)."""

    kind: str
    value: str


@dataclass(frozen=True)
class Leak:
    """Which identifier was found, in which form, and where (a file's name, or empty)."""

    planted: Planted
    form: str
    where: str = ""


# None of these exists; the names are rare enough to stand in no message of ours.
PLANTED = (
    Planted("name", "禤静姝"),
    Planted("name", "皇甫砚秋"),
    Planted("name", "阿依努尔·吐尔洪"),
    Planted("name", "Thaddeus Quillfeather"),
    Planted("name", "Oonagh Ó Brolcháin"),
    Planted("id", "110105194912310025"),
    Planted("id", "ZY20871346"),
    Planted("phone", "13987640215"),
    Planted("phone", "0571-87640293"),
    Planted("contact", "quill.thad77@example.org"),
    Planted("contact", "wxid_k7q2j9"),
    Planted("address", "温岭市石桥头镇上蔡村四组27号"),
    Planted("address", "4471 Gorsebrook Crescent"),
    Planted("hospital", "栖霞岭骨伤科医院"),
    Planted("date", "1949-12-31"),
    Planted("date", "2023-05-17"),
)


def squeezed(text: str) -> str:
    """Text in one normal form: half width, no marks on letters, lower case, letters and digits only."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    return "".join(one for one in text if one.isalnum())


def forms(planted: Planted) -> frozenset[str]:
    """Squeezed forms under which the identifier would still be known."""
    if planted.kind == "date":
        return _dates(date.fromisoformat(planted.value))
    found = {squeezed(planted.value)}
    if planted.kind == "name":
        parts = [part for part in re.split(r"[·\s]+", planted.value) if part]
        found |= {squeezed("".join(reversed(parts))), squeezed("".join(lazy_pinyin(planted.value)))}
        if len(parts) == 1 and not planted.value.isascii():
            sounds = lazy_pinyin(planted.value)
            surname = 2 if len(sounds) > 3 else 1  # four characters: a compound surname
            found.add(squeezed("".join(sounds[surname:] + sounds[:surname])))
            found.add(planted.value[surname:])  # the given name alone
        else:
            found |= {squeezed(part) for part in parts if len(squeezed(part)) > (SHORTEST if part.isascii() else 2)}
    if planted.kind == "phone":
        found |= {squeezed(planted.value)[-8:]}
    if planted.kind == "id" and len(planted.value) == 18:
        found |= {planted.value[:6] + planted.value[8:17], planted.value[-8:].lower()}  # as of 15 digits; the tail
    return frozenset(one for one in found if len(one) >= (2 if not one.isascii() else SHORTEST))


def _dates(day: date) -> frozenset[str]:
    """A date's forms with its signs kept, since without them 1/11 and 11/1 are any digits."""
    y, m, d = day.year, day.month, day.day
    name = MONTHS[m - 1]
    found = {f"{y}{m:02}{d:02}", f"{_spelt(y)}年{_numeral(m)}月{_numeral(d)}日", f"{m}月{d}日", f"{m:02}月{d:02}日"}
    for sign in "-/.":
        for month, one in ((f"{m}", f"{d}"), (f"{m:02}", f"{d:02}")):
            found |= {sign.join(parts) for parts in ((f"{y}", month, one), (one, month, f"{y}"), (month, one, f"{y}"))}
            found.add(sign.join((f"{y % 100:02}", month, one)))
    found |= {f"{d}{name}", f"{d:02}{name}", f"{name}{d}", f"{name}{d:02}", f"{d}-{name}", f"{d:02}-{name}"}
    return frozenset(found)


def _spelt(year: int) -> str:
    return "".join(NUMERALS[int(one)] for one in str(year))


def _numeral(number: int) -> str:
    ten, one = divmod(number, 10)
    return ("", "十", "二十", "三十")[ten] + (NUMERALS[one] if one else "")


def leaks(found: str | bytes | Path, planted: Iterable[Planted] = PLANTED) -> list[Leak]:
    """Identifiers that stand, in any form, in a text, in bytes, in a file or in any file of a folder.

    Bytes are read as UTF-8, GB18030, Big5 and UTF-16, so a database or a log in any of them is searched; escapes of
    JSON and of addresses are undone. Names of files are searched too. Compressed files are not opened.

    Parameters
    ----------
    found : str, bytes or Path
    planted : iterable of Planted
    """
    wanted = [(one, form) for one in planted for form in sorted(forms(one))]
    if isinstance(found, Path):
        files = sorted(path for path in found.rglob("*") if path.is_file()) if found.is_dir() else [found]
        root = found if found.is_dir() else found.parent
        return [
            Leak(leak.planted, leak.form, path.relative_to(root).as_posix())
            for path in files
            for leak in leaks(path.read_bytes(), planted) + leaks(path.relative_to(root).as_posix(), planted)
        ]
    texts = [found] if isinstance(found, str) else list(dict.fromkeys(_read(found)))
    texts = [one for text in texts for one in dict.fromkeys((text, _unescaped(text)))]
    plain, dated = [squeezed(text) for text in texts], [_despaced(text) for text in texts]
    return [
        Leak(one, form)
        for one, form in wanted
        if any(_holds(text, form, one.kind) for text in (dated if one.kind == "date" else plain))
    ]


def _read(data: bytes) -> Iterable[str]:
    """The bytes in each encoding; UTF-16 at both offsets."""
    for encoding in ENCODINGS:
        yield data.decode(encoding, errors="replace")
        if encoding.startswith("utf-16"):
            yield data[1:].decode(encoding, errors="replace")


def _unescaped(text: str) -> str:
    text = re.sub(r"\\u[0-9a-fA-F]{4}", lambda match: str(json.loads(f'"{match[0]}"')), text)
    return urllib.parse.unquote(text)


def _despaced(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _holds(text: str, form: str, kind: str) -> bool:
    """Whether the form stands in the text; of a date, not within a longer number."""
    if kind != "date":
        return form in text
    before, after = (r"(?<!\d)" if form[0].isdigit() else ""), (r"(?!\d)" if form[-1].isdigit() else "")
    return re.search(before + re.escape(form) + after, text) is not None
