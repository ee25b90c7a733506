"""Errors put into clean pairs, one at a time, each by a seeded choice."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """A text in English and in Chinese."""

    id: str
    english: str
    chinese: str


Injector = Callable[[Pair, random.Random], Iterator[Pair]]

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALED = re.compile(r"(?<=[\d一二两三四五六七八九十百千])(\s?)([万亿]+)(?![别一])")
_SWAPS = [
    ["天", "周", "个月", "年", "小时", "分钟"],
    ["秒", "分钟", "小时"],
    ["日", "周"],
    ["毫克", "克", "微克", "千克"],
    ["mg", "g", "kg", "μg"],
    ["mL", "L", "dL"],
    ["ml", "l"],
    ["毫升", "升"],
    ["米", "厘米", "公里", "毫米"],
    ["km", "m", "cm", "mm", "μm", "nm"],
    ["英尺", "英里"],
    ["°C", "°F"],
    ["℃", "℉"],
    ["摄氏度", "华氏度"],
    ["%", "‰"],
    ["美元", "欧元", "英镑"],
    ["mmol", "μmol", "mol"],
]
_UNIT = re.compile(
    r"(?<=\d)\s?("
    + "|".join(sorted({re.escape(name) for group in _SWAPS for name in group}, key=len, reverse=True))
    + r")(?![A-Za-z])"
)
_NOT = re.compile(r"\b(?:not|never|no|without) |n't\b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|can|will|should|may|must|does|do) (?!not)")
_HAN_NOT = re.compile(r"没有|不(?![同断仅过久少])|未(?!来)|无(?!论)|没")
_HAN_VERB = re.compile(r"(?<![不没未])(?:是|会|能|可以|应|有(?!效|关|限|时|些)|需要|建议)")


def _replaced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def digit(pair: Pair, choice: random.Random) -> Iterator[Pair]:
    """Another digit in the place of one of the translation."""
    places = [match.start() for match in re.finditer(r"\d", pair.chinese)]
    for place in choice.sample(places, len(places)):
        old = pair.chinese[place]
        new = choice.choice([digit for digit in "123456789" if digit != old])
        yield Pair(pair.id, pair.english, _replaced(pair.chinese, place, place + 1, new))


def wan_yi(pair: Pair, choice: random.Random) -> Iterator[Pair]:
    """Another scale in the place of 万 or 亿, or none."""
    for match in _SCALED.finditer(pair.chinese):
        for new in choice.sample([other for other in ("万", "亿", "千", "", "百万") if other != match[2]], 4):
            yield Pair(pair.id, pair.english, _replaced(pair.chinese, match.start(2), match.end(2), new))


def dropped(pair: Pair, choice: random.Random) -> Iterator[Pair]:
    """A number of the translation left out."""
    matches = list(_NUMBER.finditer(pair.chinese))
    for match in choice.sample(matches, len(matches)):
        yield Pair(pair.id, pair.english, _replaced(pair.chinese, match.start(), match.end(), ""))


def unit(pair: Pair, choice: random.Random) -> Iterator[Pair]:
    """Another unit of the kind behind a number of the translation."""
    for match in _UNIT.finditer(pair.chinese):
        name = match[1]
        if name == "日" and re.search(r"月\s?\d+\s?$", pair.chinese[: match.start(1)]):
            continue  # the day of a date
        if name == "年" and re.search(r"(?:19|20)\d\d\s?$", pair.chinese[: match.start(1)]):
            continue
        others = sorted({other for group in _SWAPS if name in group for other in group} - {name})
        for new in choice.sample(others, min(3, len(others))):
            yield Pair(pair.id, pair.english, _replaced(pair.chinese, match.start(1), match.end(1), new))


def negation(pair: Pair, choice: random.Random) -> Iterator[Pair]:
    """A negation dropped from, or added to, either side."""
    ways: list[Pair] = []
    if _NOT.search(pair.english):
        ways += [
            Pair(pair.id, pair.english, _replaced(pair.chinese, match.start(), match.end(), ""))
            for match in _HAN_NOT.finditer(pair.chinese)
        ]
    ways += [
        Pair(pair.id, _replaced(pair.english, match.start(), match.end(), ""), pair.chinese)
        for match in _NOT.finditer(pair.english)
    ]
    for match in _HAN_VERB.finditer(pair.chinese):
        new = "没" if match.group() == "有" else "不"
        ways.append(Pair(pair.id, pair.english, _replaced(pair.chinese, match.start(), match.start(), new)))
        break
    for match in _AUXILIARY.finditer(pair.english):
        ways.append(Pair(pair.id, _replaced(pair.english, match.end(), match.end(), "not "), pair.chinese))
        break
    yield from choice.sample(ways, len(ways))


def truncated(pair: Pair, choice: random.Random) -> Iterator[Pair]:
    """The translation cut somewhere between three and seven tenths."""
    if len(pair.chinese) >= 12:
        for _ in range(2):
            yield Pair(pair.id, pair.english, pair.chinese[: int(len(pair.chinese) * choice.uniform(0.3, 0.7))])


def truncated_tidy(pair: Pair, choice: random.Random) -> Iterator[Pair]:
    """The translation cut at half or before, its last mark put back."""
    for cut in truncated(pair, choice):
        if pair.chinese.rstrip()[-1] in "。！？":
            end = int(len(pair.chinese) * choice.uniform(0.3, 0.5))
            yield Pair(pair.id, pair.english, pair.chinese[:end].rstrip("，、；。 ") + pair.chinese.rstrip()[-1])
        del cut
        return


INJECTORS: dict[str, Injector] = {
    "digit": digit,
    "wan_yi": wan_yi,
    "dropped": dropped,
    "unit": unit,
    "negation": negation,
    "truncated": truncated,
    "truncated_tidy": truncated_tidy,
}


def inject(pairs: list[Pair], kind: str, seed: int) -> list[Pair]:
    """One error a pair; several a pair, up to four, where fewer than a hundred pairs can have one."""
    drawn: list[list[Pair]] = []
    for pair in pairs:
        choice = random.Random(f"{seed} {kind} {pair.english} {pair.chinese}")
        drawn.append([made for made in INJECTORS[kind](pair, choice) if made != pair])
    each = 1 if sum(bool(made) for made in drawn) >= 100 else 4
    return [made for several in drawn for made in several[:each]]
