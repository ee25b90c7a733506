"""The desks of the submission room: a process that holds the application, and one that holds the translation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bencao.submission.browse import DossierPlaces, OpenDossier, OpenReview, open_dossier, open_review
from bencao.web.desk import Desk


class DossierDesk(Desk[OpenDossier]):
    """Answers about an application.

    Parameters
    ----------
    places : DossierPlaces
    """

    def __init__(self, places: DossierPlaces) -> None:
        super().__init__(partial(open_dossier, places))


class ReviewDesk(Desk[OpenReview]):
    """Answers about a translation, and saves it.

    Parameters
    ----------
    path : Path
        The bilingual file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(partial(open_review, path))


@dataclass(frozen=True)
class SubmissionDesks:
    """What is open in the room; the check of a large application does not keep a reviewer waiting."""

    dossier: DossierDesk | None = None
    review: ReviewDesk | None = None

    def close(self) -> None:
        """End their processes."""
        for each in (self.dossier, self.review):
            if each:
                each.close()
