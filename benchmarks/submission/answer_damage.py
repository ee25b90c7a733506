"""Answers of a translation engine damaged on purpose, to see whether any of them is handed out as translated."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from bencao.submission.translation.masking import PLACEHOLDER

Damage = Callable[[str, str, random.Random], str]


def _lost(answer: str, _: str, draw: random.Random) -> str:
    found = list(PLACEHOLDER.finditer(answer))
    marks = [mark for mark in found if sum(other[1] == mark[1] for other in found) == 1]  # else it would mend it
    if not marks:
        return answer
    mark = draw.choice(marks)
    return answer[: mark.start()] + answer[mark.end() :]


def _twice(answer: str, _: str, draw: random.Random) -> str:
    marks = list(PLACEHOLDER.finditer(answer))
    if not marks:
        return answer
    mark = draw.choice(marks)
    return answer[: mark.end()] + mark.group() + answer[mark.end() :]


def _exchanged(answer: str, _: str, draw: random.Random) -> str:
    """Two marks in each other's place: a translation may move them too, so only units can tell."""
    found = list(dict.fromkeys(mark.group() for mark in PLACEHOLDER.finditer(answer)))
    if len(found) < 2:
        return answer
    one, two = draw.sample(found, 2)
    return re.sub(PLACEHOLDER, lambda mark: {one: two, two: one}.get(mark.group(), mark.group()), answer)


def _added(answer: str, _: str, draw: random.Random) -> str:
    return f"{answer.rstrip('。')}，共{draw.randint(11, 98)}例。"


def _untranslated(_: str, masked: str, __: random.Random) -> str:
    return masked


def _cut(answer: str, _: str, __: random.Random) -> str:
    return answer[: len(answer) * 2 // 5]


DAMAGES: dict[str, Damage] = {
    "mark lost": _lost,
    "mark twice": _twice,
    "marks exchanged": _exchanged,
    "number added": _added,
    "not translated": _untranslated,
    "cut off": _cut,
}


def damage(answers: list[str], masked: list[str], share: float, seed: int) -> tuple[list[str], dict[int, str]]:
    """A share of the answers damaged, the kinds in turn; where one changes nothing, the next is taken.

    Returns
    -------
    list of str
        The answers.
    dict of int to str
        What was done to which.
    """
    draw = random.Random(seed)
    chosen = sorted(draw.sample(range(len(answers)), round(share * len(answers))))
    damaged, done = list(answers), {}
    kinds = list(DAMAGES)
    for turn, index in enumerate(chosen):
        for step in range(len(kinds)):
            kind = kinds[(turn + step) % len(kinds)]
            told = DAMAGES[kind](answers[index], masked[index], draw)
            if told != answers[index]:
                damaged[index], done[index] = told, kind
                break
    return damaged, done
