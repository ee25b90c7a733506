"""The room as it is open: screens at work, and a process that prepares targets and draws hits."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bencao.discovery.browse import OpenTargets, Shelf
from bencao.discovery.funnel.task import Task
from bencao.web.desk import Desk
from bencao.web.discovery.board import ScreenBoard
from bencao.web.jobs import Capacity


class DiscoveryDesk(Desk[OpenTargets]):
    """Prepares targets, and answers about screens.

    Parameters
    ----------
    folder : Path
        Where files, tasks and what became of them are kept.
    processes : int
        That each screen docks with.
    capacity : Capacity
        Screens at the same time, and so on.
    """

    def __init__(self, folder: Path, processes: int = 1, capacity: Capacity | None = None) -> None:
        self.shelf = Shelf(folder, Task)
        super().__init__(partial(OpenTargets, self.shelf))
        self.board = ScreenBoard(self.shelf, processes, capacity)

    def close(self) -> None:
        """End its processes; a screen that runs can go on later."""
        super().close()
        self.board.close()
