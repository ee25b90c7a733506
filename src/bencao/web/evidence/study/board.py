"""The studies at work: a board of its own, so that a study holds up no plan, and no user another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bencao.evidence.browse import StudyFolder
from bencao.evidence.study.steps import STAGES, Stage
from bencao.web.errors import NotFinished, UnknownJob
from bencao.web.jobs import Board, Capacity, Job
from bencao.web.orders import Slate

if TYPE_CHECKING:
    from bencao.evidence.browse.answer import StudyAnswer


@dataclass(frozen=True)
class StudyOrder:
    """A study to run; the fields are those of `bencao.evidence.browse.running.run_protocol`."""

    studies: StudyFolder
    protocol: str
    digest: str
    data: str
    despite: str = ""

    def carry_out(self, tools: Slate) -> StudyAnswer:
        """Run it."""
        from bencao.evidence.browse.running import run_protocol  # takes seconds

        def tell(stage: Stage, done: int, of: int) -> None:
            tools.write(STAGES.index(stage), done, of)

        return run_protocol(self.studies, self.protocol, self.digest, self.data, despite=self.despite, tell=tell)


@dataclass(frozen=True)
class StudyStep:
    """How far a study is.

    Attributes
    ----------
    stage : str
        See `STAGES`; empty while nothing has begun.
    done, of : int
        Steps done, and how many there will be at most.
    """

    stage: str
    done: int
    of: int


class StudyBoard(Board):
    """Runs studies; its workers start with the first of them.

    Parameters
    ----------
    capacity : Capacity
    """

    def __init__(self, capacity: Capacity | None = None) -> None:
        super().__init__(Slate, capacity)

    def run(self, order: StudyOrder, owner: str) -> Job:
        """Put a study in the queue; raises Busy where too many wait."""
        self.start()
        return self.submit(order, owner)

    def known(self, job_id: str) -> Job | None:
        """A study as it stands now; None where it is kept no longer."""
        try:
            return self.get(job_id)
        except UnknownJob:
            return None


def step_of(job: Job) -> StudyStep:
    """How far a study is."""
    stage, done, of = map(int, job.figures)
    return StudyStep(STAGES[stage] if of else "", done, of)


def answer_of_job(job: Job) -> StudyAnswer:
    """What a study gave; NotFinished where it gave nothing, or not yet."""
    if job.status != "done":
        mend = "run it again" if job.over else "wait until its status is done"
        raise NotFinished(f"the study is {job.status}", where=f"job {job.id}", mend=mend)
    answer: StudyAnswer = job.result
    return answer
