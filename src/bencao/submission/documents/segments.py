"""A paragraph's sentences as segments to translate, and the translated ones as a paragraph again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bencao.submission.exchange.content import Content, Tag, text_of, tidy
from bencao.submission.translation.segmenting import split_sentences

_BLANK = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: what is translated, and the blanks and lone tags before and after it.

    Attributes
    ----------
    id : str
        Of the paragraph, and the sentence's number in it.
    before, core, after : Content
        Together the sentence.
    """

    id: str
    before: Content
    core: Content
    after: Content


def sentences_of(key: str, content: Content, language: str) -> list[Sentence]:
    """The sentences of a paragraph; those without text are joined to the one before."""
    told: list[Sentence] = []
    for part in split_sentences(content, language):
        if not text_of(part).strip() and told:
            last = told[-1]
            told[-1] = Sentence(last.id, last.before, last.core, tidy([*last.after, *part]))
            continue
        told.append(Sentence(f"{key}-{len(told) + 1}", *_apart(part)))
    return told


def joined(sentences: Sequence[Sentence], cores: Sequence[Content], language: str) -> Content:
    """The paragraph of translated sentences: a blank between them in English, none in Chinese.

    Parameters
    ----------
    sentences : sequence of Sentence
    cores : sequence of Content
        A translation for each, or its own core where it has none.
    language : str
        Of the translations.
    """
    parts: list[str | Tag] = []
    for index, (sentence, core) in enumerate(zip(sentences, cores, strict=True)):
        after = sentence.after
        last = index == len(sentences) - 1
        if not last and core != sentence.core:
            after = _spaced(after, language)
        parts += [*sentence.before, *core, *after]
    return tidy(parts)


def _spaced(after: Content, language: str) -> Content:
    blank = text_of(after)
    if language == "zh":
        return tuple(part for part in after if isinstance(part, Tag) or part.strip(" "))
    return after if blank else (*after, " ")


def _apart(content: Content) -> tuple[Content, Content, Content]:
    """Blanks and lone tags before the text, the text, and those after it."""
    parts = list(content)
    before: list[str | Tag] = []
    after: list[str | Tag] = []
    while parts and _lone(parts[0]):
        before.append(parts.pop(0))
    while parts and _lone(parts[-1]):
        after.insert(0, parts.pop())
    if parts and isinstance(parts[0], str) and (blank := _BLANK.match(parts[0])) and blank[1]:
        before.append(blank[1])
        parts[0] = parts[0][len(blank[1]) :]
    if parts and isinstance(parts[-1], str) and (blank := _BLANK.match(parts[-1])) and blank[3]:
        after.insert(0, blank[3])
        parts[-1] = parts[-1][: -len(blank[3])]
    return tidy(before), tidy(parts), tidy(after)


def _lone(part: str | Tag) -> bool:
    return not part.strip() if isinstance(part, str) else part.kind == "empty"
