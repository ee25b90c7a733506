"""Reads a split's word lists: `== name`, then words one a line or between bars."""

from __future__ import annotations

from pathlib import Path


def read_words(path: Path) -> dict[str, tuple[str, ...]]:
    """Words by the list's name."""
    lists: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name = line[3:]
            if name in lists:
                raise ValueError(f"{path.name}: list {name} stands twice")
            lists[name] = []
        else:
            lists[name] += line.split(" | ")
    return {one: tuple(words) for one, words in lists.items()}
