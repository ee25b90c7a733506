"""What an engine is: texts with placeholders in, their translations out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """A text to translate.

    Attributes
    ----------
    text : str
        With placeholders ``⟦1⟧``, each to be kept once; numbers, terms and tags stand behind them.
    suggestion : str
        The translation of a like text; "" where there is none.
    """

    text: str
    suggestion: str = ""


class Engine(Protocol):
    """Anything that translates."""

    @property
    def name(self) -> str:
        """What the ledger and a segment's origin say."""

    def translate(self, requests: Sequence[Request], source: str, target: str) -> list[str]:
        """Translate texts, in their order.

        Raises
        ------
        EngineUnavailable
            Where it cannot be reached or answers with an error.
        """
