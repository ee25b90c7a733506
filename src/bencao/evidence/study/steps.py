"""How far a study is: its steps, told as each begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Stage = Literal["cohort", "design", "outcome", "controls", "estimates"]
Tell = Callable[[Stage, int, int], None]
STAGES: tuple[Stage, ...] = ("cohort", "design", "outcome", "controls", "estimates")


def tell_nobody(stage: Stage, done: int, of: int) -> None:
    """Nobody looks on."""


class Steps:
    """The steps of one study.

    Parameters
    ----------
    of : int
        How many there will be, if nothing is kept back.
    tell : callable
        Told the stage that begins, the steps done, and how many there will be. What it raises ends the study.
    """

    def __init__(self, of: int, tell: Tell) -> None:
        self._done, self._of, self._tell = 0, of, tell

    def begin(self, stage: Stage) -> None:
        """Begin the next step."""
        self._tell(stage, self._done, self._of)
        self._done += 1
