"""What a check finds in a pair: its kind, and what stands on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
KINDS = ("number", "unit", "date", "negation", "truncated", "length", "untranslated", "tag", "term")

_WORDS = {
    "en": {
        "missing": "{source!r} is not in the translation",
        "added": "{target!r} is not in the source",
        "unit": "{source!r} and {target!r} are in different units",
        "negation dropped": "a negation of the source is missing",
        "negation added": "the translation negates more than the source",
        "cut": "the source ends its sentence, the translation does not",
        "sentence": "a sentence seems to be left out: {source} against {target}",
        "short": "{target} characters where about {source} were expected: something seems to be left out",
        "long": "{target} characters where about {source} were expected: something seems to be added",
        "empty": "nothing is translated",
        "same": "the translation is the source",
        "foreign": "the translation still holds the source's language: {target!r}",
        "tag missing": "the tag {source} is lost",
        "tag added": "the tag {target} is not in the source",
        "tag order": "the tag {target} closes what is not open",
        "term": "{source!r} is to be {target}",
        "forbidden": "{target!r} may not be used for {source!r}",
    },
    "zh": {
        "missing": "译文中没有 {source!r}",
        "added": "原文中没有 {target!r}",
        "unit": "{source!r} 与 {target!r} 单位不同",
        "negation dropped": "译文缺少原文中的否定",
        "negation added": "译文比原文多出否定",
        "cut": "原文句子完整，译文没有结束",
        "sentence": "似乎漏译一句：原文 {source} 句，译文 {target} 句",
        "short": "预期约 {source} 字，实有 {target} 字：似有漏译",
        "long": "预期约 {source} 字，实有 {target} 字：似有增译",
        "empty": "没有译文",
        "same": "译文与原文相同",
        "foreign": "译文中仍有原文语言：{target!r}",
        "tag missing": "标签 {source} 丢失",
        "tag added": "标签 {target} 原文中没有",
        "tag order": "标签 {target} 没有对应的起始标签",
        "term": "{source!r} 应译为 {target}",
        "forbidden": "{source!r} 不可译为 {target!r}",
    },
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a pair.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    rule : str
        What exactly, such as ``negation dropped``.
    source, target : str
        What the rule speaks of on either side; "" where there is nothing.
    """

    kind: str
    rule: str
    source: str = ""
    target: str = ""

    def in_words(self, language: Language = "en") -> str:
        """The finding as a person reads it."""
        return _WORDS[language][self.rule].format(source=self.source, target=self.target)
