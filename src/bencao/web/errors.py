"""What the workbench refuses, beside what the rooms refuse."""

from __future__ import annotations

from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure


class UnknownJob(BencaoError):
    """A job that never was, or whose result is kept no longer."""


class NotFinished(BencaoError):
    """A result that is asked for before there is one, or of a job that gave none."""


class Busy(BencaoError):
    """More jobs are waiting than are taken."""


class NotAllowed(BencaoError):
    """A request without the token, or from another site."""


class NothingOpen(BencaoError):
    """A question about what a room has open, while nothing is."""


class TooLarge(BencaoError):
    """A body of more bytes than are read."""


class Failed(Exception):
    """What a desk could not answer; it carries the failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.cause)
        self.failure = failure


class Stopped(BencaoError):
    """A job that was cancelled while it ran."""
