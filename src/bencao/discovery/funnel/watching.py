"""How a screen says how far it is, to whoever looks on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Literal, TypeVar

T = TypeVar("T")
Stage = Literal["receptor", "filter", "controls", "docking", "checks", "routes"]
# In the order in which a screen comes to them.
STAGES: tuple[Stage, ...] = ("receptor", "filter", "controls", "docking", "checks", "routes")

# Told stage, how many items are done in it, and of how many; 0 where that is not known. What it raises ends the screen,
# which goes on there when it is run again.
Watch = Callable[[Stage, int, int], None]


def unwatched(stage: Stage, done: int, total: int) -> None:
    """Nobody looks on."""


def watched(
    items: Generator[T, None, None], watch: Watch, stage: Stage, total: int, start: int = 0
) -> Generator[T, None, None]:
    """The items, each told of as it comes.

    Parameters
    ----------
    items : generator
        Closed at the end, also where `watch` raises.
    watch : Watch
    stage : str
    total : int
    start : int
        Items of the stage that were done before these.

    Yields
    ------
    object
    """
    watch(stage, start, total)
    with closing(items):
        for done, item in enumerate(items, start + 1):
            watch(stage, done, total)
            yield item
