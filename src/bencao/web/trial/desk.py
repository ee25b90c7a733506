"""The desk of the trial room: a process that holds the opened study."""

from __future__ import annotations

from functools import partial

from bencao.trial.browse import OpenStudy, StudyPlaces, open_study
from bencao.web.desk import Desk


class StudyDesk(Desk[OpenStudy]):
    """Answers about one study.

    Parameters
    ----------
    places : StudyPlaces
    """

    def __init__(self, places: StudyPlaces) -> None:
        super().__init__(partial(open_study, places))
        self.places = places
