"""One leaf of an application: what it is, what became of it, what the check found at it."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.kernel.errors import InputError
from bencao.submission.browse.findings import RuleGroup, findings_at
from bencao.submission.browse.places import OpenDossier
from bencao.submission.browse.tree import heading_of
from bencao.submission.quality.finding import Language


@dataclass(frozen=True)
class HistoryRow:
    """A leaf in the history of another; `leaf` is its number."""

    leaf: int
    sequence: str
    operation: str
    title: str
    status: str


@dataclass(frozen=True)
class LeafView:
    """A leaf.

    Attributes
    ----------
    leaf : int
    title, heading, file, checksum, operation, sequence, status : str
        The file's path begins with the sequence; "" where there is none. The checksum is that of the backbone.
    history : tuple of HistoryRow
        Oldest first, the leaf itself among them.
    groups : tuple of RuleGroup
    """

    leaf: int
    title: str
    heading: str
    file: str
    checksum: str
    operation: str
    sequence: str
    status: str
    history: tuple[HistoryRow, ...]
    groups: tuple[RuleGroup, ...]


def show_leaf(opened: OpenDossier, number: str, lang: Language) -> LeafView:
    """A leaf with its history, and the findings at it.

    Raises
    ------
    InputError
        No leaf of this number.
    """
    if not number.isdecimal() or int(number) >= len(opened.lives):
        raise InputError(f"no leaf {number}", where=opened.application.name, mend="choose one of the tree")
    at = int(number)
    life, data = opened.lives[at], opened.data["leaves"][at]
    numbers = {one.key: place for place, one in enumerate(opened.lives)}
    history = tuple(
        HistoryRow(numbers[one.key], one.key.sequence, one.leaf.operation, one.leaf.title or one.leaf.id, one.status)
        for one in opened.lifecycle.history(life.key)
        if one.key in numbers
    )
    return LeafView(
        at,
        data["title"],
        heading_of(opened, at, lang),
        data["file"],
        data["md5"],
        data["operation"],
        data["sequence"],
        life.status,
        history,
        findings_at(opened, at, lang),
    )
