"""The room as it is open: screens at work, and a process that prepares targets and draws hits."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bencao.discovery.browse import FoldTask, OpenTargets, Shelf
from bencao.discovery.funnel.task import Task
from bencao.web.desk import Desk
from bencao.web.discovery.board import ScreenBoard
from bencao.web.jobs import Capacity


class DiscoveryDesk(Desk[OpenTargets]):
    """Prepares targets, and answers about screens and folds.

    Parameters
    ----------
    folder : Path
        Where files, tasks and what became of them are kept.
    processes : int
        That each screen or fold uses.
    capacity : Capacity
        Screens at the same time, and so on.
    """

    def __init__(self, folder: Path, processes: int = 1, capacity: Capacity | None = None) -> None:
        self.shelf, self.folds = Shelf(folder, Task), Shelf(folder / "folds", FoldTask)
        super().__init__(partial(OpenTargets, self.shelf, self.folds))
        self.board = ScreenBoard(self.shelf, self.folds, processes, capacity)

    def close(self) -> None:
        """End its processes; a screen that runs can go on later."""
        super().close()
        self.board.close()
