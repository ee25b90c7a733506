"""An application as a tree to look at: headings in a language, and the leaves under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bencao.submission.browse.places import OpenDossier
from bencao.submission.ectd.backbone.leaf import EXTENSION
from bencao.submission.quality.finding import Language

CURRENT, ALL = "current", "all"
_LAST = 1 << 30  # order of a heading that no table knows
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class SequenceRow:
    """A sequence: its name, what it is by its type, and its description."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class TreeRow:
    """A heading or a leaf of the tree, in the order of reading.

    Attributes
    ----------
    depth : int
    number, text : str
        Of a heading ``2.3.S`` and its words; of a leaf its title.
    told : str
        What tells a heading from its like: a substance, a manufacturer.
    leaf : int or None
        Number of a leaf; None of a heading.
    operation, sequence, status : str
        Of a leaf: what it did, when, and what became of it.
    """

    depth: int
    number: str
    text: str
    told: str = ""
    leaf: int | None = None
    operation: str = ""
    sequence: str = ""
    status: str = ""


@dataclass(frozen=True)
class DossierView:
    """An application at a glance, and its tree."""

    application: str
    sequences: tuple[SequenceRow, ...]
    view: str
    leaves: int
    rows: tuple[TreeRow, ...]


def show_dossier(opened: OpenDossier, view: str, lang: Language) -> DossierView:
    """The tree of an application.

    Parameters
    ----------
    opened : OpenDossier
    view : str
        ``current`` for the leaves that stand after the last sequence, ``all`` for every leaf, or a sequence's name.
    lang : {"en", "zh"}

    Returns
    -------
    DossierView
        One of an unknown view has no leaves.
    """
    data = opened.data
    chosen = [number for number, life in enumerate(opened.lives) if _in_view(view, life.key.sequence, life.status)]
    sequences = tuple(SequenceRow(one["name"], one[lang] or one["en"], one["description"]) for one in data["sequences"])
    return DossierView(
        data["application"], sequences, view, len(chosen), tuple(_rows(opened, sorted(chosen, key=_order(data)), lang))
    )


def _in_view(view: str, sequence: str, status: str) -> bool:
    return view == ALL or (status == "current" if view == CURRENT else sequence == view)


def _order(data: Mapping[str, Any]) -> Any:
    """How leaves are sorted: by their headings, then as they stand in the backbones."""
    headings, leaves = data["headings"], data["leaves"]

    def key(number: int) -> tuple[list[tuple[int, str]], int]:
        place = leaves[number]["place"]
        return [(headings[one["name"]]["order"] if one["name"] in headings else _LAST, one["told"]) for one in place], (
            number
        )

    return key


def _rows(opened: OpenDossier, numbers: Sequence[int], lang: Language) -> list[TreeRow]:
    rows: list[TreeRow] = []
    here: list[Mapping[str, str]] = []
    for number in numbers:
        leaf = opened.data["leaves"][number]
        place = leaf["place"]
        shared = 0
        while shared < min(len(here), len(place)) and here[shared] == place[shared]:
            shared += 1
        rows += [_heading(opened.data["headings"], place[depth], depth, lang) for depth in range(shared, len(place))]
        here = place
        rows.append(
            TreeRow(
                len(place),
                "",
                leaf["title"],
                leaf=number,
                operation=leaf["operation"],
                sequence=leaf["sequence"],
                status=opened.lives[number].status,
            )
        )
    return rows


def _heading(headings: Mapping[str, Any], level: Mapping[str, str], depth: int, lang: Language) -> TreeRow:
    if level["name"] == EXTENSION:
        return TreeRow(depth, "", level["told"])
    known = headings.get(level["name"])
    number, text = (known["number"], known[lang] or known["en"]) if known else ("", level["name"])
    return TreeRow(depth, number, text, level["told"])


def heading_of(opened: OpenDossier, number: int, lang: Language) -> str:
    """Number and words of the heading that a leaf stands under."""
    place = opened.data["leaves"][number]["place"]
    if not place:
        return ""
    row = _heading(opened.data["headings"], place[-1], 0, lang)
    return " ".join(filter(None, (row.number, row.text)))


def worst_marks(rows: Sequence[TreeRow], at_leaf: Mapping[int, str]) -> tuple[str, ...]:
    """The worst severity at each row of a tree, that of what stands under a heading included; "" for none.

    Parameters
    ----------
    rows : sequence of TreeRow
    at_leaf : mapping of int to str
        Worst severity by number of leaf.
    """
    marks = [""] * len(rows)
    above: list[int] = []
    for at, row in enumerate(rows):
        del above[row.depth :]
        if row.leaf is None:
            above.append(at)
        elif mark := at_leaf.get(row.leaf, ""):
            for each in (*above, at):
                marks[each] = worse(marks[each], mark)
    return tuple(marks)


def worse(one: str, other: str) -> str:
    """The worse of two severities; "" is none."""
    return min(one, other, key=lambda each: _SEVERITIES.index(each) if each else len(_SEVERITIES))
