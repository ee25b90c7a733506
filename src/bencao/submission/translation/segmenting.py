"""Paragraphs to sentences and back; tags never split a sentence, and nothing is lost at a seam."""

from __future__ import annotations

import re

from bencao.submission.exchange.content import Content, Tag, text_of, tidy

_CHINESE_END = re.compile(r"[。！？；!?]+[”’」』）)\]】]*\s*|\n+")
_ENGLISH_END = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“(\[]?[A-Z0-9\u4e00-\u9fff])|\n+")
# Abbreviations whose full stop ends no sentence; single letters are initials.
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nos|fig|figs|tab|dr|mr|mrs|ms|prof|st|al|inc|ltd|co|corp|ref|vol|eq|sec"
    r"|ca|resp|incl|excl|max|min|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|(?<![A-Za-z])[A-Z])\.\s+$",
    re.IGNORECASE,
)


def split_sentences(content: Content, language: str) -> list[Content]:
    """Split a paragraph into sentences.

    Parameters
    ----------
    content : Content
    language : str
        Of the text, ``en`` or ``zh``.

    Returns
    -------
    list of Content
        Joined in order they are the paragraph again. An opening tag stands with what follows it, any other tag with
        what goes before.
    """
    breaks = _breaks(text_of(content), language)
    if not breaks:
        return [content] if content else []
    sentences: list[list[str | Tag]] = [[]]
    place, left = 0, list(breaks)
    for part in content:
        if isinstance(part, Tag):
            if left and place == left[0] and (part.kind == "open"):
                left.pop(0)
                sentences.append([])
            sentences[-1].append(part)
            continue
        start = 0
        while left and place + len(part) - start >= left[0]:
            cut = start + left[0] - place
            if cut == len(part):  # the break stands at the end: a closing tag may follow
                break
            if cut > start:
                sentences[-1].append(part[start:cut])
            sentences.append([])
            place, start = left.pop(0), cut
        sentences[-1].append(part[start:])
        place += len(part) - start
    return [told for sentence in sentences if (told := tidy(sentence))]


def _breaks(text: str, language: str) -> list[int]:
    """Where a new sentence begins, but for the first."""
    ends = _CHINESE_END if language.startswith("zh") else _ENGLISH_END
    found = []
    for match in ends.finditer(text):
        if match.end() >= len(text):
            break
        if language.startswith("zh") or not _ABBREVIATED.search(text, max(0, match.start() - 12), match.end()):
            found.append(match.end())
    return found
