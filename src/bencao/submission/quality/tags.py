"""The tags of a translation against those of its source: each must be there, once, and closed after it is opened."""

from __future__ import annotations

from collections import Counter

from bencao.submission.exchange.content import Content, Tag, tags_of
from bencao.submission.quality.finding import Finding


def check_tags(source: Content, target: Content) -> list[Finding]:
    """Tags lost, added, or closed where they are not open."""
    had, has = (Counter(map(tag_name, tags_of(content))) for content in (source, target))
    lost = [Finding("tag", "tag missing", source=name) for name in (had - has).elements()]
    added = [Finding("tag", "tag added", target=name) for name in (has - had).elements()]
    return [*lost, *added, *_unopened(source, target)]


def tag_name(tag: Tag) -> str:
    """A tag as findings name it: ``<1>``, ``</1>`` or ``<1/>``."""
    inner = "".join(part for part in tag.inner if isinstance(part, str))
    mark = {"open": "<{}>", "close": "</{}>", "empty": "<{}/>"}[tag.kind]
    return mark.format(dict(tag.attributes).get("x") or tag.id or inner or tag.name)


def _unopened(source: Content, target: Content) -> list[Finding]:
    """What closes before it opens; where the source does so too, its other half stands in another segment."""
    alone = {tag.id for tag in _closing_first(source)}
    return [Finding("tag", "tag order", target=tag_name(tag)) for tag in _closing_first(target) if tag.id not in alone]


def _closing_first(content: Content) -> list[Tag]:
    opened: Counter[str] = Counter()
    early = []
    for tag in tags_of(content):
        if tag.kind == "open":
            opened[tag.id] += 1
        elif tag.kind == "close":
            if not opened[tag.id]:
                early.append(tag)
            opened[tag.id] -= 1
    return early
