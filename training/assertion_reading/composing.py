"""Sentences composed of clauses: notes in telegraphic style, where each clause says its own."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
LABELS = {"p": "present", "b": "present", "n": "negated", "u": "possible", "c": "conditional", "f": "family"}
LABELS["h"] = "history"
SHARES = {"p": 5, "b": 3, "n": 6, "u": 5, "c": 5, "f": 3, "h": 5}
SELF = {
    "zh": ("患者", "本人", "自己", "她", "他", "患者本人", "我"),
    "en": ("patient ", "she ", "he ", "pt ", "the patient ", "he himself "),
}
JOINTS = {"zh": ("，", "，", "，", "，", "、", " "), "en": (", ", ", ", ", ", "; ", " and ", " - ")}
_SLOT = re.compile(r"\{([DSIO])\}")
Row = dict[str, str]


def read(language: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Lists of findings by kind (D, S, I, O), and clauses by label."""
    lists: dict[str, list[str]] = {}
    clauses: dict[str, list[str]] = {}
    name = ""
    for line in (HERE / f"clauses_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name = line[3:]
        elif name in "DSIO":
            lists[name] = line.split(" | ")
        else:
            clauses.setdefault(name, []).append(line)
    return lists, clauses


def compose(language: str, many: int, seed: int) -> Iterator[Row]:
    """Labelled findings of `many` sentences, in the columns of ``sentences.tsv``."""
    lists, clauses = read(language)
    draw = random.Random(f"{seed} {language}")
    for number in range(many):
        text, found = _sentence(language, lists, clauses, draw)
        for start, end, label in found:
            yield {
                "id": f"{language}-composed-{number}",
                "split": "composed",
                "language": language,
                "sentence": text,
                "start": str(start),
                "end": str(end),
                "entity": text[start:end],
                "assertion": LABELS[label],
                "frame": f"{language}-composed-{number}",
            }


def _sentence(
    language: str, lists: dict[str, list[str]], clauses: dict[str, list[str]], draw: random.Random
) -> tuple[str, list[tuple[int, int, str]]]:
    text, found, before, used = "", [], "", set()
    joint = draw.choice(JOINTS[language])
    for place in range(draw.choice((1, 2, 2, 3, 3, 4, 5))):
        label = draw.choices(list(SHARES), list(SHARES.values()))[0]
        if label == "b" and place and not before.startswith("{"):
            label = "p"
        clause = draw.choice(clauses[label])
        if place:
            text += joint if draw.random() < 0.75 or "、" in clause else JOINTS[language][0]
        if before and before in clauses["f"] and label in "bph":
            text += draw.choice(SELF[language])
        at = 0
        for match in _SLOT.finditer(clause):
            name = draw.choice([one for one in lists[match[1]] if one not in used])
            used.add(name)
            text += clause[at : match.start()]
            found.append((len(text), len(text) + len(name), label))
            text, at = text + name, match.end()
        text, before = text + clause[at:], clause
    if language == "en" and draw.random() < 0.7:
        text = text[0].upper() + text[1:]
    return text + draw.choice(("。", "。", "") if language == "zh" else (".", ".", "")), found
