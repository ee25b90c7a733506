"""What the panels of a page share: the desk that they ask, and what they keep in the address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Concatenate, Generic, ParamSpec, TypeVar

from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk import Desk, Opened

P = ParamSpec("P")
T = TypeVar("T")


class DeskPanel(Generic[Opened]):
    """A part of a page that asks one desk.

    Parameters
    ----------
    desk : Desk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address what is shown.
    """

    def __init__(self, desk: Desk[Opened], language: Language, remember: Callable[..., None]) -> None:
        self._desk, self._remember = desk, remember
        self._language: Language = language

    async def _ask(
        self, function: Callable[Concatenate[Opened, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T | Failure:
        """The answer, which may be one that is kept; a failure where the desk refuses too."""
        return await _answer(self._desk.ask(function, *arguments, **named))

    async def _ask_anew(
        self, function: Callable[Concatenate[Opened, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T | Failure:
        """As `_ask`, for what may be another answer every time, or changes something."""
        return await _answer(self._desk.ask_anew(function, *arguments, **named))


async def _answer(asked: Awaitable[T | Failure]) -> T | Failure:
    try:
        return await asked
    except BencaoError as error:
        return Failure.of(error, "")
