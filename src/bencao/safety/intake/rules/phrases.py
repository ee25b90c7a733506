"""Rules that stand in `phrases.yaml`: what a phrase of either language comes to."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib.resources import files

import yaml

from bencao.safety.intake.finding import Finding, without_overlap

_Compiled = tuple[tuple[str, str, str, re.Pattern[str]], ...]


@functools.cache
def _rules() -> _Compiled:
    """Kind, value, rule's name and pattern, in the file's order."""
    told = yaml.safe_load(files(__package__).joinpath("phrases.yaml").read_text(encoding="utf-8"))
    found = []
    for kind, values in told.items():
        for value, languages in values.items():
            for language, patterns in languages.items():
                for number, pattern in enumerate(patterns, 1):
                    # A blank is any white space: an e-mail breaks its lines within a phrase.
                    spaced = pattern.replace(" ", r"\s")
                    whole = rf"\b(?:{spaced})(?![\w-])" if language == "en" else pattern
                    compiled = re.compile(whole, re.IGNORECASE)
                    found.append((kind, str(value), f"rule:{language}.{kind}.{value}.{number}", compiled))
    return tuple(found)


def find_phrases(text: str, *kinds: str) -> Iterator[Finding]:
    """What the phrases of a text come to; of two of a kind that overlap the longer counts.

    Parameters
    ----------
    text : str
    *kinds : str
        Kinds of `phrases.yaml`; all where none is given.
    """
    found: dict[tuple[str, str], list[Finding]] = {}
    for kind, value, name, pattern in _rules():
        if kinds and kind not in kinds:
            continue
        for match in pattern.finditer(text):
            words = match.group().strip()
            place = (match.start(), match.start() + len(words))
            found.setdefault(group_of(kind, value), []).append(Finding(kind, (place,), words, value, by=name))
    for several in found.values():
        yield from without_overlap(sorted(several, key=lambda one: (one.start - one.end, one.start)))


def group_of(kind: str, value: str) -> tuple[str, str]:
    """What only one finding of may stand at a place: a kind, but words may meet several criteria of seriousness."""
    return kind, value if kind == "seriousness" else ""
