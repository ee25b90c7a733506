"""A hierarchy of events: read from child and parent, or from MedDRA's mdhier, as which node holds which event."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from bencao.safety.errors import HierarchyError
from bencao.safety.tables import read_rows, read_text

_MDHIER = 12  # fields of a row of mdhier.asc
_LEVELS = ("PT", "HLT", "HLGT", "SOC")


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Events and the groups above them.

    Attributes
    ----------
    parents : dict of str to tuple of str
        The groups right above each node, none for one at the top; a node may have several.
    """

    parents: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes with the events that each holds.

    Attributes
    ----------
    names : list of str
        Sorted.
    holds : csr_array, shape (nodes, events)
        1 where the node is the event or stands above it.
    parents : dict of str to tuple of str
    outside : int
        Events that the hierarchy does not have; each is a node of its own.
    """

    names: list[str]
    holds: csr_array
    parents: dict[str, tuple[str, ...]]
    outside: int


def read_hierarchy(path: Path) -> Hierarchy:
    """Read a hierarchy.

    Parameters
    ----------
    path : Path
        A CSV in UTF-8 with the columns child and parent, a row for each link; or, by the suffix .asc, the user's
        MedDRA ``mdhier.asc``, of which the rows of the primary SOC are taken. MedDRA's groups are called with their
        level, such as ``HLT: Rashes, eruptions and exanthems NEC``, since a group may have the name of a term.

    Raises
    ------
    InputError
        A file that cannot be read or lacks a column.
    HierarchyError
        Where a node stands above itself, or a row has no child or parent.
    """
    links = _mdhier(path) if path.suffix.lower() == ".asc" else _links(path)
    parents: dict[str, list[str]] = {}
    for child, parent in links:
        above = parents.setdefault(child, [])
        parents.setdefault(parent, [])
        if parent not in above:
            above.append(parent)
    found = {name: tuple(above) for name, above in parents.items()}
    _refuse_rings(found, path)
    return Hierarchy(found)


def nodes_of(hierarchy: Hierarchy, events: Sequence[str]) -> Nodes:
    """The nodes at and above some events.

    Parameters
    ----------
    hierarchy : Hierarchy
    events : sequence of str

    Returns
    -------
    Nodes
        An event below two groups counts once in each node above both.
    """
    above: dict[str, frozenset[str]] = {}
    for event in events:
        _ancestors(event, hierarchy.parents, above)
    names = sorted(set().union(*(above[event] for event in events), events))
    place = {name: at for at, name in enumerate(names)}
    rows, columns = [], []
    for column, event in enumerate(events):
        own = above[event] | {event}
        rows += [place[name] for name in own]
        columns += [column] * len(own)
    holds = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(events)))
    parents = {name: hierarchy.parents.get(name, ()) for name in names}
    return Nodes(names, holds, parents, sum(event not in hierarchy.parents for event in events))


def _ancestors(name: str, parents: Mapping[str, tuple[str, ...]], known: dict[str, frozenset[str]]) -> None:
    """Fill in what stands above a node and above all those on the way; without recursion, as a chain may be long."""
    waiting = [name]
    while waiting:
        now = waiting[-1]
        lacking = [each for each in parents.get(now, ()) if each not in known]
        if lacking:
            waiting += lacking
            continue
        waiting.pop()
        own = parents.get(now, ())
        known[now] = frozenset(own).union(*(known[each] for each in own))


def _links(path: Path) -> list[tuple[str, str]]:
    links = []
    for number, row in enumerate(read_rows(path, ("child", "parent"), empty=False), 2):
        child, parent = row["child"].strip(), row["parent"].strip()
        if not child or not parent:
            raise HierarchyError(
                "a link without both ends",
                where=f"{path}: row {number}",
                mend="give child and parent, none for the top",
            )
        links.append((child, parent))
    return links


def _mdhier(path: Path) -> list[tuple[str, str]]:
    links: list[tuple[str, str]] = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        fields = line.split("$")
        if len(fields) < _MDHIER:
            raise HierarchyError(
                f"{len(fields)} fields, not {_MDHIER}", where=f"{path}: line {number}", mend="give MedDRA's mdhier.asc"
            )
        if fields[11] != "Y":
            continue
        names = [fields[4], *(f"{level}: {name}" for level, name in zip(_LEVELS[1:], fields[5:8], strict=True))]
        links += itertools.pairwise(names)
    return links


def _refuse_rings(parents: Mapping[str, tuple[str, ...]], path: Path) -> None:
    """Take off nodes without parents left, over and over; what stays is a ring or below one."""
    below: dict[str, list[str]] = {}
    for child, above in parents.items():
        for parent in above:
            below.setdefault(parent, []).append(child)
    left = {name: len(above) for name, above in parents.items()}
    free = [name for name, count in left.items() if not count]
    while free:
        name = free.pop()
        del left[name]
        for child in below.get(name, ()):
            left[child] -= 1
            if not left[child]:
                free.append(child)
    if left:
        raise HierarchyError(
            f"{min(left)} stands in a ring, or below one", where=str(path), mend="let no node stand above itself"
        )
