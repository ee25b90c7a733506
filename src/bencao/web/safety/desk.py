"""The desk of the safety room: a process that holds the cases and signals."""

from __future__ import annotations

from functools import partial

from bencao.safety.browse import OpenSafety, SafetyPlaces, open_safety
from bencao.web.desk import Desk


class SafetyDesk(Desk[OpenSafety]):
    """Answers about the cases and signals given.

    Parameters
    ----------
    places : SafetyPlaces
    """

    def __init__(self, places: SafetyPlaces) -> None:
        super().__init__(partial(open_safety, places))
        self.places = places
