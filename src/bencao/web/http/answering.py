"""What the rooms' questions over HTTP share: the desk that must be open, and what it could not answer."""

from __future__ import annotations

from typing import TypeVar

from bencao.kernel.workers import Failure
from bencao.web.desk import Desk
from bencao.web.errors import Failed, NothingOpen

T = TypeVar("T")
OpenDesk = TypeVar("OpenDesk", bound=Desk)  # type: ignore[type-arg]


def opened(desk: OpenDesk | None, mend: str) -> OpenDesk:
    """The desk; NothingOpen where there is none."""
    if desk is None:
        raise NothingOpen("nothing is open in this room", mend=mend)
    return desk


def answered(found: T | Failure) -> T:
    """The answer; Failed where there is none."""
    if isinstance(found, Failure):
        raise Failed(found)
    return found
