"""What a site has told of whom: no answer may, with those before it, single out a few persons."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from bencao.evidence.errors import DisclosureError, MessageError
from bencao.evidence.federated.guard.persons import Persons
from bencao.evidence.federated.sums import Point
from bencao.kernel.errors import InputError

BUDGET = 500  # coefficients at which sums of overlapping persons are told
_TABLES = """
CREATE TABLE IF NOT EXISTS cohorts (site TEXT, cohort TEXT, persons BLOB, PRIMARY KEY (site, cohort));
CREATE TABLE IF NOT EXISTS points (site TEXT, cohort TEXT, point TEXT, PRIMARY KEY (site, cohort, point));
CREATE TABLE IF NOT EXISTS questions (site TEXT, question TEXT, PRIMARY KEY (site, question));
"""


class Guard:
    """A site's memory of its answers, in a SQLite file that never leaves it.

    Every sum over rows that was told is one over a cohort, and what can be worked out from several of them is a sum
    over unions of the cells into which the cohorts cut the site's persons. So each cell must be empty or hold enough
    persons; that two cohorts differ by few is the simplest case (Fellegi IP. On the question of statistical
    confidentiality. JASA 1972, 67, 7-18; Denning DE, Denning PJ, Schwartz MD. The tracker. ACM TODS 1979, 4, 76-96).

    Parameters
    ----------
    path : Path
        Made where it is not there. Keep one for all studies over the same persons.
    site : str
    persons : ndarray of uint64, shape (n,)
        From `fingerprints`, of the rows that would be answered from.
    budget : int
        Different coefficients that are answered at, over all cohorts that share a person with this one.
    least : int
        Persons of the smallest cell.
    """

    def __init__(self, path: Path, site: str, persons: Persons, *, budget: int = BUDGET, least: int = 5) -> None:
        self.path, self.site, self.budget, self.least = path, site, budget, least
        self.persons = np.unique(persons)
        self.cohort = hashlib.sha256(self.persons.tobytes()).hexdigest()

    def check(self, study: str, points: Sequence[Point]) -> int:
        """Say whether points may be answered, before anything is computed.

        Parameters
        ----------
        study : str
            Its digest.
        points : sequence of Point

        Returns
        -------
        int
            Coefficients that are left in the budget afterwards.

        Raises
        ------
        DisclosureError
            Persons who differ by too few from those of earlier answers, or a budget that is spent.
        InputError
            Where the memory cannot be read or written.
        """
        with closing(self._open()) as memory:
            told = memory.execute("SELECT cohort, persons FROM cohorts WHERE site = ?", (self.site,)).fetchall()
            earlier = {cohort: np.frombuffer(persons, np.uint64) for cohort, persons in told}
            if self.cohort not in earlier:
                self._require_cells([*earlier.values(), self.persons])
            spent = memory.execute("SELECT cohort, point FROM points WHERE site = ?", (self.site,)).fetchall()
        shared = {one for one, persons in earlier.items() if np.isin(persons, self.persons).any()} | {self.cohort}
        used = {(cohort, point) for cohort, point in spent if cohort in shared}
        left = self.budget - len(used | {(self.cohort, _named(study, one)) for one in points})
        if left < 0:
            raise DisclosureError(
                f"{len(used)} sums over these persons have been told, and the budget is {self.budget}", where=self.site,
                mend="ask fewer questions, or let the site raise its budget",
            )  # fmt: skip
        return left

    def keep(self, study: str, points: Sequence[Point], question: str = "") -> None:
        """Remember what is about to leave; raises InputError where that cannot be."""
        with closing(self._open()) as memory, memory:
            memory.execute(
                "INSERT OR IGNORE INTO cohorts VALUES (?, ?, ?)", (self.site, self.cohort, self.persons.tobytes())
            )
            rows = [(self.site, self.cohort, _named(study, one)) for one in points]
            memory.executemany("INSERT OR IGNORE INTO points VALUES (?, ?, ?)", rows)
            if question:
                memory.execute("INSERT INTO questions VALUES (?, ?)", (self.site, question))

    def refuse_answered(self, question: str) -> None:
        """Raise MessageError where a question (its digest) was answered before."""
        asked = "SELECT 1 FROM questions WHERE site = ? AND question = ?"
        with closing(self._open()) as memory:
            if memory.execute(asked, (self.site, question)).fetchone():
                raise MessageError(
                    "the question was answered before", where=self.site, mend="send that answer, or ask for a new round"
                )

    def _require_cells(self, cohorts: Sequence[Persons]) -> None:
        everybody = np.unique(np.concatenate(cohorts))
        cells = np.zeros(len(everybody), np.int64)
        for persons in cohorts:  # the cells so far, numbered anew and cut by one cohort more
            cells = np.unique(2 * cells + np.isin(everybody, persons), return_inverse=True)[1]
        smallest = int(np.bincount(cells).min())
        if smallest < self.least:
            raise DisclosureError(
                f"the persons differ from those of earlier answers by fewer than {self.least}", where=self.site,
                mend="ask for the same persons as before, or for others by more",
            )  # fmt: skip

    def _open(self) -> sqlite3.Connection:
        try:
            memory = sqlite3.connect(self.path, timeout=30)
            memory.executescript(_TABLES)
        except sqlite3.Error as error:
            cause = f"what was answered cannot be kept, and nothing is sent: {error}"
            raise InputError(cause, where=str(self.path), mend="give a log in a folder that may be written") from None
        return memory


def _named(study: str, point: Point) -> str:
    told = json.dumps([study, point.stage, list(point.beta), list(point.treatment)])
    return hashlib.sha256(told.encode()).hexdigest()
