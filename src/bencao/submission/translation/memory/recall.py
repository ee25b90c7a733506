"""What a translation memory knows of a segment: the same text, the same but for its numbers, or a like one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bencao.submission.exchange.content import Content, Tag, tags_of, text_of
from bencao.submission.exchange.memory import Memory
from bencao.submission.quality.numbers import READERS
from bencao.submission.quality.tags import check_tags
from bencao.submission.translation.memory.substitution import frame, substituted

MatchKind = Literal["exact", "substituted", "fuzzy"]
_LEAST = 0.7  # below this likeness a memory's text helps nobody
_CANDIDATES = 12
_SPACE = re.compile(r"\s+")
_JOINT = re.compile(r"(?<=[A-Za-z])[-/‐‑](?=[A-Za-z])")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Match:
    """What a memory offers for a segment.

    Attributes
    ----------
    kind : {"exact", "substituted", "fuzzy"}
        ``substituted``: the stored text differs in its numbers alone, and they are put into its translation by value.
    score : float
        1 for an exact match, 0.99 for a substituted one, else how like the texts are.
    source, target : Content
        The stored pair; of a substituted match, the target as it is to be.
    """

    kind: MatchKind
    score: float
    source: Content
    target: Content


class Recall:
    """A memory made ready to be asked.

    Parameters
    ----------
    memories : iterable of Memory
        Earlier ones win where two know the same text.
    source, target : str
        Languages, ``en`` or ``zh``.
    """

    def __init__(self, memories: Iterable[Memory], source: str, target: str) -> None:
        self.source, self.target = source, target
        self._pairs: list[tuple[Content, Content]] = []
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._frames: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[int]] = defaultdict(list)
        for memory in memories:
            for unit in memory.units:
                one, two = unit.variant(source), unit.variant(target)
                if one is not None and two is not None and text_of(two.content).strip():
                    self._add(one.content, two.content)

    def __len__(self) -> int:
        return len(self._pairs)

    def _add(self, source: Content, target: Content) -> None:
        text, number = text_of(source), len(self._pairs)
        self._pairs.append((source, target))
        self._exact[_plain(text)].append(number)
        self._frames[frame(text, self.source)].append(number)
        for gram in set(_grams(text)):
            self._grams[gram].append(number)

    def find(self, content: Content) -> Match | None:
        """The best that is known of a segment, None where nothing is like it."""
        text = text_of(content)
        for number in self._exact.get(_plain(text), ()):
            target = _with_tags(content, *self._pairs[number])
            if target is not None:
                return Match("exact", 1.0, self._pairs[number][0], target)
        for number in self._frames.get(frame(text, self.source), ()):
            match = self._substituted(content, number)
            if match is not None:
                return match
        return self._fuzzy(text)

    def _substituted(self, content: Content, number: int) -> Match | None:
        source, target = self._pairs[number]
        if not READERS[self.source](text_of(content)):
            return None
        written = substituted(text_of(source), text_of(target), text_of(content), self.source, self.target)
        if written is None:
            return None
        put = _with_tags(content, source, target, written)
        return Match("substituted", 0.99, source, put) if put is not None else None

    def _fuzzy(self, text: str) -> Match | None:
        shared: Counter[int] = Counter()
        for gram in set(_grams(text)):
            known = self._grams.get(gram, ())
            if len(known) <= 2000:  # what stands everywhere tells nothing
                shared.update(known)
        best: tuple[float, int] | None = None
        for number, _ in shared.most_common(_CANDIDATES):
            matcher = SequenceMatcher(None, _plain(text), _plain(text_of(self._pairs[number][0])), autojunk=False)
            if matcher.quick_ratio() >= _LEAST and (ratio := matcher.ratio()) >= _LEAST:
                best = max(best or (0.0, 0), (ratio, -number))
        if best is None:
            return None
        source, target = self._pairs[-best[1]]
        return Match("fuzzy", min(best[0], 0.98), source, target)


def _plain(text: str) -> str:
    """A text as it is compared: and/or is and or, post-approval is post approval."""
    return _SPACE.sub(" ", _JOINT.sub(" ", text)).strip().casefold()


def _grams(text: str) -> list[str]:
    plain = _plain(text)
    return [plain[index : index + 4] for index in range(max(1, len(plain) - 3))]


def _with_tags(content: Content, source: Content, target: Content, written: str | None = None) -> Content | None:
    """The stored translation with the segment's own tags, None where they have no place in it.

    Tags around the whole text go around the whole translation; others must be those of the stored text, in number and
    kind, and take their places.
    """
    mine, stored = tags_of(content), tags_of(source)
    if _shape(content) == _shape(source) and not check_tags(source, target):
        if not mine:
            return (written if written is not None else text_of(target),)
        if written is None:
            return _renamed(target, dict(zip(map(_name, stored), mine, strict=True)))
    before, after = _around(content)
    if len(before) + len(after) == len(mine):
        return (*before, written if written is not None else text_of(target), *after)
    return None


def _shape(content: Content) -> list[str]:
    """Texts and kinds of tags in their order, where a text with numbers counts as any."""
    return [part.kind if isinstance(part, Tag) else ("" if _DIGITS.search(part) else _plain(part)) for part in content]


def _name(tag: Tag) -> tuple[str, str, str]:
    return tag.kind, dict(tag.attributes).get("x") or tag.id, "".join(p for p in tag.inner if isinstance(p, str))


def _renamed(target: Content, mine: dict[tuple[str, str, str], Tag]) -> Content | None:
    if any(isinstance(part, Tag) and _name(part) not in mine for part in target):
        return None
    return tuple(part if isinstance(part, str) else mine[_name(part)] for part in target)


def _around(content: Content) -> tuple[Content, Content]:
    """Tags before and after the text of a segment."""
    first = next((index for index, part in enumerate(content) if isinstance(part, str)), len(content))
    last = next((index for index in range(len(content), 0, -1) if isinstance(content[index - 1], str)), first)
    return content[:first], content[last:]
