"""The room as it is open: studies at work, and a process that reads and writes the folder of protocols and data."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bencao.evidence.browse import StudyFolder
from bencao.kernel.ledger import workspace_folder
from bencao.web.desk import Desk
from bencao.web.evidence.study.board import StudyBoard
from bencao.web.jobs import Capacity


class EvidenceDesk(Desk[StudyFolder]):
    """Answers about a folder's protocols and data, and saves and registers them.

    Parameters
    ----------
    folder : Path
    capacity : Capacity
        Studies at the same time, and so on.
    """

    def __init__(self, folder: Path, capacity: Capacity | None = None) -> None:
        self.studies = StudyFolder(folder, workspace_folder(None).resolve())
        super().__init__(partial(StudyFolder, folder, self.studies.workspace))
        self.board = StudyBoard(capacity)

    def close(self) -> None:
        """End its processes; a study that runs is lost."""
        super().close()
        self.board.close()
