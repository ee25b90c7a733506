"""Clusters of pairs: what hangs together, and within it what all matches each other."""

from __future__ import annotations

from collections.abc import Sequence


def connected(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Cases that hang together by pairs, each group ascending, in the order of their least case."""
    above: dict[int, int] = {}

    def top(case: int) -> int:
        above.setdefault(case, case)
        while above[case] != case:
            above[case] = above[above[case]]
            case = above[case]
        return case

    for one, other in pairs:
        first, second = sorted((top(one), top(other)))
        above[second] = first
    groups: dict[int, list[int]] = {}
    for case in sorted(above):
        groups.setdefault(top(case), []).append(case)
    return [tuple(group) for group in groups.values()]


def complete_link(pairs: Sequence[tuple[int, int]], strengths: Sequence[float]) -> list[tuple[int, ...]]:
    """Clusters in which every two cases are a pair, the strongest pairs joined first.

    Parameters
    ----------
    pairs : sequence of (int, int)
        Those that count as a match; two cases without a pair are none.
    strengths : sequence of float

    Returns
    -------
    list of tuple of int
        Clusters of two or more, each ascending, in the order of their least case.
    """
    matched = {frozenset(pair) for pair in pairs}
    home: dict[int, list[int]] = {case: [case] for pair in pairs for case in pair}
    order = sorted(range(len(pairs)), key=lambda place: (-strengths[place], pairs[place]))
    for place in order:
        one, other = (home[case] for case in pairs[place])
        if one is not other and all(frozenset((a, b)) in matched for a in one for b in other):
            one.extend(other)
            for case in other:
                home[case] = one
    clusters = {id(cluster): tuple(sorted(cluster)) for cluster in home.values() if len(cluster) > 1}
    return sorted(clusters.values())
